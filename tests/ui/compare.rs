//! Two networks side by side, as a person compares them.

use crate::support::{LARGE, SMALL, Window, builder, layout, open, options, small_set};
use convlens::{
    explain::Verdict,
    nn::{Network, Serial, presets},
    train::{
        TrainConfig,
        compare::{Comparison, Conditions, Contestant},
        evaluate::network_input,
        shifted::moved_picture,
    },
    ui::{
        Options,
        action::{Action, Transport},
        model::{
            compare::{CompareAct, CompareNet, CompareSetup, CompareStatus},
            display::ThemeChoice,
            view::ViewId,
        },
        state::AppState,
        widgets::numbers,
        work::tasks::Threading,
    },
};
use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::Queryable as _;

fn nets(a: &str, b: &str) -> [CompareNet; 2] {
    [a, b].map(|name| CompareNet::Preset(name.to_owned()))
}

/// What a network says about the current image, moved like this.
fn said(window: &Window, run: usize, by: (isize, isize)) -> String {
    let state = window.state();
    let network: &Network = &state.compare.shown.as_ref().unwrap().runs[run].network;
    let input = network_input(network, &moved_picture(&state.image.seen, by));
    let trace = network.trace(&input);
    let shares = trace.first_probabilities();
    match Verdict::of(shares, None).unwrap() {
        Verdict::Sure { class, probability } => {
            assert!(probability >= 0.65);
            format!("reads {class}, {}", numbers::probability(probability))
        }
        Verdict::NotSure { first, .. } => {
            assert!(shares[first] < 0.65);
            format!("not sure: {first}, {}", numbers::probability(shares[first]))
        }
        Verdict::NotANumber => "not a number".to_owned(),
    }
}

/// A comparison of the small set that is over.
fn compared(size: egui::Vec2, setup: CompareSetup) -> Window {
    let mut window = Window::with_data(size);
    window.tab("Compare");
    window.act(Action::Compare(CompareAct::Edit(setup)));
    window.button("Train both");
    assert_eq!(window.state().compare.status, CompareStatus::Done);
    window
}

#[test]
fn two_networks_are_chosen_trained_and_asked_about_the_same_drawing() {
    let mut window = Window::with_data(LARGE);
    window.key(Modifiers::COMMAND, Key::Num6);
    assert_eq!(window.state().settings.view, ViewId::Compare, "after Train");
    assert!(window.shows("Train both: then this place"));
    window.choose("Network A", "keras-tanh-cnn");
    window.choose("Network B", "simple-conv-net");
    window.set_number(Role::SpinButton, "Epochs", 2.0);
    window.set_number(Role::SpinButton, "Seed", 5.0);
    window.set_number(Role::SpinButton, "Training images", 300.0);
    window.button("Train both");
    let state = window.state();
    assert_eq!(state.compare.status, CompareStatus::Done);
    assert_eq!(state.network.network.spec().name, "lenet5-wide", "the current network is another one");

    // The figures are those of the core.
    let contestants = ["keras-tanh-cnn", "simple-conv-net"].map(|name| {
        let preset = presets::by_name(name).unwrap();
        Contestant { spec: preset.spec, config: TrainConfig::from_recipe(&preset.recipe, 5) }
    });
    let conditions = Conditions { epochs: 2, seed: 5, train_images: Some(300) };
    let mut both = Comparison::new(contestants, conditions, &small_set(), true).unwrap();
    while both.advance(&Serial).is_some() {}
    let standing = both.runs().each_ref().map(|run| run.standing().unwrap());
    let accuracy = standing.each_ref().map(|s| numbers::percent_to(s.accuracy, 2));
    assert_eq!(window.value(Role::Cell, "Test accuracy"), accuracy.join(" | "));
    let parameters = standing.each_ref().map(|s| numbers::count(s.parameters as u64));
    assert_eq!(window.value(Role::Cell, "Parameters"), parameters.join(" | "));
    assert_eq!(
        window.value(Role::Image, "Accuracy of both"),
        format!("A {}, B {}", accuracy[0], accuracy[1])
    );

    // What both say about the drawing, here and there.
    for (run, name) in ["A", "B"].into_iter().enumerate() {
        assert_eq!(window.value(Role::Status, &format!("Answer of {name}")), said(&window, run, (0, 0)));
    }
    let there = |window: &Window, name: &str| {
        window.value(Role::Status, &format!("Answer of {name} to the moved image"))
    };
    assert_eq!(there(&window, "A"), said(&window, 0, (0, 3)));
    window.key(Modifiers::NONE, Key::ArrowRight);
    window.key(Modifiers::NONE, Key::ArrowUp);
    assert!(window.shows("Moved 4 px right, 1 px up"));
    window.key(Modifiers::NONE, Key::ArrowRight);
    assert_eq!(window.state().compare.moved, [-1, 4], "no further than the places that are known");
    assert_eq!(there(&window, "B"), said(&window, 1, (-1, 4)));
    let grid = window.h.get_by_role_and_label(Role::Grid, "Places of B").rect();
    window.click_at(grid.lerp_inside(vec2(0.5 / 9.0, 8.5 / 9.0)));
    assert_eq!(window.state().compare.moved, [4, -4]);
    assert_eq!(there(&window, "A"), said(&window, 0, (4, -4)));
    window.button("Move left");
    window.button("Move up");
    assert_eq!(window.state().compare.moved, [3, -4]);
    window.button("Move back");
    assert_eq!(window.state().compare.moved, [0, 0]);

    // The curve over the shift begins with the accuracy of the images as they are.
    let run = &window.state().compare.shown.as_ref().unwrap().runs[1];
    assert_eq!(run.accuracy_by_shift.len(), 5);
    assert_eq!(run.accuracy_by_shift[0], standing[1].accuracy);
    assert!(run.accuracy_by_shift[4] < run.accuracy_by_shift[0]);
    // Another drawing is asked about at once.
    window.act(Action::NextSample);
    assert_eq!(window.value(Role::Status, "Answer of A"), said(&window, 0, (0, 0)));
}

#[test]
fn below_65_percent_a_network_is_not_sure_and_what_differs_is_named() {
    let setup = CompareSetup {
        nets: nets("lenet5", "lenet5-relu"),
        train_images: Some(8),
        ..CompareSetup::default()
    };
    let mut window = compared(LARGE, setup);
    assert!(window.value(Role::Status, "Answer of A").starts_with("not sure: "));
    assert!(window.shows("A reads "), "how often it is sure");
    assert_eq!(window.value(Role::Cell, "Initial weights"), "xavier | he");
    let parameters = [44_426, 61_706].map(numbers::count);
    assert_eq!(window.value(Role::Cell, "Parameters"), parameters.join(" | "));
    assert!(window.shows("The rest is the same: "));
    // A blank image has no answer.
    window.act(Action::ClearDrawing);
    assert_eq!(window.value(Role::Status, "Answer of A"), "–");
}

#[test]
fn the_drawing_is_dragged_for_both() {
    for size in [LARGE, SMALL] {
        let setup = CompareSetup { train_images: Some(60), ..CompareSetup::default() };
        let mut window = compared(size, setup);
        if size == SMALL {
            window.click(Role::RadioButton, "Drawing");
        }
        window.act(Action::Compare(CompareAct::MoveTo([0, 0])));
        let tile = |window: &Window| {
            let tiles = window.h.get_all_by_role_and_label(Role::Image, "The drawing that A sees");
            tiles.last().unwrap().rect()
        };
        let (place, pixel) = (tile(&window).center(), tile(&window).width() / 28.0);
        window.h.hover_at(place);
        window.h.drag_at(place);
        window.h.step();
        // Half a pixel is none; two and a bit are two; and it follows back.
        for (by, moved) in
            [([0.4, 0.0], [0, 0]), ([2.2, -1.1], [-1, 2]), ([9.0, 9.0], [4, 4]), ([-3.0, 1.0], [1, -3])]
        {
            window.h.hover_at(place + vec2(by[0], by[1]) * pixel);
            window.h.step();
            window.h.step();
            assert_eq!(window.state().compare.moved, moved, "{by:?}, {size}");
        }
        window.h.drop_at(place + vec2(-3.0, 1.0) * pixel);
        window.settle();
        for (run, name) in ["A", "B"].into_iter().enumerate() {
            let there = window.value(Role::Status, &format!("Answer of {name} to the moved image"));
            assert_eq!(there, said(&window, run, (1, -3)));
        }
        // The next drag begins where it is.
        window.h.hover_at(place);
        window.h.drag_at(place);
        window.h.step();
        window.h.hover_at(place + vec2(1.0, 0.0) * pixel);
        window.h.step();
        window.h.drop_at(place + vec2(1.0, 0.0) * pixel);
        window.settle();
        assert_eq!(window.state().compare.moved, [1, -2]);
        assert_eq!(tile(&window).center(), place, "the tile itself stays");
    }
}

/// The run of *Train* waits while two others are compared, and goes on when they are stopped.
#[test]
fn a_comparison_can_be_stopped_and_the_run_goes_on() {
    let options = Options { threading: Threading::Threads, reads_mnist: true, ..options() };
    let mut window = open(builder(LARGE), options);
    window.until("MNIST", |state| state.data.ready().is_some() && state.snapshot.is_some());
    window.act(Action::Train(Transport::Run));
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step > 0));
    window.tab("Compare");
    window.button("Train both");
    window.until("both learn", |state| {
        state.compare.shown.as_ref().is_some_and(|shown| shown.runs.iter().all(|run| run.step > 0))
    });
    window.until("the run waits", |state| !state.is_training());
    assert_eq!(window.state().compare.status, CompareStatus::Running);
    window.button("Stop");
    assert_eq!(window.state().compare.status, CompareStatus::Stopped);
    let step = window.state().snapshot.as_ref().map_or(0, |s| s.step);
    window.until("the run goes on", |state| state.snapshot.as_ref().is_some_and(|s| s.step > step + 1));
    let seen = |state: &AppState| state.compare.shown.as_ref().map(|shown| shown.runs[0].step);
    assert!(seen(window.state()).is_some(), "what is known of both stays");
    window.act(Action::Train(Transport::Pause));
}

#[test]
fn it_fits_dark_and_light_large_and_small_and_no_control_moves() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.act(Action::ShowInspector(true));
        window.tab("Compare");
        let before = layout::controls(&window);
        window.act(Action::Compare(CompareAct::Edit(CompareSetup {
            train_images: Some(60),
            ..CompareSetup::default()
        })));
        window.button("Train both");
        window.dismiss_messages();
        let is_moved = |(name, now): &(String, egui::Rect)| {
            before.iter().any(|(was, place)| was == name && (place.min - now.min).length() > 0.5)
        };
        let moved: Vec<_> = layout::controls(&window).into_iter().filter(is_moved).collect();
        assert!(moved.is_empty(), "{moved:?}");
        for shows_inspector in [true, false] {
            window.act(Action::ShowInspector(shows_inspector));
            for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
                window.act(Action::SetTheme(theme));
                let pages: &[&str] = if size == SMALL { &["Curves", "Drawing"] } else { &[""] };
                for page in pages {
                    if !page.is_empty() {
                        window.click(Role::RadioButton, page);
                    }
                    let faults = layout::faults(&mut window, &format!("{size} {page} {shows_inspector}"));
                    assert!(faults.is_empty(), "{}", faults.join("\n"));
                }
            }
        }
    }
}
