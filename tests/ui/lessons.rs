//! Lessons: every shipped one is played to its end, with right and wrong answers.

use crate::support::{LARGE, SMALL, Window, layout};
use convlens::ui::state::AppState;
use convlens::{
    lesson::{
        Lesson, Task, TaskKind, shipped,
        task::{Answer, is_right},
    },
    text::{Language, shown_name, tr},
    ui::{
        action::Action,
        model::{
            lesson::{LessonAct, LessonAnswer},
            view::ViewId,
        },
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) fn open(window: &mut Window, lesson: &Lesson) {
    window.act(Action::Lesson(LessonAct::Open(lesson.id.clone())));
    assert!(window.state().lesson.is_some(), "{}", lesson.id);
}

pub(crate) fn is_done(window: &Window) -> bool {
    window.state().lesson.as_ref().unwrap().work().unwrap().is_done()
}

pub(crate) fn reply(window: &Window) -> String {
    let open = window.state().lesson.as_ref().unwrap();
    open.work().unwrap().reply.as_ref().map(|reply| reply.text.clone()).unwrap_or_default()
}

/// Types a number and checks it.
pub(crate) fn answer(window: &mut Window, number: f64) {
    let field = shown_name("Your answer");
    window.h.get_by_role_and_label(Role::TextInput, &field).focus();
    window.settle();
    window.key(Modifiers::COMMAND, Key::A);
    window.h.get_by_role_and_label(Role::TextInput, &field).type_text(&number.to_string());
    window.settle();
    window.button("Check");
}

/// Answers the task of the step wrongly, then rightly.
fn solve(window: &mut Window, task: &Task, what: &str) {
    match &task.kind {
        TaskKind::Number { answer: right, tolerance } => {
            let right = match right {
                Answer::Fixed(value) => *value,
                Answer::Window(quantity) => {
                    window.until(&format!("{what}: {}", quantity.name()), |state| {
                        state.quantity(*quantity).is_some()
                    });
                    window.state().quantity(*quantity).unwrap_or_else(|| panic!("{what}: no {quantity:?}"))
                }
            };
            let wrong = right + 1.0 + right.abs();
            assert!(!is_right(wrong, right, *tolerance), "{what}");
            answer(window, wrong);
            assert!(!is_done(window) && !reply(window).is_empty(), "{what}: {}", reply(window));
            answer(window, right);
        }
        TaskKind::Choice { options, answer } => {
            let wrong = (0..options.len()).find(|option| option != answer).unwrap();
            for option in [wrong, *answer] {
                assert!(!is_done(window), "{what}");
                let text = options[option].shown();
                window.h.get_by_role_and_label(Role::Button, text).click();
                window.settle();
                assert!(!reply(window).is_empty());
            }
        }
        TaskKind::Click { cells } => {
            for name in cells {
                let is_there = window.h.query_all_by_label(&shown_name(name)).next().is_some();
                assert!(is_there, "{what}: there is no {name}");
            }
            window.act(Action::Lesson(LessonAct::Answer(LessonAnswer::Click("nowhere".into()))));
            assert!(!is_done(window), "{what}");
            let place = window.h.query_all_by_label(&shown_name(&cells[0])).next().unwrap().rect().center();
            window.click_at(place);
        }
        TaskKind::Order { items } => {
            let wrong: Vec<usize> = (0..items.len()).rev().collect();
            window.act(Action::Lesson(LessonAct::Answer(LessonAnswer::Order(wrong))));
            assert!(!is_done(window), "{what}");
            let right = (0..items.len()).collect();
            window.act(Action::Lesson(LessonAct::Answer(LessonAnswer::Order(right))));
        }
        TaskKind::Reach { when, .. } => {
            assert!(!is_done(window), "{what}: the task is solved before anything is done");
            window.button("Show the solution");
            let holds = |state: &AppState| {
                when.iter().all(|condition| condition.holds(|quantity| state.quantity(quantity)))
            };
            window.until(&format!("{what}: the solution"), holds);
        }
    }
    assert!(is_done(window), "{what}: {}", reply(window));
}

/// Plays a lesson; what is wrong with its places and numbers is added to `faults`.
fn play(lesson: &Lesson, language: Language, faults: &mut Vec<String>) {
    let mut window = Window::with_data(LARGE);
    window.act(Action::SetLanguage(language));
    let before = window.state().settings.convolution.clone();
    open(&mut window, lesson);
    for (i, step) in lesson.steps.iter().enumerate() {
        let what = format!("{}, step {} “{}”", lesson.id, i + 1, step.title);
        window.until(&what, |state| state.is_answered() || state.image.is_blank() || state.is_training());
        let name = step.show.as_ref().and_then(|show| show.network.as_ref()?.name.clone());
        let is_built = |state: &AppState| {
            let built = &state.network.network.spec().name;
            name.as_ref().is_none_or(|name| name == "trained" || name == built)
        };
        window.until(&format!("{what}: its network"), is_built);
        let is_there = |state: &AppState| match state.settings.view {
            ViewId::Pooling => state.pooling.study.is_some(),
            ViewId::Convolution => {
                state.convolution.shown.is_some() || state.convolution.family_shown.is_some()
            }
            _ => true,
        };
        window.until(&format!("{what}: what the view shows"), is_there);
        // A step may begin a run of its own and train it.
        let run = step.show.as_ref().and_then(|show| show.train.as_ref()?.run).unwrap_or(0) as u64;
        let is_trained = |state: &AppState| {
            state.snapshot.as_ref().is_some_and(|made| made.step >= run && !made.is_active())
        };
        window.until(&format!("{what}: its run"), |state| run == 0 || is_trained(state));
        window.settle();
        assert_eq!(window.state().lesson.as_ref().unwrap().at, i, "{what}");
        let also = step.show.iter().flat_map(|show| show.also.iter().map(String::as_str));
        let text = step.shown().1;
        for name in text.places().chain(also) {
            let is_there = |name: &str| window.h.query_all_by_label(name).next().is_some();
            if !is_there(name) && !is_there(&shown_name(name)) {
                faults.push(format!("{what}: there is no place {name}"));
            }
        }
        for quantity in text.numbers() {
            if window.state().quantity(quantity).is_none() {
                faults.push(format!("{what}: no value of {}", quantity.name()));
            }
        }
        if let Some(task) = &step.task {
            window.act(Action::Lesson(LessonAct::Next));
            assert_eq!(window.state().lesson.as_ref().unwrap().at, i, "{what}: Next is closed");
            solve(&mut window, task, &what);
        }
        window.button(if i + 1 < lesson.steps.len() { "Next" } else { "Finish" });
    }
    assert!(window.state().lesson.is_none(), "{}", lesson.id);
    let after = &window.state().settings.convolution;
    if *after != before {
        let [a, b] = [&before, after].map(|lab| serde_json::to_value(lab).unwrap());
        for (key, value) in a.as_object().unwrap() {
            assert_eq!(value, &b[key], "{}: {key}", lesson.id);
        }
    }
    assert!(window.shows(tr("Keep the lesson’s")));
    let progress = &window.state().settings.lessons[&lesson.id];
    assert_eq!(progress.at + 1, lesson.steps.len());
}

#[test]
fn every_shipped_lesson_can_be_played_to_its_end() {
    every_lesson(Language::ENGLISH);
}

#[test]
fn every_shipped_lesson_can_be_played_to_its_end_in_chinese() {
    every_lesson(Language::of_code("zh").unwrap());
}

fn every_lesson(language: Language) {
    let mut faults = Vec::new();
    for lesson in shipped() {
        let played = catch_unwind(AssertUnwindSafe(|| play(lesson, language, &mut faults)));
        if let Err(panic) = played {
            let text = panic.downcast_ref::<String>().map(|text| text.chars().take(300).collect());
            faults.push(text.unwrap_or_else(|| format!("{} cannot be played", lesson.id)));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_step_is_whole_in_every_window() {
    every_step_is_whole(Language::ENGLISH);
}

#[test]
fn every_step_is_whole_in_chinese() {
    every_step_is_whole(Language::of_code("zh").unwrap());
}

fn every_step_is_whole(language: Language) {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.act(Action::SetLanguage(language));
        let mut faults = Vec::new();
        for lesson in shipped() {
            open(&mut window, lesson);
            for (i, step) in lesson.steps.iter().enumerate() {
                let what = format!("{} {}, {size}", lesson.id, i + 1);
                faults.extend(layout::faults(&mut window, &what));
                if step.task.is_some() {
                    window.act(Action::Lesson(LessonAct::Hint));
                    window.act(Action::Lesson(LessonAct::Solve));
                }
                window.act(Action::Lesson(LessonAct::Next));
            }
            window.act(Action::Lesson(LessonAct::Leave));
            window.dismiss_messages();
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn an_asked_number_is_nowhere_to_be_read() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    let cell = window.value(Role::Cell, "output 0, 0");
    assert!(!cell.contains("12"), "{cell}");
    assert!(!window.shows("= 12") && !window.shows("Σ 12"));
    answer(&mut window, 10.0);
    // The row whose product is missing is ringed, and the result is not told.
    assert!(!is_done(&window) && reply(&window).starts_with("10: "), "{}", reply(&window));
    assert!(!reply(&window).contains("12"));
    answer(&mut window, 12.0);
    assert!(is_done(&window));
    assert_eq!(window.value(Role::Cell, "output 0, 0"), "12");
    // In Pooling, neither the output nor those that may be asked for next.
    window.act(Action::Lesson(LessonAct::Leave));
    window.act(Action::Lesson(LessonAct::Open("pooling".into())));
    window.until("the outputs", |state| state.pooling.study.is_some());
    window.settle();
    for (cell, output) in [("Max 0, 0", "6"), ("Max 0, 1", "5"), ("Max 1, 0", "7")] {
        assert!(!window.value(Role::Cell, cell).contains(output), "{cell}");
    }
    assert!(!window.shows("max("));
    answer(&mut window, 6.0);
    assert_eq!(window.value(Role::Cell, "Max 0, 0"), "6");
}

#[test]
fn a_lesson_goes_on_where_it_was_left_and_brings_back_what_was_there() {
    let mut window = Window::with_data(LARGE);
    window.tab("Pooling");
    let before = window.state().settings.clone();
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    answer(&mut window, 12.0);
    window.key(Modifiers::NONE, Key::PageDown);
    assert_eq!(window.state().lesson.as_ref().unwrap().at, 1);
    window.button("Leave the lesson");
    assert_eq!(window.state().settings.view, ViewId::Pooling);
    assert_eq!(window.state().settings.pooling, before.pooling);
    window.button("Keep the lesson’s");
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    window.tab("Lessons");
    assert!(window.shows("step 2 of"));
    window.button("Open lesson 2");
    assert_eq!(window.state().lesson.as_ref().unwrap().at, 1);
    window.key(Modifiers::NONE, Key::PageUp);
    assert!(is_done(&window), "the first answer is kept");
}

#[test]
fn another_view_leads_back_to_the_step() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    assert!(window.state().lesson.as_ref().unwrap().has_spotlight);
    window.tab("Train");
    window.button("Back to the step");
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    window.key(Modifiers::NONE, Key::L);
    assert!(!window.state().lesson.as_ref().unwrap().has_spotlight);
    window.key(Modifiers::NONE, Key::L);
    window.key(Modifiers::NONE, Key::Escape);
    assert!(!window.state().lesson.as_ref().unwrap().has_spotlight && window.state().lesson.is_some());
    window.key(Modifiers::NONE, Key::H);
    assert!(window.shows("Hint 1 of"));
}

#[test]
fn lesson_files_are_opened_and_faults_are_said_with_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("mine.md");
    std::fs::write(&good, convlens::lesson::SHIPPED[0]).unwrap();
    let mut window = Window::with_data(LARGE);
    window.act(Action::OpenFile(good.clone()));
    assert!(window.state().lesson.is_some(), "{:?}", window.messages());
    window.act(Action::Lesson(LessonAct::Leave));
    let bad = folder.path().join("bad.md");
    let text = convlens::lesson::SHIPPED[0].replacen("view = \"", "view = \"x", 1);
    std::fs::write(&bad, &text).unwrap();
    window.act(Action::OpenFile(bad));
    assert!(window.state().lesson.is_none());
    let line = text.lines().position(|line| line.starts_with("view = \"x")).unwrap() + 1;
    let said = window.messages().join(" ");
    assert!(said.contains("bad.md") && said.contains(&format!("line {line}")), "{said}");
}

#[test]
fn the_first_lesson_is_offered_once() {
    let mut window = Window::with_data(LARGE);
    assert!(window.shows("New here?"));
    window.button("Not now");
    assert!(!window.shows("New here?"));
    assert!(window.state().settings.is_welcomed && window.state().lesson.is_none());
    let mut window = Window::with_data(LARGE);
    window.button("Start");
    assert!(window.state().lesson.is_some() && !window.shows("New here?"));
}

#[test]
fn a_clicker_reveals_and_goes_on() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    window.key(Modifiers::NONE, Key::F11);
    window.key(Modifiers::NONE, Key::PageDown);
    assert!(is_done(&window));
    window.key(Modifiers::NONE, Key::PageDown);
    assert_eq!(window.state().lesson.as_ref().unwrap().at, 1);
    window.key(Modifiers::NONE, Key::PageUp);
    assert_eq!(window.state().lesson.as_ref().unwrap().at, 0);
}
