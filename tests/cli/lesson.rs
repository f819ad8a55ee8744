//! `convlens lesson`, and the lesson that README teaches to write.

use crate::support::Bench;
use convlens::lesson::{Lesson, SHIPPED};
use std::fs;

#[test]
fn lessons_are_checked_with_the_line_of_what_is_wrong() {
    let bench = Bench::new();
    fs::write(bench.path("good.md"), SHIPPED[1]).unwrap();
    let bad = SHIPPED[1].replacen("view = \"", "view = \"x", 1);
    let line = bad.lines().position(|line| line.starts_with("view = \"x")).unwrap() + 1;
    fs::write(bench.path("bad.md"), &bad).unwrap();
    let said = bench.run("lesson check good.md").ok();
    assert!(said.starts_with("good.md: ") && said.contains("tasks"), "{said}");
    let ran = bench.run("lesson check good.md bad.md");
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains(&format!("bad.md, line {line}: ")), "{}", ran.stdout);
    let ran = bench.run("lesson check --json bad.md");
    let found: serde_json::Value = serde_json::from_str(ran.stdout.trim()).unwrap();
    assert_eq!((found["line"].as_u64(), found["id"].is_null()), (Some(line as u64), true));
    assert!(bench.run("lesson check none.md").fails(1).contains("none.md cannot be read"));
    let said = bench.run("--lesson bad.md").fails(1);
    assert!(said.contains(&format!("line {line}")), "{said}");
}

#[test]
fn shipped_lessons_are_listed_in_both_languages() {
    let bench = Bench::new();
    assert_eq!(bench.run("lesson list").ok().lines().count(), SHIPPED.len());
    assert!(bench.run("lesson list --lang zh").ok().contains("滑动窗口"));
    assert!(bench.run("lesson list --lang fr").fails(2).contains("there is no language fr"));
    let listed = bench.run("lesson list").ok();
    assert!(listed.lines().nth(3).unwrap().starts_with(" 4  channels-add-up "), "{listed}");
    let said = bench.run("--lesson 17").fails(1);
    assert!(said.contains("there is no lesson 17") && said.contains("lesson list"), "{said}");
    let first = bench.run("lesson list --json").ok();
    let first: serde_json::Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    assert_eq!(first["number"], 1);
}

#[test]
fn the_lesson_in_the_readme_is_a_lesson() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("````markdown\n").unwrap();
    let (lesson, _) = rest.split_once("````").unwrap();
    let lines: Vec<&str> = lesson.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    let lesson = Lesson::read(&lines.join("\n")).unwrap();
    assert_eq!((lesson.id.as_str(), lesson.steps.len()), ("one-window", 1));
    assert!(lesson.steps[0].task.is_some());
}
