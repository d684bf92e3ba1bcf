//! Pictures: one file per picture, plain numbers in, SVG text out; the only home of plotters.
//!
//! Every picture has the same shape: `draw(&numbers, &Theme) -> Svg`, where the numbers are plain data defined beside
//! the picture. Here belong sizes, colours, places and the wording of labels. Never here: computing a statistic
//! (means, intervals and p-values arrive finished), reading data, choosing a file name, printing.
//!
//! House style: arms keep colour, marker and line in every picture; time is drawn in true weeks; the score axis says
//! which way is better; intervals stand beside estimates and a p-value never stands alone; minus is U+2212; text stays
//! text; `<title>` and `<desc>` say the same in words.

mod canvas;
mod diagram;
mod figures;
mod fonts;
mod frame;
mod layout;
mod marks;
mod scale;
mod score_axis;
mod value_axis;
mod week_axis;

pub mod dose;
pub mod export;
pub mod fade;
pub mod flow;
pub mod forest;
pub mod grid;
pub mod improve;
pub mod kept_and_now;
pub mod power;
pub mod responders;
pub mod running;
pub mod schedule;
pub mod svg;
pub mod text_width;
pub mod theme;
pub mod trajectories;
pub mod zip;

pub use figures::thousands;
pub use score_axis::Score;
pub use svg::Svg;
pub use theme::{Room, Theme};
