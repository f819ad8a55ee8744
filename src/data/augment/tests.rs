use super::*;
use crate::data::mnist;
use rand_chacha::ChaCha8Rng;

const SIDE: usize = 28;

fn changed(settings: Augment, pixels: &[u8], draw: (u64, u64, u32)) -> Vec<u8> {
    let mut out = vec![7; SIDE * SIDE];
    settings.apply(draw, pixels, (SIDE, SIDE), &mut out);
    out
}

fn digit() -> Vec<u8> {
    mnist::load_test().unwrap().image(0).to_vec()
}

/// The sum of all pixels and their centre of mass: (sum, x, y).
fn moments(pixels: &[u8]) -> (f32, f32, f32) {
    let sum = |f: &dyn Fn(usize) -> f32| -> f32 {
        pixels.iter().enumerate().map(|(i, &p)| f32::from(p) * f(i)).sum()
    };
    let ink = sum(&|_| 1.0);
    (ink, sum(&|i| (i % SIDE) as f32) / ink, sum(&|i| (i / SIDE) as f32) / ink)
}

#[test]
fn the_default_is_the_identity() {
    assert_eq!(changed(Augment::default(), &digit(), (1, 2, 3)), digit());
}

#[test]
fn the_transform_depends_on_seed_epoch_and_index() {
    let image = digit();
    let of = |draw| changed(Augment::DIGITS, &image, draw);
    assert_eq!(of((1, 2, 3)), of((1, 2, 3)));
    for other in [(2, 2, 3), (1, 3, 3), (1, 2, 4)] {
        assert_ne!(of(other), of((1, 2, 3)), "{other:?}");
    }
}

#[test]
fn shifts_stay_within_their_range() {
    let image = digit();
    let (_, x, y) = moments(&image);
    let shift = Augment { shift: 0.1, ..Augment::default() };
    let mut widest = 0.0f32;
    for i in 0..50 {
        let (_, x2, y2) = moments(&changed(shift, &image, (1, 0, i)));
        assert!((x2 - x).abs() < 2.9 && (y2 - y).abs() < 2.9);
        widest = widest.max((x2 - x).abs());
    }
    assert!(widest > 2.0, "{widest}");
}

#[test]
fn ink_changes_with_the_square_of_the_scale_and_not_with_rotation() {
    let image = digit();
    let (ink, ..) = moments(&image);
    let scale = Augment { scale: 0.2, ..Augment::default() };
    let turn = Augment { rotation: 30.0, ..Augment::default() };
    let ratios: Vec<f32> = (0..50).map(|i| moments(&changed(scale, &image, (1, 0, i))).0 / ink).collect();
    assert!(ratios.iter().all(|r| (0.6..1.5).contains(r)), "{ratios:?}");
    assert!(ratios.iter().any(|r| *r < 0.8) && ratios.iter().any(|r| *r > 1.25), "{ratios:?}");
    for i in 0..50 {
        let ratio = moments(&changed(turn, &image, (1, 0, i))).0 / ink;
        assert!((0.95..1.05).contains(&ratio), "{ratio}");
    }
}

#[test]
fn flips_mirror_about_half_of_the_images() {
    let image = digit();
    let mirrored: Vec<u8> = image.chunks(SIDE).flat_map(|row| row.iter().rev().copied()).collect();
    let flip = Augment { flip: true, ..Augment::default() };
    let flips = (0..200).filter(|&i| match changed(flip, &image, (1, 0, i)) {
        new if new == mirrored => true,
        new => {
            assert_eq!(new, image);
            false
        }
    });
    assert!((70..130).contains(&flips.count()));
}

#[test]
fn shear_slants_a_vertical_line_and_keeps_rows() {
    let mut line = vec![0; SIDE * SIDE];
    for y in 4..24 {
        line[y * SIDE + 14] = 255;
    }
    let shear = Augment { shear: 30.0, ..Augment::default() };
    let rows = |pixels: &[u8]| -> Vec<u32> {
        pixels.chunks(SIDE).map(|row| row.iter().map(|&p| u32::from(p)).sum()).collect()
    };
    let new = changed(shear, &line, (1, 0, 0));
    assert_ne!(new, line);
    for (before, after) in rows(&line).into_iter().zip(rows(&new)) {
        assert!(before.abs_diff(after) <= 2, "{before} {after}");
    }
}

#[test]
fn elastic_displacements_have_the_expected_deviation() {
    // Uniform in −α … α, smoothed along both axes: standard deviation α/√3 · 1/(2σ√π).
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let fields: Vec<f32> = (0..40)
        .flat_map(|_| {
            let field = Elastic::draw(34.0, &mut rng, SIDE, SIDE);
            // The centre, where most of the kernel fits inside.
            [field.dx[14 * SIDE + 14], field.dy[14 * SIDE + 14]]
        })
        .collect();
    let deviation = (fields.iter().map(|v| v * v).sum::<f32>() / fields.len() as f32).sqrt();
    let expected = 34.0 / 3f32.sqrt() / (2.0 * Augment::ELASTIC_SIGMA * std::f32::consts::PI.sqrt());
    assert!((0.75..1.25).contains(&(deviation / expected)), "{deviation} {expected}");
}

#[test]
fn images_of_any_size_are_accepted() {
    for (height, width) in [(1, 1), (3, 7), (7, 3), (1, 40)] {
        let pixels = vec![200; height * width];
        let mut out = vec![0; height * width];
        Augment::DIGITS.apply((1, 1, 1), &pixels, (height, width), &mut out);
    }
}

#[test]
fn text_round_trips_and_invalid_text_is_an_error() {
    for text in ["none", "rotation:10,shift:0.07,scale:0.1,shear:10,elastic:16", "shift:0.2,flip"] {
        assert_eq!(text.parse::<Augment>().unwrap().to_string(), text);
    }
    assert_eq!("digits".parse(), Ok(Augment::DIGITS));
    assert_eq!(Augment::KERAS.to_string(), "rotation:20,shift:0.2,flip");
    for (text, part) in [
        ("turn:3", "unknown augmentation 'turn:3'"),
        ("rotation", "unknown augmentation 'rotation'"),
        ("rotation:x", "unknown augmentation 'rotation:x'"),
        ("", "unknown augmentation ''"),
        ("shift:0.6", "shift is 0.6, but must be from 0 to 0.5"),
        ("rotation:NaN", "rotation is NaN"),
        ("scale:-1", "scale is -1"),
    ] {
        let error = text.parse::<Augment>().unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn synthetic_digits_replace_a_fraction_and_keep_the_class() {
    let split = mnist::load_test().unwrap();
    let hands = Augment { hands: 0.4, ..Augment::default() };
    let mut written = 0;
    for index in 0..500 {
        let mut out = vec![0; SIDE * SIDE];
        assert_eq!(hands.change((1, 2, index), &split, 10_000, &mut out), split.label(index as usize));
        written += usize::from(out != split.image(index as usize));
        let mut other = vec![0; SIDE * SIDE];
        hands.change((1, 3, index), &split, 10_000, &mut other);
        assert!(out != other || out == split.image(index as usize));
    }
    assert!((160..240).contains(&written), "{written}");
}
