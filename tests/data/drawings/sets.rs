//! The test sets, in white ink on black.

use super::strokes::{self, Hand};
use convlens::data::{idx, picture};
use image::{GrayImage, Luma, imageops};

/// A labelled picture.
pub(crate) struct Labelled {
    pub(crate) label: usize,
    /// Its origin, printed with mistakes.
    pub(crate) kind: String,
    pub(crate) ink: GrayImage,
}

/// Drawings of each style.
const PER_STYLE: u64 = 20;

/// Drawings on the canvas in every style.
pub(crate) fn drawings() -> Vec<Labelled> {
    let of = |label: usize| {
        let styles = 0..strokes::styles(label);
        styles.flat_map(move |style| {
            (0..PER_STYLE).map(move |number| Labelled {
                label,
                kind: format!("style {style}"),
                ink: strokes::digit(label, style, number),
            })
        })
    };
    (0..10).flat_map(of).collect()
}

/// Small digits on the canvas, drawn with the default brush.
pub(crate) fn small_digits() -> Vec<Labelled> {
    let of = |label: usize| {
        (0..strokes::styles(label)).flat_map(move |style| {
            (0..10).map(move |number| Labelled {
                label,
                kind: format!("style {style}"),
                ink: strokes::small_digit(label, style, number),
            })
        })
    };
    (0..10).flat_map(of).collect()
}

/// A filled disc or polygon, or two of them that touch, as ink.
pub(crate) fn filled_shape(number: u64) -> GrayImage {
    let mut hand = Hand::new(24, number);
    let count = if number.is_multiple_of(2) { 1 } else { 2 };
    let (sin, cos) = hand.even(0.0, 6.3).sin_cos();
    let size = hand.even(14.0, 44.0);
    let shapes: Vec<_> = (0..count)
        .map(|i| {
            let away = if count == 1 { 0.0 } else { (i as f32 - 0.5) * 1.7 * size };
            let centre = [140.0 + away * cos, 140.0 + away * sin];
            let half = [size * hand.even(0.8, 1.2), size * hand.even(0.6, 1.2)];
            // The first of two is a disc, so that every second picture is a disc with something.
            let kind = if count == 2 && i == 0 { 0 } else { hand.below(3) };
            (kind, centre, half, hand.even(0.0, 6.3).sin_cos())
        })
        .collect();
    let is_ink = |x: f32, y: f32| {
        shapes.iter().any(|&(kind, centre, half, (sin, cos))| {
            let (dx, dy) = (x - centre[0], y - centre[1]);
            let (u, v) = ((cos * dx + sin * dy) / half[0], (cos * dy - sin * dx) / half[1]);
            match kind {
                0 => u.hypot(v) <= 1.0,
                1 => u.abs() <= 1.0 && v.abs() <= 1.0,
                _ => v.abs() <= 1.0 && u.abs() <= f32::midpoint(v, 1.0),
            }
        })
    };
    GrayImage::from_fn(280, 280, |x, y| Luma([if is_ink(x as f32, y as f32) { 255 } else { 0 }]))
}

/// A label and the strokes of a digit, in the tablet's units.
type PenDigit = (usize, Vec<Vec<[f32; 2]>>);

/// Digits that people wrote on a tablet, drawn with the default brush: the strokes of a UNIPEN file, such as
/// `pendigits-orig.tes`. `None` unless the environment variable `CONVLENS_STROKES` names one.
pub(crate) fn pen_digits() -> Option<Vec<Labelled>> {
    let text = std::fs::read_to_string(std::env::var_os("CONVLENS_STROKES")?).unwrap();
    let mut digits: Vec<PenDigit> = Vec::new();
    for line in text.lines().map(str::trim) {
        let last = digits.last_mut();
        if let Some(segment) = line.strip_prefix(".SEGMENT") {
            digits.push((segment.split('"').nth(1).unwrap().parse().unwrap(), Vec::new()));
        } else if let (".PEN_DOWN", Some((_, strokes))) = (line, last) {
            strokes.push(Vec::new());
        } else if let Some((x, y)) = line.split_once(' ')
            && let (Ok(x), Ok(y)) = (x.parse::<f32>(), y.trim().parse::<f32>())
            && let Some((_, strokes)) = digits.last_mut()
            && let Some(stroke) = strokes.last_mut()
        {
            stroke.push([x, -y]);
        }
    }
    let draw = |(number, digit): (usize, PenDigit)| {
        let (label, strokes) = digit;
        let mut hand = Hand::new(31, number as u64);
        // From small writing to nearly the whole canvas.
        let points = hand.even(100.0, 500.0);
        Labelled {
            label,
            kind: "pen".into(),
            ink: strokes::draw_with_default_brush(&strokes, points, &mut hand),
        }
    };
    Some(digits.into_iter().enumerate().map(draw).collect())
}

/// The side of a cell of `fonts.png`, in pixels.
const CELL: u32 = 48;

/// The ten digits of every handwriting font.
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

/// Scans of 8×8 pixels, enlarged in two ways: as blocks and interpolated.
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

/// Synthetic photographs of ink on paper and chalk on a board, with uneven lighting, grain, texture and specks.
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

/// A synthetic photograph of white ink on black.
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

/// Pictures without a digit: waves, discs and grain.
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
