//! The Convolution view as a class sees it: it plays, steps back, is edited, refuses in words, and all its numbers are
//! the core's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot have fails the test"
)]

mod ui_support;

use convlens::{
    explain::{
        Cell, Convolution,
        cell::ChannelTerms,
        convolution::{EXAMPLES, KERNELS},
        variants::{Chain, PAIRS, SlidingSignals, Variant, VariantSettings, Volume, compare_costs},
    },
    nn::Shape,
    ui::{
        action::Action,
        model::{
            convolution::{
                ConvolutionSetup, ConvolutionSource, FamilyChoice, FamilyResult, FamilySetup, Functions,
                MAX_LENGTHS,
                act::{ConvolutionAct, ConvolutionMode},
            },
            display::ThemeChoice,
            file_kind::FileKind,
            network::NetworkChoice,
            view::ViewId,
        },
        widgets::{PlaybackAct, number_grid::exact, numbers},
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;
use ui_support::{LARGE, SMALL, Window, layout};

/// The view with one of the examples.
fn example(name: &str) -> Window {
    let mut window = Window::new();
    window.tab("Convolution");
    let number = EXAMPLES.iter().position(|example| example.name == name).unwrap();
    window.act(Action::Convolution(ConvolutionAct::UseExample(number)));
    window
}

fn shown(window: &Window) -> &Convolution {
    window.state().convolution.shown.as_deref().unwrap()
}

fn act(window: &mut Window, act: ConvolutionAct) {
    window.act(Action::Convolution(act));
}

/// What a cell tells; an empty one tells nothing.
#[track_caller]
fn cell(window: &Window, name: &str) -> String {
    window.value(Role::Cell, name)
}

/// The number of an editable cell.
#[track_caller]
fn field(window: &Window, name: &str) -> f64 {
    let node = window.h.get_by_role_and_label(Role::SpinButton, name);
    egui_kittest::kittest::NodeT::accesskit_node(&node).numeric_value().unwrap()
}

/// Every number on the screen is the core's, for the output that is looked at.
#[track_caller]
fn assert_shown(window: &Window) {
    let conv = shown(window);
    let lab = &window.state().convolution;
    let at = lab.position();
    let step = conv.step(at).unwrap();
    let (_, height, width) = conv.output().as_maps();
    let channels = step.parts.len();
    for part in &step.parts {
        let name =
            |grid: &str| if channels > 1 { format!("{grid} {}", part.channel) } else { grid.to_owned() };
        for term in &part.terms {
            let at = format!("{}, {}", term.kernel.0, term.kernel.1);
            assert_eq!(cell(window, &format!("{} {at}", name("products"))), exact(term.product()));
            let weight = field(window, &format!("{} {at}", name("kernel")));
            assert_eq!(weight, f64::from(term.weight));
            let place = format!("{} {}, {}", name("input"), term.seen.row, term.seen.column);
            if term.seen.inside {
                assert_eq!(field(window, &place), f64::from(term.seen.x));
            } else {
                assert_eq!(cell(window, &place), "0");
            }
        }
    }
    let filters = conv.output().as_maps().0;
    for (i, value) in conv.y().iter().enumerate() {
        let (filter, row, column) = (i / (height * width), i / width % height, i % width);
        let name = if filters > 1 || channels > 1 { format!("output {filter}") } else { "output".to_owned() };
        let told = cell(window, &format!("{name} {row}, {column}"));
        let expected = if i <= at { exact(*value) } else { String::new() };
        assert_eq!(told, expected, "output {i}, at {at}");
    }
}

/// A number set at a control.
type Typed = (Role, &'static str, f64);

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
    assert!(window.shows("“one” is no number"));
    assert_eq!(shown(&window).x()[5], 1.0);
}

#[test]
fn what_is_impossible_is_said_beside_its_control_and_the_last_picture_stays() {
    let mut window = example("4×4");
    let before = shown(&window).y().to_vec();
    let cases = [
        ("Kernel height", 0.0, "The kernel's height is 0, but must be from 1 to 11."),
        ("Kernel width", 7.0, "The kernel's width 7 is larger than the padded input's width 4 (4 + 2·0)"),
        ("Kernel height", 99.0, "The kernel's height is 99"),
        ("Stride width", 0.0, "The stride's width is 0"),
        ("Dilation height", 3.0, "The kernel's height 7 is larger than the padded input's height 4"),
        ("Filters, typed", 0.0, "The number of filters is 0"),
        ("Size height", 0.0, "The input's height is 0, but must be from 1 to 16."),
        ("Channels, typed", 9.0, "The number of channels is 9"),
    ];
    for (control, value, sentence) in cases {
        let setup = window.state().convolution.setup.clone();
        window.set_number(Role::SpinButton, control, value);
        assert!(window.shows(sentence), "{control} {value}: {:?}", window.state().convolution.rejected);
        assert_eq!(shown(&window).y(), before, "{control} {value}");
        let below = window.h.query_all_by_label_contains(sentence).next().unwrap().rect();
        let row = window.h.get_by_role_and_label(Role::SpinButton, control).rect();
        assert!(below.top() > row.top() && below.top() - row.bottom() < 60.0, "{control}: {row:?} {below:?}");
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
    window.click(Role::CheckBox, "Refuse a rest");
    assert!(window.shows("A stride of 2 does not divide the 1 columns that the window can move"));
}

#[test]
fn sizes_and_costs_have_the_numbers_in_them() {
    let window = example("7×7, stride 2");
    assert!(window.shows("(N + 2P − K)/S + 1") && window.shows("(7 + 2·0 − 3)/2 + 1 = "));
    assert_eq!(window.value(Role::Cell, "weights + biases"), "1·1·3·3 + 1");
    assert_eq!(window.value(Role::Cell, "parameters"), "10");
    assert_eq!(window.value(Role::Cell, "multiply-adds"), "81");
    // 49 inputs and a bias to each of 9 outputs.
    assert_eq!(window.value(Role::Cell, "fully connected"), "450");
    assert_eq!(window.value(Role::Cell, "share of that"), "2.2 %");
}

#[test]
fn kernels_have_names_and_follow_the_size() {
    let mut window = example("4×4");
    window.choose("Kernel by name", "Laplacian");
    assert_eq!(shown(&window).weight().values(), [0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0]);
    window.set_number(Role::Slider, "Padding", 1.0);
    window.set_number(Role::Slider, "Kernel", 5.0);
    assert_eq!(shown(&window).weight().shape(), [1, 1, 5, 5]);
    assert_eq!(shown(&window).weight().values()[12], -4.0);
    window.button("Random");
    let first = shown(&window).weight().values().to_vec();
    window.button("Random");
    assert_ne!(shown(&window).weight().values(), first);
    window.set_number(Role::Slider, "Filters", 3.0);
    assert_eq!(shown(&window).output(), Shape::maps(3, 2, 2));
    window.choose("Kernel by name", "layer 0");
    let network = &window.state().network.network;
    assert_eq!(shown(&window).weight().values(), network.parameters()[0][0].values());
}

#[test]
fn a_layer_of_the_network_has_its_real_numbers() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Network layer");
    for layer in [0, 3] {
        act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Layer(layer)));
        let state = window.state();
        let trace = state.trace().unwrap();
        assert_eq!(shown(&window).y(), trace.activation(layer), "layer {layer}");
        assert_eq!(shown(&window).weight(), &state.network.network.parameters()[layer][0]);
    }
    // The output of layer 1, a function, is what goes into layer 2, which does not convolve: the kernel is one's own.
    act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Layer(2)));
    assert_eq!(shown(&window).x(), window.state().trace().unwrap().activation(1));
    window.act(Action::OpenConvolution { layer: 3, at: 123 });
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    assert_eq!(window.state().convolution.position(), 123);
    let step = shown(&window).step(123).unwrap();
    assert_eq!(step.value, window.state().trace().unwrap().activation(3)[123]);
    // Another network may have no such layer.
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    assert!(window.state().convolution.rejected.is_some());
    window.act(Action::OpenConvolution { layer: 99, at: 0 });
    // Back to the numbers as they were.
    act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Numbers));
    assert_eq!(window.state().convolution.setup, ConvolutionSetup::default());
}

#[test]
fn the_current_image_is_convolved_as_it_changes() {
    let mut window = Window::with_data(LARGE);
    window.tab("Convolution");
    window.click(Role::RadioButton, "Current image");
    for _ in 0..3 {
        let seen: Vec<f32> =
            window.state().image.seen.as_raw().iter().map(|&p| f32::from(p) / 255.0).collect();
        assert_eq!(shown(&window).x(), seen);
        assert_eq!(shown(&window).output(), Shape::maps(1, 28, 28));
        window.button("Next sample");
    }
}

#[test]
fn a_photograph_is_opened_in_its_colours_and_scaled_with_notice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beach.png");
    let photo = image::RgbImage::from_fn(300, 150, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 40]));
    photo.save(&path).unwrap();
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Photo");
    assert_eq!(window.state().question, Some(FileKind::Photograph));
    window.type_path(&path);
    window.button("Open");
    assert_eq!(shown(&window).input(), Shape::maps(3, 64, 128));
    assert!(window.shows("Scaled from 150×300 to 64×128"));
    // Another picture that is none leaves this one where it is.
    window.act(Action::UseFile(FileKind::Photograph, folder.path().join("none.png")));
    assert!(!window.messages().is_empty());
    assert_eq!(shown(&window).input(), Shape::maps(3, 64, 128));
    // The family has no room for it.
    act(&mut window, ConvolutionAct::SetMode(ConvolutionMode::Family));
    window.act(Action::UseFile(FileKind::Photograph, path));
    assert_eq!(window.state().convolution.mode, ConvolutionMode::Sum);
    assert_eq!(shown(&window).input(), Shape::maps(3, 64, 128));
}

#[test]
fn the_family_computes_nothing_that_is_not_shown() {
    let mut window = Window::with_data(LARGE);
    window.tab("Convolution");
    window.click(Role::RadioButton, "Current image");
    let before = window.state().convolution.shown.clone().unwrap();
    act(&mut window, ConvolutionAct::SetMode(ConvolutionMode::Family));
    window.button("Next sample");
    assert!(window.state().convolution.shown.as_ref().is_some_and(|now| Arc::ptr_eq(now, &before)));
    act(&mut window, ConvolutionAct::SetMode(ConvolutionMode::Sum));
    let seen: Vec<f32> = window.state().image.seen.as_raw().iter().map(|&p| f32::from(p) / 255.0).collect();
    assert_eq!(shown(&window).x(), seen);
}

#[test]
fn what_stands_on_the_way_to_a_size_cuts_no_numbers() {
    let mut window = example("5×5");
    let before = window.state().convolution.setup.numbers.clone();
    window.click(Role::SpinButton, "Size height");
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
    window.button("Next output");
    assert_eq!(window.state().convolution.position(), 1);
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

/// Every member of the family, from its first step to its last: all its numbers are the core's.
#[test]
fn the_family_plays_with_the_cores_numbers() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Family");
    for member in Variant::ALL {
        window.button(member.name());
        let chain = member.example().chain().unwrap();
        assert_eq!(window.state().convolution.track().len, chain.len(), "{member:?}");
        for at in [0, chain.len() / 2, chain.len() - 1] {
            act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(at)));
            for column in 1..=chain.layers().len() {
                let (_, height, width) = chain.shape(column).as_maps();
                for (element, value) in chain.values(column).iter().enumerate() {
                    let (map, row, x) =
                        (element / (height * width), element / width % height, element % width);
                    let told = cell(&window, &format!("layer {column} map {map} {row}, {x}"));
                    let is_come = chain.step_of(column - 1, element) <= at;
                    let expected = if is_come { exact(*value) } else { String::new() };
                    assert_eq!(told, expected, "{member:?}, step {at}, layer {column}, element {element}");
                }
            }
            if let Cell::Sum { parts, .. } = chain.step(at).unwrap().cell {
                let name = |grid: &str, part: &ChannelTerms| match parts.len() {
                    1 => grid.to_owned(),
                    _ => format!("{grid} {}", part.channel),
                };
                for part in parts.iter().take(4) {
                    for term in &part.terms {
                        let at = format!("{}, {}", term.kernel.0, term.kernel.1);
                        assert_eq!(
                            cell(&window, &format!("{} {at}", name("products", part))),
                            exact(term.product())
                        );
                    }
                }
            }
        }
        let example = member.example();
        let literature = VariantSettings::of_literature(member);
        for options in literature.into_iter().chain([example.settings]) {
            let figure = compare_costs(member, &options).unwrap();
            for count in [figure.baseline.parameters, figure.variant.parameters, figure.variant.multiply_adds]
            {
                assert!(window.shows(&numbers::count(count)), "{member:?}: {count}");
            }
        }
    }
    // An edited number goes through all layers.
    window.button("Spatially separable");
    window.set_number(Role::SpinButton, "input 0 0, 0", 50.0);
    act(&mut window, ConvolutionAct::Play(PlaybackAct::End));
    let shown = window.state().convolution.family_shown.clone().unwrap();
    let FamilyResult::Chain(shown) = &*shown else { panic!("{shown:?}") };
    let (chain, same) = (&shown.chain, shown.same.as_ref().unwrap());
    assert_eq!(chain.values(0)[0], 50.0);
    assert_eq!(chain.values(2), same.values(1));
    assert_eq!(cell(&window, "layer 2 map 0 0, 0"), exact(chain.values(2)[0]));
    assert!(window.shows("number for number"));
}

#[test]
fn functions_slide_flipped_and_not_and_a_kernel_moves_through_a_volume() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Family");
    window.button("1-D, two functions");
    for (is_flipped, name) in [(true, "flipped"), (false, "as it stands")] {
        window.click(Role::RadioButton, name);
        let (_, f, g) = PAIRS[0];
        let sliding = SlidingSignals::new(f, g, is_flipped).unwrap();
        for at in 0..sliding.len() {
            act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(at)));
            assert_eq!(cell(&window, &format!("result 0, {at}")), exact(sliding.y[at]));
            for (i, value) in sliding.step(at).unwrap().sliding.iter().enumerate() {
                assert_eq!(field(&window, &format!("g 0, {i}")), f64::from(*value));
            }
        }
    }
    window.set_number(Role::SpinButton, "f 0, 1", 9.0);
    let shown = window.state().convolution.family_shown.clone().unwrap();
    assert!(matches!(&*shown, FamilyResult::Sliding(sliding) if sliding.f[1] == 9.0));
    window.button("3-D, a volume");
    let volume = Volume::example().unwrap();
    act(&mut window, ConvolutionAct::Play(PlaybackAct::End));
    for (i, value) in volume.y.iter().enumerate() {
        let name = format!("output {} {}, {}", i / 9, i / 3 % 3, i % 3);
        assert_eq!(cell(&window, &name), exact(*value));
    }
    let step = volume.step(26).unwrap();
    for (i, (_, x, weight)) in step.terms.iter().enumerate() {
        let place = format!("{} {}, {}", i / 9, i / 3 % 3, i % 3);
        assert_eq!(cell(&window, &format!("products {place}")), exact(x * weight));
    }
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
    window.click(Role::CheckBox, "max pool 2×2");
    assert_eq!(shown(&window).post_layers()[0].y, [16.0]);
    window.set_number(Role::SpinButton, "Kernel height", 4.0);
    assert!(window.shows("2×2 pooling needs at least 2×2 outputs, but there are 1×2."));
    // What is guessed is the mean, and forgetting to divide is named.
    let mut window = example("9×9, an X");
    window.click(Role::RadioButton, "Predict");
    act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(8)));
    assert!(window.h.query_by_role_and_label(Role::Cell, "ReLU 0 1, 1").is_none(), "it would tell");
    act(&mut window, ConvolutionAct::Guess(9.0));
    assert!(window.shows("their sum is to be divided by their number, 9"));
}

#[test]
fn the_kernels_frequency_response_stands_beside_it() {
    let mut window = example("4×4");
    window.choose("Kernel by name", "Sobel, vertical");
    let largest = shown(&window).response(0, 0, 33).unwrap().into_iter().fold(0.0, f32::max);
    assert!(window.shows("Middle: even areas, ×0.") && window.shows(&format!("Largest: ×{largest:.2}")));
    assert!(window.shows("what is left are edges"));
    assert!(window.h.query_by_role_and_label(Role::Grid, "frequency response").is_some());
    window.choose("Kernel by name", "Box blur");
    assert!(window.shows("Middle: even areas, ×1.") && window.shows("it blurs"));
    window.set_number(Role::SpinButton, "kernel 1, 1", 10.0);
    let response = shown(&window).response(0, 0, 33).unwrap();
    // The middle is the sum of the kernel, 8 · 1/9 + 10.
    assert!((response[16 * 33 + 16] - (8.0 / 9.0 + 10.0)).abs() < 1e-4);
    assert!(window.shows("Middle: even areas, ×10.89."));
}

/// What a kind shows as layers.
fn chain(window: &Window) -> Chain {
    match window.state().convolution.family_shown.as_deref() {
        Some(FamilyResult::Chain(shown)) => shown.chain.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_familys_kernels_are_edited_cell_by_cell() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Family");
    for member in Variant::ALL {
        window.button(member.name());
        let example = member.example();
        let before = example.chain().unwrap();
        // The last layer's kernel, at its last output; of several channels, the first.
        act(&mut window, ConvolutionAct::Play(PlaybackAct::End));
        let layer = before.layers().len() - 1;
        let element = before.values(layer + 1).len() - 1;
        let Cell::Sum { parts, .. } = before.step(before.len() - 1).unwrap().cell else {
            panic!("{member:?} ends with no sum")
        };
        let (tensor, first) = before.kernel_at(layer, element, parts[0].channel).unwrap();
        let name = if parts.len() > 1 { format!("kernel {}", parts[0].channel) } else { "kernel".into() };
        assert_eq!(
            field(&window, &format!("{name} 0, 0")),
            f64::from(example.weights[tensor].values[first]),
            "{member:?}"
        );
        window.set_number(Role::SpinButton, &format!("{name} 0, 0"), 7.0);
        let mut changed = example.clone();
        changed.weights[tensor].values[first] = 7.0;
        let expected = changed.chain().unwrap();
        assert_ne!(expected.values(layer + 1), before.values(layer + 1), "{member:?}");
        assert_eq!(chain(&window).values(layer + 1), expected.values(layer + 1), "{member:?}");
        let (_, height, width) = expected.shape(layer + 1).as_maps();
        let (map, row, column) = (element / (height * width), element / width % height, element % width);
        let told = cell(&window, &format!("layer {} map {map} {row}, {column}", layer + 1));
        assert_eq!(told, exact(expected.values(layer + 1)[element]), "{member:?}");
        window.button("As the example");
        assert_eq!(window.state().convolution.family, FamilySetup::Member(example));
    }
    // What is no number is said, and changes nothing.
    let before = window.state().convolution.family.clone();
    window.click(Role::SpinButton, "kernel 0, 0");
    window.h.get_by_role_and_label(Role::SpinButton, "kernel 0, 0").type_text("two");
    window.settle();
    window.key(Modifiers::NONE, Key::Enter);
    assert!(window.shows("“two” is no number"));
    assert_eq!(window.state().convolution.family, before);
    // The function that slides is changed where it stands, turned or not.
    window.button("1-D, two functions");
    window.set_number(Role::SpinButton, "g 0, 0", 9.0);
    let FamilySetup::OneDimension(functions) = &window.state().convolution.family else { panic!() };
    assert_eq!(functions.g, [3.0, 2.0, 9.0], "flipped, its first value is the last");
    window.button("3-D, a volume");
    window.set_number(Role::SpinButton, "kernel 1 2, 1", 9.0);
    let Some(FamilyResult::Volume(volume)) = window.state().convolution.family_shown.as_deref() else {
        panic!()
    };
    let mut kernel = Volume::example().unwrap().kernel;
    kernel[9 + 7] = 9.0;
    assert_eq!(volume.kernel, kernel);
}

#[test]
fn the_familys_settings_count_and_what_is_impossible_is_said_beside_them() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Family");
    let cases: [(Variant, &[Typed], &str); 9] = [
        (
            Variant::Transposed,
            &[
                (Role::Slider, "Stride", 2.0),
                (Role::SpinButton, "Output pad height", 1.0),
                (Role::SpinButton, "Padding width", 1.0),
                (Role::Slider, "Kernel", 4.0),
            ],
            "1×7×4",
        ),
        (
            Variant::Dilated,
            &[(Role::Slider, "Dilation", 3.0), (Role::SpinButton, "Padding height", 1.0)],
            "1×3×1",
        ),
        (Variant::Grouped, &[(Role::Slider, "Filters", 8.0), (Role::Slider, "Groups", 4.0)], "8×2×2"),
        (Variant::Shuffled, &[(Role::Slider, "Groups", 4.0), (Role::Slider, "Kernel", 3.0)], "4×1×1"),
        (
            Variant::DepthwiseSeparable,
            &[(Role::Slider, "Channels", 2.0), (Role::Slider, "Filters", 4.0)],
            "4×2×2",
        ),
        (Variant::SpatiallySeparable, &[(Role::SpinButton, "Kernel width", 5.0)], "1×3×1"),
        (Variant::Flattened, &[(Role::Slider, "Channels", 5.0), (Role::Slider, "Input", 6.0)], "1×4×4"),
        (Variant::Pointwise, &[(Role::Slider, "Channels", 6.0), (Role::Slider, "Filters", 1.0)], "1×3×3"),
        (Variant::Stacked, &[(Role::Slider, "Layers", 2.0)], "1×3×3"),
    ];
    for (member, settings, output) in cases {
        window.button(member.name());
        for &(role, name, value) in settings {
            window.set_number(role, name, value);
        }
        let lab = &window.state().convolution;
        assert_eq!(lab.family_rejected, None, "{member:?}");
        let chain = chain(&window);
        assert_eq!(chain.shape(chain.layers().len()).to_string(), output, "{member:?}");
        let FamilySetup::Member(setup) = &lab.family else { panic!("{member:?}") };
        assert_eq!(setup.chain().unwrap().values(1), chain.values(1));
        let figure = compare_costs(member, &setup.settings).unwrap();
        for count in [figure.baseline.parameters, figure.variant.parameters, figure.variant.multiply_adds] {
            assert!(window.shows(&numbers::count(count)), "{member:?}: {count}");
        }
    }
    let rejected = [
        (
            Variant::Transposed,
            "Output pad width",
            2.0,
            "Output padding is 2, but must be below the stride 1 or the dilation 1.",
        ),
        (Variant::Transposed, "Padding height", 2.0, "Padding 2 cuts off all of the output's height 4."),
        (
            Variant::Dilated,
            "Dilation width",
            4.0,
            "The kernel's width 9 is larger than the padded input's width 7 (7 + 2·0)",
        ),
        (
            Variant::Grouped,
            "Groups, typed",
            3.0,
            "Groups is 3, but must divide both the 4 channels and the 4 filters",
        ),
        (
            Variant::Flattened,
            "Kernel height",
            5.0,
            "Layer 2: the kernel's height 5 is larger than the padded input's height 4",
        ),
        (Variant::Stacked, "Layers, typed", 9.0, "The number of layers is 9, but must be from 1 to 4."),
        (
            Variant::Stacked,
            "Layers, typed",
            4.0,
            "Layer 4: the kernel's height 3 is larger than the padded input's height 1",
        ),
        (Variant::Pointwise, "Channels, typed", 0.0, "The number of channels is 0, but must be from 1 to 8."),
        (Variant::Pointwise, "Input width", 99.0, "The input's width is 99, but must be from 1 to 10."),
    ];
    for (member, control, value, sentence) in rejected {
        window.button(member.name());
        act(&mut window, ConvolutionAct::ResetFamily);
        let before = chain(&window);
        window.set_number(Role::SpinButton, control, value);
        assert!(window.shows(sentence), "{control}: {:?}", window.state().convolution.family_rejected);
        assert_eq!(chain(&window).values(1), before.values(1), "{control}: the last picture stays");
        let below = window.h.query_all_by_label_contains(sentence).next().unwrap().rect();
        let row = window.h.get_by_role_and_label(Role::SpinButton, control).rect();
        assert!(below.top() > row.top() && below.top() - row.bottom() < 60.0, "{control}: {row:?} {below:?}");
        act(&mut window, ConvolutionAct::ResetFamily);
        assert_eq!(window.state().convolution.family_rejected, None);
    }
    window.button("1-D, two functions");
    window.set_number(Role::SpinButton, "Sliding, typed", 0.0);
    assert!(window.shows("The sliding one's length is 0, but must be from 1 to 9."));
    window.set_number(Role::SpinButton, "Sliding, typed", 5.0);
    assert_eq!(window.state().convolution.track().len, 6 + 5 - 1);
    window.button("3-D, a volume");
    window.set_number(Role::SpinButton, "Its depth, typed", 5.0);
    assert!(window.shows("The kernel's length 5 is larger than the padded input's 4"));
    window.set_number(Role::SpinButton, "Its depth, typed", 4.0);
    assert_eq!(window.state().convolution.track().len, 9);
    // Each kind is as it was left.
    window.button("Stacked");
    window.set_number(Role::Slider, "Layers", 2.0);
    window.button("Grouped");
    window.button("Stacked");
    assert_eq!(chain(&window).layers().len(), 2);
}

/// Where there is no room for digits everywhere, the numbers of the current output are as large as they must be.
#[test]
fn numbers_are_legible_in_a_small_window() {
    let mut window = Window::sized(SMALL);
    window.tab("Convolution");
    let is_legible = |window: &Window, role: Role, name: &str| {
        let rect = window.h.get_by_role_and_label(role, name).rect();
        assert!(rect.width() > 18.0 && rect.height() > 17.0, "{name}: {rect:?}");
    };
    // A 5×5 kernel over an image: what it sees, its values and its products stand there together.
    act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Image));
    let gaussian = KERNELS.iter().position(|kernel| kernel.size.h == 5).unwrap();
    act(&mut window, ConvolutionAct::UseKernel(0, gaussian));
    for at in ["0, 0", "2, 2", "4, 4"] {
        is_legible(&window, Role::Cell, &format!("patch {at}"));
        is_legible(&window, Role::SpinButton, &format!("kernel {at}"));
        is_legible(&window, Role::Cell, &format!("products {at}"));
    }
    // The largest kernels are seen one grid at a time.
    let mut setup = window.state().convolution.setup.clone();
    setup.kernel = convlens::nn::Pair::square(9);
    act(&mut window, ConvolutionAct::Set(Box::new(setup)));
    for (tab, role, name) in [
        ("Kernel", Role::SpinButton, "kernel 8, 8"),
        ("Products", Role::Cell, "products 8, 8"),
        ("Patch", Role::Cell, "patch 8, 8"),
    ] {
        window.click(Role::RadioButton, tab);
        window.h.get_by_role_and_label(role, name);
    }
    // The family at its largest.
    act(&mut window, ConvolutionAct::SetMode(ConvolutionMode::Family));
    let largest =
        VariantSettings { size: convlens::nn::Pair::square(10), ..VariantSettings::of(Variant::Dilated) };
    let three = convlens::nn::Pair::square(3);
    for (member, options, count) in [
        (Variant::Transposed, VariantSettings { stride: three, kernel: three, ..largest }, 1),
        (
            Variant::Grouped,
            VariantSettings { channels: 8, filters: 8, groups: 2, kernel: three, ..largest },
            4,
        ),
        (
            Variant::Shuffled,
            VariantSettings { channels: 8, filters: 8, groups: 1, kernel: three, ..largest },
            8,
        ),
        (
            Variant::DepthwiseSeparable,
            VariantSettings { channels: 8, filters: 8, kernel: three, ..largest },
            1,
        ),
        (Variant::Stacked, VariantSettings { channels: 4, layers: 4, kernel: three, ..largest }, 4),
    ] {
        act(&mut window, ConvolutionAct::UseFamily(FamilyChoice::Member(member)));
        let setup =
            member.example().with(VariantSettings { dilation: convlens::nn::Pair::square(1), ..options });
        act(&mut window, ConvolutionAct::SetFamily(Box::new(FamilySetup::Member(setup))));
        assert_eq!(window.state().convolution.family_rejected, None);
        act(&mut window, ConvolutionAct::Play(PlaybackAct::Begin));
        let whole = chain(&window);
        // Every kernel of the output can be turned to, and is the core's there.
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..count {
            for channel in 0..count {
                let name = if count > 1 { format!("kernel {channel}") } else { "kernel".to_owned() };
                let corner = format!("{name} 0, 0");
                if window.h.query_by_role_and_label(Role::SpinButton, &corner).is_some() {
                    is_legible(&window, Role::SpinButton, &corner);
                    assert_eq!(field(&window, &corner), f64::from(whole.kernel(0, 0, channel).unwrap()[0]));
                    seen.insert(channel);
                }
            }
            if seen.len() < count {
                window.button("Kernels after");
            }
        }
        assert_eq!(seen.len(), count, "{member:?}: {seen:?}");
        let faults = layout::faults(&mut window, &format!("{member:?}"));
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        // What is typed there counts.
        if member == Variant::Transposed {
            window.set_number(Role::SpinButton, "kernel 0, 0", 9.0);
            assert_eq!(chain(&window).kernel(0, 0, 0).unwrap()[0], 9.0);
            window.click(Role::RadioButton, "Matrix");
            is_legible(&window, Role::Cell, "matrix 0, 0");
            assert_eq!(cell(&window, "matrix 0, 0"), "9");
            act(&mut window, ConvolutionAct::Play(PlaybackAct::End));
            is_legible(&window, Role::Cell, "matrix 899, 99");
            window.click(Role::RadioButton, "Products");
        }
    }
    // A volume, and functions that are longer than the window is wide.
    act(&mut window, ConvolutionAct::UseFamily(FamilyChoice::ThreeDimensions));
    let volume = Volume::example().unwrap();
    for (i, weight) in volume.kernel.iter().enumerate() {
        let name = format!("kernel {} {}, {}", i / 9, i / 3 % 3, i % 3);
        is_legible(&window, Role::SpinButton, &name);
        assert_eq!(field(&window, &name), f64::from(*weight));
    }
    let mut functions = Functions::of_pair(3, true);
    functions.lengths = MAX_LENGTHS;
    act(&mut window, ConvolutionAct::SetFamily(Box::new(FamilySetup::OneDimension(functions))));
    let last = MAX_LENGTHS.0 + MAX_LENGTHS.1 - 2;
    for at in [0, last / 2, last] {
        act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(at)));
        is_legible(&window, Role::Cell, &format!("result 0, {at}"));
        let faults = layout::faults(&mut window, &format!("functions at {at}"));
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn whole_in_every_mode_size_and_theme() {
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        window.tab("Convolution");
        let mut faults = Vec::new();
        for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
            window.act(Action::SetTheme(theme));
            for mode in [ConvolutionMode::Sum, ConvolutionMode::Im2col, ConvolutionMode::Predict] {
                act(&mut window, ConvolutionAct::SetMode(mode));
                for (number, example) in EXAMPLES.iter().enumerate() {
                    act(&mut window, ConvolutionAct::UseExample(number));
                    let what = format!("{}, {mode:?}, {size}", example.name);
                    faults.extend(layout::faults(&mut window, &what));
                }
                if mode == ConvolutionMode::Sum {
                    act(&mut window, ConvolutionAct::SetMode(ConvolutionMode::Family));
                    for choice in FamilyChoice::all() {
                        act(&mut window, ConvolutionAct::UseFamily(choice));
                        act(&mut window, ConvolutionAct::Play(PlaybackAct::Step(3)));
                        faults.extend(layout::faults(&mut window, &format!("{choice:?}, {size}")));
                        let cut = layout::cut_texts(&window);
                        if size == LARGE && !cut.is_empty() {
                            faults.push(format!("{choice:?}: {cut:?} are cut"));
                        }
                    }
                    act(&mut window, ConvolutionAct::SetMode(mode));
                }
                for source in [
                    ConvolutionSource::Image,
                    ConvolutionSource::Layer(0),
                    ConvolutionSource::Layer(3),
                    ConvolutionSource::Numbers,
                ] {
                    act(&mut window, ConvolutionAct::UseSource(source));
                    act(&mut window, ConvolutionAct::Play(PlaybackAct::Step(1)));
                    faults.extend(layout::faults(&mut window, &format!("{source:?}, {mode:?}, {size}")));
                }
            }
        }
        assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults[..faults.len().min(12)].join("\n"));
    }
}
