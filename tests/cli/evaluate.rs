//! `convlens eval` with a confusion matrix and with changed images, by running it.

#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
use crate::support::Bench;
use serde_json::Value;

fn json(bench: &Bench, options: &str) -> Value {
    let line = format!("eval --model @small.safetensors --data @data --json {options}");
    serde_json::from_str(&bench.run(&line).ok()).unwrap()
}

#[test]
fn the_confusion_matrix_is_by_true_and_predicted_class() {
    let bench = Bench::new();
    bench.train_small();
    assert!(json(&bench, "").get("confusion").is_none());
    let report = json(&bench, "--confusion");
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["accuracy", "confusion", "images", "loss", "per_class"]);
    let rows: Vec<Vec<f64>> = serde_json::from_value(report["confusion"].clone()).unwrap();
    assert_eq!((rows.len(), rows[0].len()), (4, 4));
    // Ten images of each class, each of which is said to be something.
    assert!(rows.iter().all(|row| row.iter().sum::<f64>() == 10.0), "{rows:?}");
    let right: f64 = (0..4).map(|class| rows[class][class]).sum();
    assert!((report["accuracy"].as_f64().unwrap() - right / 40.0).abs() < 1e-9);
    for class in 0..4 {
        assert!((report["per_class"][class].as_f64().unwrap() - rows[class][class] / 10.0).abs() < 1e-9);
    }
    let table = bench.run("eval --model @small.safetensors --data @data --confusion").ok();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[1].contains("rows: what it is") && lines[2].ends_with("recall"), "{table}");
    for (row, line) in rows.iter().zip(&lines[3..7]) {
        let cells: Vec<&str> = line.split_whitespace().skip(1).take(4).collect();
        let expected = row.iter().map(|&n| if n == 0.0 { "·".to_owned() } else { n.to_string() });
        assert!(cells.iter().copied().eq(expected), "{table}");
    }
    assert!(lines[7].trim_start().starts_with("precision"), "{table}");
}

#[test]
fn images_are_changed_before_they_are_read() {
    let bench = Bench::new();
    // Long enough to be right about nearly every image as it is.
    bench.run("train --net @small.json --data @data --epochs 6 --batch 8 --optimizer adam --lr 0.01 --save @small.safetensors").ok();
    let accuracy = |options: &str| json(&bench, options)["accuracy"].as_f64().unwrap();
    let plain = accuracy("");
    assert!(plain > 0.9, "{plain}");
    // A bar two rows lower is a bar of the next class; upside down, the last bar is the first.
    assert!(accuracy("--shift 2,0") < 0.5);
    assert!(accuracy("--shift -2,0") < 0.5);
    assert!(accuracy("--rotate 180") < 0.5);
    // Bars two pixels high: three pixels thinner, nothing is left of them.
    assert!(accuracy("--thickness -3") < 0.5);
    assert!(accuracy("--thickness 0") == plain);
    assert!(accuracy("--shift 0,0 --rotate 0 --noise 0") == plain);
    assert!(accuracy("--rotate 360") > 0.9);
    assert_eq!(json(&bench, "--noise 0.5"), json(&bench, "--noise 0.5"), "the noise has a seed");
    assert_ne!(json(&bench, "--noise 0.5")["loss"], json(&bench, "")["loss"]);
    let said = bench.run("eval --model @small.safetensors --data @data --shift=-1,2 --noise 0.1").ok();
    assert!(
        said.starts_with("small on the 40 test images of data, shifted by -1,2, with noise of σ 0.1: "),
        "{said}"
    );
}

#[test]
fn a_change_out_of_its_range_is_told_in_a_sentence() {
    let bench = Bench::new();
    bench.train_small();
    for (options, told) in [
        ("--shift 1", "'--shift <DY,DX>': must be two whole numbers"),
        ("--shift 1.5,0", "'--shift <DY,DX>': must be two whole numbers"),
        ("--shift 0,8", "shift is 0,8, but must keep a part of images of 8×8 in sight"),
        ("--shift -8,0", "shift is -8,0, but"),
        ("--rotate far", "'--rotate <DEG>': must be a number"),
        ("--rotate nan", "rotation is NaN, but must be from −360 to 360 degrees"),
        ("--thickness 5", "thickness is 5, but must be from −4 to 4 pixels"),
        ("--noise -1", "noise is -1, but must be from 0 to 10"),
        ("--noise inf", "noise is inf, but"),
    ] {
        let line = bench.run(&format!("eval --model @small.safetensors --data @data {options}")).fails(2);
        assert!(line.contains(told), "{options}: {line}");
    }
}
