//! A hand-in: the work on a lesson as a file.

use super::{LessonProgress, record::TaskRecord};
use crate::text::Sentence;
use serde::{Deserialize, Serialize};

/// What a hand-in calls itself.
pub const FORMAT: &str = "convlens hand-in";

/// The version of the format that is written, and the latest that is read.
pub const VERSION: u32 = 1;

/// The longest hand-in that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// The extension of a hand-in.
pub const EXTENSION: &str = "handin";

/// The most characters of a name.
pub const MAX_NAME: usize = 80;

/// The beginning of every hand-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
}

/// The work on a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandIn {
    #[serde(flatten)]
    header: Header,
    /// The version of the program.
    #[serde(default)]
    pub program: String,
    /// The name that was given; may be empty.
    #[serde(default)]
    pub name: String,
    /// The lesson.
    pub lesson: HandInLesson,
    /// The tasks that were worked on, in order.
    pub tasks: Vec<HandInTask>,
}

/// Which lesson it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandInLesson {
    /// Its id.
    pub id: String,
    /// The checksum of its text.
    pub checksum: String,
}

/// The work on a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandInTask {
    /// The number of its step, from 1.
    pub step: usize,
    /// Whether it is solved.
    pub is_solved: bool,
    /// Whether the solution was shown.
    pub is_shown: bool,
    /// Whether it was revealed while presenting.
    pub is_revealed: bool,
    /// Answers, hints, and what shows that it is solved.
    pub work: TaskRecord,
}

impl HandIn {
    /// Of the progress of a lesson.
    pub fn new(id: &str, progress: &LessonProgress, name: &str) -> Self {
        let LessonProgress { solved, shown, revealed, records, checksum, .. } = progress;
        let mut steps: Vec<usize> =
            solved.iter().chain(shown).chain(revealed).chain(records.keys()).copied().collect();
        steps.sort_unstable();
        steps.dedup();
        let tasks = steps.into_iter().map(|step| HandInTask {
            step: step + 1,
            is_solved: solved.contains(&step),
            is_shown: shown.contains(&step),
            is_revealed: revealed.contains(&step),
            work: records.get(&step).cloned().unwrap_or_default(),
        });
        Self {
            header: Header { format: FORMAT.to_owned(), version: VERSION },
            program: env!("CARGO_PKG_VERSION").to_owned(),
            name: signed(name),
            lesson: HandInLesson { id: id.to_owned(), checksum: checksum.clone() },
            tasks: tasks.collect(),
        }
    }

    /// Reads a hand-in; what is wrong with it is one sentence.
    pub fn read(bytes: &[u8]) -> Result<Self, Sentence> {
        if bytes.len() > MAX_BYTES {
            let sentence = Sentence::new("it is longer than {bytes} bytes, the limit for a hand-in");
            return Err(sentence.with("bytes", MAX_BYTES));
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let damaged =
            |e: serde_json::Error| Sentence::new("it is a damaged hand-in: {reason}").with("reason", e);
        let is_one = String::from_utf8_lossy(&text[..text.len().min(256)]).contains(&format!("\"{FORMAT}\""));
        if !is_one {
            return Err(Sentence::new("it is not a hand-in of ConvLens"));
        }
        let header: Header = serde_json::from_slice(text).map_err(damaged)?;
        if header.version > VERSION || header.version == 0 {
            let sentence = Sentence::new(
                "it is a hand-in of version {version}; this ConvLens reads versions 1 to {latest}",
            );
            return Err(sentence.with("version", header.version).with("latest", VERSION));
        }
        let mut read: Self = serde_json::from_slice(text).map_err(damaged)?;
        read.name = signed(&read.name);
        Ok(read)
    }

    /// As the bytes of a file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Sentence> {
        let mut text = serde_json::to_vec_pretty(self)
            .map_err(|e| Sentence::new("the hand-in cannot be written: {reason}").with("reason", e))?;
        text.push(b'\n');
        Ok(text)
    }
}

/// A name in one line, and no longer than a name is.
fn signed(name: &str) -> String {
    let name = name.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    name.collect::<Vec<_>>().join(" ").chars().take(MAX_NAME).collect()
}

/// The name of the file that a hand-in has at first.
pub fn file_name(id: &str, name: &str) -> String {
    let mut plain = String::new();
    for c in signed(name).chars() {
        if c.is_alphanumeric() {
            plain.extend(c.to_lowercase());
        } else if !plain.is_empty() && !plain.ends_with('-') {
            plain.push('-');
        }
    }
    let plain = plain.trim_end_matches('-');
    let dash = if plain.is_empty() { "" } else { "-" };
    format!("{id}{dash}{plain}.{EXTENSION}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_the_lesson_and_the_person() {
        assert_eq!(file_name("sliding-window", ""), "sliding-window.handin");
        assert_eq!(file_name("pooling", " Ada  King-Noel "), "pooling-ada-king-noel.handin");
        assert_eq!(file_name("pooling", "../李 明/"), "pooling-李-明.handin");
        assert_eq!(signed("a\u{1b}[31m\nb"), "a [31m b");
    }

    #[test]
    fn what_is_written_is_read_back_and_other_files_are_named() {
        let mut progress = LessonProgress { checksum: "ab-1".into(), ..LessonProgress::default() };
        progress.solved.insert(2);
        progress.shown.insert(4);
        let hand_in = HandIn::new("pooling", &progress, "Ada");
        let bytes = hand_in.to_bytes().unwrap();
        assert_eq!(HandIn::read(&bytes).unwrap(), hand_in);
        assert_eq!((hand_in.tasks[0].step, hand_in.tasks[1].is_shown), (3, true));
        let text = String::from_utf8(bytes.clone()).unwrap();
        for (bytes, words) in [
            (b"{}".to_vec(), "not a hand-in"),
            (b"\x89PNG".to_vec(), "not a hand-in"),
            (bytes[..bytes.len() / 2].to_vec(), "damaged"),
            (text.replacen("\"version\": 1", "\"version\": 9", 1).into_bytes(), "version 9"),
        ] {
            let said = HandIn::read(&bytes).unwrap_err().to_string();
            assert!(said.contains(words), "{said}");
        }
    }
}
