//! Sets as NumPy's arrays: an archive (`.npz`) with arrays such as `x_train`, or a folder of them.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use zip::ZipArchive;

use super::{
    found::Found,
    listing::{Listing, file_name, form, has_extension},
    npy::{Header, Kind, read_header, shape_in_words},
    report::{Choices, Report},
};
use crate::{
    data::{
        DataError, Split,
        idx::planes_of,
        packed::{MAX_BYTES, MAX_EXPANSION, foreign_kind, open_file},
    },
    text::{ClassNames, Sentence},
};

/// The longest file: pixels as 64-bit floats.
const MAX_FILE: u64 = 8 * MAX_BYTES as u64 + (1 << 16);
/// The most arrays of an archive that are looked at.
const MAX_ARRAYS: usize = 64;
/// Values up to this are stretched to the range of a byte, as in the digits of scikit-learn, 0 to 16.
const FAINT: u8 = 16;

/// What an array is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Train,
    Validation,
    Test,
    All,
}

/// An array of the set.
#[derive(Clone, Debug)]
struct Array {
    file: PathBuf,
    /// Its number in an archive.
    entry: Option<usize>,
    /// What errors call it.
    name: String,
    part: Part,
    is_labels: bool,
}

/// Whether a folder has arrays of a set.
pub(super) fn is_set(files: &[String]) -> bool {
    files.iter().any(|file| has_extension(file, "npz") || has_extension(file, "npy"))
}

/// Reads all arrays of a folder.
pub(super) fn read_folder(folder: &Path, files: &[String], choices: &Choices) -> Result<Found, DataError> {
    let mut arrays = Vec::new();
    for file in files {
        let path = folder.join(file);
        if has_extension(file, "npz") {
            arrays.extend(in_archive(&path)?);
        } else if has_extension(file, "npy") {
            let name = path.display().to_string();
            arrays.extend(role(stem(file), "").map(|(part, is_labels)| Array {
                file: path,
                entry: None,
                name,
                part,
                is_labels,
            }));
        }
    }
    read(folder, &arrays, choices)
}

/// Reads an archive.
pub(super) fn read_file(path: &Path, choices: &Choices) -> Result<Found, DataError> {
    let arrays = in_archive(path)?;
    if arrays.iter().all(|array| array.is_labels) || arrays.iter().all(|array| !array.is_labels) {
        // Images and labels in two archives, as KMNIST has them.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let files = Listing::of(folder)?.files;
        return read_folder(folder, &files, choices);
    }
    read(path, &arrays, choices)
}

fn archive(path: &Path) -> Result<ZipArchive<BufReader<File>>, DataError> {
    let unreadable = |reason| DataError::Read { name: path.display().to_string(), reason };
    let mut file = open_file(path, MAX_FILE).map_err(unreadable)?;
    let mut first = [0; 64];
    let read = file.read(&mut first).map_err(unreadable)?;
    if let Some(kind) = foreign_kind(&first[..read]).filter(|_| !first.starts_with(b"PK")) {
        return Err(form(
            path,
            Sentence::new("is {kind}, not what its name says").part("kind", Sentence::new(kind)),
        ));
    }
    ZipArchive::new(BufReader::new(file))
        .map_err(|e| form(path, Sentence::new("is not a complete .npz archive: {reason}").with("reason", e)))
}

fn in_archive(path: &Path) -> Result<Vec<Array>, DataError> {
    let archive = archive(path)?;
    let own = stem(&file_name(path)).to_owned();
    let mut arrays = Vec::new();
    for (entry, name) in archive.file_names().enumerate().take(MAX_ARRAYS) {
        let Ok(name) = name else { continue };
        let Some((part, is_labels)) = role(stem(&name), &own) else { continue };
        let entry = Some(entry);
        let name = format!("{}, {name}", path.display());
        arrays.push(Array { file: path.to_owned(), entry, name, part, is_labels });
    }
    Ok(arrays)
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// What an array is, by its name; what its name leaves open is told by that of its archive.
fn role(name: &str, archive: &str) -> Option<(Part, bool)> {
    let words = |text: &str| {
        let text = text.to_lowercase().replace("train", "_train_").replace("test", "_test_");
        text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
    };
    let find = |words: &[String], of: &[&str]| words.iter().any(|word| of.contains(&word.as_str()));
    let is_labels = |words: &[String]| {
        if find(words, &["y", "labels", "label", "targets", "target", "classes", "class"]) {
            Some(true)
        } else {
            find(words, &["x", "images", "image", "imgs", "img", "data", "pixels", "features"])
                .then_some(false)
        }
    };
    let part = |words: &[String]| {
        if find(words, &["train", "training"]) {
            Some(Part::Train)
        } else if find(words, &["test", "testing", "t10k"]) {
            Some(Part::Test)
        } else {
            find(words, &["val", "valid", "validation"]).then_some(Part::Validation)
        }
    };
    let (own, outer) = (words(name), words(archive));
    let is_labels = is_labels(&own).or_else(|| is_labels(&outer))?;
    Some((part(&own).or_else(|| part(&outer)).unwrap_or(Part::All), is_labels))
}

fn read(path: &Path, arrays: &[Array], choices: &Choices) -> Result<Found, DataError> {
    let mut report = Report::new("NumPy's arrays", choices);
    let has = |part| arrays.iter().any(|array| array.part == part);
    let (train, test) = match (has(Part::Train), has(Part::Test), has(Part::Validation)) {
        (true, true, true) => {
            for array in arrays.iter().filter(|array| array.part == Part::Validation) {
                report.skip(
                    array.name.clone(),
                    Sentence::new("validation images, since there are test images"),
                );
            }
            (Part::Train, Some(Part::Test))
        }
        (true, true, false) => (Part::Train, Some(Part::Test)),
        (true, false, true) => (Part::Train, Some(Part::Validation)),
        (true, false, false) => (Part::Train, None),
        _ => (Part::All, None),
    };
    let split = |part, report: &mut Report| {
        let find = |is_labels: bool| {
            let found = arrays.iter().find(|array| array.part == part && array.is_labels == is_labels);
            found.ok_or_else(|| {
                form(
                    path,
                    Sentence::new(
                        "has no array of {what}: arrays are called x_train, y_train, x_test and y_test, or images and labels",
                    )
                    .part("what", Sentence::new(if is_labels { "labels" } else { "images" })),
                )
            })
        };
        let (images, labels) = (find(false)?, find(true)?);
        let (pixels, shape, note) = read_images(images)?;
        for note in note.into_iter().filter(|note| !report.notes.contains(note)).collect::<Vec<_>>() {
            report.notes.push(note);
        }
        let both = format!("{} with {}", images.name, labels.name);
        Split::with_channels(&both, pixels, read_labels(labels)?, shape)
    };
    let train = split(train, &mut report)?;
    let test = test.map(|test| split(test, &mut report)).transpose()?;
    Ok(Found { train, test, classes: ClassNames::default(), report })
}

impl Array {
    /// Reads the array's header, then what `take` makes of the rest.
    fn read<T>(
        &self,
        take: impl FnOnce(&Header, &mut dyn Read) -> Result<T, Sentence>,
    ) -> Result<T, DataError> {
        let wrong = |reason| DataError::Form { name: self.name.clone(), reason };
        let read = |file: &mut dyn Read, most: u64| {
            let mut file = file;
            let header = read_header(&mut file, most)?;
            take(&header, file)
        };
        let Some(entry) = self.entry else {
            let unreadable = |reason| DataError::Read { name: self.name.clone(), reason };
            let file = open_file(&self.file, MAX_FILE).map_err(unreadable)?;
            let most = file.metadata().map_err(unreadable)?.len();
            return read(&mut BufReader::with_capacity(1 << 16, file), most).map_err(wrong);
        };
        let mut archive = archive(&self.file)?;
        let mut file = archive
            .by_index(entry)
            .map_err(|e| wrong(Sentence::new("cannot be unpacked: {reason}").with("reason", e)))?;
        let most = file.size().min(file.compressed_size().saturating_mul(MAX_EXPANSION as u64));
        read(&mut file, most).map_err(wrong)
    }
}

/// Pixels, (channels, height, width), and what was understood of their values.
type Images = (Vec<u8>, (usize, usize, usize), Option<Sentence>);

fn read_images(array: &Array) -> Result<Images, DataError> {
    let range = array.read(|header, file| {
        layout(&header.shape)?;
        if header.kind != Kind::Float {
            return Ok(Range::Bytes);
        }
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut file = file;
        header.for_each(&mut file, |number, value| {
            if !value.is_finite() {
                return Err(Sentence::new(
                    "has the value {value} at number {number}, but values must be finite",
                )
                .with("value", value)
                .with("number", number));
            }
            (least, most) = (least.min(value), most.max(value));
            Ok(())
        })?;
        Ok(match (least >= 0.0, most <= 1.0) {
            (true, true) => Range::Unit,
            (false, true) if least >= -1.0 => Range::Signed,
            _ => Range::Bytes,
        })
    })?;
    array.read(|header, file| {
        let (shape, is_last) = layout(&header.shape)?;
        let mut file = file;
        let pixels = if header.size == 1 && matches!(header.kind, Kind::Unsigned) {
            header.bytes(&mut file)?
        } else {
            let mut pixels = Vec::with_capacity(header.count());
            header.for_each(&mut file, |number, value| {
                let byte = match range {
                    Range::Unit => value * 255.0,
                    Range::Signed => (value + 1.0) * 127.5,
                    Range::Bytes => value,
                };
                if !(0.0..=255.0).contains(&byte.round()) {
                    return Err(Sentence::new(
                        "has the value {value} at number {number}, but pixels must be from 0 to 255, or floats from 0 to 1",
                    )
                    .with("value", value)
                    .with("number", number));
                }
                pixels.push(byte.round() as u8);
                Ok(())
            })?;
            pixels
        };
        let (channels, height, width) = shape;
        let mut pixels =
            if is_last { planes_of(pixels, channels, channels * height * width) } else { pixels };
        let note = match range {
            Range::Unit => Some(Sentence::new("values are floats from 0 to 1")),
            Range::Signed => Some(Sentence::new("values are floats from −1 to 1, of which −1 became background")),
            Range::Bytes => stretch(&mut pixels),
        };
        Ok((pixels, shape, note))
    })
}

/// The values that pixels have in a file.
#[derive(Clone, Copy)]
enum Range {
    Unit,
    Signed,
    Bytes,
}

/// Stretches values that use only the lowest of a byte; says so if it did.
pub(super) fn stretch(pixels: &mut [u8]) -> Option<Sentence> {
    let most = pixels.iter().max().copied().filter(|&most| (1..=FAINT).contains(&most))?;
    let full = if most == 1 { 1 } else { FAINT };
    for pixel in pixels {
        *pixel = (u32::from(*pixel) * 255 / u32::from(full)) as u8;
    }
    Some(Sentence::new("values from 0 to {most} were stretched to 255").with("most", full))
}

/// (channels, height, width) of images of this shape, and whether the channels come last.
fn layout(shape: &[usize]) -> Result<((usize, usize, usize), bool), Sentence> {
    let found = match *shape {
        [_, height, width] => Some(((1, height, width), false)),
        [_, height, width, channels @ (1 | 3)] => Some(((channels, height, width), true)),
        [_, channels @ (1 | 3), height, width] => Some(((channels, height, width), false)),
        [_, pixels] => square(pixels).map(|shape| (shape, false)),
        _ => None,
    };
    found.filter(|((_, height, width), _)| *height > 0 && *width > 0).ok_or_else(|| {
        Sentence::new(
            "has the shape {shape}, but images have (N, height, width), (N, height, width, channels) or (N, channels, height, width), with 1 or 3 channels",
        )
        .with("shape", shape_in_words(shape))
    })
}

/// The shape of square images of so many values: grey, or else in colour.
pub(super) fn square(values: usize) -> Option<(usize, usize, usize)> {
    [1, 3].into_iter().find_map(|channels| {
        let side = (values / channels).isqrt();
        (side > 1 && channels * side * side == values).then_some((channels, side, side))
    })
}

/// A class for each image: (N), (N, 1), or one of K values for each class (N, K), of which the largest counts.
fn read_labels(array: &Array) -> Result<Vec<u8>, DataError> {
    array.read(|header, file| {
        let wrong_shape = || {
            Sentence::new("has the shape {shape}, but labels have (N) or (N, 1)")
                .with("shape", shape_in_words(&header.shape))
        };
        let columns = match *header.shape {
            [_] | [_, 1] => 1,
            [_, columns @ 2..=256] => columns,
            _ => return Err(wrong_shape()),
        };
        let mut labels = Vec::with_capacity(header.count() / columns);
        let mut best = f64::NEG_INFINITY;
        let mut file = file;
        header.for_each(&mut file, |number, value| {
            if columns == 1 {
                if value.fract() != 0.0 || !(0.0..=254.0).contains(&value) {
                    return Err(Sentence::new(
                        "the label of image {image} is {label}, but must be a whole number from 0 to 254",
                    )
                    .with("image", number)
                    .with("label", value));
                }
                labels.push(value as u8);
                return Ok(());
            }
            let class = number % columns;
            if class == 0 {
                best = f64::NEG_INFINITY;
                labels.push(0);
            }
            if value > best {
                best = value;
                if let Some(label) = labels.last_mut() {
                    *label = class as u8;
                }
            }
            Ok(())
        })?;
        Ok(labels)
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::data::{DataSet, formats::npy::written};

    fn npz(arrays: &[(&str, Vec<u8>)], is_packed: bool) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let method =
            if is_packed { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
        for (name, bytes) in arrays {
            zip.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(method))
                .unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn floats(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    fn open(bytes: &[u8]) -> Result<crate::data::formats::Opened, DataError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set.npz");
        std::fs::write(&path, bytes).unwrap();
        crate::data::formats::open(&path, &Choices::default())
    }

    fn keras(is_packed: bool) -> Vec<u8> {
        npz(
            &[
                ("x_train.npy", written("|u1", &[3, 2, 2], &(100..112).collect::<Vec<_>>())),
                ("y_train.npy", written("<i8", &[3], &[1_i64, 0, 4].map(i64::to_le_bytes).concat())),
                ("x_test.npy", written("|u1", &[1, 2, 2], &[5, 6, 7, 8])),
                ("y_test.npy", written("|u1", &[1, 1], &[2])),
            ],
            is_packed,
        )
    }

    #[test]
    fn an_archive_as_keras_has_it_is_read() {
        for is_packed in [false, true] {
            let data = open(&keras(is_packed)).unwrap().data;
            assert_eq!(
                (data.train.labels(), data.train.image(2)),
                (&[1, 0, 4][..], &[108, 109, 110, 111][..])
            );
            assert_eq!((data.test.labels(), data.name.as_str()), (&[2][..], "set.npz"));
        }
    }

    #[test]
    fn names_shapes_and_ranges_are_understood() {
        let labels = || ("labels.npy", written("|u1", &[2], &[1, 0]));
        let colors: Vec<u8> = (0..24).map(|value| value + 100).collect();
        let last = npz(&[("images.npy", written("|u1", &[2, 2, 2, 3], &colors)), labels()], true);
        let first = npz(&[("images.npy", written("|u1", &[2, 3, 2, 2], &colors)), labels()], true);
        let (last, first) = (open(&last).unwrap(), open(&first).unwrap());
        assert!(last.report.offers.split && last.data.train.channels() == 3);
        let of = |data: &DataSet, label| {
            [&data.train, &data.test]
                .into_iter()
                .find(|s| s.label(0) == label)
                .map(|s| s.image(0).to_vec())
                .unwrap()
        };
        assert_eq!(of(&last.data, 1)[..5], [100, 103, 106, 109, 101]);
        assert_eq!(of(&first.data, 1)[..5], [100, 101, 102, 103, 104]);
        for (values, expected) in [
            ([0.0, 0.5, 1.0, 0.25], [0, 128, 255, 64]),
            ([-1.0, 0.0, 1.0, 0.5], [0, 128, 255, 191]),
            ([0.0, 9.0, 254.6, 30.0], [0, 9, 255, 30]),
        ] {
            let both = [values, values].concat();
            let set = npz(&[("X.npy", written("<f4", &[2, 4], &floats(&both))), ("y.npy", labels().1)], true);
            assert_eq!(of(&open(&set).unwrap().data, 0), expected);
        }
        let hot = floats(&[0.0, 0.0, 1.0, 0.9, 0.1, 0.0]);
        let set = npz(
            &[
                ("data.npy", written("|u1", &[2, 2, 2], &[16; 8])),
                ("target.npy", written("<f4", &[2, 3], &hot)),
            ],
            true,
        );
        let opened = open(&set).unwrap();
        assert_eq!(opened.data.class_count(), 3);
        assert_eq!(opened.data.train.image(0), [255; 4], "stretched");
        assert_eq!(role("train-imgs", ""), Some((Part::Train, false)));
        assert_eq!(role("arr_0", "kmnist-test-labels"), Some((Part::Test, true)));
        assert_eq!(role("xtrain", ""), Some((Part::Train, false)));
        assert_eq!(role("val_images", "pathmnist"), Some((Part::Validation, false)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let say = |arrays: &[(&str, Vec<u8>)]| open(&npz(arrays, true)).unwrap_err().to_string();
        let images = || ("x_train.npy", written("|u1", &[2, 2, 2], &[9; 8]));
        assert!(
            say(&[images(), ("y_train.npy", written("<f4", &[2], &floats(&[0.0, 1.5])))])
                .contains("set.npz, y_train.npy: the label of image 1 is 1.5, but must be a whole number")
        );
        assert!(
            say(&[images(), ("y_train.npy", written("|u1", &[3], &[0; 3]))])
                .contains("has 2 images but 3 labels")
        );
        assert!(
            say(&[
                ("x_train.npy", written("<f4", &[1, 4], &floats(&[0.0, -7.0, 0.0, 0.0]))),
                ("y_train.npy", written("|u1", &[1], &[0]))
            ])
            .contains("has the value -7 at number 1, but pixels must be")
        );
        assert!(
            say(&[
                ("x_train.npy", written("|u1", &[2, 5], &[0; 10])),
                ("y_train.npy", written("|u1", &[2], &[0; 2]))
            ])
            .contains("has the shape (2, 5), but images have")
        );
        let web = open(b"<!DOCTYPE html><html>").unwrap_err().to_string();
        assert!(web.contains("set.npz: is a web page"), "{web}");
    }

    #[test]
    fn a_damaged_archive_never_panics() {
        let file = keras(true);
        for end in 0..file.len() {
            open(&file[..end]).unwrap_err();
        }
        for bit in (0..file.len() * 8).step_by(3) {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            drop(open(&flipped));
        }
    }
}
