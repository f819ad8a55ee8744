//! The sets of labelled pictures, each as white ink on black.

use super::strokes::{self, Hand};
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
            let cell =
                imageops::crop_imm(&sheet, label as u32 * CELL, row as u32 * CELL, CELL, CELL).to_image();
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
        for (kind, filter) in
            [("blocks", imageops::FilterType::Nearest), ("smooth", imageops::FilterType::CatmullRom)]
        {
            let mut field = GrayImage::new(200, 200);
            imageops::replace(&mut field, &imageops::resize(&scan, 160, 160, filter), 20, 20);
            set.push(Labelled { label: label as usize, kind: kind.into(), ink: picture::to_ink(&field) });
        }
    }
    set
}

/// Photographs of digits on paper, or of chalk on a board: uneven light, grain, the paper's texture, specks of dust.
pub(crate) fn photographs() -> Vec<Labelled> {
    let mut set = Vec::new();
    for label in 0..10 {
        for style in 0..strokes::styles(label) {
            for number in 0..6 {
                let mut hand = Hand::new(900 + label as u64 * 20 + style as u64, number);
                let ink = strokes::digit_of_size(
                    label,
                    style,
                    hand.even(0.35, 0.9),
                    hand.even(0.025, 0.14),
                    &mut hand,
                );
                set.push(Labelled {
                    label,
                    kind: format!("style {style}"),
                    ink: picture::to_ink(&photograph(&ink, &mut hand)),
                });
            }
        }
    }
    set
}

/// What a camera makes of white ink on black.
fn photograph(ink: &GrayImage, hand: &mut Hand) -> GrayImage {
    let is_board = hand.chance(0.3);
    let (paper, contrast) = if is_board {
        (hand.even(25.0, 70.0), hand.even(90.0, 170.0))
    } else {
        (hand.even(150.0, 245.0), -hand.even(70.0, 140.0))
    };
    let light = [0; 4].map(|_| hand.even(-25.0, 25.0));
    let (grain, wave, length) = (hand.even(0.0, 9.0), hand.even(0.0, 5.0), hand.even(3.0, 12.0));
    let soft = imageops::blur(ink, hand.even(0.3, 1.6));
    let side = ink.width() as f32;
    let mut picture = GrayImage::from_fn(ink.width(), ink.height(), |x, y| {
        let (u, v) = (2.0 * x as f32 / side - 1.0, 2.0 * y as f32 / side - 1.0);
        let lit =
            light[0] * u + light[1] * v + 0.5 * light[2] * u * v - light[3].abs() * (u * u + v * v) * 0.5;
        let texture = wave * ((x as f32 / length).sin() * (y as f32 / length).cos());
        let tone = paper + lit + texture + hand.even(-grain, grain) + hand.even(-grain, grain);
        let tone = tone + contrast * f32::from(soft.get_pixel(x, y).0[0]) / 255.0;
        Luma([tone.clamp(0.0, 255.0) as u8])
    });
    for _ in 0..hand.below(5) {
        let (left, top, size) = (hand.below(270) as u32, hand.below(270) as u32, 2 + hand.below(3) as u32);
        let tone = (paper + contrast * 0.7).clamp(0.0, 255.0) as u8;
        for (x, y) in (0..size * size).map(|i| (left + i % size, top + i / size)) {
            picture.put_pixel(x, y, Luma([tone]));
        }
    }
    picture
}

/// Pictures of anything but a digit: patterns, waves, grain, shapes, as ink.
pub(crate) fn scenes() -> Vec<GrayImage> {
    let scene = |number: u64| {
        let mut hand = Hand::new(77, number);
        let waves = [0; 4].map(|_| {
            [hand.even(-0.2, 0.2), hand.even(-0.2, 0.2), hand.even(0.0, 6.3), hand.even(10.0, 60.0)]
        });
        let spots = [0; 6].map(|_| {
            [hand.even(0.0, 200.0), hand.even(0.0, 200.0), hand.even(10.0, 60.0), hand.even(-90.0, 90.0)]
        });
        let grain = hand.even(0.0, 40.0);
        let picture = GrayImage::from_fn(200, 200, |x, y| {
            let (x, y) = (x as f32, y as f32);
            let wave: f32 = waves.iter().map(|w| w[3] * (w[0] * x + w[1] * y + w[2]).sin()).sum();
            let spot: f32 =
                spots.iter().map(|s| if (x - s[0]).hypot(y - s[1]) < s[2] { s[3] } else { 0.0 }).sum();
            Luma([(128.0 + wave + spot + hand.even(-grain, grain)).clamp(0.0, 255.0) as u8])
        });
        picture::to_ink(&picture)
    };
    (0..100).map(scene).collect()
}
