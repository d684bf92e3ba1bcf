//! The looks of arms and charts as pages take them: names of markers and dashes for scripts, colours as properties of the page.

use crate::plots::Theme;
use crate::plots::theme::{ArmStyle, Colour, Dash, Marker};

/// The name of a marker in the scripts.
pub(super) fn marker(own: Marker) -> &'static str {
    match own {
        Marker::Circle => "circle",
        Marker::Triangle => "triangle",
        Marker::Diamond => "diamond",
        Marker::Cross => "cross",
        Marker::Wedge => "wedge",
        Marker::Square => "square",
    }
}

/// The name of a line's dashes in the scripts.
pub(super) fn dash(own: Dash) -> &'static str {
    match own {
        Dash::Solid => "solid",
        Dash::Long => "long",
        Dash::Dotted => "dotted",
        Dash::DashDot => "dash_dot",
        Dash::DashDotDot => "dash_dot_dot",
        Dash::Short => "short",
    }
}

/// The colours of an arm as properties, `--arm-NAME` for its marks and `--arm-NAME-words` for its words.
pub(super) fn arm(name: &str, own: ArmStyle) -> String {
    format!("--arm-{name}:{};--arm-{name}-words:{};", hex(own.colour), hex(own.words))
}

/// The colours of a chart's ground, lines and words as properties, `--chart-NAME`.
pub(super) fn ground(theme: &Theme) -> String {
    let own = [
        ("ground", theme.background),
        ("ink", theme.ink),
        ("quiet", theme.quiet),
        ("grid", theme.grid),
        ("line", theme.line),
        ("shade", theme.shade),
        ("band", theme.band),
    ];
    own.map(|(name, colour)| format!("--chart-{name}:{};", hex(colour))).concat()
}

/// A style sheet with properties for the light look, and for the dark one by the system or by the page's switch.
pub(super) fn sheet(light: &str, dark: &str) -> String {
    format!(
        ":root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root:not([data-look=\"light\"]){{{dark}}}}}\n@media screen{{:root[data-look=\"dark\"]{{{dark}}}}}"
    )
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
