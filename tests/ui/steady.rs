//! Nothing that appears by itself moves what a person is about to click.

use crate::support::{LARGE, SMALL, Window, layout::controls};
use convlens::ui::{
    action::{Action, Transport},
    model::view::ViewId,
    state::AppState,
};
use egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, Rect, TouchPhase, pos2, vec2};

/// Points by which nothing moves.
const TOLERANCE: f32 = 0.5;

/// The controls that are in both lists and elsewhere.
fn moved(before: &[(String, Rect)], after: &[(String, Rect)], what: &str) -> Vec<String> {
    let place = |name: &str| after.iter().find(|(other, _)| other == name).map(|(_, rect)| *rect);
    let both = before.iter().filter_map(|(name, rect)| Some((name, rect, place(name)?)));
    let is_moved = |a: &Rect, b: &Rect| (a.min - b.min).length() > TOLERANCE;
    both.filter(|(_, before, after)| is_moved(before, after))
        .map(|(name, before, after)| format!("{what}: {name} from {before:?} to {after:?}"))
        .collect()
}

/// A click just before training ends by itself meets the button that was aimed at.
#[test]
fn the_transport_stays_where_it_is_when_training_starts_and_ends() {
    let mut window = Window::with_data(LARGE);
    let of_transport = |window: &Window| {
        let mut all = controls(window);
        all.retain(|(name, _)| ["Reset", "1 epoch", "1 batch", "Display"].iter().any(|n| name.contains(n)));
        assert_eq!(all.len(), 4);
        all
    };
    let before = of_transport(&window);
    window.act(Action::Train(Transport::Run));
    window.until("training", AppState::is_training);
    assert_eq!(moved(&before, &of_transport(&window), "training"), Vec::<String>::new());
}

#[test]
fn each_view_keeps_its_own_scroll_position() {
    let mut window = Window::with_data(SMALL);
    window.act(Action::ShowInspector(true));
    window.act(Action::ShowView(ViewId::Convolution));
    let fresh = controls(&window);
    window.act(Action::ShowView(ViewId::Train));
    window.h.hover_at(pos2(SMALL.x - 100.0, 300.0));
    window.h.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, -400.0),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: MouseWheelSource::Wheel,
    });
    window.settle();
    let scrolled = controls(&window);
    window.h.remove_cursor();
    window.act(Action::ShowView(ViewId::Convolution));
    assert_eq!(moved(&fresh, &controls(&window), "Convolution"), Vec::<String>::new());
    window.act(Action::ShowView(ViewId::Train));
    assert_eq!(moved(&scrolled, &controls(&window), "Train"), Vec::<String>::new());
}
