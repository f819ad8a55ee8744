//! Settings and numbers: the core's results for valid ones, an explanation for the others.

use super::{AVERAGE, MAX, assert_grid, average, cells, choose, study, with_example};
use crate::support::{LARGE, Window};
use convlens::{
    explain::pooling::{Direction, Pooling},
    nn::{LayerSpec, Pair, layers::MaxPool2d},
    ui::{
        action::Action,
        model::pooling::{Numbers, PRESETS, PoolingMode, PoolingSetup, PoolingSource},
        widgets::{PlaybackAct, number_grid::exact},
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::sync::Arc;

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
        assert_grid(&window, "max enlarged", &study.max.loss().upsampled, width);
        assert_grid(&window, "average enlarged", &average(&study).loss().upsampled, width);
        let kept = format!("{} of {}", study.max.len(), study.max.input().len());
        assert!(window.value(Role::Cell, "Values kept of Max").starts_with(&kept));
    }
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
    assert_eq!(window.value(Role::ComboBox, "Example"), "your own");
    // What is no number is refused by name, and changes nothing.
    window.click(Role::SpinButton, "map 1, 0");
    window.h.get_by(|node| node.is_focused() && node.role() != Role::Window).type_text("five");
    window.settle();
    window.key(Modifiers::NONE, Key::Enter);
    assert!(window.shows("map 1, 0: “five” is not a number"));
    assert_eq!(window.state().settings.pooling.numbers.values[4], 5.0);
    window.set_number(Role::SpinButton, "map 1, 0", 6.0);
    assert!(!window.shows("is not a number"));
    window.set_number(Role::SpinButton, "Input size height", 6.0);
    let Numbers { rows, columns, values } = window.state().settings.pooling.numbers.clone();
    assert_eq!((rows, columns, values.len(), values[0]), (6, 4, 24, 9.0));
    assert_eq!(study(&window).max.output_size(), (3, 2));
    // On the way to 10 rows there is no 1.
    window.click(Role::SpinButton, "Input size height");
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
        ("Kernel size", 9.0, "The kernel's height 9 is larger than the padded input's height 4"),
        ("Kernel size", 0.0, "Kernel size is 0, but must be from 1"),
        ("Kernel size", 300.0, "Kernel size is 300, but at most 224"),
        ("Stride", 0.0, "Stride is 0, but must be from 1"),
        ("Padding", 2.0, "Padding 2×2 is more than half the kernel size 2×2: at most 1×1 fits"),
        ("Dilation", 0.0, "Dilation is 0, but must be from 1"),
        (
            "Dilation",
            4.0,
            "larger than the padded input's height 4 (4 + 2·0): 2 cells with dilation 4 span 5",
        ),
    ];
    for (setting, value, sentence) in cases {
        let mut window = with_example(0);
        let (choice, kept) = (window.state().settings.pooling.clone(), study(&window));
        window.set_number(Role::SpinButton, setting, value);
        assert!(window.shows(sentence), "{setting} {value}: {:?}", window.state().pooling.rejected);
        assert!(window.shows("last valid settings"));
        assert!(Arc::ptr_eq(&study(&window), &kept), "the picture stays");
        assert_grid(&window, MAX, &[6.0, 8.0, 3.0, 4.0], 2);
        // The steps of that picture can still be looked at.
        window.key(Modifiers::NONE, Key::End);
        assert!(window.shows("max(1, 0, 3, 4) = 4"));
        // The setting is marked, and no control moves.
        assert!(window.shows(&format!("{setting}  ")), "{setting} is not marked");
        let rejected = controls(&window);
        window.act(Action::EditPooling(choice));
        assert_eq!(controls(&window), rejected, "{setting}");
        assert!(window.state().pooling.rejected.is_none() && !window.shows(sentence));
    }
}

#[test]
fn a_dilated_window_is_max_pooling_s_alone() {
    const SENTENCE: &str = "Average pooling has no dilation.";
    let mut window = with_example(3);
    window.set_number(Role::SpinButton, "Kernel size", 3.0);
    window.click(Role::CheckBox, "Stride = kernel size");
    window.set_number(Role::SpinButton, "Stride", 1.0);
    assert!(!window.shows(SENTENCE));
    let undilated = study(&window).max.output().to_vec();
    window.set_number(Role::SpinButton, "Dilation", 2.0);
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
    for (page, grid) in [("Gradient", "gradient through max"), ("Information lost", "max enlarged")] {
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
    assert!(window.shows("No window covers row 4 and column 4."));
    window.click(Role::CheckBox, "Ceil mode");
    assert!(window.shows("⌈(5 + 2·0 − 2) / 2⌉ + 1") && !window.shows("No window covers"));
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
    assert_eq!(window.shows("so it is dropped"), left_out);
}

#[test]
fn the_choice_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let options = || convlens::ui::Options { settings_path: Some(path.clone()), ..crate::support::options() };
    let mut window = crate::support::open(crate::support::builder(LARGE), options());
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
    let mut again = crate::support::open(crate::support::builder(LARGE), options());
    again.settle();
    assert_eq!(again.state().settings.pooling, chosen);
    assert_eq!(study(&again).max.input()[5], -3.0);
    // What was kept and fits nothing is explained beside a picture that does.
    choose(&mut again, |choice| (choice.kernel_size, choice.dilation) = (Pair::square(9), Pair::square(1)));
    again.close();
    let mut refused = crate::support::open(crate::support::builder(LARGE), options());
    refused.settle();
    assert!(refused.shows("The kernel's height 9 is larger") && refused.shows("last valid settings"));
    assert_eq!(study(&refused).max.input_size(), (28, 28));
    choose(&mut refused, |choice| choice.kernel_size = Pair::square(2));
    assert_eq!(study(&refused).max.input(), study(&again_of(&chosen)).max.input());
}

/// The positions of everything that can be clicked or typed into.
fn controls(window: &Window) -> Vec<(String, egui::Rect)> {
    let roles =
        [Role::SpinButton, Role::CheckBox, Role::RadioButton, Role::ComboBox, Role::Button, Role::Slider];
    let nodes = roles.into_iter().flat_map(|role| window.h.query_all_by_role(role));
    nodes.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect())).collect()
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
