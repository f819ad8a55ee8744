//! The text that people read: sentences as data, and their translation.
//!
//! Errors and explanations are [`Sentence`]s: an English key with named values. The command line prints them as they
//! are; the window shows [`Sentence::translated`]. Any folder may import this one; it imports none.

mod class_names;
mod count;
pub mod faces;
mod harmless;
mod language;
mod names;
mod sentence;
mod term;
mod tr;
pub mod written;

pub use class_names::ClassNames;
pub use count::{index_range, indices, plural};
pub use harmless::harmless;
pub use language::{Language, in_language, language, set_language, set_usual_language};
pub use names::{english_name, shown_name};
pub use sentence::{Say, Sentence, Value};
pub use term::Term;
pub use tr::{fill, key, tr, translation};
