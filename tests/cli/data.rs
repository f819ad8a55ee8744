//! Data sets of other formats than MNIST's, from training to an answer.

use crate::support::{Bench, write_png};
use serde_json::Value;
use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

/// Class folders of pictures: a bar across, or down.
fn class_folders(bench: &Bench) {
    for (class, is_level) in [("level", true), ("upright", false)] {
        fs::create_dir_all(bench.path(&format!("bars/{class}"))).unwrap();
        for number in 0..20 {
            let is_ink = move |x: u32, y: u32| {
                let (along, across) = if is_level { (x, y) } else { (y, x) };
                across == 2 + number % 4 && along > number / 8
            };
            let name = format!("bars/{class}/{number}.png");
            write_png(&bench.path(&name), 8, 8, |x, y| if is_ink(x, y) { 0 } else { 255 });
        }
    }
    fs::write(bench.path("bars/level/readme.txt"), "bars").unwrap();
}

#[test]
fn class_folders_are_learnt_by_name() {
    let bench = Bench::new();
    class_folders(&bench);
    let line = bench.run(
        "train --net @small.json --fit --data @bars --epochs 12 --batch 8 --lr 0.05 --save @b.safetensors",
    );
    let said = line.ok();
    assert!(
        said.contains("bars (class folders of pictures): 2 classes, 32 training and 8 test images of 8×8"),
        "{said}"
    );
    assert!(said.contains("20 % of each class for the test, drawn by seed 1"), "{said}");
    assert!(
        said.contains("classes: level, upright")
            && said.contains("skipped 1 file; the first: level/readme.txt"),
        "{said}"
    );
    let said = bench.run("eval --model @b.safetensors --data @bars --confusion").ok();
    assert!(said.contains("upright") && said.contains("level"), "{said}");
    let json: Value =
        serde_json::from_str(&bench.run("eval --model @b.safetensors --data @bars --json").ok()).unwrap();
    assert_eq!(json["classes"][1], "upright");
    assert_eq!((json["data"]["test"].as_u64(), json["data"]["skipped"].as_u64()), (Some(8), Some(1)));
    // The model keeps the names of its classes.
    let answer = bench.run("predict --raw --json --model @b.safetensors @bars/level/3.png").ok();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let named = answer["name"] == "level" && answer["label"] == 0;
    assert!(named || answer["label"].is_null(), "{answer}");
    // The same choices give the same set, others another one.
    let other =
        bench.run("eval --model @b.safetensors --data @bars --json --test-share 0.5 --split-seed 2").ok();
    let other: Value = serde_json::from_str(&other).unwrap();
    assert_eq!(other["data"]["test"], 20);
    let wrong = bench.run("eval --model @b.safetensors --data @bars --test-share 2").fails(2);
    assert!(wrong.contains("--test-share 2: must be from 0.01 to 0.9"), "{wrong}");
}

#[test]
fn a_network_without_the_outputs_is_told_what_to_do() {
    let bench = Bench::new();
    let rows: String =
        (0..30).map(|row| format!("{},{}\n", row % 6, vec![row.to_string(); 64].join(","))).collect();
    fs::write(bench.path("six.csv"), format!("label,{}\n{rows}", vec!["p"; 64].join(","))).unwrap();
    let line = bench.run("train --net @small.json --data @six.csv").fails(1);
    assert!(
        line.contains("labels up to 5") && line.contains("give its last layer 6") && line.contains("--fit"),
        "{line}"
    );
    let said = bench.run("train --net @small.json --data @six.csv --fit --epochs 1 --batch 8").ok();
    assert!(said.contains("labels in the first column"), "{said}");
}

#[test]
fn colours_go_all_the_way() {
    let bench = Bench::new();
    fs::create_dir(bench.path("cifar")).unwrap();
    // Red, green and blue images.
    let records = |count: u8| -> Vec<u8> {
        let record = |n: u8| {
            let plane = |channel: u8| vec![if channel == n % 3 { 200 + n % 7 } else { 20 }; 1024];
            [vec![n % 3], plane(0), plane(1), plane(2)].concat()
        };
        (0..count).flat_map(record).collect()
    };
    fs::write(bench.path("cifar/data_batch_1.bin"), records(48)).unwrap();
    fs::write(bench.path("cifar/test_batch.bin"), records(12)).unwrap();
    fs::write(bench.path("cifar/batches.meta.txt"), "red\ngreen\nblue\n").unwrap();
    let said = bench
        .run("train --net @small.json --fit --data @cifar --epochs 4 --batch 8 --lr 0.05 --augment=flip,rotation:5 --save @c.safetensors")
        .ok();
    assert!(said.contains("of 3×32×32") && said.contains("classes: red, green, blue"), "{said}");
    let json: Value =
        serde_json::from_str(&bench.run("eval --model @c.safetensors --data @cifar --json").ok()).unwrap();
    assert_eq!(json["accuracy"], 1.0);
    image::RgbImage::from_pixel(50, 40, image::Rgb([20, 20, 201])).save(bench.path("blue.png")).unwrap();
    let said = bench.run("predict --model @c.safetensors @blue.png").ok();
    assert!(said.contains("blue.png: blue"), "{said}");
    let wrong = bench.run("train --net @small.json --fit --data @cifar --augment=pen:0.5").fails(2);
    assert!(wrong.contains("pen is 0.5, but must be 0 for images in colour"), "{wrong}");
}

#[test]
fn a_picture_comes_from_standard_input_and_a_part_of_it_is_used() {
    let bench = Bench::new();
    // A stroke at the right of a page with a blot at its left.
    let ink = |x: u32, y: u32| (x.abs_diff(150) < 4 && y > 10 && y < 70) || (x < 60 && y > 20 && y < 60);
    write_png(&bench.path("page.png"), 200, 80, |x, y| if ink(x, y) { 0 } else { 255 });
    let answer = |line: &str| -> Value { serde_json::from_str(&bench.run(line).ok()).unwrap() };
    let cropped = answer("predict --json --crop 100,0,100,80 @page.png");
    assert_eq!(cropped["label"], 1, "{cropped}");
    assert_ne!(answer("predict --json @page.png")["label"], 1);
    let wrong = bench.run("predict --crop 150,0,100,80 @page.png").fails(1);
    assert!(wrong.contains("page.png: is 200×80, which does not hold --crop 150,0,100,80"), "{wrong}");

    let mut child = Command::new(env!("CARGO_BIN_EXE_convlens"))
        .args(["predict", "--json", "--crop", "100,0,100,80", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&bench.read("page.png")).unwrap();
    let output = child.wait_with_output().unwrap();
    let piped: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&piped["label"], &piped["probabilities"]), (&cropped["label"], &cropped["probabilities"]));
}
