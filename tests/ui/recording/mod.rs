//! Recording a lesson in the window.

mod faults;
mod states;

use crate::support::{LARGE, SMALL, Window, builder, layout, open, options};
use convlens::{
    lesson::{DraftKind, Lesson, Part, TaskKind, shipped, task::Answer},
    ui::{
        Options,
        action::Action,
        model::{
            convolution::ConvolutionAct,
            file_kind::FileKind,
            recording::{RecordAct, Recording},
            view::ViewId,
        },
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use std::{fs, path::Path};

/// A window whose settings are kept in this folder.
fn start(folder: &Path) -> Window {
    open(builder(LARGE), Options { settings_path: Some(folder.join("settings.json")), ..options() })
}

fn recording(window: &Window) -> &Recording {
    window.state().recording.as_ref().expect("a lesson is being recorded")
}

/// Replaces what is in a field.
fn write(window: &mut Window, field: &str, text: &str) {
    window.h.get_by_role_and_label(Role::TextInput, field).focus();
    window.settle();
    window.key(Modifiers::COMMAND, Key::A);
    window.h.get_by_role_and_label(Role::TextInput, field).type_text(text);
    window.settle();
}

fn page(window: &mut Window, name: &str) {
    window.click(Role::RadioButton, name);
}

/// Scrolls to a button of the panel and clicks it.
fn press(window: &mut Window, name: &str) {
    window.h.get_by_role_and_label(Role::Button, name).scroll_to_me();
    window.settle();
    window.button(name);
}

/// Clicks in the middle of a place.
fn click_place(window: &mut Window, name: &str) {
    let place = window.h.query_all_by_label(name).next().expect("the place is there").rect().center();
    window.click_at(place);
}

/// Sets the padding as a person does.
fn set_padding(window: &mut Window, padding: usize) {
    let mut setup = window.state().convolution.setup.clone();
    setup.zeros = padding.into();
    window.act(Action::Convolution(ConvolutionAct::Set(Box::new(setup))));
}

#[test]
fn a_lesson_is_recorded_saved_checked_and_played() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = start(folder.path());
    window.tab("Lessons");
    window.button("New lesson");
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    write(&mut window, "Title of the lesson", "Padding, for 10b");
    assert!(window.shows("A lesson") || window.shows("Padding, for 10b"));
    assert!(window.shows("take it as the first step"));

    // Two steps with different settings.
    window.button("Take the window as this step");
    assert!(window.shows("The window is as the step shows it."));
    set_padding(&mut window, 1);
    assert!(window.shows("padding as at first → 1"), "{:?}", window.state().window_show);
    window.button("as a new step");
    assert_eq!((recording(&window).draft.steps.len(), recording(&window).at), (2, 1));

    // The text, with a place that is pointed at and a number of the window.
    page(&mut window, "Text");
    write(&mut window, "Title of the step", "The corner");
    write(&mut window, "Text of the step", "Look at the kernel:");
    press(&mut window, "Point at…");
    click_place(&mut window, "kernel 1, 1");
    let text = |window: &Window| recording(window).step().unwrap().text.clone();
    assert_eq!(text(&window), "Look at the kernel: [kernel 1, 1](<kernel 1, 1>)");
    assert!(recording(&window).pointing.is_none());
    window.h.get_by_role_and_label(Role::ComboBox, "Insert a number…").scroll_to_me();
    window.settle();
    window.choose("Insert a number…", "conv.stride =");
    assert_eq!(text(&window), "Look at the kernel: [kernel 1, 1](<kernel 1, 1>) {conv.stride}");

    // A task.
    page(&mut window, "Task");
    page(&mut window, "number");
    write(&mut window, "Question", "What comes out in the corner?");
    window.click(Role::ComboBox, "Right answer");
    window.h.get_by_label("conv.output").click();
    window.h.remove_cursor();
    window.settle();
    press(&mut window, "Add a hint");
    write(&mut window, "Hint 1", "The edge counts as zero.");
    write(&mut window, "Because", "Zeros add nothing.");
    press(&mut window, "Add a wrong answer");
    write(&mut window, "Wrong answer 1", "12");
    write(&mut window, "What wrong answer 1 forgot", "That is the output without padding.");

    // It can be played.
    page(&mut window, "Check");
    assert!(window.shows("The lesson can be played: 2 steps, 1 task."), "{:?}", recording(&window).checked);
    let written = recording(&window).draft.to_text();
    let lesson = Lesson::read(&written).unwrap();
    assert_eq!(lesson.steps[1].text.places().collect::<Vec<_>>(), ["kernel 1, 1"]);

    // The preview is the student's panel, and leaves nothing behind.
    let before = window.state().settings.lessons.clone();
    page(&mut window, "Steps");
    press(&mut window, "Step 1: Step 1");
    set_padding(&mut window, 3);
    window.button("Preview");
    assert_eq!(window.state().convolution.setup.zeros, 0.into());
    play(&mut window);
    assert_eq!(window.state().settings.lessons, before);
    assert_eq!(window.state().convolution.setup.zeros, 3.into(), "the window is as it was");
    assert_eq!(recording(&window).draft.to_text(), written);

    // It is there after the program was closed, and in its file.
    window.close();
    let file = folder.path().join("lessons/my-lesson.md");
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    let mut window = start(folder.path());
    assert_eq!(recording(&window).draft.to_text(), written);
    window.button("Close the recording");
    assert!(window.state().recording.is_none());

    // It is one of my lessons, and a student plays it to its end.
    window.tab("Lessons");
    press(&mut window, "Play Padding, for 10b");
    window.until("the lesson", |state| state.lesson.is_some());
    play(&mut window);
    assert!(window.state().settings.lessons.contains_key("my-lesson"));
    window.tab("Lessons");
    press(&mut window, "Edit Padding, for 10b");
    assert_eq!(recording(&window).draft.to_text(), written);
    window.button("Close the recording");
    window.close();
    assert!(start(folder.path()).state().recording.is_none());
}

/// Plays the lesson of two steps that is open to its end.
fn play(window: &mut Window) {
    assert!(window.state().lesson.is_some(), "{:?}", window.messages());
    window.button("Next");
    assert_eq!(window.state().convolution.setup.zeros, 1.into());
    let task = window.state().lesson.as_ref().unwrap().step().unwrap().task.clone().unwrap();
    let TaskKind::Number { answer: Answer::Window(of), .. } = task.kind else { panic!("{task:?}") };
    let right = window.state().quantity(of).unwrap();
    for (number, is_right) in [(12.0, false), (right, true)] {
        write(window, "Your answer", &number.to_string());
        window.button("Check");
        assert_eq!(window.state().lesson.as_ref().unwrap().work().unwrap().is_done(), is_right);
        assert!(window.shows(if is_right { "Zeros add nothing." } else { "without padding" }));
    }
    window.button("Finish");
    assert!(window.state().lesson.is_none());
}

#[test]
fn steps_are_arranged_and_every_change_is_undone() {
    let mut window = Window::new();
    window.act(Action::Record(RecordAct::New));
    for title in ["One", "Two", "Three"] {
        window.button("as a new step");
        page(&mut window, "Text");
        write(&mut window, "Title of the step", title);
        page(&mut window, "Steps");
    }
    let titles = |window: &Window| {
        recording(window).draft.steps.iter().map(|step| step.title.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(titles(&window), "One Two Three");
    press(&mut window, "Move the step up");
    assert_eq!(titles(&window), "One Three Two");
    press(&mut window, "Duplicate the step");
    assert_eq!(titles(&window), "One Three Three Two");
    press(&mut window, "Remove the step");
    press(&mut window, "New step");
    let after = recording(&window).draft.clone();
    let mut steps_back = 0;
    while recording(&window).can_undo() {
        window.button("Undo in the lesson");
        steps_back += 1;
    }
    assert!(recording(&window).draft.steps.is_empty());
    // Words that are typed in a row are one change.
    assert_eq!(steps_back, 3 * 2 + 4);
    while recording(&window).can_redo() {
        window.button("Redo in the lesson");
    }
    assert_eq!(recording(&window).draft, after);
}

#[test]
fn a_file_of_others_changes_when_it_is_saved_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.md");
    fs::write(&path, convlens::lesson::SHIPPED[1]).unwrap();
    let mut window = start(folder.path());
    window.act(Action::Record(RecordAct::Edit(path.clone())));
    assert_eq!(recording(&window).draft.steps.len(), shipped()[1].steps.len());
    assert!(recording(&window).is_saved() && window.shows("theirs.md · saved"));
    page(&mut window, "Text");
    write(&mut window, "Title of the step", "Mine");
    assert!(window.shows("theirs.md · not saved"));
    window.button("Close the recording");
    assert!(window.state().recording.is_some(), "it asks first");
    // What was written is there at the next start, though it is not saved.
    window.close();
    let mut window = start(folder.path());
    assert_eq!(recording(&window).step().unwrap().title, "Mine");
    assert!(!recording(&window).is_saved());
    window.button("Close the recording");
    window.button("Close without saving");
    assert!(window.state().recording.is_none());
    assert_eq!(fs::read_to_string(&path).unwrap(), convlens::lesson::SHIPPED[1]);

    window.act(Action::Record(RecordAct::Edit(path.clone())));
    page(&mut window, "Text");
    write(&mut window, "Title of the step", "Mine");
    window.button("Save the lesson");
    assert!(recording(&window).is_saved(), "{:?}", window.messages());
    let saved = Lesson::read(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!((saved.steps[0].title.as_str(), saved.steps.len()), ("Mine", shipped()[1].steps.len()));
    // It is one of my lessons from then on, also under another name.
    let other = folder.path().join("other.md");
    window.act(Action::AskForFile(FileKind::SaveLesson));
    window.type_path(&other);
    window.button("Save");
    assert!(other.exists() && window.state().question.is_none());
    assert_eq!(recording(&window).file.as_ref(), Some(&other));
    window.button("Close the recording");
    window.close();
    let mut window = start(folder.path());
    window.tab("Lessons");
    assert!(window.shows("theirs.md ·") && window.shows("other.md ·"));
}

#[test]
fn places_are_clicked_for_tasks_and_a_solution_is_taken() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.act(Action::Record(RecordAct::New));
    window.button("Take the window as this step");
    page(&mut window, "Task");
    page(&mut window, "click");
    write(&mut window, "Question", "Where is it?");
    press(&mut window, "Click the place…");
    click_place(&mut window, "input 0, 4");
    let Some(Part::Read(task)) = &recording(&window).step().unwrap().task else { panic!() };
    assert_eq!((task.kind, &task.cells[..]), (DraftKind::Click, &["input 0, 4".to_owned()][..]));
    // Escape ends pointing, and nothing is written.
    press(&mut window, "Click the place…");
    window.key(Modifiers::NONE, Key::Escape);
    assert!(recording(&window).pointing.is_none());

    page(&mut window, "state");
    write(&mut window, "Condition 1", "conv.padding = 2");
    set_padding(&mut window, 2);
    press(&mut window, "Take the window as the solution");
    let lesson = Lesson::read(&recording(&window).draft.to_text()).unwrap();
    let Some(TaskKind::Reach { solution, .. }) = lesson.steps[0].task.as_ref().map(|task| &task.kind) else {
        panic!("{lesson:?}")
    };
    assert!(solution.convolution.is_some());
    window.button("Preview");
    assert_eq!(window.state().convolution.setup.zeros, 0.into());
    window.button("Show the solution");
    assert_eq!(window.state().convolution.setup.zeros, 2.into());
    window.button("End the preview");
    assert!(window.state().recording.is_some());
}

#[test]
fn the_panel_is_whole_in_every_window() {
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        let mut faults = Vec::new();
        window.act(Action::ShowView(ViewId::Lessons));
        faults.extend(layout::faults(&mut window, &format!("home {size}")));
        let folder = tempfile::tempdir().unwrap();
        for (i, text) in convlens::lesson::SHIPPED.iter().enumerate().step_by(5) {
            let path = folder.path().join(format!("{i}.md"));
            fs::write(&path, text).unwrap();
            window.act(Action::Record(RecordAct::Edit(path)));
            for name in ["Steps", "Text", "Task", "Check"] {
                page(&mut window, name);
                for step in 0..recording(&window).draft.steps.len().min(4) {
                    window.act(Action::Record(RecordAct::GoTo(step)));
                    faults.extend(layout::faults(&mut window, &format!("{i} {name} {step} {size}")));
                }
            }
            window.act(Action::Record(RecordAct::Close(false)));
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
