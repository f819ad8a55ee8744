//! The family of convolutions: every member plays, is edited and explains impossible settings.

use super::{Typed, act, cell, chain, field, shown};
use crate::support::{LARGE, Window};
use convlens::{
    explain::{
        Cell,
        cell::ChannelTerms,
        variants::{PAIRS, SlidingSignals, Variant, VariantSettings, Volume, compare_costs},
    },
    ui::{
        model::convolution::{
            FamilyResult, FamilySetup,
            act::{ConvolutionAct, ConvolutionMode},
        },
        widgets::{PlaybackAct, number_grid::exact, numbers},
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

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
    assert!(window.shows("exactly the same map"));
}

#[test]
fn functions_slide_flipped_and_not_and_a_kernel_moves_through_a_volume() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Family");
    window.button("1-D, two functions");
    for (is_flipped, name) in [(true, "Flipped"), (false, "Not flipped")] {
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
        window.button("Reset to the example");
        assert_eq!(window.state().convolution.family, FamilySetup::Member(example));
    }
    // What is no number is said, and changes nothing.
    let before = window.state().convolution.family.clone();
    window.click(Role::SpinButton, "kernel 0, 0");
    window.h.get_by_role_and_label(Role::SpinButton, "kernel 0, 0").type_text("two");
    window.settle();
    window.key(Modifiers::NONE, Key::Enter);
    assert!(window.shows("“two” is not a number"));
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
                (Role::SpinButton, "Output padding height", 1.0),
                (Role::SpinButton, "Padding width", 1.0),
                (Role::Slider, "Kernel size", 4.0),
            ],
            "1×7×4",
        ),
        (
            Variant::Dilated,
            &[(Role::Slider, "Dilation", 3.0), (Role::SpinButton, "Padding height", 1.0)],
            "1×3×1",
        ),
        (Variant::Grouped, &[(Role::Slider, "Filters", 8.0), (Role::Slider, "Groups", 4.0)], "8×2×2"),
        (Variant::Shuffled, &[(Role::Slider, "Groups", 4.0), (Role::Slider, "Kernel size", 3.0)], "4×1×1"),
        (
            Variant::DepthwiseSeparable,
            &[(Role::Slider, "Channels", 2.0), (Role::Slider, "Filters", 4.0)],
            "4×2×2",
        ),
        (Variant::SpatiallySeparable, &[(Role::SpinButton, "Kernel size width", 5.0)], "1×3×1"),
        (Variant::Flattened, &[(Role::Slider, "Channels", 5.0), (Role::Slider, "Input size", 6.0)], "1×4×4"),
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
            "Output padding width",
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
            "Kernel size height",
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
        (Variant::Pointwise, "Input size width", 99.0, "The input's width is 99, but must be from 1 to 10."),
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
        let is_beside = (below.center().y - row.center().y).abs() < 60.0 && below.right() <= row.left();
        assert!(is_beside, "{control}: {row:?} {below:?}");
        act(&mut window, ConvolutionAct::ResetFamily);
        assert_eq!(window.state().convolution.family_rejected, None);
    }
    window.button("1-D, two functions");
    window.set_number(Role::SpinButton, "Length of g, typed", 0.0);
    assert!(window.shows("The length of g is 0, but must be from 1 to 9."));
    window.set_number(Role::SpinButton, "Length of g, typed", 5.0);
    assert_eq!(window.state().convolution.track().len, 6 + 5 - 1);
    window.button("3-D, a volume");
    window.set_number(Role::SpinButton, "Kernel depth, typed", 5.0);
    assert!(window.shows("The kernel's length 5 is larger than the padded input's 4"));
    window.set_number(Role::SpinButton, "Kernel depth, typed", 4.0);
    assert_eq!(window.state().convolution.track().len, 9);
    // Each kind is as it was left.
    window.button("Stacked");
    window.set_number(Role::Slider, "Layers", 2.0);
    window.button("Grouped");
    window.button("Stacked");
    assert_eq!(chain(&window).layers().len(), 2);
}
