//! The question for a file: its kind, the typed text, and its progress.

use super::{file_kind::FileKind, typed_path};
use crate::text::Sentence;
use std::path::{Path, PathBuf};

/// The numbers of a choice whose content is not known yet: it may be of any of these kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileOrder {
    /// As a picture.
    pub images: u64,
    /// As a photograph.
    pub photographs: u64,
    /// As a data set.
    pub data: u64,
    /// As a model or a spec.
    pub networks: u64,
}

/// The progress of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileStep {
    /// A person types.
    Asking,
    /// The dialog of the system is open.
    Browsing,
    /// The file is being read.
    Opening(FileOrder),
    /// The window checks whether the file exists.
    Checking,
    /// The file exists: should it be replaced?
    Overwriting(PathBuf),
    /// The file is being written.
    Saving(PathBuf),
}

/// The path to save to, and whether a file exists there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveTarget {
    /// The full path.
    pub path: PathBuf,
    /// Whether something would be replaced.
    pub exists: bool,
}

/// The question for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileQuestion {
    /// What the path is for.
    pub kind: FileKind,
    /// Changes whenever the field must show [`FileQuestion::typed`].
    pub number: u64,
    /// The text that was typed or chosen last.
    pub typed: String,
    /// Why that cannot be used.
    pub problem: Option<Sentence>,
    /// The progress.
    pub step: FileStep,
    /// The folder at which relative paths start.
    pub base: PathBuf,
    /// The lesson whose work is handed in, by its id.
    pub lesson: Option<String>,
}

impl FileQuestion {
    /// A new question.
    pub fn new(kind: FileKind, number: u64, base: PathBuf) -> Self {
        let (typed, step) = (String::new(), FileStep::Asking);
        Self { kind, number, typed, problem: None, step, base, lesson: None }
    }

    /// The full path of `typed`, with the extension of a saved file.
    pub fn path_of(&self, typed: &str) -> PathBuf {
        with_extension(self.kind, typed_path::parse(typed, &self.base))
    }

    /// Whether a task has to end first.
    pub fn is_busy(&self) -> bool {
        !matches!(self.step, FileStep::Asking | FileStep::Overwriting(_))
    }
}

/// The path with the extension of its kind added: `m1` becomes `m1.safetensors`. One of another format stays.
pub fn with_extension(kind: FileKind, path: PathBuf) -> PathBuf {
    let Some(wanted) = kind.extension() else { return path };
    let has_it = |path: &Path| {
        let others = kind.other_extensions().iter();
        let is_one =
            |have: &std::ffi::OsStr| others.chain([&wanted]).any(|one| have.eq_ignore_ascii_case(one));
        path.extension().is_some_and(is_one)
    };
    match path.file_name() {
        Some(name) if !has_it(&path) => {
            let mut name = name.to_owned();
            name.push(".");
            name.push(wanted);
            path.with_file_name(name)
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_file_has_its_extension() {
        for (kind, typed, path) in [
            (FileKind::SaveModel, "m1", "/base/m1.safetensors"),
            (FileKind::SaveModel, "m1.2", "/base/m1.2.safetensors"),
            (FileKind::SaveModel, "notes.txt", "/base/notes.txt.safetensors"),
            (FileKind::SaveModel, "/a/m1.SafeTensors", "/a/m1.SafeTensors"),
            (FileKind::SaveModel, "net.onnx", "/base/net.onnx"),
            (FileKind::SaveRun, "net.keras.PY", "/base/net.keras.PY"),
            (FileKind::SaveSpec, "net.py", "/base/net.py"),
            (FileKind::SaveSpec, "net.onnx", "/base/net.onnx.json"),
            (FileKind::SaveReport, "report", "/base/report.html"),
            (FileKind::Screenshot, "window", "/base/window.png"),
            (FileKind::Drawings, "mine", "/base/mine"),
            (FileKind::Model, "m1", "/base/m1"),
        ] {
            assert_eq!(FileQuestion::new(kind, 1, "/base".into()).path_of(typed), Path::new(path));
        }
    }
}
