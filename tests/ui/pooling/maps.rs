//! Maps of the network as input, large ones too, and the layout.

use super::{assert_grid, choose, study};
use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    explain::pooling::Pooling,
    model_file,
    nn::{Init, Network, NetworkSpec, Pair, layers::MaxPool2d},
    ui::{
        action::Action,
        model::{
            display::ThemeChoice,
            file_kind::FileKind,
            network::NetworkChoice,
            pooling::{PRESETS, PoolingMode, PoolingSource},
            view::ViewId,
        },
        work::tasks::Threading,
    },
};
use egui::{Key, Modifiers, Role};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

#[test]
fn every_map_of_the_network_can_be_pooled() {
    let mut window = Window::new();
    window.tab("Pooling");
    window.click(Role::RadioButton, "Feature map");
    assert_eq!(window.value(Role::ComboBox, "Layer of the map"), "conv2d 0");
    for map in 0..6 {
        let state = window.state();
        assert_eq!(state.settings.pooling.source, PoolingSource::Map { column: 1, map });
        let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
        assert_eq!(study(&window).max.input(), &trace.activation(0)[map * 784..][..784]);
        if map < 5 {
            window.button("Next map");
        }
    }
    window.choose("Layer of the map", "relu 4");
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
        assert!(window.shows("the windows have") && window.shows("last valid settings"));
        assert!(Arc::ptr_eq(&study(&window), &kept));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_thread_gives_what_is_given_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (path, network) = large_network(folder.path());
    let options = convlens::ui::Options { threading: Threading::Threads, ..crate::support::options() };
    let mut window = crate::support::open(crate::support::builder(LARGE), options);
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
        lab.backward.as_ref().zip(study).is_some_and(|(back, study)| Arc::ptr_eq(&back.study, study))
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
