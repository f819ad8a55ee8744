//! Answers in lessons: what the question is about, what is hidden until it is answered, what is said about a wrong one.

use crate::{
    lessons::{answer, is_done, reply},
    support::{LARGE, Window},
};
use convlens::{
    lesson::{Lesson, shipped},
    ui::{
        action::Action,
        model::{
            convolution::ConvolutionAct,
            lesson::{LessonAct, LessonAnswer, Work},
            pooling::{PoolingMode, PoolingSetup},
        },
        widgets::PlaybackAct,
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;

/// Opens a lesson at a step, from 0; the tasks before it are solved.
pub(crate) fn open_at(window: &mut Window, id: &str, step: usize) {
    window.act(Action::Lesson(LessonAct::Open(id.into())));
    window.act(Action::Lesson(LessonAct::GoTo(0)));
    for _ in 0..step {
        window.act(Action::Lesson(LessonAct::Solve));
        window.act(Action::Lesson(LessonAct::Next));
    }
    assert_eq!(window.state().lesson.as_ref().unwrap().at, step);
}

/// The step of a shipped lesson whose title begins so.
pub(crate) fn step(id: &str, title: &str) -> usize {
    let lesson: &Lesson = shipped().iter().find(|lesson| lesson.id == id).unwrap();
    let found = lesson.steps.iter().position(|step| step.title.starts_with(title));
    found.unwrap_or_else(|| panic!("{id} has no step {title}"))
}

fn work(window: &Window) -> Work {
    window.state().lesson.as_ref().unwrap().work().unwrap().clone()
}

#[test]
fn the_question_stays_with_the_output_of_the_step() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "sliding-window", step("sliding-window", "The end of the row"));
    assert_eq!(window.state().convolution.position(), 2);
    assert!(!window.shows("Back to the step"));
    window.act(Action::Convolution(ConvolutionAct::Play(PlaybackAct::Step(1))));
    assert_eq!(window.state().convolution.position(), 3);
    assert_eq!(window.value(Role::Cell, "output 0, 2"), "?", "it stays hidden");
    assert_eq!(window.value(Role::Cell, "output 1, 0"), "10", "another one is shown");
    answer(&mut window, 10.0);
    assert!(!is_done(&window), "the output of another place");
    window.button("Back to the step");
    assert_eq!(window.state().convolution.position(), 2);
    assert!(!window.shows("Back to the step"));
    window.act(Action::Convolution(ConvolutionAct::Play(PlaybackAct::End)));
    answer(&mut window, 17.0);
    assert!(is_done(&window), "{}", reply(&window));
    assert_eq!(window.value(Role::Cell, "output 0, 2"), "17");
}

#[test]
fn the_question_stays_with_the_numbers_and_the_window_of_the_step() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "sliding-window", 0);
    window.act(Action::Convolution(ConvolutionAct::SetWeight(1, 2.0)));
    assert!(window.shows("Back to the step"));
    answer(&mut window, 12.0);
    assert!(is_done(&window), "{}", reply(&window));
    window.act(Action::Lesson(LessonAct::Leave));
    open_at(&mut window, "pooling", 1);
    window.until("the outputs", |state| state.pooling.study.is_some());
    window.settle();
    window.act(Action::PlayPooling(PlaybackAct::Step(1)));
    assert_eq!(window.value(Role::Cell, "Max 1, 0"), "?");
    answer(&mut window, 9.0);
    assert!(!is_done(&window));
    answer(&mut window, 7.0);
    assert!(is_done(&window), "{}", reply(&window));
}

#[test]
fn sizes_are_told_nowhere_before_they_are_asked() {
    let mut window = Window::with_data(LARGE);
    let asked = step("sliding-window", "How many");
    open_at(&mut window, "sliding-window", asked);
    for text in ["Output 4×4", "4×4 outputs", "of 16:"] {
        assert!(!window.shows(text), "{text}");
    }
    // Neither the formula with its numbers nor its result.
    assert!(!window.shows("− 3)/1 + 1"));
    assert!(window.h.query_all_by_label("?").next().is_some());
    assert_eq!(window.value(Role::Cell, "Multiply-adds"), "?");
    answer(&mut window, 4.0);
    assert!(window.shows("Output 4×4"));
}

#[test]
fn what_a_later_step_asks_for_is_hidden_before() {
    let mut window = Window::with_data(LARGE);
    let size = step("padding-and-stride", "A border of zeros");
    open_at(&mut window, "padding-and-stride", size);
    answer(&mut window, 5.0);
    assert!(is_done(&window), "{}", reply(&window));
    assert_ne!(window.value(Role::Cell, "output 0, 4"), "3", "the next step asks for it");
    window.button("Next");
    answer(&mut window, 3.0);
    assert_eq!(window.value(Role::Cell, "output 0, 4"), "3");
}

#[test]
fn other_pages_do_not_tell_what_is_asked() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "pooling", 0);
    window.until("the outputs", |state| state.pooling.study.is_some());
    let pooling = window.state().settings.pooling.clone();
    for show in [PoolingMode::Gradient, PoolingMode::Shift, PoolingMode::Loss] {
        window.act(Action::EditPooling(PoolingSetup { show, ..pooling.clone() }));
        window.until("the outputs", |state| state.pooling.study.is_some());
        window.settle();
        assert!(window.shows("This page would tell"), "{show:?}");
    }
    window.act(Action::Lesson(LessonAct::Leave));
    open_at(&mut window, "sliding-window", step("sliding-window", "How many"));
    window.click(Role::RadioButton, "im2col");
    assert!(window.shows("This page would tell"));
}

#[test]
fn a_lesson_that_is_done_says_so_until_another_one_opens() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "sliding-window", 0);
    window.button("Leave the lesson");
    assert!(window.shows("You have left the lesson."));
    let last = shipped().iter().find(|lesson| lesson.id == "sliding-window").unwrap().steps.len() - 1;
    open_at(&mut window, "sliding-window", last);
    assert!(!window.shows("You have left the lesson."));
    window.act(Action::Lesson(LessonAct::Solve));
    window.button("Finish");
    assert!(window.shows("Lesson 2 is done. Your own settings, numbers and network are back."));
    let own = window.state().settings.pooling.clone();
    window.act(Action::Lesson(LessonAct::Open("pooling".into())));
    assert!(!window.shows("Lesson 2 is done") && !window.shows("Keep the lesson"));
    let shown = window.state().convolution.setup.clone();
    window.act(Action::Lesson(LessonAct::Keep));
    assert_eq!(window.state().convolution.setup, shown, "there is nothing to keep");
    window.act(Action::Lesson(LessonAct::Leave));
    assert_eq!(window.state().settings.pooling, own);
}

#[test]
fn numbers_in_texts_are_written_as_in_the_window() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "pooling", step("pooling", "Shift a digit"));
    window.until("the shift", |state| state.quantity(convlens::lesson::Quantity::PoolChanged).is_some());
    window.settle();
    let changed = window.state().quantity(convlens::lesson::Quantity::PoolChanged).unwrap();
    let percent = convlens::text::written::percent((changed / 100.0) as f32);
    assert!(window.shows(&percent.replace(' ', "\u{a0}")), "{percent}");
    window.act(Action::Lesson(LessonAct::Leave));
    open_at(&mut window, "sliding-window", 0);
    answer(&mut window, 2.5);
    assert!(reply(&window).starts_with("2.5: "), "{}", reply(&window));
    window.act(Action::Lesson(LessonAct::Solve));
    assert!(reply(&window).starts_with("It is 12."), "{}", reply(&window));
}

/// What is said about a wrong answer, as one sentence or more.
fn said_about(window: &mut Window, given: f64) -> String {
    answer(window, given);
    assert!(!is_done(window), "{given}");
    let reply = reply(window);
    assert!(reply.ends_with('.'), "{reply}");
    let after = reply.split_once(": ").map_or(reply.as_str(), |(_, after)| after).to_owned();
    assert!(after.chars().next().is_some_and(char::is_uppercase), "{reply}");
    after
}

#[test]
fn wrong_numbers_get_a_sentence_that_fits() {
    let mut window = Window::with_data(LARGE);
    // 1·0.25 has no sign to overlook.
    open_at(&mut window, "pooling", 2);
    assert!(!said_about(&mut window, 3.0).contains("sign"));
    window.act(Action::Lesson(LessonAct::Leave));
    // Three rows of 1 under 1/9: each of three products may have been left out.
    open_at(&mut window, "kernels-by-hand", step("kernels-by-hand", "Blur"));
    let said = said_about(&mut window, 0.22);
    assert!(said.contains("one of these three products"), "{said}");
    assert_eq!(work(&window).reply.unwrap().places.len(), 6, "all are ringed");
    window.act(Action::Lesson(LessonAct::Leave));
    // Sizes.
    open_at(&mut window, "sliding-window", step("sliding-window", "How many"));
    assert!(said_about(&mut window, 16.0).contains("in all rows"));
    window.act(Action::Lesson(LessonAct::Leave));
    open_at(&mut window, "how-it-learns", 0);
    assert_eq!(said_about(&mut window, 7.0), "Not yet. A hint may help.");
}

#[test]
fn a_click_is_told_what_it_hit() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "padding-and-stride", 0);
    let place = window.h.get_by_role_and_label(Role::Cell, "output 0, 0").rect().center();
    window.click_at(place);
    assert!(reply(&window).starts_with("That is the output."), "{}", reply(&window));
    window.act(Action::Lesson(LessonAct::Answer(LessonAnswer::Click("Stride".into()))));
    assert_eq!(reply(&window), "That is Stride. Look again.");
    window.act(Action::Lesson(LessonAct::Answer(LessonAnswer::Click("input 0, 0".into()))));
    assert_eq!(reply(&window), "Only one window covers this cell.");
}

#[test]
fn what_is_solved_shown_and_revealed_is_counted_apart() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "sliding-window", 0);
    answer(&mut window, 12.0);
    window.button("Next");
    window.button("Show the solution");
    window.button("Next");
    window.key(Modifiers::NONE, Key::F11);
    window.key(Modifiers::NONE, Key::PageDown);
    assert!(is_done(&window));
    window.key(Modifiers::NONE, Key::F11);
    let progress = window.state().settings.lessons["sliding-window"].clone();
    assert_eq!((progress.solved, progress.shown, progress.revealed), ([0].into(), [1].into(), [2].into()));
    window.button("Leave the lesson");
    window.tab("Lessons");
    for (name, count) in [("tasks solved", "1"), ("solutions shown", "1"), ("revealed while presenting", "1")]
    {
        assert_eq!(window.value(Role::Cell, name), count, "{name}");
    }
    // All of them stay open.
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    assert!(window.state().lesson.as_ref().unwrap().is_open(3));
}
