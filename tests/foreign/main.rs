//! Networks of other programs: their outputs, what is refused and how, damaged files, and the matching of tensors.

#![expect(clippy::unwrap_used, reason = "a failed assumption is the failure of its test")]

mod damaged;
mod matching;
mod outputs;
mod support;
