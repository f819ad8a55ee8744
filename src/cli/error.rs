//! Errors and their exit codes.

use super::interrupt::Interrupted;
use crate::{
    text::{Sentence, fill, tr},
    train::{TrainError, compare::CompareError},
};
use std::io;
use thiserror::Error;

/// Wrong usage, which ends with exit code 2 like clap's own errors.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct Usage(pub String);

impl From<Sentence> for Usage {
    fn from(sentence: Sentence) -> Self {
        Self(sentence.to_string())
    }
}

/// An error and its causes in one line.
pub fn explain(error: &anyhow::Error) -> String {
    let reasons = error.chain().map(ToString::to_string);
    let joined = reasons.reduce(|said, reason| {
        fill(tr("{said}: {reason}"), &[("said", said.as_str()), ("reason", reason.as_str())])
    });
    joined.unwrap_or_default()
}

/// The exit code of an error: 2 for wrong usage, 1 for a failure, 130 or 143 for a run that SIGINT or SIGTERM ended, 0 if
/// the reader of a pipe has closed it.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let is_broken_pipe = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    if error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(is_broken_pipe)) {
        return 0;
    }
    if let Some(interrupted) = error.downcast_ref::<Interrupted>() {
        return interrupted.exit_code();
    }
    let failed = match error.downcast_ref() {
        Some(CompareError::Run { reason, .. }) => Some(reason),
        _ => error.downcast_ref(),
    };
    let is_setting = matches!(failed, Some(TrainError::Setting { .. } | TrainError::TrainImages { .. }));
    if is_setting || error.is::<Usage>() { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_failures_and_closed_pipes_differ() {
        let setting = TrainError::Setting { setting: "batch size", value: "0".into(), rule: "must be more" };
        assert_eq!(exit_code(&setting.into()), 2);
        assert_eq!(exit_code(&Usage("--net x: is nothing".into()).into()), 2);
        assert_eq!(exit_code(&TrainError::NoImages("x".into()).into()), 1);
        assert_eq!(exit_code(&anyhow::anyhow!("anything else")), 1);
        assert_eq!(exit_code(&io::Error::from(io::ErrorKind::BrokenPipe).into()), 0);
    }
}
