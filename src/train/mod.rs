//! Training: a session that steps without thread or clock, and the thread that runs it.

pub mod config;
pub mod evaluate;
pub mod history;
pub mod message;
pub mod session;
pub mod worker;

pub use config::{TrainConfig, TrainError};
pub use evaluate::{Evaluation, Evaluator};
pub use history::{History, Point};
pub use message::{Command, Event, Setup, Snapshot, Status};
pub use session::Session;
pub use worker::{Pool, TrainerHandle};
