//! `convlens predict` and `convlens trace`, by running them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
mod cli_support;

use cli_support::{Bench, write_png};
use convlens::{
    model_file,
    nn::{Init, Network, NetworkSpec, presets},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::Value;
use std::{collections::HashMap, fs};

/// A LeNet whose last bias makes it say `digit` with certainty, or nothing in particular.
fn lenet(bench: &Bench, digit: Option<usize>) {
    let mut network = Network::new(presets::lenet5_relu().spec, Init::He, 1).unwrap();
    let [weight, bias] = network.parameters_mut()[11].as_mut_slice() else { panic!("a linear layer") };
    weight.values_mut().fill(0.0);
    if let Some(digit) = digit {
        bias.values_mut()[digit] = 9.0;
    }
    model_file::save(&bench.path("m.safetensors"), &network).unwrap();
}

/// A dark stroke on white paper.
fn stroke(bench: &Bench, name: &str) {
    write_png(&bench.path(name), 60, 80, |x, y| u8::from(!(x.abs_diff(30) < 4 && y > 10 && y < 70)) * 255);
}

#[test]
fn pictures_are_read_one_json_line_each() {
    let bench = Bench::new();
    lenet(&bench, Some(1));
    stroke(&bench, "one.png");
    write_png(&bench.path("blank.png"), 50, 50, |_, _| 255);
    for raw in ["", "--raw"] {
        let said =
            bench.run(&format!("predict --model @m.safetensors --json {raw} @one.png @blank.png")).ok();
        let answers: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), 2);
        assert_eq!(answers[0]["label"], 1);
        assert!(answers[0]["file"].as_str().unwrap().ends_with("one.png"));
        assert!(answers[0].get("reason").is_none());
        assert_eq!(answers[1]["label"], Value::Null);
        assert!(answers[1]["reason"].as_str().unwrap().starts_with("no ink: "));
        for answer in &answers {
            let p: Vec<f64> =
                answer["probabilities"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
            assert_eq!(p.len(), 10);
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-5);
        }
    }
    let said = bench.run("predict --model @m.safetensors @one.png @blank.png").ok();
    assert!(said.contains("one.png: 1 (") && said.contains("blank.png: no ink"), "{said}");
}

#[test]
fn the_model_that_comes_with_the_program_reads_digits() {
    let bench = Bench::new();
    let test = convlens::data::mnist::load_test().unwrap();
    for i in 0..5 {
        let pixels = test.image(i);
        // Black ink on white paper, three times as large.
        let pixel = |x: u32, y: u32| 255 - pixels[(y / 3 * 28 + x / 3) as usize];
        write_png(&bench.path(&format!("{i}.png")), 84, 84, pixel);
    }
    let said = bench.run("predict --json @0.png @1.png @2.png @3.png @4.png").ok();
    let labels: Vec<u64> = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["label"].as_u64().unwrap())
        .collect();
    assert_eq!(labels, [7, 2, 1, 0, 4]);
}

#[test]
fn a_guess_is_no_answer() {
    let bench = Bench::new();
    lenet(&bench, None);
    stroke(&bench, "one.png");
    let said = bench.run("predict --model @m.safetensors --json @one.png").ok();
    let answer: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(answer["label"], Value::Null);
    assert!(
        answer["reason"]
            .as_str()
            .unwrap()
            .starts_with("not sure: not like any digit; the most likely are 0 (10.0 %)"),
        "{said}"
    );
}

#[test]
fn a_bad_picture_does_not_keep_the_others_from_being_read() {
    let bench = Bench::new();
    lenet(&bench, Some(1));
    stroke(&bench, "one.png");
    let whole = bench.read("one.png");
    fs::write(bench.path("cut.png"), &whole[..whole.len() / 2]).unwrap();
    let ran = bench
        .run("predict --model @m.safetensors --json @none.png @one.png @cut.png @one.png @m.safetensors");
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stdout.lines().count(), 2);
    assert!(ran.stdout.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["label"] == 1));
    let told: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(told.len(), 4, "{}", ran.stderr);
    assert!(told[0].contains("none.png: cannot be read") && told[1].contains("cut.png"), "{}", ran.stderr);
    assert!(told[2].contains("not a picture") && told[3].contains("3 of 5 pictures"), "{}", ran.stderr);
    assert!(bench.run("predict --model @m.safetensors @none.png").fails(1).contains("none.png"));
    assert!(bench.run("predict --model @m.safetensors").fails(2).contains("IMAGE"));
}

#[test]
fn networks_for_other_sizes_and_for_colours_predict() {
    let bench = Bench::new();
    stroke(&bench, "one.png");
    for input in ["[1,8,8]", "[1,56,40]", "[3,28,28]", "[1,33,33]"] {
        let spec = format!(
            r#"{{"name":"n","input":{input},"layers":[{{"type":"flatten"}},{{"type":"linear","out_features":10}}]}}"#
        );
        let network = Network::new(NetworkSpec::from_json(&spec).unwrap(), Init::He, 3).unwrap();
        model_file::save(&bench.path("n.safetensors"), &network).unwrap();
        let mut probabilities = Vec::new();
        for raw in ["", "--raw"] {
            let said = bench.run(&format!("predict --model @n.safetensors --json {raw} @one.png")).ok();
            let answer: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(answer["probabilities"].as_array().unwrap().len(), 10, "{input}");
            probabilities.push(answer["probabilities"].clone());
        }
        assert_ne!(probabilities[0], probabilities[1], "{input}: normalised and raw");
        // The same digit as in a trace.
        bench.run("trace --model @n.safetensors --input @one.png --out @t.safetensors").ok();
        let traced: Vec<f64> =
            tensors(&bench, "t.safetensors")["probabilities"].1.iter().map(|&p| f64::from(p)).collect();
        let predicted: Vec<f64> =
            probabilities[0].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
        for (traced, predicted) in traced.iter().zip(predicted) {
            assert!((traced - predicted).abs() < 1e-6, "{input}: {traced} and {predicted}");
        }
    }
    let spec = r#"{"name":"v","input":[784],"layers":[{"type":"linear","out_features":10}]}"#;
    let network = Network::new(NetworkSpec::from_json(spec).unwrap(), Init::He, 3).unwrap();
    model_file::save(&bench.path("v.safetensors"), &network).unwrap();
    let line = bench.run("predict --model @v.safetensors @one.png").fails(1);
    assert!(line.contains("the input of v is a vector of 784, not a picture"), "{line}");
}

fn write_x(bench: &Bench, name: &str, key: &str, shape: &[usize], values: &[f32]) {
    let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let view = TensorView::new(Dtype::F32, shape.to_vec(), &data).unwrap();
    fs::write(bench.path(name), safetensors::serialize([(key, view)], None).unwrap()).unwrap();
}

/// Every tensor of a file with its shape.
fn tensors(bench: &Bench, name: &str) -> HashMap<String, (Vec<usize>, Vec<f32>)> {
    let bytes = bench.read(name);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let values =
        |data: &[u8]| data.chunks_exact(4).map(|c| f32::from_le_bytes(c.try_into().unwrap())).collect();
    file.tensors().into_iter().map(|(key, t)| (key, (t.shape().to_vec(), values(t.data())))).collect()
}

#[test]
fn a_trace_is_the_networks_own() {
    let bench = Bench::new();
    bench.train_small();
    let x: Vec<f32> = (0..3 * 64).map(|i| (i % 17) as f32 / 8.0 - 1.0).collect();
    write_x(&bench, "x.safetensors", "x", &[3, 1, 8, 8], &x);
    bench
        .run("trace --model @small.safetensors --input @x.safetensors --label 2,0,1 --out @t.safetensors")
        .ok();
    let written = tensors(&bench, "t.safetensors");
    let network = model_file::load(&bench.path("small.safetensors"), None).unwrap();
    let trace = network.trace(&x);
    assert_eq!(written["input"], (vec![3, 1, 8, 8], x));
    for (i, activation) in trace.activations.iter().enumerate() {
        let expected = (activation.shape().to_vec(), activation.values().to_vec());
        assert_eq!(written[&format!("activation.{i}")], expected);
    }
    let probabilities = &written["probabilities"].1;
    assert_eq!(probabilities, trace.probabilities.values());
    let loss: f32 = [2, 4, 9].map(|i| -probabilities[i].ln()).iter().sum::<f32>() / 3.0;
    assert!((written["loss"].1[0] - loss).abs() < 1e-5 && written["loss"].0.is_empty());
    assert_eq!(written["grad.0.weight"].0, [3, 1, 3, 3]);
    assert_eq!(written["grad.4.bias"].0, [4]);
    // The last bias's gradient is the mean of probability minus label.
    let last: f32 = (0..3).map(|i| probabilities[i * 4 + 3]).sum::<f32>() / 3.0;
    assert!((written["grad.4.bias"].1[3] - last).abs() < 1e-6);
    assert_eq!(written.len(), 1 + 5 + 1 + 1 + 4);
}

/// Loss and gradients belong to the activations beside them: nothing is dropped, and statistics are the running ones.
#[test]
fn a_trace_is_of_the_network_in_use() {
    let bench = Bench::new();
    let spec = r#"{"name":"coupled","input":[1,8,8],"layers":[{"type":"conv2d","out_channels":3,"kernel_size":3},
        {"type":"batch_norm2d"},{"type":"relu"},{"type":"flatten"},{"type":"dropout","p":0.5},{"type":"linear","out_features":4}]}"#;
    fs::write(bench.path("coupled.json"), spec).unwrap();
    bench.run("train --net @coupled.json --data @data --epochs 1 --batch 8 --save @c.safetensors").ok();
    let x: Vec<f32> = (0..2 * 64).map(|i| (i % 17) as f32 / 8.0 - 1.0).collect();
    write_x(&bench, "x.safetensors", "x", &[2, 1, 8, 8], &x);
    bench.run("trace --model @c.safetensors --input @x.safetensors --label 2,0 --out @t.safetensors").ok();
    let written = tensors(&bench, "t.safetensors");
    let probabilities = &written["probabilities"].1;
    let loss = [2, 4].map(|i| -probabilities[i].ln()).iter().sum::<f32>() / 2.0;
    assert!((written["loss"].1[0] - loss).abs() < 1e-5, "{} {loss}", written["loss"].1[0]);
    let last = (0..2).map(|i| probabilities[i * 4 + 3]).sum::<f32>() / 2.0;
    assert!((written["grad.5.bias"].1[3] - last).abs() < 1e-6);
}

#[test]
fn a_picture_of_the_networks_size_goes_in_pixel_by_pixel() {
    let bench = Bench::new();
    bench.train_small();
    write_png(&bench.path("p.png"), 8, 8, |x, y| (x * 20 + y) as u8);
    bench.run("trace --model @small.safetensors --input @p.png --out @t.safetensors").ok();
    let written = tensors(&bench, "t.safetensors");
    let (shape, input) = &written["input"];
    assert_eq!(*shape, [1, 1, 8, 8]);
    for (i, value) in input.iter().enumerate() {
        let byte = (i % 8 * 20 + i / 8) as f32;
        assert_eq!(*value, (byte / 255.0 - 0.5) / 0.5);
    }
    assert!(!written.contains_key("loss"));

    lenet(&bench, Some(1));
    stroke(&bench, "one.png");
    bench.run("trace --model @m.safetensors --input @one.png --label 1 --out @t.safetensors").ok();
    assert_eq!(tensors(&bench, "t.safetensors")["input"].0, [1, 1, 32, 32]);
}

#[test]
fn inputs_that_do_not_fit_are_told_with_both_shapes() {
    let bench = Bench::new();
    bench.train_small();
    let trace = "trace --model @small.safetensors --out @t.safetensors --input";
    write_x(&bench, "x.safetensors", "x", &[1, 1, 4, 4], &[0.0; 16]);
    let line = bench.run(&format!("{trace} @x.safetensors")).fails(1);
    assert!(line.contains("F32 [1, 1, 4, 4]") && line.contains("F32 [N, 1, 8, 8]"), "{line}");
    write_x(&bench, "x.safetensors", "y", &[1], &[0.0]);
    assert!(
        bench
            .run(&format!("{trace} @x.safetensors"))
            .fails(1)
            .contains("has no tensor x; its tensors are: y")
    );
    write_x(&bench, "x.safetensors", "x", &[1, 1, 8, 8], &[f32::INFINITY; 64]);
    assert!(bench.run(&format!("{trace} @x.safetensors")).fails(1).contains("inf at index 0"));
    fs::write(bench.path("x.safetensors"), b"nonsense").unwrap();
    assert!(
        bench.run(&format!("{trace} @x.safetensors")).fails(1).contains("not a complete safetensors file")
    );
    write_x(&bench, "x.safetensors", "x", &[2, 1, 8, 8], &[0.0; 128]);
    assert!(bench.run(&format!("{trace} @x.safetensors --label 4")).fails(2).contains("classes are 0 to 3"));
    assert!(
        bench
            .run(&format!("{trace} @x.safetensors --label 1,2,3"))
            .fails(2)
            .contains("3 labels for 2 images")
    );
    assert!(bench.run(&format!("{trace} @none.png")).fails(1).contains("none.png"));
    assert!(!bench.path("t.safetensors").exists());
}
