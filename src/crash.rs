//! The reports of crashes: writing one, and saying at the next start where it is.

use convlens::{
    cli::{Cli, output, version},
    files::crash,
    text::Sentence,
};
use std::path::PathBuf;

/// From now on, a panic writes a report. Says where the last run's report is, and returns its path.
pub(crate) fn begin(cli: &Cli) -> Option<PathBuf> {
    let folder = crash::folder()?;
    let running = if let Some(command) = &cli.command {
        crash::note(command);
        "a command"
    } else {
        "the window"
    };
    let told = crash::unsaid(&folder);
    if let Some(path) = &told {
        let sentence = Sentence::new("ConvLens failed before this start; {file} says where");
        output::complain(&sentence.with("file", path.display()).to_string());
    }
    crash::watch(folder, version().to_owned(), running.to_owned(), |path| {
        let sentence = Sentence::new("this is a fault of ConvLens; {file} says where it happened");
        output::complain(&sentence.with("file", path.display()).to_string());
    });
    told
}
