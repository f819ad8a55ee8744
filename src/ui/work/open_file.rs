//! Opens files by their content.

use super::{lesson_file, state_file, tasks::Done};
use crate::{
    data::{
        DataSet,
        formats::{self, Choices},
        picture,
    },
    export::companion,
    model_file::{self, ModelError},
    nn::{NetworkSpec, SpecError},
    text::{Say, Sentence},
    train::Checkpoint,
    ui::{
        model::{
            convolution::photo::Photo,
            file_kind::FileKind,
            file_question::{FileOrder, SaveTarget, with_extension},
            lesson::hand_in,
        },
        style::picture::PictureGround,
    },
};
use image::GrayImage;
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

/// The longest spec, in bytes.
const MAX_SPEC_BYTES: u64 = 1 << 20;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Folder,
    /// A safetensors file.
    Model,
    /// A state of the window.
    State,
    /// A lesson.
    Lesson,
    /// A network's spec, as JSON.
    Spec,
    /// Anything else: if it is not a picture, its error says so.
    Picture,
}

/// Opens a file for a question of this kind, or a dropped file (`None`). `data` is what a saved run is resumed on.
pub fn open(kind: Option<FileKind>, path: &Path, order: FileOrder, data: Option<&DataSet>) -> Done {
    let failed = |sentence: Sentence| match kind {
        Some(FileKind::DataSet) => Done::Data(order.data, Err(sentence)),
        Some(FileKind::Photograph) => Done::Photograph(order.photographs, Err(sentence)),
        Some(FileKind::Model) => Done::Model(order.networks, Err(sentence)),
        Some(FileKind::Spec) => Done::Draft(order.networks, path.to_owned(), Err(sentence)),
        Some(FileKind::Lesson) => Done::Lesson(path.to_owned(), Err(sentence)),
        Some(FileKind::State) => Done::State(order.networks, path.to_owned(), Err(sentence)),
        _ => Done::Picture(order.images, Err(sentence)),
    };
    let content = match content(path) {
        Ok(content) => content,
        Err(sentence) => return failed(sentence),
    };
    match (kind, content) {
        (None | Some(FileKind::DataSet), Content::Folder) | (Some(FileKind::DataSet), _) => {
            preview_data_set(path, order.data)
        }
        (None, _) if formats::is_data_file(path) => preview_data_set(path, order.data),
        (Some(_), Content::Folder) => {
            failed(Sentence::new("{file} is a folder, not a file").with("file", path.display()))
        }
        (Some(FileKind::Spec), Content::Spec) => {
            Done::Draft(order.networks, path.to_owned(), open_spec(path, NetworkSpec::read_json).map(Box::new))
        }
        (Some(FileKind::Spec), _) => failed(
            Sentence::new("{file} is not a spec, which is JSON with the layers of a network")
                .with("file", path.display()),
        ),
        (_, Content::Lesson) | (Some(FileKind::Lesson), _) => {
            Done::Lesson(path.to_owned(), lesson_file::read(path).map(Box::new))
        }
        // What is no state at all is said by its reader.
        (_, Content::State) | (Some(FileKind::State), _) => {
            Done::State(order.networks, path.to_owned(), state_file::read(path).map(Box::new))
        }
        (_, Content::Model) => open_model(path, order.networks, data),
        (_, Content::Spec) => {
            let spec = open_spec(path, NetworkSpec::from_json);
            Done::Spec(order.networks, spec.map(|spec| (path.to_owned(), spec)))
        }
        (Some(FileKind::Photograph), Content::Picture) => {
            let photo = picture::open_colors(path).map(|photo| Photo::new(file_name(path), &photo));
            Done::Photograph(order.photographs, photo.map_err(|e| e.say()))
        }
        (_, Content::Picture) => match picture::open(path) {
            Ok(grey) => Done::Picture(order.images, Ok(with_ground(file_name(path), &grey))),
            Err(e) => failed(match e {
                crate::data::DataError::NotAPicture { .. } => Sentence::new(
                    "{file} is neither a picture (PNG, JPEG, BMP, GIF, WebP, TIFF or SVG) nor a data set, model, spec, state or lesson",
                )
                .with("file", path.display()),
                e => e.say(),
            }),
        },
    }
}

/// Looks at the first bytes of a file.
fn content(path: &Path) -> Result<Content, Sentence> {
    let cannot = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Sentence::new("{file} does not exist").with("file", path.display())
        }
        _ => Sentence::new("{file} cannot be read: {reason}").with("file", path.display()).with("reason", e),
    };
    let metadata = fs::metadata(path).map_err(cannot)?;
    if metadata.is_dir() {
        return Ok(Content::Folder);
    }
    if !metadata.is_file() {
        // A device or a pipe may never end.
        return Err(Sentence::new("{file} is not a regular file").with("file", path.display()));
    }
    let mut first = Vec::new();
    File::open(path).and_then(|file| file.take(64).read_to_end(&mut first)).map_err(cannot)?;
    if String::from_utf8_lossy(&first).contains(&format!("\"{}\"", hand_in::FORMAT)) {
        return Err(Sentence::new(
            "{file} is a hand-in: convlens mark, in a terminal, marks all hand-ins of a folder",
        )
        .with("file", path.display()));
    }
    let is_named_model = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("safetensors"));
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first).trim_ascii_start();
    Ok(if is_named_model || is_safetensors(&first, metadata.len()) {
        Content::Model
    } else if text.starts_with(b"{") && state_file::is_state(text) {
        Content::State
    } else if text.starts_with(b"+++") {
        Content::Lesson
    } else if text.starts_with(b"{") {
        Content::Spec
    } else {
        Content::Picture
    })
}

/// A safetensors file begins with the length of its header, which is JSON.
fn is_safetensors(first: &[u8], length: u64) -> bool {
    let Some((header, rest)) = first.split_first_chunk::<8>() else { return false };
    u64::from_le_bytes(*header) < length && rest.first() == Some(&b'{')
}

/// Reads the data set in a folder or file.
pub fn open_data_set(path: &Path, number: u64, choices: &Choices) -> Done {
    let opened = formats::open(path, choices).map(|opened| (opened.data, Some(path.to_owned())));
    Done::Data(number, opened.map_err(|e| e.say()))
}

/// Reads it to be shown before it is opened.
fn preview_data_set(path: &Path, number: u64) -> Done {
    let choices = Choices::default();
    let opened = formats::open(path, &choices).map(Box::new).map_err(|e| e.say());
    Done::Preview(number, path.to_owned(), choices, opened)
}

/// Reads a model, and its training state if that can be resumed on `data`.
fn open_model(path: &Path, number: u64, data: Option<&DataSet>) -> Done {
    if let Some(data) = data
        && model_file::training_path(path).exists()
        && let Ok(checkpoint) = Checkpoint::load(path)
        && checkpoint.check_data(data).is_ok()
        && let Ok(initial) = checkpoint.initial_network()
    {
        return Done::Run(number, path.to_owned(), Box::new(checkpoint), initial);
    }
    let opened = model_file::load(path, None).map(|network| (path.to_owned(), network));
    Done::Model(number, opened.map_err(|e: ModelError| e.say()))
}

fn open_spec(
    path: &Path,
    read: impl Fn(&str) -> Result<NetworkSpec, SpecError>,
) -> Result<NetworkSpec, Sentence> {
    let of = |key| Sentence::new(key).with("file", path.display());
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MAX_SPEC_BYTES + 1).read_to_string(&mut text))
        .map_err(|e| of("{file} cannot be read: {reason}").with("reason", e))?;
    if text.len() as u64 > MAX_SPEC_BYTES {
        return Err(
            of("{file} is longer than {bytes} bytes, the limit for a spec").with("bytes", MAX_SPEC_BYTES)
        );
    }
    read(&text).map_err(|e| of("{file}: {reason}").part("reason", e.say()))
}

/// A picture's ink and its background.
pub fn with_ground(name: String, grey: &GrayImage) -> (String, GrayImage, PictureGround) {
    let (ink, is_ink_dark) = picture::to_ink_with_tone(grey);
    (name, ink, PictureGround::of_picture(is_ink_dark))
}

/// The last part of a path, for captions.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Adds the extension to the path to save to, and checks whether the file exists. `names` are the files of an exported set.
pub fn check_target(kind: FileKind, asked: &Path, names: &[&str]) -> Result<SaveTarget, Sentence> {
    let path = with_extension(kind, asked.to_owned());
    let of = |key| Sentence::new(key).with("file", asked.display());
    if matches!(kind, FileKind::Drawings | FileKind::Worksheets) {
        if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(of(match kind {
                FileKind::Drawings => "{file} is a file; drawings are exported to a folder",
                _ => "{file} is a file; worksheets are written to a folder",
            }));
        }
        let exists = names.iter().any(|name| path.join(name).exists());
        return Ok(SaveTarget { path, exists });
    }
    if asked.is_dir() || path.is_dir() {
        return Err(of("{file} is a folder: add the name of the file"));
    }
    crate::files::check_writable(&path)
        .map_err(|e| of("{file} cannot be written: {reason}").with("reason", e))?;
    let is_network = matches!(kind, FileKind::SaveModel | FileKind::SaveRun);
    let state = (kind == FileKind::SaveModel).then(|| model_file::training_path(&path));
    let beside = if is_network { companion(&path).or(state) } else { None };
    let exists = path.exists() || beside.is_some_and(|beside| beside.exists());
    Ok(SaveTarget { path, exists })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::presets;

    #[test]
    fn files_are_recognised_by_their_content() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        };
        let spec = presets::lenet5_relu().spec;
        let model = model_file::to_bytes("m", &model_file::shipped().unwrap()).unwrap();
        let json = spec.to_json();
        for (name, bytes, expected) in [
            ("m1", &model[..], Content::Model),
            ("digit.png", &model[..], Content::Model),
            ("net.txt", json.as_bytes(), Content::Spec),
            ("net", format!("\u{feff} \n{json}").as_bytes(), Content::Spec),
            ("m.safetensors", b"", Content::Model),
            ("notes.txt", b"hello", Content::Picture),
            ("empty", b"", Content::Picture),
        ] {
            assert_eq!(content(&write(name, bytes)), Ok(expected), "{name}");
        }
        assert_eq!(content(folder.path()), Ok(Content::Folder));
        let missing = content(&folder.path().join("none")).unwrap_err().to_string();
        assert!(missing.ends_with("none does not exist"), "{missing}");
    }
}
