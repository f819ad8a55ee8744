//! `convlens completions` and `convlens man`: what packages install beside the program, made from its own options.

use super::{file, output};
use crate::text::Sentence;
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use std::{fs, path::PathBuf};

/// The options of `convlens completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    shell: Shell,
}

/// A shell whose completions are known.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// The options of `convlens man`.
#[derive(Debug, Args)]
pub struct Man {
    /// Write a page for the program and each command to this folder, such as convlens-train.1; without it, the program's
    /// page is printed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Completions {
    /// Prints the completions of `command`.
    pub(super) fn run(&self, mut command: clap::Command) -> Result<()> {
        let shell = match self.shell {
            Shell::Bash => clap_complete::Shell::Bash,
            Shell::Zsh => clap_complete::Shell::Zsh,
            Shell::Fish => clap_complete::Shell::Fish,
        };
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command, "convlens", &mut script);
        print(&script)
    }
}

impl Man {
    /// Prints or writes the pages of `command`.
    pub(super) fn run(&self, mut command: clap::Command) -> Result<()> {
        command.build();
        let Some(folder) = &self.out else { return print(&page(command)?) };
        fs::create_dir_all(folder)
            .with_context(|| Sentence::new("{file}: cannot be written").with("file", folder.display()))?;
        let mut pages = vec![command];
        while let Some(command) = pages.pop() {
            let is_own = |one: &&clap::Command| !one.is_hide_set() && one.get_name() != "help";
            pages.extend(command.get_subcommands().filter(is_own).cloned());
            // Of a command in another, it is the names of both: `convlens-train`.
            let name = command.get_display_name().unwrap_or("convlens").to_owned();
            file::write(&folder.join(format!("{name}.1")), &page(command)?)?;
        }
        Ok(())
    }
}

/// A page in roff.
fn page(command: clap::Command) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).manual("ConvLens").render(&mut text)?;
    Ok(text)
}

fn print(text: &[u8]) -> Result<()> {
    let text = String::from_utf8_lossy(text);
    Ok(text.lines().try_for_each(output::colored_line)?)
}
