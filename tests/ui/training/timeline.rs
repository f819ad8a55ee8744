//! The timeline: back to a moment of the run in every view, the film, flags, branches, and the way back.

use super::{one_batch, snapshot, step};
use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    nn::Network,
    ui::{
        action::{Action, Transport},
        model::{network::Origin, timeline::TimelineAct},
        state::AppState,
    },
};
use egui::{Key, Modifiers, Rect, Role, vec2};
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

fn weights(network: &Network) -> Vec<f32> {
    network.parameters().iter().flatten().flat_map(convlens::nn::Tensor::values).copied().collect()
}

/// A window whose run has made this many steps.
fn trained(size: egui::Vec2, steps: u64) -> Window {
    let mut window = Window::with_data(size);
    window.tab("Train");
    (1..=steps).for_each(|wanted| one_batch(&mut window, wanted));
    window
}

fn track(window: &Window) -> Rect {
    window.h.get_by_role_and_label(Role::Slider, "Timeline").rect()
}

fn chosen(window: &Window) -> Option<u64> {
    window.state().timeline.chosen.map(|chosen| chosen.step)
}

/// Clicks on the track, at its left end for 0 and its right end for 1.
fn click_track(window: &mut Window, part: f32) {
    let track = track(window).shrink2(vec2(18.0, 0.0));
    window.click_at(egui::pos2(track.left() + part * track.width(), track.center().y));
    window.settle();
}

#[test]
fn every_view_goes_back_to_a_moment_and_on_to_live() {
    for size in [LARGE, SMALL] {
        let mut window = trained(size, 6);
        let now = snapshot(&window).clone();
        window.tab("Draw");
        window.settle();
        let live = window.bars();
        click_track(&mut window, 0.0);
        window.until("step 0", |state| state.history_step() == Some(0));
        assert_eq!(chosen(&window), Some(0));
        assert_eq!(weights(&window.state().network.network), weights(&now.initial));
        assert!(window.shows("HISTORY") && window.shows("step 0"));
        for view in ["Draw", "Network"] {
            window.tab(view);
            window.settle();
            window.until("an answer of step 0", |state| {
                state
                    .current_answer()
                    .is_some_and(|answer| Arc::ptr_eq(&answer.network, &state.network.network))
            });
            assert!(window.shows("step 0"), "{view}");
        }
        window.tab("Draw");
        window.settle();
        let then = window.bars();
        window.button("Back to live");
        window.settle();
        assert_eq!((chosen(&window), &window.state().network.origin), (None, &Origin::Live));
        assert_eq!(weights(&window.state().network.network), weights(&now.network));
        window.settle();
        assert_ne!(live, then, "the answer followed");
        assert_eq!(window.bars(), live);
    }
}

#[test]
fn history_stays_while_training_goes_on() {
    let mut window = trained(LARGE, 4);
    window.act(Action::Timeline(TimelineAct::Show(2)));
    window.until("step 2", |state| state.history_step() == Some(2));
    let then = weights(&window.state().network.network);
    window.set_number(Role::SpinButton, "Epochs", 500.0);
    window.button("Train");
    window.until("training", AppState::is_training);
    window.until("more steps", |state| state.snapshot.as_ref().is_some_and(|s| s.step > 30));
    assert_eq!(window.state().history_step(), Some(2));
    assert_eq!(weights(&window.state().network.network), then);
    assert!(window.shows("training goes on: step"));
    window.button("Pause");
    window.until("a pause", |state| !state.is_training());
    window.button("Back to live");
    window.settle();
    assert_eq!(weights(&window.state().network.network), weights(&snapshot(&window).network));
}

#[test]
fn a_branch_is_a_new_run_from_the_moment() {
    let mut window = trained(LARGE, 6);
    let first = snapshot(&window).clone();
    window.act(Action::Timeline(TimelineAct::Show(2)));
    window.until("step 2", |state| state.history_step() == Some(2));
    window.button("Branch here");
    let run = first.run;
    window.until("the branch", move |state| state.snapshot.as_ref().is_some_and(|s| s.run > run));
    window.settle();
    assert_eq!(step(&window), 2);
    assert_eq!((chosen(&window), &window.state().network.origin), (None, &Origin::Live));
    (3..=6).for_each(|wanted| one_batch(&mut window, wanted));
    assert_eq!(weights(&snapshot(&window).network), weights(&first.network));
}

#[test]
fn keys_go_through_the_moments() {
    let mut window = trained(LARGE, 6);
    window.key(Modifiers::NONE, Key::T);
    window.key(Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(chosen(&window), Some(5));
    window.key(Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(chosen(&window), Some(0));
    window.key(Modifiers::NONE, Key::ArrowRight);
    window.key(Modifiers::NONE, Key::F);
    window.until("a flag", |state| {
        let timeline = &state.snapshot.as_ref().unwrap().timeline;
        timeline.at(1).and_then(|moment| moment.flag.as_deref()) == Some("step 1")
    });
    window.key(Modifiers::NONE, Key::End);
    assert_eq!(chosen(&window), None);
    window.key(Modifiers::NONE, Key::Home);
    assert_eq!(chosen(&window), Some(0));
    window.key(Modifiers::NONE, Key::Escape);
    assert_eq!(chosen(&window), None);
    assert!(!window.state().is_training());
}

#[test]
fn the_film_shows_every_moment_and_ends_live() {
    let mut window = trained(LARGE, 5);
    window.button("Play the moments as a film");
    let mut seen = vec![chosen(&window)];
    for _ in 0..400 {
        window.h.step();
        if seen.last() != Some(&chosen(&window)) {
            seen.push(chosen(&window));
        }
        if window.state().timeline.film.is_none() {
            break;
        }
    }
    assert_eq!(seen, [Some(0), Some(1), Some(2), Some(3), Some(4), None]);
}

#[test]
fn a_reset_and_another_network_leave_history() {
    let mut window = trained(LARGE, 3);
    window.act(Action::Timeline(TimelineAct::Show(1)));
    window.act(Action::Train(Transport::Reset));
    window.until("step 0", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 0));
    window.settle();
    assert_eq!((chosen(&window), &window.state().network.origin), (None, &Origin::Live));
}

#[test]
fn nothing_of_the_timeline_is_cut_off() {
    for size in [LARGE, SMALL] {
        let mut window = trained(size, 4);
        for act in [TimelineAct::Live, TimelineAct::Show(1)] {
            window.act(Action::Timeline(act));
            window.settle();
            let faults = layout::faults(&mut window, "timeline");
            assert!(faults.is_empty(), "{faults:?}");
            assert_eq!(layout::cut_texts(&window), Vec::<String>::new());
        }
    }
}

#[test]
fn the_digit_is_followed_through_the_moments() {
    let mut window = trained(LARGE, 5);
    let steps = |state: &AppState| {
        let points = state.learning.curve().map(|curve| &curve.points);
        points.map(|points| points.iter().map(|(step, _)| *step).collect::<Vec<_>>())
    };
    window.until("all moments", move |state| steps(state).as_deref() == Some(&[0, 1, 2, 3, 4, 5]));
    // The numbers are those of the answers at these moments.
    for step in [0, 3] {
        window.act(Action::Timeline(TimelineAct::Show(step)));
        window.until("an answer", move |state| {
            state.history_step() == Some(step)
                && state.current_answer().is_some_and(|a| Arc::ptr_eq(&a.network, &state.network.network))
        });
        let points = &window.state().learning.curve().unwrap().points;
        let at = points.iter().find(|(other, _)| *other == step).unwrap();
        assert_eq!(at.1, window.state().probabilities());
    }

    // A pinned image is followed while the current one changes.
    window.button("Pin the current image");
    window.button("Next sample");
    window.until("both images", |state| {
        state.learning.curves.as_ref().is_some_and(|curves| curves.curves.len() == 2)
    });
    let current = window.state().learning.curve().unwrap().points.clone();
    window.click(Role::RadioButton, "Pinned image 1");
    assert_ne!(window.state().learning.curve().unwrap().points, current);
    window.button("Unpin image 1");
    assert_eq!(window.state().learning.shown, None);
}
