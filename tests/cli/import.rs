//! `convlens import`, and models of other programs in the commands that take a model.

use crate::support::Bench;
use std::fs;

/// The bench with files of `tests/reference/foreign`.
fn bench(files: &[&str]) -> Bench {
    let bench = Bench::new();
    for file in files {
        fs::copy(format!("tests/reference/foreign/{file}"), bench.path(file)).unwrap();
    }
    let index: serde_json::Value =
        serde_json::from_slice(&fs::read("tests/reference/foreign/cases.json").unwrap()).unwrap();
    fs::write(bench.path("net.json"), index["cases"][0]["net"].to_string()).unwrap();
    bench
}

#[test]
fn a_table_says_what_was_matched_to_what() {
    let bench = bench(&["nested.pth", "first.keras"]);
    let said = bench.run("import @nested.pth --net @net.json --out @m.safetensors").ok();
    let row = |start: &str| said.lines().find(|line| line.contains(start)).unwrap_or_default().to_owned();
    assert!(row("3.weight").starts_with("conv2d 3"), "{said}");
    assert!(
        row("3.weight").contains("4×3×3×3") && row("3.weight").ends_with("state_dict.module.conv2.weight"),
        "{said}"
    );
    assert!(said.contains("saved small to"), "{said}");
    // The file is a model of its own now.
    image::GrayImage::from_fn(8, 8, |x, y| image::Luma([(x * 30) as u8 ^ y as u8]))
        .save(bench.path("a.png"))
        .unwrap();
    let answer = |model: &str| bench.run(&format!("predict --raw --json @a.png --model {model}")).ok();
    assert_eq!(answer("@m.safetensors"), answer("@nested.pth --net @net.json"));
    assert!(bench.run("import @m.safetensors").ok().contains("already"));
    let keras = bench.run("import @first.keras").ok();
    assert!(keras.contains("layers/conv2d_1/vars/0") && keras.contains("softmax"), "{keras}");
}

#[test]
fn a_network_is_proposed_saved_and_given_back() {
    let bench = bench(&["zip.pt"]);
    let said = bench.run("import @zip.pt --save-net @p.json").ok();
    assert!(said.contains("proposed") && said.contains(r#""type":"conv2d""#), "{said}");
    let refused = bench.run("import @zip.pt --out @m.safetensors");
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("--net"), "{}", refused.stderr);
    assert!(!bench.path("m.safetensors").exists());
    bench.run("import @zip.pt --net @p.json --out @m.safetensors").ok();
    assert!(bench.path("m.safetensors").exists());
    let without = bench.run("eval --model @zip.pt --data @data");
    assert_eq!(without.code, 1);
    assert!(without.stderr.contains("convlens import"), "{}", without.stderr);
}

#[test]
fn the_table_can_be_corrected() {
    let bench = bench(&["alike.pt"]);
    let spec = r#"{"name":"alike","input":[4],"layers":[{"type":"linear","out_features":4},{"type":"linear","out_features":4},
        {"type":"linear","out_features":4},{"type":"linear","out_features":4}]}"#;
    fs::write(bench.path("four.json"), spec).unwrap();
    let said = bench
        .run("import @alike.pt --net @four.json --map 0.weight=end.weight --map 2.weight=stem.weight")
        .ok();
    let row = |key: &str| said.lines().find(|line| line.contains(key)).unwrap().to_owned();
    assert!(row("0.weight").ends_with("end.weight") && row("2.weight").ends_with("stem.weight"), "{said}");
    assert!(
        row("1.weight").ends_with("middle.weight") && row("3.weight").ends_with("again.weight"),
        "{said}"
    );
    for wrong in ["--map 0.weight", "--map ="] {
        let refused = bench.run(&format!("import @alike.pt --net @four.json {wrong}"));
        assert_eq!(refused.code, 2);
        assert!(refused.stderr.contains("KEY=NAME"), "{}", refused.stderr);
    }
}

#[test]
fn a_branch_is_named_in_one_line() {
    let bench = bench(&["residual.onnx"]);
    let refused = bench.run("predict --model @residual.onnx @none.png");
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("/block/Add") && refused.stderr.lines().count() == 1,
        "{}",
        refused.stderr
    );
}
