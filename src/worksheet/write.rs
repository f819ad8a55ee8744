//! The files of sheets: one PDF a sheet, and one with all answers.

use super::{
    page::{Page, PdfError, pages, to_pages, to_pdf, to_png},
    sheet::Sheet,
};
use crate::{
    files,
    text::{Say, Sentence},
};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// The file of all answers.
const ANSWERS: &str = "answers";

/// Why files were not written.
#[derive(Debug)]
pub enum WriteError {
    /// A file or the folder cannot be written.
    File(PathBuf, std::io::Error),
    /// There is a file in the place of the folder.
    NoFolder(PathBuf),
    /// A PDF cannot be made.
    Pdf(PdfError),
    /// A picture cannot be made.
    Picture(image::ImageError),
    /// It was called off.
    Stopped,
}

impl From<PdfError> for WriteError {
    fn from(error: PdfError) -> Self {
        Self::Pdf(error)
    }
}

impl From<image::ImageError> for WriteError {
    fn from(error: image::ImageError) -> Self {
        Self::Picture(error)
    }
}

impl Say for WriteError {
    fn say(&self) -> Sentence {
        match self {
            Self::File(path, reason) => Sentence::new("{file} cannot be written: {reason}")
                .with("file", path.display())
                .with("reason", reason),
            Self::NoFolder(path) => Sentence::new("{file} is a file; worksheets are written to a folder")
                .with("file", path.display()),
            Self::Pdf(error) => error.say(),
            Self::Picture(error) => {
                Sentence::new("the picture of a page cannot be made: {reason}").with("reason", error)
            }
            Self::Stopped => Sentence::new("writing the sheets was called off"),
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for WriteError {}

/// The names of the PDF files of so many sheets; the answers come last.
pub fn file_names(count: usize) -> Vec<String> {
    let mut names: Vec<String> =
        (1..=count).map(|number| format!("{}.pdf", stem("sheet", number, count))).collect();
    names.push(format!("{ANSWERS}.pdf"));
    names
}

/// `sheet-01`, with as many digits as the largest number needs.
fn stem(kind: &str, number: usize, count: usize) -> String {
    let digits = count.to_string().len().max(2);
    format!("{kind}-{number:0digits$}")
}

/// Writes the sheets and their answers to a folder, which is made if there is none; with `is_png` every page is a picture,
/// too. `go_on` is told the number of finished sheets, and ends the work by `false`. Returns the number of files.
pub fn write(
    folder: &Path,
    sheets: &[Sheet],
    is_png: bool,
    mut go_on: impl FnMut(usize) -> bool,
) -> Result<usize, WriteError> {
    if folder.is_file() {
        return Err(WriteError::NoFolder(folder.to_owned()));
    }
    fs::create_dir_all(folder).map_err(|reason| WriteError::File(folder.to_owned(), reason))?;
    let mut count = 0;
    let mut put = |name: &str, bytes: &[u8]| -> Result<(), WriteError> {
        let path = folder.join(name);
        files::write(&path, bytes).map_err(|reason| WriteError::File(path, reason))?;
        count += 1;
        Ok(())
    };
    let mut answers: Vec<Page> = Vec::new();
    for (done, sheet) in sheets.iter().enumerate() {
        if !go_on(done) {
            return Err(WriteError::Stopped);
        }
        let own = pages(sheet);
        let name = stem("sheet", sheet.number, sheet.count);
        put(&format!("{name}.pdf"), &to_pdf(&name, &own)?)?;
        if is_png {
            for (name, page) in pictures(&name, &own) {
                put(&name, &to_png(page)?)?;
            }
        }
        answers.extend(to_pages(sheet, answers.len()));
    }
    put(&format!("{ANSWERS}.pdf"), &to_pdf(ANSWERS, &answers)?)?;
    if is_png {
        for (at, page) in answers.iter().enumerate() {
            put(&format!("{}.png", stem(ANSWERS, at + 1, answers.len())), &to_png(page)?)?;
        }
    }
    Ok(count)
}

/// The names of the pictures of pages: `sheet-01.png`, or `sheet-01-1.png` where there are several.
fn pictures<'a>(name: &'a str, pages: &'a [Page]) -> impl Iterator<Item = (String, &'a Page)> {
    let is_one = pages.len() == 1;
    pages.iter().enumerate().map(move |(at, page)| {
        (if is_one { format!("{name}.png") } else { format!("{name}-{}.png", at + 1) }, page)
    })
}
