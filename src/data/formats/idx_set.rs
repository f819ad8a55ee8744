//! Sets of IDX files with the names of MNIST, EMNIST or QMNIST.

use std::{fs::File, io::Read, path::Path};

use super::{
    found::Found,
    listing::form,
    report::{self, Choices, Report},
};
use crate::{
    data::{DataError, Split, idx, packed::Packed},
    text::{ClassNames, Sentence},
};

/// The longest list of EMNIST's characters, in bytes.
const MAX_MAPPING: u64 = 1 << 16;
/// The 47 characters of EMNIST's `balanced` and `bymerge`.
const BALANCED: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt";
/// The 62 characters of EMNIST's `byclass`.
const BY_CLASS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// EMNIST's `letters`, whose labels are 1 to 26.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The files of a set: what their names begin with, before `train` or `test`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    base: String,
}

impl Set {
    fn is_emnist(&self) -> bool {
        self.base.starts_with("emnist-")
    }
}

/// The set in a folder, if there is one.
///
/// # Errors
/// If there are several.
pub(super) fn find(folder: &Path, files: &[String]) -> Result<Option<Set>, DataError> {
    let mut sets: Vec<Set> = files.iter().filter_map(|file| named(file)).collect();
    sets.sort_by(|a, b| a.base.cmp(&b.base));
    sets.dedup();
    // MNIST's own names have no base, and are first.
    match sets.as_slice() {
        [first, second, ..] if !first.base.is_empty() => {
            let name = |set: &Set| set.base.trim_end_matches('-').to_owned();
            let (first, second) = (name(first), name(second));
            Err(DataError::SeveralSets { folder: folder.display().to_string(), first, second })
        }
        sets => Ok(sets.first().cloned()),
    }
}

/// The set that a file belongs to by its name.
pub(super) fn named(file: &str) -> Option<Set> {
    let file = file.strip_suffix(".gz").unwrap_or(file);
    let stem = ["idx3-ubyte", "idx4-ubyte", "idx1-ubyte", "idx2-int"]
        .into_iter()
        .find_map(|kind| file.strip_suffix(kind)?.strip_suffix(['-', '.']))?;
    let part = stem.strip_suffix("-images").or_else(|| stem.strip_suffix("-labels"))?;
    let base = ["train", "t10k", "test"].into_iter().find_map(|name| part.strip_suffix(name))?;
    (base.is_empty() || base.ends_with('-')).then(|| Set { base: base.to_owned() })
}

/// What to say of a folder that holds no set at all.
pub(super) fn missing(folder: &Path, files: &[String]) -> DataError {
    let reason = Sentence::new(
        "contains no data set among its {files} files: neither IDX files such as train-images-idx3-ubyte, nor CIFAR's binary files, class folders of pictures, CSV or NumPy files",
    );
    form(folder, reason.with("files", files.len()))
}

/// Reads the files of a set: training images and labels, test images and labels. EMNIST stores its images column by
/// column; they are transposed.
pub(super) fn read(folder: &Path, set: &Set, choices: &Choices) -> Result<Found, DataError> {
    let mut report = Report::new(report::IDX, choices);
    let mut train = read_split(folder, &format!("{}train", set.base))?;
    let tests = ["t10k", "test"].map(|part| format!("{}{part}", set.base));
    let is_there = |stem: &String| find_file(folder, stem, "images", &["idx3-ubyte", "idx4-ubyte"]).is_some();
    let usual = if set.base.is_empty() { &tests[0] } else { &tests[1] };
    let mut test = read_split(folder, tests.iter().find(|stem| is_there(stem)).unwrap_or(usual))?;
    if set.is_emnist() {
        train.transpose();
        test.transpose();
        report.notes.push(Sentence::new("EMNIST's images lie on their side and were turned upright"));
    }
    let classes = if set.is_emnist() { characters(folder, set, &[&train, &test])? } else { Vec::new() };
    let smallest = train.labels().iter().chain(test.labels()).min().copied().unwrap_or_default();
    // The characters of `letters` begin at label 1.
    let first = classes.first().map_or(0, |&(label, _)| label);
    if first > 0 && smallest >= first {
        train.lower_labels(first);
        test.lower_labels(first);
        report.notes.push(
            Sentence::new(
                "labels begin at {first}: they were lowered by {first}, so that classes begin at 0",
            )
            .with("first", first),
        );
    }
    let classes = ClassNames::new(classes.into_iter().map(|(_, name)| name));
    Ok(Found { train, test: Some(test), classes, report })
}

fn read_split(folder: &Path, stem: &str) -> Result<Split, DataError> {
    let missing = |file: String| DataError::MissingFile { folder: folder.display().to_string(), file };
    let images = find_file(folder, stem, "images", &["idx3-ubyte", "idx4-ubyte"])
        .ok_or_else(|| missing(format!("{stem}-images-idx3-ubyte")))?;
    let images = Packed::open(&images)?;
    let name = images.name.clone();
    let maps = idx::read_maps(images)?;
    if maps.pixels.is_empty() {
        return Err(DataError::NoImages { name });
    }
    let labels = find_file(folder, stem, "labels", &["idx1-ubyte", "idx2-int"])
        .ok_or_else(|| missing(format!("{stem}-labels-idx1-ubyte")))?;
    let labels = Packed::open(&labels)?;
    let both = format!("{name} with {}", labels.name);
    Split::with_channels(&both, maps.pixels, idx::read_classes(labels)?, maps.shape)
}

/// The first that exists of `stem-what-kind`, `stem-what-kind.gz`, and the same with a dot before the kind.
fn find_file(folder: &Path, stem: &str, what: &str, kinds: &[&str]) -> Option<std::path::PathBuf> {
    let names = kinds.iter().flat_map(|kind| {
        ["-", "."].into_iter().flat_map(move |dot| {
            ["", ".gz"].into_iter().map(move |packed| format!("{stem}-{what}{dot}{kind}{packed}"))
        })
    });
    names.map(|name| folder.join(name)).find(|path| path.symlink_metadata().is_ok())
}

/// EMNIST's characters by label, from its mapping file or as they are known.
fn characters(folder: &Path, set: &Set, splits: &[&Split]) -> Result<Vec<(u8, String)>, DataError> {
    let path = folder.join(format!("{}mapping.txt", set.base));
    if path.is_file() {
        let mut text = String::new();
        let unreadable = |reason| DataError::Read { name: path.display().to_string(), reason };
        File::open(&path)
            .and_then(|file| file.take(MAX_MAPPING).read_to_string(&mut text))
            .map_err(unreadable)?;
        return mapping(&text).map_err(|reason| form(&path, reason));
    }
    let known = match set.base.as_str() {
        "emnist-balanced-" | "emnist-bymerge-" => (0, BALANCED),
        "emnist-byclass-" => (0, BY_CLASS),
        "emnist-letters-" => (1, LETTERS),
        _ => return Ok(Vec::new()),
    };
    let (first, characters) = known;
    let fits = splits.iter().all(|split| {
        split.labels().iter().all(|&label| label >= first && usize::from(label - first) < characters.len())
    });
    let characters = characters.chars().enumerate();
    Ok(characters.filter(|_| fits).map(|(at, c)| (at as u8 + first, c.to_string())).collect())
}

/// Reads lines of a label and the codes of its characters; the first character is the name.
fn mapping(text: &str) -> Result<Vec<(u8, String)>, Sentence> {
    let mut names: Vec<(u8, String)> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = || {
            Sentence::new(
                "line {line} is {text}, but must be a label and the code of its character, as in 10 65",
            )
            .with("line", number + 1)
            .with("text", line.chars().take(40).collect::<String>())
        };
        let mut words = line.split_whitespace();
        let label: u8 = words.next().and_then(|word| word.parse().ok()).ok_or_else(wrong)?;
        let code: u32 = words.next().and_then(|word| word.parse().ok()).ok_or_else(wrong)?;
        let character = char::from_u32(code).filter(|c| !c.is_control()).ok_or_else(wrong)?;
        if names.last().is_some_and(|(last, _)| last.checked_add(1) != Some(label)) {
            return Err(Sentence::new("line {line} has label {label}, but labels must follow each other")
                .with("line", number + 1)
                .with("label", label));
        }
        names.push((label, character.to_string()));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::data::{DataSet, formats::open, idx::Images};

    fn write(folder: &Path, images: &str, labels: &str, count: u8, height: usize, width: usize) {
        let pixels = (0..count as usize * height * width).map(|i| i as u8).collect();
        let mut file = File::create(folder.join(format!("{images}-images-idx3-ubyte"))).unwrap();
        idx::write_images(&mut file, &Images { pixels, height, width }).unwrap();
        let mut file = File::create(folder.join(format!("{labels}-labels-idx1-ubyte"))).unwrap();
        idx::write_labels(&mut file, &(0..count).collect::<Vec<_>>()).unwrap();
    }

    fn write_labels(folder: &Path, name: &str, labels: &[u8]) {
        idx::write_labels(&mut File::create(folder.join(name)).unwrap(), labels).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_files_beyond_the_limit_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("train-images-idx3-ubyte");
        std::os::unix::fs::symlink("/dev/zero", &file).unwrap();
        let error = read_split(folder.path(), "train").unwrap_err().to_string();
        assert!(
            error.contains("train-images-idx3-ubyte") && error.contains("is not a regular file"),
            "{error}"
        );
        // A sparse file beyond the limit.
        fs::remove_file(&file).unwrap();
        File::create(&file).unwrap().set_len((1 << 30) + 21).unwrap();
        let error = read_split(folder.path(), "train").unwrap_err().to_string();
        assert!(error.contains("is 1073741845 bytes long"), "{error}");
    }

    #[test]
    fn a_folder_named_as_mnist_is_read() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "train", "train", 5, 2, 3);
        write(folder.path(), "t10k", "t10k", 2, 2, 3);
        let set = DataSet::read_dir(folder.path()).unwrap();
        assert_eq!(set.name, folder.path().file_name().unwrap().to_str().unwrap());
        assert_eq!((set.train.len(), set.test.len(), set.test.height(), set.test.width()), (5, 2, 2, 3));
        assert!(set.classes.is_empty());
        let file = folder.path().join("train-images-idx3-ubyte");
        assert_eq!(DataSet::read_dir(&file).unwrap().train, set.train, "opened by one of its files");
    }

    #[test]
    fn names_with_dots_are_read() {
        for set in ["train", "emnist-letters-train"] {
            let folder = tempfile::tempdir().unwrap();
            for part in [
                set.to_owned(),
                set.replace("emnist-letters-train", "emnist-letters-test").replace("train", "t10k"),
            ] {
                write(folder.path(), &part, &part, 3, 2, 2);
                for kind in ["images-idx3", "labels-idx1"] {
                    let at = |kind: &str| folder.path().join(format!("{part}-{kind}-ubyte"));
                    let dotted = folder.path().join(format!("{part}-{}-ubyte", kind.replace('-', ".")));
                    fs::rename(at(kind), dotted).unwrap();
                }
            }
            assert_eq!(DataSet::read_dir(folder.path()).unwrap().train.len(), 3, "{set}");
        }
    }

    #[test]
    fn a_folder_named_as_emnist_is_read_upright() {
        let folder = tempfile::tempdir().unwrap();
        for part in ["emnist-letters-train", "emnist-letters-test"] {
            write(folder.path(), part, part, 2, 2, 3);
        }
        let set = DataSet::read_dir(folder.path()).unwrap();
        assert_eq!((set.train.height(), set.train.width()), (3, 2));
        assert_eq!(set.train.image(1), [6, 9, 7, 10, 8, 11]);
        write(folder.path(), "emnist-digits-train", "emnist-digits-train", 2, 2, 3);
        let message = DataSet::read_dir(folder.path()).unwrap_err().to_string();
        assert!(message.contains("emnist-digits and emnist-letters"), "{message}");
        write(folder.path(), "emnist-digits-test", "emnist-digits-test", 2, 2, 3);
        let one = folder.path().join("emnist-digits-test-labels-idx1-ubyte");
        assert_eq!(DataSet::read_dir(&one).unwrap().train.len(), 2, "one of several sets");
    }

    #[test]
    fn emnist_has_its_letters() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for part in ["emnist-letters-train", "emnist-letters-test"] {
            write(path, part, part, 3, 2, 2);
            write_labels(path, &format!("{part}-labels-idx1-ubyte"), &[1, 3, 26]);
        }
        // Without a mapping, and with one.
        for mapping in [None, Some(LETTERS)] {
            if let Some(letters) = mapping {
                let line = |(at, c): (usize, char)| {
                    format!("{} {} {}\r\n", at + 1, c as u32, c.to_ascii_lowercase() as u32)
                };
                let text: String = letters.chars().enumerate().map(line).collect();
                fs::write(path.join("emnist-letters-mapping.txt"), text).unwrap();
            }
            let opened = open(path, &Choices::default()).unwrap();
            assert_eq!(opened.data.train.labels(), [0, 2, 25]);
            assert_eq!((opened.data.classes.of(2), opened.data.class_count()), ("C".into(), 26));
            assert_eq!(opened.report.notes.len(), 2);
        }
        for (text, said) in [
            ("1 65\n3 66", "line 2 has label 3"),
            ("1 65\nx", "line 2 is x, but must be"),
            ("1 7", "line 1 is 1 7"),
        ] {
            fs::write(path.join("emnist-letters-mapping.txt"), text).unwrap();
            let message = DataSet::read_dir(path).unwrap_err().to_string();
            assert!(message.contains("mapping.txt: ") && message.contains(said), "{message}");
        }
    }

    #[test]
    fn qmnist_and_colour_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let header = |magic: [u8; 4], sizes: &[u32]| {
            [magic.to_vec(), sizes.iter().flat_map(|size| size.to_be_bytes()).collect()].concat()
        };
        for part in ["qmnist-train", "qmnist-test"] {
            let colors: Vec<u8> = (0..24).collect();
            let images = [header([0, 0, 8, 4], &[2, 3, 2, 2]), colors].concat();
            fs::write(path.join(format!("{part}-images-idx4-ubyte")), images).unwrap();
            let rows: Vec<u8> =
                [[4_u32, 0, 0], [9, 1, 1]].concat().iter().flat_map(|n| n.to_be_bytes()).collect();
            let labels = [header([0, 0, 12, 2], &[2, 3]), rows].concat();
            fs::write(path.join(format!("{part}-labels-idx2-int")), labels).unwrap();
        }
        let set = DataSet::read_dir(path).unwrap();
        assert_eq!((set.train.channels(), set.train.labels()), (3, &[4, 9][..]));
    }

    #[test]
    fn errors_name_the_folder_and_what_is_wrong() {
        let message = |path: &Path| DataSet::read_dir(path).unwrap_err().to_string();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let shown = path.display();
        let missing = |file| format!("{shown}: does not contain {file} or {file}.gz");
        assert!(message(&path.join("nowhere")).contains("nowhere: cannot be read: "));
        assert!(message(path).contains("contains no data set among its 0 files"));
        write(path, "train", "train", 3, 2, 2);
        assert_eq!(message(path), missing("t10k-images-idx3-ubyte"));
        write(path, "t10k", "t10k", 3, 3, 2);
        assert!(message(path).ends_with("images of 2×2 but test images of 3×2; they must have one size"));
        write(path, "t10k", "other", 2, 2, 2);
        assert!(message(path).ends_with("has 2 images but 3 labels; there must be one label per image"));
        write(path, "t10k", "t10k", 0, 2, 2);
        assert!(
            message(path).ends_with("t10k-images-idx3-ubyte: contains no images; at least one is needed")
        );
        fs::write(path.join("t10k-labels-idx1-ubyte"), "<!DOCTYPE html><p>sorry").unwrap();
        write(path, "t10k", "other", 2, 2, 2);
        assert!(message(path).contains("t10k-labels-idx1-ubyte: is a web page (HTML)"));
    }
}
