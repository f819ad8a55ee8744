//! `convlens train` and `convlens eval`, by running them.

#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
use crate::support::Bench;
use serde_json::Value;
use std::fs;

#[test]
fn a_network_learns_is_saved_and_does_as_well_when_it_is_read_back() {
    let bench = Bench::new();
    let said = bench
        .run("train --net @small.json --data @data --epochs 6 --batch 8 --optimizer adam --lr 0.01 --save @m.safetensors")
        .ok();
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("small: ") && lines[0].contains("seed 1"), "{said}");
    assert_eq!(lines.iter().filter(|line| line.starts_with("epoch ")).count(), 6, "{said}");
    assert!(said.contains("test: loss ") && said.contains("of 40 images"), "{said}");

    let json = bench.run("eval --model @m.safetensors --data @data --json").ok();
    assert_eq!(json.lines().count(), 1);
    let report: Value = serde_json::from_str(&json).unwrap();
    let accuracy = report["accuracy"].as_f64().unwrap();
    assert!(accuracy > 0.9, "{json}");
    assert!(said.contains(&format!("accuracy {:.2} % of 40 images", accuracy * 100.0)), "{said} {json}");
    assert_eq!(report["images"], 40);
    assert_eq!(report["per_class"].as_array().unwrap().len(), 4);
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["accuracy", "images", "loss", "per_class"]);

    let words = bench.run("eval --model @m.safetensors --data @data").ok();
    assert!(words.starts_with("small on the 40 test images of data: accuracy "), "{words}");
}

#[test]
fn the_same_seed_gives_the_same_curve_whatever_the_threads() {
    let bench = Bench::new();
    let train = |name: &str, more: &str| {
        let line = "train --net @small.json --data @data --epochs 2 --batch 10";
        bench.run(&format!("{line} --log @{name}.csv --save @{name}.safetensors {more}")).ok();
        (bench.read(&format!("{name}.csv")), bench.read(&format!("{name}.safetensors")))
    };
    let one = train("one", "--seed 7 --threads 1");
    assert_eq!(one, train("two", "--seed 7 --threads 2"));
    assert_eq!(one, train("three", "--seed 7 --threads 3"));
    assert_ne!(one.0, train("other", "--seed 8 --threads 1").0);
}

#[test]
fn a_part_of_the_set_and_label_smoothing_are_options() {
    let bench = Bench::new();
    let line = "train --net @small.json --data @data --epochs 1 --batch 8";
    let said = bench.run(&format!("{line} --train-images 20 --log @log.csv --save @m.safetensors")).ok();
    assert!(said.contains(", 20 images of data"), "{said}");
    let log = String::from_utf8(bench.read("log.csv")).unwrap();
    let images: Vec<&str> = log.lines().skip(1).map(|row| row.rsplit(',').next().unwrap()).collect();
    assert_eq!(images, ["8", "8", "4", "40"]);
    let resumed = bench.run("train --resume @m.safetensors --epochs 2 --data @data").ok();
    assert!(resumed.contains(", 20 images of data"), "{resumed}");

    let first_loss = |more: &str| {
        bench.run(&format!("{line} {more} --log @log.csv")).ok();
        String::from_utf8(bench.read("log.csv")).unwrap().lines().nth(1).unwrap().to_owned()
    };
    assert_ne!(first_loss("--label-smoothing 0.2"), first_loss(""));
    assert_eq!(first_loss("--label-smoothing 0"), first_loss(""));

    let wrong = bench.run(&format!("{line} --train-images 97")).fails(2);
    assert!(wrong.contains("training images is 97, but must be at most 96, the images of data"), "{wrong}");
    let wrong = bench.run(&format!("{line} --train-images 0")).fails(2);
    assert!(wrong.contains("--train-images"), "{wrong}");
    for value in ["1", "-0.1", "NaN"] {
        let wrong = bench.run(&format!("{line} --label-smoothing {value}")).fails(2);
        assert!(wrong.contains("label smoothing is") && wrong.contains("at least 0 and below 1"), "{wrong}");
    }
    assert!(bench.run(&format!("{line} --label-smoothing x")).fails(2).contains("--label-smoothing"));
}

#[test]
fn the_log_has_a_row_a_step_and_one_an_evaluation() {
    let bench = Bench::new();
    let line = "train --net @small.json --data @data --epochs 2 --batch 32 --validation 0.25 --log @log.csv";
    let said = bench.run(line).ok();
    assert!(said.contains("; validation loss ") && said.contains("test: loss "), "{said}");
    let log = String::from_utf8(bench.read("log.csv")).unwrap();
    let mut lines = log.lines();
    assert_eq!(lines.next(), Some("step,epoch,loss,accuracy,set,images"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    // 72 of the 96 images are trained on: batches of 32, 32 and 8.
    let what: Vec<_> = rows.iter().map(|row| (row[0], row[1], row[4], row[5])).collect();
    let expected = [
        ("1", "1", "train", "32"),
        ("2", "1", "train", "32"),
        ("3", "1", "train", "8"),
        ("3", "1", "validation", "24"),
        ("4", "2", "train", "32"),
        ("5", "2", "train", "32"),
        ("6", "2", "train", "8"),
        ("6", "2", "validation", "24"),
        ("6", "2", "test", "40"),
    ];
    assert_eq!(what, expected);
    for row in &rows {
        let (loss, accuracy): (f64, f64) = (row[2].parse().unwrap(), row[3].parse().unwrap());
        assert!(loss > 0.0 && (0.0..=1.0).contains(&accuracy), "{row:?}");
        let correct = accuracy * row[5].parse::<f64>().unwrap();
        assert!((correct - correct.round()).abs() < 1e-4, "{row:?}");
    }
}

#[test]
fn wrong_settings_are_wrong_usage() {
    let bench = Bench::new();
    for (options, told) in [
        ("--lr -1", "learning rate is -1"),
        ("--lr nan", "learning rate is NaN"),
        ("--batch 0", "'--batch <N>': must be a whole number from 1 to 4096"),
        ("--epochs 0", "'--epochs <N>': must be a whole number from 1 to 10000"),
        ("--momentum 1.5", "momentum is 1.5"),
        ("--weight-decay -2", "weight decay is -2"),
        ("--validation 2", "validation is 2"),
        ("--optimizer adam --momentum 0.5", "adam has no momentum"),
        ("--optimizer lion", "'lion' is not an optimiser"),
        ("--init orthogonal", "'orthogonal' is not an initialisation"),
        ("--schedule linear", "'linear' is not a schedule"),
        ("--threads 0", "'--threads <N>': must be a whole number from 1 to 256"),
        ("--seed -1", "'--seed <N>': must be a whole number from 0 to 18446744073709551615"),
        ("--warmup -1", "'--warmup <N>': must be a whole number from 0"),
        ("--lr fast", "'--lr <F>': must be a number"),
        ("--epochs many", "'--epochs <N>': must be a whole number"),
        ("--nett x", "--nett"),
    ] {
        let line = bench.run(&format!("train --net @small.json --data @data {options}")).fails(2);
        assert!(line.contains(told), "{options}: {line}");
    }
    assert!(bench.run("train").fails(2).contains("--net"));
    assert!(bench.run("train --net lenet6").fails(2).contains("lenet5-relu"));
    assert!(bench.run("teach").fails(2).contains("teach"));
}

#[test]
fn a_wrong_spec_is_told_with_its_layer_and_shapes() {
    let bench = Bench::new();
    let told = |layers: &str| {
        let spec = format!(r#"{{"name": "x", "input": [1,8,8], "layers": [{layers}]}}"#);
        fs::write(bench.path("x.json"), spec).unwrap();
        let line = bench.run("train --net @x.json --data @data").fails(1);
        assert!(line.contains("x.json: "), "{line}");
        line
    };
    let line = told(r#"{"type":"relu"}, {"type":"conv2d","out_channels":2,"kernel_size":9}"#);
    assert!(line.contains("layer 1 (conv2d) with input 1×8×8") && line.contains("9 is larger"), "{line}");
    let line = told(r#"{"type":"relu"}, {"type":"linear","out_features":4}"#);
    assert!(line.contains("layer 1 (linear)") && line.contains("1×8×8"), "{line}");
    assert!(told(r#"{"type":"relu","size":3}"#).contains("size"));
    assert!(told(r#"{"type":"transformer"}"#).contains("transformer"));
    fs::write(bench.path("x.json"), "{").unwrap();
    assert!(bench.run("train --net @x.json --data @data").fails(1).contains("x.json: the spec is not valid"));
    assert!(bench.run("train --net @none.json").fails(1).contains("none.json"));
}

#[test]
fn data_that_does_not_fit_is_told() {
    let bench = Bench::new();
    let line = bench.run("train --net lenet5 --data @data").fails(1);
    assert!(line.contains("8×8") && line.contains("1×28×28"), "{line}");
    let narrow = crate::support::SPEC.replace(r#""out_features": 4"#, r#""out_features": 2"#);
    fs::write(bench.path("narrow.json"), narrow).unwrap();
    let line = bench.run("train --net @narrow.json --data @data").fails(1);
    assert!(line.contains("labels up to 3") && line.contains("2 outputs"), "{line}");

    let whole = bench.read("data/train-images-idx3-ubyte");
    fs::write(bench.path("data/train-images-idx3-ubyte"), &whole[..whole.len() - 5]).unwrap();
    let line = bench.run("train --net @small.json --data @data").fails(1);
    assert!(line.contains("train-images-idx3-ubyte") && line.contains("96 images of 8×8"), "{line}");
    fs::remove_file(bench.path("data/train-images-idx3-ubyte")).unwrap();
    assert!(bench.run("train --net @small.json --data @data").fails(1).contains("train-images-idx3-ubyte"));
    assert!(bench.run("train --net @small.json --data @nowhere").fails(1).contains("nowhere"));
}

#[test]
fn what_cannot_be_written_is_told_before_training() {
    let bench = Bench::new();
    let train = "train --net @small.json --data @data --epochs 1";
    assert!(bench.run(&format!("{train} --save @none/m.safetensors")).fails(1).contains("--save"));
    assert!(bench.run(&format!("{train} --save @data")).fails(1).contains("is a folder"));
    let ran = bench.run(&format!("{train} --log @none/x.csv"));
    assert_eq!(ran.stdout, "");
    assert!(ran.fails(1).contains("--log"));
}

#[test]
fn divergence_keeps_the_model_that_was_saved_before() {
    let bench = Bench::new();
    bench.train_small();
    let saved = bench.read("small.safetensors");
    let line = bench
        .run("train --net @small.json --data @data --lr 1e30 --optimizer sgd --epochs 3 --batch 8 --save @small.safetensors")
        .fails(1);
    assert!(line.contains("training diverged at step") && line.contains("lower learning rate"), "{line}");
    assert_eq!(bench.read("small.safetensors"), saved);
}

#[test]
fn a_bad_model_is_told() {
    let bench = Bench::new();
    bench.train_small();
    let bytes = bench.read("small.safetensors");
    let eval = |bytes: &[u8]| {
        fs::write(bench.path("bad.safetensors"), bytes).unwrap();
        let line = bench.run("eval --model @bad.safetensors --data @data").fails(1);
        assert!(line.contains("bad.safetensors: "), "{line}");
        line
    };
    for end in [0, 7, 40, bytes.len() / 2, bytes.len() - 1] {
        assert!(eval(&bytes[..end]).contains("not a complete safetensors file"));
    }
    let mut nan = bytes.clone();
    let at = nan.len() - 4;
    nan[at..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(eval(&nan).contains("NaN"));
    assert!(bench.run("eval --model @none.safetensors").fails(1).contains("none.safetensors"));
    let line = bench.run("eval --model @small.safetensors --net mlp-5 --data @data").fails(1);
    assert!(line.contains("small.safetensors") && line.contains("mlp-5"), "{line}");
    assert!(bench.run("eval").fails(2).contains("--model"));
}

#[test]
fn a_run_that_is_resumed_ends_as_the_one_that_never_stopped() {
    let bench = Bench::new();
    // Nothing here depends on how many epochs are wanted: so five are the same as two and three.
    let settings = "--net @small.json --data @data --batch 10 --optimizer adam --lr 0.01 --schedule step:1,0.5 --warmup 3 --clip-norm 1 --augment=rotation:5,shift:0.1 --featurewise-center --featurewise-std --seed 4";
    bench.run(&format!("train {settings} --epochs 5 --save @at_once.safetensors --log @at_once.csv")).ok();
    bench.run(&format!("train {settings} --epochs 2 --save @first.safetensors")).ok();
    let line =
        "train --resume @first.safetensors --data @data --epochs 5 --save @rest.safetensors --log @rest.csv";
    let said = bench.run(line).ok();
    let first = said.lines().next().unwrap();
    assert!(first.contains("; augmentation rotation:5,shift:0.1; resumed after 2 epochs"), "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("epoch ")).count(), 3, "{said}");
    assert_eq!(bench.read("at_once.safetensors"), bench.read("rest.safetensors"));
    assert_eq!(bench.read("at_once.training.safetensors"), bench.read("rest.training.safetensors"));
    let csv = |name: &str| String::from_utf8(bench.read(name)).unwrap();
    let (all, rest) = (csv("at_once.csv"), csv("rest.csv"));
    let rest: Vec<&str> = rest.lines().skip(1).collect();
    assert!(
        rest.len() > 10 && all.ends_with(&format!("{}\n", rest.join("\n"))),
        "{all}\n{}",
        rest.join("\n")
    );
}

#[test]
fn what_cannot_be_resumed_is_told() {
    let bench = Bench::new();
    let train = "train --net @small.json --data @data --epochs 1 --batch 10 --save @m.safetensors";
    bench.run(train).ok();
    let cases = [
        (
            "train --resume @m.safetensors --data @data",
            2,
            "has been trained for 1 epoch already; give a larger --epochs",
        ),
        ("train --resume @m.safetensors --data @data --seed 3", 2, "--seed"),
        ("train --resume @m.safetensors --net lenet5", 2, "--net"),
        ("train --epochs 1", 2, "--net"),
        ("train --resume @none.safetensors", 1, "none.safetensors: "),
        ("train --resume @m.safetensors --epochs 2", 1, "the run was trained on data ("),
        (
            "train --net @small.json --data @data --early-stop 2",
            2,
            "early stop is 2, but needs a validation fraction",
        ),
        ("train --net @small.json --data @data --augment=wobble:2", 2, "unknown augmentation 'wobble:2'"),
        ("train --net @small.json --data @data --schedule one-cycle:1", 2, "'one-cycle:1' is not a schedule"),
        ("train --net @small.json --data @data --clip-norm -1", 2, "gradient clipping is -1"),
    ];
    for (line, code, part) in cases {
        let error = bench.run(line).fails(code);
        assert!(error.contains(part), "{line}: {error}");
    }
}

#[test]
fn a_log_goes_on_with_the_run() {
    let bench = Bench::new();
    let train = "train --net @small.json --data @data --batch 10 --save @m.safetensors --log @log.csv";
    bench.run(&format!("{train} --epochs 1")).ok();
    let first = bench.read("log.csv");
    let resume = "train --resume @m.safetensors --data @data --epochs 2 --save @m.safetensors --log @log.csv";
    bench.run(resume).ok();
    let both = String::from_utf8(bench.read("log.csv")).unwrap();
    assert!(both.as_bytes().starts_with(&first) && both.len() > first.len(), "{both}");
    assert_eq!(both.matches("step,epoch").count(), 1, "{both}");
    // A run that begins, begins a file.
    bench.run(&format!("{train} --epochs 1")).ok();
    assert_eq!(bench.read("log.csv"), first);
}

#[cfg(unix)]
#[test]
fn when_nobody_reads_on_the_epoch_is_kept_and_the_end_is_said() {
    let bench = Bench::new();
    let line = "train --net @small.json --data @data --batch 10 --epochs 40 --save @m.safetensors";
    let ran = bench.run_unread(line);
    assert!(ran.fails(1).contains("training stopped after 1 of 40 epochs"));
    assert_eq!(
        bench.run("train --resume @m.safetensors --data @data --epochs 2").ok().matches("epoch 2/2").count(),
        1
    );
}

#[test]
fn what_could_not_be_saved_is_refused_before_training() {
    let bench = Bench::new();
    let train = "train --net @small.json --data @data --epochs 1 --batch 10 --save @m.safetensors";
    bench.run(train).ok();
    for name in ["m.safetensors", "m.training.safetensors"] {
        let before = ["m.safetensors", "m.training.safetensors"].map(|file| bench.read(file));
        let mut permissions = fs::metadata(bench.path(name)).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(bench.path(name), permissions.clone()).unwrap();
        let ran = bench.run(&format!("{train} --seed 2"));
        assert_eq!(ran.stdout, "");
        let said = ran.fails(1);
        assert!(said.contains(name) && said.contains("is write-protected"), "{said}");
        assert_eq!(["m.safetensors", "m.training.safetensors"].map(|file| bench.read(file)), before);
        fs::remove_file(bench.path(name)).unwrap();
        bench.run(train).ok();
    }
}
