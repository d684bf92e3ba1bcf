//! The numbers of a picture, whichever it is, and the two ways to draw them: as SVG and with characters.

use crate::cli::terminal::{self, Screen};
use crate::plots::{self, Svg, Theme};

/// The numbers of one picture.
pub enum Drawing {
    Flow(plots::flow::FlowNumbers),
    Means(plots::trajectories::TrajectoriesNumbers),
    Fade(plots::fade::FadeNumbers),
    Dose(plots::dose::DoseNumbers),
    Forest(plots::forest::ForestNumbers),
    Improve(plots::improve::ImproveNumbers),
    Cdf(plots::responders::RespondersNumbers),
    Power(plots::power::PowerNumbers),
    Zip(plots::zip::ZipNumbers),
    Grid(plots::grid::GridNumbers),
}

impl Drawing {
    /// The picture as SVG.
    pub fn svg(&self, theme: &Theme) -> Svg {
        match self {
            Self::Flow(numbers) => plots::flow::draw(numbers, theme),
            Self::Means(numbers) => plots::trajectories::draw(numbers, theme),
            Self::Fade(numbers) => plots::fade::draw(numbers, theme),
            Self::Dose(numbers) => plots::dose::draw(numbers, theme),
            Self::Forest(numbers) => plots::forest::draw(numbers, theme),
            Self::Improve(numbers) => plots::improve::draw(numbers, theme),
            Self::Cdf(numbers) => plots::responders::draw(numbers, theme),
            Self::Power(numbers) => plots::power::draw(numbers, theme),
            Self::Zip(numbers) => plots::zip::draw(numbers, theme),
            Self::Grid(numbers) => plots::grid::draw(numbers, theme),
        }
    }

    /// The picture drawn with characters.
    pub fn text(&self, screen: &Screen) -> String {
        match self {
            Self::Flow(numbers) => terminal::flow::draw(numbers, screen),
            Self::Means(numbers) => terminal::means::draw(numbers, screen),
            Self::Fade(numbers) => terminal::fade::draw(numbers, screen),
            Self::Dose(numbers) => terminal::dose::draw(numbers, screen),
            Self::Forest(numbers) => terminal::forest::draw(numbers, screen),
            Self::Improve(numbers) => terminal::improve::draw(numbers, screen),
            Self::Cdf(numbers) => terminal::cdf::draw(numbers, screen),
            Self::Power(numbers) => terminal::power::draw(numbers, screen),
            Self::Zip(numbers) => terminal::zip::draw(numbers, screen),
            Self::Grid(numbers) => terminal::grid::draw(numbers, screen),
        }
    }
}
