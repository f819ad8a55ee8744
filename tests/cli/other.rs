//! `convlens nets`, `bench`, `demo` and the program itself, by running them.

#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
use crate::support::Bench;
use convlens::nn::presets;
use serde_json::Value;

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_preset_is_listed_with_its_figures() {
    let bench = Bench::new();
    let lines = json_lines(&bench.run("nets --json").ok());
    let names: Vec<&str> = lines.iter().map(|line| line["net"].as_str().unwrap()).collect();
    assert_eq!(names, presets::names());
    let lenet = &lines[0];
    assert_eq!((&lenet["parameters"], &lenet["multiply_adds"]), (&61_706.into(), &416_520.into()));
    assert_eq!(lenet["layers"][3]["receptive_field"], serde_json::json!([14, 14]));
    assert_eq!(lenet["layers"][3]["name"], "conv2d 3");
    let table = bench.run("nets").ok();
    assert!(table.contains("conv2d 3 "), "{table}");
    assert!(names.iter().all(|name| table.contains(name)) && table.contains("61 706"), "{table}");
}

#[test]
fn a_bench_has_the_keys_that_it_is_compared_by() {
    let bench = Bench::new();
    let line = "bench --net mlp-5 lenet5 --threads 1 --seconds 0 --json";
    let lines = json_lines(&bench.run(line).ok());
    assert_eq!(lines.len(), 2);
    for (line, (net, batch)) in lines.iter().zip([("mlp-5", 100), ("lenet5", 64)]) {
        let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["batch", "forward1_us", "net", "threads", "train_images_per_s"]);
        assert_eq!((&line["net"], &line["batch"], &line["threads"]), (&net.into(), &batch.into(), &1.into()));
        assert!(
            line["train_images_per_s"].as_f64().unwrap() > 0.0 && line["forward1_us"].as_f64().unwrap() > 0.0
        );
    }
    assert!(bench.run("bench --net resnet").fails(2).contains("--net resnet"));
    assert!(bench.run("bench --growth speed.png --json").fails(2).contains("--growth"));
    assert!(bench.run("bench --seconds -1 --net mlp-5").fails(2).contains("--seconds"));
}

#[test]
fn backpropagation_agrees_with_numerical_gradients() {
    let bench = Bench::new();
    let rows = json_lines(&bench.run("gradcheck --net @small.json --data @data --samples 12 --json").ok());
    let names: Vec<&str> = rows.iter().map(|row| row["parameter"].as_str().unwrap()).collect();
    assert_eq!(names, ["0.weight", "0.bias", "4.weight", "4.bias"]);
    for row in &rows {
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["checked", "corners", "max_relative_difference", "parameter", "values"]);
        let (checked, values) = (row["checked"].as_u64().unwrap(), row["values"].as_u64().unwrap());
        assert!((1..=12).contains(&checked) && checked <= values, "{row}");
        assert!(row["max_relative_difference"].as_f64().unwrap() < 0.02, "{row}");
    }
    let said = bench.run("gradcheck --net @small.json --data @data").ok();
    assert!(said.contains("4.weight") && said.contains("largest difference"), "{said}");
    assert!(bench.run("gradcheck --net resnet").fails(2).contains("--net resnet"));
    assert!(bench.run("gradcheck --net @small.json --samples 0").fails(2).contains("--samples"));
}

#[test]
fn the_demo_trains_reads_digits_and_writes_pictures() {
    let bench = Bench::new();
    let said = bench.run("demo --net @small.json --data @data --epochs 2 --out @pictures").ok();
    assert!(said.contains("After 2 epochs") && said.contains("of the 40 test images correctly"), "{said}");
    assert_eq!(said.matches(", correct").count() + said.matches(", wrong").count(), 6, "{said}");
    assert!(!said.contains('\x1b'), "colours belong on a terminal");
    for name in ["filters.png", "curves.png"] {
        assert!(said.contains(name));
        let picture = image::open(bench.path("pictures").join(name)).unwrap();
        assert!(picture.width() > 600 && picture.height() > 300, "{name}");
    }
    assert!(bench.run("demo --net @small.json --data @data --epochs 0").fails(2).contains("--epochs"));
    let line = bench.run("demo --net @small.json --data @data --out @small.json").fails(1);
    assert!(line.contains("--out") && line.contains("small.json"), "{line}");
}

#[test]
fn help_and_version_go_to_stdout() {
    let bench = Bench::new();
    let help = bench.run("--help").ok();
    for command in ["demo", "train", "eval", "predict", "trace", "nets", "bench"] {
        assert!(help.contains(command), "{help}");
        assert!(bench.run(&format!("{command} --help")).ok().contains("Usage: convlens"));
    }
    let version = bench.run("--version").ok();
    let built = version.strip_prefix(concat!("convlens ", env!("CARGO_PKG_VERSION"), " (")).unwrap();
    assert!(built.starts_with("commit ") || built == "development build)\n", "{version}");
}

#[test]
fn what_packages_install_is_made_from_the_options() {
    let bench = Bench::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = bench.run(&format!("completions {shell}")).ok();
        for word in ["worksheet", "confusion", "Convolution"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert!(bench.run("completions csh").fails(2).contains("bash, zsh, fish"));
    let page = bench.run("man --lang en").ok();
    assert!(page.contains(".TH convlens 1") && page.contains("neural network"), "{page}");
    bench.run("man --out @pages").ok();
    for name in ["convlens", "convlens-train", "convlens-lesson-check"] {
        assert!(bench.path("pages").join(format!("{name}.1")).exists(), "{name}");
    }
    assert!(bench.run("man --out @small.json").fails(1).contains("small.json"));
    let licences = bench.run("licences").ok();
    assert!(licences.contains("\nserde 1.") && licences.contains("Apache License"), "{licences}");
}

/// The report of a crash is said once, in one line, by whatever starts next.
#[cfg(target_os = "linux")]
#[test]
fn a_crash_is_said_at_the_next_start() {
    let bench = Bench::new();
    let folder = bench.path("home/convlens/crashes");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("crash-2026-01-01T00-00-00Z.new.txt"), "it failed").unwrap();
    let start = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_convlens"));
        command.args(["nets", "--json"]).env("XDG_DATA_HOME", bench.path("home")).output().unwrap()
    };
    let first = start();
    let said = String::from_utf8(first.stderr).unwrap();
    assert!(
        said.contains("crash-2026-01-01T00-00-00Z.txt says where") && said.lines().count() == 1,
        "{said}"
    );
    assert!(first.status.success() && folder.join("crash-2026-01-01T00-00-00Z.txt").exists());
    assert_eq!(String::from_utf8(start().stderr).unwrap(), "");
}

#[cfg(unix)]
#[test]
fn a_device_is_no_place_for_a_result() {
    let bench = Bench::new();
    bench.train_small();
    crate::support::write_png(&bench.path("x.png"), 8, 8, |x, _| (x * 30) as u8);
    let line = bench.run("trace --model @small.safetensors --input @x.png --out /dev/null").fails(1);
    assert!(line.contains("/dev/null") && line.contains("is not a regular file"), "{line}");
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}
