//! Keys, and that they keep out of where one types.

use crate::support::{LARGE, ONE, Window};
use convlens::ui::{
    action::{Action, Transport},
    model::{file_kind::FileKind, view::ViewId},
    state::AppState,
    views::VIEWS,
    widgets::Brush,
};
use egui::{Key, Modifiers, Role, accesskit::Toggled};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

#[test]
fn views_have_keys() {
    let mut window = Window::new();
    let (one, nine) = (Key::Num1 as usize, Key::Num9 as usize);
    let numbers = Key::ALL.iter().copied().filter(|key| (one..=nine).contains(&(*key as usize)));
    let keys: Vec<Key> = numbers.chain([Key::L]).collect();
    assert_eq!(VIEWS.len(), keys.len());
    for (entry, key) in VIEWS.iter().zip(keys).rev() {
        window.key(Modifiers::COMMAND, key);
        assert_eq!(window.state().settings.view, entry.id);
        let tab = window.h.get_by_role_and_label(Role::Tab, entry.name);
        assert_eq!(tab.accesskit_node().toggled(), Some(Toggled::True));
    }
}

#[test]
fn space_trains_and_pauses() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.key(Modifiers::NONE, Key::Space);
    window.until("training", AppState::is_training);
    window.until("steps", |state| state.snapshot.as_ref().is_some_and(|s| s.step > 2));
    assert!(window.state().is_training());
    window.key(Modifiers::NONE, Key::Space);
    window.until("a pause", |state| !state.is_training());
}

/// What a key changed: whether training has begun, the drawing, the brush, the image.
type Seen = (bool, u64, Brush, u64);

fn seen(window: &Window) -> Seen {
    let state = window.state();
    let has_begun = state.snapshot.as_ref().is_some_and(|s| s.step > 0 || s.is_active());
    (has_begun, state.drawing.revision(), state.settings.brush, state.image.revision)
}

/// A key acts in the views in which one looks at what it changes, and in no other.
#[test]
fn keys_act_where_one_looks() {
    let keys = [Key::Space, Key::Delete, Key::B, Key::E, Key::OpenBracket, Key::CloseBracket, Key::N];
    for entry in VIEWS {
        for key in keys {
            let mut window = Window::with_data(LARGE);
            if key == Key::B {
                window.key(Modifiers::NONE, Key::E);
            }
            window.act(Action::ShowView(entry.id));
            window.h.run_steps(3);
            let before = seen(&window);
            window.key(Modifiers::NONE, key);
            // A run that was started would be under way by then.
            window.h.run_steps(40);
            let acts = match key {
                Key::Space => matches!(entry.id, ViewId::Train | ViewId::Network),
                Key::N => true,
                _ => entry.id == ViewId::Draw,
            };
            if key == Key::Space && acts {
                window.until("training", |state| state.snapshot.as_ref().is_some_and(|s| s.step > 0));
            }
            assert_eq!(seen(&window) != before, acts, "{key:?} in {}", entry.name);
        }
    }
}

#[test]
fn delete_clears_while_the_canvas_has_the_focus_but_no_other_widget() {
    let mut window = Window::with_data(LARGE);
    window.h.get_by_role_and_label(Role::Button, "Next sample").focus();
    window.settle();
    window.key(Modifiers::NONE, Key::Delete);
    assert!(!window.state().drawing.is_blank());
    window.h.get_by_role_and_label(Role::Canvas, "Drawing canvas").focus();
    window.settle();
    window.key(Modifiers::NONE, Key::Delete);
    assert!(window.state().drawing.is_blank());
}

#[test]
fn undo_takes_a_stroke_back_where_the_drawing_is_what_one_works_on() {
    for entry in VIEWS {
        let mut window = Window::new();
        window.act(Action::ClearDrawing);
        window.act(Action::ShowView(entry.id));
        window.key(Modifiers::COMMAND, Key::Z);
        // Others undo their own changes; Pooling has none, and its drawing stays.
        let has_own = matches!(
            entry.id,
            ViewId::Convolution | ViewId::Architecture | ViewId::Filters | ViewId::Pooling
        );
        assert_eq!(window.state().drawing.is_blank(), has_own, "{}", entry.name);
    }
}

#[test]
fn files_have_shortcuts() {
    let mut window = Window::new();
    let shortcuts = [
        (Modifiers::COMMAND, Key::O, FileKind::Picture),
        (Modifiers::COMMAND, Key::S, FileKind::SaveModel),
        (Modifiers::NONE, Key::F12, FileKind::Screenshot),
    ];
    for (modifiers, key, kind) in shortcuts {
        window.key(modifiers, key);
        assert_eq!(window.question(), Some(kind));
        window.key(Modifiers::NONE, Key::Escape);
        assert_eq!(window.question(), None);
    }
}

/// Every single key, typed where text goes, does nothing else.
#[test]
fn typing_is_not_a_command() {
    let mut window = Window::with_data(LARGE);
    let keys = [Key::Space, Key::N, Key::Delete, Key::B, Key::E];
    let before = window.state().image.revision;
    let is_untouched = |window: &Window| {
        let state = window.state();
        let is_still = !state.is_training() && state.snapshot.as_ref().is_some_and(|s| s.step == 0);
        is_still && state.image.revision == before && !state.settings.brush.eraser
    };

    window.key(Modifiers::COMMAND, Key::O);
    window.h.get_by_role_and_label(Role::TextInput, "Path").focus();
    window.settle();
    for key in keys {
        window.key(Modifiers::NONE, key);
        window.h.run_steps(20);
        assert!(is_untouched(&window), "{key:?} in the question for a file");
    }
    window.act(Action::CancelFile);

    window.tab("Train");
    window.click(Role::SpinButton, "Batch size");
    assert!(window.h.ctx.egui_wants_keyboard_input());
    for key in keys {
        window.key(Modifiers::NONE, key);
        window.h.run_steps(20);
        assert!(is_untouched(&window), "{key:?} in the batch");
    }
    window.key(Modifiers::NONE, Key::Escape);
    window.tab("Draw");
    window.key(Modifiers::NONE, Key::E);
    assert!(window.state().settings.brush.eraser, "the keys work again");
}

/// What has the keyboard's focus gets Space and Enter; the transport does not.
#[test]
fn a_button_with_the_focus_is_pressed_by_space_alone() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::Train(Transport::OneBatch));
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active()));
    window.h.get_by_role_and_label(Role::Button, "Clear").focus();
    window.settle();
    window.key(Modifiers::NONE, Key::Space);
    assert!(window.state().drawing.is_blank());
    window.h.run_steps(60);
    assert_eq!(window.state().snapshot.as_ref().map(|s| s.step), Some(1));
}

/// A path that was typed to open a file must not become the one that a file is saved to.
#[test]
fn a_question_for_a_file_is_answered_before_another_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seven.png");
    std::fs::write(&path, "not to be written over").unwrap();
    let mut window = Window::new();
    let view = window.state().settings.view;
    window.key(Modifiers::COMMAND, Key::O);
    window.type_path(&path);
    for (modifiers, key) in
        [(Modifiers::COMMAND, Key::S), (Modifiers::NONE, Key::F12), (Modifiers::COMMAND, Key::Num3)]
    {
        window.key(modifiers, key);
        assert_eq!((window.question(), window.state().settings.view), (Some(FileKind::Picture), view));
    }
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "not to be written over");

    // However another question comes up, it begins empty.
    window.act(Action::AskForFile(FileKind::Picture));
    window.type_path(&path);
    window.act(Action::AskForFile(FileKind::SaveModel));
    assert_eq!(window.value(Role::TextInput, "Path"), "");
    window.act(Action::CancelFile);
}

#[test]
fn what_is_typed_is_taken_back_in_its_field() {
    let mut window = Window::new();
    window.stroke(&ONE);
    let before = window.state().drawing.revision();
    let take_back = |window: &mut Window| {
        window.key(Modifiers::COMMAND, Key::Z);
        window.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
        window.key(Modifiers::COMMAND, Key::Y);
    };
    window.key(Modifiers::COMMAND, Key::O);
    window.type_path(std::path::Path::new("abc"));
    take_back(&mut window);
    window.key(Modifiers::NONE, Key::Escape);
    window.tab("Train");
    window.click(Role::SpinButton, "Batch size");
    take_back(&mut window);
    assert_eq!(window.state().drawing.revision(), before);
    window.key(Modifiers::NONE, Key::Escape);
    // A button that has the keyboard does not keep these keys.
    window.tab("Draw");
    window.h.get_by_role_and_label(Role::Button, "Clear").focus();
    window.settle();
    window.key(Modifiers::COMMAND, Key::Z);
    assert_ne!(window.state().drawing.revision(), before);
}
