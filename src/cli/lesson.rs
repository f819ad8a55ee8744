//! `convlens lesson`: checks lesson files and lists the lessons that ship.

use super::output;
use crate::{
    explain::convolution::{EXAMPLES, KERNELS},
    lesson::{self, Known, Lesson, LessonError, MAX_BYTES, shipped},
    text::{Language, Say as _, Sentence, tr},
};
use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

/// The options of `convlens lesson`.
#[derive(Debug, Args)]
pub struct LessonCommand {
    #[command(subcommand)]
    command: LessonTask,
}

/// What to do with lessons.
#[derive(Debug, Subcommand)]
enum LessonTask {
    /// Check lesson files: what is wrong is one sentence with the line.
    Check {
        /// The lesson files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Print a JSON object per file and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// List the lessons that ship with the program.
    List {
        /// Print a JSON object per lesson and nothing else.
        #[arg(long)]
        json: bool,
    },
}

/// What was found in a file.
#[derive(Serialize)]
struct Checked<'a> {
    file: &'a Path,
    id: Option<&'a str>,
    steps: usize,
    tasks: usize,
    line: Option<usize>,
    error: Option<String>,
    notes: Vec<String>,
}

/// A lesson in the list.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    number: u32,
    title: &'a str,
    about: &'a str,
    minutes: u32,
    steps: usize,
    tasks: usize,
}

impl LessonCommand {
    pub(super) fn run(&self) -> Result<()> {
        match &self.command {
            LessonTask::Check { files, json } => check(files, *json),
            LessonTask::List { json } => list(*json),
        }
    }
}

fn check(files: &[PathBuf], json: bool) -> Result<()> {
    let mut faults = 0;
    let examples: Vec<&str> = EXAMPLES.iter().map(|example| example.name).collect();
    let kernels: Vec<&str> = KERNELS.iter().map(|kernel| kernel.name).collect();
    for file in files {
        let text = read(file)?;
        let known = Known { examples: &examples, kernels: &kernels };
        let checked = output::found(json, || lesson::check(&text, &known));
        faults += usize::from(!checked.faults.is_empty());
        if json {
            let found = Lesson::read(text.trim_start_matches('\u{feff}')).ok();
            let error = checked.faults.first();
            let note = |note: &LessonError| output::found(true, || note.to_string());
            output::json(&Checked {
                file,
                id: found.as_ref().map(|lesson| lesson.id.as_str()),
                steps: checked.steps,
                tasks: checked.tasks,
                line: error.map(|error| error.line),
                error: error.map(|error| output::found(true, || error.reason.to_string())),
                notes: checked.notes.iter().map(note).collect(),
            })?;
            continue;
        }
        if checked.faults.is_empty() {
            let sentence = Sentence::new("{file}: {steps} steps, {tasks} tasks").with("file", file.display());
            output::line(sentence.with("steps", checked.steps).with("tasks", checked.tasks))?;
        }
        for error in checked.faults.iter().chain(&checked.notes) {
            let sentence = Sentence::new("{file}, {reason}").with("file", file.display());
            output::line(sentence.part("reason", error.say()))?;
        }
    }
    match faults {
        0 => Ok(()),
        1 => Err(anyhow!(tr("a lesson cannot be used"))),
        _ => Err(anyhow!(Sentence::new("{count} lessons cannot be used").with("count", faults))),
    }
}

fn read(file: &Path) -> Result<String> {
    let of = |reason: &dyn std::fmt::Display| {
        let sentence = Sentence::new("{file} cannot be read: {reason}").with("file", file.display());
        anyhow!(sentence.with("reason", reason))
    };
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|open| open.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|e| of(&e))?;
    String::from_utf8(bytes).map_err(|_| of(&tr("it is not text in UTF-8")))
}

fn list(json: bool) -> Result<()> {
    let width = shipped().iter().map(|lesson| lesson.id.len()).max().unwrap_or(0);
    for lesson in shipped() {
        if json {
            let [title, about] = [&lesson.title, &lesson.about].map(|text| text.get(Language::ENGLISH));
            let Lesson { id, number, minutes, steps, .. } = lesson;
            let (number, minutes, steps) = (*number, *minutes, steps.len());
            output::json(&Listed { id, number, title, about, minutes, steps, tasks: tasks(lesson) })?;
        } else {
            let sentence = Sentence::new("{number}  {id}  {title} ({minutes} min): {about}");
            output::line(
                sentence
                    .with("number", format_args!("{:>2}", lesson.number))
                    .with("id", format_args!("{:width$}", lesson.id))
                    .with("title", lesson.title.shown())
                    .with("minutes", lesson.minutes)
                    .with("about", lesson.about.shown()),
            )?;
        }
    }
    Ok(())
}

fn tasks(lesson: &Lesson) -> usize {
    lesson.steps.iter().filter(|step| step.task.is_some()).count()
}
