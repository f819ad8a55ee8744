//! Training: a session that makes one step at a time without a thread or a clock, and the thread that runs it.

mod autosave;
pub mod calibrate;
mod cause;
pub mod checkpoint;
pub mod config;
mod early_stop;
mod error;
pub mod evaluate;
mod featurewise;
pub mod fine_tune;
mod force;
pub mod health;
pub mod history;
pub mod kept;
mod live;
pub mod message;
mod run;
pub mod session;
mod state;
pub mod timeline;
pub mod worker;

pub use cause::Cause;
pub use checkpoint::{Checkpoint, Recovered, ResumeError, Summary};
pub use config::{Featurewise, TrainConfig};
pub use error::{NotFinite, TrainError};
pub use evaluate::{Evaluation, Evaluator};
pub use fine_tune::{FineTuned, fine_tune};
pub use history::{History, Point, written_loss};
pub use kept::{KeptRun, KeptRuns};
pub use live::LiveChange;
pub use message::{Command, Event, RunSetup, Snapshot, Status};
pub use session::{Session, images_to_learn_from};
pub use state::SessionState;
pub use timeline::{Moment, SettingChange, Timeline};
pub use worker::{Pool, TrainerHandle};
