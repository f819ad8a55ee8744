//! `convlens worksheet`: its files, and its answers recomputed from the printed numbers.

use crate::support::{Bench, write_png};
use convlens::worksheet::{
    Chosen, Exercise, Order, Sheet, Topic,
    page::{Item, Page, pages, to_pages},
    sheets,
};
use std::fs;

/// The texts of pages in the order in which they are drawn.
fn texts(pages: &[Page]) -> Vec<String> {
    let items = pages.iter().flat_map(|page| &page.items);
    let text = |item: &Item| match item {
        Item::Text { text, .. } => Some(text.clone()),
        _ => None,
    };
    items.filter_map(text).collect()
}

/// A number as it is printed; an empty cell of padding counts as 0.
fn read(text: &str) -> f64 {
    text.replace('−', "-").parse().unwrap_or_else(|_| panic!("“{text}” is no number"))
}

/// The `count` numbers after the `nth` label.
fn grid(texts: &[String], label: &[&str], nth: usize, count: usize) -> Vec<f64> {
    let is_label = |text: &String| label.contains(&text.as_str());
    let at = texts.iter().enumerate().filter(|(_, text)| is_label(text)).nth(nth).unwrap().0;
    texts[at + 1..=at + count].iter().map(|text| read(text)).collect()
}

/// The numbers of a printed sentence such as “Input n = 5, kernel K = 3, stride S = 1, padding P = 0.”
fn settings(texts: &[String], nth: usize) -> [usize; 4] {
    let sentence = texts.iter().filter(|text| text.starts_with("Input n = ")).nth(nth).unwrap();
    let numbers = sentence.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    numbers.collect::<Vec<usize>>().try_into().unwrap()
}

fn ordered(topic: Topic, chosen: Chosen) -> Vec<Sheet> {
    sheets(&Order { topic, chosen, count: 30, seed: 7, digit: None }).unwrap()
}

#[test]
fn thirty_convolutions_differ_and_their_printed_answers_are_right() {
    let made = ordered(Topic::Convolution, Chosen::default());
    let mut seen = Vec::new();
    for sheet in &made {
        let shown = texts(&to_pages(sheet, 0));
        let [n, k, s, p] = settings(&shown, 0);
        let padded = n + 2 * p;
        let side = (padded - k) / s + 1;
        for nth in 0..sheet.exercises.len() {
            let input = grid(&shown, &["Input", "Input with padding"], nth, padded * padded);
            let kernel = grid(&shown, &["Kernel"], nth, k * k);
            let output = grid(&shown, &["Output"], nth, side * side);
            for (at, printed) in output.iter().enumerate() {
                let (row, column) = (at / side * s, at % side * s);
                let mut sum = 0.0;
                for i in 0..k {
                    for j in 0..k {
                        sum += input[(row + i) * padded + column + j] * kernel[i * k + j];
                    }
                }
                assert_eq!(*printed, sum, "sheet {}, exercise {nth}, output {at}", sheet.number);
            }
            seen.push((input, kernel));
        }
        // What is to be filled in is not on the sheet.
        let asked = texts(&pages(sheet));
        assert!(asked.len() + side * side * sheet.exercises.len() <= shown.len(), "sheet {}", sheet.number);
    }
    for (at, one) in seen.iter().enumerate() {
        assert!(seen[..at].iter().all(|other| other != one), "exercise {at}");
    }
}

#[test]
fn thirty_poolings_differ_and_their_printed_answers_are_right() {
    // Padding cells are printed empty, so that they are left out here.
    let made = ordered(Topic::Pooling, Chosen { padding: Some(0), ..Chosen::default() });
    let mut seen = Vec::new();
    for sheet in &made {
        let shown = texts(&to_pages(sheet, 0));
        for nth in 0..sheet.exercises.len() {
            let [n, k, s, p] = settings(&shown, nth);
            assert_eq!(p, 0);
            let side = (n - k) / s + 1;
            let input = grid(&shown, &["Input"], nth, n * n);
            let largest = grid(&shown, &["Largest (max)"], nth, side * side);
            let means = grid(&shown, &["Mean (average)"], nth, side * side);
            for at in 0..side * side {
                let (row, column) = (at / side * s, at % side * s);
                let (mut most, mut sum) = (f64::NEG_INFINITY, 0.0);
                for i in 0..k {
                    for j in 0..k {
                        let x = input[(row + i) * n + column + j];
                        most = most.max(x);
                        sum += x;
                    }
                }
                let mean = sum / (k * k) as f64;
                assert_eq!(largest[at], most, "sheet {}, {at}", sheet.number);
                assert!((means[at] - mean).abs() <= 0.0051, "sheet {}, {at}: {mean}", sheet.number);
            }
            seen.push(input);
        }
    }
    for (at, one) in seen.iter().enumerate() {
        assert!(seen[..at].iter().all(|other| other != one), "exercise {at}");
    }
}

#[test]
fn sizes_are_those_of_the_formula() {
    for sheet in ordered(Topic::Sizes, Chosen::default()) {
        for exercise in &sheet.exercises {
            match exercise {
                Exercise::Sizes(sizes) => {
                    for row in &sizes.rows {
                        let size = row.size;
                        let room = size.input + 2 * size.padding - size.dilation * (size.kernel - 1) - 1;
                        assert_eq!((size.output, row.rest), (room / size.stride + 1, room % size.stride));
                    }
                }
                Exercise::Same(same) => {
                    for row in &same.rows {
                        let zeros = row.dilation * (row.kernel_size - 1);
                        assert_eq!(row.padding, zeros.is_multiple_of(2).then_some(zeros / 2));
                    }
                }
                Exercise::Chain(chain) => {
                    assert!(chain.rows.windows(2).all(|two| two[1].side <= two[0].side));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_class_gets_its_sheets_and_one_file_of_answers() {
    let bench = Bench::new();
    let line = "worksheet --topic convolution --stride 2 --padding 1 --count 12 --seed 7 --out";
    let said = bench.run(&format!("{line} @a")).ok();
    assert!(said.contains("sheet-01.pdf to sheet-12.pdf and answers.pdf, 13 files"), "{said}");
    bench.run(&format!("{line} @b")).ok();
    let mut names: Vec<String> = fs::read_dir(bench.path("a"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 13);
    assert_eq!(
        (names[0].as_str(), names[1].as_str(), names[12].as_str()),
        ("answers.pdf", "sheet-01.pdf", "sheet-12.pdf")
    );
    let mut all: Vec<Vec<u8>> = Vec::new();
    for name in &names {
        let bytes = bench.read(&format!("a/{name}"));
        assert!(bytes.starts_with(b"%PDF-") && bytes == bench.read(&format!("b/{name}")), "{name}");
        assert!(!all.contains(&bytes), "{name}");
        all.push(bytes);
    }
    // Another seed gives other sheets.
    bench.run("worksheet --stride 2 --padding 1 --count 1 --seed 8 --out @c").ok();
    assert_ne!(bench.read("a/sheet-01.pdf"), bench.read("c/sheet-01.pdf"));
}

#[test]
fn a_student_s_own_digit_becomes_an_exercise() {
    let bench = Bench::new();
    write_png(&bench.path("one.png"), 80, 80, |x, y| {
        if (36..44).contains(&x) && (12..68).contains(&y) { 20 } else { 240 }
    });
    write_png(&bench.path("blank.png"), 40, 40, |_, _| 240);
    for topic in ["convolution", "pooling"] {
        bench.run(&format!("worksheet --topic {topic} --image @one.png --png --out @{topic}")).ok();
        assert!(bench.path(&format!("{topic}/answers-01.png")).exists());
    }
    assert!(bench.run("worksheet --image @blank.png --out @x").fails(1).contains("blank.png has no ink"));
    assert!(bench.run("worksheet --image @none.png --out @x").fails(1).contains("none.png"));
    assert!(bench.run("worksheet --topic sizes --image @one.png --out @x").fails(2).contains("no picture"));
}

#[test]
fn a_lesson_is_a_sheet() {
    let bench = Bench::new();
    assert!(
        bench.run("worksheet --lesson 3 --out @l").ok().contains("sheet-01.pdf and answers.pdf, 2 files")
    );
    assert!(bench.read("l/sheet-01.pdf").starts_with(b"%PDF-"));
    assert!(bench.run("worksheet --lesson 99 --out @l").fails(2).contains("there is no lesson 99"));
    assert!(bench.run("worksheet --lesson 3 --count 2").fails(2).contains("--count"));
}

#[test]
fn what_does_not_fit_is_said_in_one_sentence() {
    let bench = Bench::new();
    for (line, words) in [
        ("--kernel-size 9", "must be a whole number from 1 to 5"),
        ("--count 0", "must be a whole number from 1 to 200"),
        ("--topic poolin", "poolin"),
        ("--topic pooling --channels 2", "channels is 2, but pooling works on one map at a time"),
        ("--topic pooling --padding 3", "padding"),
        ("--size 3 --kernel-size 5 --padding 0", "kernel"),
    ] {
        let said = bench.run(&format!("worksheet {line} --out @x")).fails(2);
        assert!(said.contains(words), "{line}: {said}");
    }
    fs::write(bench.path("file"), "mine").unwrap();
    assert!(
        bench.run("worksheet --out @file").fails(1).contains("is a file; worksheets are written to a folder")
    );
}
