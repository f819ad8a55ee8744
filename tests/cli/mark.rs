//! `convlens mark`: hand-ins of lessons that were played in a window without a display.

use crate::support::Bench;
use convlens::{
    lesson::{Lesson, LessonAnswer, TaskKind, shipped, task::Answer},
    text::Language,
    ui::{
        App, Options,
        action::{Action, Transport},
        model::{
            convolution::ConvolutionAct,
            lesson::{LessonAct, OpenLesson},
        },
        state::AppState,
        widgets::PlaybackAct,
        work::{dialog::Picked, tasks::Threading},
    },
};
use egui::Context;
use serde_json::Value;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// A lesson of a teacher's own, with a run.
const OWN: &str = "+++
id = \"my-run\"
minutes = 5
title = \"A run of your own\"
+++

## Twelve steps

```show
view = \"train\"
network.name = \"lenet5-relu\"
train.seed = 3
train.fresh = true
```

Train.

```reach
ask = \"Train twelve steps.\"
when = [\"train.step >= 12\", \"train.loss < 5\", \"train.rate >= 0.01\"]
solution = { view = \"train\", train = { run = 12 } }
```

## A question

```number
ask = \"How many classes are there?\"
answer = 10
hints = [\"Count the digits.\"]
```
";

/// A window without a display.
struct Window {
    ctx: Context,
    app: App,
}

impl Window {
    fn new(reads_mnist: bool) -> Self {
        let options = Options {
            settings_path: None,
            language: None,
            system_language: Language::ENGLISH,
            threading: Threading::Inline,
            train_threads: 2,
            reads_mnist,
            dialog: |_| Picked::Unavailable,
            runs_folder: None,
        };
        let ctx = Context::default();
        let app = App::new(&ctx, options);
        Self { ctx, app }
    }

    fn act(&mut self, act: LessonAct) {
        self.app.act(Action::Lesson(act));
    }

    fn lesson(&self) -> &OpenLesson {
        self.app.state().lesson.as_ref().unwrap()
    }

    fn is_done(&self) -> bool {
        self.lesson().work().unwrap().is_done()
    }

    #[track_caller]
    fn until(&mut self, what: &str, is_so: impl Fn(&AppState) -> bool) {
        let begun = Instant::now();
        for frame in 0.. {
            self.app.logic(&self.ctx);
            if frame > 4 && is_so(self.app.state()) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_mins(3), "never: {what}");
            if frame > 8 {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    }

    fn hand_in(&mut self, id: &str, name: &str, path: &Path) {
        self.act(LessonAct::Sign(name.into()));
        self.act(LessonAct::HandIn(id.into()));
        let typed = self.app.state().question.as_ref().unwrap().typed.clone();
        assert!(typed.starts_with(id) && typed.ends_with(".handin"), "{typed}");
        self.app.act(Action::AnswerFile(path.display().to_string()));
        self.until("the file", |state| state.question.is_none());
        assert!(path.exists());
    }
}

/// Plays the lesson of the sliding window to its end; the answers at `wrong` are wrong and stay so.
fn sliding_window(wrong: Option<usize>) -> Window {
    let lesson: &Lesson = shipped().iter().find(|lesson| lesson.id == "sliding-window").unwrap();
    let mut window = Window::new(false);
    window.act(LessonAct::Open(lesson.id.clone()));
    for (i, step) in lesson.steps.iter().enumerate() {
        window.act(LessonAct::GoTo(i));
        window.until(&step.title, |state| {
            state.is_answered() && state.lesson.as_ref().unwrap().work().is_some()
        });
        let Some(task) = &step.task else { continue };
        let answer = match &task.kind {
            TaskKind::Number { answer: Answer::Fixed(value), .. } => LessonAnswer::Number(*value),
            TaskKind::Number { answer: Answer::Window(quantity), .. } => {
                LessonAnswer::Number(window.app.state().quantity(*quantity).unwrap())
            }
            TaskKind::Choice { answer, .. } => LessonAnswer::Choice(*answer),
            TaskKind::Click { cells } => LessonAnswer::Click(cells[0].clone()),
            TaskKind::Order { items } => LessonAnswer::Order((0..items.len()).collect()),
            TaskKind::Reach { solution, .. } => {
                // As a person does it, not by the solution.
                let wanted = solution.convolution.as_ref().unwrap();
                if wanted.kernel.is_some() {
                    window.app.act(Action::Convolution(ConvolutionAct::SetWeight(0, 1.0)));
                }
                let at = PlaybackAct::Seek(wanted.output.unwrap());
                window.app.act(Action::Convolution(ConvolutionAct::Play(at)));
                window.until(&step.title, |_| true);
                assert!(window.is_done(), "{}", step.title);
                continue;
            }
        };
        if wrong == Some(i) {
            window.act(LessonAct::Answer(LessonAnswer::NoNumber("?".into())));
            window.act(LessonAct::Hint);
            window.act(LessonAct::Solve);
        } else {
            window.act(LessonAct::Answer(answer));
        }
        assert!(window.is_done(), "{}", step.title);
    }
    window
}

fn read(bench: &Bench, name: &str) -> Value {
    serde_json::from_slice(&bench.read(name)).unwrap()
}

fn write(bench: &Bench, name: &str, value: &Value) {
    fs::write(bench.path(name), serde_json::to_vec(value).unwrap()).unwrap();
}

#[test]
fn right_wrong_and_faked_hand_ins_are_marked() {
    let bench = Bench::new();
    fs::create_dir(bench.path("class")).unwrap();
    sliding_window(None).hand_in("sliding-window", "Ada", &bench.path("class/ada.handin"));
    sliding_window(Some(0)).hand_in("sliding-window", "=cmd()", &bench.path("class/bob.handin"));
    // Cem calls an answer right that is not.
    let mut faked = read(&bench, "class/bob.handin");
    faked["name"] = "Cem".into();
    let task = &mut faked["tasks"][0];
    (task["is_solved"], task["is_shown"]) = (true.into(), false.into());
    task["work"]["evidence"] = serde_json::json!({"answer": {"Number": 11.0}});
    write(&bench, "class/cem.handin", &faked);
    let said = bench.run("mark @class --csv marks.csv").ok();
    assert!(said.contains("ada.handin: Ada, The sliding window"), "{said}");
    assert!(said.contains("solution shown") && said.contains("tries: 1, hints: 1"), "{said}");
    assert!(said.contains("claim does not come out (claimed 11, computed 12)"), "{said}");
    assert!(said.contains("from another machine"), "{said}");
    let table = String::from_utf8(bench.read("marks.csv")).unwrap();
    assert!(table.contains("Cem,sliding-window,1,11,claim does not come out"), "{table}");
    assert!(table.contains("'=cmd(),sliding-window,1,,solution shown,1,1"), "{table}");
    let lines: Vec<Value> = bench
        .run("mark --json @class")
        .ok()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let verdicts = |who: usize| -> Vec<&str> {
        let tasks = lines[who]["tasks"].as_array().unwrap();
        tasks.iter().map(|task| task["verdict"].as_str().unwrap()).collect()
    };
    assert_eq!(lines[0]["name"], "Ada");
    assert!(verdicts(0).iter().all(|verdict| *verdict == "solved"), "{:?}", verdicts(0));
    assert_eq!((verdicts(1)[0], verdicts(2)[0]), ("shown", "does-not-come-out"));
}

#[test]
fn a_run_of_a_lesson_of_ones_own_is_trained_again() {
    let bench = Bench::new();
    fs::create_dir_all(bench.path("class/dora")).unwrap();
    fs::create_dir(bench.path("own")).unwrap();
    fs::write(bench.path("own/run.md"), OWN).unwrap();
    let mut window = Window::new(true);
    window.app.act(Action::OpenFile(bench.path("own/run.md")));
    window.until("the run", |state| {
        state.snapshot.is_some() && state.network.network.spec().name == "lenet5-relu"
    });
    for step in 1..=12 {
        if step == 6 {
            let config = convlens::train::TrainConfig { lr: 0.015, ..window.app.state().setup };
            window.app.act(Action::EditSetup(config));
        }
        window.app.act(Action::Train(Transport::OneBatch));
        window.until("a step", |state| {
            state.snapshot.as_ref().is_some_and(|snapshot| snapshot.step >= step && !snapshot.is_active())
        });
    }
    assert!(window.is_done());
    window.act(LessonAct::Next);
    window.act(LessonAct::Answer(LessonAnswer::Number(10.0)));
    window.hand_in("my-run", "", &bench.path("class/dora/own.handin"));
    drop(window);
    let ran = bench.run("mark @class");
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("which is not among the lessons here"), "{}", ran.stdout);
    let said = bench.run("mark @class --lessons @own").ok();
    assert!(said.contains("no name, A run of your own") && said.contains("2/2"), "{said}");
    assert!(!said.contains("within the tolerance"), "the same bit by bit: {said}");
    let mut faked = read(&bench, "class/dora/own.handin");
    faked["tasks"][0]["work"]["evidence"]["stand"]["run"]["log"]["config"]["seed"] = 4.into();
    for value in faked["tasks"][0]["work"]["evidence"]["values"].as_array_mut().unwrap() {
        if value[0] == "train.loss" {
            value[1] = serde_json::json!(0.01);
        }
    }
    write(&bench, "class/dora/own.handin", &faked);
    let said = bench.run("mark @class --lessons @own").ok();
    assert!(said.contains("claimed train.loss = 0.010, computed train.loss = "), "{said}");
    // Another version of the lesson.
    fs::write(bench.path("own/run.md"), OWN.replace("twelve", "12")).unwrap();
    let ran = bench.run("mark @class --lessons @own");
    assert!(ran.code == 1 && ran.stdout.contains("another version of the lesson"), "{}", ran.stdout);
}

#[test]
fn other_files_are_named_and_the_others_go_on() {
    let bench = Bench::new();
    fs::create_dir(bench.path("class")).unwrap();
    fs::write(bench.path("class/a.handin"), "{\"format\": \"convlens hand-in\", \"version\": 1,").unwrap();
    fs::write(bench.path("class/b.png"), b"\x89PNG").unwrap();
    fs::write(bench.path("class/c.handin"), "{\"format\": \"convlens hand-in\", \"version\": 7}").unwrap();
    fs::write(bench.path("class/.hidden"), "x").unwrap();
    let ran = bench.run("mark @class");
    assert_eq!(ran.code, 1);
    for words in [
        "a.handin: it is a damaged hand-in",
        "b.png: it is not a hand-in",
        "c.handin: it is a hand-in of version 7",
    ] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains(".hidden") && ran.stderr.contains("3 files could not be marked"));
    assert!(bench.run("mark @none").fails(1).contains("none cannot be read"));
    bench.run("mark").fails(2);
}
