//! The curves and the filters: what they show, and what they answer.

use super::{one_batch, reset, snapshot};
use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    explain::Filters,
    train::{overfitting, written_loss},
    ui::{
        model::display::{LossScale, Smoothing},
        state::AppState,
        widgets::numbers,
    },
};
use egui::{Key, Modifiers, Rect, Role, Shape, pos2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const PLOTS: [&str; 2] = ["Loss curves", "Accuracy curves"];

#[track_caller]
fn plot(window: &Window, name: &str) -> Rect {
    window.h.get_by_role_and_label(Role::Image, name).rect()
}

/// The dots and circles that are painted in a part of the window.
fn dots(window: &Window, within: Rect) -> usize {
    fn count(shape: &Shape, within: Rect) -> usize {
        match shape {
            // A line of one point is painted as a circle as wide as the line: too small to be seen.
            Shape::Circle(circle) => usize::from(circle.radius > 2.0 && within.contains(circle.center)),
            Shape::Vec(shapes) => shapes.iter().map(|shape| count(shape, within)).sum(),
            _ => 0,
        }
    }
    window.h.output().shapes.iter().map(|clipped| count(&clipped.shape, within)).sum()
}

#[test]
fn the_first_step_and_the_first_evaluation_are_dots() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    let empty = PLOTS.map(|name| dots(&window, plot(&window, name)));
    assert_eq!(empty, [0, 0]);
    one_batch(&mut window, 1);
    assert_eq!(snapshot(&window).history.quick.len(), 1);
    for name in PLOTS {
        assert_eq!(dots(&window, plot(&window, name)), 2, "{name}");
    }
}

#[test]
fn the_pointer_reads_step_epoch_loss_and_accuracy_anywhere_in_a_plot() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Train");
        for step in 1..=12 {
            one_batch(&mut window, step);
        }
        let points: Vec<_> = snapshot(&window).history.training().collect();
        let full = snapshot(&window).history.full[0];
        for name in PLOTS {
            let rect = plot(&window, name);
            // No curve is near: the lower left corner, and the upper right one.
            for (at, point) in [
                (rect.left_bottom() + egui::vec2(3.0, -3.0), points[0]),
                (rect.right_top() + egui::vec2(-3.0, 3.0), points[11]),
            ] {
                window.h.hover_at(at);
                window.settle();
                let epoch = if point.step > 10 { 2 } else { 1 };
                assert!(window.shows(&format!("step {}, epoch {epoch} of 20", point.step)), "{name} {size}");
                assert!(window.shows(&written_loss(point.loss)), "{name} {size}");
                assert!(window.shows(&numbers::percent_to(point.accuracy, 2)), "{name} {size}");
                // The evaluation of the first epoch counts from step 10 on.
                let is_later = point.step > 10;
                assert_eq!(window.shows("at step 10"), is_later, "{name} {size}");
                assert!(!is_later || window.shows(&numbers::percent_to(full.accuracy, 2)), "{name} {size}");
            }
        }
        window.h.remove_cursor();
        window.settle();
        assert!(!window.shows("epoch 2 of 20"));
    }
}

#[test]
fn the_loss_axis_is_logarithmic_until_a_linear_one_is_chosen() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Train");
        one_batch(&mut window, 1);
        assert_eq!(window.state().settings.loss_scale, LossScale::Log);
        window.click(Role::RadioButton, "Linear");
        assert_eq!(window.state().settings.loss_scale, LossScale::Linear);
        let faults = layout::faults(&mut window, "a linear axis");
        assert!(faults.is_empty(), "{faults:?}");
        window.click(Role::RadioButton, "Log");
        assert_eq!(window.state().settings.loss_scale, LossScale::Log);
    }
}

fn is_moved(window: &Window) -> bool {
    let button = window.h.get_by_role_and_label(Role::Button, "Show the whole run");
    !button.accesskit_node().is_disabled()
}

/// Drags a plot until nothing of its curve is in sight.
fn drag_away(window: &mut Window, name: &str) {
    let rect = plot(window, name);
    let at = |u: f32| rect.lerp_inside(egui::vec2(u, 0.5));
    window.h.hover_at(at(0.1));
    window.h.drag_at(at(0.1));
    for i in 1..=8 {
        window.h.hover_at(at(0.1 + 0.1 * i as f32));
        window.h.step();
    }
    window.h.drop_at(at(0.9));
    window.settle();
}

#[test]
fn a_plot_that_was_dragged_away_comes_back() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    for step in 1..=3 {
        one_batch(&mut window, step);
    }
    assert!(!is_moved(&window));
    for name in PLOTS {
        drag_away(&mut window, name);
        assert!(is_moved(&window), "{name}");
        window.key(Modifiers::NONE, Key::Home);
        assert!(!is_moved(&window), "{name}: by a key");
        drag_away(&mut window, name);
        let centre = plot(&window, name).center();
        for _ in 0..2 {
            window.h.hover_at(centre);
            window.h.drag_at(centre);
            window.h.drop_at(centre);
        }
        window.settle();
        assert!(!is_moved(&window), "{name}: by a double click");
        drag_away(&mut window, name);
        window.button("Show the whole run");
        assert!(!is_moved(&window), "{name}: by the button");
        drag_away(&mut window, name);
        reset(&mut window);
        window.settle();
        assert!(!is_moved(&window), "{name}: by a new run");
    }
}

#[test]
fn smoothing_is_chosen_and_said() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    for step in 1..=6 {
        one_batch(&mut window, step);
    }
    assert_eq!(window.state().settings.smoothing, Smoothing::Ten);
    let read = |window: &mut Window| {
        let at = plot(window, PLOTS[0]).right_top() + egui::vec2(-3.0, 3.0);
        window.h.hover_at(at);
        window.settle();
    };
    read(&mut window);
    assert!(window.shows("training, smoothed") && window.shows("mean of 10 steps"));
    let points: Vec<_> = snapshot(&window).history.training().collect();
    let mean = points.iter().map(|point| point.loss).sum::<f64>() / 6.0;
    assert!(window.shows(&written_loss(mean)) && window.shows(&written_loss(points[5].loss)));
    for (name, smoothing) in [("mean of 50 steps", Smoothing::Fifty), ("not smoothed", Smoothing::Off)] {
        window.choose("Smoothing", name);
        assert_eq!(window.state().settings.smoothing, smoothing);
    }
    read(&mut window);
    assert!(!window.shows("training, smoothed"));
}

#[test]
fn a_click_on_a_curve_goes_back_to_that_moment_in_every_view() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Train");
        for step in 1..=8 {
            one_batch(&mut window, step);
        }
        for name in PLOTS {
            let rect = plot(&window, name);
            window.click_at(rect.left_center() + egui::vec2(3.0, 0.0));
            window.until("step 0", |state| state.history_step() == Some(0));
            assert!(window.shows("HISTORY"), "{name} {size}");
            window.button("Back to live");
            window.settle();
            assert_eq!(window.state().history_step(), None);
            // Far apart, so that two clicks are no double click.
            window.h.run_steps(40);
        }
    }
}

#[test]
fn a_changed_setting_is_marked_and_said_at_the_pointer() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    (1..=3).for_each(|step| one_batch(&mut window, step));
    window.set_number(Role::SpinButton, "Learning rate", 0.0123);
    (4..=6).for_each(|step| one_batch(&mut window, step));
    assert_eq!(snapshot(&window).timeline.changes().len(), 1);
    let rect = plot(&window, PLOTS[1]);
    let is_said = |window: &mut Window, part: f32| {
        window.h.hover_at(rect.lerp_inside(egui::vec2(part, 0.5)));
        window.settle();
        window.shows("After step 3: learning rate 0.0123")
    };
    let said = (0..100).filter(|i| is_said(&mut window, *i as f32 / 100.0)).count();
    assert!((1..6).contains(&said), "{said} of 100 places");
}

#[test]
fn learning_by_heart_is_said_while_it_lasts_and_moves_nothing() {
    for (validation, words) in [
        (0.0, "Test loss has been above its lowest for"),
        (10.0, "Validation loss has been above its lowest for"),
    ] {
        let mut window = Window::with_data(LARGE);
        window.tab("Train");
        let below = window.h.get_by_role_and_label(Role::RadioButton, "Runs").rect();
        window.set_number(Role::SpinButton, "Training images", 20.0);
        window.set_number(Role::SpinButton, "Validation", validation);
        window.set_number(Role::SpinButton, "Epochs", 3000.0);
        window.until("the run of 20 images", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.config.train_images == Some(20) && s.epochs == 3000)
        });
        assert!(!window.shows("by heart"));
        window.button("Train");
        let is_by_heart =
            |state: &AppState| state.snapshot.as_ref().is_some_and(|s| overfitting(&s.history).is_some());
        window.until("learning by heart", is_by_heart);
        window.button("Pause");
        window.until("a pause", |state| !state.is_training());
        window.settle();
        let found = overfitting(&snapshot(&window).history);
        assert_eq!(window.shows(words), found.is_some());
        if let Some(found) = found {
            assert!(window.shows(&format!("{words} {} evaluations", found.evaluations)));
        }
        assert_eq!(window.h.get_by_role_and_label(Role::RadioButton, "Runs").rect(), below);
        reset(&mut window);
        window.settle();
        assert!(!window.shows("by heart"));
    }
}

/// The ends of the colour scale of the filters, as a legend says them.
fn scale(limit: f32) -> String {
    format!("Colours from {} to {}", numbers::signed(-limit), numbers::signed(limit))
}

#[test]
fn a_trained_network_shows_its_own_filters_and_a_run_what_has_changed() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    let limit = |network| Filters::first_layer(network).unwrap().limit();
    assert!(window.shows("Filters of lenet5-wide") && !window.shows("Filters before"));
    let shipped = limit(&window.state().network.network);
    assert_ne!(scale(shipped), scale(limit(&snapshot(&window).initial)));
    window.h.get_by_role_and_label(Role::Image, &scale(shipped));

    one_batch(&mut window, 1);
    for title in ["Filters before", "Filters now", "Change"] {
        assert!(window.h.query_all_by_label(title).next().is_some(), "{title}");
    }
    let s = snapshot(&window);
    let [before, now] = [&s.initial, &s.network].map(|network| Filters::first_layer(network).unwrap());
    let change = convlens::explain::FilterChange::between(before, now).unwrap();
    // A step changes little, which has a scale of its own.
    assert!(change.limit() > 0.0 && change.limit() < now.limit() / 2.0);
    window.h.get_by_label(&scale(change.limit()));
    assert_eq!(window.h.query_all_by_label(&scale(before.limit().max(now.limit()))).count(), 2);
}

/// Starting, evaluating, pausing and a failure move no control.
#[test]
fn nothing_moves_when_a_run_starts_or_ends() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Train");
        let places = |window: &Window| {
            let rect = |role, name: &str| window.h.get_by_role_and_label(role, name).rect();
            let mut all: Vec<Rect> = ["Learning rate", "Momentum", "Epochs", "Batch size", "Seed"]
                .map(|name| rect(Role::SpinButton, name))
                .to_vec();
            all.extend([rect(Role::RadioButton, "Linear"), rect(Role::Button, "Show the whole run")]);
            all.extend(PLOTS.map(|name| Rect::from_min_max(plot(window, name).min, pos2(0.0, 0.0))));
            all
        };
        let before = places(&window);
        one_batch(&mut window, 1);
        assert_eq!(places(&window), before, "one batch");
        window.set_number(Role::SpinButton, "Learning rate", 1e30);
        window.button("Train");
        window.until("an end", |state| {
            !state.is_training() && state.snapshot.as_ref().is_some_and(|s| s.trouble.is_some())
        });
        window.dismiss_messages();
        window.settle();
        assert_eq!(places(&window), before, "a failure");
        window.set_number(Role::SpinButton, "Batch size", 30.0);
        assert!(window.shows("changed"));
        assert_eq!(places(&window), before, "settings for the next run");
        window.set_number(Role::SpinButton, "Batch size", 0.0);
        assert_eq!(places(&window), before, "an invalid setting");
    }
}
