//! `convlens`: the window, or a subcommand in the terminal.

mod crash;
mod render;
mod start;

use anyhow::{Result, anyhow, bail};
use convlens::{
    cli::{Cli, Demo, WindowOptions, exit_code, explain, explain_usage, language, output},
    text::{Language, Sentence, set_usual_language, tr},
    ui,
};
use start::NoWindow;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let system = language::of_system();
    set_usual_language(system);
    let (asked, arguments) = match language::take(env::args_os()) {
        Ok(taken) => taken,
        Err(error) => {
            output::complain(&error.to_string());
            return ExitCode::from(2);
        }
    };
    if let Some(asked) = asked {
        set_usual_language(asked);
    }
    let cli = match Cli::read(arguments, &ui::start::view_names()) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            output::complain(&explain_usage(&error));
            return ExitCode::from(2);
        }
        // The text of --help or --version.
        Err(text) => return if text.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE },
    };
    match run(&cli, asked, system) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = exit_code(&error);
            if code != 0 {
                output::complain(&explain(&error));
            }
            ExitCode::from(code)
        }
    }
}

fn run(cli: &Cli, asked: Option<Language>, system: Language) -> Result<()> {
    // A fresh start reads nothing of earlier times and keeps nothing.
    let told = if cli.window.fresh { None } else { crash::begin(cli) };
    if let Some(command) = &cli.command {
        return command.run(ui::mark, render::render, &ui::start::view_names());
    }
    let start = window_start(&cli.window)?;
    let start = ui::Start { language: asked, system_language: system, crash: told, ..start };
    let opened = match start::no_display(|name| env::var_os(name)) {
        Some(reason) => Err(NoWindow::NeverOpened(tr(reason).to_owned())),
        None => start::guarded(|on_open| ui::run_window(start, on_open)),
    };
    match opened {
        Ok(()) => Ok(()),
        Err(NoWindow::Broke(reason)) => {
            let sentence = Sentence::new("the window failed and was closed: {reason}").with("reason", reason);
            ui::say_without_a_window(&sentence.capitalised());
            bail!(sentence)
        }
        Err(NoWindow::NeverOpened(reason)) => {
            let sentence = Sentence::new("cannot open a window ({reason}); running `convlens demo` instead");
            output::complain(&sentence.with("reason", reason).to_string());
            Demo::default().run()
        }
    }
}

/// What the window opens with. A state that cannot be read is said before there is a window.
fn window_start(options: &WindowOptions) -> Result<ui::Start> {
    let WindowOptions { view, present, fresh, lesson, state, open } = options;
    let state = match state {
        Some(path) => Some(ui::start::read_state(path).map_err(|reason| anyhow!("{reason}"))?),
        None => None,
    };
    let lesson = match lesson {
        Some(path) => Some(ui::start::read_lesson(path).map_err(|reason| anyhow!("{reason}"))?),
        None => None,
    };
    let view = view.as_deref().and_then(ui::start::view_named);
    Ok(ui::Start {
        view,
        presents: *present,
        is_fresh: *fresh,
        state,
        lesson,
        open: open.clone().flatten(),
        ..ui::Start::default()
    })
}
