//! The Pooling view: what is shown is what the layers computed, what is played goes back exactly, and what does not fit is
//! explained.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot have fails the test"
)]

mod ui_support;

use convlens::{
    explain::pooling::{Direction, Pooling},
    model_file,
    nn::{Init, LayerSpec, Network, NetworkSpec, Pair, layers::MaxPool2d},
    ui::{
        action::Action,
        model::{
            display::ThemeChoice,
            file_kind::FileKind,
            network::NetworkChoice,
            pooling::{Numbers, PRESETS, PoolingMode, PoolingSetup, PoolingSource, Study},
            view::ViewId,
        },
        widgets::{PlaybackAct, number_grid::exact},
        work::tasks::Threading,
    },
};
use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use ui_support::{LARGE, SMALL, Window, layout};

const MAX: &str = "Max";
const AVERAGE: &str = "Average";

/// The view with the numbers of an example.
fn with_example(number: usize) -> Window {
    let mut window = Window::new();
    window.tab("Pooling");
    choose(&mut window, |choice| {
        choice.source = PoolingSource::Numbers;
        PRESETS[number].choose(choice);
    });
    window
}

fn choose(window: &mut Window, change: impl FnOnce(&mut PoolingSetup)) {
    let mut choice = window.state().settings.pooling.clone();
    change(&mut choice);
    window.act(Action::EditPooling(choice));
}

fn study(window: &Window) -> Arc<Study> {
    window.state().pooling.study.clone().expect("there is a picture")
}

fn average(study: &Study) -> &Pooling {
    study.average.as_ref().expect("there is a mean")
}

/// All cells of a grid that a screen reader is told of: by (row, column).
fn cells(window: &Window, grid: &str) -> BTreeMap<(isize, isize), String> {
    let mut found = BTreeMap::new();
    for node in window.h.query_all_by_role(Role::Cell).chain(window.h.query_all_by_role(Role::SpinButton)) {
        let Some(label) = node.accesskit_node().label() else { continue };
        let Some(place) = label.strip_prefix(grid).and_then(|place| place.strip_prefix(' ')) else {
            continue;
        };
        let Some((row, column)) = place.split_once(", ") else { continue };
        if let (Ok(row), Ok(column)) = (row.parse(), column.parse()) {
            let number = node.accesskit_node().numeric_value().map(|value| exact(value as f32));
            found.insert((row, column), number.or(node.value()).unwrap_or_default());
        }
    }
    found
}

/// Compares a grid with values, row by row.
#[track_caller]
fn assert_grid(window: &Window, grid: &str, values: &[f32], columns: usize) {
    let cells = cells(window, grid);
    assert_eq!(cells.len(), values.len(), "{grid}: {cells:?}");
    for (i, value) in values.iter().enumerate() {
        let place = ((i / columns) as isize, (i % columns) as isize);
        assert_eq!(cells[&place], exact(*value), "{grid} {place:?}");
    }
}

/// Everything that a screen reader finds in the window.
fn all_texts(window: &Window) -> Vec<String> {
    let nodes = window.h.root().children_recursive();
    nodes
        .map(|node| {
            let inner = node.accesskit_node();
            format!("{:?} {:?} {:?} {:?}", inner.role(), inner.label(), node.value(), inner.numeric_value())
        })
        .collect()
}

fn step(window: &Window) -> String {
    window.value(Role::Status, "Step of windows")
}

#[test]
fn the_grids_are_what_the_layers_computed() {
    for number in 0..PRESETS.len() {
        let mut window = with_example(number);
        let study = study(&window);
        let (_, columns) = study.max.output_size();
        let (_, width) = study.max.input_size();
        assert_grid(&window, "map", study.max.input(), width);
        assert_grid(&window, MAX, study.max.output(), columns);
        assert_grid(&window, AVERAGE, average(&study).output(), columns);
        // The layer itself, without the view's help.
        let layer = MaxPool2d {
            stride: window.state().settings.pooling.stride(),
            ..MaxPool2d::new(study.choice.kernel_size.h)
        };
        let alone = Pooling::new(LayerSpec::from(layer), study.max.input(), study.max.input_size()).unwrap();
        assert_eq!(alone.output(), study.max.output());
        choose(&mut window, |choice| choice.show = PoolingMode::Gradient);
        assert_grid(&window, "gradient through max", &study.max.backward_of_all(), width);
        assert_grid(&window, "gradient through average", &average(&study).backward_of_all(), width);
        choose(&mut window, |choice| choice.show = PoolingMode::Loss);
        assert_grid(&window, "max blown up", &study.max.loss().upsampled, width);
        assert_grid(&window, "average blown up", &average(&study).loss().upsampled, width);
        let kept = format!("{} of {}", study.max.len(), study.max.input().len());
        assert!(window.value(Role::Cell, "values kept of Max").starts_with(&kept));
    }
}

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
    assert!(window.shows("3 cells tie at (0, 0) (0, 1) (1, 0)"));
    assert_eq!(window.value(Role::Cell, "windows with a tie"), "4");
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
            let (loss, shown) = (pooling.loss(), cells(&window, &format!("{name} blown up")));
            for (at, value) in loss.upsampled.iter().enumerate() {
                let is_there = pooling.step_at(at / 5, at % 5) <= number;
                let expected = if is_there { exact(*value) } else { String::new() };
                assert_eq!(shown[&((at / 5) as isize, (at % 5) as isize)], expected, "{name} {number} {at}");
            }
            let layer = if name == "max" { MAX } else { AVERAGE };
            let kept = window.value(Role::Cell, &format!("values kept of {layer}"));
            assert!(kept.starts_with(&format!("{} of {}", number + 1, loss.steps[number].cells)), "{kept}");
        }
        let max = exact(study.max.output()[number]);
        assert!(window.shows(&format!("max keeps the largest, {}; average", max.trim_start_matches('+'))));
        window.key(Modifiers::NONE, Key::ArrowRight);
    }
    // A click on a value goes to its window.
    click_cell(&mut window, "max blown up", (5, 5), (2, 4));
    assert!(window.shows("Window 6 of 9"));
    // A picture that was whole is whole with other windows, too.
    window.key(Modifiers::NONE, Key::End);
    choose(&mut window, |choice| choice.kernel_size = Pair::square(2));
    assert!(window.shows("Window 16 of 16"));
    assert!(window.value(Role::Cell, "values kept of Max").starts_with("16 of 25"));
}

#[test]
fn the_shifts_are_walked_in_every_direction() {
    let mut window = with_example(5);
    window.click(Role::RadioButton, "Shift");
    let study = study(&window);
    window.key(Modifiers::NONE, Key::Home);
    assert!(
        window.state().pooling.direction().is_none()
            && window.value(Role::Cell, "changed of Max").starts_with("0 ")
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

/// Clicks in a grid, at the middle of a cell.
fn click_cell(
    window: &mut Window,
    grid: &str,
    (rows, columns): (usize, usize),
    (row, column): (usize, usize),
) {
    let rect = window.h.get_by_role_and_label(Role::Grid, grid).rect();
    let share = vec2((column as f32 + 0.5) / columns as f32, (row as f32 + 0.5) / rows as f32);
    let place = rect.lerp_inside(share);
    window.h.hover_at(place);
    window.settle();
    window.h.drag_at(place);
    window.h.drop_at(place);
    window.settle();
}

#[test]
fn a_click_on_an_output_or_on_a_cell_goes_to_its_window() {
    let mut window = Window::new();
    window.tab("Pooling");
    click_cell(&mut window, MAX, (14, 14), (6, 9));
    window.h.remove_cursor();
    window.settle();
    assert_eq!(step(&window), format!("{} / 196", 6 * 14 + 9 + 1));
    assert!(window.shows("output row 6, column 9"));
    click_cell(&mut window, "map", (28, 28), (27, 0));
    window.h.remove_cursor();
    window.settle();
    assert_eq!(step(&window), format!("{} / 196", 13 * 14 + 1));
    // Of several windows over a cell, each click shows the next one.
    choose(&mut window, |choice| {
        choice.kernel_size = Pair::square(3);
        choice.stride = Some(Pair::square(1));
    });
    let mut steps = Vec::new();
    for _ in 0..4 {
        click_cell(&mut window, "map", (28, 28), (0, 1));
        window.h.remove_cursor();
        window.settle();
        steps.push(window.state().pooling.position());
    }
    assert_eq!(steps, [0, 1, 0, 1]);
}

#[test]
fn pointing_says_who_sees_a_cell() {
    let mut window = with_example(2);
    let rect = window.h.get_by_role_and_label(Role::Grid, "map").rect();
    window.h.hover_at(rect.center());
    window.settle();
    assert!(window.shows("Row 2, column 2 is 2: 9 windows see it."));
    window.h.hover_at(rect.min + vec2(8.0, 8.0));
    window.settle();
    assert!(window.shows("Row 0, column 0 is 3: one window sees it."));
    // An output under the pointer shows its window at once, and goes back to the old one.
    let (before, place) = (step(&window), window.h.get_by_role_and_label(Role::Grid, MAX).rect());
    window.h.hover_at(place.max - vec2(8.0, 8.0));
    window.settle();
    assert!(window.shows("Window 9 of 9") && step(&window) == before);
    window.h.remove_cursor();
    window.settle();
    assert!(window.shows("Window 1 of 9"));
}

#[test]
fn an_edited_number_changes_what_comes_of_it() {
    let mut window = with_example(0);
    window.set_number(Role::SpinButton, "map 0, 0", 9.0);
    window.h.remove_cursor();
    window.settle();
    assert_eq!(window.state().settings.pooling.numbers.values[0], 9.0);
    assert!(window.shows("max(9, 1, 5, 6) = 9") && window.shows("(9 + 1 + 5 + 6) / 4 = 5.25"));
    assert_grid(&window, MAX, &[9.0, 8.0, 3.0, 4.0], 2);
    assert_eq!(window.value(Role::ComboBox, "example numbers"), "your own");
    // What is no number is refused by name, and changes nothing.
    window.click(Role::SpinButton, "map 1, 0");
    window.h.get_by(|node| node.is_focused() && node.role() != Role::Window).type_text("five");
    window.settle();
    window.key(Modifiers::NONE, Key::Enter);
    assert!(window.shows("map 1, 0: “five” is no number"));
    assert_eq!(window.state().settings.pooling.numbers.values[4], 5.0);
    window.set_number(Role::SpinButton, "map 1, 0", 6.0);
    assert!(!window.shows("is no number"));
    window.set_number(Role::SpinButton, "rows of numbers", 6.0);
    let Numbers { rows, columns, values } = window.state().settings.pooling.numbers.clone();
    assert_eq!((rows, columns, values.len(), values[0]), (6, 4, 24, 9.0));
    assert_eq!(study(&window).max.output_size(), (3, 2));
    // On the way to 10 rows there is no 1.
    window.click(Role::SpinButton, "rows of numbers");
    for digit in ["1", "0"] {
        window.h.get_by(|node| node.is_focused() && node.role() != Role::Window).type_text(digit);
        window.settle();
    }
    window.key(Modifiers::NONE, Key::Enter);
    let Numbers { rows, values: more, .. } = window.state().settings.pooling.numbers.clone();
    assert_eq!((rows, &more[..24]), (10, &values[..]));
}

#[test]
fn impossible_settings_are_explained_and_the_picture_stays() {
    let cases = [
        ("kernel_size", 9.0, "The kernel's height 9 is larger than the padded input's height 4"),
        ("kernel_size", 0.0, "Kernel size is 0, but must be from 1"),
        ("kernel_size", 300.0, "Kernel size is 300, but at most 224"),
        ("stride", 0.0, "Stride is 0, but must be from 1"),
        ("padding", 2.0, "Padding 2×2 is more than half the kernel size 2×2: at most 1×1 fits"),
        ("dilation", 0.0, "Dilation is 0, but must be from 1"),
        (
            "dilation",
            4.0,
            "larger than the padded input's height 4 (4 + 2·0): 2 cells with dilation 4 span 5",
        ),
    ];
    for (setting, value, sentence) in cases {
        let mut window = with_example(0);
        let (choice, kept) = (window.state().settings.pooling.clone(), study(&window));
        window.set_number(Role::SpinButton, setting, value);
        assert!(window.shows(sentence), "{setting} {value}: {:?}", window.state().pooling.rejected);
        assert!(window.shows("the last that fits"));
        assert!(Arc::ptr_eq(&study(&window), &kept), "the picture stays");
        assert_grid(&window, MAX, &[6.0, 8.0, 3.0, 4.0], 2);
        // The steps of that picture can still be looked at.
        window.key(Modifiers::NONE, Key::End);
        assert!(window.shows("max(1, 0, 3, 4) = 4"));
        // The sentence stands below its control.
        let control = window.h.get_by_role_and_label(Role::SpinButton, setting).rect();
        let said = window.h.query_all_by_label_contains(sentence).next().unwrap().rect();
        let below = said.top() - control.bottom();
        assert!((-1.0..16.0).contains(&below), "{setting}: {below} below");
        window.act(Action::EditPooling(choice));
        assert!(window.state().pooling.rejected.is_none() && !window.shows(sentence));
    }
}

#[test]
fn a_dilated_window_is_max_pooling_s_alone() {
    const SENTENCE: &str = "Average pooling has no dilation in PyTorch.";
    let mut window = with_example(3);
    window.set_number(Role::SpinButton, "kernel_size", 3.0);
    window.click(Role::CheckBox, "stride = kernel_size");
    window.set_number(Role::SpinButton, "stride", 1.0);
    assert!(!window.shows(SENTENCE));
    let undilated = study(&window).max.output().to_vec();
    window.set_number(Role::SpinButton, "dilation", 2.0);
    let study_of = study(&window);
    assert!(study_of.average.is_none() && window.shows(SENTENCE));
    let layer = MaxPool2d { dilation: Pair::square(2), ..MaxPool2d::strided(3, 1) };
    let alone = Pooling::new(layer.into(), study_of.max.input(), (7, 7)).unwrap();
    assert_eq!(alone.output_size(), (3, 3));
    assert_ne!(alone.output(), undilated);
    assert_grid(&window, MAX, alone.output(), 3);
    // The window's cells are called by their places in the map, two apart.
    for number in 0..9 {
        let seen = alone.step(number);
        let shown = cells(&window, "Max window");
        let places: Vec<(isize, isize)> = seen.inside().map(|(y, x, _)| (y as isize, x as isize)).collect();
        assert_eq!(shown.keys().copied().collect::<Vec<_>>(), places);
        for (row, column, value) in seen.inside() {
            assert_eq!(shown[&(row as isize, column as isize)], exact(value));
        }
        window.key(Modifiers::NONE, Key::ArrowRight);
    }
    assert!(window.shows("K′ = 2·(3 − 1) + 1 = 5") && window.shows("⌊(7 + 2·0 − 5) / 1⌋ + 1"));
    // The other pages say so too, and show what max pooling alone does.
    for (page, grid) in [("Gradient", "gradient through max"), ("What is lost", "max blown up")] {
        window.click(Role::RadioButton, page);
        assert!(window.shows(SENTENCE) && !cells(&window, grid).is_empty(), "{page}");
    }
    window.click(Role::RadioButton, "Shift");
    assert!(window.shows(SENTENCE));
    let count = study_of.max.shift_output(Direction::Up).count();
    assert_eq!(window.value(Role::Cell, "max changed by a shift up"), format!("{count} of 9"));
    assert!(window.h.query_by_role_and_label(Role::Cell, "average changed by a shift up").is_none());
    // An example begins without it.
    choose(&mut window, |choice| PRESETS[0].choose(choice));
    assert!(study(&window).average.is_some() && !window.shows(SENTENCE));
}

#[test]
fn the_formula_says_the_size() {
    let mut window = with_example(5);
    choose(&mut window, |choice| PRESETS.last().unwrap().choose(choice));
    assert!(window.shows("⌊(5 + 2·0 − 2) / 2⌋ + 1"));
    assert!(window.shows("No window sees row 4 and column 4."));
    window.click(Role::CheckBox, "ceil_mode");
    assert!(window.shows("⌈(5 + 2·0 − 2) / 2⌉ + 1") && !window.shows("No window sees"));
    assert_eq!(study(&window).max.output_size(), (3, 3));
    // A window that would begin in the padding is left out, and that is said.
    choose(&mut window, |choice| {
        choice.numbers = choice.numbers.resized(4, 4);
        choice.padding = Pair::square(1);
        choice.kernel_size = Pair::square(3);
        choice.stride = Some(Pair::square(4));
    });
    let study = study(&window);
    let left_out = study.choice.sides((4, 4))[0].drops_last_window();
    assert_eq!(window.shows("so it is left out"), left_out);
}

#[test]
fn the_shift_counts_what_changes_in_each_direction() {
    let mut window = Window::new();
    window.tab("Pooling");
    window.click(Role::RadioButton, "Shift");
    let study = study(&window);
    let directions = [
        ("up", Direction::Up),
        ("down", Direction::Down),
        ("left", Direction::Left),
        ("right", Direction::Right),
    ];
    for (name, direction) in directions {
        let shown = |what: &str| window.value(Role::Cell, &format!("{what} changed by a shift {name}"));
        let count = |changed: usize, of: usize| format!("{changed} of {of}");
        assert_eq!(shown("map"), count(study.max.shift_input(direction).count(), 784));
        assert_eq!(shown("max"), count(study.max.shift_output(direction).count(), 196));
        assert_eq!(shown("average"), count(average(&study).shift_output(direction).count(), 196));
    }
    window.click(Role::RadioButton, "up");
    assert_eq!(window.state().pooling.direction(), Some(Direction::Up));
    let count = study.max.shift_output(Direction::Up).count();
    assert!(window.value(Role::Cell, "changed of Max").starts_with(&format!("{count} of 196")));
    // A second click puts the map back.
    window.click(Role::RadioButton, "up");
    assert_eq!(window.state().pooling.direction(), None);
    assert!(window.value(Role::Cell, "changed of Max").starts_with("0 of 196"));
}

#[test]
fn the_gradient_of_one_output_goes_to_its_winner() {
    let mut window = with_example(0);
    window.click(Role::RadioButton, "Gradient");
    window.click(Role::RadioButton, "this output");
    let study = study(&window);
    for number in 0..4 {
        assert_grid(&window, "gradient through max", &study.max.backward_of_one(number), 4);
        assert_grid(&window, "gradient through average", &average(&study).backward_of_one(number), 4);
        window.key(Modifiers::NONE, Key::ArrowRight);
    }
    assert!(window.value(Role::Cell, "reached of Max").starts_with("1 of 16"));
    assert_eq!(window.value(Role::Cell, "largest of Average"), "0.25");
}

#[test]
fn every_map_of_the_network_can_be_pooled() {
    let mut window = Window::new();
    window.tab("Pooling");
    window.click(Role::RadioButton, "Network map");
    assert_eq!(window.value(Role::ComboBox, "layer of the map"), "conv2d 0");
    for map in 0..6 {
        let state = window.state();
        assert_eq!(state.settings.pooling.source, PoolingSource::Map { column: 1, map });
        let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
        assert_eq!(study(&window).max.input(), &trace.activation(0)[map * 784..][..784]);
        if map < 5 {
            window.button("Next map");
        }
    }
    window.choose("layer of the map", "relu 4");
    assert_eq!(study(&window).max.input_size(), (10, 10));
    // It follows the image.
    let before = study(&window).max.input().to_vec();
    window.button("Clear the image");
    assert_ne!(study(&window).max.input(), before);
    // What another network does not have is said.
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    assert!(
        window.shows("The network mlp-5 has no maps after layer 4"),
        "{:?}",
        window.state().pooling.rejected
    );
    window.act(Action::ChooseNetwork(NetworkChoice::Shipped));
    choose(&mut window, |choice| choice.source = PoolingSource::Map { column: 1, map: 17 });
    assert!(window.shows("Map 17 is not one of the 16 maps of conv2d 0: choose from 0 to 15"));
}

#[test]
fn a_place_of_the_network_opens_here() {
    let mut window = Window::new();
    window.act(Action::OpenPooling { layer: 2, map: 3, at: 30 });
    assert_eq!(window.state().settings.view, ViewId::Pooling);
    let state = window.state();
    let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
    let opened = study(&window);
    assert_eq!(opened.max.output(), &trace.activation(2)[3 * 196..][..196], "the network's own pooling");
    assert_eq!(state.pooling.position(), 30);
    // A map that is not pooled in the network is pooled as it is, at the first window that sees the place.
    window.act(Action::OpenPooling { layer: 0, map: 1, at: 28 * 5 + 7 });
    let opened = study(&window);
    let step = opened.max.step(window.state().pooling.position());
    assert!(step.inside().any(|(row, column, _)| (row, column) == (5, 7)));
    // Overlapping windows of another network.
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("alexnet-mini".into())));
    window.act(Action::OpenPooling { layer: 3, map: 0, at: 17 });
    let state = window.state();
    let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
    assert_eq!(study(&window).max.output(), &trace.activation(3)[..study(&window).max.len()]);
    assert_eq!(state.settings.pooling.stride, Some(Pair::square(2)));
    // A place that is not there is said, not shown.
    window.act(Action::OpenPooling { layer: 99, map: 0, at: 0 });
    assert!(!window.messages().is_empty());
    window.act(Action::OpenPooling { layer: 3, map: usize::MAX, at: usize::MAX });
    assert!(window.state().pooling.rejected.is_some());
}

/// Every source and mode, in both themes and sizes.
#[test]
fn everything_is_whole_wherever_it_is_shown() {
    let shows = [PoolingMode::Windows, PoolingMode::Gradient, PoolingMode::Shift, PoolingMode::Loss];
    let mut faults = Vec::new();
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        window.tab("Pooling");
        for (theme, source) in [
            (ThemeChoice::Dark, PoolingSource::Image),
            (ThemeChoice::Light, PoolingSource::Map { column: 4, map: 2 }),
            (ThemeChoice::Dark, PoolingSource::Numbers),
        ] {
            window.act(Action::SetTheme(theme));
            for show in shows {
                for (kernel, stride, padding, dilation) in
                    [(2, None, 0, 1), (3, Some(1), 1, 1), (3, Some(2), 1, 2), (9, Some(1), 4, 1)]
                {
                    choose(&mut window, |choice| {
                        PRESETS[3].choose(choice);
                        (choice.source, choice.show) = (source, show);
                        choice.kernel_size = Pair::square(kernel);
                        choice.stride = stride.map(Pair::square);
                        choice.padding = Pair::square(padding);
                        choice.dilation = Pair::square(dilation);
                        (choice.ceil_mode, choice.is_square) = (padding == 1, kernel != 3);
                    });
                    let what = format!("{size}, {source:?}, {show:?}, {kernel}/{stride:?} padding {padding}");
                    assert!(window.state().pooling.rejected.is_none(), "{what}");
                    faults.extend(layout::faults(&mut window, &what));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_frames_of_an_image_are_few_shapes() {
    let mut window = Window::new();
    window.tab("Pooling");
    for show in [PoolingMode::Windows, PoolingMode::Gradient, PoolingMode::Shift, PoolingMode::Loss] {
        choose(&mut window, |choice| (choice.source, choice.show) = (PoolingSource::Image, show));
        assert_eq!(study(&window).max.input_size(), (28, 28));
        let count = window.h.output().shapes.len();
        assert!(count < 800, "{show:?}: {count} shapes, as if each cell were one");
    }
}

#[test]
fn the_choice_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let options = || convlens::ui::Options { settings_path: Some(path.clone()), ..ui_support::options() };
    let mut window = ui_support::open(ui_support::builder(LARGE), options());
    window.settle();
    window.tab("Pooling");
    choose(&mut window, |choice| {
        choice.source = PoolingSource::Numbers;
        choice.show = PoolingMode::Shift;
        choice.dilation = Pair::square(2);
        choice.numbers.values[5] = -3.0;
    });
    let chosen = window.state().settings.pooling.clone();
    window.close();
    let mut again = ui_support::open(ui_support::builder(LARGE), options());
    again.settle();
    assert_eq!(again.state().settings.pooling, chosen);
    assert_eq!(study(&again).max.input()[5], -3.0);
    // What was kept and fits nothing is explained beside a picture that does.
    choose(&mut again, |choice| (choice.kernel_size, choice.dilation) = (Pair::square(9), Pair::square(1)));
    again.close();
    let mut refused = ui_support::open(ui_support::builder(LARGE), options());
    refused.settle();
    assert!(refused.shows("The kernel's height 9 is larger") && refused.shows("the last that fits"));
    assert_eq!(study(&refused).max.input_size(), (28, 28));
    choose(&mut refused, |choice| choice.kernel_size = Pair::square(2));
    assert_eq!(study(&refused).max.input(), study(&again_of(&chosen)).max.input());
}

/// A file with a network whose input is 224×224, and the network.
fn large_network(folder: &Path) -> (PathBuf, Network) {
    let spec = r#"{"name": "large", "input": [1, 224, 224], "layers": [
        {"type": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": 1},
        {"type": "max_pool2d", "kernel_size": 3, "stride": 2}, {"type": "global_avg_pool2d"}, {"type": "flatten"},
        {"type": "linear", "out_features": 10}]}"#;
    let network = Network::new(NetworkSpec::from_json(spec).unwrap(), Init::He, 1).unwrap();
    let path = folder.join("large.safetensors");
    model_file::save(&path, &network).unwrap();
    (path, network)
}

#[test]
fn large_maps_and_large_windows_are_shown_on_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let (path, network) = large_network(folder.path());
    let mut faults = Vec::new();
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        window.tab("Pooling");
        window.act(Action::UseFile(FileKind::Model, path.clone()));
        let map =
            network.trace(&window.state().image.input_for(&network)).activation(0)[224 * 224..].to_vec();
        for (kernel, stride) in [(2, 2), (112, 28), (224, 1)] {
            choose(&mut window, |choice| {
                choice.source = PoolingSource::Map { column: 1, map: 1 };
                choice.kernel_size = Pair::square(kernel);
                choice.stride = Some(Pair::square(stride));
            });
            assert!(window.state().pooling.rejected.is_none(), "{:?}", window.state().pooling.rejected);
            let alone = Pooling::new(MaxPool2d::strided(kernel, stride).into(), &map, (224, 224)).unwrap();
            assert!(study(&window).max.input() == map && study(&window).max.output() == alone.output());
            for show in [PoolingMode::Gradient, PoolingMode::Shift, PoolingMode::Loss, PoolingMode::Windows] {
                choose(&mut window, |choice| choice.show = show);
                window.key(Modifiers::NONE, Key::Home);
                faults.extend(layout::faults(&mut window, &format!("{size}, {kernel}/{stride}, {show:?}")));
            }
            let steps = alone.len();
            assert_eq!(window.state().pooling.track().len, steps);
            assert!(window.shows(&format!("Window 1 of {steps}")));
        }
        // More than anybody waits for is refused, and what was there stays.
        let kept = study(&window);
        choose(&mut window, |choice| choice.padding = Pair::square(112));
        assert!(window.shows("the windows have") && window.shows("the last that fits"));
        assert!(Arc::ptr_eq(&study(&window), &kept));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_thread_gives_what_is_given_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (path, network) = large_network(folder.path());
    let options = convlens::ui::Options { threading: Threading::Threads, ..ui_support::options() };
    let mut window = ui_support::open(ui_support::builder(LARGE), options);
    window.settle();
    window.tab("Pooling");
    window.until("the image is pooled", |state| state.pooling.study.is_some());
    let mut choice = window.state().settings.pooling.clone();
    PRESETS[2].choose(&mut choice);
    (choice.source, choice.show) = (PoolingSource::Numbers, PoolingMode::Gradient);
    // Of many choices, one right after the other, the last is what is shown.
    for kernel in [2, 5, 1, 4, 3] {
        choice.kernel_size = Pair::square(kernel);
        window.h.state_mut().as_mut().unwrap().act(Action::EditPooling(choice.clone()));
    }
    window.until("the last choice is shown", |state| {
        let lab = &state.pooling;
        let study = lab.study.as_ref().filter(|study| study.choice.kernel_size == Pair::square(3));
        lab.back.as_ref().zip(study).is_some_and(|(back, study)| Arc::ptr_eq(&back.study, study))
    });
    assert_grid(&window, "gradient through max", &study(&window).max.backward_of_all(), 5);
    // A place of a network is gone to when it is there.
    window.act(Action::UseFile(FileKind::Model, path));
    window.until("the network is open", |state| state.network.network.spec() == network.spec());
    window.act(Action::OpenPooling { layer: 1, map: 1, at: 200 });
    window.until("the place is shown", |state| {
        let study = state.pooling.study.as_ref();
        study.is_some_and(|study| study.max.input_size() == (224, 224)) && state.pooling.position() == 200
    });
    assert!(window.shows("Window 201 of 12"), "{}", study(&window).max.len());
}

/// A window with this choice.
fn again_of(choice: &PoolingSetup) -> Window {
    let mut window = Window::new();
    window.act(Action::EditPooling(choice.clone()));
    window
}

/// What a settings file or a recording may hold, however wrong.
#[test]
fn absurd_choices_are_refused() {
    const HUGE: Pair = Pair::square(usize::MAX);
    let absurd: [fn(&mut PoolingSetup); 7] = [
        |choice| choice.dilation = HUGE,
        |choice| choice.kernel_size = HUGE,
        |choice| choice.stride = Some(HUGE),
        |choice| choice.padding = HUGE,
        |choice| choice.source = PoolingSource::Map { column: HUGE.h, map: HUGE.w },
        |choice| choice.numbers.values.truncate(15),
        |choice| (choice.numbers.rows, choice.numbers.columns) = (HUGE.h, HUGE.w),
    ];
    for change in absurd {
        let mut window = with_example(0);
        let kept = study(&window);
        let mut choice = window.state().settings.pooling.clone();
        change(&mut choice);
        // Before a frame shows it, and may hold numbers to what they can be.
        window.h.state_mut().as_mut().unwrap().act(Action::EditPooling(choice.clone()));
        assert!(window.state().pooling.rejected.is_some(), "{choice:?}");
        assert!(Arc::ptr_eq(&study(&window), &kept));
        window.settle();
        window.act(Action::PlayPooling(PlaybackAct::Seek(usize::MAX)));
        window.act(Action::PlayPooling(PlaybackAct::Row(isize::MIN)));
    }
}
