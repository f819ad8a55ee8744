//! Worksheets: pages with an input, a kernel and blanks to fill in, and their answers.
//!
//! A [`Sheet`] is data: settings, numbers, questions and answers. Its answers come from [`crate::explain`], as the
//! Convolution and Pooling views have them. [`page`] draws sheets, [`write`] writes files.

mod chain;
mod convolution;
mod digit;
mod error;
mod lesson;
mod make;
mod numbers;
mod order;
pub mod page;
mod pooling;
mod same;
mod settings;
mod sheet;
mod shown;
mod sizes;
mod subject;
mod write;

pub use chain::{Chain, ChainRow};
pub use convolution::ConvolutionExercise;
pub use digit::Digit;
pub use error::WorksheetError;
pub use lesson::{LessonExercise, LessonFigure, Map, MapKind, PaperAnswer, lesson_sheet};
pub use make::sheets;
pub use order::{Chosen, MAX_COUNT, Order, Topic, limits};
pub use pooling::PoolingExercise;
pub use same::{Same, SameRow};
pub use settings::Settings;
pub use sheet::{Exercise, Sheet, Title};
pub(crate) use shown::number;
pub use sizes::{SizeRow, Sizes};
pub use subject::{Question, Subject};
pub use write::{WriteError, file_names, write};
