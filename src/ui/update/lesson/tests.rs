//! Every shipped lesson is played to its end, handed in and marked: what is right comes out, what is faked does not.

use super::{apply, enter};
use crate::{
    data::DataSet,
    lesson::{Condition, Lesson, LessonAnswer, Marking, TaskKind, Verdict, shipped},
    text::Language,
    ui::{
        core::{Core, Options},
        model::lesson::{LessonAct, hand_in::HandIn},
        update::{marking::mark, start, take_news},
        work::{dialog::Picked, tasks::Threading},
    },
};
use serde_json::Value;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a task may take on any machine.
const PATIENCE: Duration = Duration::from_mins(3);

fn window(has_data: bool) -> Core {
    let options = Options {
        settings_path: None,
        language: None,
        system_language: Language::ENGLISH,
        threading: Threading::Inline,
        train_threads: 2,
        reads_mnist: has_data,
        dialog: |_| Picked::Unavailable,
        runs_folder: None,
    };
    let mut core = Core::new(options, Arc::new(|| ()));
    start(&mut core);
    core
}

#[track_caller]
fn until(core: &mut Core, what: &str, is_so: impl Fn(&Core) -> bool) {
    let begun = Instant::now();
    for frame in 0.. {
        take_news(core, Instant::now());
        if frame > 4 && is_so(core) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        if frame > 8 {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Plays a lesson to its end without help, and hands it in.
fn played(lesson: &Lesson) -> HandIn {
    let has_data =
        lesson.steps.iter().filter_map(|step| step.show.as_ref()).any(|show| {
            show.train.is_some() || show.image.as_ref().is_some_and(|image| image.sample.is_some())
        }) || lesson
            .steps
            .iter()
            .filter_map(|step| step.task.as_ref())
            .any(|task| matches!(&task.kind, TaskKind::Reach { solution, .. } if solution.train.is_some()));
    let mut core = window(has_data);
    apply(&mut core, LessonAct::Open(lesson.id.clone()));
    for (i, step) in lesson.steps.iter().enumerate() {
        let what = format!("{}, step {} “{}”", lesson.id, i + 1, step.title);
        apply(&mut core, LessonAct::GoTo(i));
        let is_there = |core: &Core| {
            (core.state.is_answered() || core.state.image.is_blank() || core.state.is_training())
                && (!has_data || core.state.snapshot.is_some())
        };
        until(&mut core, &what, is_there);
        let Some(task) = &step.task else { continue };
        let answer = match &task.kind {
            TaskKind::Number { answer, .. } => {
                until(&mut core, &what, |core| super::answer::right_number(core, answer).is_some());
                LessonAnswer::Number(super::answer::right_number(&core, answer).unwrap())
            }
            TaskKind::Choice { answer, .. } => LessonAnswer::Choice(*answer),
            TaskKind::Click { cells } => LessonAnswer::Click(cells[0].clone()),
            TaskKind::Order { items } => LessonAnswer::Order((0..items.len()).collect()),
            TaskKind::Reach { solution, .. } => {
                enter::show(&mut core, solution, true);
                until(&mut core, &what, |core| core.state.lesson.as_ref().unwrap().work().unwrap().is_done());
                continue;
            }
        };
        apply(&mut core, LessonAct::Hint);
        apply(&mut core, LessonAct::Answer(LessonAnswer::NoNumber("?".into())));
        apply(&mut core, LessonAct::Answer(answer));
    }
    apply(&mut core, LessonAct::Leave);
    HandIn::new(&lesson.id, &core.state.settings.lessons[&lesson.id], "Ada")
}

fn marked(hand_in: &Value, data: Option<&DataSet>) -> Marking {
    mark(&serde_json::to_vec(hand_in).unwrap(), shipped(), data).unwrap()
}

fn lesson(id: &str) -> &'static Lesson {
    shipped().iter().find(|lesson| lesson.id == id).unwrap()
}

/// Whether a lesson has tasks that are solved by training.
fn trains(lesson: &Lesson) -> bool {
    lesson.steps.iter().filter_map(|step| step.task.as_ref()).any(|task| match &task.kind {
        TaskKind::Reach { when, .. } => {
            when.iter().flat_map(Condition::quantities).any(|quantity| quantity.name().starts_with("train."))
        }
        _ => false,
    })
}

fn assert_solved(lesson: &Lesson) {
    let hand_in = played(lesson);
    let bytes = hand_in.to_bytes().unwrap();
    assert!(bytes.len() < 200_000, "{}: {} bytes", lesson.id, bytes.len());
    let marking = mark(&bytes, shipped(), None).unwrap();
    assert_eq!(marking.name, "Ada");
    for task in &marking.tasks {
        assert_eq!(task.verdict, Verdict::Solved, "{}: {task:?}", lesson.id);
        assert_eq!(task.note, None, "the same bit by bit: {task:?}");
    }
}

#[test]
fn every_lesson_without_training_comes_out() {
    for lesson in shipped().iter().filter(|lesson| !trains(lesson)) {
        assert_solved(lesson);
    }
}

#[test]
fn every_lesson_with_training_comes_out() {
    for lesson in shipped().iter().filter(|lesson| trains(lesson)) {
        assert_solved(lesson);
    }
}

/// The claims of a hand-in that are of this kind: the index of each task.
fn with_evidence(hand_in: &Value, name: &str) -> Vec<usize> {
    let tasks = hand_in["tasks"].as_array().unwrap();
    (0..tasks.len()).filter(|i| !tasks[*i]["work"]["evidence"][name].is_null()).collect()
}

#[test]
fn what_is_faked_does_not_come_out() {
    let right = serde_json::to_value(played(lesson("sliding-window"))).unwrap();
    // Wrong answers that are called right.
    for i in with_evidence(&right, "answer") {
        let mut faked = right.clone();
        let answer = &mut faked["tasks"][i]["work"]["evidence"]["answer"];
        *answer = match answer.as_object().unwrap().keys().next().unwrap().as_str() {
            "Number" => serde_json::json!({"Number": 999.0}),
            "Choice" => serde_json::json!({"Choice": 7}),
            "Click" => serde_json::json!({"Click": "nowhere"}),
            _ => serde_json::json!({"Order": [1, 0]}),
        };
        let marking = marked(&faked, None);
        assert_eq!(marking.count(Verdict::DoesNotComeOut), 1, "{marking:?}");
        let task = marking.tasks.iter().find(|task| task.verdict == Verdict::DoesNotComeOut).unwrap();
        assert!(!task.claimed.is_empty() && !task.computed.is_empty(), "{task:?}");
    }
    // Numbers that the state does not have.
    for i in with_evidence(&right, "stand") {
        let mut faked = right.clone();
        let values = &mut faked["tasks"][i]["work"]["evidence"]["values"];
        if values.as_array().is_none_or(Vec::is_empty) {
            continue;
        }
        values[0][1] = serde_json::json!(12_345.0);
        let marking = marked(&faked, None);
        if faked["tasks"][i]["work"]["evidence"]["answer"].is_null() {
            assert_eq!(marking.count(Verdict::DoesNotComeOut), 1, "{marking:?}");
        }
    }
    // Nothing that shows it.
    let mut empty = right.clone();
    for task in empty["tasks"].as_array_mut().unwrap() {
        task["work"]["evidence"] = Value::Null;
    }
    let marking = marked(&empty, None);
    assert_eq!(marking.count(Verdict::NotChecked), marking.tasks.len());
    // Another lesson, another version of it.
    for (name, words) in [("id", "not among the lessons"), ("checksum", "another version")] {
        let mut other = right.clone();
        other["lesson"][name] = "other".into();
        let said = mark(&serde_json::to_vec(&other).unwrap(), shipped(), None).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_faked_run_does_not_come_out_and_a_long_one_is_not_trained() {
    let right = serde_json::to_value(played(lesson("made-to-learned"))).unwrap();
    let runs: Vec<usize> = with_evidence(&right, "stand")
        .into_iter()
        .filter(|i| !right["tasks"][*i]["work"]["evidence"]["stand"]["run"].is_null())
        .collect();
    assert_eq!(runs.len(), 2);
    let last = runs[1];
    let evidence = |change: &dyn Fn(&mut Value)| {
        let mut faked = right.clone();
        change(&mut faked["tasks"][last]["work"]["evidence"]);
        marked(&faked, None)
    };
    let better = evidence(&|evidence| evidence["values"][0][1] = serde_json::json!(99.9));
    assert_eq!(better.count(Verdict::DoesNotComeOut), 1, "{better:?}");
    let untrained = evidence(&|evidence| evidence["stand"]["run"]["step"] = 3.into());
    assert_eq!(untrained.count(Verdict::DoesNotComeOut), 1, "{untrained:?}");
    let slow =
        evidence(&|evidence| evidence["stand"]["run"]["log"]["config"]["lr"] = serde_json::json!(1e-6));
    assert_eq!(slow.count(Verdict::DoesNotComeOut), 1, "{slow:?}");
    let long = evidence(&|evidence| evidence["stand"]["run"]["step"] = 1_000_000_000_u64.into());
    let said = long.tasks.iter().find_map(|task| task.note.as_ref()).unwrap().to_string();
    assert!(long.count(Verdict::NotChecked) == 1 && said.contains("more work"), "{said}");
    let other = evidence(&|evidence| evidence["stand"]["run"]["data"] = "mine".into());
    assert_eq!(other.count(Verdict::NotChecked), 1, "{other:?}");
}

#[test]
fn no_damage_of_a_file_panics() {
    let bytes = played(lesson("padding-and-stride")).to_bytes().unwrap();
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    for round in 0..150 {
        let mut damaged = bytes.clone();
        match round % 3 {
            0 => damaged.truncate(random(bytes.len())),
            1 => {
                let digits: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i].is_ascii_digit()).collect();
                for _ in 0..=random(20) {
                    damaged[digits[random(digits.len())]] = b'0' + random(10) as u8;
                }
            }
            _ => {
                for _ in 0..=random(4) {
                    let at = random(damaged.len());
                    damaged[at] = random(256) as u8;
                }
            }
        }
        if let Err(reason) = mark(&damaged, shipped(), None) {
            let reason = reason.to_string();
            assert!(!reason.contains("please report") && !reason.contains('\n'), "{round}: {reason}");
        }
    }
}
