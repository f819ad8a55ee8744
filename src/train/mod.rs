//! Training: a session that steps without thread or clock, and the thread that runs it.

pub mod calibrate;
pub mod checkpoint;
pub mod config;
mod early_stop;
pub mod evaluate;
mod featurewise;
pub mod history;
mod live;
pub mod message;
mod run;
pub mod session;
pub mod teach;
pub mod worker;

pub use checkpoint::{Checkpoint, ResumeError};
pub use config::{Featurewise, TrainConfig, TrainError};
pub use evaluate::{Evaluation, Evaluator};
pub use history::{History, Point};
pub use live::LiveSetting;
pub use message::{Command, Event, Setup, Snapshot, Status};
pub use session::{Session, images_to_learn_from};
pub use teach::{Lesson, teach};
pub use worker::{Pool, TrainerHandle};
