//! `convlens compare`, by running it.

#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
use crate::support::Bench;
use serde_json::Value;
use std::fs;

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A fully connected network beside the convolutional one of the bench.
fn bench() -> Bench {
    let bench = Bench::new();
    let spec: Value = serde_json::from_slice(&bench.read("small.json")).unwrap();
    let flat = serde_json::json!({
        "name": "flat", "input": spec["input"],
        "layers": [{ "type": "flatten" }, { "type": "linear", "out_features": 4 }],
    });
    fs::write(bench.path("flat.json"), flat.to_string()).unwrap();
    bench
}

#[test]
fn two_networks_get_a_row_each() {
    let bench = bench();
    let line = "compare @small.json @flat.json --data @data --epochs 3";
    let found = rows(&bench.run(&format!("{line} --json")).ok());
    assert_eq!(found.len(), 2);
    for (row, net) in found.iter().zip(["small", "flat"]) {
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["accuracy", "loss", "net", "parameters", "seconds"]);
        assert_eq!(row["net"], net);
        assert!(row["seconds"].as_f64().unwrap() > 0.0 && row["loss"].as_f64().unwrap() > 0.0, "{row}");
        assert!((0.0..=1.0).contains(&row["accuracy"].as_f64().unwrap()));
    }
    assert_eq!(found[1]["parameters"], 4 * 64 + 4);

    let said = bench.run(line).ok();
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("96 images of data in the same order for both networks, 3 epochs, seed 1"));
    assert_eq!(lines.iter().filter(|line| line.contains("small ")).count(), 3, "{said}");
    assert_eq!(lines.iter().filter(|line| line.contains("flat ")).count(), 3, "{said}");
    let last = format!("loss {:.4}", found[1]["loss"].as_f64().unwrap());
    assert!(lines.last().unwrap().contains(&last), "{said}: {last}");
}

/// What is compared is what `train` gives, and the seed decides it.
#[test]
fn a_row_is_what_the_network_does_alone() {
    let bench = bench();
    let result = |line: &str| {
        let found = rows(&bench.run(line).ok());
        found.iter().map(|row| (row["accuracy"].clone(), row["loss"].clone())).collect::<Vec<_>>()
    };
    let both = result("compare @small.json @flat.json --data @data --epochs 2 --seed 5 --json");
    for (net, found) in ["small", "flat"].iter().zip(&both) {
        let train = format!("train --net @{net}.json --data @data --epochs 2 --seed 5 --save @m.safetensors");
        bench.run(&train).ok();
        assert_eq!(result("eval --model @m.safetensors --data @data --json")[0], *found);
    }
    assert_eq!(both[0], result("compare @flat.json @small.json --data @data --epochs 2 --seed 5 --json")[1]);
    assert_ne!(both, result("compare @small.json @flat.json --data @data --epochs 2 --seed 6 --json"));
    let few = "compare @small.json @flat.json --data @data --epochs 2 --seed 5 --train-images 8 --json";
    assert_ne!(both, result(few));
}

#[test]
fn what_cannot_be_compared_is_one_sentence() {
    let bench = bench();
    for (line, code, part) in [
        ("compare @small.json", 2, "<B>"),
        ("compare resnet mlp-5", 2, "resnet"),
        ("compare mlp-5 @none.json", 1, "none.json"),
        ("compare mlp-5 @small.json --data @data", 1, "mlp-5: the images of data are 8×8"),
        ("compare @small.json @flat.json --data @data --epochs 0", 2, "--epochs"),
        ("compare @small.json @flat.json --data @data --train-images 97", 2, "must be at most 96"),
    ] {
        let said = bench.run(line).fails(code);
        assert!(said.contains(part), "{line}: {said}");
    }
}
