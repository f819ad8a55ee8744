//! The size of everything in the window.

use crate::support::{LARGE, SMALL, Window, builder, layout, open, options};
use convlens::ui::{Options, action::Action, model::display::ZOOMS, views::VIEWS};
use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::Queryable as _;

fn used(window: &Window) -> f32 {
    window.h.ctx.zoom_factor()
}

#[test]
fn keys_and_the_menu_zoom_and_say_how_much() {
    let mut window = Window::new();
    window.key(Modifiers::COMMAND, Key::Plus);
    window.key(Modifiers::COMMAND, Key::Equals);
    assert_eq!((window.state().settings.zoom, used(&window)), (1.2, 1.2));
    window.button("Display");
    assert!(window.shows("120 %"));
    window.button("Zoom out");
    assert!(window.shows("110 %"));
    assert_eq!(used(&window), 1.1);
    window.button("Actual size");
    assert_eq!(used(&window), 1.0);
    window.key(Modifiers::COMMAND, Key::Minus);
    assert_eq!(used(&window), 0.9);
    window.key(Modifiers::COMMAND, Key::Num0);
    assert_eq!(used(&window), 1.0);
    for (steps, end) in [(30, *ZOOMS.end()), (-30_i32, *ZOOMS.start())] {
        for _ in 0..steps.abs() {
            window.key(Modifiers::COMMAND, if steps > 0 { Key::Plus } else { Key::Minus });
        }
        assert_eq!(window.state().settings.zoom, end);
    }
    window.act(Action::SetZoom(f32::NAN));
    assert_eq!(window.state().settings.zoom, 1.0);
}

#[test]
fn the_zoom_is_kept_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || Options { settings_path: Some(folder.path().join("settings.json")), ..options() };
    let mut window = open(builder(LARGE), kept());
    window.act(Action::SetZoom(1.3));
    window.close();
    let mut window = open(builder(LARGE), kept());
    window.settle();
    assert_eq!(used(&window), 1.3);
}

#[test]
fn a_window_without_room_for_the_zoom_says_so() {
    let mut window = Window::sized(SMALL);
    window.act(Action::SetZoom(1.5));
    assert_eq!((window.state().settings.zoom, used(&window)), (1.5, 1.0));
    window.button("Display");
    assert!(window.shows("150 %") && window.shows("100 % is shown"));
}

/// Nothing overlaps and nothing is outside, at any zoom and in the smallest window.
#[test]
fn every_view_is_laid_out_at_every_zoom() {
    let mut faults = Vec::new();
    for (size, zooms) in [
        (LARGE, [0.8, 1.3, 1.6, 2.0].as_slice()),
        (SMALL, &[0.8, 1.0, 2.0]),
        // Smaller than the views are laid out for: a small monitor.
        (vec2(675.0, 450.0), &[1.0]),
    ] {
        let mut window = Window::with_data(size);
        for zoom in zooms {
            window.act(Action::SetZoom(*zoom));
            for entry in VIEWS {
                window.act(Action::ShowView(entry.id));
                faults.extend(layout::faults(&mut window, &format!("{}, {zoom}, {size}", entry.name)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_list_of_all_keys_fits_the_smallest_window() {
    let mut window = Window::sized(SMALL);
    window.key(Modifiers::NONE, Key::F1);
    assert!(window.shows("All keys") && window.shows("Ctrl+Shift+Z"));
    let close = window.h.get_all_by_role(Role::Button).map(|node| node.rect());
    assert!(close.into_iter().all(|rect| rect.bottom() <= SMALL.y));
    window.key(Modifiers::NONE, Key::F1);
    assert!(!window.shows("All keys"));
    window.button("Display");
    window.h.get_by(|node| node.label().is_some_and(|label| label.contains("All keys"))).click();
    window.settle();
    assert!(window.state().shows_keys);
    window.key(Modifiers::NONE, Key::Escape);
    assert!(!window.state().shows_keys);
}
