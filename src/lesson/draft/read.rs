//! Splits the text of a file into the parts of a draft. Nothing is refused.

use super::{
    part::Part,
    steps::{Draft, DraftHead, DraftStep},
    task,
};
use crate::lesson::{Show, Texts, Topic, task::KINDS};
use serde::Deserialize;

/// The beginning of a file that may be incomplete.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(default)]
    id: String,
    #[serde(default)]
    number: u32,
    #[serde(default)]
    minutes: u32,
    #[serde(default)]
    title: Texts,
    #[serde(default)]
    about: Texts,
    topic: Option<Topic>,
}

/// Where lines go.
enum Target {
    Before,
    Text,
    Others,
}

/// A block between fences.
struct Fence {
    marker: String,
    kind: String,
    lines: Vec<String>,
}

/// The draft of a text.
pub(super) fn draft(text: &str) -> Draft {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().peekable();
    let mut draft = Draft { head: Part::Raw(String::new(), String::new()), ..Draft::default() };
    while lines.peek().is_some_and(|line| line.trim().is_empty()) {
        lines.next();
    }
    if lines.peek().is_some_and(|line| line.trim_end() == "+++") {
        lines.next();
        let mut toml = String::new();
        for line in lines.by_ref().take_while(|line| line.trim_end() != "+++") {
            toml.push_str(line);
            toml.push('\n');
        }
        draft.head = head(toml);
    }
    let mut target = Target::Before;
    let mut fence: Option<Fence> = None;
    for line in lines {
        if let Some(open) = &mut fence {
            if is_end(line, &open.marker) {
                if let Some(block) = fence.take() {
                    end_block(&mut draft, &target, &block);
                }
            } else {
                open.lines.push(line.to_owned());
            }
            continue;
        }
        if let Some(open) = begin(line) {
            fence = Some(open);
        } else if let Some(title) = heading(line, "##") {
            target = Target::Text;
            draft.steps.push(DraftStep { title: title.to_owned(), ..DraftStep::default() });
        } else {
            if heading(line, "###").is_some() && !draft.steps.is_empty() {
                target = Target::Others;
            }
            push(&mut draft, &target, line);
        }
    }
    if let Some(open) = fence {
        // A block without an end is text, so that its fault is told.
        push(&mut draft, &target, &format!("{}{}", open.marker, open.kind));
        open.lines.iter().for_each(|line| push(&mut draft, &target, line));
    }
    tidy(&mut draft.before);
    for step in &mut draft.steps {
        tidy(&mut step.text);
        tidy(&mut step.others);
    }
    draft
}

/// The beginning of a file, of its TOML.
pub(super) fn head(toml: String) -> Part<DraftHead> {
    match toml::from_str::<Head>(&toml) {
        Ok(Head { id, number, minutes, title, about, topic }) => {
            Part::Read(DraftHead { id, number, minutes, title, about, topic })
        }
        Err(_) => Part::Raw(String::new(), toml),
    }
}

fn heading<'a>(line: &'a str, marks: &str) -> Option<&'a str> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let rest = line[indent..].strip_prefix(marks).filter(|_| indent < 4)?;
    let is_heading = rest.is_empty() || rest.starts_with([' ', '\t']);
    is_heading.then(|| rest.trim())
}

fn begin(line: &str) -> Option<Fence> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let rest = &line[indent..];
    let mark = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let marker: String = rest.chars().take_while(|c| *c == mark).collect();
    let kind = &rest[marker.len()..];
    let is_fence = indent < 4 && marker.len() >= 3 && (mark == '~' || !kind.contains('`'));
    is_fence.then(|| Fence { marker, kind: kind.trim().to_owned(), lines: Vec::new() })
}

fn is_end(line: &str, marker: &str) -> bool {
    let text = line.trim();
    let is_indented = line.starts_with("    ");
    !is_indented && text.len() >= marker.len() && text.chars().all(|c| marker.starts_with(c))
}

/// A block that has ended: the first state and the first task of a step are read, others stay text.
fn end_block(draft: &mut Draft, target: &Target, block: &Fence) {
    let mut toml = block.lines.join("\n");
    if !toml.is_empty() {
        toml.push('\n');
    }
    if let Some(step) = draft.steps.last_mut() {
        if block.kind == "show" && step.show.is_none() {
            step.show = Some(show(toml));
            push(draft, target, "");
            return;
        }
        if KINDS.contains(&block.kind.as_str()) && step.task.is_none() {
            step.task = Some(task::read(&block.kind, toml));
            push(draft, target, "");
            return;
        }
    }
    push(draft, target, &format!("{}{}", block.marker, block.kind));
    block.lines.iter().for_each(|line| push(draft, target, line));
    push(draft, target, &block.marker);
}

/// The state of a step, of its TOML.
pub(super) fn show(toml: String) -> Part<Show> {
    match toml::from_str(&toml) {
        Ok(show) => Part::Read(show),
        Err(_) => Part::Raw("show".to_owned(), toml),
    }
}

fn push(draft: &mut Draft, target: &Target, line: &str) {
    let text = match (target, draft.steps.last_mut()) {
        (Target::Text, Some(step)) => &mut step.text,
        (Target::Others, Some(step)) => &mut step.others,
        _ => &mut draft.before,
    };
    // One empty line stays of several: where a block was, there are two.
    if line.trim().is_empty() && (text.is_empty() || text.ends_with("\n\n")) {
        return;
    }
    text.push_str(line);
    text.push('\n');
}

fn tidy(text: &mut String) {
    let end = text.trim_end().len();
    text.truncate(end);
}
