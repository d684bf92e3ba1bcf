//! The key of the session build-up: what its marks mean.

use super::super::canvas::{Canvas, Place, TextLook};
use super::super::frame::{LEADING, MARGIN, SMALL};
use super::super::marks::{self, LINE, SAMPLE};
use super::super::text_width::estimate;
use super::super::theme::{ArmStyle, Dash, Theme};
use super::panel::{STRIP, band_colour, tick};
use super::{DoseNumbers, DosePanel};

/// The line of the plateau.
pub(super) fn plateau_style(theme: &Theme) -> ArmStyle {
    ArmStyle { colour: theme.quiet, dash: Dash::Short, ..theme.reference }
}

/// What the marks mean, in rows that break where the picture ends; returns where the next may begin.
pub(super) fn draw(canvas: &mut Canvas, theme: &Theme, numbers: &DoseNumbers, width: f64, top: f64) -> f64 {
    let any = |has: &dyn Fn(&DosePanel) -> bool| numbers.panels.iter().any(has);
    let session = |booster: bool| any(&|panel| panel.sessions.iter().any(|own| own.booster == booster));
    let entries = [
        (true, Mark::Curve, "expected benefit, marked at visits"),
        (any(&|panel| !panel.bands.is_empty()), Mark::Band, "what is left of one session"),
        (session(false), Mark::Session, "session"),
        (session(true), Mark::Booster, "booster"),
        (any(&|panel| panel.plateau.is_some()), Mark::Plateau, "plateau if sessions never stopped"),
    ];
    let (mut x, mut y) = (MARGIN, top + SMALL);
    for (_, mark, words) in entries.into_iter().filter(|(there, ..)| *there) {
        let room = SAMPLE + 8.0 + estimate(words, SMALL, false);
        if x > MARGIN && x + room > width - MARGIN {
            (x, y) = (MARGIN, y + SMALL * LEADING + 4.0);
        }
        sample(canvas, theme, mark, (x, y - 0.36 * SMALL));
        canvas.text((x + SAMPLE + 8.0, y), words, TextLook::new(SMALL, theme.quiet));
        x += room + 24.0;
    }
    y + 12.0
}

enum Mark {
    Curve,
    Band,
    Session,
    Booster,
    Plateau,
}

fn sample(canvas: &mut Canvas, theme: &Theme, mark: Mark, (left, y): Place) {
    let style = ArmStyle { colour: theme.ink, ..theme.arm(0) };
    match mark {
        Mark::Curve => marks::sample(canvas, (left, y), style, theme.background),
        Mark::Band => {
            for (place, from) in [(0, y - 7.0), (1, y)] {
                canvas.rectangle(
                    (left, from),
                    (left + SAMPLE, from + 7.0),
                    band_colour(theme, theme.quiet, false, place),
                );
            }
        }
        Mark::Session | Mark::Booster => {
            for share in [0.2, 0.5, 0.8] {
                let place = (left + share * SAMPLE, y - STRIP / 2.0 + 3.0);
                tick(canvas, theme, place, matches!(mark, Mark::Booster), theme.ink);
            }
        }
        Mark::Plateau => {
            marks::arm_line(canvas, &[(left, y), (left + SAMPLE, y)], LINE, plateau_style(theme));
        }
    }
}
