//! `convlens`: the window, or a subcommand in the terminal.

mod start;

use anyhow::{Result, bail};
use clap::Parser;
use convlens::cli::{Cli, Demo, exit_code, explain_usage, output};
use start::NoWindow;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            output::complain(&explain_usage(&error));
            return ExitCode::from(2);
        }
        // What --help and --version ask for.
        Err(text) => return if text.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE },
    };
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = exit_code(&error);
            if code != 0 {
                output::complain(&format!("{error:#}"));
            }
            ExitCode::from(code)
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    if let Some(command) = &cli.command {
        return command.run();
    }
    let opened = match start::no_display(|name| env::var_os(name)) {
        Some(reason) => Err(NoWindow::NeverOpened(reason.to_owned())),
        None => start::guarded(convlens::ui::run_window),
    };
    match opened {
        Ok(()) => Ok(()),
        Err(NoWindow::Broke(reason)) => bail!("the window failed and was closed: {reason}"),
        Err(NoWindow::NeverOpened(reason)) => {
            output::complain(&format!("no window can be opened ({reason}): running `convlens demo` instead"));
            Demo::default().run()
        }
    }
}
