//! The sets of labelled pictures, each as white ink on black.

use crate::strokes;
use convlens::data::{idx, picture};
use image::{GrayImage, Luma, imageops};

/// A picture and what it shows.
pub(crate) struct Labelled {
    pub(crate) label: usize,
    /// Where it comes from.
    pub(crate) kind: String,
    pub(crate) ink: GrayImage,
}

/// Drawings of each style by each digit's first so many people.
const PEOPLE: u64 = 20;

/// Drawings on the canvas, of every style.
pub(crate) fn drawings() -> Vec<Labelled> {
    let of = |label: usize| {
        let styles = 0..strokes::styles(label);
        styles.flat_map(move |style| {
            (0..PEOPLE).map(move |number| Labelled {
                label,
                kind: format!("style {style}"),
                ink: strokes::digit(label, style, number),
            })
        })
    };
    (0..10).flat_map(of).collect()
}

/// The pixels of a cell of the sheet of fonts.
const CELL: u32 = 48;

/// The ten digits of every handwriting font, black on white.
pub(crate) fn fonts() -> Vec<Labelled> {
    let sheet = image::load_from_memory(include_bytes!("fonts.png")).unwrap().into_luma8();
    let faces: Vec<&str> = include_str!("fonts.tsv").lines().collect();
    assert_eq!(sheet.height(), CELL * faces.len() as u32);
    let mut set = Vec::new();
    for (row, face) in faces.iter().enumerate() {
        for label in 0..10_usize {
            let cell = imageops::crop_imm(&sheet, label as u32 * CELL, row as u32 * CELL, CELL, CELL).to_image();
            let kind = face.replace('\t', " ");
            set.push(Labelled { label, kind, ink: picture::to_ink(&cell) });
        }
    }
    set
}

/// Scans of 8×8 pixels, blown up: every one as blocks and smoothly.
pub(crate) fn scans() -> Vec<Labelled> {
    let images = idx::read_images("scans", include_bytes!("scans.idx.gz")).unwrap();
    let labels = idx::read_labels("scans", include_bytes!("scans-labels.idx.gz")).unwrap();
    let mut set = Vec::new();
    for (pixels, &label) in images.pixels.chunks_exact(64).zip(&labels) {
        let mut scan = GrayImage::from_raw(8, 8, pixels.to_vec()).unwrap();
        scan.pixels_mut().for_each(|Luma([value])| *value = (u16::from(*value) * 255 / 16) as u8);
        for (kind, filter) in [("blocks", imageops::FilterType::Nearest), ("smooth", imageops::FilterType::CatmullRom)] {
            let mut field = GrayImage::new(200, 200);
            imageops::replace(&mut field, &imageops::resize(&scan, 160, 160, filter), 20, 20);
            set.push(Labelled { label: label as usize, kind: kind.into(), ink: picture::to_ink(&field) });
        }
    }
    set
}
