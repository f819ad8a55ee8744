//! The window of a lesson: what keeps its place, what is scrolled to, what the keyboard and the other buttons do.

use crate::{
    lessons::{answer, is_done},
    lessons_answers::open_at,
    support::{LARGE, SMALL, Window},
};
use convlens::{
    lesson::TaskKind,
    ui::{
        action::Action,
        model::lesson::{LessonAct, LessonAnswer},
    },
};
use egui::{Key, Modifiers, Rect, Role};
use egui_kittest::kittest::Queryable as _;

/// Where the one button of this name is.
fn button(window: &Window, name: &str) -> Rect {
    window.h.get_by_role_and_label(Role::Button, name).rect()
}

fn task(window: &Window) -> convlens::lesson::Task {
    window.state().lesson.as_ref().unwrap().step().unwrap().task.clone().unwrap()
}

fn options(window: &Window) -> Vec<String> {
    match task(window).kind {
        TaskKind::Choice { options, .. } => options.iter().map(|option| option.shown().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// Whether the last hint or reply can be read, above the question.
fn is_read(window: &Window, part: &str) -> bool {
    let ask = task(window).ask.shown().to_owned();
    let card = window.h.get_all_by_label(&ask).next().unwrap().rect();
    let top = window.h.get_all_by_role(Role::Button).find(|node| {
        use egui_kittest::kittest::NodeT as _;
        node.accesskit_node().label().is_some_and(|label| label.starts_with("Step 1: "))
    });
    let top = top.unwrap().rect().bottom();
    let said: Vec<Rect> = window.h.query_all_by_label_contains(part).map(|node| node.rect()).collect();
    said.iter().any(|rect| rect.top() >= top && rect.bottom() <= card.top() + 1.0)
}

#[test]
fn hint_and_solution_have_their_places() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        open_at(&mut window, "sliding-window", 0);
        let (hint, solution) = (button(&window, "Hint"), button(&window, "Show the solution"));
        window.button("Hint");
        assert_eq!(button(&window, "Next hint"), hint, "{size}");
        assert_eq!(button(&window, "Show the solution"), solution, "{size}");
        assert!(is_read(&window, "Go row by row"), "{size}");
        window.button("Next hint");
        assert_eq!(button(&window, "Hint"), hint, "{size}");
        assert_eq!(button(&window, "Show the solution"), solution, "{size}");
        assert!(is_read(&window, "The middle row"), "{size}");
        // A second click at the same place is no solution.
        window.click_at(hint.center());
        assert!(!is_done(&window), "{size}");
    }
}

/// Whether buttons are where they were. One that is pointed at is drawn a point larger.
fn are_at(now: &[f32], before: &[f32]) -> bool {
    now.len() == before.len() && now.iter().zip(before).all(|(a, b)| (a - b).abs() <= 1.0)
}

#[test]
fn options_stay_and_what_is_said_is_seen() {
    let steps = [("what-a-computer-sees", 0), ("what-a-computer-sees", 4), ("kernels-by-hand", 2)];
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        for (id, step) in steps {
            open_at(&mut window, id, step);
            let names = options(&window);
            let places = |window: &Window| -> Vec<f32> {
                names.iter().map(|name| button(window, name).bottom()).collect()
            };
            let before = places(&window);
            let foot = button(&window, "Back").top();
            assert!(before.iter().all(|bottom| *bottom <= foot), "{id} {step} {size}: {before:?}, {foot}");
            let TaskKind::Choice { answer, .. } = task(&window).kind else { panic!("{id} {step}") };
            let wrong = (0..names.len()).find(|option| *option != answer).unwrap();
            window.button(&names[wrong]);
            assert!(are_at(&places(&window), &before), "{id} {step} {size}");
            let reply = crate::lessons::reply(&window);
            assert!(is_read(&window, &reply), "{id} {step} {size}: {reply}");
            window.act(Action::Lesson(LessonAct::Hint));
            assert!(is_read(&window, "Hint 1 of"), "{id} {step} {size}");
            window.button(&names[answer]);
            assert!(are_at(&places(&window), &before), "{id} {step} {size}");
            assert!(is_done(&window));
            window.act(Action::Lesson(LessonAct::Leave));
        }
    }
}

#[test]
fn every_step_opens_at_its_top() {
    let mut window = Window::with_data(SMALL);
    open_at(&mut window, "sliding-window", 0);
    let text = |window: &Window, part: &str| window.h.get_by_label_contains(part).rect().top();
    let top = text(&window, "is a small grid of numbers");
    for _ in 0..2 {
        window.act(Action::Lesson(LessonAct::Hint));
    }
    assert!(text(&window, "is a small grid of numbers") < top, "it is scrolled to the hint");
    // Another lesson, and this one again.
    window.act(Action::Lesson(LessonAct::Leave));
    window.act(Action::Lesson(LessonAct::Open("what-a-computer-sees".into())));
    let first = text(&window, "You see a 7 on");
    assert!((first - top).abs() < 30.0, "{first} {top}");
    window.act(Action::Lesson(LessonAct::Leave));
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    assert_eq!(text(&window, "is a small grid of numbers"), top);
}

#[test]
fn the_settings_are_scrolled_to_the_place_that_is_pointed_at() {
    for (id, step, name) in [
        ("padding-and-stride", crate::lessons_answers::step("padding-and-stride", "Two ways"), "Kernel size"),
        ("one-big-product", 8, "Kernel size"),
    ] {
        let mut window = Window::with_data(LARGE);
        open_at(&mut window, id, step);
        let place = window.h.get_by_role_and_label(Role::Slider, name).rect();
        let lesson =
            button(&window, if window.h.query_by_label("Finish").is_some() { "Finish" } else { "Next" });
        assert!(place.top() > lesson.bottom(), "{id} {step}: {place:?} is under the lesson");
        assert!(place.bottom() < LARGE.y - 60.0, "{id} {step}: {place:?} is below the window");
    }
}

#[test]
fn a_narrow_window_says_that_a_place_is_in_the_settings() {
    let mut window = Window::with_data(SMALL);
    open_at(&mut window, "how-it-learns", 2);
    assert!(window.h.query_by_role_and_label(Role::SpinButton, "Learning rate").is_none());
    let name = format!("{}  Learning rate is in Settings", convlens::ui::style::icons::SLIDERS_HORIZONTAL);
    window.button(&name);
    let place = window.h.get_by_role_and_label(Role::SpinButton, "Learning rate").rect();
    assert!(place.top() > 60.0 && place.bottom() < SMALL.y - 38.0, "{place:?}");
    let ask = task(&window).ask.shown().to_owned();
    assert!(window.shows(&ask), "the question stands above: {ask}");
    window.click(Role::RadioButton, "Lesson");
    assert!(window.h.query_by_role_and_label(Role::SpinButton, "Learning rate").is_none());
    // The next step begins with its text.
    window.click(Role::RadioButton, "Settings");
    window.act(Action::Lesson(LessonAct::Solve));
    window.act(Action::Lesson(LessonAct::Next));
    assert!(window.h.query_by_role_and_label(Role::SpinButton, "Learning rate").is_none());
}

#[test]
fn the_answer_is_typed_at_once_and_enter_goes_on() {
    let mut window = Window::with_data(LARGE);
    open_at(&mut window, "sliding-window", 0);
    assert!(window.h.get_by_role_and_label(Role::TextInput, "Your answer").is_focused());
    window.h.get_by_role_and_label(Role::TextInput, "Your answer").type_text("10");
    window.settle();
    window.key(Modifiers::NONE, Key::Enter);
    let work = |window: &Window| window.state().lesson.as_ref().unwrap().work[0].clone();
    assert_eq!((work(&window).tries, work(&window).is_solved), (1, false));
    assert!(window.h.get_by_role_and_label(Role::TextInput, "Your answer").is_focused(), "to try again");
    // H is a hint in the field for a number, too, and is not typed.
    window.h.key_press(Key::H);
    window.h.event(egui::Event::Text("h".into()));
    window.settle();
    assert_eq!(work(&window).hints, 1);
    window.key(Modifiers::COMMAND, Key::A);
    window.h.get_by_role_and_label(Role::TextInput, "Your answer").type_text("12");
    window.settle();
    window.key(Modifiers::NONE, Key::Enter);
    assert!(work(&window).is_solved && window.state().lesson.as_ref().unwrap().at == 0);
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().lesson.as_ref().unwrap().at, 1);
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().lesson.as_ref().unwrap().at, 1, "its question is open");
    answer_click(&mut window);
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().lesson.as_ref().unwrap().at, 2);
    assert!(window.h.get_by_role_and_label(Role::TextInput, "Your answer").is_focused());
    answer(&mut window, 10.0);
    assert!(window.state().lesson.as_ref().unwrap().work[2].is_solved);
}

fn answer_click(window: &mut Window) {
    window.act(Action::Lesson(LessonAct::Answer(LessonAnswer::Click("input 0, 0".into()))));
    assert!(is_done(window));
}

#[test]
fn a_slip_on_the_top_bar_trains_nothing() {
    use egui_kittest::kittest::NodeT as _;
    let mut window = Window::with_data(LARGE);
    let is_disabled = |window: &Window, name: &str| {
        let buttons = window.h.query_all_by_role_and_label(Role::Button, name);
        buttons.map(|node| node.accesskit_node().is_disabled()).next().unwrap()
    };
    let names = ["Train", "1 batch", "1 epoch", "Reset"];
    assert!(names.iter().all(|name| !is_disabled(&window, name)));
    open_at(&mut window, "sliding-window", 1);
    assert!(names.iter().all(|name| is_disabled(&window, name)));
    let place = button(&window, "1 epoch").center();
    window.h.hover_at(place);
    window.h.run_steps(90);
    assert!(window.shows("This step of the lesson does not train."));
    window.click_at(place);
    window.tab("Train");
    window.key(Modifiers::NONE, Key::Space);
    assert!(
        !window.state().is_training() && window.state().snapshot.as_ref().is_none_or(|run| run.step == 0)
    );
    window.act(Action::Lesson(LessonAct::Leave));
    open_at(&mut window, "how-it-learns", 2);
    assert!(names.iter().all(|name| !is_disabled(&window, name)));
}

#[test]
fn the_words_are_on_the_screen_while_presenting() {
    use crate::support::{builder, layout, open, options};
    let size = egui::vec2(1280.0, 720.0);
    let mut window = open(builder(size), options());
    window.use_small_set();
    open_at(&mut window, "sliding-window", 0);
    window.dismiss_messages();
    window.key(Modifiers::NONE, Key::F11);
    let view = window.h.get_by_role_and_label(Role::Grid, "output").rect();
    for text in ["One window", "It lies on nine cells of", "What is the first output?"] {
        let place = window.h.get_by_label_contains(text).rect();
        assert!(place.top() > view.bottom() && place.bottom() < size.y, "{text}: {place:?}");
    }
    let steps = window.state().lesson.as_ref().unwrap().lesson.steps.len();
    assert!(window.shows(&format!("1 / {steps}")));
    window.key(Modifiers::NONE, Key::PageDown);
    let said = window.h.get_by_label_contains("It is 12.").rect();
    assert!(said.bottom() < size.y - 26.0, "{said:?}");
    let open_lesson = window.state().lesson.as_ref().unwrap();
    let places = open_lesson.work().unwrap().reply.as_ref().unwrap().places.clone();
    assert!(places.contains(&"output 0, 0".to_owned()), "the answer is lit: {places:?}");
    assert_eq!(window.h.get_by_role_and_label(Role::Grid, "output").rect(), view, "nothing jumps");
    window.key(Modifiers::NONE, Key::PageDown);
    assert!(window.shows(&format!("2 / {steps}")) && window.shows("Where the sum comes from"));
    // A choice has its options on the screen.
    window.act(Action::Lesson(LessonAct::Leave));
    window.dismiss_messages();
    open_at(&mut window, "what-a-computer-sees", 0);
    assert!(options_are_shown(&window));
    for id in ["sliding-window", "padding-and-stride", "pooling"] {
        let count = convlens::lesson::shipped().iter().find(|lesson| lesson.id == id).unwrap().steps.len();
        window.act(Action::Lesson(LessonAct::Leave));
        window.dismiss_messages();
        open_at(&mut window, id, 0);
        for step in 0..count {
            let faults = layout::faults_with(&mut window, &format!("{id} {step}"), 0);
            assert!(faults.is_empty(), "{}", faults.join("\n"));
            window.key(Modifiers::NONE, Key::PageDown);
            window.key(Modifiers::NONE, Key::PageDown);
        }
    }
}

fn options_are_shown(window: &Window) -> bool {
    options(window).iter().all(|option| window.shows(option))
}

/// Where the first place that the step points at is, grids before other things of this name.
fn first_place(window: &Window) -> Option<(String, Rect)> {
    use egui_kittest::kittest::NodeT as _;
    let open = window.state().lesson.as_ref()?;
    let name = open.step()?.shown().1.places().next()?.to_owned();
    let nodes = || window.h.query_all_by_label(&name);
    let is_whole = |role| matches!(role, Role::Grid | Role::Canvas | Role::Image);
    let grid = nodes().find(|node| is_whole(node.accesskit_node().role()));
    let place = grid.or_else(|| nodes().next())?.rect();
    Some((name, place))
}

/// What is wrong with where a step's place is.
fn place_fault(window: &mut Window, size: egui::Vec2) -> Option<String> {
    let Some((name, place)) = first_place(window) else {
        // In a small window, it may be in the settings, which is said.
        let open = window.state().lesson.as_ref()?;
        let name = open.step()?.shown().1.places().next()?.to_owned();
        let icon = convlens::ui::style::icons::SLIDERS_HORIZONTAL;
        let said = format!("{icon}  {name} is in Settings");
        if window.h.query_by_role_and_label(Role::Button, &said).is_none() {
            return Some(format!("{name} is nowhere"));
        }
        window.button(&said);
        let (name, place) = first_place(window)?;
        let is_seen = place.top() >= 100.0 && place.bottom() <= size.y - 38.0;
        return (!is_seen).then(|| format!("{name} is not in the settings that are seen: {place:?}"));
    };
    let foot = ["Next", "Finish"]
        .into_iter()
        .find_map(|name| window.h.query_by_role_and_label(Role::Button, name).map(|node| node.rect()));
    let is_narrow = size.x < 1160.0;
    let panel = size.x - if is_narrow { 272.0 } else { 344.0 };
    let is_in_settings = !is_narrow && place.left() >= panel;
    // Below the top bar or the lesson, above the bars at the foot, beside the panel.
    let top = if is_in_settings { foot?.bottom() } else { 51.0 };
    let right = if is_in_settings { size.x } else { panel };
    let room = Rect::from_min_max(egui::pos2(60.0, top), egui::pos2(right, size.y - 38.0));
    let seen = place.intersect(room);
    let part = if seen.is_positive() { seen.area() / place.area() } else { 0.0 };
    (part < 0.6).then(|| format!("of {name}, {:.0} % are seen: {place:?} in {room:?}", 100.0 * part))
}

#[test]
fn every_step_shows_the_place_that_it_points_at() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        let mut faults = Vec::new();
        for lesson in convlens::lesson::shipped() {
            crate::lessons::open(&mut window, lesson);
            for i in 0..lesson.steps.len() {
                // Directly, as a click on its dot does, after the place of another step was scrolled to.
                window.act(Action::Lesson(LessonAct::GoTo(i)));
                let is_there = |state: &convlens::ui::state::AppState| {
                    (state.is_answered() || state.image.is_blank() || state.is_training())
                        && (state.pooling.study.is_some()
                            || state.settings.view != convlens::ui::model::view::ViewId::Pooling)
                };
                window.until("the step", is_there);
                window.h.run_steps(20);
                if let Some(fault) = place_fault(&mut window, size) {
                    faults.push(format!("{} {} at {size}: {fault}", lesson.id, i + 1));
                }
                window.act(Action::Lesson(LessonAct::Solve));
            }
            window.act(Action::Lesson(LessonAct::Leave));
            window.dismiss_messages();
        }
        assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    }
}
