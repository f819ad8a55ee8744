//! `convlens export` and `convlens report`, by running them.

use crate::support::Bench;

#[test]
fn a_model_is_written_for_every_program() {
    let bench = Bench::new();
    bench.train_small();
    for (name, files) in [
        ("net.onnx", &["net.onnx"][..]),
        ("net.py", &["net.py", "net.safetensors"]),
        ("net.keras.py", &["net.keras.py", "net.keras.safetensors"]),
        ("net.json", &["net.json"]),
        ("net.h", &["net.h"]),
    ] {
        let said = bench.run(&format!("export --model @small.safetensors --out @{name}")).ok();
        assert_eq!(said.lines().count(), files.len(), "{said}");
        for file in files {
            assert!(!bench.read(file).is_empty() && said.contains(file), "{said}");
        }
    }
    // The weights beside a module are the model.
    assert_eq!(bench.read("net.safetensors"), bench.read("small.safetensors"));
    let code = String::from_utf8(bench.read("net.py")).unwrap();
    assert!(code.contains("nn.Conv2d(1, 3, kernel_size=3)") && code.contains("x = (picture - 0.5) / 0.5"));
    let header = String::from_utf8(bench.read("net.h")).unwrap();
    assert!(header.contains("static const float conv2d_0_weight[27] = {"), "{header}");
}

#[test]
fn an_unknown_ending_lists_the_known_ones() {
    let bench = Bench::new();
    let ran = bench.run("export --model @none.safetensors --out @net.pt");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("net.pt") && ran.stderr.contains(".onnx, .keras.py, .py"), "{}", ran.stderr);
}

#[test]
fn a_layer_that_a_program_lacks_is_named() {
    let bench = Bench::new();
    let spec = r#"{"name": "odd", "input": [1,8,8], "preprocess": {"mean": 0.5, "std": 0.5}, "layers": [
        {"type": "max_pool2d", "kernel_size": 2, "stride": 1, "dilation": 2}, {"type": "flatten"},
        {"type": "linear", "out_features": 4}]}"#;
    std::fs::write(bench.path("odd.json"), spec).unwrap();
    bench.run("train --net @odd.json --data @data --epochs 1 --batch 8 --save @odd.safetensors").ok();
    let ran = bench.run("export --model @odd.safetensors --out @odd.keras.py");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("max_pool2d 0 cannot be written for Keras"), "{}", ran.stderr);
    assert!(!bench.path("odd.keras.py").exists());
}

/// The text of a report without its pictures.
fn report(bench: &Bench, options: &str) -> String {
    bench.run(&format!("report --data @data --out @r.html {options}")).ok();
    String::from_utf8(bench.read("r.html")).unwrap()
}

#[test]
fn a_report_is_one_file_with_the_numbers_of_eval() {
    let bench = Bench::new();
    bench.train_small();
    let html = report(&bench, "--model @small.safetensors");
    let eval = bench.run("eval --model @small.safetensors --data @data").ok();
    let accuracy = eval.split("accuracy ").nth(1).unwrap().split(',').next().unwrap();
    assert!(html.contains(&format!("<b>{accuracy}</b>")), "{accuracy}");
    // Nothing is loaded from elsewhere, and there is no script.
    for outside in ["http", "<script", "<link", "@import", "url(h", "src=\"/", "file:"] {
        assert!(!html.contains(outside), "{outside}");
    }
    let parts =
        ["Network", "Training run", "Results by class", "Confusion matrix", "Calibration", "Worst mistakes"];
    for part in parts.into_iter().chain(["Filters of conv2d 0", "How to repeat it"]) {
        assert!(html.contains(&format!("<h2>{part}</h2>")), "{part}");
    }
    assert!(html.contains("data:image/png;base64,") && html.contains("<polyline class=\"line training\""));
    assert_eq!(html, report(&bench, "--model @small.safetensors"), "the same model, the same report");
    let chinese = report(&bench, "--model @small.safetensors --lang zh");
    assert!(chinese.contains("<html lang=\"zh\">") && chinese.contains("<h2>混淆矩阵</h2>"));
}

#[test]
fn the_command_of_a_report_trains_the_same_network() {
    let bench = Bench::new();
    let options = "--epochs 2 --batch 8 --optimizer adamw --lr 0.004 --weight-decay 0.02 --schedule cosine --seed 9 --warmup 3 \
                   --clip-norm 2 --label-smoothing 0.1 --validation 0.25 --train-images 50 --augment=rotation:5,shift:0.1";
    bench.run(&format!("train --net @small.json --data @data --save @first.safetensors {options}")).ok();
    let html = report(&bench, "--model @first.safetensors");
    let line = html.split("<pre class=\"command\">convlens ").nth(1).unwrap().split("</pre>").next().unwrap();
    let line = line.replace("<span>", "").replace("</span>", "");
    assert!(line.starts_with("train --net spec.json --data DIR "), "{line}");
    let line = line.replace("spec.json", "@small.json").replace("DIR", "@data").replace("again.", "@again.");
    bench.run(&line).ok();
    assert_eq!(bench.read("again.safetensors"), bench.read("first.safetensors"));
}

#[test]
fn a_report_without_a_run_says_so_and_escapes_names() {
    let bench = Bench::new();
    bench.train_small();
    let spec = crate::support::SPEC.replace("\"small\"", "\"<script>alert(1)</script>&\"");
    std::fs::write(bench.path("evil.json"), spec).unwrap();
    bench.run("train --net @evil.json --data @data --epochs 1 --batch 8 --save @evil.safetensors").ok();
    std::fs::remove_file(bench.path("evil.training.safetensors")).unwrap();
    let html = report(&bench, "--model @evil.safetensors");
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)"), "{html}");
    assert!(
        html.contains("there is no training state")
            && html.contains("No command can train this network again")
    );
    // A state of another model is not used.
    std::fs::copy(bench.path("small.training.safetensors"), bench.path("evil.training.safetensors")).unwrap();
    let ran = bench.run("report --data @data --out @r.html --model @evil.safetensors");
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("the report has no curves"), "{}", ran.stderr);
}
