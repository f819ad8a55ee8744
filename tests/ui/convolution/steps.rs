//! The sliding window: playback, pointing, and editing numbers and settings.

use super::{act, assert_shown, cell, example, shown};
use crate::support::Window;
use convlens::{
    nn::Shape,
    ui::{model::convolution::act::ConvolutionAct, widgets::number_grid::exact},
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;

#[test]
fn every_example_shows_the_cores_numbers_at_every_step() {
    for name in ["4×4", "4×4, padding 1", "7×7, stride 2", "7×7, dilation 2", "7×7×3, two filters"] {
        let mut window = example(name);
        let len = shown(&window).len();
        for _ in 1..len {
            assert_shown(&window);
            window.key(Modifiers::NONE, Key::ArrowRight);
        }
        assert_eq!(window.state().convolution.position(), len - 1, "{name}");
        assert_shown(&window);
        assert!(window.shows(" = "), "{name}: the sum is written out");
    }
}

#[test]
fn it_plays_pauses_steps_back_scrubs_and_jumps() {
    let mut window = example("4×4, padding 1");
    let position = |window: &Window| window.state().convolution.position();
    let words = |window: &Window| {
        let labels = window.h.query_all_by_label_contains(" = ");
        labels
            .filter_map(|node| egui_kittest::kittest::NodeT::accesskit_node(&node).value())
            .collect::<Vec<_>>()
    };
    window.set_number(Role::SpinButton, "Steps a second", 8.0);
    window.button("Play the steps");
    assert!((1..15).contains(&position(&window)) && window.state().convolution.playback.is_playing());
    window.key(Modifiers::NONE, Key::Space);
    assert!(!window.state().convolution.playback.is_playing() && !window.state().is_training());
    window.key(Modifiers::NONE, Key::Home);
    let begun = words(&window);
    for (key, place) in
        [(Key::ArrowRight, 1), (Key::ArrowDown, 5), (Key::ArrowUp, 1), (Key::ArrowLeft, 0), (Key::End, 15)]
    {
        window.key(Modifiers::NONE, key);
        assert_eq!(position(&window), place, "{key:?}");
        assert_shown(&window);
    }
    window.set_number(Role::Slider, "Scrub outputs", 6.0);
    assert_eq!(position(&window), 6);
    window.button("Row back");
    assert_eq!(position(&window), 2);
    window.button("To the beginning");
    assert_eq!(words(&window), begun, "stepping back shows what was shown");
    // A click on an output goes there.
    let output = window.h.get_by_role_and_label(Role::Cell, "output 2, 1").rect().center();
    window.h.hover_at(output);
    window.h.drag_at(output);
    window.h.drop_at(output);
    window.settle();
    assert_eq!(position(&window), 9);
}

#[test]
fn pointing_tells_windows_and_users() {
    let mut window = example("7×7, stride 2");
    let hover = |window: &mut Window, role: Role, name: &str| {
        let place = window.h.get_by_role_and_label(role, name).rect().center();
        window.h.hover_at(place);
        window.settle();
    };
    for (row, column) in [(0, 0), (2, 2), (3, 4), (6, 6)] {
        hover(&mut window, Role::SpinButton, &format!("input {row}, {column}"));
        let users = shown(&window).outputs_reading(row, column).len();
        let outputs = if users == 1 { "1 output of a map uses" } else { "outputs of a map use" };
        assert!(window.shows(&format!("Input ({row}, {column})")) && window.shows(outputs), "{row} {column}");
    }
    hover(&mut window, Role::Cell, "output 1, 2");
    let value = exact(shown(&window).y()[5]);
    assert!(window.shows(&format!("Output (1, 2) = {value}")));
    // What the pointer is over is looked at, without going there.
    let products = shown(&window).step(5).unwrap().parts[0].terms[0].product();
    assert_eq!(cell(&window, "products 0, 0"), exact(products));
    assert_eq!(window.state().convolution.position(), 0);
}

#[test]
fn edited_cells_count_at_once() {
    let mut window = example("4×4");
    window.set_number(Role::SpinButton, "input 0, 0", 100.0);
    assert_eq!(shown(&window).x()[0], 100.0);
    assert_eq!(shown(&window).y()[0], 15.0 + 99.0 * 2.0);
    window.set_number(Role::SpinButton, "kernel 0, 0", -1.0);
    assert_eq!(shown(&window).y()[0], 15.0 - 2.0 - 100.0);
    window.set_number(Role::SpinButton, "Bias", 3.0);
    assert_eq!(shown(&window).y()[0], 15.0 - 2.0 - 100.0 + 3.0);
    assert_shown(&window);
    // What is no number is said, and changes nothing.
    window.click(Role::SpinButton, "input 1, 1");
    window.h.get_by_role_and_label(Role::SpinButton, "input 1, 1").type_text("one");
    window.settle();
    window.key(Modifiers::NONE, Key::Enter);
    assert!(window.shows("“one” is not a number"));
    assert_eq!(shown(&window).x()[5], 1.0);
}

#[test]
fn escape_calls_typing_off_and_what_is_no_number_changes_nothing() {
    let mut window = example("4×4");
    for (name, text, key) in [
        ("input 1, 1", "8", Key::Escape),
        ("Kernel size height", "2", Key::Escape),
        ("Kernel size height", "nan", Key::Enter),
        ("Bias", "nan", Key::Enter),
    ] {
        let before = shown(&window).clone();
        window.click(Role::SpinButton, name);
        let field = window.h.get_by_role_and_label(Role::SpinButton, name);
        assert!(field.is_focused(), "{name}");
        field.type_text(text);
        window.settle();
        window.key(Modifiers::NONE, key);
        // egui applies the text in the frame after the key.
        window.h.run_steps(3);
        let after = shown(&window);
        assert_eq!(
            (before.x(), before.y(), before.weight().shape()),
            (after.x(), after.y(), after.weight().shape())
        );
        assert_eq!(before.bias(), after.bias(), "{name}: {text}");
    }
}

#[test]
fn what_is_impossible_is_said_beside_its_control_and_the_last_picture_stays() {
    let mut window = example("4×4");
    let before = shown(&window).y().to_vec();
    let cases = [
        ("Kernel size height", 0.0, "The kernel's height is 0, but must be from 1 to 11."),
        (
            "Kernel size width",
            7.0,
            "The kernel's width 7 is larger than the padded input's width 4 (4 + 2·0)",
        ),
        ("Kernel size height", 99.0, "The kernel's height is 99"),
        ("Stride width", 0.0, "The stride's width is 0"),
        ("Dilation height", 3.0, "The kernel's height 7 is larger than the padded input's height 4"),
        ("Filters, typed", 0.0, "The number of filters is 0"),
        ("Input size height", 0.0, "The input's height is 0, but must be from 1 to 16."),
        ("Channels, typed", 9.0, "The number of channels is 9"),
    ];
    for (control, value, sentence) in cases {
        let setup = window.state().convolution.setup.clone();
        let placed = window.h.get_by_role_and_label(Role::SpinButton, control).rect();
        window.set_number(Role::SpinButton, control, value);
        assert!(window.shows(sentence), "{control} {value}: {:?}", window.state().convolution.rejected);
        assert_eq!(shown(&window).y(), before, "{control} {value}");
        let row = window.h.get_by_role_and_label(Role::SpinButton, control).rect();
        // Beside the row, and nothing moves for it.
        assert_eq!(row, placed, "{control}");
        let is_beside =
            |note: egui::Rect| (note.center().y - row.center().y).abs() < 60.0 && note.right() <= row.left();
        let notes: Vec<_> = window.h.query_all_by_label_contains(sentence).map(|note| note.rect()).collect();
        assert!(notes.iter().any(|note| is_beside(*note)), "{control}: {row:?} {notes:?}");
        act(&mut window, ConvolutionAct::Set(Box::new(setup)));
        assert!(window.state().convolution.rejected.is_none());
    }
    // Groups are there where channels are.
    let mut window = example("7×7×3, two filters");
    window.set_number(Role::SpinButton, "Groups, typed", 2.0);
    assert!(window.shows("The number of groups is 2, but must divide both the 3 channels and the 2 filters"));
    // A padding that keeps the size, of an even kernel; and a rest, where rests are refused.
    let mut window = example("4×4");
    let mut setup = window.state().convolution.setup.clone();
    setup.padding = convlens::explain::convolution::PaddingMode::Same;
    setup.kernel = convlens::nn::Pair::square(2);
    act(&mut window, ConvolutionAct::Set(Box::new(setup)));
    assert!(window.shows("needs an odd span"));
    let mut window = example("4×4");
    window.set_number(Role::SpinButton, "Stride width", 2.0);
    assert!(window.shows("no window covers the last") && window.state().convolution.rejected.is_none());
    window.click(Role::CheckBox, "Windows must fit exactly");
    assert!(window.shows("A stride of 2 does not divide the 1 columns that the window can move"));
}

#[test]
fn sizes_and_costs_have_the_numbers_in_them() {
    let window = example("7×7, stride 2");
    assert!(window.shows("(n + 2P − K)/S + 1") && window.shows("(7 + 2·0 − 3)/2 + 1 = "));
    assert_eq!(window.value(Role::Cell, "Weights + biases"), "1·1·3·3 + 1");
    assert_eq!(window.value(Role::Cell, "Parameters"), "10");
    assert_eq!(window.value(Role::Cell, "Multiply-adds"), "81");
    // 49 inputs and a bias to each of 9 outputs.
    assert_eq!(window.value(Role::Cell, "Fully connected"), "450");
    assert_eq!(window.value(Role::Cell, "Share of fully connected"), "2.2 %");
}

#[test]
fn kernels_have_names_and_follow_the_size() {
    let mut window = example("4×4");
    window.choose("Kernel preset", "Laplacian");
    assert_eq!(shown(&window).weight().values(), [0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0]);
    window.set_number(Role::Slider, "Padding", 1.0);
    window.set_number(Role::Slider, "Kernel size", 5.0);
    assert_eq!(shown(&window).weight().shape(), [1, 1, 5, 5]);
    assert_eq!(shown(&window).weight().values()[12], -4.0);
    window.button("Random");
    let first = shown(&window).weight().values().to_vec();
    window.button("Random");
    assert_ne!(shown(&window).weight().values(), first);
    window.set_number(Role::Slider, "Filters", 3.0);
    assert_eq!(shown(&window).output(), Shape::maps(3, 2, 2));
    window.choose("Kernel preset", "learnt by conv2d 0");
    let network = &window.state().network.network;
    assert_eq!(shown(&window).weight().values(), network.parameters()[0][0].values());
}

#[test]
fn what_stands_on_the_way_to_a_size_cuts_no_numbers() {
    let mut window = example("5×5");
    let before = window.state().convolution.setup.numbers.clone();
    window.click(Role::SpinButton, "Input size height");
    for digit in ["1", "2"] {
        window.h.get_by(|node| node.is_focused() && node.role() != Role::Window).type_text(digit);
        window.settle();
    }
    window.key(Modifiers::NONE, Key::Enter);
    let setup = &window.state().convolution.setup;
    assert_eq!(setup.size, (1, 12, 5));
    assert_eq!(setup.numbers[..25], before);
}

#[test]
fn sizes_that_shrink_and_grow_lose_no_numbers() {
    let mut window = example("7×7×3, two filters");
    let typed = window.state().convolution.setup.clone();
    for (control, values) in [
        ("Input size height", [1.0, 7.0]),
        ("Input size width", [0.0, 7.0]),
        ("Channels, typed", [1.0, 3.0]),
        ("Kernel size width", [1.0, 3.0]),
        ("Filters, typed", [1.0, 2.0]),
    ] {
        for value in values {
            window.set_number(Role::SpinButton, control, value);
        }
        assert_eq!(window.state().convolution.setup, typed, "{control}");
    }
}

#[test]
fn numbers_that_are_typed_can_be_undone() {
    let mut window = example("4×4");
    let begun = window.state().convolution.setup.clone();
    window.set_number(Role::SpinButton, "input 0, 0", 100.0);
    window.set_number(Role::SpinButton, "kernel 0, 0", -1.0);
    window.choose("Kernel preset", "Laplacian");
    let changed = window.state().convolution.setup.clone();
    for _ in 0..3 {
        window.button("Undo the change");
    }
    // The first change is that to the example.
    assert_eq!(window.state().convolution.setup, begun);
    assert_eq!(shown(&window).x()[0], 1.0);
    for _ in 0..3 {
        window.button("Redo the change");
    }
    assert_eq!(window.state().convolution.setup, changed);
    window.key(Modifiers::COMMAND, Key::Z);
    assert_ne!(window.state().convolution.setup, changed);
}
