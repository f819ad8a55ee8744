//! What the exit code of a failure is.

use crate::train::TrainError;
use std::io;
use thiserror::Error;

/// A command line that asks for something that cannot be: as clap's own errors, it ends with exit code 2.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct Usage(pub String);

/// The exit code for an error: 2 for wrong usage, 1 for a failure, 0 when the reader of a pipe has seen enough.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let is_broken_pipe = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    if error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(is_broken_pipe)) {
        return 0;
    }
    let is_setting = matches!(error.downcast_ref(), Some(TrainError::Setting { .. }));
    if is_setting || error.is::<Usage>() { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_failures_and_closed_pipes_differ() {
        let setting = TrainError::Setting { setting: "batch", value: "0".into(), rule: "must be more" };
        assert_eq!(exit_code(&setting.into()), 2);
        assert_eq!(exit_code(&Usage("--net x: is nothing".into()).into()), 2);
        assert_eq!(exit_code(&TrainError::NoImages("x".into()).into()), 1);
        assert_eq!(exit_code(&anyhow::anyhow!("anything else")), 1);
        assert_eq!(exit_code(&io::Error::from(io::ErrorKind::BrokenPipe).into()), 0);
    }
}
