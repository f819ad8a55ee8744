//! `--help` in the language of the thread.

use super::columns::{columns, wrapped};
use crate::text::{self, Language, fill, tr, translation};
use clap::{Arg, Command, builder::StyledStr};
use std::collections::BTreeSet;

/// The width that clap breaks lines at.
const WIDTH: usize = 100;

/// How far clap indents the help of an option on a line of its own.
const INDENT: usize = 10;

/// The room for the name of a command in the list of commands.
const NAME: usize = 14;

/// The English texts of a command's `--help`: they are keys of the tables of languages.
pub(super) fn texts(mut command: Command) -> BTreeSet<String> {
    command.build();
    let mut texts = BTreeSet::new();
    collect(&command, &mut texts);
    texts
}

fn collect(command: &Command, texts: &mut BTreeSet<String>) {
    let mut add = |text: Option<&StyledStr>| texts.extend(text.map(ToString::to_string));
    add(command.get_about());
    add(command.get_long_about());
    for argument in command.get_arguments() {
        add(argument.get_help());
        add(argument.get_long_help());
        argument.get_possible_values().iter().for_each(|value| add(value.get_help()));
    }
    texts.extend(command.get_arguments().filter_map(Arg::get_help_heading).map(str::to_owned));
    command.get_subcommands().for_each(|subcommand| collect(subcommand, texts));
}

/// The command with its help in the language of the thread.
pub(super) fn translated(mut command: Command) -> Command {
    if text::language() == Language::ENGLISH {
        return command;
    }
    // Clap adds its own options and their texts.
    command.build();
    in_words(command)
}

fn in_words(mut command: Command) -> Command {
    let about = command.get_about().map(|text| wrapped(&said(text), WIDTH - NAME));
    let long_about = command.get_long_about().map(|text| wrapped(&said(text), WIDTH));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(about) = long_about {
        command = command.long_about(about);
    }
    let style = *command.get_styles().get_usage();
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{style}{}{style:#} {{usage}}\n\n{{all-args}}{{after-help}}",
        tr("Usage:")
    );
    // As clap aligns them: `-h, --help` and two blanks on each side.
    let longest = command.get_arguments().map(|argument| columns(&argument.to_string())).max().unwrap_or(0);
    let room = WIDTH.saturating_sub(longest + 8);
    command
        .help_template(template)
        .subcommand_help_heading(tr("Commands"))
        .mut_args(|argument| argument_in_words(argument, room))
        .mut_subcommands(in_words)
}

/// An argument with its help, of which a line in the short one has `room` columns.
fn argument_in_words(argument: Arg, room: usize) -> Arg {
    let heading = match argument.get_help_heading() {
        Some(heading) => translation(heading).unwrap_or_default(),
        None if argument.is_positional() => tr("Arguments"),
        None => tr("Options"),
    };
    let short = argument.get_help().map(said).unwrap_or_default();
    let long = argument.get_long_help().map_or_else(|| short.clone(), said);
    let (default, values, meanings) = (default_of(&argument), values_of(&argument), meanings_of(&argument));
    let after = |text: &Option<String>, separator: &str| {
        text.as_ref().map(|text| format!("{separator}{text}")).unwrap_or_default()
    };
    let short = format!("{short}{}{}", after(&default, " "), after(&values, " "));
    let values = if meanings.is_some() { None } else { values };
    let long =
        format!("{long}{}{}{}", after(&meanings, "\n\n"), after(&default, "\n\n"), after(&values, "\n\n"));
    argument
        .help_heading(heading)
        .hide_default_value(true)
        .hide_possible_values(true)
        .help(wrapped(&short, room))
        .long_help(wrapped(&long, WIDTH - INDENT))
}

/// The default value, if clap shows it.
fn default_of(argument: &Arg) -> Option<String> {
    let is_shown = argument.get_action().takes_values() && !argument.is_hide_default_value_set();
    let values = argument.get_default_values().iter().map(|value| value.to_string_lossy());
    let values: Vec<_> = values.filter(|_| is_shown).collect();
    (!values.is_empty()).then(|| fill(tr("[default: {value}]"), &[("value", &values.join(" "))]))
}

/// The names of the possible values.
fn values_of(argument: &Arg) -> Option<String> {
    let values = argument.get_possible_values();
    let names: Vec<&str> = values
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(clap::builder::PossibleValue::get_name)
        .collect();
    (!names.is_empty() && !argument.is_hide_possible_values_set())
        .then(|| fill(tr("[possible values: {values}]"), &[("values", &names.join(", "))]))
}

/// The possible values with what each means, if that is said.
fn meanings_of(argument: &Arg) -> Option<String> {
    let values = argument.get_possible_values();
    let mut text = tr("Possible values:").to_owned();
    for value in &values {
        let meaning = said(value.get_help()?);
        let values = [("value", value.get_name()), ("meaning", meaning.as_str())];
        text = format!("{text}\n- {}", fill(tr("{value}: {meaning}"), &values));
    }
    (!values.is_empty()).then_some(text)
}

fn said(text: &StyledStr) -> String {
    let text = text.to_string();
    translation(&text).map_or(text, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cli::{Cli, help_texts, language},
        text::in_language,
    };
    use clap::CommandFactory as _;

    #[test]
    fn every_text_of_the_help_is_in_every_language() {
        let texts = help_texts();
        assert!(texts.len() > 100, "{}", texts.len());
        for language in Language::all().skip(1) {
            let is_missing = |text: &&String| in_language(language, || translation(text).is_none());
            let missing: Vec<&String> = texts.iter().filter(is_missing).collect();
            assert!(
                missing.is_empty(),
                "{} texts are not in {}: {missing:#?}",
                missing.len(),
                language.code()
            );
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        in_language(Language::of_code("zh").unwrap(), || {
            let mut command = translated(Cli::command().arg(language::argument()));
            let commands =
                command.get_subcommands_mut().map(|one| (one.render_help(), one.render_long_help()));
            for text in commands.flat_map(|(short, long)| [short, long]).map(|text| text.to_string()) {
                let wide = text.lines().filter(|line| columns(line) > WIDTH && !line.contains(" convlens "));
                assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new());
            }
        });
    }
}
