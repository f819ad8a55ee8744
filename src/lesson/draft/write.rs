//! A draft as the text of a file.

use super::{
    part::Part,
    steps::{Draft, DraftHead, DraftStep},
};
use crate::lesson::written::{inline, lines, plain, string};
use serde_json::Value;
use std::fmt::Write as _;

/// The text of the file.
pub(super) fn text(draft: &Draft) -> String {
    let mut text = beginning(draft);
    for step in &draft.steps {
        text.push('\n');
        text.push_str(&step_text(step));
    }
    text
}

/// The line of each step, from 1.
pub(super) fn step_lines(draft: &Draft) -> Vec<usize> {
    let mut line = beginning(draft).matches('\n').count() + 2;
    let mut starts = Vec::new();
    for step in &draft.steps {
        starts.push(line);
        line += step_text(step).matches('\n').count() + 1;
    }
    starts
}

fn beginning(draft: &Draft) -> String {
    let head = match &draft.head {
        Part::Read(head) => head_lines(head),
        Part::Raw(_, toml) => toml.clone(),
    };
    let mut text = String::new();
    if !head.is_empty() {
        text = format!("+++\n{head}+++\n");
    }
    if !draft.before.is_empty() {
        let _ = write!(text, "\n{}\n", draft.before);
    }
    text
}

fn head_lines(head: &DraftHead) -> String {
    let DraftHead { id, number, minutes, title, about, topic } = head;
    let mut text = format!("id = {}\n", string(id));
    if *number > 0 {
        let _ = writeln!(text, "number = {number}");
    }
    let _ = writeln!(text, "minutes = {minutes}\ntitle = {}", inline(&plain(title)));
    let about = plain(about);
    if about != Value::String(String::new()) {
        let _ = writeln!(text, "about = {}", inline(&about));
    }
    if let Some(topic) = topic {
        let _ = writeln!(text, "topic = {}", inline(&plain(topic)));
    }
    text
}

fn step_text(step: &DraftStep) -> String {
    let DraftStep { title, text, others, show, task } = step;
    let mut written = format!("## {title}\n");
    match show {
        Some(Part::Read(show)) => block(&mut written, "show", &lines("", show)),
        Some(Part::Raw(kind, toml)) => block(&mut written, kind, toml),
        None => {}
    }
    paragraph(&mut written, text);
    match task {
        Some(Part::Read(task)) => block(&mut written, task.kind.name(), &task.lines()),
        Some(Part::Raw(kind, toml)) => block(&mut written, kind, toml),
        None => {}
    }
    paragraph(&mut written, others);
    written
}

fn block(written: &mut String, kind: &str, toml: &str) {
    let end = if toml.is_empty() || toml.ends_with('\n') { "" } else { "\n" };
    let _ = write!(written, "\n```{kind}\n{toml}{end}```\n");
}

fn paragraph(written: &mut String, text: &str) {
    if !text.is_empty() {
        let _ = write!(written, "\n{text}\n");
    }
}
