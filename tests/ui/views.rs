//! Every view, in every theme and size, with and without what it shows.

use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    nn::presets,
    ui::{
        action::{Action, Transport},
        model::{
            data::DataState, display::ThemeChoice, evaluate::EvaluateAct, network::NetworkChoice,
            view::ViewId,
        },
        views::VIEWS,
    },
};
use egui::{Role, Theme, Vec2};
use egui_kittest::kittest::Queryable as _;

const SIZES: [Vec2; 2] = [LARGE, SMALL];
const THEMES: [(ThemeChoice, Theme); 2] =
    [(ThemeChoice::Dark, Theme::Dark), (ThemeChoice::Light, Theme::Light)];

/// Every view in both themes.
fn look_around(window: &mut Window, what: &str) {
    let mut faults = Vec::new();
    for (choice, theme) in THEMES {
        window.act(Action::SetTheme(choice));
        assert_eq!(window.h.ctx.theme(), theme);
        for entry in VIEWS {
            window.tab(entry.name);
            assert_eq!(window.state().settings.view, entry.id);
            let heading = window.h.query_all_by_role_and_label(Role::Label, entry.name).next();
            let size = window.h.ctx.content_rect().size();
            // In a narrow window the rail alone names the Network view, which needs the height.
            let is_named = heading.is_some() || size == SMALL && entry.id == ViewId::Network;
            assert!(is_named, "{what}: {} has no heading", entry.name);
            faults.extend(layout::faults(window, &format!("{what}, {}, {theme:?}, {size}", entry.name)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn at_the_first_start() {
    for size in SIZES {
        let mut window = Window::with_data(size);
        assert!(!window.state().drawing.is_blank());
        look_around(&mut window, "the first start");
    }
}

#[test]
fn without_a_data_set() {
    for size in SIZES {
        let mut window = Window::sized(size);
        window.choose("Data menu", "Open data set");
        window.type_path("/there/is/no such folder".as_ref());
        window.button("Open");
        assert!(matches!(window.state().data, DataState::Missing));
        assert_eq!(window.value(Role::ComboBox, "Data menu"), "No data set");
        assert!(window.shows("no such folder"), "the question stays open with the reason");
        window.button("Cancel");
        look_around(&mut window, "no data");
        // What cannot be done without data says so instead.
        window.act(Action::NextSample);
        window.act(Action::Train(Transport::Run));
        assert!(!window.state().is_training());
        assert!(!window.messages().is_empty());
    }
}

#[test]
fn with_an_empty_canvas() {
    for size in SIZES {
        let mut window = Window::with_data(size);
        window.button("Clear");
        assert!(window.state().image.is_blank());
        look_around(&mut window, "an empty canvas");
    }
}

#[test]
fn after_some_steps_and_while_training() {
    for size in SIZES {
        let mut window = Window::with_data(size);
        for step in 1..=3 {
            window.act(Action::Train(Transport::OneBatch));
            let is_made = |s: &convlens::train::Snapshot| s.step == step && !s.is_active();
            window.until("a step", |state| state.snapshot.as_deref().is_some_and(is_made));
        }
        look_around(&mut window, "after three steps");
        window.act(Action::Train(Transport::Run));
        window.until("training", |state| state.snapshot.as_ref().is_some_and(|s| s.step > 12));
        look_around(&mut window, "training");
    }
}

#[test]
fn every_network_that_has_a_name() {
    for preset in presets::all() {
        for size in SIZES {
            let mut window = Window::with_data(size);
            // A whole set takes the large networks minutes; the other tests look at what is measured.
            window.act(Action::Evaluate(EvaluateAct::Follow(false)));
            window.act(Action::ChooseNetwork(NetworkChoice::Preset(preset.spec.name.clone())));
            assert_eq!(window.state().network.network.spec(), &preset.spec);
            look_around(&mut window, &preset.spec.name);
        }
    }
}

#[test]
fn a_sample_and_its_picture() {
    for size in SIZES {
        let mut window = Window::with_data(size);
        window.act(Action::NextSample);
        look_around(&mut window, "a sample");
    }
}

#[test]
fn a_narrow_window_shows_the_inspector_when_asked() {
    let mut window = Window::sized(SMALL);
    let is_there = |window: &Window, what: &str| window.h.query_all_by_label(what).next().is_some();
    for (view, what) in [("Draw", "Teach it my digit"), ("Network", "Layers")] {
        window.tab(view);
        assert!(!is_there(&window, what), "{view}");
        window.click(Role::Switch, "Show the inspector");
        assert!(is_there(&window, what), "{view}");
        window.click(Role::Switch, "Show the inspector");
        assert!(!is_there(&window, what), "{view}");
    }
    window.act(Action::ShowInspector(true));
    look_around(&mut window, "with the inspector");
    // A wide window always shows it, and has nothing to ask.
    let mut window = Window::new();
    assert!(is_there(&window, "Teach it my digit"));
    assert!(window.h.query_by_label("Show the inspector").is_none());
    window.settle();
}

#[test]
fn the_theme_button_goes_round() {
    let mut window = Window::new();
    let start = window.h.ctx.theme();
    window.button("Light theme");
    assert_ne!(window.h.ctx.theme(), start);
    window.button("System theme");
    assert_eq!(window.state().settings.theme, ThemeChoice::System);
    window.button("Dark theme");
    assert_eq!(window.h.ctx.theme(), start);
}
