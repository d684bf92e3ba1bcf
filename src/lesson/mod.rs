//! The lesson on why a benefit fades without continued sessions: seven steps with a bet each, as one page and as a walk in the terminal.
//!
//! What a lesson is about is a [`Subject`], a scenario with one outcome and one arm. [`Places`] computes every number that a sentence may
//! name, [`Words`] are the sentences, read from one file per language and checked against the places there are. [`Lesson`] puts
//! them together: which sentence is true of this scenario, which answer is right, what a figure begins with.
//!
//! The explorer is the other page: every setting of a scenario on a slider.
//!
//! Never here: a new statistic, a sentence or number of the lesson that is typed, drawing in Rust, printing.

mod cards;
mod explorer;
mod looks;
mod numbers;
mod page;
mod places;
mod question;
mod step;
mod story;
mod subject;
mod text;
mod walk;
mod words;

pub use explorer::{EXPLORER_WORDS_FILE, Explored, ExplorerWords, explorer};
pub use page::{NoPage, page};
pub use places::{NoValue, PLACES, Place, Places};
pub use step::{Choice, Lesson, Step, StepKey};
pub use story::{EffectCase, Story};
pub use subject::{BoosterPlan, NoLesson, Subject};
pub use text::{Paragraph, Span};
pub use walk::{Picture, Stop, walk};
pub use words::{Audience, WORDS_FILE, Words};
