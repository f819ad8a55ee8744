//! Folders of class folders of pictures, with `train` and `test` above them or without.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use image::{RgbImage, imageops};

use super::{
    found::Found,
    idx_set,
    labels::Classes,
    listing::{Listing, form},
    report::{Choices, Report},
};
use crate::{
    data::{DataError, Split, dataset::luma, packed::MAX_BYTES, picture},
    text::{Say as _, Sentence},
};

/// Pictures of the commonest size keep it up to this many pixels along the longer side; see [`SIDE`].
const MAX_OWN_SIDE: u32 = 64;
/// The side to which larger pictures are scaled.
const SIDE: u32 = 32;
/// Channels of a grey pixel differ by at most this much: some programs store grey pictures with colours that are nearly
/// grey.
const GREY: u8 = 8;
/// A border of at least this tone is paper.
const PAPER: u8 = 192;

/// A picture of the set.
struct Entry {
    path: PathBuf,
    /// Its path inside the set.
    name: String,
    class: String,
    is_test: bool,
}

/// Reads a set.
pub(super) fn read(folder: &Path, listing: &Listing, choices: &Choices) -> Result<Found, DataError> {
    let mut report = Report::new("class folders of pictures", choices);
    report.offers.pictures = true;
    let entries = entries(folder, listing, &mut report)?;
    let names: BTreeSet<String> = entries.iter().map(|entry| entry.class.clone()).collect();
    let classes = Classes::new(names).map_err(|reason| form(folder, reason))?;
    let (entries, size) = measured(entries, choices, &mut report);
    if entries.is_empty() {
        return Err(idx_set::missing(folder, &listing.files));
    }
    let bytes = entries.len() as u64 * 3 * u64::from(size.0) * u64::from(size.1);
    if bytes > MAX_BYTES as u64 {
        let reason = Sentence::new(
            "has {count} pictures, which do not fit into 1 GiB at {width}×{height}; choose a smaller side",
        )
        .with("count", entries.len())
        .with("width", size.0)
        .with("height", size.1);
        return Err(form(folder, reason));
    }
    let mut parts = [Pixels::default(), Pixels::default()];
    for entry in &entries {
        let Some(label) = classes.label(&entry.class) else { continue };
        match picture::open_colors(&entry.path) {
            Ok(picture) => parts[usize::from(entry.is_test)].push(&picture, size, label),
            Err(e) => report.skip(entry.name.clone(), reason_alone(&e)),
        }
    }
    let is_color = choices.is_color.unwrap_or(parts.iter().any(|part| part.is_color));
    let is_inverted = !is_color && choices.is_inverted.unwrap_or_else(|| are_on_paper(&parts));
    report.notes.push(
        Sentence::new("pictures scaled to {width}×{height}").with("width", size.0).with("height", size.1),
    );
    report.notes.push(Sentence::new(match (is_color, is_inverted) {
        (true, _) => "in colour",
        (false, true) => "grey; dark ink on bright paper became white ink on black",
        (false, false) => "grey",
    }));
    (report.choices.is_color, report.choices.is_inverted) = (Some(is_color), Some(is_inverted));
    let name = folder.display().to_string();
    let [train, test] = parts.map(|part| part.split(&name, size, is_color, is_inverted));
    let (train, test) = (train?, test?);
    let test = (!test.is_empty()).then_some(test);
    Ok(Found { train, test, classes: classes.names(), report })
}

/// The files of all classes.
fn entries(folder: &Path, listing: &Listing, report: &mut Report) -> Result<Vec<Entry>, DataError> {
    let find = |names: &[&str]| {
        listing.folders.iter().find(|folder| names.contains(&folder.to_lowercase().as_str()))
    };
    let train = find(&["train", "training", "train_set", "seg_train"]);
    let validation = find(&["val", "valid", "validation"]);
    let test = find(&["test", "testing", "test_set", "seg_test"]).or(validation);
    let mut entries = Vec::new();
    for file in &listing.files {
        report.skip(file.clone(), Sentence::new("is not in a class folder"));
    }
    let Some(train) = train else {
        add(folder, "", &listing.folders, false, (&mut entries, report))?;
        return Ok(entries);
    };
    let parts = [(Some(train), false), (test, true)];
    for other in &listing.folders {
        if parts.iter().all(|(part, _)| *part != Some(other)) {
            let reason = if Some(other) == validation {
                "validation images, since there are test images"
            } else {
                "is neither training nor test images"
            };
            report.skip(other.clone(), Sentence::new(reason));
        }
    }
    for (part, is_test) in parts {
        let Some(part) = part else { continue };
        let inside = Listing::of(&folder.join(part))?;
        for file in inside.files {
            report.skip(format!("{part}/{file}"), Sentence::new("is not in a class folder"));
        }
        add(&folder.join(part), &format!("{part}/"), &inside.folders, is_test, (&mut entries, report))?;
    }
    Ok(entries)
}

/// Adds the files of class folders.
fn add(
    folder: &Path,
    prefix: &str,
    classes: &[String],
    is_test: bool,
    (entries, report): (&mut Vec<Entry>, &mut Report),
) -> Result<(), DataError> {
    for class in classes {
        let inside = Listing::of(&folder.join(class))?;
        for deeper in inside.folders {
            let reason = Sentence::new("is a folder inside a class folder");
            report.skip(format!("{prefix}{class}/{deeper}"), reason);
        }
        for file in inside.files.into_iter().filter(|file| !is_litter(file)) {
            let path = folder.join(class).join(&file);
            let name = format!("{prefix}{class}/{file}");
            entries.push(Entry { path, name, class: class.clone(), is_test });
        }
    }
    Ok(())
}

/// Files that systems leave behind.
fn is_litter(file: &str) -> bool {
    matches!(file, "Thumbs.db" | "desktop.ini")
}

/// The pictures among the entries, and the size that they are scaled to.
fn measured(entries: Vec<Entry>, choices: &Choices, report: &mut Report) -> (Vec<Entry>, (u32, u32)) {
    let mut sizes: Vec<((u32, u32), usize)> = Vec::new();
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries {
        match picture::size(&entry.path) {
            Ok(size) => {
                match sizes.iter().position(|(other, _)| *other == size) {
                    Some(at) => sizes[at].1 += 1,
                    // Of so many sizes, none is common.
                    None if sizes.len() < 1000 => sizes.push((size, 1)),
                    None => {}
                }
                kept.push(entry);
            }
            Err(e) => report.skip(entry.name, reason_alone(&e)),
        }
    }
    // Of sizes that are equally common, the first.
    let commonest = sizes.iter().rev().max_by_key(|(_, count)| count).map_or((SIDE, SIDE), |(size, _)| *size);
    let size = match choices.side {
        Some(side) => {
            let side = side.clamp(Choices::SIDES[0], Choices::SIDES[1]) as u32;
            (side, side)
        }
        None if commonest.0.max(commonest.1) <= MAX_OWN_SIDE => commonest,
        None => (SIDE, SIDE),
    };
    if sizes.len() > 1 {
        report.notes.push(
            Sentence::new("pictures of {sizes} sizes, the commonest {width}×{height}")
                .with("sizes", sizes.len())
                .with("width", commonest.0)
                .with("height", commonest.1),
        );
    }
    (kept, size)
}

/// What is wrong with a picture, without its path.
fn reason_alone(error: &DataError) -> Sentence {
    let text = error.say().to_string();
    let reason = text.split_once(": ").map_or(text.as_str(), |(_, reason)| reason).to_owned();
    Sentence::new("{reason}").with("reason", reason)
}

/// Pictures at their final size: red, green and blue planes.
#[derive(Default)]
struct Pixels {
    planes: Vec<u8>,
    labels: Vec<u8>,
    is_color: bool,
    on_paper: usize,
}

impl Pixels {
    fn push(&mut self, picture: &RgbImage, (width, height): (u32, u32), label: u8) {
        let scaled;
        let picture = if picture.dimensions() == (width, height) {
            picture
        } else {
            scaled = imageops::resize(picture, width, height, imageops::FilterType::Triangle);
            &scaled
        };
        let is_grey = |pixel: &image::Rgb<u8>| {
            let [r, g, b] = pixel.0;
            r.max(g).max(b) - r.min(g).min(b) <= GREY
        };
        self.is_color |= !picture.pixels().all(is_grey);
        let mut border: Vec<u8> = picture
            .enumerate_pixels()
            .filter(|(x, y, _)| *x == 0 || *y == 0 || *x == width - 1 || *y == height - 1)
            .map(|(.., pixel)| luma(pixel.0))
            .collect();
        border.sort_unstable();
        self.on_paper += usize::from(border.get(border.len() / 2).is_some_and(|&tone| tone >= PAPER));
        for channel in 0..3 {
            self.planes.extend(picture.pixels().map(|pixel| pixel.0[channel]));
        }
        self.labels.push(label);
    }

    fn split(
        self,
        name: &str,
        (width, height): (u32, u32),
        is_color: bool,
        is_inverted: bool,
    ) -> Result<Split, DataError> {
        let (height, width) = (height as usize, width as usize);
        if is_color {
            return Split::with_channels(name, self.planes, self.labels, (3, height, width));
        }
        let map = height * width;
        let mut grey = Vec::with_capacity(self.labels.len() * map);
        for image in self.planes.chunks_exact(3 * map) {
            grey.extend((0..map).map(|at| {
                let tone = luma([image[at], image[map + at], image[2 * map + at]]);
                if is_inverted { 255 - tone } else { tone }
            }));
        }
        Split::new(name, grey, self.labels, height, width)
    }
}

/// Whether nearly all pictures are ink on bright paper.
fn are_on_paper(parts: &[Pixels; 2]) -> bool {
    let count: usize = parts.iter().map(|part| part.labels.len()).sum();
    let on_paper: usize = parts.iter().map(|part| part.on_paper).sum();
    count > 0 && on_paper * 20 >= count * 19
}

#[cfg(test)]
mod tests {
    use std::fs;

    use image::{GrayImage, Luma, Rgb};

    use super::*;
    use crate::data::{DataSet, formats::open};

    /// Bright grey pictures with a dark middle.
    fn paper(path: &Path, side: u32, ink: u8) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let middle = side / 2;
        GrayImage::from_fn(side, side, |x, y| {
            Luma([if x == middle && y > 0 && y < side - 1 { ink } else { 255 }])
        })
        .save(path)
        .unwrap();
    }

    #[test]
    fn class_folders_are_read_and_what_is_no_picture_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for number in 0..5 {
            paper(&path.join(format!("cat/{number}.png")), 12, number);
            paper(&path.join(format!("dog/{number}.png")), if number == 0 { 30 } else { 12 }, 9);
        }
        fs::write(path.join("dog/notes.txt"), "woof").unwrap();
        fs::write(path.join("dog/cut.png"), &fs::read(path.join("dog/1.png")).unwrap()[..40]).unwrap();
        fs::write(path.join("README"), "pets").unwrap();
        let opened = open(path, &Choices::default()).unwrap();
        let (data, report) = (&opened.data, &opened.report);
        assert_eq!(data.classes.list(), ["cat", "dog"]);
        assert_eq!((data.train.len(), data.test.len()), (8, 2));
        assert_eq!((data.train.height(), data.train.channels()), (12, 1));
        assert_eq!((data.train.image(0)[0], data.train.image(0)[5 * 12 + 6]), (0, 255 - data_tone(data)));
        assert_eq!(report.skipped_count, 3);
        let said = report.skipped_in_words().unwrap().to_string();
        assert!(said.starts_with("skipped 3 files; the first: README: is not in a class folder"), "{said}");
        assert!(report.offers.split && report.offers.pictures && !report.offers.labels);
        // The choices.
        let choices = Choices { side: Some(8), is_color: Some(true), test_share: 0.4, ..Choices::default() };
        let data = open(path, &choices).unwrap().data;
        assert_eq!((data.train.channels(), data.train.width(), data.test.len()), (3, 8, 4));
        let as_they_are = Choices { is_inverted: Some(false), ..Choices::default() };
        assert_eq!(open(path, &as_they_are).unwrap().data.train.image(0)[0], 255);
    }

    /// The ink of the first training picture, whose number is its tone.
    fn data_tone(data: &DataSet) -> u8 {
        255 - data.train.image(0)[5 * 12 + 6]
    }

    #[test]
    fn train_and_test_folders_and_colours_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for part in ["train", "test", "val"] {
            for (class, color) in [("3", [200, 10, 10]), ("10", [10, 10, 200])] {
                let file = path.join(part).join(class).join("a.png");
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                RgbImage::from_pixel(100, 50, Rgb(color)).save(file).unwrap();
            }
        }
        let opened = open(path, &Choices::default()).unwrap();
        let data = &opened.data;
        assert_eq!((data.train.labels(), data.test.len()), (&[10, 3][..], 2), "numbers are labels");
        assert_eq!((data.train.channels(), data.train.height(), data.train.width()), (3, 32, 32));
        assert_eq!([0, 1024, 2048].map(|at| data.train.image(1)[at]), [200, 10, 10]);
        assert!(!opened.report.offers.split);
        assert_eq!(opened.report.skipped[0].name, "val");
    }

    #[test]
    fn folders_without_pictures_are_no_set() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        let said = DataSet::read_dir(folder.path()).unwrap_err().to_string();
        assert!(said.contains("contains no data set"), "{said}");
    }
}
