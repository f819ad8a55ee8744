//! Lessons: readable files of steps that ask before they show.
//!
//! A lesson is a Markdown file with TOML blocks; `assets/lessons/FORMAT.md` describes it. This folder reads lessons, knows
//! which numbers of the window they can name, and checks answers. A [`Draft`] is a lesson that is being written. What a step shows, and what the numbers are, is the
//! window's.

mod blocks;
mod check;
mod checksum;
mod condition;
mod draft;
mod error;
mod file;
mod given;
mod judge;
mod marking;
mod prose;
mod quantity;
mod shipped;
pub mod show;
pub mod task;
mod texts;
mod written;

pub use check::{Checked, Known, check};
pub use checksum::checksum;
pub use condition::Condition;
pub use draft::{Draft, DraftHead, DraftKind, DraftStep, DraftTask, DraftWrong, Part, id_of};
pub use error::LessonError;
pub use file::{Lesson, MAX_BYTES, Step, Topic};
pub use given::{GivenError, show_of};
pub use judge::LessonAnswer;
pub use marking::{MarkedTask, Marking, Verdict};
pub use prose::{Block, Prose, Span, SpanKind};
pub use quantity::Quantity;
pub use shipped::{SHIPPED, shipped};
pub use show::Show;
pub use task::{Task, TaskKind};
pub use texts::Texts;
pub use written::entries;
