use super::*;

fn line(drawing: &mut Drawing, from: [f32; 2], to: [f32; 2]) {
    drawing.begin_stroke(from, 0.04, false);
    drawing.extend_stroke(to);
    drawing.end_stroke();
}

#[test]
fn undo_and_redo_restore_the_same_pixels() {
    let mut drawing = Drawing::default();
    line(&mut drawing, [0.2, 0.2], [0.8, 0.2]);
    let one = drawing.bitmap().to_vec();
    line(&mut drawing, [0.5, 0.1], [0.5, 0.9]);
    let two = drawing.bitmap().to_vec();
    assert!(drawing.undo());
    assert_eq!(drawing.bitmap(), one);
    assert!(drawing.redo());
    assert_eq!(drawing.bitmap(), two);
    assert!(drawing.undo() && drawing.undo() && !drawing.undo());
    assert!(drawing.is_blank() && !drawing.can_undo() && drawing.can_redo());
}

#[test]
fn clearing_and_pictures_are_undone_too() {
    let mut drawing = Drawing::default();
    line(&mut drawing, [0.2, 0.2], [0.8, 0.8]);
    let lines = drawing.bitmap().to_vec();
    assert!(drawing.clear() && !drawing.clear());
    drawing.set_bitmap(Picture { width: 2, height: 2, pixels: vec![255, 0, 0, 255], ..Picture::default() });
    assert!((drawing.ink() - 50.0).abs() < 0.1);
    line(&mut drawing, [0.6, 0.2], [0.9, 0.2]);
    assert_eq!(drawing.strokes().count(), 1);
    assert!(drawing.undo() && drawing.undo() && drawing.is_blank());
    assert!(drawing.undo());
    assert_eq!(drawing.bitmap(), lines);
}

#[test]
fn a_picture_steps_aside_at_the_first_stroke() {
    let picture =
        Picture { width: 1, height: 1, pixels: vec![200], tag: "a seven".into(), ..Picture::default() };
    let (mut drawing, mut bare) = (Drawing::default(), Drawing::default());
    drawing.set_bitmap(picture);
    assert_eq!(drawing.picture_tag(), Some("a seven"));
    line(&mut drawing, [0.2, 0.2], [0.8, 0.2]);
    line(&mut bare, [0.2, 0.2], [0.8, 0.2]);
    assert_eq!((drawing.bitmap(), drawing.picture_tag()), (bare.bitmap(), None));
    assert!(drawing.undo());
    assert_eq!((drawing.picture_tag(), drawing.bitmap()[0]), (Some("a seven"), 200));
    // Who erases from it wants to keep the rest.
    drawing.begin_stroke([0.5, 0.5], 0.1, true);
    assert_eq!((drawing.bitmap()[0], drawing.picture_tag()), (200, None));
}

#[test]
fn a_new_stroke_forgets_what_was_undone() {
    let mut drawing = Drawing::default();
    line(&mut drawing, [0.2, 0.2], [0.8, 0.2]);
    drawing.undo();
    line(&mut drawing, [0.2, 0.5], [0.8, 0.5]);
    assert!(!drawing.can_redo());
}

#[test]
fn every_change_has_its_own_revision() {
    let mut drawing = Drawing::default();
    let mut seen = vec![drawing.revision(), Drawing::default().revision()];
    drawing.begin_stroke([0.1, 0.1], 0.05, false);
    seen.push(drawing.revision());
    assert!(drawing.extend_stroke([0.2, 0.2]));
    seen.push(drawing.revision());
    assert!(!drawing.extend_stroke([0.2, 0.2]), "a pointer that rests changes nothing");
    assert_eq!(drawing.revision(), seen[3]);
    drawing.end_stroke();
    assert!(!drawing.extend_stroke([0.9, 0.9]), "a lifted brush draws nothing");
    drawing.undo();
    seen.push(drawing.revision());
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[test]
fn a_drawing_is_saved_and_read_back() {
    let mut drawing = Drawing::default();
    drawing.set_bitmap(Picture { width: 1, height: 1, pixels: vec![40], ..Picture::default() });
    line(&mut drawing, [0.1, 0.9], [0.9, 0.1]);
    let text = serde_json::to_string(&drawing).unwrap();
    let back: Drawing = serde_json::from_str(&text).unwrap();
    assert_eq!(back.bitmap(), drawing.bitmap());
    assert_ne!(back.revision(), drawing.revision());
    let odd = r#"{"acts":[{"Stroke":{"points":[],"radius":-1e30,"is_eraser":false}},{"Picture":{"width":9,"height":9,"pixels":[]}}]}"#;
    assert!(serde_json::from_str::<Drawing>(odd).unwrap().is_blank());
}

/// A photograph: larger than the drawing.
fn photograph(shade: u8) -> Picture {
    let (width, height) = (1000, 600);
    let pixels = (0..width * height).map(|i| ((i % width) as u8 / 2) ^ shade).collect();
    Picture { width, height, pixels, ..Picture::default() }
}

#[test]
fn what_is_saved_is_bounded_and_what_is_new_can_be_undone() {
    let mut drawing = Drawing::default();
    for shade in 0..40 {
        drawing.set_bitmap(photograph(shade));
        line(&mut drawing, [0.1, 0.9], [0.9, 0.1]);
    }
    let seen = drawing.bitmap().to_vec();
    let mut whole = Raster::blank();
    whole.set_picture(&photograph(39));
    let text = serde_json::to_string(&drawing).unwrap();
    assert!(text.len() < 4 * (MOST + 2 * RASTER * RASTER), "{}", text.len());
    let mut back: Drawing = serde_json::from_str(&text).unwrap();
    assert_eq!(back.bitmap(), seen);
    assert!(back.undo());
    assert_eq!(back.bitmap(), whole.pixels(), "a photograph looks as it did");
    for shade in (30..39).rev() {
        assert!(back.undo() && back.undo());
        whole.set_picture(&photograph(shade));
        assert_eq!(back.bitmap(), whole.pixels());
    }
}

#[test]
fn many_strokes_without_a_clearing_stay_on_the_drawing() {
    let mut drawing = Drawing::default();
    let mut whole = Raster::blank();
    let strokes = MOST / (POINT * 2000) + 20;
    for i in 0..strokes {
        // To and fro, lower at every turn.
        let across = |j: usize| if j % 194 < 97 { j % 194 } else { 194 - j % 194 };
        let at = |j: usize| [across(j) as f32 / 97.0, ((i * 7 + j / 97) % 89) as f32 / 89.0];
        drawing.begin_stroke(at(0), 0.004, i % 3 == 2);
        whole.add_segment(at(0), at(0), 0.004, i % 3 == 2);
        for j in 1..2000 {
            assert!(drawing.extend_stroke(at(j)));
            whole.add_segment(at(j - 1), at(j), 0.004, i % 3 == 2);
        }
        drawing.end_stroke();
    }
    assert_eq!(drawing.bitmap(), whole.pixels());
    assert!(drawing.base.is_some() && drawing.done.len() < strokes);
    assert!(drawing.undo() && drawing.redo());
    assert_eq!(drawing.bitmap(), whole.pixels());
    let text = serde_json::to_string(&drawing).unwrap();
    assert_eq!(serde_json::from_str::<Drawing>(&text).unwrap().bitmap(), whole.pixels());
    while drawing.undo() {}
    assert!(!drawing.is_blank(), "what is too old stays");
}

#[test]
fn a_stroke_without_end_goes_on_as_another() {
    let mut drawing = Drawing::default();
    let mut whole = Raster::blank();
    let at = |j: usize| [(j % 2) as f32, 0.5];
    drawing.begin_stroke(at(0), 0.01, false);
    for j in 1..MOST_POINTS + 10 {
        assert!(drawing.extend_stroke(at(j)));
    }
    whole.add_segment(at(0), at(1), 0.01, false);
    assert_eq!((drawing.done.len(), drawing.bitmap()), (2, whole.pixels()));
}

/// Files of an older version hold pictures of any size.
#[test]
fn a_saved_history_that_is_too_large_is_cut_when_it_is_read() {
    let acts = (0..40).map(|shade| Act::Picture(photograph(shade))).collect();
    let drawing = Drawing::from(Saved { base: None, acts });
    let mut whole = Raster::blank();
    whole.set_picture(&photograph(39));
    assert_eq!(drawing.bitmap(), whole.pixels());
    assert!(drawing.done.iter().map(Act::size).sum::<usize>() <= MOST);
}
