//! Drawing by pointer and keyboard, and what the network answers.

use crate::support::{LARGE, ONE, SMALL, Window, nought, small_set};
use convlens::{
    data::digit,
    explain::Verdict,
    ui::{
        action::Action,
        model::{file_kind::FileKind, image::ImageSource},
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const DRAWN_OVER: &str = "✓ its label is";

fn cleared() -> Window {
    let mut window = Window::new();
    window.button("Clear");
    window
}

fn class(window: &Window) -> Option<usize> {
    match window.state().verdict() {
        Some(Verdict::Sure { class, .. }) => Some(class),
        _ => None,
    }
}

/// What is displayed is what the network computed from the current image.
#[track_caller]
fn assert_shown_is_computed(window: &Window) {
    let state = window.state();
    let answer = state.answer.as_ref().unwrap();
    assert_eq!(answer.image_revision, state.image.revision);
    let input = state.image.input_for(&state.network.network);
    assert_eq!(*answer.trace, state.network.network.trace(&input));
    for (shown, computed) in window.bars().iter().zip(state.probabilities()) {
        assert!((shown / 100.0 - computed).abs() <= 0.000_51, "{shown} % for {computed}");
    }
}

#[test]
fn the_first_start_shows_a_digit_that_is_read() {
    let window = Window::new();
    assert!(!window.state().drawing.is_blank());
    assert_eq!(class(&window), Some(7));
    assert!(window.answer().starts_with("7 "), "{}", window.answer());
    assert!(window.shows("Your drawing"));
    assert_shown_is_computed(&window);
}

#[test]
fn the_answer_changes_during_the_stroke() {
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        window.button("Clear");
        assert!(window.answer().contains("draw a digit"), "{}", window.answer());
        assert_eq!(window.bars(), [0.0; 10]);

        // A 7, whose bar alone is no digit.
        window.press([0.3, 0.2]);
        let mut answers = Vec::new();
        for i in 1..=16 {
            let place = if i <= 8 {
                [0.3 + 0.05 * i as f32, 0.2]
            } else {
                [0.7 - 0.03 * (i - 8) as f32, 0.2 + 0.08 * (i - 8) as f32]
            };
            let place = window.at(place);
            window.h.hover_at(place);
            // The frame of the movement, and the one after it.
            window.h.run_steps(2);
            assert!(window.state().drawing.is_stroking());
            assert_shown_is_computed(&window);
            let sum: f32 = window.bars().iter().sum();
            assert!((sum - 100.0).abs() <= 0.5, "{sum}");
            answers.push(window.answer());
        }
        assert!(answers.last().unwrap().starts_with("7 "), "{answers:?}");
        answers.dedup();
        assert!(answers.len() > 3, "{answers:?}");

        window.release([0.46, 0.84]);
        assert!(!window.state().drawing.is_stroking());
        assert_eq!(class(&window), Some(7));
        assert_eq!(window.state().drawing.strokes().count(), 1);
    }
}

#[test]
fn the_first_stroke_replaces_the_example() {
    let mut window = Window::new();
    let example = window.state().drawing.bitmap().to_vec();
    window.stroke(&ONE);
    assert_eq!(class(&window), Some(1), "{}", window.answer());
    let one = window.state().drawing.bitmap().to_vec();
    window.button("Undo");
    assert_eq!((window.state().drawing.bitmap(), class(&window)), (&example[..], Some(7)));
    window.button("Redo");
    assert_eq!(window.state().drawing.bitmap(), one);
    // The next stroke is added to the first.
    window.stroke(&[[0.3, 0.8], [0.5, 0.8], [0.7, 0.8]]);
    assert_eq!(window.state().drawing.strokes().count(), 2);
    assert!(window.state().drawing.bitmap().iter().zip(&one).all(|(now, before)| now >= before));
    window.button("Clear");
    window.stroke(&ONE);
    assert_eq!(window.state().drawing.bitmap(), one, "on a blank canvas, a stroke is what it is");
}

#[test]
fn the_eraser_does_not_remove_the_example() {
    let mut window = Window::new();
    let full = window.state().drawing.ink();
    window.button("Eraser");
    window.stroke(&[[0.1, 0.5], [0.9, 0.5]]);
    let ink = window.state().drawing.ink();
    assert!(ink > 0.5 * full && ink < full, "{full} {ink}");
}

#[test]
fn a_dot_and_a_short_dash_are_not_digits() {
    for (points, reason) in [
        ([[0.5_f32, 0.5], [0.5, 0.5]], "this is a dot, not a digit"),
        ([[0.46, 0.5], [0.53, 0.5]], "this is a short dash, not a digit"),
        ([[0.5, 0.46], [0.5, 0.53]], "this is a short dash, not a digit"),
        ([[0.3, 0.5], [0.7, 0.5]], "this is a level line, not a digit"),
    ] {
        let mut window = cleared();
        window.stroke(&points);
        assert_eq!(window.answer(), format!("? not sure: {reason}"));
    }
}

#[test]
fn a_small_digit_is_read_with_a_brush_that_fits() {
    let mut window = cleared();
    let canvas = window.h.get_by_role_and_label(Role::Canvas, "Drawing canvas").rect();
    // A 7 of 90 points, with the default brush.
    let scale = 90.0 / canvas.width();
    let seven = [[0.0, 0.0], [0.3, 0.0], [0.6, 0.0], [0.5, 0.25], [0.4, 0.5], [0.3, 0.75], [0.2, 1.0]];
    window.stroke(&seven.map(|[x, y]| [0.2 + scale * x, 0.3 + scale * y]));
    assert!(window.state().image.is_thinned() && window.shows("with a thinner brush"));
    assert_eq!(class(&window), Some(7), "{}", window.answer());
    // Without normalisation, nothing about the drawing is changed.
    window.click(Role::RadioButton, "Raw");
    assert_eq!(window.state().image.seen, digit::raw(&window.state().image.ink));
    assert!(!window.shows("with a thinner brush"));
    window.click(Role::RadioButton, "Normalised");
    assert_eq!(class(&window), Some(7));
}

#[test]
fn nothing_moves_when_there_is_no_answer() {
    let mut window = Window::new();
    let place = |window: &Window| {
        window.h.get_all_by_label_contains("First-layer filters").next().map(|node| node.rect())
    };
    let before = place(&window);
    assert!(before.is_some() && window.value(Role::Cell, "Entropy").ends_with(" bit"));
    window.button("Clear");
    assert_eq!(window.value(Role::Cell, "Entropy"), "–");
    assert_eq!(place(&window), before);
}

#[test]
fn a_ring_is_a_nought() {
    let mut window = cleared();
    window.stroke(&nought());
    assert_eq!(class(&window), Some(0));
    assert!(window.answer().starts_with("0 "), "{}", window.answer());
    assert_shown_is_computed(&window);
}

#[test]
fn the_ink_on_the_canvas_is_where_the_pointer_was() {
    let mut window = cleared();
    window.stroke(&[[0.25, 0.75], [0.25, 0.76]]);
    let drawing = &window.state().drawing;
    let side = (drawing.bitmap().len() as f32).sqrt() as usize;
    let ink =
        |x: f32, y: f32| drawing.bitmap()[(y * side as f32) as usize * side + (x * side as f32) as usize];
    assert_eq!(ink(0.25, 0.755), 255);
    assert_eq!([ink(0.75, 0.755), ink(0.25, 0.25), ink(0.75, 0.25), ink(0.25, 0.65)], [0; 4]);
}

#[test]
fn undo_and_redo_by_button_and_by_key() {
    let mut window = cleared();
    let blank = window.state().drawing.bitmap().to_vec();
    window.stroke(&nought());
    let ring = window.state().drawing.bitmap().to_vec();
    window.stroke(&ONE);
    let both = window.state().drawing.bitmap().to_vec();
    assert!(ring != blank && both != ring);
    let redo = Modifiers::COMMAND | Modifiers::SHIFT;
    let steps: [(&str, Modifiers, Key, &[u8]); 4] = [
        ("Undo", Modifiers::COMMAND, Key::Z, &ring),
        ("Undo", Modifiers::COMMAND, Key::Z, &blank),
        ("Redo", redo, Key::Z, &ring),
        ("Redo", Modifiers::COMMAND, Key::Y, &both),
    ];
    for by_key in [false, true] {
        for (name, modifiers, key, wanted) in steps {
            if by_key {
                window.key(modifiers, key);
            } else {
                window.button(name);
            }
            assert_eq!(window.state().drawing.bitmap(), wanted, "{name} by key: {by_key}");
            assert_shown_is_computed(&window);
        }
    }
    let is_disabled = |window: &Window, name| {
        window.h.get_by_role_and_label(Role::Button, name).accesskit_node().is_disabled()
    };
    assert!(is_disabled(&window, "Redo") && !is_disabled(&window, "Undo"));
    for _ in 0..20 {
        window.key(Modifiers::COMMAND, Key::Z);
    }
    assert!(is_disabled(&window, "Undo") && !is_disabled(&window, "Redo"));
}

#[test]
fn the_eraser_takes_ink_away_and_the_brush_gives_it() {
    let mut window = cleared();
    window.stroke(&nought());
    let full = window.state().drawing.ink();
    window.button("Eraser");
    assert!(window.state().settings.brush.eraser);
    window.stroke(&[[0.1, 0.5], [0.9, 0.5]]);
    let less = window.state().drawing.ink();
    assert!(less < full * 0.95, "{full} {less}");
    assert_shown_is_computed(&window);
    window.button("Brush");
    window.stroke(&[[0.1, 0.5], [0.9, 0.5]]);
    assert!(window.state().drawing.ink() > full);
}

#[test]
fn a_wider_brush_leaves_more_ink() {
    let ink_of = |radius: f64| {
        let mut window = cleared();
        window.set_number(Role::Slider, "Brush size", radius);
        window.stroke(&ONE);
        window.state().drawing.ink()
    };
    let [thin, thick] = [0.02, 0.08].map(ink_of);
    assert!(thick > 3.0 * thin, "{thin} {thick}");
}

#[test]
fn an_empty_canvas_is_no_digit() {
    for by_key in [false, true] {
        let mut window = Window::new();
        if by_key {
            window.key(Modifiers::NONE, Key::Delete);
        } else {
            window.button("Clear");
        }
        assert_eq!(window.state().verdict(), None);
        let answer = window.answer();
        assert!(
            answer.contains("draw a digit") && !answer.contains(|c: char| c.is_ascii_digit()),
            "{answer}"
        );
        assert_eq!(window.bars(), [0.0; 10]);
        // The clearing can be taken back.
        window.button("Undo");
        assert_eq!(class(&window), Some(7));
    }
}

#[test]
fn a_test_digit_is_shown_with_its_label() {
    let set = small_set();
    for (size, by_key) in [(LARGE, false), (SMALL, true)] {
        let mut window = Window::with_data(size);
        for index in 0..12 {
            if by_key {
                window.key(Modifiers::NONE, Key::N);
            } else {
                window.button("Next test digit");
            }
            let label = set.test.label(index);
            let image = &window.state().image;
            assert_eq!(image.source, ImageSource::Sample { set: "small".into(), index, label });
            assert_eq!(image.seen.as_raw(), set.test.image(index));
            assert_shown_is_computed(&window);
            let caption = format!("small test {index}, a {label}");
            // The rail of a narrow window has no room for it.
            assert!(size == SMALL || window.shows(&caption), "{caption}");
            if let Some(class) = class(&window) {
                let sign = if class == usize::from(label) { "✓" } else { "✗" };
                assert!(window.shows(&format!("{sign} its label is {label}")));
            }
        }
        // It steps aside at the first stroke, and undo brings it back with its caption.
        let (source, seen) = (window.state().image.source.clone(), window.state().image.seen.clone());
        window.stroke(&ONE);
        assert_eq!(window.state().image.source, ImageSource::Drawing);
        let alone = window.state().drawing.bitmap().to_vec();
        window.button("Undo");
        assert_eq!((&window.state().image.source, &window.state().image.seen), (&source, &seen));
        assert!(size == SMALL || window.shows("small test 11, a "));
        window.button("Clear");
        window.stroke(&ONE);
        assert_eq!(window.state().drawing.bitmap(), alone);
        assert!(!window.shows(DRAWN_OVER));
    }
}

#[test]
fn normalisation_makes_an_off_centre_digit_readable() {
    let mut window = cleared();
    window.set_number(Role::Slider, "Brush size", 0.02);
    let small = |[x, y]: [f32; 2]| [0.08 + 0.3 * x, 0.05 + 0.3 * y];
    window.stroke(&nought().into_iter().map(small).collect::<Vec<_>>());
    let normalised = window.state().image.seen.clone();
    assert_eq!(class(&window), Some(0));
    assert!(window.h.query_by_role_and_label(Role::Image, "cropped").is_some());

    window.click(Role::RadioButton, "Raw");
    let raw = window.state().image.seen.clone();
    assert_ne!(raw, normalised);
    assert!(window.h.query_by_role_and_label(Role::Image, "cropped").is_none());
    assert_shown_is_computed(&window);
    let far = |image: &image::GrayImage| {
        let (x, y) = digit::centre_of_mass(image);
        (x - 14.0).hypot(y - 14.0)
    };
    assert!(far(&normalised) < 1.0 && far(&raw) > 5.0, "{} {}", far(&normalised), far(&raw));

    window.click(Role::RadioButton, "Normalised");
    assert_eq!(window.state().image.seen, normalised);
    assert_eq!(class(&window), Some(0));
}

#[test]
fn every_view_has_the_current_image() {
    let mut window = Window::with_data(LARGE);
    for name in ["Network", "Train", "Draw"] {
        window.tab(name);
        let before = window.state().image.revision;
        window.button("Next sample");
        assert!(window.state().image.revision > before);
        window.button("Clear the image");
        assert!(window.state().image.is_blank() && window.shows("nothing drawn"));
        window.button("Open picture…");
        assert_eq!(window.question(), Some(FileKind::Picture));
        window.act(Action::CancelFile);
    }
}

/// What is on the screen while the answer to the newest image is on its way.
#[test]
fn an_answer_is_of_one_image_alone() {
    let set = small_set();
    let mut window = Window::with_data(LARGE);
    window.button("Clear");
    window.stroke(&ONE);
    assert!(window.answer().starts_with("1 "), "{}", window.answer());
    let (answer, bars) = (window.answer(), window.bars());

    // A digit with a label: the old answer says nothing about it.
    window.hold_back(true);
    assert_ne!(set.test.label(0), 1);
    window.act(Action::ShowSample(0));
    assert_eq!((window.answer(), window.bars()), (answer.clone(), bars.clone()));
    assert!(!window.shows("its label is") && !window.state().is_answered());
    window.hold_back(false);
    assert!(window.shows("✓ its label is 7") && window.state().is_answered());

    // Two signs: nothing speaks against the one that was read before them.
    window.button("Clear");
    window.stroke(&ONE);
    window.hold_back(true);
    window.act(Action::ClearDrawing);
    window.stroke(&[[0.2, 0.2], [0.2, 0.5], [0.2, 0.8]]);
    window.stroke(&[[0.8, 0.2], [0.8, 0.5], [0.8, 0.8]]);
    assert!(window.state().image.objection().is_some());
    assert_eq!((window.answer(), window.bars()), (answer, bars));
    window.hold_back(false);
    assert!(window.answer().starts_with("? not sure:"), "{}", window.answer());

    // What a network makes of a blank canvas is no answer.
    window.button("Clear");
    assert!(window.state().answer.as_ref().is_some_and(|answer| answer.about.is_blank));
    window.hold_back(true);
    window.stroke(&nought());
    assert_eq!(window.answer().trim(), "…");
    assert_eq!(window.bars(), [0.0; 10]);
    window.hold_back(false);
    assert!(window.answer().starts_with("0 "), "{}", window.answer());
}
