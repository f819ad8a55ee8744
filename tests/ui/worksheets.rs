//! Worksheets as a teacher makes them in the window.

use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    nn::Pair,
    ui::{
        action::Action,
        model::{
            convolution::{ConvolutionSetup, act::ConvolutionAct},
            file_kind::FileKind,
            lesson::LessonAct,
        },
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use std::fs;

/// Opens the dialog from the end of the settings.
fn open_dialog(window: &mut Window) {
    window.h.get_by_role_and_label(Role::Button, "Worksheet…").scroll_to_me();
    window.settle();
    window.button("Worksheet…");
}

#[test]
fn a_teacher_writes_sheets_to_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    for (size, view) in [(LARGE, "Convolution"), (SMALL, "Pooling")] {
        let mut window = Window::sized(size);
        window.tab(view);
        open_dialog(&mut window);
        assert!(window.shows("Pages to print"));
        let faults = layout::faults(&mut window, "the dialog for worksheets");
        assert!(faults.is_empty(), "{faults:?}");
        window.set_number(Role::SpinButton, "Number of sheets", 3.0);
        window.set_number(Role::SpinButton, "Seed of the sheets", 7.0);
        window.click(Role::Switch, "With the current image");
        window.button("Write to a folder…");
        assert_eq!(window.question(), Some(FileKind::Worksheets));
        let path = folder.path().join(view);
        window.type_path(&path);
        window.button("Save");
        assert_eq!(window.question(), None);
        assert!(window.shows("Wrote 3 sheets and the answers to"), "{:?}", window.messages());
        for name in ["sheet-01.pdf", "sheet-03.pdf", "answers.pdf"] {
            assert!(fs::read(path.join(name)).unwrap().starts_with(b"%PDF-"), "{name}");
        }
        assert!(!path.join("sheet-04.pdf").exists());
        // The same folder again is asked about first.
        window.button("Write to a folder…");
        window.type_path(&path);
        window.button("Save");
        assert!(window.shows("Replace the worksheets?"));
        window.button("Replace");
        window.button("Close");
        assert!(!window.shows("Pages to print"));
    }
}

#[test]
fn settings_that_fit_no_sheet_are_said_in_the_dialog() {
    let mut window = Window::new();
    window.tab("Convolution");
    let setup = &window.state().convolution.setup;
    let large = ConvolutionSetup { kernel: Pair::square(7), zeros: Pair::square(3), ..setup.clone() };
    window.act(Action::Convolution(ConvolutionAct::Set(Box::new(large))));
    open_dialog(&mut window);
    window.button("Write to a folder…");
    assert_eq!(window.question(), None);
    assert!(window.shows("Kernel size is 7, but must be from 1 to 5."));
    window.click(Role::RadioButton, "Drawn by the seed");
    window.button("Write to a folder…");
    assert_eq!(window.question(), Some(FileKind::Worksheets));
    window.key(Modifiers::NONE, Key::Escape);
    assert!(window.shows("Pages to print"));
    window.key(Modifiers::NONE, Key::Escape);
    assert!(!window.shows("Pages to print"));
}

#[test]
fn the_lesson_that_is_open_is_a_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::new();
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    open_dialog(&mut window);
    window.click(Role::RadioButton, "The lesson’s questions");
    window.button("Write to a folder…");
    window.type_path(&folder.path().join("lesson"));
    window.button("Save");
    assert!(window.shows("Wrote one sheet and the answers to"));
    assert!(folder.path().join("lesson/sheet-01.pdf").exists());
}
