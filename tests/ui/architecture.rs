//! The Architecture view: a network is changed, mended, undone, kept, shared and trained as a new run.

use crate::support::{LARGE, SMALL, Window, builder, layout, open, options, small_set, write_set};
use convlens::{
    nn::{LayerSpec, NetworkSpec, SettingKind, SettingValue, presets},
    ui::{
        Options,
        action::Action,
        model::{
            architecture::{ArchitectureAct, Draft},
            display::ThemeChoice,
            file_kind::FileKind,
            network::Origin,
        },
        state::AppState,
    },
};
use egui::{Event, Key, Modifiers, OutputCommand, Role};
use egui_kittest::kittest::Queryable as _;
use std::path::Path;

/// The view with a preset's layers.
fn window(preset: &str) -> Window {
    let mut window = Window::new();
    window.tab("Architecture");
    begin(&mut window, preset);
    window
}

fn begin(window: &mut Window, preset: &str) {
    window.button("Begin from…");
    window.button(preset);
    assert_eq!(draft(window).name, preset);
}

fn draft(window: &Window) -> &Draft {
    &window.state().architecture.draft
}

fn kinds(window: &Window) -> Vec<&'static str> {
    draft(window).layers.iter().map(|layer| layer.spec.type_name()).collect()
}

/// What a layer's row says.
#[track_caller]
fn row(window: &Window, name: &str) -> String {
    window.value(Role::Row, name)
}

#[track_caller]
fn select(window: &mut Window, name: &str) {
    window.click(Role::Row, name);
}

fn add(window: &mut Window, kind: &str) {
    window.button("Add a layer");
    window.button(kind);
}

/// Sets height and width of a pair.
fn set_pair(window: &mut Window, label: &str, value: usize) {
    for side in ["height", "width"] {
        window.set_number(Role::SpinButton, &format!("{label} {side}"), value as f64);
    }
}

#[test]
fn the_draft_is_the_current_network_until_it_is_changed() {
    let mut window = Window::new();
    window.tab("Architecture");
    assert_eq!(draft(&window).name, "lenet5-wide");
    window.choose("Network menu", "mlp-5");
    assert_eq!((draft(&window).name.as_str(), kinds(&window)[0]), ("mlp-5", "flatten"));
    window.click(Role::Switch, "Use relu 2");
    window.choose("Network menu", "cnn-5");
    assert_eq!(draft(&window).name, "mlp-5", "a draft that was changed stays");
}

#[test]
fn figures_are_those_of_the_command_line() {
    let mut window = window("lenet5-relu");
    let parts = |window: &Window| {
        ["16×10×10", "2\u{2009}416 parameters", "240\u{2009}000 multiply-adds", "6.2 KB", "sees 14×14"]
            .iter()
            .all(|part| row(window, "conv2d 3").contains(part))
    };
    assert!(parts(&window), "{}", row(&window, "conv2d 3"));
    let total = |window: &Window, what: &str| window.value(Role::Cell, what);
    assert_eq!(total(&window, "Parameters, this draft"), "61\u{2009}706");
    assert_eq!(total(&window, "Multiply-adds, this draft"), "416\u{2009}520");
    assert_eq!(total(&window, "Parameters, difference"), "0 %");
    // Half the filters: what is compared with stays.
    select(&mut window, "conv2d 3");
    window.set_number(Role::SpinButton, "Filters, typed", 8.0);
    assert!(row(&window, "conv2d 3").contains("8×10×10"));
    assert_eq!(total(&window, "Parameters, begun from lenet5-relu"), "61\u{2009}706");
    assert_eq!(total(&window, "Parameters, difference"), "−40.9 %");
}

#[test]
fn a_layer_is_inserted_a_fault_seen_repaired_and_undone() {
    let mut window = window("lenet5-relu");
    select(&mut window, "max_pool2d 5");
    add(&mut window, "conv2d");
    assert_eq!(kinds(&window)[4..8], ["relu", "max_pool2d", "conv2d", "flatten"]);
    assert!(row(&window, "conv2d 6").contains("16×3×3"), "{}", row(&window, "conv2d 6"));
    // A kernel that is too large is said at the layer, which moves nothing.
    let places = |window: &Window| {
        let all = layout::controls(window).into_iter();
        all.filter(|(name, _)| name.contains("“Use ") || name.contains("Add a layer")).collect::<Vec<_>>()
    };
    let before = places(&window);
    set_pair(&mut window, "Kernel size", 7);
    assert_eq!(places(&window), before);
    assert!(row(&window, "conv2d 6").contains("is larger than the padded input's height 5"));
    assert!(window.shows("Layer 6 must fit first."));
    let train = window.h.get_by_role_and_label(Role::Button, "Train as a new run");
    assert!(egui_kittest::kittest::NodeT::accesskit_node(&train).is_disabled());
    // Pointing at a repair shows what would be.
    let total = |window: &Window| window.value(Role::Cell, "Parameters, this draft");
    let first = total(&window);
    let drop = window.h.get_by_role_and_label(Role::Button, "Drop max_pool2d 5").rect().center();
    window.h.hover_at(drop);
    window.h.run_steps(3);
    assert_ne!(total(&window), first);
    assert!(window.shows("as if “Drop max_pool2d 5” were chosen"));
    window.h.remove_cursor();
    window.settle();
    assert_eq!(total(&window), first);
    window.button("Pad by 1");
    assert!(row(&window, "conv2d 6").contains("16×1×1"), "{}", row(&window, "conv2d 6"));
    assert!(!window.shows("must fit first"));
    let mended = draft(&window).clone();
    // Undone step by step, and made again.
    window.key(Modifiers::COMMAND, Key::Z);
    assert!(window.shows("Layer 6 must fit first."));
    window.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(*draft(&window), mended);
    for _ in 0..4 {
        window.button("Undo the change");
    }
    assert_eq!(draft(&window).spec(), presets::lenet5_relu().spec);
}

#[test]
fn layers_are_moved_duplicated_removed_and_switched_off() {
    let mut window = window("cnn-5");
    select(&mut window, "relu 1");
    window.button("Move relu 1 down");
    assert_eq!(kinds(&window)[..3], ["conv2d", "max_pool2d", "relu"]);
    assert_eq!(window.state().architecture.selected, Some(2));
    window.key(Modifiers::ALT, Key::ArrowUp);
    assert_eq!(kinds(&window)[..3], ["conv2d", "relu", "max_pool2d"]);
    window.key(Modifiers::COMMAND, Key::D);
    assert_eq!(kinds(&window)[..4], ["conv2d", "relu", "relu", "max_pool2d"]);
    window.key(Modifiers::NONE, Key::Delete);
    window.key(Modifiers::NONE, Key::ArrowUp);
    window.key(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(window.state().architecture.selected, Some(0));
    window.click(Role::Switch, "Use max_pool2d 2");
    assert_eq!(draft(&window).spec().layers.len(), draft(&window).layers.len() - 1);
    // What follows has another number now, and larger maps.
    assert!(row(&window, "conv2d 2").contains("32×28×28"), "{}", row(&window, "conv2d 2"));
    assert!(row(&window, "max_pool2d at 2, off").contains("switched off"));
    window.button("Remove conv2d 0");
    assert_eq!(kinds(&window)[0], "relu");
    // By the grip: the first below the third.
    let grip =
        |window: &Window, name: &str| window.h.get_by_role_and_label(Role::Button, name).rect().center();
    let (from, to) = (grip(&window, "Drag relu 0"), grip(&window, "Drag conv2d 1"));
    window.h.hover_at(from);
    window.h.drag_at(from);
    for part in 1..=4 {
        window.h.hover_at(from.lerp(to + egui::vec2(0.0, 14.0), part as f32 / 4.0));
    }
    window.h.drop_at(to + egui::vec2(0.0, 14.0));
    window.settle();
    assert_eq!(kinds(&window)[..3], ["max_pool2d", "conv2d", "relu"]);
}

/// Goes over the registry: a new type is edited here without a line of its own.
#[test]
fn every_setting_of_every_type_has_its_control() {
    let mut window = window("lenet5-relu");
    for &kind in LayerSpec::TYPES {
        window.act(Action::Architecture(ArchitectureAct::Select(None)));
        add(&mut window, kind);
        let layer = LayerSpec::fresh(kind).unwrap();
        for setting in layer.settings() {
            let label = convlens::text::Term::of_layer_setting(kind, &setting.name).map_or_else(
                || {
                    let words = setting.name.replace('_', " ");
                    format!("{}{}", words[..1].to_uppercase(), &words[1..])
                },
                |term| term.label().to_owned(),
            );
            let is_left_out = setting.value.is_none();
            if is_left_out {
                window.click(Role::CheckBox, &format!("Set {label}"));
            }
            let wanted = match &setting.kind {
                SettingKind::Switch if is_left_out => SettingValue::Switch(true),
                SettingKind::Switch => {
                    window.click(Role::CheckBox, &label);
                    let was = setting.value == Some(SettingValue::Switch(true));
                    SettingValue::Switch(!was)
                }
                SettingKind::Count => {
                    window.set_number(Role::SpinButton, &format!("{label}, typed"), 7.0);
                    SettingValue::Count(7)
                }
                SettingKind::Real => {
                    window.set_number(Role::SpinButton, &label, 0.375);
                    SettingValue::Real(0.375)
                }
                SettingKind::Pair => {
                    window.set_number(Role::SpinButton, &format!("{label} height"), 2.0);
                    window.set_number(Role::SpinButton, &format!("{label} width"), 3.0);
                    SettingValue::Pair([2, 3])
                }
                SettingKind::PairOr(words) => {
                    window.button(&format!("{label}: {}", words[0]));
                    SettingValue::Choice(words[0].clone())
                }
                SettingKind::List => {
                    let Some(SettingValue::List(numbers)) = &setting.value else { panic!("{setting:?}") };
                    for at in 1..=numbers.len() {
                        window.set_number(Role::SpinButton, &format!("{label} {at}"), at as f64);
                    }
                    SettingValue::List((1..=numbers.len()).collect())
                }
                SettingKind::Choice(words) => {
                    window.click(Role::ComboBox, &label);
                    let word = words.last().unwrap();
                    window.button(word);
                    SettingValue::Choice(word.clone())
                }
            };
            let now = draft(&window).layers[0].spec.setting(&setting.name);
            assert_eq!(now, Some(wanted), "{} of {kind}", setting.name);
        }
        window.button("Undo the change");
        while draft(&window).layers.len() > 12 {
            window.button("Undo the change");
        }
    }
}

#[test]
fn the_picture_and_the_classes_can_be_set() {
    let mut window = window("lenet5-relu");
    select(&mut window, "input");
    window.set_number(Role::SpinButton, "Channels", 3.0);
    set_pair(&mut window, "Picture size", 32);
    assert_eq!(row(&window, "input"), "3×36×36");
    window.set_number(Role::SpinButton, "Background", 0.0);
    assert_eq!(row(&window, "input"), "3×32×32");
    window.set_number(Role::SpinButton, "Classes", 26.0);
    assert!(row(&window, "linear 11").contains("linear 26"));
    assert!(draft(&window).spec().build().is_ok());
    // No image has that size: training says so.
    window.use_small_set();
    assert!(window.shows("small"), "why it cannot be trained");
}

#[test]
fn the_textbook_counts_stand_beside_those_of_the_layer() {
    let mut window = window("lenet5-relu");
    select(&mut window, "conv2d 3");
    let cell = |window: &Window, name: &str| window.value(Role::Cell, name);
    assert_eq!(cell(&window, "Each with each"), "1\u{2009}881\u{2009}600, textbook 10¹²");
    assert_eq!(cell(&window, "Local windows"), "240\u{2009}000, textbook 10⁸");
    assert_eq!(cell(&window, "Shared weights"), "2\u{2009}400, textbook 100");
    assert_eq!(cell(&window, "A 3×3×3 kernel"), "27");
    assert_eq!(cell(&window, "Ten 5×5×3 filters"), "750 + 10 = 760");
    for text in ["21 weights", "9 weights", "3 weights"] {
        window.h.get_by_role_and_label(Role::Image, text);
    }
    select(&mut window, "relu 4");
    assert_eq!(cell(&window, "Shared weights"), "–, textbook 100");
}

#[test]
fn a_draft_is_trained_as_a_new_run_and_the_run_before_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let set = folder.path().join("set");
    write_set(&set, &small_set());
    let start = || {
        let settings_path = Some(folder.path().join("settings.json"));
        let runs_folder = Some(folder.path().join("runs"));
        open(builder(LARGE), Options { settings_path, runs_folder, ..options() })
    };
    let mut window = start();
    window.act(Action::UseFile(FileKind::DataSet, set));
    window.until("the run is loaded", |state| state.snapshot.is_some());
    window.choose("Network menu", "mlp-5");
    window.button("1 batch");
    window.until("a step", |s| s.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active()));
    let lr = window.state().setup.lr;
    window.tab("Architecture");
    select(&mut window, "linear 1");
    window.set_number(Role::SpinButton, "Output features, typed", 30.0);
    // The run is as it was.
    assert_eq!(window.state().network.network.spec(), &presets::by_name("mlp-5").unwrap().spec);
    window.button("Train as a new run");
    window.until("the new run trains", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.step > 0 && s.network.spec().name == "mlp-5-draft")
    });
    let state = window.state();
    assert_eq!(state.network.origin, Origin::Live);
    assert_eq!(state.network.network.spec().layers[1].summary(), "linear 30");
    assert!((state.setup.lr - lr).abs() < f32::EPSILON, "the settings of the run before");
    window.act(Action::Train(convlens::ui::action::Transport::Pause));
    window.until("a pause", |state| !state.is_training());
    window.until("both are kept", |state: &AppState| {
        let names: Vec<&str> = state.runs.iter().map(|run| run.summary.network.as_str()).collect();
        names.contains(&"mlp-5") && names.contains(&"mlp-5-draft")
    });
    window.close();
    // The run and the draft are there at the next start.
    let mut window = start();
    window.until("the run", |state| state.network.network.spec().name == "mlp-5-draft");
    window.tab("Architecture");
    assert_eq!(draft(&window).layers[1].spec.summary(), "linear 30");
}

#[test]
fn a_draft_is_kept_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let settings_path = Some(folder.path().join("settings.json"));
        open(builder(LARGE), Options { settings_path, ..options() })
    };
    let mut window = start();
    window.tab("Architecture");
    begin(&mut window, "cnn-5");
    select(&mut window, "conv2d 3");
    set_pair(&mut window, "Kernel size", 60);
    window.click(Role::Switch, "Use relu 1");
    let before = draft(&window).clone();
    window.close();
    let window = start();
    assert_eq!(*draft(&window), before);
    assert!(window.shows("Layer 2 must fit first."));
    assert_eq!(window.value(Role::Cell, "Parameters, begun from cnn-5"), "338\u{2009}006");
}

#[test]
fn specs_are_saved_opened_copied_and_pasted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.json");
    let mut window = window("cnn-5");
    select(&mut window, "relu 1");
    window.button("Remove relu 1");
    let spec = draft(&window).named_spec();
    window.button("Save spec…");
    window.type_path(&folder.path().join("mine"));
    window.button("Save");
    assert_eq!(window.question(), None);
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(NetworkSpec::from_json(&text).unwrap(), spec);
    window.button("Copy spec");
    let copied = window.h.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    // The commands are those of the last frame only.
    assert!(copied.is_none_or(|copied| copied == text));
    begin(&mut window, "mlp-5");
    open_spec(&mut window, &path);
    assert_eq!(draft(&window).spec(), spec);
    assert!(window.state().network.network.spec().name != spec.name, "the network stays");
    // One whose layers do not fit is opened too, to be mended.
    let misfit = r#"{"name":"misfit","input":[1,28,28],"layers":[{"type":"linear","out_features":10}]}"#;
    window.h.event(Event::Paste(misfit.into()));
    window.settle();
    assert_eq!(draft(&window).name, "misfit");
    window.button("Put a flatten layer before it");
    assert_eq!(kinds(&window), ["flatten", "linear"]);
    window.button("Undo the change");
    window.button("Undo the change");
    assert_eq!(draft(&window).spec(), spec, "pasting can be undone");
    // What is no spec says so and changes nothing.
    window.dismiss_messages();
    window.h.event(Event::Paste(r#"{"name":1}"#.into()));
    window.settle();
    assert!(window.messages()[0].contains("not valid"), "{:?}", window.messages());
    assert_eq!(draft(&window).spec(), spec);
    std::fs::write(&path, "hello").unwrap();
    window.dismiss_messages();
    window.button("Open spec…");
    window.type_path(&path);
    window.button("Open");
    assert!(window.shows("is not a spec"));
    window.button("Cancel");
}

fn open_spec(window: &mut Window, path: &Path) {
    window.button("Open spec…");
    window.type_path(path);
    window.button("Open");
    assert_eq!(window.question(), None, "{:?}", window.messages());
}

#[test]
fn faults_and_changes_fit_every_window() {
    let mut faults = Vec::new();
    for size in [LARGE, SMALL, egui::vec2(1280.0, 720.0)] {
        let mut window = Window::sized(size);
        window.tab("Architecture");
        for (preset, conv) in [("alexnet-mini", "conv2d 4"), ("lenet5-relu", "conv2d 3")] {
            begin(&mut window, preset);
            select(&mut window, conv);
            set_pair(&mut window, "Kernel size", 77);
            for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
                window.act(Action::SetTheme(theme));
                window.dismiss_messages();
                faults.extend(layout::faults(&mut window, &format!("{preset} {size}")));
            }
            window.act(Action::Architecture(ArchitectureAct::Select(None)));
            faults.extend(layout::faults(&mut window, &format!("{preset} {size}, input")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
