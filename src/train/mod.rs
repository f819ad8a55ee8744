//! Training: a session that makes one step at a time without a thread or a clock, and the thread that runs it.

mod autosave;
pub mod calibrate;
pub mod checkpoint;
pub mod compare;
pub mod config;
mod early_stop;
mod error;
pub mod evaluate;
mod featurewise;
pub mod fine_tune;
pub mod health;
pub mod history;
pub mod kept;
mod live;
pub mod message;
mod part;
mod run;
pub mod session;
pub mod shifted;
mod state;
pub mod worker;

pub use checkpoint::{Checkpoint, Recovered, ResumeError, Summary};
pub use config::{Featurewise, TrainConfig};
pub use error::{NotFinite, TrainError};
pub use evaluate::{Evaluation, Evaluator};
pub use fine_tune::{FineTuned, fine_tune};
pub use history::{History, Point, written_loss};
pub use kept::{KeptRun, KeptRuns};
pub use live::LiveChange;
pub use message::{Command, Event, RunSetup, Snapshot, Status};
pub use part::{check_images, images_to_learn_from, part_to_learn_from};
pub use session::Session;
pub use state::SessionState;
pub use worker::{Pool, TrainerHandle};
