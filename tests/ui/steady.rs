//! Nothing that appears by itself moves what a person is about to click.

use crate::support::{LARGE, SMALL, Window, layout::controls};
use convlens::ui::{
    action::{Action, Transport},
    model::{file_kind::FileKind, view::ViewId},
    state::AppState,
    views::VIEWS,
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

#[test]
fn messages_and_training_move_no_control() {
    let mut faults = Vec::new();
    for size in [LARGE, SMALL] {
        for entry in VIEWS {
            let mut window = Window::with_data(size);
            window.act(Action::ShowView(entry.id));
            // One step, so that all there is of a run is there.
            window.act(Action::Train(Transport::OneBatch));
            window.until("a step", |s| s.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active()));
            window.dismiss_messages();
            let before = controls(&window);
            let mut check = |window: &Window, what: &str| {
                let what = format!("{}, {size}, {what}", entry.name);
                faults.extend(moved(&before, &controls(window), &what));
            };
            for kind in [FileKind::Picture, FileKind::Model, FileKind::DataSet] {
                window.act(Action::UseFile(kind, "/there/is/no/such file".into()));
            }
            assert!(!window.messages().is_empty());
            check(&window, "with messages");
            window.dismiss_messages();
            check(&window, "without messages");
            window.act(Action::Train(Transport::OneEpoch));
            window.until("training", AppState::is_training);
            check(&window, "while training");
            window.until("the end of the epoch", |state| !state.is_training());
            window.settle();
            window.dismiss_messages();
            check(&window, "after an epoch");
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
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
    // A wheel's movement is smoothed over several frames.
    window.h.run_steps(60);
    let scrolled = controls(&window);
    window.h.remove_cursor();
    window.act(Action::ShowView(ViewId::Convolution));
    assert_eq!(moved(&fresh, &controls(&window), "Convolution"), Vec::<String>::new());
    window.act(Action::ShowView(ViewId::Train));
    assert_eq!(moved(&scrolled, &controls(&window), "Train"), Vec::<String>::new());
}
