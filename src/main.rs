//! `convlens`: the window, or a subcommand in the terminal.

mod start;

use anyhow::{Result, bail};
use convlens::cli::{Cli, Demo, exit_code, explain_usage, output};
use start::NoWindow;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let cli = match Cli::read(env::args_os()) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            output::complain(&explain_usage(&error));
            return ExitCode::from(2);
        }
        // The text of --help or --version.
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
            output::complain(&format!("cannot open a window ({reason}); running `convlens demo` instead"));
            Demo::default().run()
        }
    }
}
