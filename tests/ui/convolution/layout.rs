//! The layout: legible numbers, and nothing cut off in any mode, size and theme.

use super::{act, cell, chain, field};
use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    explain::{
        convolution::{EXAMPLES, KERNELS},
        variants::{Variant, VariantSettings, Volume},
    },
    ui::{
        action::Action,
        model::{
            convolution::{
                ConvolutionSource, FamilyChoice, FamilySetup, Functions, MAX_LENGTHS,
                act::{ConvolutionAct, ConvolutionMode},
            },
            display::ThemeChoice,
        },
        widgets::PlaybackAct,
    },
};
use egui::Role;
use egui_kittest::kittest::Queryable as _;

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
                window.button("Next kernels");
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
