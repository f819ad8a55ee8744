//! `convlens licences`

use super::output;
use anyhow::Result;
use clap::Args;

/// The licences of everything in the program that others made; `packaging/licences.py` makes the file.
const LICENCES: &str = include_str!("../../assets/licences.txt");

/// The options of `convlens licences`.
#[derive(Debug, Args)]
pub struct Licences;

impl Licences {
    #[expect(clippy::unused_self, reason = "every subcommand runs by its options, and it has none")]
    pub(super) fn run(&self) -> Result<()> {
        Ok(LICENCES.lines().try_for_each(output::colored_line)?)
    }
}
