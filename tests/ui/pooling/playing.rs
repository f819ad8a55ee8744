//! Playback: every window, every page, forward and back.

use super::{
    AVERAGE, MAX, all_texts, assert_grid, average, cells, choose, click_cell, step, study, with_example,
};
use crate::support::Window;
use convlens::{
    explain::pooling::Direction,
    nn::Pair,
    ui::{
        action::Action,
        model::pooling::{PRESETS, PoolingMode},
        widgets::{PlaybackAct, number_grid::exact},
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;

#[test]
fn every_window_says_what_it_sees_and_who_wins() {
    let mut window = with_example(0);
    let sentences = [
        ("max(1, 1, 5, 6) = 6", "row 1, column 1", "(1 + 1 + 5 + 6) / 4 = 3.25"),
        ("max(2, 4, 7, 8) = 8", "row 1, column 3", "(2 + 4 + 7 + 8) / 4 = 5.25"),
        ("max(3, 2, 1, 2) = 3", "row 2, column 0", "(3 + 2 + 1 + 2) / 4 = 2"),
        ("max(1, 0, 3, 4) = 4", "row 3, column 3", "(1 + 0 + 3 + 4) / 4 = 2"),
    ];
    for (i, (max, winner, average)) in sentences.into_iter().enumerate() {
        assert_eq!(step(&window), format!("{} / 4", i + 1));
        for text in [max, winner, average] {
            assert!(window.shows(text), "{i}: {text}");
        }
        let seen = study(&window).max.step(i);
        let shown = cells(&window, "Max window");
        assert_eq!(shown.len(), 4);
        for (row, column, value) in seen.inside() {
            assert_eq!(shown[&(row as isize, column as isize)], exact(value));
        }
        window.key(Modifiers::NONE, Key::ArrowRight);
    }
    // The ties are named.
    choose(&mut window, |choice| PRESETS[4].choose(choice));
    window.key(Modifiers::NONE, Key::Home);
    assert!(window.shows("3 cells are the largest, (0, 0) (0, 1) (1, 0)"));
    assert_eq!(window.value(Role::Cell, "Windows with a tie"), "4");
}

#[test]
fn stepping_back_shows_exactly_what_was_there() {
    let mut window = with_example(2);
    let mut seen = vec![all_texts(&window)];
    for _ in 1..9 {
        window.button("Step forward");
        seen.push(all_texts(&window));
    }
    assert_eq!(step(&window), "9 / 9");
    for before in seen.iter().rev().skip(1) {
        window.button("Step back");
        assert_eq!(&all_texts(&window), before);
    }
    // Rows, jumps and the scrubber lead to the same places.
    window.key(Modifiers::NONE, Key::ArrowDown);
    assert_eq!(all_texts(&window), seen[3]);
    window.button("Row forward");
    assert_eq!(all_texts(&window), seen[6]);
    window.key(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(all_texts(&window), seen[3]);
    window.key(Modifiers::NONE, Key::End);
    assert_eq!(all_texts(&window), seen[8]);
    window.set_number(Role::Slider, "Scrub windows", 5.0);
    window.h.remove_cursor();
    window.settle();
    assert_eq!(step(&window), "6 / 9");
    window.button("To the beginning");
    assert_eq!(all_texts(&window), seen[0]);
}

/// On every page, all steps forth by the keys, and back: each picture is exactly what it was.
#[test]
fn every_page_is_played_and_goes_back_exactly() {
    for (page, one, steps, name) in [
        (PoolingMode::Gradient, false, 9, "windows"),
        (PoolingMode::Gradient, true, 9, "windows"),
        (PoolingMode::Shift, false, 5, "shifts"),
        (PoolingMode::Loss, false, 9, "windows"),
    ] {
        let mut window = with_example(2);
        window.act(Action::PlayPooling(PlaybackAct::Speed(60.0)));
        choose(&mut window, |choice| (choice.show, choice.is_gradient_of_one) = (page, one));
        let place = |window: &Window| window.value(Role::Status, &format!("Step of {name}"));
        let opened = (place(&window), all_texts(&window));
        window.key(Modifiers::NONE, Key::Home);
        let mut seen = vec![all_texts(&window)];
        for step in 1..steps {
            window.key(Modifiers::NONE, Key::ArrowRight);
            assert_eq!(place(&window), format!("{} / {steps}", step + 1), "{page:?}");
            seen.push(all_texts(&window));
        }
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]), "{page:?}: each step shows something else");
        for before in seen.iter().rev().skip(1) {
            window.key(Modifiers::NONE, Key::ArrowLeft);
            assert_eq!(&all_texts(&window), before, "{page:?}");
        }
        window.key(Modifiers::NONE, Key::End);
        assert_eq!(&all_texts(&window), seen.last().unwrap());
        if !one {
            assert_eq!(opened, (format!("{steps} / {steps}"), seen[steps - 1].clone()), "it opens whole");
        }
        // It plays from the beginning, at the speed of all pages, and stops at the end.
        window.h.key_press(Key::Space);
        window.h.run_steps(2);
        assert!(
            window.state().pooling.walk(window.state().settings.pooling.walk()).0.is_playing(),
            "{page:?}"
        );
        assert!(!window.state().is_training());
        window.settle();
        assert_eq!(&all_texts(&window), seen.last().unwrap(), "{page:?}");
    }
}

#[test]
fn the_gradient_and_what_is_lost_fill_in_window_by_window() {
    let mut window = with_example(2);
    let study = study(&window);
    let both = [("max", &study.max), ("average", average(&study))];
    choose(&mut window, |choice| choice.show = PoolingMode::Gradient);
    window.key(Modifiers::NONE, Key::Home);
    for number in 0..9 {
        for (name, pooling) in both {
            let back = pooling.backward_of_first(number + 1);
            assert_grid(&window, &format!("gradient through {name}"), &back, 5);
        }
        assert!(window.shows(&format!("Window {} of 9", number + 1)));
        window.key(Modifiers::NONE, Key::ArrowRight);
    }
    choose(&mut window, |choice| choice.show = PoolingMode::Loss);
    window.key(Modifiers::NONE, Key::Home);
    for number in 0..9 {
        for (name, pooling) in both {
            let (loss, shown) = (pooling.loss(), cells(&window, &format!("{name} enlarged")));
            for (at, value) in loss.upsampled.iter().enumerate() {
                let is_there = pooling.step_at(at / 5, at % 5) <= number;
                let expected = if is_there { exact(*value) } else { String::new() };
                assert_eq!(shown[&((at / 5) as isize, (at % 5) as isize)], expected, "{name} {number} {at}");
            }
            let layer = if name == "max" { MAX } else { AVERAGE };
            let kept = window.value(Role::Cell, &format!("Values kept of {layer}"));
            assert!(kept.starts_with(&format!("{} of {}", number + 1, loss.steps[number].cells)), "{kept}");
        }
        let max = exact(study.max.output()[number]);
        assert!(
            window.shows(&format!("become one: the largest, {}, or their mean", max.trim_start_matches('+')))
        );
        window.key(Modifiers::NONE, Key::ArrowRight);
    }
    // A click on a value goes to its window.
    click_cell(&mut window, "max enlarged", (5, 5), (2, 4));
    assert!(window.shows("Window 6 of 9"));
    // A picture that was whole is whole with other windows, too.
    window.key(Modifiers::NONE, Key::End);
    choose(&mut window, |choice| choice.kernel_size = Pair::square(2));
    assert!(window.shows("Window 16 of 16"));
    assert!(window.value(Role::Cell, "Values kept of Max").starts_with("16 of 25"));
}

#[test]
fn the_shifts_are_walked_in_every_direction() {
    let mut window = with_example(5);
    window.click(Role::RadioButton, "Shift");
    let study = study(&window);
    window.key(Modifiers::NONE, Key::Home);
    assert!(
        window.state().pooling.direction().is_none()
            && window.value(Role::Cell, "Values changed of Max").starts_with("0 ")
    );
    assert_grid(&window, "map", study.max.input(), 6);
    for direction in Direction::ALL {
        window.button("Step forward");
        assert_eq!(window.state().pooling.direction(), Some(direction));
        assert_grid(&window, "map", &study.max.shift_input(direction).after, 6);
        assert_grid(&window, MAX, &study.max.shift_output(direction).after, 3);
        assert_grid(&window, AVERAGE, &average(&study).shift_output(direction).after, 3);
    }
    // The window that is looked at elsewhere stays where it was.
    window.click(Role::RadioButton, "Windows");
    assert_eq!(step(&window), "1 / 9");
}

#[test]
fn it_plays_pauses_and_begins_again() {
    let mut window = with_example(0);
    let is_training = |window: &Window| window.state().is_training();
    window.act(Action::PlayPooling(PlaybackAct::Speed(60.0)));
    window.h.key_press(Key::Space);
    window.h.run_steps(3);
    assert!(window.state().pooling.playback.is_playing() && !is_training(&window), "space plays here");
    window.settle();
    assert_eq!(step(&window), "4 / 4");
    assert!(!window.state().pooling.playback.is_playing(), "it stops at the end");
    window.button("Loop");
    window.h.get_by_role_and_label(Role::Button, "Play the steps").click();
    window.h.run_steps(30);
    assert!(window.state().pooling.playback.is_playing(), "it goes round");
    window.key(Modifiers::NONE, Key::Space);
    let stopped = step(&window);
    window.h.run_steps(30);
    assert_eq!(step(&window), stopped);
}
