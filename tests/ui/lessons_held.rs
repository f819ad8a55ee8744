//! What a lesson takes for an answer: states that are reached and not only passed, clicks that tell nothing, runs that it
//! makes itself.

use crate::{
    lessons::{is_done, reply},
    lessons_answers::{open_at, step},
    support::{LARGE, Window},
};
use convlens::{
    lesson::Quantity,
    train::TrainConfig,
    ui::{
        action::{Action, Transport},
        model::{convolution::ConvolutionAct, lesson::LessonAct},
    },
};
use egui::{Event, Modifiers, PointerButton, Pos2, Role};
use egui_kittest::kittest::Queryable as _;

fn press(window: &mut Window, at: Pos2, pressed: bool) {
    window.h.event(Event::PointerMoved(at));
    window.h.event(Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    });
    window.h.run_steps(4);
}

fn move_to(window: &mut Window, at: Pos2) {
    window.h.event(Event::PointerMoved(at));
    window.h.run_steps(4);
}

#[test]
fn a_state_that_is_dragged_through_is_not_reached() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "sliding-window", step("sliding-window", "Your own digit"));
    let slider = window.h.get_by_role_and_label(Role::Slider, "Scrub outputs").rect();
    let at = |part: f32| slider.left_center() + egui::vec2(part * slider.width(), 0.0);
    press(&mut window, at(0.1), true);
    move_to(&mut window, at(0.9));
    assert!(window.state().convolution.position() >= 392);
    assert!(!is_done(&window), "the button is still down");
    move_to(&mut window, at(0.1));
    press(&mut window, at(0.1), false);
    assert!(!is_done(&window), "it was passed only");
    press(&mut window, at(0.1), true);
    move_to(&mut window, at(0.9));
    press(&mut window, at(0.9), false);
    assert!(is_done(&window));
}

#[test]
fn a_click_that_answers_moves_nothing_and_pointing_tells_nothing() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "padding-and-stride", 0);
    let input = window.state().convolution.setup.clone();
    let output = window.h.get_by_role_and_label(Role::Cell, "output 0, 0").rect().center();
    window.click_at(output);
    assert!(reply(&window).starts_with("That is the output."), "{}", reply(&window));
    assert_eq!(window.state().convolution.position(), 4, "the window stays");
    let cell = window.h.get_by_role_and_label(Role::Cell, "input 1, 2").rect().center();
    window.h.hover_at(cell);
    window.settle();
    assert!(!window.shows("outputs of a map use it"), "this would tell");
    window.click_at(cell);
    assert!(!is_done(&window) && !window.h.ctx.text_edit_focused());
    assert_eq!(window.state().convolution.setup, input);
    let cell = window.h.get_by_role_and_label(Role::Cell, "input 2, 2").rect().center();
    window.click_at(cell);
    assert!(is_done(&window));
    window.click_at(output);
    assert_eq!(window.state().convolution.position(), 0, "afterwards a click moves the window again");
}

#[test]
fn an_input_of_8_is_not_7() {
    let mut window = Window::with_data(LARGE);
    let at = step("padding-and-stride", "A row that nobody sees");
    open_at(&mut window, "padding-and-stride", at);
    for (side, is_right) in [(8, false), (7, true)] {
        let mut setup = window.state().convolution.setup.clone();
        setup.size = (1, side, side);
        window.act(Action::Convolution(ConvolutionAct::Set(Box::new(setup))));
        assert_eq!(window.state().quantity(Quantity::ConvOutputHeight), Some(3.0));
        assert_eq!(is_done(&window), is_right, "{side}");
    }
}

#[test]
fn pooling_does_not_count_for_the_lesson() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "pooling", 0);
    window.until("the outputs", |state| state.pooling.study.is_some());
    window.settle();
    assert!(!window.shows("values become"), "a later step asks for it");
    window.act(Action::Lesson(LessonAct::Leave));
    window.tab("Pooling");
    window.until("the outputs", |state| state.pooling.study.is_some());
    window.settle();
    assert!(window.shows("values become"));
}

#[test]
fn a_step_about_a_run_makes_it() {
    let mut window = Window::with_data(LARGE);
    let gap = step("learning-by-heart", "The gap");
    open_at(&mut window, "learning-by-heart", gap);
    let is_made = |state: &convlens::ui::state::AppState| {
        state.snapshot.as_ref().is_some_and(|run| run.step >= 160 && !run.is_active())
    };
    window.until("the run of the lesson", is_made);
    let images = |window: &Window| window.state().snapshot.as_ref().unwrap().config.train_images;
    assert_eq!(images(&window), Some(200));
    // A run of one's own with other settings.
    let own = TrainConfig { train_images: Some(300), validation: 0.2, ..window.state().setup };
    window.act(Action::EditSetup(own));
    window.act(Action::Train(Transport::Reset));
    window.until("another run", |state| state.snapshot.as_ref().is_some_and(|run| run.step == 0));
    window.act(Action::Train(Transport::OneBatch));
    window.until("a step of it", |state| state.snapshot.as_ref().is_some_and(|run| run.step == 1));
    assert_eq!(images(&window), Some(300));
    window.act(Action::Lesson(LessonAct::Restore));
    window.until("the run of the lesson again", is_made);
    assert_eq!(images(&window), Some(200));
    // One that has gone on is left as it is.
    let step = window.state().snapshot.as_ref().unwrap().step;
    window.act(Action::Train(Transport::OneBatch));
    let has_gone_on = |state: &convlens::ui::state::AppState| {
        state.snapshot.as_ref().is_some_and(|run| run.step == step + 1 && !run.is_active())
    };
    window.until("one step more", has_gone_on);
    window.act(Action::Lesson(LessonAct::Restore));
    window.h.run_steps(20);
    assert!(has_gone_on(window.state()));
}

#[test]
fn a_person_can_pause_what_a_solution_trains() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "learning-by-heart", step("learning-by-heart", "See it happen"));
    window.act(Action::Lesson(LessonAct::Solve));
    window.until("some steps", |state| state.snapshot.as_ref().is_some_and(|run| run.step > 0));
    window.act(Action::Train(Transport::Pause));
    window.until("a pause", |state| !state.is_training());
    window.h.run_steps(20);
    assert!(!window.state().is_training(), "it stays paused");
}

#[test]
fn a_step_switches_maps_off_and_the_next_one_has_all_of_them() {
    let mut window = Window::with_data(LARGE);
    let at = step("pixel-to-answer", "Without it");
    open_at(&mut window, "pixel-to-answer", at - 1);
    window.until("the answer", |state| state.is_answered());
    window.act(Action::Lesson(LessonAct::Solve));
    window.act(Action::Lesson(LessonAct::Next));
    window.until("the answer", |state| state.changes().is_some());
    window.settle();
    assert_eq!(window.state().quantity(Quantity::NetOff), Some(1.0));
    let changes = window.state().changes().unwrap();
    let lost = changes.iter().find(|change| change.class == 7).unwrap().points();
    assert!(lost < 0.0 && lost > -1.0, "the lesson says: less than one point; {lost}");
    let place = window.h.get_by_role_and_label(Role::Switch, "This map").rect();
    assert!(place.bottom() < LARGE.y - 90.0 && place.top() > 600.0, "{place:?} is seen in the settings");
    window.act(Action::Lesson(LessonAct::Solve));
    assert_eq!(window.state().quantity(Quantity::NetOff), Some(3.0));
    window.act(Action::Lesson(LessonAct::Next));
    assert_eq!(window.state().quantity(Quantity::NetOff), Some(0.0));
    assert!(is_done(&window) || reply(&window).is_empty());
}

#[test]
fn of_several_right_cells_the_one_that_was_clicked_is_ringed() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "padding-and-stride", step("padding-and-stride", "Never seen"));
    let cell = window.h.get_by_role_and_label(Role::Cell, "input 5, 5").rect().center();
    window.click_at(cell);
    assert!(is_done(&window));
    let open = window.state().lesson.as_ref().unwrap();
    assert_eq!(open.work().unwrap().reply.as_ref().unwrap().places, ["input 5, 5"]);
}
