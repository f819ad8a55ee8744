//! Handing in the work on a lesson, and what is kept of it.

use crate::{
    lessons::{answer, is_done},
    support::{LARGE, Window, builder, open, options, small_set},
};
use convlens::{
    lesson::{Lesson, Verdict, shipped},
    train::TrainConfig,
    ui::{
        Options,
        action::{Action, Transport},
        mark,
        model::{
            lesson::{LessonAct, LessonAnswer},
            presenting::PresentAct,
        },
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use std::path::Path;

/// Types a name and a path into the question, and saves.
#[track_caller]
fn save(window: &mut Window, name: &str, path: &Path) {
    let field = "Your name (optional)";
    window.h.get_by_role_and_label(Role::TextInput, field).focus();
    window.settle();
    window.key(Modifiers::COMMAND, Key::A);
    window.h.get_by_role_and_label(Role::TextInput, field).type_text(name);
    window.settle();
    window.h.get_by_role_and_label(Role::TextInput, "Path").focus();
    window.settle();
    window.key(Modifiers::COMMAND, Key::A);
    window.type_path(path);
    window.button("Save");
    assert_eq!(window.state().question, None);
}

#[test]
fn a_lesson_is_played_handed_in_and_marked() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::with_data(LARGE);
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    answer(&mut window, 10.0);
    window.key(Modifiers::NONE, Key::H);
    answer(&mut window, 12.0);
    assert!(is_done(&window));
    let steps = shipped().iter().find(|lesson| lesson.id == "sliding-window").unwrap().steps.len();
    for _ in 1..steps {
        window.act(Action::Lesson(LessonAct::Next));
        window.act(Action::Lesson(LessonAct::Solve));
    }
    // At the end, and in the lesson's head.
    window.button("Hand in your work…");
    assert_eq!(window.value(Role::TextInput, "Path"), "sliding-window.handin");
    window.button("Cancel");
    window.button("Hand in…");
    let path = folder.path().join("ada.handin");
    save(&mut window, "Ada", &path);
    assert!(window.messages().iter().any(|text| text.contains("ada.handin")), "{:?}", window.messages());
    assert_eq!(window.state().settings.student, "Ada");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"format\": \"convlens hand-in\"") && text.contains("\"name\": \"Ada\""));
    let marking = mark(text.as_bytes(), shipped(), None).unwrap();
    assert_eq!((marking.name.as_str(), marking.lesson.as_str()), ("Ada", "sliding-window"));
    let first = &marking.tasks[0];
    assert_eq!((first.verdict, first.tries, first.hints), (Verdict::Solved, 2, 1));
    assert_eq!(marking.count(Verdict::Shown), marking.tasks.len() - 1);
    // The list offers it, too, and the name is remembered.
    window.act(Action::Lesson(LessonAct::Leave));
    window.tab("Lessons");
    window.button("Hand in lesson 2…");
    assert_eq!(window.value(Role::TextInput, "Path"), "sliding-window-ada.handin");
}

#[test]
fn what_is_revealed_in_class_is_said() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    window.act(Action::Present(PresentAct::Fill(true)));
    window.key(Modifiers::NONE, Key::PageDown);
    let folder = tempfile::tempdir().unwrap();
    window.act(Action::Present(PresentAct::Fill(false)));
    window.act(Action::Lesson(LessonAct::HandIn("sliding-window".into())));
    let path = folder.path().join("class.handin");
    window.act(Action::AnswerFile(path.display().to_string()));
    let marking = mark(&std::fs::read(&path).unwrap(), shipped(), None).unwrap();
    assert_eq!(marking.tasks[0].verdict, Verdict::Revealed);
    assert_eq!(marking.count(Verdict::NotSolved), marking.tasks.len() - 1);
}

#[test]
fn what_was_tried_is_kept_between_two_starts() {
    let folder = tempfile::tempdir().unwrap();
    let settings = || Options { settings_path: Some(folder.path().join("settings.json")), ..options() };
    let mut window = open(builder(LARGE), settings());
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    answer(&mut window, 10.0);
    answer(&mut window, 12.0);
    let before = window.state().settings.lessons["sliding-window"].clone();
    assert_eq!(before.records[&0].tries.len(), 2);
    assert!(before.records[&0].evidence.is_some());
    window.close();
    let window = open(builder(LARGE), settings());
    assert_eq!(window.state().settings.lessons["sliding-window"], before);
}

#[test]
fn a_trained_task_is_trained_again_on_the_data_it_was_trained_on() {
    let mut window = Window::with_data(LARGE);
    let lesson: &Lesson = shipped().iter().find(|lesson| lesson.id == "made-to-learned").unwrap();
    window.act(Action::Lesson(LessonAct::Open(lesson.id.clone())));
    let step = lesson
        .steps
        .iter()
        .position(|step| {
            step.task
                .as_ref()
                .is_some_and(|task| matches!(task.kind, convlens::lesson::TaskKind::Reach { .. }))
        })
        .unwrap();
    for _ in 0..step {
        window.act(Action::Lesson(LessonAct::Solve));
        window.act(Action::Lesson(LessonAct::Next));
    }
    window.until("its network", |state| {
        state.network.network.spec().name == "lenet5-relu" && state.snapshot.is_some()
    });
    let epochs = TrainConfig { epochs: 12, ..window.state().setup };
    window.act(Action::EditSetup(epochs));
    window.act(Action::Train(Transport::Run));
    window.until("the task", |state| state.lesson.as_ref().unwrap().work().unwrap().is_solved);
    window.act(Action::Lesson(LessonAct::Answer(LessonAnswer::Choice(0))));
    window.act(Action::Lesson(LessonAct::HandIn(lesson.id.clone())));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.handin");
    window.act(Action::AnswerFile(path.display().to_string()));
    let bytes = std::fs::read(&path).unwrap();
    let set = small_set();
    let marked = |data: Option<&convlens::data::DataSet>| {
        let marking = mark(&bytes, shipped(), data).unwrap();
        marking.tasks.into_iter().find(|task| task.step == step + 1).unwrap()
    };
    let with = marked(Some(&set));
    assert_eq!((with.verdict, with.note), (Verdict::Solved, None));
    let without = marked(None);
    assert_eq!(without.verdict, Verdict::NotChecked);
    assert!(without.note.unwrap().to_string().contains("trained on small"));
}
