//! Where the window opens.

use crate::support::{LARGE, builder, open, options};
use convlens::ui::{
    Options,
    model::display::WindowPlace,
    placement::{LEAST, place},
};
use egui::{Rect, ViewportId, pos2, vec2};

fn monitor(x: f32, y: f32, width: f32, height: f32) -> Rect {
    Rect::from_min_size(pos2(x, y), vec2(width, height))
}

fn area(place: &WindowPlace) -> Rect {
    Rect::from_min_size(place.position.expect("a place").into(), place.size.into())
}

/// A title bar above and a panel below, as high as they are made.
const PANELS: f32 = 88.0;

#[test]
fn the_first_window_fits_the_work_area_of_every_monitor() {
    for (width, height) in
        [(1366.0, 768.0), (1280.0, 720.0), (1920.0, 1080.0), (3840.0, 2160.0), (1024.0, 768.0)]
    {
        let monitor = monitor(0.0, 0.0, width, height);
        let place = place(None, &[monitor]);
        assert!(monitor.contains_rect(area(&place)), "{width}×{height}: {place:?}");
        assert!(place.size[1] + PANELS <= height, "{width}×{height}: {place:?}");
        assert!(place.size[0] >= LEAST.x && place.size[1] >= LEAST.y);
    }
    assert_eq!(place(None, &[monitor(0.0, 0.0, 1920.0, 1200.0)]).size, [1600.0, 1000.0]);
    assert_eq!(place(None, &[]).size, [1600.0, 1000.0]);
}

#[test]
fn a_window_opens_where_it_was_if_it_can_be_seen_there() {
    let monitors = [monitor(0.0, 0.0, 1920.0, 1080.0), monitor(1920.0, 0.0, 1366.0, 768.0)];
    let kept = WindowPlace { size: [1000.0, 640.0], position: Some([2000.0, 30.0]), is_maximized: false };
    assert_eq!(place(Some(kept), &monitors), kept);
    // The second monitor is gone.
    let moved = place(Some(kept), &monitors[..1]);
    assert_eq!(moved.size, kept.size);
    assert!(monitors[0].contains_rect(area(&moved)), "{moved:?}");
    // It was larger than the monitor that is left.
    let large = WindowPlace { size: [1900.0, 1000.0], position: Some([0.0, 0.0]), is_maximized: true };
    let smaller = place(Some(large), &monitors[1..]);
    assert!(smaller.is_maximized && smaller.size[1] + PANELS <= 768.0, "{smaller:?}");
    for broken in [f32::NAN, f32::INFINITY, -5.0, 0.0] {
        let kept = WindowPlace { size: [broken, 640.0], position: Some([broken, 0.0]), is_maximized: false };
        assert!(monitors[0].contains_rect(area(&place(Some(kept), &monitors))), "{broken}");
    }
}

#[test]
fn the_place_of_the_window_is_kept_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || Options { settings_path: Some(folder.path().join("settings.json")), ..options() };
    let mut window = open(builder(LARGE), kept());
    let tell = |window: &mut crate::support::Window, is_maximized| {
        let viewport = window.h.input_mut().viewports.entry(ViewportId::ROOT).or_default();
        viewport.inner_rect = Some(monitor(40.0, 50.0, 1200.0, 700.0));
        viewport.outer_rect = Some(monitor(38.0, 20.0, 1204.0, 732.0));
        viewport.maximized = Some(is_maximized);
        window.h.step();
        window.h.step();
    };
    tell(&mut window, false);
    let place = WindowPlace { size: [1200.0, 700.0], position: Some([38.0, 20.0]), is_maximized: false };
    assert_eq!(window.state().settings.window, Some(place));
    tell(&mut window, true);
    window.close();
    let window = open(builder(LARGE), kept());
    assert_eq!(window.state().settings.window, Some(WindowPlace { is_maximized: true, ..place }));
}
