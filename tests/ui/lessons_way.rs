//! The way through lessons: where one begins, where the next one is, what a step puts back, which tasks count as solved.

use crate::{
    lessons::is_done,
    lessons_answers::{open_at, step},
    support::{LARGE, Window},
};
use convlens::{
    lesson::{Quantity, shipped},
    nn::Pair,
    ui::{
        action::Action,
        model::{
            convolution::{ConvolutionAct, Weights},
            lesson::LessonAct,
            pooling::PoolingSetup,
            view::ViewId,
        },
    },
};
use egui::{Rect, Role, vec2};
use egui_kittest::kittest::Queryable as _;

fn button(window: &Window, name: &str) -> Rect {
    window.h.get_by_role_and_label(Role::Button, name).rect()
}

#[test]
fn the_next_lesson_is_a_click_away_and_a_finished_one_begins_again() {
    let mut window = Window::with_data(LARGE);
    let last = shipped()[0].steps.len() - 1;
    open_at(&mut window, "what-a-computer-sees", last);
    assert!(!window.shows("Next lesson"));
    assert!(window.shows("Finish opens with the right answer or the solution."));
    window.act(Action::Lesson(LessonAct::Solve));
    window.button("Next lesson");
    let open = window.state().lesson.as_ref().unwrap();
    assert_eq!((open.lesson.id.as_str(), open.at), ("sliding-window", 0));

    window.act(Action::Lesson(LessonAct::Open("what-a-computer-sees".into())));
    let open = window.state().lesson.as_ref().unwrap();
    assert_eq!(open.at, 0);
    assert!((0..=last).all(|step| open.is_open(step)), "all steps are open");
    // It is done for good.
    window.act(Action::ShowView(ViewId::Lessons));
    assert!(window.shows("done"));
}

#[test]
fn the_question_keeps_its_place_where_the_timeline_comes() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "channels-add-up", step("channels-add-up", "Count a whole layer"));
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    window.act(Action::Lesson(LessonAct::Solve));
    let before = button(&window, "Next");
    window.act(Action::Lesson(LessonAct::Next));
    assert_eq!(window.state().settings.view, ViewId::Network);
    assert_eq!(button(&window, "Next"), before);
}

#[test]
fn a_step_puts_the_normalisation_back() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "what-a-computer-sees", step("what-a-computer-sees", "The same seven"));
    window.act(Action::SetNormalise(false));
    assert!(!window.state().settings.is_normalised);
    window.act(Action::Lesson(LessonAct::Solve));
    window.act(Action::Lesson(LessonAct::Next));
    assert!(window.state().settings.is_normalised);
}

#[test]
fn what_is_not_what_a_task_asks_for_solves_nothing() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "kernels-by-hand", step("kernels-by-hand", "Your own kernel"));
    // A kernel that sees the steps to the right, however weakly.
    for weight in [0.1, 0.15, 0.3, 0.5] {
        let mut setup = window.state().convolution.setup.clone();
        let Weights::Own(kernels) = &mut setup.weights else { panic!("numbers of its own") };
        kernels.values.copy_from_slice(&[0.0, 0.0, 0.0, -weight, 0.0, weight, 0.0, 0.0, 0.0]);
        window.act(Action::Convolution(ConvolutionAct::Set(Box::new(setup))));
        window.settle();
        assert!(!is_done(&window), "{weight}");
    }
    window.act(Action::Lesson(LessonAct::Leave));

    open_at(&mut window, "pooling", step("pooling", "Shift a digit"));
    let pooling = window.state().settings.pooling.clone();
    let kernel_size = Pair::square(14);
    window.act(Action::EditPooling(PoolingSetup { kernel_size, ..pooling }));
    window.until("nothing changes", |state| state.quantity(Quantity::PoolChanged) == Some(0.0));
    window.settle();
    assert!(!is_done(&window), "the untouched digit");
}

#[test]
fn subtotals_are_asked_for_a_channel_a_line() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "channels-add-up", step("channels-add-up", "From subtotals"));
    for part in ["c0: ", "c1: ", "c2: ", "c0 + c1 + c2 + bias "] {
        assert!(window.h.query_all_by_label_contains(part).next().is_some(), "{part}");
    }
}

#[test]
fn the_buttons_of_a_begun_lesson_are_on_its_card() {
    for size in [vec2(1366.0, 768.0), LARGE] {
        let mut window = Window::with_data(size);
        open_at(&mut window, "what-a-computer-sees", 1);
        window.act(Action::ShowView(ViewId::Lessons));
        window.settle();
        let minutes = window.h.get_all_by_label("7 min").next().unwrap().rect();
        for name in ["Hand in lesson 1…", "Start lesson 1 over"] {
            assert!(button(&window, name).right() <= minutes.right() + 1.0, "{name} at {size}");
        }
    }
}
