//! The window in Chinese: nothing is left in English, nothing is cut off, and a switch changes everything at once.

use crate::support::{LARGE, SMALL, Window, builder, layout, open, options};
use convlens::{
    text::{Language, english_name, tr},
    ui::{
        Options,
        action::{Action, Transport},
        model::{lesson::LessonAct, view::ViewId},
        views::VIEWS,
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::collections::BTreeSet;

fn chinese() -> Language {
    Language::of_code("zh").unwrap()
}

/// All that a screen reader reads.
fn words(window: &Window) -> BTreeSet<String> {
    let nodes = window.h.query_all_by(|_| true);
    let texts = nodes.flat_map(|node| {
        let node = node.accesskit_node();
        [node.label(), node.value(), node.description()].into_iter().flatten().collect::<Vec<_>>()
    });
    texts.collect()
}

/// English that stays in Chinese: titles and names of keys and rules.
const NAMES: &[&str] = &["A guide to convolution arithmetic", "Home, End", "End, Escape", "He (ReLU)"];

/// Two words of small letters beside each other are English prose.
fn is_english(text: &str) -> bool {
    let text = NAMES.iter().fold(text.to_owned(), |text, name| text.replace(name, ""));
    let is_word = |word: &&str| {
        let word = word.trim_matches(|c: char| ".,:;?!…’()“”".contains(c));
        word.len() >= 2 && word.chars().all(|c| c.is_ascii_alphabetic())
    };
    let words: Vec<bool> = text.split(' ').map(|word| is_word(&word)).collect();
    words.windows(2).any(|pair| pair[0] && pair[1])
}

#[test]
fn english_prose_is_recognised() {
    assert!(is_english("the last row") && is_english("误差 is larger"));
    assert!(!is_english("conv2d 0") && !is_english("第3步，准确率") && !is_english("Ctrl+Z"));
}

/// Every view, before and during a run, with and without what can be opened in it.
fn visit(window: &mut Window, mut look: impl FnMut(&mut Window, &str)) {
    for entry in VIEWS {
        window.act(Action::ShowView(entry.id));
        look(window, entry.name);
    }
    for _ in 0..3 {
        window.act(Action::Train(Transport::OneBatch));
    }
    window
        .until("three steps", |state| state.snapshot.as_ref().is_some_and(|s| s.step >= 1 && !s.is_active()));
    for entry in VIEWS {
        window.act(Action::ShowView(entry.id));
        look(window, &format!("{}, after a step", entry.name));
    }
}

#[test]
fn no_english_is_left_in_any_view() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::SetLanguage(chinese()));
    let mut left = BTreeSet::new();
    visit(&mut window, |window, view| {
        left.extend(
            words(window).into_iter().filter(|text| is_english(text)).map(|text| format!("{view}: {text}")),
        );
    });
    window.key(Modifiers::NONE, Key::F1);
    left.extend(words(&window).into_iter().filter(|text| is_english(text)));
    assert!(left.is_empty(), "{} texts:\n{}", left.len(), left.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_switch_changes_everything_at_once() {
    let mut switched = Window::with_data(LARGE);
    let mut begun = Window::with_data(LARGE);
    begun.act(Action::SetLanguage(chinese()));
    for entry in VIEWS {
        switched.act(Action::SetLanguage(Language::ENGLISH));
        switched.act(Action::ShowView(entry.id));
        switched.act(Action::SetLanguage(chinese()));
        begun.act(Action::ShowView(entry.id));
        let (mut a, b) = (words(&switched), words(&begun));
        a.retain(|text| !b.contains(text));
        assert!(a.is_empty(), "{}: {a:?}", entry.name);
    }
}

#[test]
fn the_menu_in_the_top_bar_switches_the_language() {
    let mut window = Window::new();
    window.button("Language");
    window.h.get_by_role_and_label(Role::Button, "简体中文").click();
    window.settle();
    assert_eq!(window.state().language, chinese());
    assert_eq!(window.state().settings.language, Some(chinese()));
    assert!(window.shows("画图") && !window.shows("Draw a digit"));
    window.button("Language");
    window.h.get_by_role_and_label(Role::Button, "English").click();
    window.settle();
    assert!(window.shows("Draw"));
}

#[test]
fn the_language_stays_when_a_lesson_is_left_and_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || Options { settings_path: Some(folder.path().join("settings.json")), ..options() };
    let mut window = open(builder(LARGE), kept());
    window.act(Action::Lesson(LessonAct::Open("sliding-window".into())));
    window.act(Action::Lesson(LessonAct::Next));
    let at = window.state().lesson.as_ref().unwrap().at;
    window.act(Action::SetLanguage(chinese()));
    assert_eq!(window.state().lesson.as_ref().unwrap().at, at, "the step stays");
    window.act(Action::Lesson(LessonAct::Leave));
    assert_eq!((window.state().language, window.state().settings.language), (chinese(), Some(chinese())));
    window.close();
    let window = open(builder(LARGE), kept());
    assert_eq!(window.state().language, chinese());
    let asked = Options { language: Some(Language::ENGLISH), ..kept() };
    assert_eq!(open(builder(LARGE), asked).state().language, Language::ENGLISH);
    let system = Options { system_language: chinese(), ..options() };
    assert_eq!(open(builder(LARGE), system).state().language, chinese());
}

#[test]
fn nothing_is_cut_off_in_chinese() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.act(Action::SetLanguage(chinese()));
        let mut faults = Vec::new();
        visit(&mut window, |window, view| faults.extend(layout::faults(window, &format!("{view}, {size}"))));
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn names_of_controls_lead_back_to_english() {
    let mut window = Window::new();
    window.act(Action::SetLanguage(chinese()));
    window.act(Action::ShowView(ViewId::Convolution));
    let shown = tr("Kernel size");
    assert!(window.h.query_all_by_label(shown).next().is_some());
    assert_eq!(english_name(shown, true), "Kernel size");
    assert_eq!(english_name("输入 0, 4", false), "input 0, 4");
}

#[test]
fn the_glossary_explains_words_and_leads_to_their_views() {
    let mut window = Window::new();
    window.act(Action::ShowView(ViewId::Lessons));
    window.click(Role::RadioButton, "Glossary");
    assert!(window.shows("How many cells the window moves from one output to the next."));
    window.h.get_by_role_and_label(Role::TextInput, "Search").focus();
    window.settle();
    window.h.get_by_role_and_label(Role::TextInput, "Search").type_text("recept");
    window.settle();
    assert!(window.shows("Receptive field") && !window.shows("Learning rate"));
    window.click(Role::Link, "Receptive field: show in Network");
    assert_eq!(window.state().settings.view, ViewId::Network);
    window.act(Action::SetLanguage(chinese()));
    window.act(Action::ShowView(ViewId::Lessons));
    assert!(window.shows("感受野"));
}
