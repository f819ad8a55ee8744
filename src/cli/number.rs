//! Numbers on the command line, with messages that say what is allowed.

use crate::text::{Sentence, tr};
use clap::builder::ValueParser;
use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

/// Reads a whole number of this range.
pub(super) fn whole<T>(range: RangeInclusive<T>) -> ValueParser
where
    T: Copy + Display + FromStr + PartialOrd + Send + Sync + 'static,
{
    let parser = move |text: &str| match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => {
            let sentence = Sentence::new("must be a whole number from {least} to {most}");
            Err(sentence.with("least", range.start()).with("most", range.end()).to_string())
        }
    };
    parser.into()
}

/// Reads a number.
pub(super) fn real<T: Clone + FromStr + Send + Sync + 'static>() -> ValueParser {
    let parser = |text: &str| text.parse::<T>().map_err(|_| tr("must be a number, such as 0.01 or 1e-3"));
    parser.into()
}
