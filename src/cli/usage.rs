//! Wrong usage in one sentence, from what clap found.

use crate::text::{Sentence, fill, tr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;

/// Wrong usage in one line, with clap's hint if it has one.
pub fn explain_usage(error: &clap::Error) -> String {
    let message = sentence(error).map_or_else(|| rendered(error), |sentence| sentence.to_string());
    let tips = tips(error);
    if tips.is_empty() {
        return fill(tr("{message} (see --help)"), &[("message", &message)]);
    }
    let values = [("message", message.as_str()), ("tip", &tips.join(tr(" tip: ")))];
    fill(tr("{message}; tip: {tip} (see --help)"), &values)
}

/// The message as clap writes it, in one line.
fn rendered(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    let first = first.split_whitespace().collect::<Vec<_>>().join(" ");
    first.strip_prefix("error: ").unwrap_or(&first).to_owned()
}

/// What is wrong; `None` for what this program's options cannot get wrong.
fn sentence(error: &clap::Error) -> Option<Sentence> {
    let text = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.as_str()),
        _ => None,
    };
    let list = |kind| match error.get(kind)? {
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.as_slice()),
        _ => None,
    };
    let argument = || text(ContextKind::InvalidArg);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            Sentence::new("unexpected argument '{argument}' found").with("argument", argument()?)
        }
        ErrorKind::InvalidSubcommand => Sentence::new("unrecognized subcommand '{subcommand}'")
            .with("subcommand", text(ContextKind::InvalidSubcommand)?),
        ErrorKind::NoEquals => Sentence::new("equal sign is needed when assigning values to '{argument}'")
            .with("argument", argument()?),
        ErrorKind::InvalidValue => {
            let value = text(ContextKind::InvalidValue)?;
            let known = list(ContextKind::ValidValue).map(|values| values.iter().map(in_quotes));
            let known = known.map(|values| values.collect::<Vec<_>>().join(", "));
            invalid_value(value, known.as_deref()).with("argument", argument()?)
        }
        ErrorKind::ValueValidation => Sentence::new("invalid value '{value}' for '{argument}': {reason}")
            .with("value", text(ContextKind::InvalidValue)?)
            .with("argument", argument()?)
            .with("reason", error.source()?),
        ErrorKind::MissingRequiredArgument => {
            Sentence::new("the following required arguments were not provided: {arguments}")
                .with("arguments", list(ContextKind::InvalidArg)?.join(" "))
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Sentence::new("a command is missing"),
        ErrorKind::MissingSubcommand => {
            let known = list(ContextKind::ValidSubcommand)?;
            Sentence::new("'{command}' requires a subcommand but one was not provided [subcommands: {known}]")
                .with("command", text(ContextKind::InvalidSubcommand)?)
                .with("known", known.join(", "))
        }
        ErrorKind::TooManyValues => {
            Sentence::new("unexpected value '{value}' for '{argument}' found; no more were expected")
                .with("value", text(ContextKind::InvalidValue)?)
                .with("argument", argument()?)
        }
        ErrorKind::ArgumentConflict => {
            let subject = match argument() {
                Some(argument) => Sentence::new("the argument '{argument}'").with("argument", argument),
                None => Sentence::new("the subcommand '{subcommand}'")
                    .with("subcommand", text(ContextKind::InvalidSubcommand)?),
            };
            match text(ContextKind::PriorArg) {
                Some(other) if argument() == Some(other) => {
                    Sentence::new("{subject} cannot be used multiple times")
                }
                Some(other) => Sentence::new("{subject} cannot be used with '{other}'").with("other", other),
                None => Sentence::new("{subject} cannot be used with: {others}")
                    .with("others", list(ContextKind::PriorArg)?.join(" ")),
            }
            .part("subject", subject)
        }
        _ => return None,
    })
}

fn invalid_value(value: &str, known: Option<&str>) -> Sentence {
    match (value.is_empty(), known) {
        (true, None) => Sentence::new("a value is required for '{argument}' but none was supplied"),
        (true, Some(known)) => Sentence::new(
            "a value is required for '{argument}' but none was supplied [possible values: {known}]",
        )
        .with("known", known),
        (false, None) => Sentence::new("invalid value '{value}' for '{argument}'").with("value", value),
        (false, Some(known)) => {
            Sentence::new("invalid value '{value}' for '{argument}' [possible values: {known}]")
                .with("value", value)
                .with("known", known)
        }
    }
}

/// A value as clap lists it.
fn in_quotes(value: &String) -> String {
    if value.contains(char::is_whitespace) { format!("{value:?}") } else { value.clone() }
}

/// Clap's hints.
fn tips(error: &clap::Error) -> Vec<String> {
    let similar = [
        (
            ContextKind::SuggestedSubcommand,
            "a similar subcommand exists: {names}",
            "some similar subcommands exist: {names}",
        ),
        (
            ContextKind::SuggestedArg,
            "a similar argument exists: {names}",
            "some similar arguments exist: {names}",
        ),
        (
            ContextKind::SuggestedValue,
            "a similar value exists: {names}",
            "some similar values exist: {names}",
        ),
    ];
    let mut tips = Vec::new();
    for (kind, one, several) in similar {
        let names: Vec<String> = match error.get(kind) {
            Some(ContextValue::String(name)) => vec![format!("'{name}'")],
            Some(ContextValue::Strings(names)) => names.iter().map(|name| format!("'{name}'")).collect(),
            _ => continue,
        };
        let key = if names.len() > 1 { several } else { one };
        tips.push(fill(tr(key), &[("names", &names.join(", "))]));
    }
    if let Some(ContextValue::StyledStrs(texts)) = error.get(ContextKind::Suggested) {
        tips.extend(texts.iter().map(|text| {
            let text = text.to_string();
            suggestion(&text).map_or(text, |sentence| sentence.to_string())
        }));
    }
    tips
}

/// A hint that clap gives as a text, known by what it has in quotes.
fn suggestion(text: &str) -> Option<Sentence> {
    let quoted: Vec<&str> = text.split('\'').skip(1).step_by(2).collect();
    Some(match quoted[..] {
        [line] if text.starts_with('\'') => Sentence::new("'{line}' exists").with("line", line),
        [subcommand, "--"] => {
            Sentence::new("subcommand '{subcommand}' exists; to use it, remove the '--' before it")
                .with("subcommand", subcommand)
        }
        [value, line] => Sentence::new("to pass '{value}' as a value, use '{line}'")
            .with("value", value)
            .with("line", line),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::text::{Language, in_language};
    use std::ffi::OsString;

    fn wrong(line: &str) -> clap::Error {
        let line = line.split(' ').map(OsString::from);
        Cli::read([OsString::from("convlens")].into_iter().chain(line), &["Draw", "Train"]).unwrap_err()
    }

    const WRONG: &[&str] = &[
        "train --nett x",
        "train --net",
        "train --net a --net b",
        "train --net a --resume b",
        "train --resume b --seed 1 --batch 3",
        "train --net a --lr x",
        "train --net a --augment digits",
        "train --net a --optimizer sgdx",
        "trace",
        "lesson",
        "trian",
        "xyz",
        "nets --pixels",
        "nets -- nets",
        "--view moon",
        "--view Drow",
        "--view",
        "--present nets",
        "--present=1",
        "--model a",
        "-- train",
        "similar a.png --metric l2",
        "similar a.png --metric",
        "predict --net x a.png",
        "predict --nothing a.png",
        "worksheet --lesson 3 --size 4 --stride 2",
        "bench --growth a.png --json --threads 2",
    ];

    /// The message as clap writes it, with all of its hints.
    fn of_clap(error: &clap::Error) -> String {
        let text = error.render().to_string();
        let mut parts = text.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
        let first = parts.next().unwrap();
        let tip = parts.find(|part| part.starts_with("tip: ")).map(|tip| format!("; {tip}"));
        format!("{}{} (see --help)", first.strip_prefix("error: ").unwrap(), tip.unwrap_or_default())
    }

    #[test]
    fn in_english_it_is_what_clap_says() {
        // Clap shows the whole help where a command is missing.
        for line in WRONG.iter().filter(|line| **line != "lesson") {
            let error = wrong(line);
            assert_eq!(explain_usage(&error), of_clap(&error), "{line}");
        }
    }

    #[test]
    fn in_chinese_no_english_is_left() {
        let chinese = Language::of_code("zh").unwrap();
        for line in WRONG {
            let said = in_language(chinese, || explain_usage(&wrong(line)));
            let is_english = [" cannot ", "the ", "exist", "unexpected", "invalid", "value", "tip"]
                .iter()
                .any(|word| said.contains(word));
            assert!(!is_english && said.ends_with("（见--help）"), "{line}: {said}");
        }
    }
}
