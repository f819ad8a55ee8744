//! What is kept between two starts.

use crate::support::{LARGE, Window, builder, nought, open, options};
use convlens::ui::{
    Options,
    model::{
        convolution::FamilyResult,
        display::{MapScale, ThemeChoice},
        network::Origin,
        view::ViewId,
    },
    widgets::{Tone, number_grid::exact},
};
use egui::Role;
use std::{fs, path::Path};

fn start(path: &Path) -> Window {
    open(builder(LARGE), Options { settings_path: Some(path.to_owned()), ..options() })
}

fn change_everything(window: &mut Window) {
    window.button("Clear");
    window.stroke(&nought());
    window.set_number(Role::Slider, "Brush size", 0.07);
    window.button("Eraser");
    window.click(Role::RadioButton, "Raw");
    window.button("Light theme");
    window.tab("Network");
    window.click(Role::RadioButton, "Per map");
    window.choose("Network menu", "simple-conv-net");
    window.tab("Train");
    window.set_number(Role::SpinButton, "Batch size", 77.0);
}

#[test]
fn what_was_set_is_there_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new folder/settings.json");
    let mut window = start(&path);
    assert!(window.messages().is_empty(), "{:?}", window.messages());
    change_everything(&mut window);
    let (settings, bitmap) = (window.state().settings.clone(), window.state().drawing.bitmap().to_vec());
    let read = window.state().probabilities();
    window.close();

    let mut window = start(&path);
    let state = window.state();
    assert_eq!(state.settings, settings);
    assert_eq!((settings.view, settings.theme), (ViewId::Train, ThemeChoice::Light));
    assert_eq!((settings.map_scale, settings.is_normalised), (MapScale::Map, false));
    assert_eq!((settings.brush.radius, settings.brush.eraser), (0.07, true));
    assert_eq!(state.setup.batch, 77);
    assert_eq!(state.drawing.bitmap(), bitmap);
    assert_eq!(state.network.network.spec().name, "simple-conv-net");
    assert_eq!(state.network.origin, Origin::Live);
    // The same seed draws the same weights, which read the same drawing.
    assert_eq!(state.probabilities(), read);
    assert_eq!(window.h.ctx.theme(), egui::Theme::Light);
    // What was drawn can still be undone.
    window.tab("Draw");
    window.button("Undo");
    assert!(window.state().drawing.is_blank());
}

#[test]
fn nothing_waits_for_the_end_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut window = start(&path);
    window.tab("Network");
    assert!(!path.exists(), "not at every change");
    let written = path.clone();
    window.until("the settings are written", move |_| written.exists());
    assert!(fs::read_to_string(&path).unwrap().contains("Network"));
    // As if the program were killed.
    drop(window);
    assert_eq!(start(&path).state().settings.view, ViewId::Network);
}

#[test]
fn a_broken_file_is_kept_aside_and_said() {
    for broken in ["", "{\"settings\": 3}", "\u{0}\u{0}\u{0}"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::write(&path, broken).unwrap();
        let mut window = start(&path);
        assert_eq!(window.state().settings, convlens::ui::model::settings::Settings::default());
        assert!(!window.state().drawing.is_blank());
        let (tone, text) = window.state().toasts.visible().next().unwrap();
        assert_eq!(tone, Tone::Warn);
        assert!(text.contains("settings.json") && text.contains("defaults are used"), "{text}");
        assert_eq!(fs::read_to_string(folder.path().join("settings.broken.json")).unwrap(), broken);
        // And from now on they are kept again.
        window.tab("Train");
        window.close();
        let window = start(&path);
        assert!(window.messages().is_empty());
        assert_eq!(window.state().settings.view, ViewId::Train);
    }
}

/// A setting that no run can have may be in the file: a person left it there.
#[test]
fn an_invalid_setting_in_the_file_is_explained_and_can_be_put_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut window = start(&path);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Batch size", 0.0);
    window.close();

    let mut window = start(&path);
    assert_eq!(window.state().setup.batch, 0);
    assert!(window.shows("Batch size is 0, but must be from 1 to 4096"));
    let set = folder.path().join("small");
    crate::support::write_set(&set, &crate::support::small_set());
    window.act(convlens::ui::action::Action::UseFile(convlens::ui::model::file_kind::FileKind::DataSet, set));
    window.button("Train");
    window.h.run_steps(10);
    assert!(!window.state().is_training());
    assert!(window.messages().iter().any(|text| text.contains("atch size is 0")), "{:?}", window.messages());
    window.set_number(Role::SpinButton, "Batch size", 50.0);
    window.until("the run", |state| state.snapshot.as_ref().is_some_and(|s| s.config.batch == 50));
    window.button("1 batch");
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1));
}

/// Networks bring their own settings along, and what was set for another is over.
#[test]
fn settings_that_a_network_replaced_do_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut window = start(&path);
    window.tab("Train");
    let usual = window.state().setup;
    window.set_number(Role::SpinButton, "Batch size", 77.0);
    window.choose("Network menu", "ships with");
    assert_eq!(window.state().setup, usual);
    window.close();
    assert_eq!(start(&path).state().setup, usual);
}

/// A wrong number somewhere in the file takes nothing else along.
#[test]
fn a_wrong_number_in_the_file_leaves_the_drawings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut window = start(&path);
    window.tab("Draw");
    window.button("Clear");
    window.stroke(&nought());
    window.button("This is a 0");
    window.stroke(&nought());
    window.tab("Train");
    window.set_number(Role::SpinButton, "Batch size", 77.0);
    let bitmap = window.state().drawing.bitmap().to_vec();
    window.close();
    let text = fs::read_to_string(&path).unwrap();
    let broken = text.replace("\"batch\":77", "\"batch\":null");
    assert_ne!(text, broken);
    fs::write(&path, &broken).unwrap();

    for is_first in [true, false] {
        let window = start(&path);
        let state = window.state();
        assert_eq!((state.settings.view, state.setup.batch), (ViewId::Train, 64));
        assert_eq!((state.collection.len(), state.drawing.bitmap()), (1, bitmap.as_slice()));
        let said = window.messages();
        assert_eq!(
            said.iter().any(|text| text.contains("defaults are used for what is wrong")),
            is_first,
            "{said:?}"
        );
        window.close();
    }
    assert_eq!(fs::read_to_string(folder.path().join("settings.broken.json")).unwrap(), broken);
}

#[test]
fn what_could_not_be_written_is_written_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("place");
    fs::write(&place, "").unwrap();
    let mut window = start(&place.join("settings.json"));
    window.tab("Train");
    window
        .until("the reason", |state| state.toasts.visible().any(|(_, text)| text.contains("cannot be kept")));
    fs::remove_file(&place).unwrap();
    window.close();
    assert_eq!(start(&place.join("settings.json")).state().settings.view, ViewId::Train);
}

#[test]
fn a_drawing_in_the_place_of_a_forgotten_one_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let keep = |window: &mut Window, digit: u8| {
        window.stroke(&nought());
        window.button(&format!("This is a {digit}"));
        window.dismiss_messages();
    };
    let mut window = start(&path);
    window.button("Clear");
    keep(&mut window, 6);
    window.close();
    let mut window = start(&path);
    window.button("Forget the drawing kept last");
    keep(&mut window, 0);
    window.close();
    assert_eq!(start(&path).state().collection.counts(), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn a_place_that_cannot_be_written_is_said_and_nothing_else_happens() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    fs::write(&file, "").unwrap();
    let mut window = start(&file.join("settings.json"));
    window.tab("Train");
    window
        .until("the reason", |state| state.toasts.visible().any(|(_, text)| text.contains("cannot be kept")));
    assert_eq!(window.state().settings.view, ViewId::Train);
    window.close();
}

#[test]
fn the_convolution_is_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut window = start(&path);
    window.tab("Convolution");
    window.set_number(Role::SpinButton, "input 0, 0", 42.0);
    window.set_number(Role::SpinButton, "kernel 1, 1", -7.0);
    window.set_number(Role::Slider, "Padding", 1.0);
    window.click(Role::CheckBox, "Average instead of sum");
    window.click(Role::RadioButton, "Family");
    window.button("Grouped");
    window.set_number(Role::Slider, "Groups", 4.0);
    let (setup, family) =
        (window.state().convolution.setup.clone(), window.state().convolution.family.clone());
    let y = window.state().convolution.shown.as_ref().unwrap().y().to_vec();
    window.close();

    let mut window = start(&path);
    assert!(window.messages().is_empty(), "{:?}", window.messages());
    let lab = &window.state().convolution;
    assert_eq!((&lab.setup, &lab.family), (&setup, &family));
    assert_eq!(lab.shown.as_ref().unwrap().y(), y);
    let Ok(FamilyResult::Chain(left)) = family.made() else { panic!("{family:?}") };
    let first = exact(left.chain.values(1)[0]);
    assert_eq!(window.value(Role::Cell, "layer 1 map 0 0, 0"), first);
    // What was left impossible is explained beside a picture of the first example.
    window.click(Role::RadioButton, "Sum");
    window.set_number(Role::SpinButton, "Kernel size height", 0.0);
    window.close();
    let mut window = start(&path);
    assert!(window.shows("The kernel's height is 0, but must be from 1 to 11."));
    assert_eq!(window.value(Role::Cell, "output 0, 0"), "12");
    window.set_number(Role::SpinButton, "Kernel size height", 3.0);
    assert_eq!(window.state().convolution.rejected, None);
    window.close();
    // What another version wrote and this one does not know is as if it had never been set; nothing else is lost.
    let text = fs::read_to_string(&path).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["settings"]["convolution"] = serde_json::json!({"mode": "Hologram", "setup": [1, 2]});
    fs::write(&path, value.to_string()).unwrap();
    let window = start(&path);
    assert!(window.messages().is_empty(), "{:?}", window.messages());
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    assert_eq!(
        window.state().convolution.setup,
        convlens::ui::model::convolution::ConvolutionSetup::default()
    );
}
