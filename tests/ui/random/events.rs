//! Random events.

use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Rect, Vec2, pos2, vec2};
use rand::{RngExt as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

/// What is typed: numbers, what is no number, and text of any script.
const TYPED: [&str; 22] = [
    "0",
    "1",
    "3",
    "9",
    "-",
    "−",
    ".",
    "e",
    "1e99",
    "-1e-40",
    "NaN",
    "inf",
    "0.03",
    "5 %",
    "99999999999999999999",
    "π",
    "数字",
    "é",
    "🙂",
    "{name}",
    "\u{202e}x",
    "abc",
];

const KEYS: [Key; 34] = [
    Key::Tab,
    Key::Tab,
    Key::Enter,
    Key::Enter,
    Key::Escape,
    Key::Escape,
    Key::Space,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::Backspace,
    Key::Delete,
    Key::B,
    Key::E,
    Key::F,
    Key::T,
    Key::OpenBracket,
    Key::CloseBracket,
    Key::Num1,
    Key::Num4,
    Key::Num7,
    Key::Num9,
    Key::Plus,
    Key::Minus,
    Key::Z,
    Key::Y,
    Key::D,
    Key::F1,
    Key::F11,
];

/// Any of these.
fn one<T: Copy>(rng: &mut ChaCha8Rng, of: &[T]) -> T {
    *of.choose(rng).expect("there is one")
}

/// A size of the window, in pixels: mostly one that people have, sometimes any from 1×1 to 8K.
pub(super) fn size(rng: &mut ChaCha8Rng) -> Vec2 {
    match rng.random_range(0..10) {
        0 => vec2(1.0, 1.0),
        1 => vec2(7680.0, 4320.0),
        2 => vec2(rng.random_range(1.0..2000.0), rng.random_range(1.0..1500.0)),
        3..6 => vec2(900.0, 600.0),
        6 => vec2(1366.0, 768.0),
        _ => vec2(1600.0, 1000.0),
    }
}

/// Pixels per point.
pub(super) fn scale(rng: &mut ChaCha8Rng) -> f32 {
    one(rng, &[1.0, 1.0, 1.0, 1.25, 1.5, 2.0, 0.5, 4.0])
}

fn modifiers(rng: &mut ChaCha8Rng) -> Modifiers {
    one(
        rng,
        &[
            Modifiers::NONE,
            Modifiers::NONE,
            Modifiers::NONE,
            Modifiers::SHIFT,
            Modifiers::COMMAND,
            Modifiers::ALT,
            Modifiers::COMMAND | Modifiers::SHIFT,
        ],
    )
}

/// A place inside the window, at a control more often than not, and sometimes outside of both.
fn place(rng: &mut ChaCha8Rng, size: Vec2, controls: &[Rect]) -> Pos2 {
    match controls.choose(rng) {
        Some(control) if rng.random_bool(0.8) => {
            control.lerp_inside(vec2(rng.random_range(0.0..=1.0), rng.random_range(0.0..=1.0)))
        }
        _ => pos2(rng.random_range(-20.0..size.x + 20.0), rng.random_range(-20.0..size.y + 20.0)),
    }
}

/// A few events that belong together: a click, a drag, a key, a text, a turn of the wheel. `size` is the window's, in
/// points.
pub(super) fn some(rng: &mut ChaCha8Rng, size: Vec2, controls: &[Rect]) -> Vec<Event> {
    let pos = place(rng, size, controls);
    let button = |rng: &mut ChaCha8Rng, pos, pressed| Event::PointerButton {
        pos,
        button: one(rng, &[PointerButton::Primary, PointerButton::Primary, PointerButton::Secondary]),
        pressed,
        modifiers: Modifiers::NONE,
    };
    match rng.random_range(0..20) {
        0..9 => {
            let pressed = button(rng, pos, true);
            let mut released = pressed.clone();
            if let Event::PointerButton { pressed, .. } = &mut released {
                *pressed = false;
            }
            vec![Event::PointerMoved(pos), pressed, released]
        }
        // A drag begins, goes on over some frames and ends with another button event.
        9 | 10 => vec![Event::PointerMoved(pos), button(rng, pos, true)],
        11 | 12 => vec![Event::PointerMoved(pos)],
        13 => vec![Event::PointerMoved(pos), button(rng, pos, false)],
        14 | 15 => {
            let (key, modifiers) = (one(rng, &KEYS), modifiers(rng));
            let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
            vec![event(true), event(false)]
        }
        16 => vec![Event::Text(one(rng, &TYPED).to_owned())],
        17 => vec![Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(rng.random_range(-300.0..300.0), rng.random_range(-300.0..300.0)),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: modifiers(rng),
        }],
        18 => vec![Event::Paste(one(rng, &TYPED).to_owned())],
        _ => one_of_the_rest(rng),
    }
}

fn one_of_the_rest(rng: &mut ChaCha8Rng) -> Vec<Event> {
    match rng.random_range(0..4) {
        0 => vec![Event::PointerGone],
        1 => vec![Event::WindowFocused(rng.random())],
        2 => vec![Event::Copy],
        _ => vec![Event::Zoom(rng.random_range(0.5..2.0))],
    }
}
