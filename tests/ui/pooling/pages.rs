//! Pointing at and clicking on cells, and the pages on shifts and gradients.

use super::{MAX, assert_grid, average, choose, click_cell, step, study, with_example};
use crate::support::Window;
use convlens::{explain::pooling::Direction, nn::Pair};
use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::Queryable as _;

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
    assert!(window.shows("Row 2, column 2 is 2. 9 windows cover it."));
    window.h.hover_at(rect.min + vec2(8.0, 8.0));
    window.settle();
    assert!(window.shows("Row 0, column 0 is 3. One window covers it."));
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
    assert!(window.value(Role::Cell, "Values changed of Max").starts_with(&format!("{count} of 196")));
    // A second click puts the map back.
    window.click(Role::RadioButton, "up");
    assert_eq!(window.state().pooling.direction(), None);
    assert!(window.value(Role::Cell, "Values changed of Max").starts_with("0 of 196"));
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
    assert!(window.value(Role::Cell, "Cells reached of Max").starts_with("1 of 16"));
    assert_eq!(window.value(Role::Cell, "Largest gradient of Average"), "0.25 = 1 / 4");
}
