//! The page that shows how a map is computed.

use super::{at, is_rounded, lenet, number_of, select, values};
use crate::support::Window;
use convlens::{
    explain::{Breakdown, Cell, cell::ChannelTerms},
    ui::{action::Action, model::selection::Selection},
};
use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::Queryable as _;

/// The partial results, the sum and the stages that are shown, against the cell of the place that is marked.
#[track_caller]
fn assert_making(window: &Window, layer: usize, map: usize, (row, column): (usize, usize)) {
    let network = window.state().network.network.clone();
    let trace = network.trace(&window.state().image.input_for(&network));
    let making = Breakdown::of(&network, &trace, layer, map).unwrap();
    let at = (map * making.sum.nrows() + row) * making.sum.ncols() + column;
    let Some(Cell::Sum { parts, .. }) = Cell::of(&network, &trace, layer, at) else { panic!("a sum") };
    for part in &parts {
        let shown = window.value(Role::Image, &format!("partial result of channel {}", part.channel));
        assert!(
            is_rounded(&shown, f64::from(ChannelTerms::subtotal(part))),
            "channel {}: {shown}",
            part.channel
        );
    }
    let shown = window.value(Role::Image, "sum of the partial results");
    assert!(is_rounded(&shown, f64::from(trace.activation(layer)[at])), "{shown}");
    let after = window.value(Role::Image, &format!("output of relu {}", layer + 1));
    assert!((number_of(&after) - trace.activation(layer + 1)[at]).abs() < 0.006, "{after}");
}

#[test]
fn the_making_of_a_map_is_played_stepped_and_scrubbed() {
    let mut window = lenet();
    window.tab("Network");
    select(&mut window, 3, 7);
    // Without a pixel chosen, the strongest one is shown.
    let values = values(&window, "conv2d 3", 7);
    let strongest = (0..100).max_by(|a, b| values[*a].abs().total_cmp(&values[*b].abs())).unwrap();
    assert_making(&window, 3, 7, (strongest / 10, strongest % 10));
    window.button("To the beginning");
    let pixel = |window: &Window| window.state().selection.pixel;
    for (button, expected) in [
        ("Step forward", (0, 1)),
        ("Row forward", (1, 1)),
        ("Step back", (1, 0)),
        ("To the end", (9, 9)),
        ("Row back", (8, 9)),
        ("To the beginning", (0, 0)),
    ] {
        window.button(button);
        assert_eq!(pixel(&window), Some(expected), "{button}");
        assert_making(&window, 3, 7, expected);
        // The inspector explains the same place.
        assert!(is_rounded(
            &window.value(Role::Cell, "Value"),
            f64::from(values[expected.0 * 10 + expected.1])
        ));
    }
    window.set_number(Role::Slider, "Scrub places", 57.0);
    assert_eq!(pixel(&window), Some((5, 7)));
    window.set_number(Role::SpinButton, "Steps a second", 60.0);
    window.h.key_press(Key::Space);
    window.h.run_steps(12);
    assert!(!window.state().is_training(), "the space bar plays what is shown");
    let played = pixel(&window).unwrap();
    assert!(played.0 * 10 + played.1 > 60, "{played:?}");
    window.h.key_press(Key::Space);
    window.settle();
    let stopped = pixel(&window).unwrap();
    assert_making(&window, 3, 7, stopped);
    // A pooled pixel has its own places.
    select(&mut window, 5, 7);
    window.button("To the end");
    assert_eq!(pixel(&window), Some((4, 4)));
    let shown = window.value(Role::Image, "output of max_pool2d 5");
    let pooled = self::values(&window, "max_pool2d 5", 7)[24];
    assert!((number_of(&shown) - pooled).abs() < 0.006, "{shown} for {pooled}");
    window.button("Close the breakdown");
    assert_eq!(window.state().selection, Selection::default());
}

#[test]
fn a_click_in_the_making_goes_to_the_pixel_and_its_channel() {
    let mut window = lenet();
    window.tab("Network");
    select(&mut window, 3, 2);
    let rect = window.h.get_by_role_and_label(Role::Image, "partial result of channel 4").rect();
    window.click_at(rect.lerp_inside(vec2(0.35, 0.85)));
    let place = Some((8, 3));
    assert_eq!(window.state().selection, Selection { pixel: place, channel: Some(4), ..at(3, 2) });
    let rect = window.h.get_by_role_and_label(Role::Image, "output of max_pool2d 5").rect();
    window.click_at(rect.lerp_inside(vec2(0.5, 0.1)));
    assert_eq!(window.state().selection, Selection { pixel: Some((0, 2)), ..at(5, 2) });
    // A place of an input map stands for the window around it.
    let rect = window.h.get_by_role_and_label(Role::Image, "input map 1").rect();
    window.click_at(rect.lerp_inside(vec2(7.5 / 14.0, 9.5 / 14.0)));
    assert_eq!(window.state().selection, Selection { pixel: Some((7, 5)), channel: Some(1), ..at(3, 2) });
}

/// A pointer that rests where it clicked does not hold the marks back.
#[test]
fn keys_move_the_marks_while_the_pointer_rests() {
    let mut window = lenet();
    window.tab("Network");
    select(&mut window, 3, 2);
    let rect = window.h.get_by_role_and_label(Role::Image, "sum of the partial results").rect();
    window.click_at(rect.lerp_inside(vec2(0.55, 0.25)));
    assert_making(&window, 3, 2, (2, 5));
    window.key(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(window.state().selection.pixel, Some((2, 6)));
    assert_making(&window, 3, 2, (2, 6));
    window.key(Modifiers::SHIFT, Key::ArrowDown);
    assert_making(&window, 3, 2, (3, 6));
    // When it moves, it points again.
    window.h.hover_at(rect.lerp_inside(vec2(0.85, 0.85)));
    window.settle();
    assert_making(&window, 3, 2, (8, 8));
}

/// Gives a picture the keyboard and presses the space bar on it.
fn press_on(window: &mut Window, name: &str) {
    window.h.get_by_role_and_label(Role::Image, name).focus();
    window.settle();
    assert!(window.h.get_by_role_and_label(Role::Image, name).is_focused(), "{name}");
    window.key(Modifiers::NONE, Key::Space);
}

#[test]
fn the_pictures_of_a_making_are_chosen_from_by_keys() {
    let mut window = lenet();
    window.tab("Network");
    let chosen = Selection { pixel: Some((4, 3)), ..at(3, 2) };
    window.act(Action::Select(chosen));
    press_on(&mut window, "partial result of channel 4");
    assert_eq!(window.state().selection, Selection { channel: Some(4), ..chosen });
    press_on(&mut window, "input map 1");
    assert_eq!(window.state().selection, Selection { channel: Some(1), ..chosen });
    press_on(&mut window, "sum of the partial results");
    assert_eq!(window.state().selection, chosen);
    // The arrows walk on through the maps.
    window.key(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(window.state().selection, Selection { pixel: Some((4, 4)), ..chosen });
    press_on(&mut window, "output of max_pool2d 5");
    assert_eq!(window.state().selection, Selection { pixel: Some((2, 2)), ..at(5, 2) });
    // A screen reader's click does the same.
    window.act(Action::Select(chosen));
    window.h.get_by_role_and_label(Role::Image, "output of relu 4").click_accesskit();
    window.settle();
    assert_eq!(window.state().selection, Selection { pixel: Some((4, 3)), ..at(4, 2) });
    // From a kernel there is nothing to choose, so the keyboard does not stop there.
    window.act(Action::Select(chosen));
    window.h.get_by_role_and_label(Role::Image, "kernel of channel 1").focus();
    window.settle();
    assert!(!window.h.get_by_role_and_label(Role::Image, "kernel of channel 1").is_focused());
}

#[test]
fn a_key_on_the_enlarged_map_keeps_its_pixel() {
    let mut window = lenet();
    window.tab("Network");
    let chosen = Selection { pixel: Some((4, 3)), ..at(3, 2) };
    window.act(Action::Select(chosen));
    press_on(&mut window, "Map, enlarged");
    assert_eq!(window.state().selection, chosen);
    window.act(Action::Select(at(3, 2)));
    press_on(&mut window, "Map, enlarged");
    assert_eq!(window.state().selection, Selection { pixel: Some((5, 5)), ..at(3, 2) });
}
