//! The keys of presenting, and what they leave alone.

use super::{present, presenting_with};
use crate::support::{LARGE, SMALL, Window, builder, open, options};
use convlens::ui::{
    Options,
    action::Action,
    model::{
        display::WindowPlace,
        presenting::PresentAct,
        selection::{MapId, Selection},
        view::ViewId,
    },
};
use egui::{Key, Modifiers, Rect, Role, ViewportCommand, ViewportId, pos2, vec2};
use egui_kittest::kittest::Queryable as _;

fn plain(window: &mut Window, key: Key) {
    window.key(Modifiers::NONE, key);
}

/// Whether bars and panels are there.
fn has_bars(window: &Window) -> bool {
    window.h.query_by_role_and_label(Role::Tab, "Draw").is_some()
        && window.h.query_by_role_and_label(Role::ComboBox, "Network menu").is_some()
}

#[test]
fn f11_hides_bars_and_panels_and_f11_or_escape_bring_them_back() {
    let mut window = Window::new();
    for view in [ViewId::Draw, ViewId::Network, ViewId::Convolution, ViewId::Pooling, ViewId::Train] {
        window.act(Action::ShowView(view));
        for back in [Key::F11, Key::Escape] {
            assert!(has_bars(&window));
            plain(&mut window, Key::F11);
            assert!(window.state().presenting.is_on && !has_bars(&window), "{view:?}");
            assert!(window.h.query_by_role_and_label(Role::ComboBox, "Data menu").is_none());
            plain(&mut window, back);
            assert!(!window.state().presenting.is_on && has_bars(&window), "{view:?}, {back:?}");
        }
    }
}

/// The grids use the room of the panels.
#[test]
fn what_is_shown_is_larger() {
    let mut window = Window::sized(SMALL);
    let canvas = |window: &Window| window.h.get_by_role_and_label(Role::Canvas, "Drawing canvas").rect();
    let before = canvas(&window);
    plain(&mut window, Key::F11);
    assert!(canvas(&window).area() > 1.2 * before.area());
    window.act(Action::ShowView(ViewId::Convolution));
    let cell = |window: &Window| window.h.get_by_label("kernel 0, 0").rect().width();
    let large = cell(&window);
    plain(&mut window, Key::Escape);
    assert!(large > 1.2 * cell(&window), "{large}");
}

#[test]
fn the_window_of_the_system_fills_the_screen() {
    let mut window = Window::new();
    // What the window of the system is told in the frames after the key.
    let told = |window: &mut Window| -> Vec<bool> {
        window.h.key_press(Key::F11);
        let mut told = Vec::new();
        for _ in 0..6 {
            window.h.step();
            let output = window.h.output();
            let commands = output.viewport_output.values().flat_map(|viewport| &viewport.commands);
            told.extend(commands.filter_map(|command| match command {
                ViewportCommand::Fullscreen(is_full) => Some(*is_full),
                _ => None,
            }));
        }
        told
    };
    assert_eq!(told(&mut window), [true]);
    assert_eq!(told(&mut window), [false]);
}

/// A window that presented opens as large as it was before.
#[test]
fn the_place_of_the_window_is_that_before_presenting() {
    let mut window = Window::new();
    let mut tell = |is_full: bool, size| {
        let viewport = window.h.input_mut().viewports.entry(ViewportId::ROOT).or_default();
        viewport.inner_rect = Some(Rect::from_min_size(pos2(10.0, 20.0), size));
        viewport.outer_rect = viewport.inner_rect;
        viewport.fullscreen = Some(is_full);
        window.h.step();
        window.h.step();
        window.state().settings.window
    };
    let place = WindowPlace { size: [1200.0, 700.0], position: Some([10.0, 20.0]), is_maximized: false };
    assert_eq!(tell(false, vec2(1200.0, 700.0)), Some(place));
    assert_eq!(tell(true, vec2(1920.0, 1080.0)), Some(place));
}

#[test]
fn a_clicker_steps_what_is_shown() {
    let mut window = presenting_with(builder(LARGE), 1.0);
    window.act(Action::ShowView(ViewId::Convolution));
    let start = window.state().convolution.position();
    plain(&mut window, Key::PageDown);
    plain(&mut window, Key::PageDown);
    assert_eq!(window.state().convolution.position(), start + 2);
    plain(&mut window, Key::PageUp);
    assert_eq!(window.state().convolution.position(), start + 1);
    assert!(window.shows(&format!("{} / 9", start + 2)), "the foot says where it stands");

    window.act(Action::ShowView(ViewId::Pooling));
    let start = window.state().pooling.position();
    plain(&mut window, Key::PageDown);
    assert_eq!(window.state().pooling.position(), start + 1);
    plain(&mut window, Key::PageUp);
    assert_eq!(window.state().pooling.position(), start);

    window.act(Action::ShowView(ViewId::Network));
    let map = MapId { column: 1, map: 2 };
    window.act(Action::Select(Selection { map: Some(map), pixel: Some((3, 4)), channel: None }));
    plain(&mut window, Key::PageDown);
    assert_eq!(window.state().selection.pixel, Some((3, 5)));
    plain(&mut window, Key::PageUp);
    assert_eq!(window.state().selection.pixel, Some((3, 4)));

    plain(&mut window, Key::F11);
    plain(&mut window, Key::PageDown);
    assert_eq!(window.state().selection.pixel, Some((3, 4)), "only while presenting");
}

#[test]
fn b_darkens_the_screen_and_any_key_lights_it_again_and_does_nothing_else() {
    let mut window = presenting_with(builder(LARGE), 1.0);
    plain(&mut window, Key::E);
    let brush = window.state().settings.brush;
    plain(&mut window, Key::B);
    assert!(window.state().presenting.is_dark);
    assert_eq!(window.state().settings.brush, brush, "B is no brush now");
    let image = window.state().image.revision;
    plain(&mut window, Key::N);
    assert!(!window.state().presenting.is_dark);
    assert_eq!(window.state().image.revision, image, "the key only lights the screen");
    plain(&mut window, Key::B);
    plain(&mut window, Key::Escape);
    assert!(!window.state().presenting.is_dark && window.state().presenting.is_on);
    plain(&mut window, Key::B);
    window.click_at(pos2(400.0, 400.0));
    assert!(!window.state().presenting.is_dark);
    assert_eq!(window.state().image.revision, image);
    // Outside, B is the brush.
    plain(&mut window, Key::F11);
    plain(&mut window, Key::B);
    assert!(!window.state().presenting.is_dark && !window.state().settings.brush.eraser);
}

#[test]
fn the_pen_draws_over_the_window_until_it_is_cleared() {
    let mut window = presenting_with(builder(LARGE), 1.0);
    plain(&mut window, Key::P);
    let drawing = window.state().drawing.revision();
    window.h.hover_at(pos2(400.0, 300.0));
    window.h.drag_at(pos2(400.0, 300.0));
    for x in 1..=10_u8 {
        window.h.hover_at(pos2(400.0 + 20.0 * f32::from(x), 300.0));
        window.h.step();
    }
    window.h.drop_at(pos2(600.0, 300.0));
    window.settle();
    let strokes = &window.state().presenting.strokes;
    assert_eq!(strokes.len(), 1);
    let (first, last) = (strokes[0][0], strokes[0][strokes[0].len() - 1]);
    assert!(first[0] < last[0] && (first[1] - 0.3).abs() < 0.01, "{strokes:?}");
    assert!(strokes[0].len() > 5, "every movement counts");
    assert_eq!(window.state().drawing.revision(), drawing, "the canvas below is left alone");
    plain(&mut window, Key::P);
    assert!(!window.state().presenting.has_pen);
    assert_eq!(window.state().presenting.strokes.len(), 1, "it stays while one clicks below it");
    plain(&mut window, Key::C);
    assert!(window.state().presenting.strokes.is_empty());
    present(&mut window, PresentAct::Touch([0.5, 0.5]));
    plain(&mut window, Key::F11);
    assert!(window.state().presenting.strokes.is_empty());
    plain(&mut window, Key::P);
    assert!(!window.state().presenting.has_pen, "only while presenting");
}

/// Every key of presenting is in the list of all keys.
#[test]
fn the_list_of_all_keys_has_them() {
    let mut window = Window::new();
    plain(&mut window, Key::F1);
    for words in ["While presenting", "F11", "PageDown", "PageUp", "dark screen", "take the pen", "Escape"] {
        assert!(window.shows(words), "{words}");
    }
}

#[test]
fn the_zoom_reaches_250_percent_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || Options { settings_path: Some(folder.path().join("settings.json")), ..options() };
    let size = vec2(1920.0, 1080.0);
    let mut window = open(builder(size), kept());
    plain(&mut window, Key::F11);
    for _ in 0..20 {
        window.key(Modifiers::COMMAND, Key::Plus);
    }
    assert_eq!((window.state().settings.zoom, window.h.ctx.zoom_factor()), (2.5, 2.5));
    window.close();
    let mut window = open(builder(size), kept());
    plain(&mut window, Key::F11);
    window.h.run_steps(3);
    assert_eq!(window.h.ctx.zoom_factor(), 2.5);
    for _ in 0..20 {
        window.key(Modifiers::COMMAND, Key::Minus);
    }
    assert_eq!(window.h.ctx.zoom_factor(), 0.8);
    window.key(Modifiers::COMMAND, Key::Num0);
    assert_eq!(window.h.ctx.zoom_factor(), 1.0);
}
