//! Every case of `tests/cases`: inputs on which ConvLens once did something wrong, each with the right result.

use super::support::{Bench, Ran, write_png};
use convlens::{
    model_file,
    nn::{Init, Network, NetworkSpec},
    train::Checkpoint,
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

/// A bench with the cases' data set in `set` and these files.
fn bench(files: &[&str]) -> Bench {
    let bench = Bench::new();
    fs::create_dir(bench.path("set")).unwrap();
    for entry in fs::read_dir(case("data")).unwrap() {
        let entry = entry.unwrap();
        fs::write(bench.path("set").join(entry.file_name()), fs::read(entry.path()).unwrap()).unwrap();
    }
    for file in files {
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        fs::write(bench.path(name), fs::read(case(file)).unwrap()).unwrap();
    }
    bench
}

/// The values of a tensor in a trace.
fn traced(bench: &Bench, key: &str) -> (Vec<usize>, Vec<f32>) {
    let bytes = bench.read("t.safetensors");
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensor = file.tensor(key).unwrap();
    let values = tensor.data().chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap()));
    (tensor.shape().to_vec(), values.collect())
}

/// Saves an untrained network as a model.
fn save_model(bench: &Bench, spec: &str, model: &str) {
    let spec = NetworkSpec::from_json(&fs::read_to_string(bench.path(spec)).unwrap()).unwrap();
    model_file::save(&bench.path(model), &Network::new(spec, Init::He, 1).unwrap()).unwrap();
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn case_2_a_jpeg_that_is_cut_off_is_refused() {
    let bench = bench(&["whole-3.jpg"]);
    let whole = bench.read("whole-3.jpg");
    assert_eq!(json(&bench.run("predict --json @whole-3.jpg").ok())["label"], 3);
    for percent in [5, 20, 40, 55, 70, 90, 99] {
        fs::write(bench.path("cut.jpg"), &whole[..whole.len() * percent / 100]).unwrap();
        let said = bench.run("predict @cut.jpg").fails(1);
        assert!(said.contains("cut.jpg: "), "{percent} %: {said}");
    }
    fs::write(bench.path("cut.jpg"), &whole[..whole.len() * 55 / 100]).unwrap();
    assert!(bench.run("predict @cut.jpg").fails(1).contains("the JPEG file is cut off"));
}

#[test]
fn case_3_a_pair_that_is_half_saved_goes_on() {
    let train = "train --net @tiny.json --data @set --save @m.safetensors --batch 16";
    let bench = bench(&["tiny.json"]);
    bench.run(&format!("{train} --epochs 1")).ok();
    let old = ["m.safetensors", "m.training.safetensors"].map(|file| bench.read(file));
    bench.run(&format!("{train} --epochs 3")).ok();
    let whole = ["m.safetensors", "m.training.safetensors"].map(|file| bench.read(file));
    let resume = "train --resume @m.safetensors --data @set --save @m.safetensors --epochs 3";

    // Killed before the first of the two files, and before the second.
    bench.run(&format!("{train} --epochs 1")).ok();
    assert_eq!(bench.read("m.safetensors"), old[0]);
    bench.run("train --resume @m.safetensors --data @set --save @m.safetensors --epochs 2").ok();
    fs::write(bench.path("m.safetensors"), &old[0]).unwrap();
    let ran = bench.run(resume);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("saving was interrupted; the run goes on from its training state at step 8"));
    assert_eq!(bench.read("m.safetensors"), whole[0], "as if nothing had happened");

    // Killed between the first two files of a run.
    fs::remove_file(bench.path("m.safetensors")).unwrap();
    fs::remove_file(bench.path("m.training.safetensors")).unwrap();
    bench.run(&format!("{train} --epochs 1")).ok();
    fs::remove_file(bench.path("m.safetensors")).unwrap();
    assert_eq!(bench.run(resume).code, 0);
    assert_eq!(bench.read("m.safetensors"), whole[0]);

    // A model of another run is not taken for an older one.
    bench.run("train --net @tiny.json --data @set --seed 9 --epochs 1 --save @other.safetensors").ok();
    fs::write(bench.path("m.safetensors"), bench.read("other.safetensors")).unwrap();
    assert!(bench.run(resume).fails(1).contains("was saved with another model"));
}

/// The pair of an earlier version, without the weights in its training state.
#[test]
fn case_3_a_half_saved_pair_of_an_earlier_version_goes_on() {
    let bench = bench(&["half-saved/m.safetensors", "half-saved/m.training.safetensors"]);
    let ran = bench.run("train --resume @m.safetensors --data @set --epochs 3 --save @m.safetensors");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("goes on from the older model"), "{}", ran.stderr);
    assert!(ran.stdout.contains("epoch 3/3"), "{}", ran.stdout);
    let checkpoint = Checkpoint::load(&bench.path("m.safetensors")).unwrap();
    assert_eq!((checkpoint.state.step, checkpoint.recovered), (3, None));
}

#[cfg(target_os = "linux")]
#[test]
fn case_4_the_model_is_saved_before_the_log_fails() {
    let bench = bench(&["tiny.json"]);
    let train = "train --net @tiny.json --data @set --batch 1 --epochs 2 --save @f.safetensors";
    let said = bench.run(&format!("{train} --log /dev/full"));
    assert!(said.fails(1).contains("--log /dev/full: cannot be written"));
    let checkpoint = Checkpoint::load(&bench.path("f.safetensors")).unwrap();
    assert_eq!(checkpoint.state.step, 64, "the first epoch");
}

#[test]
fn case_5_a_log_has_each_step_once() {
    let bench = bench(&["tiny.json"]);
    let train = "train --net @tiny.json --data @set --batch 16 --save @m.safetensors --log @log.csv";
    bench.run(&format!("{train} --epochs 3")).ok();
    let whole = bench.read("log.csv");
    // Killed in the middle of epoch 2: the log is ahead of the model, and its last row is incomplete.
    bench.run(&format!("{train} --epochs 1")).ok();
    let lines: Vec<&[u8]> = whole.split_inclusive(|&byte| byte == b'\n').collect();
    let ahead = lines[..9].concat();
    fs::write(bench.path("log.csv"), &ahead[..ahead.len() - 4]).unwrap();
    bench
        .run("train --resume @m.safetensors --data @set --epochs 3 --save @m.safetensors --log @log.csv")
        .ok();
    assert_eq!(String::from_utf8(bench.read("log.csv")).unwrap(), String::from_utf8(whole).unwrap());
    // Another file is not taken for a log.
    bench.run(&format!("{train} --epochs 1")).ok();
    fs::write(bench.path("log.csv"), "notes\n").unwrap();
    let resume = "train --resume @m.safetensors --data @set --epochs 2 --log @log.csv";
    assert!(bench.run(resume).fails(1).contains("is not a log of ConvLens"));
    assert_eq!(bench.read("log.csv"), b"notes\n");
}

#[test]
fn case_6_a_model_of_any_input_size_predicts() {
    let bench = bench(&[]);
    let spec = r#"{"name": "px56", "input": [1, 56, 56], "layers": [{"type": "flatten"}, {"type": "linear", "out_features": 10}]}"#;
    fs::write(bench.path("px56.json"), spec).unwrap();
    save_model(&bench, "px56.json", "px56.safetensors");
    write_png(&bench.path("x.png"), 56, 56, |x, y| u8::from(x.abs_diff(28) < 3 && y > 9) * 255);
    for raw in ["", "--raw"] {
        let said = bench.run(&format!("predict {raw} --json --model @px56.safetensors @x.png")).ok();
        assert_eq!(json(&said)["probabilities"].as_array().unwrap().len(), 10);
    }
    // A picture of the network's own size is used pixel by pixel.
    let raw = json(&bench.run("predict --raw --json --model @px56.safetensors @x.png").ok());
    bench.run("trace --model @px56.safetensors --input @x.png --out @t.safetensors").ok();
    for (raw, traced) in
        raw["probabilities"].as_array().unwrap().iter().zip(traced(&bench, "probabilities").1)
    {
        assert!((raw.as_f64().unwrap() - f64::from(traced)).abs() < 1e-6);
    }
}

#[test]
fn case_7_models_with_names_of_their_own_are_read() {
    let bench = bench(&["tiny.json", "named.safetensors", "module.safetensors"]);
    let eval = |model: &str| {
        let said = bench.run(&format!("eval --json --model @{model} --net @tiny.json --data @set"));
        json(&said.ok())["loss"].as_f64().unwrap()
    };
    for model in ["named.safetensors", "module.safetensors"] {
        let bytes = bench.read(model);
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let tensors: Vec<_> =
            file.iter().map(|(key, view)| (format!("1.{}", key.rsplit('.').next().unwrap()), view)).collect();
        let renamed = safetensors::serialize(tensors, None).unwrap();
        fs::write(bench.path("own.safetensors"), renamed).unwrap();
        assert_eq!(eval(model), eval("own.safetensors"), "{model}");
    }
}

#[test]
fn case_8_names_with_dots_and_zeros_after_the_gzip_are_read() {
    let bench = bench(&["tiny.json"]);
    let said = bench.run("train --net @tiny.json --data @set --epochs 1 --log @a.csv").ok();
    assert!(said.contains("64 images of set"), "{said}");
    for entry in fs::read_dir(bench.path("set")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().replace("-idx", ".idx");
        let padded = [fs::read(&path).unwrap(), vec![0; 300]].concat();
        fs::remove_file(&path).unwrap();
        fs::write(path.with_file_name(name), padded).unwrap();
    }
    bench.run("train --net @tiny.json --data @set --epochs 1 --log @b.csv").ok();
    assert_eq!(bench.read("a.csv"), bench.read("b.csv"));
}

#[test]
fn case_11_eight_bits_in_sixteen_are_read() {
    let bench = bench(&["g16_255.png"]);
    // The same picture with eight bits.
    let picture = image::open(case("g16_255.png")).unwrap().into_luma16();
    let pixel = |x, y| picture.get_pixel(x, y).0[0] as u8;
    write_png(&bench.path("g8.png"), picture.width(), picture.height(), pixel);
    let probabilities = |name: &str| {
        let answer = json(&bench.run(&format!("predict --json @{name}")).ok());
        assert_ne!(answer["label"], Value::Null, "{name}: {answer}");
        answer["probabilities"].clone()
    };
    let (deep, plain) = (probabilities("g16_255.png"), probabilities("g8.png"));
    for (deep, plain) in deep.as_array().unwrap().iter().zip(plain.as_array().unwrap()) {
        assert!((deep.as_f64().unwrap() - plain.as_f64().unwrap()).abs() < 0.02, "{deep} and {plain}");
    }
}

#[test]
fn case_12_a_byte_order_mark_is_skipped_and_a_key_twice_is_refused() {
    let bench = bench(&["bom.json", "dup-key-in-layer.json"]);
    bench.run("train --net @bom.json --data @set --epochs 1").ok();
    let said = bench.run("train --net @dup-key-in-layer.json --data @set --epochs 1").fails(1);
    assert!(said.contains("layer 1 (linear)") && said.contains("duplicate field `out_features`"), "{said}");
}

#[test]
fn case_13_no_escape_code_of_a_file_reaches_the_terminal() {
    let bench = bench(&["evil-name.safetensors"]);
    let evil = "\u{1b}]0;title\u{7}\u{1b}[31m.png";
    write_png(&bench.path(evil), 30, 30, |x, _| u8::from(x.abs_diff(15) < 3) * 255);
    fs::create_dir(bench.path("evil\u{1b}[31m")).unwrap();
    let runs: Vec<Ran> = [
        "eval --model @evil-name.safetensors --data @set",
        "eval --json --model @evil-name.safetensors --data @set",
        "eval --model @evil-name.safetensors --data @data",
        "trace --model @evil-name.safetensors --input @X --out @t.safetensors",
        "predict @X",
        "predict --json @X @X @none\u{9b}31m.png",
        "predict @none\u{1b}[31m.png",
        "train --net @tiny\u{1b}[31m.json",
        "train --net tiny\u{1b}[31m",
        "train --net lenet5 --data @evil\u{1b}[31m",
        "train --net lenet5 --lr \u{1b}[31m",
        "train --\u{1b}[31m",
    ]
    .iter()
    .map(|line| bench.run(&line.replace("@X", &format!("@{evil}"))))
    .collect();
    for ran in runs {
        let is_harmless = |text: &str| !text.contains(|c: char| c.is_control() && c != '\n');
        assert!(is_harmless(&ran.stdout) && is_harmless(&ran.stderr), "{:?} {:?}", ran.stdout, ran.stderr);
        assert!(!ran.stdout.is_empty() || !ran.stderr.is_empty());
    }
}

#[test]
fn case_14_a_negative_number_is_refused_by_its_option() {
    let bench = bench(&["tiny.json"]);
    let said = bench.run("train --net @tiny.json --data @set --seed -1").fails(2);
    assert!(said.contains("'--seed <N>': must be a whole number from 0 to 18446744073709551615"), "{said}");
}

/// In a terminal, where there is a progress bar.
#[cfg(target_os = "linux")]
#[test]
fn case_15_the_bar_ends_with_the_last_epoch() {
    let bench = bench(&["tiny.json"]);
    let shown = bench.run_in_terminal("train --net @tiny.json --data @set --batch 8 --epochs 2");
    assert!(shown.contains("epoch 1/2") && shown.contains("epoch 2/2"), "{shown}");
    assert!(!shown.contains("epoch 3/2"), "{shown}");
}

#[test]
fn case_16_temporary_files_of_a_killed_process_are_removed() {
    let bench = bench(&["tiny.json"]);
    for name in [".m.safetensors.AbCd12.tmp", ".m.training.safetensors.AbCd12.tmp", ".log.csv.AbCd12.tmp"] {
        fs::write(bench.path(name), "left").unwrap();
    }
    fs::write(bench.path(".other.safetensors.AbCd12.tmp"), "of another file").unwrap();
    bench.run("train --net @tiny.json --data @set --epochs 1 --save @m.safetensors --log @log.csv").ok();
    let names = fs::read_dir(bench.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().ends_with(".tmp")).collect();
    assert_eq!(left, [".other.safetensors.AbCd12.tmp"]);
}

#[cfg(unix)]
#[test]
fn case_19_a_signal_ends_a_run_after_its_step_and_the_run_can_go_on() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let bench = bench(&["tiny.json"]);
        let train = "train --net @tiny.json --data @set --batch 1 --epochs 10000 --save @m.safetensors --log @log.csv";
        let ran = bench.run_until_signal(train, signal);
        let said = ran.fails(code);
        let step = Checkpoint::load(&bench.path("m.safetensors")).unwrap().state.step;
        assert!(step > 0 && said.contains(&format!("stopped by a signal at step {step} in epoch")), "{said}");
        let rows = String::from_utf8(bench.read("log.csv")).unwrap();
        let last = rows.lines().rfind(|row| row.contains(",train,")).unwrap();
        assert!(last.starts_with(&format!("{step},")), "{last}");
        // The line that says how to go on, with fewer epochs.
        let (_, line) = said.split_once("to go on: convlens ").unwrap();
        let epochs = format!("--epochs {}", step / 64 + 2);
        let went_on = bench.run(&line.replace("--epochs 10000", &epochs)).ok();
        assert!(went_on.contains("test: loss"), "{went_on}");
        let steps = String::from_utf8(bench.read("log.csv")).unwrap();
        let mut steps: Vec<u64> = steps
            .lines()
            .filter(|row| row.contains(",train,"))
            .map(|row| row.split(',').next().unwrap().parse().unwrap())
            .collect();
        let count = steps.len();
        steps.dedup();
        assert!(steps.len() == count && steps.is_sorted(), "each step once");
    }
    let bench = bench(&["tiny.json"]);
    let ran = bench.run_until_signal("train --net @tiny.json --data @set --batch 1 --epochs 10000", "INT");
    assert!(ran.fails(130).contains("nothing is saved without --save"));
}

/// Files that are not a model, a picture or a spec at all.
#[test]
fn other_files_are_refused_in_one_line() {
    let bench = bench(&["whole-3.jpg", "tiny.json"]);
    fs::write(bench.path("empty.safetensors"), b"{}      ").unwrap();
    fs::write(bench.path("none"), "").unwrap();
    for file in ["empty.safetensors", "none", "whole-3.jpg", "tiny.json"] {
        assert!(bench.run(&format!("eval --model @{file} --data @set")).fails(1).contains(file));
        if file != "tiny.json" {
            assert!(bench.run(&format!("train --net @{file} --data @set")).fails(1).contains(file));
        }
    }
    let view = TensorView::new(Dtype::F32, vec![1], &[0; 4]).unwrap();
    fs::write(bench.path("x.safetensors"), safetensors::serialize([("x", view)], None).unwrap()).unwrap();
    assert!(
        bench
            .run("eval --model @x.safetensors --net @tiny.json --data @set")
            .fails(1)
            .contains("x.safetensors")
    );
}
