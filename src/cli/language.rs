//! `--lang`: the language of everything that is said.

use super::Usage;
use crate::text::{Language, Sentence};
use std::ffi::OsString;

/// The name of the option.
const OPTION: &str = "--lang";

/// The option as `--help` shows it. [`take`] reads it, since the help itself depends on it.
pub(super) fn argument() -> clap::Arg {
    clap::Arg::new("lang")
        .long("lang")
        .value_name("LANGUAGE")
        .global(true)
        .help("The language: en or zh. Without it, that of the system")
}

/// Takes the option out of the arguments, wherever it stands before `--`.
pub fn take(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<(Option<Language>, Vec<OsString>), Usage> {
    let mut language = None;
    let mut rest = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let text = argument.to_str().unwrap_or_default();
        let code = if text == OPTION {
            let code = arguments.next().ok_or_else(no_code)?;
            Some(code.to_string_lossy().into_owned())
        } else {
            text.strip_prefix(OPTION).and_then(|rest| rest.strip_prefix('=')).map(str::to_owned)
        };
        let Some(code) = code else {
            let is_end = text == "--";
            rest.push(argument);
            if is_end {
                rest.extend(arguments);
                break;
            }
            continue;
        };
        let unknown = || {
            let sentence = Sentence::new("there is no language {code}, only {known}");
            Usage::from(sentence.with("code", &code).with("known", Language::codes()))
        };
        language = Some(Language::of_code(&code).ok_or_else(unknown)?);
    }
    Ok((language, rest))
}

fn no_code() -> Usage {
    Sentence::new("--lang needs a language: {known}").with("known", Language::codes()).into()
}

/// The language of the system, or English.
pub fn of_system() -> Language {
    sys_locale::get_locale().and_then(|locale| Language::of_locale(&locale)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(line: &[&str]) -> Result<(Option<&'static str>, Vec<String>), String> {
        take(line.iter().map(OsString::from)).map_err(|error| error.to_string()).map(|(language, rest)| {
            let rest = rest.into_iter().map(|text| text.into_string().unwrap()).collect();
            (language.map(Language::code), rest)
        })
    }

    #[test]
    fn the_option_is_taken_from_any_place() {
        let rest = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            taken(&["convlens", "--lang", "zh", "nets"]),
            Ok((Some("zh"), rest(&["convlens", "nets"])))
        );
        assert_eq!(taken(&["convlens", "nets", "--lang=en"]), Ok((Some("en"), rest(&["convlens", "nets"]))));
        assert_eq!(taken(&["convlens"]), Ok((None, rest(&["convlens"]))));
        let after = ["convlens", "predict", "--", "--lang"];
        assert_eq!(taken(&after), Ok((None, rest(&after))));
    }

    #[test]
    fn a_language_that_is_not_there_is_refused() {
        assert_eq!(taken(&["convlens", "--lang", "fr"]).unwrap_err(), "there is no language fr, only en, zh");
        assert_eq!(taken(&["convlens", "--lang"]).unwrap_err(), "--lang needs a language: en, zh");
    }
}
