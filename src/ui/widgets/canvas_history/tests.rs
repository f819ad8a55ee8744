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
    drawing.set_bitmap(Picture { width: 2, height: 2, pixels: vec![255, 0, 0, 255] });
    assert!((drawing.ink() - 50.0).abs() < 0.1);
    line(&mut drawing, [0.6, 0.2], [0.9, 0.2]);
    assert_eq!(drawing.strokes().count(), 1);
    assert!(drawing.undo() && drawing.undo() && drawing.is_blank());
    assert!(drawing.undo());
    assert_eq!(drawing.bitmap(), lines);
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
    drawing.set_bitmap(Picture { width: 1, height: 1, pixels: vec![40] });
    line(&mut drawing, [0.1, 0.9], [0.9, 0.1]);
    let text = serde_json::to_string(&drawing).unwrap();
    let back: Drawing = serde_json::from_str(&text).unwrap();
    assert_eq!(back.bitmap(), drawing.bitmap());
    assert_ne!(back.revision(), drawing.revision());
    let odd = r#"{"acts":[{"Stroke":{"points":[],"radius":-1e30,"is_eraser":false}},{"Picture":{"width":9,"height":9,"pixels":[]}}]}"#;
    assert!(serde_json::from_str::<Drawing>(odd).unwrap().is_blank());
}
