//! The pages beside the sliding window: im2col, Predict, mean and what follows, frequency response.

use super::{act, cell, example, shown};
use crate::support::{LARGE, SMALL, Window};
use convlens::ui::{
    model::convolution::{ConvolutionSource, act::ConvolutionAct},
    widgets::{PlaybackAct, number_grid::exact},
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;

#[test]
fn im2col_shows_the_cores_matrices() {
    let mut window = example("7×7×3, two filters");
    window.click(Role::RadioButton, "im2col");
    window.key(Modifiers::NONE, Key::ArrowRight);
    window.key(Modifiers::NONE, Key::ArrowDown);
    let im2col = shown(&window).im2col(0).unwrap();
    assert!(window.shows("2×27 filters · 27×9 windows = 2×9 outputs, put back as 2×3×3"));
    assert!(window.shows("column 4 is this window"));
    for (i, value) in im2col.columns.iter().enumerate() {
        assert_eq!(cell(&window, &format!("windows {}, {}", i / 9, i % 9)), exact(*value));
    }
    for (i, value) in im2col.weights.iter().enumerate() {
        assert_eq!(cell(&window, &format!("filters {}, {}", i / 27, i % 27)), exact(*value));
    }
    act(&mut window, ConvolutionAct::ShowWhole(true));
    for (i, value) in shown(&window).y().iter().enumerate() {
        assert_eq!(cell(&window, &format!("product {}, {}", i / 9, i % 9)), exact(*value));
    }
    // What is typed is in it at once.
    act(&mut window, ConvolutionAct::SetNumber(0, 7.0));
    act(&mut window, ConvolutionAct::SetWeight(1, -9.0));
    assert_eq!(cell(&window, "windows 0, 0"), "7");
    assert_eq!(cell(&window, "filters 0, 1"), "−9");
}

#[test]
fn predict_then_reveal() {
    let mut window = example("4×4");
    window.click(Role::RadioButton, "Predict");
    let answer = |window: &mut Window, text: &str| {
        window.h.get_by_role_and_label(Role::TextInput, "Your answer").focus();
        window.settle();
        window.h.get_by_role_and_label(Role::TextInput, "Your answer").type_text(text);
        window.settle();
        window.key(Modifiers::NONE, Key::Enter);
    };
    // The first output is 15; its value and its products are nowhere.
    assert_eq!(cell(&window, "output 0, 0"), "?");
    assert_eq!(cell(&window, "products 0, 0"), "?");
    answer(&mut window, "fifteen");
    assert!(window.shows("Type a number"));
    answer(&mut window, "15");
    // What was typed before is still in the field: the answer counts once it is a number.
    if window.state().convolution.round.asked == 0 {
        act(&mut window, ConvolutionAct::Guess(15.0));
    }
    assert!(window.shows("Right: 15") && window.shows("Score: 1 of 1 right"));
    assert_eq!(cell(&window, "output 0, 0"), "15");
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().convolution.position(), 1);
    // The next answer can be typed at once.
    assert!(window.h.get_by_role_and_label(Role::TextInput, "Your answer").is_focused());
    // 16 = 2·2 + 3·0 + 0·1 + 1·0 + 2·1 + 3·2 + 0·1 + 1·0 + 2·2; without the 6 it is 10.
    act(&mut window, ConvolutionAct::Guess(10.0));
    assert!(window.shows("Not 10: it is 16") && window.shows("Score: 1 of 2 right"));
    assert!(window.shows("3·2 = 6") && window.shows("is missing in your sum"), "the term that differs");
    // A second guess at the same output does not count.
    act(&mut window, ConvolutionAct::Guess(16.0));
    assert!(window.shows("Score: 1 of 2 right"));
    window.button("New round");
    assert!(window.shows("Score: 0 of 0 right"));
    assert_eq!(cell(&window, "output 0, 0"), "?");
}

#[test]
fn products_are_averaged_and_relu_and_pooling_follow() {
    let mut window = example("9×9, an X");
    let conv = shown(&window).clone();
    assert_eq!(conv.divisor(), Some(9));
    // The first kernel's pattern stands at (1, 1): nine products of 1, of which the mean is 1.
    act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(8)));
    assert_eq!(conv.y()[8], 1.0);
    assert_eq!(cell(&window, "output 0 1, 1"), "1");
    assert_eq!(cell(&window, "ReLU 0 1, 1"), "1");
    assert!(window.shows(") / 9 + bias 0 = 1"), "the sum is written out with its divisor");
    let [relu, pool] = conv.post_layers()[..] else { panic!("two layers follow") };
    let pooled = pool.layer.summary();
    for at in [0, 8, 10, 60, 146] {
        act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(at)));
        let told = cell(&window, &format!("output {} {}, {}", at / 49, at / 7 % 7, at % 7));
        assert_eq!(told, exact(conv.y()[at]));
        let told = cell(&window, &format!("ReLU {} {}, {}", at / 49, at / 7 % 7, at % 7));
        assert_eq!(told, exact(relu.y[at]));
        for (i, value) in pool.y.iter().enumerate() {
            let (filter, row, column) = (i / 16, i / 4 % 4, i % 4);
            let told = cell(&window, &format!("{pooled} {filter} {row}, {column}"));
            let is_come = pool.needs(filter, (row, column), conv.output()) <= at;
            assert_eq!(told, if is_come { exact(*value) } else { String::new() }, "{at}, {i}");
        }
    }
    // Sums again: nine times as much.
    window.click(Role::CheckBox, "Average instead of sum");
    assert_eq!(shown(&window).y()[8], 9.0);
    act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(8)));
    assert_eq!(cell(&window, "output 0 1, 1"), "9");
    assert!(!window.shows(") / 9"));
    window.click(Role::CheckBox, "ReLU");
    assert_eq!(shown(&window).post_layers().len(), 1);
    // A pool needs two rows.
    let mut window = example("4×4");
    window.click(Role::CheckBox, "Max pooling 2×2");
    assert_eq!(shown(&window).post_layers()[0].y, [16.0]);
    window.set_number(Role::SpinButton, "Kernel size height", 4.0);
    assert!(window.shows("2×2 pooling needs at least 2×2 outputs, but there are 1×2."));
    // What is guessed is the mean, and forgetting to divide is named.
    let mut window = example("9×9, an X");
    window.click(Role::RadioButton, "Predict");
    act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(8)));
    assert!(window.h.query_by_role_and_label(Role::Cell, "ReLU 0 1, 1").is_none(), "it would tell");
    act(&mut window, ConvolutionAct::Guess(9.0));
    assert!(window.shows("divide their sum by their number, 9"));
}

#[test]
fn the_kernels_frequency_response_stands_beside_it() {
    let mut window = example("4×4");
    window.choose("Kernel preset", "Sobel, vertical");
    let largest = shown(&window).response(0, 0, 33).unwrap().into_iter().fold(0.0, f32::max);
    assert!(window.shows("Middle: even areas, ×0.") && window.shows(&format!("Largest: ×{largest:.2}")));
    assert!(window.shows("so edges remain"));
    assert!(window.h.query_by_role_and_label(Role::Grid, "frequency response").is_some());
    window.choose("Kernel preset", "Box blur");
    assert!(window.shows("Middle: even areas, ×1.") && window.shows("it blurs"));
    window.set_number(Role::SpinButton, "kernel 1, 1", 10.0);
    let response = shown(&window).response(0, 0, 33).unwrap();
    // The middle is the sum of the kernel, 8 · 1/9 + 10.
    assert!((response[16 * 33 + 16] - (8.0 / 9.0 + 10.0)).abs() < 1e-4);
    assert!(window.shows("Middle: even areas, ×10.89."));
}

#[test]
fn what_follows_a_picture_is_shown_next_to_it_or_in_its_place() {
    let has = |window: &Window, title: &str| {
        window.h.query_all_by_role_and_label(Role::Label, title).next().is_some()
    };
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        window.tab("Convolution");
        act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Image));
        assert!(has(&window, "Output 28×28") && !has(&window, "ReLU"));
        let mut setup = window.state().convolution.setup.clone();
        setup.then.relu = true;
        act(&mut window, ConvolutionAct::Set(Box::new(setup)));
        assert!(has(&window, "ReLU") && has(&window, "Output 28×28"), "{size}");
        let mut setup = window.state().convolution.setup.clone();
        setup.then.pool = true;
        act(&mut window, ConvolutionAct::Set(Box::new(setup)));
        assert!(has(&window, "max pool 2"), "{size}");
        assert!(has(&window, "Output 28×28") || size == SMALL);
        let faults = crate::support::layout::faults(&mut window, "ReLU");
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn the_colour_example_has_all_channels_in_large_cells() {
    let window = example("7×7×3, two filters");
    for channel in 0..3 {
        let name = format!("input {channel} 0, 0");
        let cell = window.h.get_by_role_and_label(Role::SpinButton, &name);
        assert!(cell.rect().height() >= 32.0, "{:?}", cell.rect());
    }
    for sum in ["Σ 1", "Σ −1"] {
        assert!(window.shows(sum), "a subtotal for each channel");
    }
}
