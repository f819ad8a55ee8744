//! Files: opened, saved, dropped, and refused with a reason.

use crate::support::{LARGE, ONE, SMALL, Window, layout, open, options, small_set, write_picture, write_set};
use convlens::{
    data::mnist,
    model_file,
    nn::{Init, Network, presets},
    ui::{
        action::Action,
        model::{
            convolution::{ConvolutionSource, act::ConvolutionAct},
            file_kind::FileKind,
            image::ImageSource,
            lesson::LessonAct,
            network::Origin,
        },
        widgets::Tone,
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Opens the question for a file as a person does.
#[track_caller]
fn ask(window: &mut Window, kind: FileKind) {
    match kind {
        FileKind::DataSet => window.choose("Data menu", "Open data set"),
        FileKind::Model => window.choose("Network menu", "Open model"),
        FileKind::SaveCurves | FileKind::SaveRun | FileKind::SaveReport => {
            window.tab("Train");
            window.click(Role::RadioButton, "Runs");
            window.button("More about lenet5-wide");
            window.button(match kind {
                FileKind::SaveCurves => "Save curves…",
                FileKind::SaveRun => "Save network…",
                _ => "Report…",
            });
        }
        FileKind::SaveModel => window.choose("Network menu", "Save model"),
        FileKind::Picture => window.button("Open picture…"),
        FileKind::Photograph => {
            window.tab("Convolution");
            window.click(Role::RadioButton, "Photo");
            window.button("Open photograph…");
        }
        FileKind::Spec => {
            window.tab("Architecture");
            window.button("Open spec…");
        }
        FileKind::SaveSpec => {
            window.tab("Architecture");
            window.button("Save spec…");
        }
        FileKind::Drawings => window.button("Export your drawings as an IDX set"),
        FileKind::Worksheets => {
            window.tab("Pooling");
            window.button("Worksheet…");
            window.button("Write to a folder…");
        }
        FileKind::Screenshot => window.key(Modifiers::NONE, Key::F12),
        FileKind::SaveNumbers(_) => {
            window.tab("Pooling");
            window.display("Export numbers…");
            window.button("Save numbers…");
        }
        FileKind::SavePicture(_) => {
            window.display("Export picture…");
            window.button("Save picture…");
        }
        FileKind::Lesson => {
            window.tab("Lessons");
            window.button("Open lesson…");
        }
        FileKind::SaveLesson => {
            window.act(Action::Record(convlens::ui::model::recording::RecordAct::New));
            window.click(Role::Link, "Save as…");
        }
        FileKind::SaveHandIn => {
            window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
            window.button("Hand in…");
        }
        FileKind::State => window.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::O),
        FileKind::SaveState => window.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::S),
    }
    assert_eq!(window.question(), Some(kind));
}

/// Answers it by typing.
#[track_caller]
fn answer(window: &mut Window, kind: FileKind, path: &Path) {
    ask(window, kind);
    window.type_path(path);
    window.button(if kind.is_saved() { "Save" } else { "Open" });
}

/// Opens a file that can be opened.
#[track_caller]
fn use_file(window: &mut Window, kind: FileKind, path: &Path) {
    answer(window, kind, path);
    assert_eq!(window.state().question, None);
    if kind == FileKind::DataSet {
        // It is shown first.
        window.button("Open");
    }
}

/// The question is still open, with what was typed and one sentence that names the file.
#[track_caller]
fn assert_asked_again(window: &mut Window, path: &Path) -> String {
    let question = window.state().question.as_ref().unwrap();
    let text = format!("{}.", question.problem.as_ref().unwrap().capitalised());
    assert!(text.contains(path.to_str().unwrap()), "{text}");
    assert!(!text.contains('\n') && text.len() < 300, "{text}");
    assert!(window.shows(&text), "{text}");
    assert_eq!(window.value(Role::TextInput, "Path"), path.to_str().unwrap());
    assert!(window.h.get_by_role_and_label(Role::TextInput, "Path").is_focused(), "{text}");
    assert!(window.messages().is_empty(), "{:?}", window.messages());
    text
}

/// The one message of a failure: one sentence that names the file.
#[track_caller]
fn assert_refused(window: &mut Window, path: &Path) {
    let bad: Vec<String> = window
        .state()
        .toasts
        .visible()
        .filter(|(tone, _)| *tone == Tone::Bad)
        .map(|(_, text)| text.to_owned())
        .collect();
    let [text] = bad.as_slice() else { panic!("{}: {bad:?}", path.display()) };
    assert!(text.contains(path.to_str().unwrap()), "{text}");
    assert!(!text.contains('\n') && text.len() < 300, "{text}");
    let first = text.chars().next().unwrap();
    assert!(!first.is_lowercase(), "{text}");
    assert!(window.messages().contains(text));
    // It stays until it is dismissed.
    window.h.run_steps(600);
    window.h.get_by_role_and_label(Role::Alert, text).click();
    window.h.remove_cursor();
    window.settle();
    assert!(window.messages().is_empty());
}

/// What must not get lost.
fn belongings(window: &Window) -> (Vec<u8>, u64, usize, String) {
    let state = window.state();
    let data = state.data.ready().unwrap();
    (
        state.drawing.bitmap().to_vec(),
        state.image.revision,
        Arc::as_ptr(&state.network.network) as usize,
        format!("{} {} {:?}", data.name, data.train.len(), state.network.origin),
    )
}

/// Files that are not what is asked for.
fn wrong_files(folder: &Path) -> Vec<(FileKind, PathBuf)> {
    let text = folder.join("notes.txt");
    fs::write(&text, "not a picture, not a model").unwrap();
    let empty = folder.join("empty");
    fs::create_dir(&empty).unwrap();
    let cut = folder.join("cut");
    write_set(&cut, &small_set());
    let images = cut.join("train-images-idx3-ubyte");
    let bytes = fs::read(&images).unwrap();
    fs::write(&images, &bytes[..bytes.len() / 2]).unwrap();
    let cut_model = folder.join("cut.safetensors");
    let bytes = model_file::to_bytes("shipped", &model_file::shipped().unwrap()).unwrap();
    fs::write(&cut_model, &bytes[..bytes.len() - 100]).unwrap();
    let cut_picture = folder.join("cut.png");
    let whole = write_picture(folder.join("whole.png"), &small_set(), 0, 4);
    let bytes = fs::read(whole).unwrap();
    fs::write(&cut_picture, &bytes[..bytes.len() / 2]).unwrap();
    let missing = folder.join("missing");
    vec![
        (FileKind::DataSet, missing.clone()),
        (FileKind::DataSet, empty),
        (FileKind::DataSet, images),
        (FileKind::DataSet, cut),
        (FileKind::DataSet, text.clone()),
        (FileKind::Model, missing.clone()),
        (FileKind::Model, text.clone()),
        (FileKind::Model, cut_model),
        (FileKind::Model, folder.to_owned()),
        (FileKind::Picture, missing.clone()),
        (FileKind::Picture, text.clone()),
        (FileKind::Picture, cut_picture),
        (FileKind::Picture, folder.to_owned()),
        (FileKind::SaveModel, missing.join("model.safetensors")),
        (FileKind::SaveModel, text.join("model.safetensors")),
        (FileKind::SaveModel, folder.to_owned()),
    ]
}

#[test]
fn what_cannot_be_opened_is_named_and_nothing_is_lost() {
    let folder = folder();
    let mut window = Window::with_data(LARGE);
    window.button("Clear");
    window.stroke(&ONE);
    let before = belongings(&window);
    for (kind, path) in wrong_files(folder.path()) {
        answer(&mut window, kind, &path);
        let text = assert_asked_again(&mut window, &path);
        assert_eq!(belongings(&window), before, "{kind:?} {}", path.display());
        let is_folder = kind != FileKind::DataSet && path.is_dir();
        assert!(!is_folder || text.contains("is a folder"), "{text}");
        window.button("Cancel");
        assert_eq!(window.question(), None);
    }
    assert!(window.answer().starts_with("1 "));
    window.button("Undo");
    window.button("Undo");
    assert!(!window.state().drawing.is_blank());
}

#[test]
fn a_long_message_stays_inside_a_small_window() {
    let folder = folder();
    let path = folder.path().join("a long name of a folder that is not there ".repeat(3).trim());
    let mut window = Window::with_data(SMALL);
    answer(&mut window, FileKind::DataSet, &path);
    assert_asked_again(&mut window, &path);
    let faults = layout::faults(&mut window, "a long problem");
    assert!(faults.is_empty(), "{faults:?}");
    window.button("Cancel");
    drop_on(&mut window, &path);
    let faults = layout::faults(&mut window, "a long message");
    assert!(faults.is_empty(), "{faults:?}");
    assert_refused(&mut window, &path);
}

#[test]
fn a_data_set_is_opened_and_learnt_from() {
    let folder = folder();
    let path = folder.path().join("my digits");
    write_set(&path, &small_set());
    let mut window = Window::new();
    use_file(&mut window, FileKind::DataSet, &path);
    let data = window.state().data.ready().unwrap();
    assert_eq!((data.name.as_str(), data.train.len(), data.test.len()), ("my digits", 600, 200));
    assert_eq!(*data.train, *small_set().train);
    assert!(window.value(Role::ComboBox, "Data menu").starts_with("my digits  600 + 200"));
    window.until("the run", |state| state.snapshot.is_some());
    window.button("1 batch");
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1));
}

#[test]
fn mnist_is_there_from_the_start_and_comes_back() {
    let with_mnist = options();
    let with_mnist = convlens::ui::Options { reads_mnist: true, ..with_mnist };
    let mut window = open(crate::support::builder(LARGE), with_mnist);
    let whole = mnist::load_test().unwrap();
    assert_eq!(*window.state().data.ready().unwrap().test, whole);
    let folder = folder();
    write_set(folder.path(), &small_set());
    window.act(Action::UseFile(FileKind::DataSet, folder.path().to_owned()));
    assert_eq!(window.state().data.ready().unwrap().train.len(), 600);
    window.choose("Data menu", "MNIST");
    let data = window.state().data.ready().unwrap();
    assert_eq!((data.name.as_str(), data.train.len()), ("MNIST", 60_000));
}

#[test]
fn a_model_is_saved_and_opened_with_the_same_answer() {
    let folder = folder();
    let path = folder.path().join("learnt.safetensors");
    let mut window = Window::with_data(LARGE);
    for step in 1..=3 {
        window.button("1 batch");
        window.until("a step", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.step == step && !s.is_active())
        });
    }
    let (learnt, answer) = (window.state().probabilities(), window.bars());
    let network = window.state().network.network.clone();
    save_run(&mut window, &path);
    assert_eq!(model_file::load(&path, None).unwrap().parameters(), network.parameters());

    // Something else in between. Without its training state, it is a model like any other.
    fs::remove_file(model_file::training_path(&path)).unwrap();
    window.choose("Network menu", "mlp-5");
    assert_ne!(window.state().probabilities(), learnt);
    use_file(&mut window, FileKind::Model, &path);
    assert_eq!(window.state().network.origin, Origin::Opened("learnt.safetensors".into()));
    assert!(window.shows("OPENED") && window.shows("learnt.safetensors"));
    assert_eq!(window.state().probabilities(), learnt);
    assert_eq!(window.bars(), answer);

    // The shipped one is still there, and so is the opened one.
    window.choose("Network menu", "ships with");
    assert_eq!(window.state().network.origin, Origin::Shipped);
    window.choose("Network menu", "learnt.safetensors");
    assert_eq!(window.state().probabilities(), learnt);
}

/// Saves the run under way, which its own thread does.
fn save_run(window: &mut Window, path: &Path) {
    window.dismiss_messages();
    answer(window, FileKind::SaveModel, path);
    window.until_said(&format!("Saved {}.", path.display()));
    assert!(path.exists() && model_file::training_path(path).exists());
    window.settle();
}

#[test]
fn a_saved_run_goes_on_where_it_stood() {
    let folder = folder();
    let path = folder.path().join("lesson.safetensors");
    let steps = |window: &mut Window, from: u64, to: u64| {
        for step in from + 1..=to {
            window.button("1 batch");
            window.until("a step", |state| {
                state.snapshot.as_ref().is_some_and(|s| s.step == step && !s.is_active())
            });
        }
    };
    let mut window = Window::with_data(LARGE);
    steps(&mut window, 0, 3);
    save_run(&mut window, &path);
    let initial = window.state().snapshot.as_ref().unwrap().initial.clone();
    steps(&mut window, 3, 6);
    let whole = window.state().snapshot.as_ref().unwrap().clone();

    // Another window, another day.
    let mut window = Window::with_data(LARGE);
    window.choose("Network menu", "mlp-5");
    use_file(&mut window, FileKind::Model, &path);
    window.until_said("Opened lesson.safetensors: lenet5-wide after step 3. Train goes on from there.");
    window.until("the run", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 3));
    assert_eq!(window.state().network.origin, Origin::Live);
    assert!(window.shows("PAUSED"));
    let snapshot = window.state().snapshot.as_ref().unwrap();
    assert_eq!(snapshot.initial.parameters(), initial.parameters());
    assert_eq!(snapshot.history.training().count(), 3);
    assert!(!window.state().needs_reset());
    steps(&mut window, 3, 6);
    let resumed = window.state().snapshot.as_ref().unwrap();
    assert_eq!(resumed.network.parameters(), whole.network.parameters());
    assert_eq!(*resumed.history, *whole.history);
    // A reset leads to the run's own beginning.
    window.button("Reset");
    window.until("step 0", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 0));
    assert_eq!(window.state().snapshot.as_ref().unwrap().network.parameters(), initial.parameters());
}

#[test]
fn a_picture_becomes_the_current_image_and_can_be_drawn_over() {
    let folder = folder();
    let set = small_set();
    let mut window = Window::new();
    for index in [0, 1, 2, 3] {
        let path = write_picture(folder.path().join(format!("digit {index}.png")), &set, index, 9);
        use_file(&mut window, FileKind::Picture, &path);
        assert_eq!(window.state().image.source, ImageSource::Picture(format!("digit {index}.png")));
        assert!(window.shows(&format!("digit {index}.png")));
        let label = set.test.label(index).to_string();
        assert!(window.answer().starts_with(&label), "{} for a {label}", window.answer());
    }
    window.button("Eraser");
    window.stroke(&ONE);
    assert_eq!(window.state().image.source, ImageSource::Drawing);
    window.button("Undo");
    assert!(window.answer().starts_with(&set.test.label(3).to_string()));
    assert_eq!(window.state().image.source, ImageSource::Picture("digit 3.png".into()));
    assert!(window.shows("digit 3.png"));
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|e| e.to_string())
    }
}

fn drop_on(window: &mut Window, path: &Path) {
    window.h.input_mut().dropped_files.push(Arc::new(Dropped(path.to_owned())));
    window.settle();
}

#[test]
fn files_can_be_dropped_on_any_view() {
    let folder = folder();
    let picture = write_picture(folder.path().join("seven.png"), &small_set(), 0, 5);
    let model = folder.path().join("m.safetensors");
    let preset = presets::by_name("mlp-5").unwrap();
    model_file::save(&model, &Network::new(preset.spec, Init::He, 3).unwrap()).unwrap();
    let set = folder.path().join("dropped set");
    write_set(&set, &small_set());
    let text = folder.path().join("notes.txt");
    fs::write(&text, "hello").unwrap();
    for view in ["Draw", "Network", "Train"] {
        let mut window = Window::new();
        window.tab(view);
        drop_on(&mut window, &picture);
        assert_eq!(window.state().image.source, ImageSource::Picture("seven.png".into()));
        assert!(window.shows("reads 7"));
        drop_on(&mut window, &model);
        assert_eq!(window.state().network.network.spec().name, "mlp-5");
        drop_on(&mut window, &set);
        window.button("Open");
        assert_eq!(window.state().data.ready().unwrap().name, "dropped set");
        window.dismiss_messages();
        drop_on(&mut window, &text);
        assert_refused(&mut window, &text);
    }
}

#[test]
fn the_question_takes_enter_and_lets_go_by_escape_and_cancel() {
    let folder = folder();
    let picture = write_picture(folder.path().join("seven.png"), &small_set(), 0, 5);
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        let before = window.state().image.revision;
        for by_key in [true, false] {
            ask(&mut window, FileKind::Picture);
            let faults = layout::faults(&mut window, "the question");
            assert!(faults.is_empty(), "{faults:?}");
            // Without a path there is nothing to open.
            let open = window.h.get_by_role_and_label(Role::Button, "Open");
            assert!(open.accesskit_node().is_disabled() || by_key);
            window.type_path(&picture);
            if by_key {
                window.key(Modifiers::NONE, Key::Escape);
            } else {
                window.button("Cancel");
            }
            assert_eq!(window.question(), None);
            assert_eq!(window.state().image.revision, before);
            ask(&mut window, FileKind::Picture);
            let left = window.value(Role::TextInput, "Path");
            assert_eq!(left, "", "what was typed for another question is gone");
            window.act(Action::CancelFile);
        }
        ask(&mut window, FileKind::Picture);
        window.type_path(&picture);
        window.key(Modifiers::NONE, Key::Enter);
        assert_eq!(window.question(), None);
        assert_eq!(window.state().image.source, ImageSource::Picture("seven.png".into()));
    }
}

/// Nobody should have to click before typing.
#[test]
fn the_question_has_the_keyboard_at_once() {
    let mut window = Window::new();
    ask(&mut window, FileKind::Model);
    assert!(window.h.get_by_role_and_label(Role::TextInput, "Path").is_focused());
}

#[test]
fn a_picture_is_pasted_and_one_that_is_too_large_is_refused() {
    let mut window = Window::with_data(LARGE);
    let set = small_set();
    // Black on white, as a screenshot would have it.
    let pixels = set.test.image(0).iter().map(|&ink| egui::Color32::from_gray(255 - ink)).collect();
    let picture = Arc::new(egui::ColorImage::new([28, 28], pixels));
    window.h.event(egui::Event::PasteImage(picture));
    window.settle();
    assert_eq!(window.state().image.source, ImageSource::Picture("clipboard".into()));
    assert!(window.answer().starts_with('7'), "{}", window.answer());
    let before = belongings(&window);
    let huge = egui::ColorImage::filled([50_001, 1000], egui::Color32::WHITE);
    window.h.event(egui::Event::PasteImage(Arc::new(huge)));
    window.settle();
    let messages = window.messages();
    assert!(messages.iter().any(|text| text.contains("50001×1000") && text.contains("50")), "{messages:?}");
    assert!(belongings(&window) == before);
}

#[test]
fn pasted_text_is_a_path_or_is_refused_in_a_sentence() {
    let folder = folder();
    let seven = write_picture(folder.path().join("seven.png"), &small_set(), 0, 5);
    let mut window = Window::new();
    window.h.event(egui::Event::Paste("garbage".into()));
    window.settle();
    assert!(
        window.messages().contains(&"The clipboard holds text, not a picture or the path of a file.".into())
    );
    window.h.event(egui::Event::Paste(format!("file://{}\n", seven.display())));
    window.settle();
    assert_eq!(window.state().image.source, ImageSource::Picture("seven.png".into()));
}

#[test]
fn a_picture_without_ink_says_so() {
    let folder = folder();
    let path = folder.path().join("even.png");
    image::GrayImage::from_pixel(60, 60, image::Luma([128])).save(&path).unwrap();
    let mut window = Window::new();
    let before = (window.state().image.revision, window.state().drawing.revision());
    drop_on(&mut window, &path);
    assert!(window.messages().iter().any(|text| text.starts_with("even.png has no ink")));
    // What was there stays.
    assert_eq!((window.state().image.revision, window.state().drawing.revision()), before);
}

#[test]
fn in_convolution_the_key_opens_what_is_slid_over() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.act(Action::Convolution(ConvolutionAct::UseSource(ConvolutionSource::Photo)));
    window.key(Modifiers::COMMAND, Key::O);
    assert_eq!(window.question(), Some(FileKind::Photograph));
    window.act(Action::CancelFile);
    window.tab("Draw");
    window.key(Modifiers::COMMAND, Key::O);
    assert_eq!(window.question(), Some(FileKind::Picture));
}

/// Acts one right after the other, before anything that was read arrives.
fn act_at_once(window: &mut Window, actions: impl IntoIterator<Item = Action>) {
    let app = window.h.state_mut().as_mut().unwrap();
    actions.into_iter().for_each(|action| app.act(action));
    window.settle();
}

/// The one file of a wrong kind that the question is answered with, and then the right one.
#[test]
fn a_wrong_path_can_be_put_right_in_the_same_question() {
    let folder = folder();
    let seven = write_picture(folder.path().join("seven.png"), &small_set(), 0, 5);
    let mut window = Window::new();
    let wrong = folder.path().join("seven.pn");
    answer(&mut window, FileKind::Picture, &wrong);
    let text = assert_asked_again(&mut window, &wrong);
    assert!(text.ends_with("seven.pn does not exist."), "{text}");
    window.h.get_by_role_and_label(Role::TextInput, "Path").focus();
    window.key(Modifiers::NONE, Key::End);
    window.h.get_by_role_and_label(Role::TextInput, "Path").type_text("g");
    window.settle();
    assert!(
        window.shows(&format!("Opens {}", seven.display())),
        "what is typed is said, not the old problem"
    );
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(window.question(), None);
    assert_eq!(window.state().image.source, ImageSource::Picture("seven.png".into()));
}

#[test]
fn paths_are_understood_as_they_are_copied() {
    let folder = folder();
    let seven = write_picture(folder.path().join("my seven.png"), &small_set(), 0, 5);
    let plain = seven.to_str().unwrap();
    for typed in [
        format!("  {plain} "),
        format!("'{plain}'"),
        format!("\"{plain}\""),
        format!("file://{}", plain.replace(' ', "%20")),
    ] {
        let mut window = Window::new();
        use_file(&mut window, FileKind::Picture, Path::new(&typed));
        assert_eq!(window.state().image.source, ImageSource::Picture("my seven.png".into()), "{typed}");
        // The next question begins in the same folder.
        use_file(&mut window, FileKind::Picture, Path::new("my seven.png"));
    }
}

#[test]
fn nothing_is_overwritten_without_a_question() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let mut window = Window::with_data(LARGE);
    // The extension is added, and the full path is said before and after.
    ask(&mut window, FileKind::SaveModel);
    window.type_path(&path("m1"));
    assert!(window.shows(&format!("Saves to {}", path("m1.safetensors").display())));
    window.button("Save");
    assert_eq!(window.question(), None);
    assert!(window.messages().contains(&format!("Saved {}.", path("m1.safetensors").display())));
    assert!(!path("m1").exists() && model_file::load(&path("m1.safetensors"), None).is_ok());

    fs::write(path("m2.safetensors"), "mine").unwrap();
    fs::write(path("m3.training.safetensors"), "mine").unwrap();
    fs::write(path("window.png"), "mine").unwrap();
    fs::create_dir(path("set")).unwrap();
    fs::write(path("set/t10k-labels-idx1-ubyte"), "mine").unwrap();
    window.act(Action::FineTune(convlens::ui::action::FineTuneAct::Keep(7)));
    for (kind, typed, kept) in [
        (FileKind::SaveModel, "m2", "m2.safetensors"),
        (FileKind::SaveModel, "m3", "m3.training.safetensors"),
        (FileKind::Screenshot, "window", "window.png"),
        (FileKind::Drawings, "set", "set/t10k-labels-idx1-ubyte"),
    ] {
        window.tab("Draw");
        answer(&mut window, kind, &path(typed));
        assert!(window.shows("Replace the"), "{typed}");
        let faults = layout::faults(&mut window, "the question whether to replace");
        assert!(faults.is_empty(), "{faults:?}");
        // Back to the question, with what was typed.
        window.key(Modifiers::NONE, Key::Escape);
        assert_eq!(window.value(Role::TextInput, "Path"), path(typed).to_str().unwrap());
        window.button("Save");
        window.button("Another name");
        window.button("Cancel");
        assert_eq!(fs::read_to_string(path(kept)).unwrap(), "mine");
    }
    // A second Enter is the careful answer.
    answer(&mut window, FileKind::SaveModel, &path("m2"));
    window.key(Modifiers::NONE, Key::Enter);
    assert!(!window.shows("Replace the") && window.question().is_some());
    assert_eq!(fs::read_to_string(path("m2.safetensors")).unwrap(), "mine");
    window.button("Save");
    window.button("Replace");
    assert_eq!(window.question(), None);
    assert!(model_file::load(&path("m2.safetensors"), None).is_ok());
}

/// A run is saved by its own thread, which is asked only when that is agreed to.
#[test]
fn a_run_is_not_saved_over_a_file_without_a_question() {
    let folder = folder();
    let path = folder.path().join("run.safetensors");
    fs::write(&path, "mine").unwrap();
    let mut window = Window::with_data(LARGE);
    window.button("1 batch");
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active()));
    answer(&mut window, FileKind::SaveModel, &path);
    window.h.run_steps(20);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    window.button("Replace");
    window.until_said("Saved ");
    assert!(model_file::training_path(&path).exists());
    assert_eq!(window.question(), None);
}

#[test]
fn files_are_recognised_by_their_content() {
    let folder = folder();
    let model = folder.path().join("m1");
    let preset = presets::by_name("mlp-5").unwrap();
    model_file::save(&model, &Network::new(preset.spec, Init::He, 3).unwrap()).unwrap();
    let spec = folder.path().join("net.txt");
    fs::write(&spec, presets::by_name("cnn-5").unwrap().spec.to_json()).unwrap();
    let picture = write_picture(folder.path().join("seven.png"), &small_set(), 0, 5);
    let nameless = folder.path().join("seven");
    fs::rename(&picture, &nameless).unwrap();
    let open = |window: &mut Window, path: &Path, by: usize| match by {
        0 => drop_on(window, path),
        1 => use_file(window, FileKind::Picture, path),
        _ => use_file(window, FileKind::Model, path),
    };
    for by in 0..3 {
        let mut window = Window::with_data(LARGE);
        open(&mut window, &model, by);
        assert_eq!(window.state().network.network.spec().name, "mlp-5");
        assert_eq!(window.state().network.origin, Origin::Opened("m1".into()));
        open(&mut window, &spec, by);
        assert_eq!(window.state().network.network.spec().name, "cnn-5");
        assert_eq!(window.state().network.origin, Origin::Live, "untrained");
        open(&mut window, &nameless, by);
        assert_eq!(window.state().image.source, ImageSource::Picture("seven".into()));
        // Both files are in the network menu.
        window.choose("Network menu", "m1");
        assert_eq!(window.state().network.network.spec().name, "mlp-5");
        window.choose("Network menu", "net.txt");
        assert_eq!(window.state().network.network.spec().name, "cnn-5");
    }
}

#[test]
fn browse_remembers_its_folder_and_says_when_there_is_no_dialog() {
    use convlens::ui::work::dialog::{DialogRequest, Picked};
    static FOLDER: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    let mut window = Window::new();
    ask(&mut window, FileKind::Model);
    window.button("Browse…");
    assert!(window.shows("This system has no file dialog: type the path"));
    assert_eq!(window.question(), Some(FileKind::Model));

    // A dialog that chooses what is in the folder that it shows first.
    let folder = folder();
    write_picture(folder.path().join("seven.png"), &small_set(), 0, 5);
    FOLDER.set(folder.path().to_owned()).unwrap();
    let dialog = |request: &DialogRequest| match &request.folder {
        Some(folder) => Picked::Chosen(folder.join("again.png")),
        None => Picked::Chosen(FOLDER.get().unwrap().join("seven.png")),
    };
    let mut window = open(crate::support::builder(LARGE), convlens::ui::Options { dialog, ..options() });
    ask(&mut window, FileKind::Picture);
    window.button("Browse…");
    assert_eq!(window.question(), None);
    assert_eq!(window.state().image.source, ImageSource::Picture("seven.png".into()));
    ask(&mut window, FileKind::Picture);
    window.button("Browse…");
    assert_asked_again(&mut window, &folder.path().join("again.png"));
}

#[test]
fn what_was_cancelled_is_not_opened() {
    let folder = folder();
    let seven = write_picture(folder.path().join("seven.png"), &small_set(), 0, 5);
    let mut window = Window::new();
    let before = window.state().image.revision;
    ask(&mut window, FileKind::Picture);
    let app = window.h.state_mut().as_mut().unwrap();
    app.act(Action::AnswerFile(seven.to_str().unwrap().into()));
    app.act(Action::CancelFile);
    window.settle();
    assert_eq!(window.state().image.revision, before);
    assert!(window.messages().is_empty());
}

#[test]
fn the_message_of_a_failure_goes_when_it_is_cured() {
    let folder = folder();
    let seven = write_picture(folder.path().join("seven.png"), &small_set(), 0, 5);
    let mut window = Window::new();
    drop_on(&mut window, &folder.path().join("none.png"));
    assert_eq!(window.messages().len(), 1);
    drop_on(&mut window, &seven);
    assert!(window.messages().is_empty(), "{:?}", window.messages());
}

#[test]
fn what_is_read_too_late_replaces_nothing() {
    let folder = folder();
    let set = small_set();
    let mut window = Window::with_data(LARGE);
    let said = |window: &mut Window, name: &str| {
        let text = format!("{name} is not used, because you chose something else in the meantime.");
        assert!(window.messages().contains(&text), "{:?}", window.messages());
        window.dismiss_messages();
    };
    // An image that is opened, and another that is there at once.
    let seven = write_picture(folder.path().join("seven.png"), &set, 0, 5);
    act_at_once(&mut window, [Action::UseFile(FileKind::Picture, seven.clone()), Action::ShowSample(3)]);
    assert!(matches!(window.state().image.source, ImageSource::Sample { index: 3, .. }));
    said(&mut window, "seven.png");
    act_at_once(&mut window, [Action::UseFile(FileKind::Picture, seven.clone()), Action::ClearDrawing]);
    assert!(window.state().image.is_blank());
    said(&mut window, "seven.png");
    // The later of two files counts, also when the first cannot be read.
    let missing = folder.path().join("missing.png");
    act_at_once(
        &mut window,
        [
            Action::UseFile(FileKind::Picture, missing.clone()),
            Action::UseFile(FileKind::Picture, seven.clone()),
            Action::UseFile(FileKind::Picture, missing),
        ],
    );
    assert_eq!(window.state().image.source, ImageSource::Picture("seven.png".into()));
    window.dismiss_messages();

    // A network that is opened, and one that is chosen; and training that begins.
    let model = folder.path().join("m.safetensors");
    let preset = presets::by_name("mlp-5").unwrap();
    model_file::save(&model, &Network::new(preset.spec, Init::He, 3).unwrap()).unwrap();
    for act in [
        Action::ChooseNetwork(convlens::ui::model::network::NetworkChoice::Preset("simple-conv-net".into())),
        Action::Train(convlens::ui::action::Transport::OneBatch),
    ] {
        act_at_once(&mut window, [Action::UseFile(FileKind::Model, model.clone()), act]);
        assert_eq!(window.state().network.network.spec().name, "simple-conv-net");
        said(&mut window, "m.safetensors");
    }
    act_at_once(&mut window, [Action::UseFile(FileKind::Model, model)]);
    assert_eq!(window.state().network.network.spec().name, "mlp-5");

    // Data sets come in the order in which they were chosen.
    let path = folder.path().join("later");
    write_set(&path, &set);
    act_at_once(
        &mut window,
        [
            Action::UseFile(FileKind::DataSet, folder.path().join("none")),
            Action::UseFile(FileKind::DataSet, path),
        ],
    );
    assert_eq!(window.state().data.ready().unwrap().name, "later");
}

/// A picture of the window waits for the graphics card, which these tests do without.
#[test]
fn a_picture_of_the_window_does_not_show_that_it_is_taken() {
    let folder = folder();
    let mut window = Window::with_data(LARGE);
    window.act(Action::UseFile(FileKind::Screenshot, folder.path().join("picture.png")));
    assert!(!window.state().is_busy && !window.shows("reading or writing…"));
}
