//! `convlens mark`: marks the hand-ins of a folder.

mod folder;
mod table;

use self::{folder::Found, table::Row};
use super::{file, output, source};
use crate::{
    data::DataSet,
    lesson::{Lesson, MarkedTask, Marking, Verdict, shipped},
    text::{Sentence, fill, tr},
};
use anyhow::{Result, anyhow};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Marks the bytes of a hand-in: the window's rules, which `main` passes here. The data set is what runs were trained on that
/// were not trained on the embedded MNIST.
pub type Marker = fn(&[u8], &[Lesson], Option<&DataSet>) -> Result<Marking, Sentence>;

/// The options of `convlens mark`.
#[derive(Debug, Args)]
pub struct Mark {
    /// The folder with the hand-ins (.handin), which may be in folders of their own.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Write a spreadsheet: a row per task.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// A folder with lessons of your own (.md), besides those that ship.
    #[arg(long, value_name = "DIR")]
    lessons: Option<PathBuf>,
    /// The data set of runs that were not trained on the embedded MNIST: a folder of IDX files, plain or gzip.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print a JSON object per hand-in and nothing else.
    #[arg(long)]
    json: bool,
}

/// A hand-in for JSON.
#[derive(Serialize)]
struct Report<'a> {
    file: &'a Path,
    name: Option<&'a str>,
    lesson: Option<&'a str>,
    solved: usize,
    tasks: Vec<TaskReport<'a>>,
    /// Why it could not be marked.
    error: Option<String>,
}

/// A task for JSON.
#[derive(Serialize)]
struct TaskReport<'a> {
    step: usize,
    title: &'a str,
    verdict: Verdict,
    claimed: &'a str,
    computed: &'a str,
    note: Option<String>,
    tries: u32,
    hints: usize,
}

impl Mark {
    pub(super) fn run(&self, mark: Marker) -> Result<()> {
        if let Some(csv) = &self.csv {
            file::check_writable("--csv", csv)?;
        }
        let lessons = self.lessons()?;
        let data = self.data.as_deref().map(|folder| source::open(Some(folder))).transpose()?;
        let found = folder::files(&self.folder, self.csv.as_deref())?;
        let mut rows = Vec::new();
        let mut faults = 0;
        for Found { path, name } in found {
            let marked = output::found(self.json, || {
                folder::read(&path).and_then(|bytes| mark(&bytes, &lessons, data.as_ref()))
            });
            faults += usize::from(marked.is_err());
            if self.json {
                output::found(true, || output::json(&report(&path, &marked)))?;
            } else {
                say(&name, &marked)?;
            }
            if let Ok(marking) = marked {
                rows.push(Row { file: name, marking });
            }
        }
        if let Some(csv) = &self.csv {
            file::write(csv, table::csv(&rows).as_bytes())?;
        }
        if !self.json {
            for line in table::lines(&rows) {
                output::line(line)?;
            }
        }
        match faults {
            0 => Ok(()),
            1 => Err(anyhow!("{}", tr("a file could not be marked"))),
            _ => {
                let count = faults.to_string();
                Err(anyhow!("{}", fill(tr("{count} files could not be marked"), &[("count", &count)])))
            }
        }
    }

    /// The lessons that ship, and those of the folder, which come first.
    fn lessons(&self) -> Result<Vec<Lesson>> {
        let mut lessons = match &self.lessons {
            Some(folder) => folder::lessons(folder)?,
            None => Vec::new(),
        };
        lessons.extend(shipped().iter().cloned());
        Ok(lessons)
    }
}

fn report<'a>(file: &'a Path, marked: &'a Result<Marking, Sentence>) -> Report<'a> {
    let Ok(marking) = marked else {
        let error = marked.as_ref().err().map(ToString::to_string);
        return Report { file, name: None, lesson: None, solved: 0, tasks: Vec::new(), error };
    };
    let task = |task: &'a MarkedTask| TaskReport {
        step: task.step,
        title: &task.title,
        verdict: task.verdict,
        claimed: &task.claimed,
        computed: &task.computed,
        note: task.note.as_ref().map(ToString::to_string),
        tries: task.tries,
        hints: task.hints,
    };
    Report {
        file,
        name: Some(&marking.name),
        lesson: Some(&marking.lesson),
        solved: marking.count(Verdict::Solved),
        tasks: marking.tasks.iter().map(task).collect(),
        error: None,
    }
}

/// A hand-in and its tasks, a line each.
fn say(file: &str, marked: &Result<Marking, Sentence>) -> Result<()> {
    match marked {
        Err(reason) => output::line(format!("{file}: {}", reason.translated()))?,
        Ok(marking) => {
            output::line(format!("{file}: {}, {}", table::name_of(marking), marking.title))?;
            for task in &marking.tasks {
                output::line(format!("  {}", line(task)))?;
            }
        }
    }
    Ok(())
}

/// A task in a line.
fn line(task: &MarkedTask) -> String {
    let number = task.step.to_string();
    let mut parts = vec![format!("{number:>2}  {}: {}", task.title, task.verdict.words())];
    if task.verdict == Verdict::DoesNotComeOut {
        let values = [("claimed", task.claimed.as_str()), ("computed", task.computed.as_str())];
        parts.push(fill(tr(" (claimed {claimed}, computed {computed})"), &values));
    }
    if let Some(note) = &task.note {
        parts.push(format!(" ({})", note.translated()));
    }
    if task.tries > 0 || task.hints > 0 {
        let [tries, hints] = [task.tries.to_string(), task.hints.to_string()];
        parts.push(fill(tr("; tries: {tries}, hints: {hints}"), &[("tries", &tries), ("hints", &hints)]));
    }
    parts.concat()
}
