//! The options of the window.

use clap::{Args, builder::PossibleValuesParser};
use std::path::PathBuf;

/// How the window opens.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "The window")]
pub struct WindowOptions {
    /// Show this view.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Present: the view fills the screen, without bars and panels; Esc brings them back.
    #[arg(long)]
    pub present: bool,
    /// Start as at the first start: read no settings and no earlier runs, and keep nothing.
    #[arg(long)]
    pub fresh: bool,
    /// Open this lesson: a lesson file, or the number or id of one that ships; see `convlens lesson list`.
    #[arg(long, value_name = "FILE")]
    pub lesson: Option<PathBuf>,
    /// Open this state, a .convlens file that the window saved; Start over comes back to it.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Open this file as if it was dropped on the window: a model, spec, state, lesson or picture, or the folder of a data
    /// set.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    pub open: Option<Option<PathBuf>>,
}

/// Lets `--view` take these names.
pub(super) fn with_views(command: clap::Command, views: Vec<&'static str>) -> clap::Command {
    command.mut_arg("view", |view| view.ignore_case(true).value_parser(PossibleValuesParser::new(views)))
}
