//! CIFAR-10 and CIFAR-100 in their binary version: records of a label (CIFAR-100: two) and 32×32 pixels in three planes.

use std::{fs, io::BufRead, path::Path};

use super::{
    found::Found,
    listing::{Listing, file_name, form, has_extension},
    report::{Choices, Report},
};
use crate::{
    data::{
        DataError, Split,
        packed::{MAX_BYTES, Packed},
    },
    text::{ClassNames, Sentence},
};

/// Height and width of an image in pixels.
const SIDE: usize = 32;
const PIXELS: usize = 3 * SIDE * SIDE;
/// The longest list of class names, in bytes.
const MAX_NAMES: u64 = 1 << 16;

/// Whether these are the files of a set.
pub(super) fn is_set(files: &[String]) -> bool {
    files.iter().any(|file| is_train(file)) && files.iter().any(|file| is_test(file))
}

fn is_train(file: &str) -> bool {
    let name = file.strip_suffix(".gz").unwrap_or(file);
    (name.starts_with("data_batch_") && has_extension(name, "bin")) || name == "train.bin"
}

fn is_test(file: &str) -> bool {
    matches!(file.strip_suffix(".gz").unwrap_or(file), "test_batch.bin" | "test.bin")
}

/// What to say of CIFAR's files for Python.
pub(super) fn for_python(folder: &Path, files: &[String]) -> Option<DataError> {
    let is_pickle = files.iter().any(|file| file == "data_batch_1" || file == "batches.meta");
    is_pickle.then(|| {
        form(folder, Sentence::new("holds CIFAR's version for Python, which only Python can read: download the binary version (data_batch_1.bin)"))
    })
}

/// Reads a folder of binary files.
pub(super) fn read(folder: &Path, choices: &Choices) -> Result<Found, DataError> {
    let mut report = Report::new("CIFAR's binary files", choices);
    let files = Listing::of(folder)?.files;
    let is_fine = files.iter().any(|file| file.starts_with("train.bin"));
    let part = |is_part: &dyn Fn(&str) -> bool| {
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for file in files.iter().filter(|file| is_part(file)) {
            let file = Packed::open(&folder.join(file))?;
            read_batch(file, if is_fine { 2 } else { 1 }, &mut pixels, &mut labels)?;
        }
        let name = folder.display().to_string();
        Split::with_channels(&name, pixels, labels, (3, SIDE, SIDE))
    };
    let (train, test) = (part(&is_train)?, part(&is_test)?);
    let names = ["batches.meta.txt", "fine_label_names.txt"].map(|name| folder.join(name));
    let classes = match names.iter().find(|path| path.is_file()) {
        Some(path) => {
            let unreadable = |reason| DataError::Read { name: path.display().to_string(), reason };
            let length = fs::metadata(path).map_err(unreadable)?.len();
            if length > MAX_NAMES {
                let reason =
                    Sentence::new("is {bytes} bytes long, but a list of class names has at most {most}");
                return Err(form(path, reason.with("bytes", length).with("most", MAX_NAMES)));
            }
            let text = String::from_utf8_lossy(&fs::read(path).map_err(unreadable)?).into_owned();
            report.notes.push(Sentence::new("class names from {file}").with("file", file_name(path)));
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            ClassNames::new(lines.take(256).map(str::to_owned))
        }
        None => ClassNames::default(),
    };
    Ok(Found { train, test: Some(test), classes, report })
}

/// Adds the records of a file. Of two labels, the second is the finer one.
fn read_batch(
    mut file: Packed<impl BufRead>,
    label_bytes: usize,
    pixels: &mut Vec<u8>,
    labels: &mut Vec<u8>,
) -> Result<(), DataError> {
    let record = label_bytes + PIXELS;
    let mut bytes = vec![0; record];
    let mut count = 0;
    loop {
        let filled = file.read_some(&mut bytes)?;
        if filled == 0 {
            return Ok(());
        }
        if filled < record {
            let reason = Sentence::new(
                "ends after {bytes} bytes of image {image}, but every image takes {record} bytes",
            );
            let reason = reason.with("bytes", filled).with("image", count).with("record", record);
            return Err(DataError::Form { name: file.name, reason });
        }
        if pixels.len() + PIXELS > MAX_BYTES {
            let claim = Sentence::new("more than {count} images of {shape}")
                .with("count", count)
                .with("shape", "3×32×32");
            return Err(DataError::TooLarge { name: file.name, claim, limit: "1 GiB of pixels" });
        }
        labels.push(bytes[label_bytes - 1]);
        pixels.extend_from_slice(&bytes[label_bytes..]);
        count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataSet;

    fn record(label: u8) -> Vec<u8> {
        [vec![label], (0..PIXELS).map(|at| (at / (SIDE * SIDE)) as u8 * 100).collect()].concat()
    }

    #[test]
    fn batches_are_joined_and_classes_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        write("data_batch_1.bin", &[record(0), record(1)].concat());
        write("data_batch_2.bin", &record(1));
        write("test_batch.bin", &record(0));
        write("batches.meta.txt", b"airplane\nautomobile\n\n");
        let set = DataSet::read_dir(folder.path()).unwrap();
        assert_eq!(
            (set.train.len(), set.test.len(), set.train.channels(), set.train.height()),
            (3, 1, 3, 32)
        );
        assert_eq!(
            (set.train.labels(), set.classes.list()),
            (&[0, 1, 1][..], &["airplane".into(), "automobile".into()][..])
        );
        assert_eq!((set.train.image(0)[0], set.train.image(0)[3071]), (0, 200));
    }

    #[test]
    fn a_cut_file_is_an_error_at_every_place() {
        let whole = [record(3), record(4)].concat();
        for end in 0..whole.len() {
            let (mut pixels, mut labels) = (Vec::new(), Vec::new());
            let file = Packed::new("f".into(), &whole[..end], end as u64).unwrap();
            let read = read_batch(file, 1, &mut pixels, &mut labels);
            assert_eq!(read.is_ok(), end.is_multiple_of(PIXELS + 1), "{end}");
        }
        let file = Packed::new("f".into(), &whole[..4000], 4000).unwrap();
        let error = read_batch(file, 1, &mut Vec::new(), &mut Vec::new()).unwrap_err().to_string();
        assert_eq!(error, "f: ends after 927 bytes of image 1, but every image takes 3073 bytes");
    }

    #[test]
    fn the_version_for_python_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("data_batch_1"), b"\x80\x02").unwrap();
        let said = DataSet::read_dir(folder.path()).unwrap_err().to_string();
        assert!(said.contains("download the binary version"), "{said}");
    }
}
