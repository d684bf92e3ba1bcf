//! The looks shared by all pictures: light and dark colours, and the colour, marker and line of each arm.

use crate::numeric::elementary::powf;

/// A colour as red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// This colour moved towards another: 0 leaves it, 1 gives the other.
    #[must_use]
    pub fn toward(self, other: Self, share: f64) -> Self {
        let mix = |from: u8, to: u8| (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// How light it is, from 0 (black) to 1 (white): relative luminance as the Web Content Accessibility Guidelines 2.2 define it, which is
    /// also how light its grey is.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { powf((share + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// How much it stands out from another, from 1 to 21, as the same guidelines define it.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// Shape of the point that marks an arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// A filled circle.
    Circle,
    /// A triangle standing on its base.
    Triangle,
    /// A square standing on its corner.
    Diamond,
    /// An upright cross.
    Cross,
    /// A triangle standing on its tip.
    Wedge,
    /// A square; kept for the reference arm.
    Square,
}

/// How the line of an arm is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken.
    Solid,
    /// Long dashes.
    Long,
    /// Dots.
    Dotted,
    /// Dash, dot, dash, dot.
    DashDot,
    /// Dash, dot, dot.
    DashDotDot,
    /// Short dashes; kept for the reference arm.
    Short,
}

/// How one arm looks in every picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArmStyle {
    /// Colour of lines and markers; contrast with the background at least 3:1.
    pub colour: Colour,
    /// Colour of words about the arm; contrast with the background at least 4.5:1.
    pub words: Colour,
    /// Shape of its points.
    pub marker: Marker,
    /// Its line.
    pub dash: Dash,
    /// Whether its points are drawn hollow: so from the sixth arm besides the reference on, where the styles repeat.
    pub hollow: bool,
}

/// How much room a picture has from side to side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// A page or a usual screen: laid out 800 pixels wide.
    Page,
    /// A narrow column or a telephone: laid out 480 pixels wide, so that words stay legible when shown on 400.
    Narrow,
}

/// Colours of a picture, and its room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// How much room there is.
    pub room: Room,
    /// The ground on which everything is drawn.
    pub background: Colour,
    /// Words and figures.
    pub ink: Colour,
    /// Words of lesser weight: captions, axis labels.
    pub quiet: Colour,
    /// Grid lines.
    pub grid: Colour,
    /// Frames of boxes and axis lines.
    pub line: Colour,
    /// Shading of the treatment period, the head of a stage, a badge.
    pub shade: Colour,
    /// Band of differences too small to matter.
    pub band: Colour,
    /// Styles of the arms that are compared with the reference, in the order of the arms.
    pub arms: [ArmStyle; 5],
    /// Style of the reference arm.
    pub reference: ArmStyle,
}

const fn style(colour: Colour, words: Colour, marker: Marker, dash: Dash) -> ArmStyle {
    ArmStyle { colour, words, marker, dash, hollow: false }
}

impl Theme {
    /// Dark on white, for paper and most screens. Arm colours are the blue and vermillion of Okabe and Ito, their green and
    /// purple moved so that no two arms are equally light, a violet and a grey.
    pub const fn light() -> Self {
        let grey = Colour(0x59, 0x59, 0x59);
        Self {
            room: Room::Page,
            background: Colour(0xff, 0xff, 0xff),
            ink: Colour(0x1f, 0x1f, 0x1f),
            quiet: Colour(0x59, 0x59, 0x59),
            grid: Colour(0xe6, 0xe6, 0xe6),
            line: Colour(0x8c, 0x8c, 0x8c),
            shade: Colour(0xee, 0xf1, 0xf4),
            band: Colour(0xfa, 0xf1, 0xd8),
            arms: [
                style(Colour(0x00, 0x72, 0xb2), Colour(0x00, 0x5f, 0x96), Marker::Circle, Dash::Solid),
                style(Colour(0xd5, 0x5e, 0x00), Colour(0xa6, 0x49, 0x00), Marker::Triangle, Dash::Long),
                style(Colour(0x00, 0x57, 0x3f), Colour(0x00, 0x57, 0x3f), Marker::Diamond, Dash::Dotted),
                style(Colour(0xc7, 0x6e, 0x9d), Colour(0x9a, 0x42, 0x73), Marker::Cross, Dash::DashDot),
                style(Colour(0x4b, 0x2e, 0x83), Colour(0x4b, 0x2e, 0x83), Marker::Wedge, Dash::DashDotDot),
            ],
            reference: style(grey, grey, Marker::Square, Dash::Short),
        }
    }

    /// Light on near-black, for dark screens.
    pub const fn dark() -> Self {
        let grey = Colour(0xbd, 0xbd, 0xbd);
        let sky = Colour(0x56, 0xb4, 0xe9);
        let orange = Colour(0xe6, 0x9f, 0x00);
        let green = Colour(0x00, 0x93, 0x6b);
        let pink = Colour(0xcc, 0x79, 0xa7);
        let lavender = Colour(0xd3, 0xc4, 0xf5);
        Self {
            room: Room::Page,
            background: Colour(0x12, 0x12, 0x12),
            ink: Colour(0xf0, 0xf0, 0xf0),
            quiet: Colour(0xb5, 0xb5, 0xb5),
            grid: Colour(0x2e, 0x2e, 0x2e),
            line: Colour(0x80, 0x80, 0x80),
            shade: Colour(0x22, 0x26, 0x2a),
            band: Colour(0x36, 0x2f, 0x1a),
            arms: [
                style(sky, sky, Marker::Circle, Dash::Solid),
                style(orange, orange, Marker::Triangle, Dash::Long),
                style(green, green, Marker::Diamond, Dash::Dotted),
                style(pink, pink, Marker::Cross, Dash::DashDot),
                style(lavender, lavender, Marker::Wedge, Dash::DashDotDot),
            ],
            reference: style(grey, grey, Marker::Square, Dash::Short),
        }
    }

    /// The same looks with another room.
    #[must_use]
    pub const fn with_room(self, room: Room) -> Self {
        Self { room, ..self }
    }

    /// Width in which a picture is laid out, in shown pixels; one whose contents need more becomes wider.
    pub fn width(&self) -> f64 {
        match self.room {
            Room::Page => 800.0,
            Room::Narrow => 480.0,
        }
    }

    /// Style of an arm by its place among the arms other than the reference; styles repeat with hollow points.
    pub fn arm(&self, place: usize) -> ArmStyle {
        let n = self.arms.len();
        ArmStyle { hollow: place / n % 2 == 1, ..self.arms[place % n] }
    }

    /// Styles of all arms in their order, told which of them is the reference.
    pub fn arm_styles(&self, reference: impl IntoIterator<Item = bool>) -> Vec<ArmStyle> {
        let mut others = 0;
        reference
            .into_iter()
            .map(|reference| {
                if reference {
                    return self.reference;
                }
                others += 1;
                self.arm(others - 1)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(a: Colour, b: Colour) -> f64 {
        a.contrast(b)
    }

    #[test]
    fn lines_and_words_stand_out_from_every_ground() {
        for theme in [Theme::light(), Theme::dark()] {
            for arm in theme.arms.iter().chain([&theme.reference]) {
                assert!(contrast(arm.colour, theme.background) >= 3.0, "{arm:?}");
                assert!(contrast(arm.words, theme.background) >= 4.5, "{arm:?}");
            }
            for ground in [theme.background, theme.shade, theme.band] {
                assert!(contrast(theme.ink, ground) >= 4.5 && contrast(theme.quiet, ground) >= 4.5);
            }
        }
    }

    #[test]
    fn arms_keep_their_style_wherever_the_reference_stands() {
        let theme = Theme::light();
        let last = theme.arm_styles([false, false, true]);
        let first = theme.arm_styles([true, false, false]);
        assert_eq!((last[0], last[1], last[2]), (first[1], first[2], first[0]));
        assert!(!theme.arm(4).hollow && theme.arm(5).hollow && theme.arm(5).marker == Marker::Circle);
    }
}
