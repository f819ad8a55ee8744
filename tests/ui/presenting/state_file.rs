//! The state as one file, and *Start over*.

use super::present;
use crate::support::{LARGE, ONE, Window, builder, open, options};
use convlens::{
    explain::what_if::LayerMap,
    nn::Network,
    ui::{
        App, Options, Start,
        action::{Action, Transport},
        model::{
            convolution::{ConvolutionAct, ConvolutionMode, ConvolutionSource},
            display::{MapScale, ThemeChoice},
            file_kind::FileKind,
            hidden::HiddenControl,
            network::{NetworkChoice, Origin},
            pooling::{PoolingMode, PoolingSetup, PoolingSource},
            presenting::PresentAct,
            selection::{MapId, Selection},
            view::ViewId,
        },
        start::read_state,
        state::AppState,
        widgets::PlaybackAct,
    },
};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use std::{fs, path::Path, sync::Arc};

/// Prepares a class: something in every view that is not so at the first start.
fn prepare(window: &mut Window) {
    window.stroke(&ONE);
    let pooling = PoolingSetup {
        source: PoolingSource::Numbers,
        show: PoolingMode::Windows,
        ..PoolingSetup::default()
    };
    for action in [
        Action::SetTheme(ThemeChoice::Light),
        Action::SetZoom(1.1),
        Action::SetMapScale(MapScale::Map),
        Action::ShowView(ViewId::Pooling),
        Action::EditPooling(pooling),
        Action::PlayPooling(PlaybackAct::Seek(3)),
        Action::ShowView(ViewId::Network),
        Action::Select(Selection {
            map: Some(MapId { column: 1, map: 2 }),
            pixel: Some((3, 4)),
            channel: None,
        }),
        Action::SwitchMap(LayerMap { layer: 0, map: 1 }, false),
        Action::Present(PresentAct::Hide(HiddenControl {
            role: "Button".into(),
            name: "Reset".into(),
            number: 0,
        })),
        Action::ShowView(ViewId::Convolution),
        Action::Convolution(ConvolutionAct::SetMode(ConvolutionMode::Sum)),
        Action::Convolution(ConvolutionAct::SetNumber(3, 8.5)),
        Action::Convolution(ConvolutionAct::Play(PlaybackAct::Seek(4))),
    ] {
        window.act(action);
    }
}

/// Everything that a class sees, in words.
fn seen(state: &AppState) -> String {
    let (lab, settings) = (&state.convolution, &state.settings);
    format!(
        "{:?}",
        (
            (settings.view, settings.theme, settings.zoom, settings.map_scale, &settings.hidden),
            (&settings.pooling, state.pooling.position()),
            (state.selection, &state.what_if, state.image.seen.as_raw(), &state.image.source),
            (&lab.setup, lab.mode, lab.position(), lab.is_whole, lab.photo.as_ref().map(|photo| &photo.name)),
            (&state.network.network.spec().name, state.setup),
        )
    )
}

fn save(window: &mut Window, path: &Path) {
    window.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    assert_eq!(window.question(), Some(FileKind::SaveState));
    window.type_path(path);
    window.button("Save");
    assert_eq!(window.question(), None, "{:?}", window.state().question);
    window.dismiss_messages();
}

fn weights(window: &Window) -> Arc<Network> {
    window.state().network.network.clone()
}

#[test]
fn what_is_saved_comes_back_in_another_window() {
    let folder = tempfile::tempdir().unwrap();
    // The extension is added.
    let path = folder.path().join("my class.convlens");
    let mut window = Window::with_data(LARGE);
    prepare(&mut window);
    save(&mut window, &path.with_extension(""));
    let before = seen(window.state());
    assert!(fs::read_to_string(&path).unwrap().contains("\"format\": \"convlens state\""));

    for way in ["question", "drop", "start"] {
        let mut other = Window::with_data(LARGE);
        assert_ne!(seen(other.state()), before);
        match way {
            "question" => {
                other.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
                other.type_path(&path);
                other.button("Open");
            }
            "drop" => other.act(Action::OpenFile(path.clone())),
            _ => {
                let state = Some(read_state(&path).unwrap());
                begin(&mut other, Start { state, ..Start::default() });
            }
        }
        // The Pooling view stands where it did once its results are there.
        other.act(Action::ShowView(ViewId::Pooling));
        other.act(Action::ShowView(ViewId::Convolution));
        assert_eq!(seen(other.state()), before, "{way}");
        assert_eq!(weights(&other).parameters(), weights(&window).parameters());
    }
}

fn begin(window: &mut Window, start: Start) {
    let app: &mut Option<App> = window.h.state_mut();
    app.as_mut().unwrap().begin(start);
    window.settle();
}

#[test]
fn a_network_of_ones_own_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trained.convlens");
    let mut window = Window::with_data(LARGE);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    window.act(Action::Train(Transport::OneBatch));
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active()));
    save(&mut window, &path);
    let mut other = Window::new();
    other.act(Action::OpenFile(path));
    assert_eq!(other.state().network.origin, Origin::LastRun(1));
    assert_eq!(weights(&other).parameters(), weights(&window).parameters());
    assert_eq!(other.state().setup, window.state().setup);
}

#[test]
fn a_photograph_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photo.convlens");
    let mut window = Window::new();
    window.act(Action::ShowView(ViewId::Convolution));
    window.act(Action::Convolution(ConvolutionAct::UseSource(ConvolutionSource::Photo)));
    window.act(Action::Convolution(ConvolutionAct::UsePhoto(1)));
    window.act(Action::Convolution(ConvolutionAct::Play(PlaybackAct::Seek(777))));
    save(&mut window, &path);
    let mut other = Window::new();
    other.act(Action::OpenFile(path));
    assert_eq!(seen(other.state()), seen(window.state()));
    assert_eq!(other.state().convolution.photo, window.state().convolution.photo);
}

#[test]
fn an_existing_file_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("class.convlens");
    fs::write(&path, "mine").unwrap();
    let mut window = Window::new();
    window.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    window.type_path(&path);
    window.button("Save");
    assert!(window.shows("Replace the file?"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    window.button("Replace");
    assert!(fs::read_to_string(&path).unwrap().contains("convlens state"));
}

/// What is wrong with a file is one sentence, and nothing changes.
#[test]
fn wrong_files_are_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.convlens");
    let mut window = Window::new();
    save(&mut window, &good);
    let good = fs::read_to_string(&good).unwrap();
    let begun = &good[..good.len() / 2];
    let view = good.replace("\"view\": \"Draw\"", "\"view\": \"Moon\"");
    assert_ne!(view, good);
    let later = good.replace("\"version\": 1", "\"version\": 7");
    for (text, words) in [
        ("", "is not a state"),
        ("hello", "is not a state"),
        ("{}", "is not a state"),
        (r#"{"format": "something", "version": 1}"#, "is not a state"),
        (r#"{"format": "convlens state"}"#, "is not a state"),
        (&later, "version 7"),
        (begun, "is a damaged state"),
        (&view, "is a damaged state"),
        (r#"{"format": "convlens state", "version": 1}"#, "is a damaged state"),
    ] {
        let path = folder.path().join("wrong.convlens");
        fs::write(&path, text).unwrap();
        let before = seen(window.state());
        window.act(Action::UseFile(FileKind::State, path.clone()));
        let said = window.messages();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(words) && said[0].contains("wrong.convlens"), "{text}: {said:?}");
        assert!(!said[0].contains('\n'), "{said:?}");
        assert_eq!(seen(window.state()), before);
        assert!(read_state(&path).unwrap_err().to_string().contains(words));
        window.dismiss_messages();
    }
    let missing = folder.path().join("none.convlens");
    assert!(read_state(&missing).unwrap_err().to_string().ends_with("none.convlens does not exist"));
}

#[test]
fn start_over_comes_back_to_the_state_that_was_opened_and_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("class.convlens");
    let mut window = Window::with_data(LARGE);
    prepare(&mut window);
    let prepared = seen(window.state());
    save(&mut window, &path);
    let state = Some(read_state(&path).unwrap());
    begin(&mut window, Start { state, ..Start::default() });
    window.act(Action::ShowView(ViewId::Draw));
    window.act(Action::ClearDrawing);
    window.act(Action::ShowView(ViewId::Convolution));
    window.act(Action::Convolution(ConvolutionAct::SetNumber(0, 99.0)));
    window.act(Action::Present(PresentAct::ShowAll));
    let used = seen(window.state());
    window.act(Action::StartOver);
    window.settle();
    assert_eq!(seen(window.state()), prepared);
    window.button("Undo");
    window.settle();
    assert_eq!(seen(window.state()), used);
    assert!(window.messages().is_empty());
}

#[test]
fn start_over_without_a_file_is_the_first_start() {
    let mut window = Window::with_data(LARGE);
    let first = seen(window.state());
    prepare(&mut window);
    window.act(Action::SetTheme(ThemeChoice::Dark));
    window.act(Action::SetZoom(1.0));
    window.button("Display");
    window.h.get_by(|node| node.label().is_some_and(|label| label.contains("Start over"))).click();
    window.settle();
    assert_eq!(seen(window.state()), first);
    assert_eq!(window.state().network.origin, Origin::Shipped);
}

/// A run that trains is not lost: it can be gone back to.
#[test]
fn start_over_keeps_a_run_as_an_earlier_one() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::Train(Transport::OneBatch));
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active()));
    let learnt = weights(&window);
    window.act(Action::StartOver);
    assert_eq!(window.state().network.origin, Origin::Shipped);
    assert!(window.state().last_run.as_ref().is_some_and(|run| run.step == 1));
    window.act(Action::UndoStartOver);
    assert_eq!(weights(&window).parameters(), learnt.parameters());
}

/// With a folder of runs, it is in the network menu, and *Undo* goes on with it.
#[test]
fn start_over_keeps_a_run_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Options { runs_folder: Some(folder.path().join("runs")), ..options() };
    let mut window = open(builder(LARGE), kept);
    window.use_small_set();
    window.act(Action::Train(Transport::OneBatch));
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active()));
    window.act(Action::StartOver);
    assert_eq!(window.state().network.origin, Origin::Shipped);
    window.until("the run is kept", |state| state.runs.iter().any(|run| run.summary.step == 1));
}

#[test]
fn the_window_starts_as_the_command_line_says() {
    let mut window = open(builder(LARGE), options());
    begin(&mut window, Start { view: Some(ViewId::Pooling), presents: true, ..Start::default() });
    assert_eq!(window.state().settings.view, ViewId::Pooling);
    assert!(window.state().presenting.is_on);
    present(&mut window, PresentAct::Fill(false));
}

/// What the program is started with: a file of any kind, as the desktop gives it, and the report of a crash.
#[test]
fn a_file_is_opened_as_if_it_was_dropped_and_a_crash_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("class.convlens");
    let mut window = Window::with_data(LARGE);
    window.act(Action::ShowView(ViewId::Pooling));
    save(&mut window, &path);
    window.act(Action::ShowView(ViewId::Draw));
    let crash = Some(folder.path().join("crash-2026-01-01T00-00-00Z.txt"));
    begin(&mut window, Start { open: Some(path), crash, ..Start::default() });
    assert_eq!(window.state().settings.view, ViewId::Pooling);
    let said = window.messages();
    assert_eq!(
        said.iter().filter(|text| text.contains("crash-2026-01-01T00-00-00Z.txt says where")).count(),
        1
    );
    begin(&mut window, Start { open: Some(folder.path().join("gone.convlens")), ..Start::default() });
    assert!(window.messages().iter().any(|text| text.contains("gone.convlens does not exist")));
}
