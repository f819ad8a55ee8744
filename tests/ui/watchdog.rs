//! No frame takes more than 50 ms of a processor, whatever goes on beside it.

use crate::support::{SMALL, bare::Bare, options, small_set, write_picture, write_set};
use convlens::{
    model_file,
    text::Language,
    ui::{
        Options,
        action::{Action, Transport},
        model::{
            display::ThemeChoice, evaluate::EvaluateAct, file_kind::FileKind, lesson::LessonAct,
            network::NetworkChoice, presenting::PresentAct, view::ViewId,
        },
        state::AppState,
        views::VIEWS,
        work::tasks::Threading,
    },
};
use egui::{Event, pos2};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// The most that a frame may take.
const MOST: Duration = Duration::from_millis(50);

/// How long threads may take for anything, on any machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// A window with all its threads, and the frames that took too long.
struct Dog {
    window: Bare,
    slow: Vec<String>,
    worst: (Duration, String),
}

impl Dog {
    /// Frames while the pointer crosses the window.
    fn watch(&mut self, what: &str, frames: usize) {
        for i in 0..frames {
            let size = self.window.points();
            let share = (i + 1) as f32 / frames as f32;
            self.frame(what, vec![Event::PointerMoved(pos2(share * size.x, share * size.y))]);
        }
    }

    fn frame(&mut self, what: &str, events: Vec<Event>) {
        self.window.time += 1.0 / 60.0;
        let cost = self.window.cost(events);
        if cost > self.worst.0 {
            self.worst = (cost, what.to_owned());
        }
        if cost > MOST {
            self.slow.push(format!("{what}: {cost:.1?}"));
        }
    }

    fn state(&self) -> &AppState {
        self.window.app.state()
    }

    /// Carries out an action within a frame, as a click does.
    fn act(&mut self, what: &str, action: Action) {
        self.window.app.act(action);
        self.watch(what, 8);
    }

    fn until(&mut self, what: &str, is_so: impl Fn(&AppState) -> bool) {
        let begun = Instant::now();
        while !is_so(self.state()) {
            self.frame(what, Vec::new());
            assert!(begun.elapsed() < PATIENCE, "never: {what}");
            std::thread::yield_now();
        }
    }
}

fn files(folder: &Path) {
    write_set(&folder.join("set"), &small_set());
    let model = model_file::to_bytes("shipped", &model_file::shipped().unwrap()).unwrap();
    fs::write(folder.join("model.safetensors"), model).unwrap();
    write_picture(folder.join("seven.png"), &small_set(), 0, 40);
}

#[test]
fn no_frame_holds_the_window_up() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    let path = |name: &str| folder.path().join(name);
    let mut dog = Dog {
        window: Bare::new(Options {
            threading: Threading::Threads,
            settings_path: Some(path("settings.json")),
            runs_folder: Some(path("runs")),
            ..options()
        }),
        slow: Vec::new(),
        worst: (Duration::ZERO, String::new()),
    };
    // The first frame makes the fonts.
    let input = dog.window.input(Vec::new());
    dog.window.frame(input);
    dog.act("opening a data set", Action::UseFile(FileKind::DataSet, path("set")));
    dog.until("the run", |state| state.snapshot.is_some());
    dog.act("a network", Action::ChooseNetwork(NetworkChoice::Preset("alexnet-mini".into())));
    dog.until("the network", |state| {
        state.snapshot.as_ref().is_some_and(|run| run.network.spec().name == "alexnet-mini")
    });
    dog.act("training begins", Action::Train(Transport::Run));
    dog.until("a step", |state| state.snapshot.as_ref().is_some_and(|run| run.step > 0));
    for size in [crate::support::LARGE, SMALL] {
        dog.window.size = size;
        for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
            dog.act("a theme", Action::SetTheme(theme));
            for view in VIEWS.iter().map(|entry| entry.id) {
                dog.act(&format!("to {view:?}"), Action::ShowView(view));
                dog.watch(&format!("{view:?} in training"), 12);
            }
        }
    }
    dog.act("Evaluate", Action::ShowView(ViewId::Evaluate));
    dog.act("an evaluation", Action::Evaluate(EvaluateAct::Measure));
    dog.until("the evaluation", |state| state.evaluate.measured.is_some());
    for language in Language::all().chain([Language::ENGLISH]) {
        dog.act("a language", Action::SetLanguage(language));
    }
    dog.act("a lesson", Action::Lesson(LessonAct::Open("padding-and-stride".into())));
    dog.act("presenting", Action::Present(PresentAct::Fill(true)));
    dog.act("no longer presenting", Action::Present(PresentAct::Fill(false)));
    dog.act("a lesson is left", Action::Lesson(LessonAct::Leave));
    dog.act("a picture", Action::UseFile(FileKind::Picture, path("seven.png")));
    dog.act("a question for a file", Action::AskForFile(FileKind::SaveModel));
    dog.act("no question", Action::CancelFile);
    dog.act("a model is saved", Action::UseFile(FileKind::SaveModel, path("saved.safetensors")));
    dog.act("a model", Action::UseFile(FileKind::Model, path("model.safetensors")));
    dog.watch("at rest", 30);
    dog.window.app.close();
    let Dog { slow, worst, .. } = dog;
    assert!(slow.is_empty(), "{slow:#?}");
    println!("the longest frame: {:.1?}, {}", worst.0, worst.1);
}
