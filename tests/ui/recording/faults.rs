//! Files become drafts and drafts become files; what is wrong with a file is one sentence with its line.

use super::{page, recording};
use crate::support::{LARGE, Window};
use convlens::{
    lesson::{Draft, Lesson, Part, SHIPPED},
    ui::{action::Action, model::recording::RecordAct},
};
use std::fs;

/// The lesson without its lines and its checksum, which change with the layout of the file.
fn read(text: &str) -> Lesson {
    let mut lesson = Lesson::read(text).unwrap();
    lesson.steps.iter_mut().for_each(|step| step.line = 0);
    lesson.checksum.clear();
    lesson
}

#[test]
fn every_shipped_lesson_is_read_and_written_and_is_the_same() {
    for text in SHIPPED {
        let draft = Draft::of_text(text);
        assert!(matches!(draft.head, Part::Read(_)) && draft.before.is_empty());
        for step in &draft.steps {
            let is_read = step.show.iter().all(|show| show.read().is_some())
                && step.task.iter().all(|task| task.read().is_some());
            assert!(is_read, "“{}” is not shown in fields: {step:?}", step.title);
        }
        let written = draft.to_text();
        assert_eq!(read(&written), read(text));
        // Writing again changes nothing, and lines lead to their steps.
        assert_eq!(Draft::of_text(&written), draft);
        assert_eq!(Draft::of_text(&written).to_text(), written);
        let lesson = Lesson::read(&written).unwrap();
        for (i, step) in lesson.steps.iter().enumerate() {
            assert_eq!(draft.step_at_line(step.line), Some(i), "{}", step.title);
        }
    }
}

#[test]
fn no_word_of_a_damaged_file_is_lost() {
    for text in SHIPPED {
        for (at, _) in text.char_indices().filter(|(at, _)| at % 211 == 0) {
            let broken = format!("{}{}", &text[..at], text[at..].get(5..).unwrap_or_default());
            for text in [&text[..at], broken.as_str()] {
                let draft = Draft::of_text(text);
                let written = draft.to_text();
                let is_word = |c: char| c.is_alphanumeric();
                let words = |text: &str| {
                    let mut words: Vec<String> =
                        text.split(|c| !is_word(c)).filter(|w| w.len() > 3).map(str::to_owned).collect();
                    words.sort();
                    words.dedup();
                    words
                };
                let (before, after) = (words(text), words(&written));
                for word in before {
                    assert!(after.contains(&word), "“{word}” is lost\n{text}\n-----\n{written}");
                }
            }
        }
    }
}

const HEAD: &str = "+++\nid = \"a\"\nminutes = 5\ntitle = \"A\"\n+++\n\n";

#[test]
fn each_fault_of_a_hand_written_file_has_its_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.md");
    for (body, words) in [
        ("## One\n\n{conv.outptu}\n", "line 9: there is no number conv.outptu"),
        ("## One\n\nA {conv.output\n", "line 9: an opening brace"),
        ("## One\n\n```show\nview = \"trian\"\n```\n", "line 10: "),
        ("## One\n\n```show\nstride = 2\n```\n", "line 10: unknown field `stride`"),
        ("## One\n\n```show\nconvolution.example = \"3×3\"\n```\n", "there is no example “3×3”, only: 4×4"),
        ("## One\n\n```show\nnetwork.name = \"lenet\"\n```\n", "there is no network “lenet”, only: trained"),
        ("## One\n\n```show\nconvolution.kernel = \"Blurr\"\n```\n", "there is no kernel “Blurr”"),
        ("## One\n\n```number\nask = \"?\"\n```\n", "a number has either `of`"),
        ("## One\n\n```number\nask = \"?\"\nanswer = \"many\"\n```\n", "many"),
        ("## One\n\n```choice\nask = \"?\"\noptions = [\"a\"]\nanswer = 1\n```\n", "at least two options"),
        ("## One\n\n```click\nask = \"?\"\n```\n", "`cells` must name at least one place"),
        ("## One\n\n```order\nask = \"?\"\nitems = [\"a\"]\n```\n", "`items` must have at least two"),
        ("## One\n\n```reach\nask = \"?\"\nwhen = [\"conv.stride = 2\"]\n```\n", "has a `solution`"),
        (
            "## One\n\n```reach\nask = \"?\"\nwhen = [\"stride = 2\"]\nsolution = {}\n```\n",
            "there is no number stride",
        ),
        ("## One\n\n```show\n```\n\n```show\n```\n", "a step has one `show` block"),
        ("## One\n\n```question\n```\n", "there is no block “question”"),
        ("Words.\n\n## One\n", "text before the first step"),
        ("# One\n", "“One” must be a step"),
        ("## One\n\n### fr Un\n", "must begin with the code of a language"),
        ("## One\n\n<b>bold</b>\n", "a lesson has no HTML"),
        ("", "a lesson has at least one step"),
    ] {
        let text = format!("{HEAD}{body}");
        fs::write(&path, &text).unwrap();
        let mut window = Window::sized(LARGE);
        window.act(Action::Record(RecordAct::Edit(path.clone())));
        page(&mut window, "Check (1)");
        assert!(window.shows(words), "{body}: {:?}", recording(&window).checked);
        assert!(!recording(&window).checked.faults[0].to_string().contains('\n'));
    }
    for (text, words) in [
        ("## One\n", "a lesson begins with its id"),
        ("+++\nid = \"a b\"\nminutes = 5\ntitle = \"A\"\n+++\n\n## One\n", "letters, digits and hyphens"),
        ("+++\nid = \"a\"\nminutes = \"long\"\ntitle = \"A\"\n+++\n\n## One\n", "line 3: "),
        ("+++\nid = \"a\"\nminutes = 5\ntitel = \"A\"\n+++\n\n## One\n", "titel"),
    ] {
        fs::write(&path, text).unwrap();
        let mut window = Window::sized(LARGE);
        window.act(Action::Record(RecordAct::Edit(path.clone())));
        page(&mut window, "Check (1)");
        assert!(window.shows(words), "{text}: {:?}", recording(&window).checked);
    }
}

#[test]
fn what_cannot_be_read_is_mended_as_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.md");
    fs::write(&path, format!("{HEAD}## One\n\n```show\nview = \"trian\"\n```\n\nText.\n")).unwrap();
    let mut window = Window::sized(LARGE);
    window.act(Action::Record(RecordAct::Edit(path)));
    page(&mut window, "Text");
    super::write(&mut window, "State of the step", "view = \"train\"");
    let step = recording(&window).step().unwrap();
    assert!(step.show.as_ref().unwrap().read().is_some(), "{step:?}");
    assert!(recording(&window).checked.faults.is_empty());
}
