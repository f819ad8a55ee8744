//! Checking a lesson file: what the window says of it while it is written, and `convlens lesson check` in the terminal.

use super::{Lesson, LessonError, Show, TaskKind, show::Kernel};
use crate::{nn::presets, text::Sentence};

/// The most words of a step that are read without effort.
pub const MOST_WORDS: usize = 70;

/// Names that lessons use and that this folder does not know.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The examples of the Convolution view.
    pub examples: &'a [&'a str],
    /// Its kernels.
    pub kernels: &'a [&'a str],
}

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The steps.
    pub steps: usize,
    /// The tasks.
    pub tasks: usize,
    /// What is wrong; the lesson cannot be used.
    pub faults: Vec<LessonError>,
    /// What could be better.
    pub notes: Vec<LessonError>,
}

/// Checks the text of a file.
pub fn check(text: &str, known: &Known<'_>) -> Checked {
    let lesson = match Lesson::read(text.trim_start_matches('\u{feff}')) {
        Ok(lesson) => lesson,
        Err(fault) => return Checked { faults: vec![fault], ..Checked::default() },
    };
    let mut checked = Checked {
        steps: lesson.steps.len(),
        tasks: lesson.steps.iter().filter(|step| step.task.is_some()).count(),
        ..Checked::default()
    };
    for step in &lesson.steps {
        let solution = step.task.as_ref().and_then(|task| match &task.kind {
            TaskKind::Reach { solution, .. } => Some(&**solution),
            _ => None,
        });
        for show in step.show.iter().chain(solution) {
            let faults = unknown(show, known);
            checked.faults.extend(faults.into_iter().map(|reason| LessonError::new(step.line, reason)));
        }
        let words = step.text.words();
        if words > MOST_WORDS {
            let reason =
                Sentence::new("the step has {words} words; {most} are the most that are easily read");
            let reason = reason.with("words", words).with("most", MOST_WORDS);
            checked.notes.push(LessonError::new(step.line, reason));
        }
        if step.title.is_empty() {
            let reason = Sentence::new("the step has no title");
            checked.notes.push(LessonError::new(step.line, reason));
        }
    }
    if lesson.title.get(crate::text::Language::ENGLISH).trim().is_empty() {
        checked.notes.push(LessonError::new(1, Sentence::new("the lesson has no title")));
    }
    checked
}

/// The names of a state that there are not.
pub(super) fn unknown(show: &Show, known: &Known<'_>) -> Vec<Sentence> {
    let presets = presets::all();
    let networks: Vec<&str> =
        std::iter::once("trained").chain(presets.iter().map(|preset| preset.spec.name.as_str())).collect();
    let mut faults = Vec::new();
    let mut check = |what: &str, name: Option<&str>, names: &[&str]| {
        if let Some(name) = name.filter(|name| !names.contains(name)) {
            let sentence = Sentence::new("there is no {what} “{name}”, only: {known}");
            faults.push(sentence.with("what", what).with("name", name).with("known", names.join("; ")));
        }
    };
    check("network", show.network.as_ref().and_then(|network| network.name.as_deref()), &networks);
    if let Some(convolution) = &show.convolution {
        check("example", convolution.example.as_deref(), known.examples);
        let kernel = convolution.kernel.as_ref().and_then(|kernel| match kernel {
            Kernel::Named(name) => Some(name.as_str()),
            Kernel::Rows(_) => None,
        });
        check("kernel", kernel, known.kernels);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "+++\nid = \"a\"\nminutes = 5\ntitle = \"A\"\n+++\n\n";
    const KNOWN: Known<'_> = Known { examples: &["4×4"], kernels: &["Sharpen"] };

    #[test]
    fn names_and_lengths_are_checked() {
        let text = format!(
            "{HEAD}## One\n\n```show\nnetwork.name = \"lenet6\"\nconvolution.example = \"3×3\"\nconvolution.kernel = \"Blur\"\n```\n\n{}\n",
            "word ".repeat(80)
        );
        let checked = check(&text, &KNOWN);
        assert_eq!(checked.faults.len(), 3, "{checked:?}");
        assert!(checked.faults.iter().all(|fault| fault.line == 7));
        assert!(checked.faults[0].to_string().contains("no network “lenet6”, only: trained; "));
        assert_eq!(checked.notes.len(), 1);
        let right = format!(
            "{HEAD}## One\n\n```show\nnetwork.name = \"lenet5\"\nconvolution.example = \"4×4\"\nconvolution.kernel = \"Sharpen\"\n```\n"
        );
        assert_eq!(check(&right, &KNOWN), Checked { steps: 1, ..Checked::default() });
    }
}
