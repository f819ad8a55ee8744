use super::*;
use crate::ui::widgets::testing::harness;
use egui::{Modifiers, TouchDeviceId, TouchId, TouchPhase, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};

#[derive(Default)]
struct State {
    canvas: DrawCanvas,
    drawing: Drawing,
    brush: Brush,
    changes: u32,
}

impl State {
    /// The canvas, whose edits are applied after it was shown.
    fn ui(&mut self, ui: &mut Ui) {
        let shown = self.canvas.ui(ui, &self.drawing, &self.brush, 280.0, tr("Draw a digit"));
        let changes = shown.edits.iter().filter(|edit| self.drawing.apply(edit));
        self.changes += u32::from(changes.count() > 0);
    }
}

fn canvas<'a>() -> Harness<'a, State> {
    harness(|ui, state: &mut State| state.ui(ui))
}

fn at(harness: &Harness<'_, State>, x: f32, y: f32) -> Pos2 {
    harness.get_by_role_and_label(Role::Canvas, "Drawing canvas").rect().lerp_inside(vec2(x, y))
}

fn press(harness: &mut Harness<'_, State>, pos: Pos2, button: PointerButton, pressed: bool) {
    harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
}

/// How many pieces the ink is in, by flood fill.
fn pieces(bitmap: &[u8]) -> usize {
    let mut left: Vec<bool> = bitmap.iter().map(|p| *p > 127).collect();
    let mut count = 0;
    while let Some(first) = left.iter().position(|inked| *inked) {
        count += 1;
        let mut stack = vec![first];
        while let Some(i) = stack.pop() {
            if !std::mem::take(&mut left[i]) {
                continue;
            }
            let (x, y) = (i % RASTER, i / RASTER);
            if x > 0 {
                stack.push(i - 1);
            }
            if x + 1 < RASTER {
                stack.push(i + 1);
            }
            if y > 0 {
                stack.push(i - RASTER);
            }
            if y + 1 < RASTER {
                stack.push(i + RASTER);
            }
        }
    }
    count
}

fn drag(harness: &mut Harness<'_, State>, points: &[(f32, f32)]) {
    let place: Vec<Pos2> = points.iter().map(|(x, y)| at(harness, *x, *y)).collect();
    harness.hover_at(place[0]);
    harness.drag_at(place[0]);
    for pos in &place[1..] {
        harness.hover_at(*pos);
    }
    harness.drop_at(place[place.len() - 1]);
    harness.run();
}

#[test]
fn a_fast_stroke_has_no_gap() {
    let mut harness = canvas();
    drag(&mut harness, &[(0.05, 0.1), (0.95, 0.1), (0.2, 0.95)]);
    let state = harness.state();
    assert_eq!(pieces(state.drawing.bitmap()), 1);
    assert_eq!(state.drawing.strokes().count(), 1);
    assert!(state.drawing.ink() > 8.0 && state.changes >= 3);
}

#[test]
fn ink_is_on_the_screen_in_the_frame_of_its_movement() {
    let mut harness = canvas();
    let [from, to] = [(0.2, 0.5), (0.8, 0.5)].map(|(x, y)| at(&harness, x, y));
    harness.hover_at(from);
    press(&mut harness, from, PointerButton::Primary, true);
    harness.run();
    let is_shown = |harness: &Harness<'_, State>| {
        let dots = harness.output().shapes.iter().filter_map(|shape| match &shape.shape {
            egui::Shape::Circle(circle) if circle.fill != Color32::TRANSPARENT => Some(circle.center),
            _ => None,
        });
        dots.into_iter().any(|center| center.distance(to) < 1.0)
    };
    assert!(!is_shown(&harness));
    harness.hover_at(to);
    harness.step();
    assert!(is_shown(&harness));
    harness.step();
    assert!(!is_shown(&harness), "now it is in the drawing");
}

#[test]
fn many_events_of_one_frame_are_all_drawn() {
    let mut harness = canvas();
    let corner = at(&harness, 0.1, 0.5);
    harness.hover_at(corner);
    harness.run();
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let zigzag: Vec<Pos2> =
        (0..=8).map(|i| at(&harness, 0.1 + 0.1 * i as f32, if i % 2 == 0 { 0.5 } else { 0.2 })).collect();
    let events = &mut harness.input_mut().events;
    events.push(button(zigzag[0], true));
    events.extend(zigzag.iter().map(|pos| Event::PointerMoved(*pos)));
    events.push(button(zigzag[8], false));
    harness.run();
    let drawing = &harness.state().drawing;
    assert_eq!(drawing.strokes().next().unwrap().points.len(), 9);
    assert!(!drawing.is_stroking());
    assert_eq!(pieces(drawing.bitmap()), 1);
}

#[test]
fn a_click_leaves_a_dot_and_undo_removes_it() {
    let mut harness = canvas();
    drag(&mut harness, &[(0.5, 0.5)]);
    let dot = harness.state().drawing.ink();
    assert!((dot - 100.0 * std::f32::consts::PI * 0.04 * 0.04).abs() < 0.05, "{dot}");
    let node = harness.get_by_role_and_label(Role::Canvas, "Drawing canvas");
    assert_eq!(node.value().as_deref(), Some("ink 0.5"));
    harness.state_mut().drawing.undo();
    harness.run();
    assert!(harness.state().drawing.is_blank());
}

#[test]
fn the_eraser_and_the_secondary_button_erase() {
    let mut harness = canvas();
    drag(&mut harness, &[(0.1, 0.5), (0.9, 0.5)]);
    let full = harness.state().drawing.ink();
    let (a, b) = (at(&harness, 0.3, 0.5), at(&harness, 0.4, 0.5));
    press(&mut harness, a, PointerButton::Secondary, true);
    harness.hover_at(b);
    press(&mut harness, b, PointerButton::Secondary, false);
    harness.run();
    let less = harness.state().drawing.ink();
    assert!(less < full - 1.0, "{full} {less}");
    harness.state_mut().brush = Brush { radius: 0.06, eraser: true };
    drag(&mut harness, &[(0.0, 0.5), (1.0, 0.5)]);
    assert!(harness.state().drawing.ink() < 0.01);
}

#[test]
fn a_stroke_may_leave_the_surface_and_one_from_outside_does_not_begin() {
    let mut harness = canvas();
    drag(&mut harness, &[(0.5, 0.5), (1.4, 0.5), (1.4, 0.8), (0.5, 0.8)]);
    let drawing = &harness.state().drawing;
    assert_eq!((drawing.strokes().count(), pieces(drawing.bitmap())), (1, 2));
    harness.state_mut().drawing.clear();
    drag(&mut harness, &[(0.5, 1.3), (0.5, 0.5)]);
    assert!(harness.state().drawing.is_blank());
}

#[test]
fn a_disabled_surface_is_left_alone() {
    let mut harness = harness(|ui, state: &mut State| {
        ui.disable();
        state.ui(ui);
    });
    drag(&mut harness, &[(0.2, 0.2), (0.8, 0.8)]);
    assert!(harness.state().drawing.is_blank());
}

/// The events of one finger as the system sends them, with the mouse events that it emulates.
fn finger(phase: TouchPhase, pos: Pos2) -> Vec<Event> {
    let touch = Event::Touch { device_id: TouchDeviceId(1), id: TouchId(1), phase, pos, force: None };
    let button = |pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    match phase {
        TouchPhase::Start => vec![touch, Event::PointerMoved(pos), button(true)],
        TouchPhase::Move => vec![touch, Event::PointerMoved(pos)],
        TouchPhase::End => vec![touch, button(false), Event::PointerGone],
        TouchPhase::Cancel => vec![touch, Event::PointerGone],
    }
}

#[test]
fn a_finger_draws_and_a_second_one_does_not_disturb_it() {
    let mut harness = canvas();
    let [a, b, c] = [(0.2, 0.5), (0.5, 0.5), (0.8, 0.5)].map(|(x, y)| at(&harness, x, y));
    let other = at(&harness, 0.5, 0.1);
    let second =
        |phase| Event::Touch { device_id: TouchDeviceId(1), id: TouchId(2), phase, pos: other, force: None };
    // The pointer was nowhere before the finger came.
    for events in [
        finger(TouchPhase::Start, a),
        finger(TouchPhase::Move, b),
        vec![second(TouchPhase::Start)],
        finger(TouchPhase::Move, c),
        vec![second(TouchPhase::End)],
        finger(TouchPhase::End, c),
    ] {
        harness.input_mut().events.extend(events);
        harness.run();
    }
    let drawing = &harness.state().drawing;
    assert!(!drawing.is_stroking());
    assert_eq!((drawing.strokes().count(), pieces(drawing.bitmap())), (1, 1));
    let by_finger = drawing.bitmap().to_vec();
    harness.state_mut().drawing.undo();
    drag(&mut harness, &[(0.2, 0.5), (0.5, 0.5), (0.8, 0.5)]);
    assert!(harness.state().drawing.bitmap() == by_finger, "as the mouse draws");
}

#[test]
fn a_touch_that_is_taken_back_ends_its_stroke() {
    let mut harness = canvas();
    let [a, b, c] = [(0.2, 0.5), (0.5, 0.5), (0.8, 0.2)].map(|(x, y)| at(&harness, x, y));
    for events in [finger(TouchPhase::Start, a), finger(TouchPhase::Move, b), finger(TouchPhase::Cancel, b)] {
        harness.input_mut().events.extend(events);
        harness.run();
    }
    assert!(!harness.state().drawing.is_stroking());
    let before = harness.state().drawing.bitmap().to_vec();
    harness.hover_at(c);
    harness.run();
    assert!(harness.state().drawing.bitmap() == before);
}
