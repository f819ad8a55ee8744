//! `convlens similar`, by running it.

#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
use crate::support::{Bench, write_png};
use serde_json::Value;

/// A picture of a bar in the place of class 2, on an even ground.
fn bar(bench: &Bench) {
    write_png(&bench.path("bar.png"), 8, 8, |x, y| if y / 2 == 2 && x > 0 { 235 } else { 20 });
}

fn json(bench: &Bench, options: &str) -> Value {
    let line = format!("similar @bar.png --model @small.safetensors --data @data --raw --json {options}");
    serde_json::from_str(&bench.run(&line).ok()).unwrap()
}

#[test]
fn the_neighbours_of_a_picture_are_of_its_class() {
    let bench = Bench::new();
    bench.train_small();
    bar(&bench);
    for (options, count, layer) in [
        ("", 12, Value::from(3)),
        ("--layer 0 --metric euclidean --count 5", 5, Value::from(0)),
        ("--layer 4 --count 1", 1, Value::from(4)),
        ("--pixels --count 24", 24, Value::Null),
        ("--pixels --metric euclidean --count 1000", 96, Value::Null),
    ] {
        let report = json(&bench, options);
        let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["file", "layer", "neighbours"]);
        assert_eq!(report["layer"], layer, "{options}");
        let neighbours = report["neighbours"].as_array().unwrap();
        assert_eq!(neighbours.len(), count, "{options}");
        let distances: Vec<f64> = neighbours.iter().map(|n| n["distance"].as_f64().unwrap()).collect();
        assert!(distances.is_sorted() && distances[0] >= -1e-6, "{distances:?}");
        for neighbour in neighbours {
            let keys: Vec<&String> = neighbour.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["distance", "index", "label"]);
            assert_eq!(neighbour["label"].as_u64().unwrap(), neighbour["index"].as_u64().unwrap() % 4);
        }
        // 24 of the 96 images have the bar in this place.
        if options.starts_with("--pixels") {
            assert!(neighbours.iter().take(24).all(|n| n["label"] == 2), "{options}: {neighbours:?}");
        }
    }
    let said = bench.run("similar @bar.png --model @small.safetensors --data @data --raw --count 3").ok();
    assert!(
        said.contains(
            "bar.png: nearest of the 96 training images of data by flatten 3 of small, cosine distance"
        ),
        "{said}"
    );
    assert_eq!(said.lines().count(), 5, "{said}");
}

#[test]
fn what_cannot_be_compared_is_told() {
    let bench = Bench::new();
    bench.train_small();
    bar(&bench);
    let told = |options: &str, code| {
        bench.run(&format!("similar @bar.png --model @small.safetensors --data @data {options}")).fails(code)
    };
    assert!(told("--layer 5", 2).contains("--layer 5: small has the layers 0 to 4"));
    assert!(told("--layer -1", 2).contains("'--layer <N>': must be a whole number"));
    assert!(told("--count 0", 2).contains("'--count <N>': must be a whole number from 1 to 1000"));
    assert!(told("--metric near", 2).contains("--metric"));
    assert!(told("--layer 1 --pixels", 2).contains("--pixels"));
    assert!(bench.run("similar").fails(2).contains("IMAGE"));
    assert!(
        bench.run("similar @none.png --data @data --model @small.safetensors").fails(1).contains("none.png")
    );
    let line = bench.run("similar @bar.png --data @data").fails(1);
    assert!(line.contains("8×8") && line.contains("28×28"), "{line}");
    write_png(&bench.path("blank.png"), 8, 8, |_, _| 255);
    let line = bench.run("similar @blank.png --model @small.safetensors --data @data").fails(1);
    assert!(line.contains("blank.png: no ink"), "{line}");
}
