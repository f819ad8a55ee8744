//! Labelled images in memory, and reading them from a folder of IDX files.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    ops::Range,
    path::Path,
    sync::Arc,
};

use super::{DataError, idx};

/// Labelled images of one size. A pixel is a byte: 0 is background, 255 is full ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Shape (len, height, width).
    images: Vec<u8>,
    labels: Vec<u8>,
    height: usize,
    width: usize,
}

impl Split {
    /// Joins images of shape (len, height, width) with `len` labels. `name` is what errors call the set.
    pub fn new(
        name: &str,
        images: Vec<u8>,
        labels: Vec<u8>,
        height: usize,
        width: usize,
    ) -> Result<Self, DataError> {
        let size = height.saturating_mul(width);
        if size == 0 || !images.len().is_multiple_of(size) {
            return Err(DataError::PixelCount { name: name.into(), pixels: images.len(), height, width });
        }
        let count = images.len() / size;
        if count != labels.len() {
            return Err(DataError::CountMismatch { name: name.into(), images: count, labels: labels.len() });
        }
        Ok(Self { images, labels, height, width })
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The height of every image in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The width of every image in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The pixels of an image, of shape (height, width).
    ///
    /// # Panics
    /// Like indexing, if `index` is not below [`Split::len`].
    pub fn image(&self, index: usize) -> &[u8] {
        let size = self.height * self.width;
        &self.images[index * size..][..size]
    }

    /// The label of an image.
    ///
    /// # Panics
    /// Like indexing, if `index` is not below [`Split::len`].
    pub fn label(&self, index: usize) -> u8 {
        self.labels[index]
    }

    /// The label of every image.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The outputs that a network for these images needs: the largest label plus 1, or 0 without images.
    pub fn classes(&self) -> usize {
        self.labels.iter().max().map_or(0, |&label| label as usize + 1)
    }

    /// A copy of the images in `range`, which is cut at the end of the set.
    #[must_use]
    pub fn take(&self, range: Range<usize>) -> Self {
        let size = self.height * self.width;
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        Self {
            images: self.images[start * size..end * size].to_vec(),
            labels: self.labels[start..end].to_vec(),
            ..*self
        }
    }

    /// [`Split::take`], where `write(index, image, out)` writes each image anew to `out`, which has its size.
    #[must_use]
    pub fn rewritten(&self, range: Range<usize>, write: impl Fn(usize, &[u8], &mut [u8])) -> Self {
        let start = range.start;
        let mut part = self.take(range);
        for (i, out) in part.images.chunks_exact_mut(self.height * self.width).enumerate() {
            write(start + i, self.image(start + i), out);
        }
        part
    }

    /// A copy of the images at `indices`, in that order.
    ///
    /// # Panics
    /// Like indexing, if an index is not below [`Split::len`].
    #[must_use]
    pub fn pick(&self, indices: &[u32]) -> Self {
        let images = indices.iter().flat_map(|&i| self.image(i as usize)).copied().collect();
        let labels = indices.iter().map(|&i| self.label(i as usize)).collect();
        Self { images, labels, ..*self }
    }

    /// A copy with every image changed: `change` reads its pixels and fills those of the copy, both (height, width).
    #[must_use]
    pub fn changed(&self, change: impl Fn(&[u8], &mut [u8])) -> Self {
        let mut copy = self.clone();
        for (index, out) in copy.images.chunks_exact_mut(self.height * self.width).enumerate() {
            change(self.image(index), out);
        }
        copy
    }

    /// Transposes every image.
    fn transpose(&mut self) {
        let (height, width) = (self.height, self.width);
        let mut transposed = vec![0; height * width];
        for image in self.images.chunks_exact_mut(height * width) {
            for (index, value) in transposed.iter_mut().enumerate() {
                *value = image[index % height * width + index / height];
            }
            image.copy_from_slice(&transposed);
        }
        (self.height, self.width) = (width, height);
    }
}

/// Training and test images of one size.
#[derive(Clone, Debug)]
pub struct DataSet {
    /// Its name, such as `MNIST`.
    pub name: String,
    /// Training images.
    pub train: Arc<Split>,
    /// Test images.
    pub test: Arc<Split>,
}

impl DataSet {
    /// Reads the four IDX files of a folder, each plain or `.gz`, with the names of MNIST (`train-images-idx3-ubyte`,
    /// `t10k-…`) or EMNIST (`emnist-<name>-train-images-idx3-ubyte`, `-test-…`). Instead of the hyphen before `idx`, a name
    /// can have a dot.
    ///
    /// The set gets the folder's name. EMNIST stores its images column by column; they are transposed.
    pub fn read_dir(folder: &Path) -> Result<Self, DataError> {
        let name = folder.canonicalize().ok();
        let name = name.as_deref().unwrap_or(folder).file_name().unwrap_or(folder.as_os_str());
        let name = name.to_string_lossy().into_owned();
        let (train_prefix, test_prefix, sideways) = match emnist_prefix(folder)? {
            Some(prefix) => (format!("{prefix}-train"), format!("{prefix}-test"), true),
            None => ("train".into(), "t10k".into(), false),
        };
        let train = read_split(folder, &train_prefix, sideways)?;
        let test = read_split(folder, &test_prefix, sideways)?;
        let (train_size, test_size) = ((train.height, train.width), (test.height, test.width));
        if train_size != test_size {
            let name = folder.display().to_string();
            return Err(DataError::SizeMismatch { name, train: train_size, test: test_size });
        }
        Ok(Self { name, train: Arc::new(train), test: Arc::new(test) })
    }
}

/// `emnist-<name>` if the folder holds EMNIST's files and not MNIST's training images.
fn emnist_prefix(folder: &Path) -> Result<Option<String>, DataError> {
    let unreadable = |reason| DataError::Read { name: folder.display().to_string(), reason };
    let mut found: Option<String> = None;
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.file_name();
        let file = file.to_string_lossy();
        if ["train-images-idx3-ubyte", "train-images.idx3-ubyte"].iter().any(|name| file.starts_with(name)) {
            return Ok(None);
        }
        let parts =
            [("-train-", "images"), ("-train-", "labels"), ("-test-", "images"), ("-test-", "labels")];
        let prefix = parts.iter().find_map(|(split, kind)| {
            let (prefix, rest) = file.split_once(split)?;
            (prefix.starts_with("emnist-") && rest.starts_with(kind)).then_some(prefix)
        });
        match (prefix, &found) {
            (Some(prefix), None) => found = Some(prefix.into()),
            (Some(prefix), Some(first)) if prefix != first => {
                let (first, second) = (first.clone(), prefix.into());
                return Err(DataError::SeveralSets { folder: folder.display().to_string(), first, second });
            }
            _ => {}
        }
    }
    Ok(found)
}

fn read_split(folder: &Path, prefix: &str, sideways: bool) -> Result<Split, DataError> {
    let (name, bytes) = read_any(folder, &format!("{prefix}-images"), "idx3-ubyte")?;
    let images = idx::read_images(&name, &bytes)?;
    if images.count() == 0 {
        return Err(DataError::NoImages { name });
    }
    let (labels_name, bytes) = read_any(folder, &format!("{prefix}-labels"), "idx1-ubyte")?;
    let labels = idx::read_labels(&labels_name, &bytes)?;
    let both = format!("{name} with {labels_name}");
    let mut split = Split::new(&both, images.pixels, labels, images.height, images.width)?;
    if sideways {
        split.transpose();
    }
    Ok(split)
}

/// The path and the bytes of the first file that exists of `stem-kind`, `stem-kind.gz`, `stem.kind` and `stem.kind.gz`.
fn read_any(folder: &Path, stem: &str, kind: &str) -> Result<(String, Vec<u8>), DataError> {
    let file = format!("{stem}-{kind}");
    for name in [file.clone(), format!("{file}.gz"), format!("{stem}.{kind}"), format!("{stem}.{kind}.gz")] {
        let path = folder.join(name);
        match read_file(&path) {
            Ok(bytes) => return Ok((shown(&path), bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(reason) => return Err(DataError::Read { name: shown(&path), reason }),
        }
    }
    Err(DataError::MissingFile { folder: folder.display().to_string(), file })
}

/// Reads the bytes of a file, unless it is too long or is not a regular file and might never end.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    // Checked before the file is opened: opening a pipe waits for its writer.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("is not a regular file"));
    }
    if metadata.len() > idx::MAX_FILE {
        let (bytes, most) = (metadata.len(), idx::MAX_FILE);
        return Err(io::Error::other(format!("is {bytes} bytes long, but the limit is {most}")));
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    File::open(path)?.take(idx::MAX_FILE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::data::idx::Images;

    fn write(folder: &Path, images: &str, labels: &str, count: u8, height: usize, width: usize) {
        let pixels = (0..count as usize * height * width).map(|i| i as u8).collect();
        let mut file = File::create(folder.join(format!("{images}-images-idx3-ubyte"))).unwrap();
        idx::write_images(&mut file, &Images { pixels, height, width }).unwrap();
        let mut file = File::create(folder.join(format!("{labels}-labels-idx1-ubyte"))).unwrap();
        idx::write_labels(&mut file, &(0..count).collect::<Vec<_>>()).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_files_beyond_the_limit_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("train-images-idx3-ubyte");
        std::os::unix::fs::symlink("/dev/zero", &file).unwrap();
        let error = read_split(folder.path(), "train", false).unwrap_err().to_string();
        assert!(
            error.contains("train-images-idx3-ubyte") && error.contains("is not a regular file"),
            "{error}"
        );
        // A sparse file beyond the limit.
        fs::remove_file(&file).unwrap();
        File::create(&file).unwrap().set_len(idx::MAX_FILE + 1).unwrap();
        let error = read_split(folder.path(), "train", false).unwrap_err().to_string();
        assert!(error.contains("is 1073741841 bytes long"), "{error}");
    }

    #[test]
    fn a_split_returns_its_images_and_parts() {
        let split = Split::new("s", (0..24).collect(), vec![2, 9, 0, 4], 2, 3).unwrap();
        assert_eq!((split.len(), split.height(), split.width(), split.classes()), (4, 2, 3, 10));
        assert_eq!(split.image(1), [6, 7, 8, 9, 10, 11]);
        let part = split.take(2..99);
        assert_eq!((part.len(), part.labels(), part.image(0)[0]), (2, &[0, 4][..], 12));
        assert!(split.take(9..12).is_empty());
        assert_eq!(split.take(0..0).classes(), 0);
        let picked = split.pick(&[3, 0]);
        assert_eq!((picked.labels(), picked.image(0), picked.image(1)[0]), (&[4, 2][..], split.image(3), 0));
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let message = |images, labels, h, w| Split::new("s", images, labels, h, w).unwrap_err().to_string();
        assert_eq!(
            message(vec![0; 8], vec![1], 2, 2),
            "s: has 2 images but 1 labels; there must be one label per image"
        );
        assert!(message(vec![0; 9], vec![1, 2], 2, 2).contains("not a whole number of 2×2"));
        assert!(message(vec![], vec![], 0, 2).contains("0×2"));
    }

    #[test]
    fn a_folder_named_as_mnist_is_read() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "train", "train", 5, 2, 3);
        write(folder.path(), "t10k", "t10k", 2, 2, 3);
        let set = DataSet::read_dir(folder.path()).unwrap();
        assert_eq!(set.name, folder.path().file_name().unwrap().to_str().unwrap());
        assert_eq!((set.train.len(), set.test.len(), set.test.height(), set.test.width()), (5, 2, 2, 3));
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
        assert!(message.ends_with("put each data set in its own folder"), "{message}");
    }

    #[test]
    fn errors_name_the_folder_and_what_is_wrong() {
        let message = |path: &Path| DataSet::read_dir(path).unwrap_err().to_string();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let shown = path.display();
        let missing = |file| format!("{shown}: does not contain {file} or {file}.gz");
        assert!(message(&path.join("nowhere")).contains("nowhere: cannot be read: "));
        assert_eq!(message(path), missing("train-images-idx3-ubyte"));
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
    }
}
