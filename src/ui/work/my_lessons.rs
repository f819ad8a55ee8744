//! Reads the lessons of a person: those of the settings folder, and those that were opened.

use super::open_file::file_name;
use crate::{
    lesson::{Lesson, MAX_BYTES},
    text::{Say, Sentence},
    ui::model::recording::MyLesson,
};
use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

/// The most files that are listed.
const MOST: usize = 200;

/// The person's lessons: their own by name, then those that were opened.
pub fn list(folder: Option<&Path>, opened: &[PathBuf]) -> Vec<MyLesson> {
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok());
    let is_lesson = |path: &PathBuf| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
    let mut own: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(is_lesson)
        .take(MOST)
        .collect();
    own.sort();
    let opened = opened.iter().filter(|path| !own.contains(path)).map(|path| (path, false));
    own.iter().map(|path| (path, true)).chain(opened).map(|(path, is_own)| my_lesson(path, is_own)).collect()
}

fn my_lesson(path: &Path, is_own: bool) -> MyLesson {
    let read = text(path).and_then(|text| Lesson::read(&text).map_err(|e| e.say()));
    let name = file_name(path);
    match read {
        Ok(lesson) => {
            let title = lesson.title.shown().trim();
            MyLesson {
                path: path.to_owned(),
                is_own,
                title: if title.is_empty() { name } else { title.to_owned() },
                id: lesson.id.clone(),
                steps: lesson.steps.len(),
                minutes: lesson.minutes,
                problem: None,
            }
        }
        Err(problem) => MyLesson {
            path: path.to_owned(),
            is_own,
            id: String::new(),
            title: name,
            steps: 0,
            minutes: 0,
            problem: Some(problem.to_string()),
        },
    }
}

/// The text of a lesson file, whatever is wrong with the lesson.
pub fn text(path: &Path) -> Result<String, Sentence> {
    let of = |key| Sentence::new(key).with("file", path.display());
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|e| of("{file} cannot be read: {reason}").with("reason", e))?;
    if bytes.len() > MAX_BYTES {
        return Err(
            of("{file} is longer than {bytes} bytes, the limit for a lesson").with("bytes", MAX_BYTES)
        );
    }
    let text = String::from_utf8(bytes).map_err(|_| of("{file} is not text in UTF-8"))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
