//! The core against values that PyTorch computed in float64 (`tests/reference/generate.py`).

use crate::support::{assert_close, run};
use convlens::nn::{
    ForwardMode, LayerSpec, Network, NetworkSpec, Serial, Shape, Tensor, Workspace,
    lab::{Conv1d, Conv3d, conv1d, conv3d},
    optim::{Optimizer, OptimizerSpec},
};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use std::{collections::HashMap, path::Path};

/// A pair of reference files: the cases of the index, and the tensors by name.
pub(crate) struct Reference {
    pub(crate) cases: Vec<Value>,
    tensors: HashMap<String, Tensor>,
    pub(crate) indices: HashMap<String, Vec<i64>>,
}

impl Reference {
    pub(crate) fn read(name: &str) -> Self {
        let path = |ending: &str| Path::new("tests/reference").join(format!("{name}.{ending}"));
        let index: Value = serde_json::from_slice(&std::fs::read(path("json")).unwrap()).unwrap();
        let bytes = std::fs::read(path("safetensors")).unwrap();
        let mut reference = Self {
            cases: index["cases"].as_array().unwrap().clone(),
            tensors: HashMap::new(),
            indices: HashMap::new(),
        };
        for (name, view) in SafeTensors::deserialize(&bytes).unwrap().tensors() {
            if view.dtype() == Dtype::I64 {
                let values = view.data().chunks_exact(8).map(|b| i64::from_le_bytes(b.try_into().unwrap()));
                reference.indices.insert(name, values.collect());
            } else {
                assert_eq!(view.dtype(), Dtype::F32, "{name}");
                let values = view.data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()));
                reference
                    .tensors
                    .insert(name, Tensor::new(view.shape(), &values.collect::<Vec<_>>()).unwrap());
            }
        }
        assert!(!reference.cases.is_empty());
        reference
    }

    fn tensor(&self, case: &str, what: &str) -> &Tensor {
        &self.tensors[&format!("{case}/{what}")]
    }

    pub(crate) fn values(&self, case: &str, what: &str) -> &[f32] {
        self.tensor(case, what).values()
    }
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

/// The shape of one image; `dims` begins with the batch.
fn image_shape(dims: &[usize]) -> Shape {
    match *dims {
        [_, channels, height, width] => Shape::maps(channels, height, width),
        [_, features] => Shape::Vector(features),
        _ => panic!("no shape of a batch: {dims:?}"),
    }
}

/// The spec of a case, without the settings that the core infers from the input.
fn layer_spec(kind: &str, settings: &Value) -> LayerSpec {
    let mut spec = settings.as_object().unwrap().clone();
    for inferred in ["in_channels", "in_features", "num_features", "num_channels"] {
        spec.remove(inferred);
    }
    spec.insert("type".into(), kind.into());
    serde_json::from_value(spec.into()).unwrap_or_else(|e| panic!("{kind}: {e}"))
}

/// The output of a convolution in one or three dimensions on a single image.
fn laboratory(kind: &str, case: &Value, x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let settings = |key: &str| numbers(&case["settings"][key]);
    let [in_channels, out_channels] =
        ["in_channels", "out_channels"].map(|key| case["settings"][key].as_u64().unwrap() as usize);
    let input = numbers(&case["input"]);
    assert_eq!(input[0], 1);
    if kind == "conv1d" {
        let [kernel_size, stride, padding] = ["kernel_size", "stride", "padding"].map(|key| settings(key)[0]);
        let settings = Conv1d { in_channels, out_channels, kernel_size, stride, padding, dilation: 1 };
        conv1d(settings, x, weight, bias).unwrap()
    } else {
        let [kernel_size, stride, padding] =
            ["kernel_size", "stride", "padding"].map(|key| settings(key).try_into().unwrap());
        let settings = Conv3d { in_channels, out_channels, kernel_size, stride, padding, dilation: [1; 3] };
        conv3d(&settings, input[2..].try_into().unwrap(), x, weight, bias).unwrap()
    }
}

#[test]
fn layers_agree_with_pytorch() {
    for name in ["layers", "layers2"] {
        compare_layers(&Reference::read(name));
    }
}

fn compare_layers(reference: &Reference) {
    for case in &reference.cases {
        let [name, kind] = ["case", "kind"].map(|key| case[key].as_str().unwrap());
        if matches!(kind, "conv1d" | "conv3d") {
            // Functions of the laboratory rather than layers.
            let of = |what: &str| reference.values(name, what);
            assert_close(
                &format!("{name}: y"),
                &laboratory(kind, case, of("x"), of("weight"), of("bias")),
                of("y"),
            );
            continue;
        }
        let layer = layer_spec(kind, &case["settings"]).build(image_shape(&numbers(&case["input"]))).unwrap();
        assert_eq!(layer.output(), image_shape(&numbers(&case["output"])), "{name}");
        let parameters: Vec<Tensor> = layer
            .parameters()
            .iter()
            .map(|p| {
                let tensor = reference.tensor(name, p.name);
                assert_eq!(tensor.shape(), p.shape, "{name}: {}", p.name);
                tensor.clone()
            })
            .collect();
        let of = |what: &str| reference.values(name, what);
        let run = run(layer.as_ref(), &parameters, of("x"), Some(of("dy")), 0.0);
        assert_close(&format!("{name}: y"), &run.y, of("y"));
        assert_close(&format!("{name}: dx"), &run.dx, of("dx"));
        for (p, gradient) in layer.parameters().iter().zip(&run.gradients) {
            let what = format!("grad.{}", p.name);
            assert_close(&format!("{name}: {what}"), gradient.values(), of(&what));
        }
        for (b, buffer) in
            layer.buffers().iter().zip(&run.buffers).filter(|(b, _)| b.name != "num_batches_tracked")
        {
            assert_close(&format!("{name}: {}", b.name), buffer.values(), of(b.name));
        }
        if let Some(indices) = reference.indices.get(&format!("{name}/indices")) {
            assert!(run.indices.iter().map(|&i| i64::from(i)).eq(indices.iter().copied()), "{name}: indices");
        }
    }
}

/// The layers of a reference network as a spec; the index has them in PyTorch's notation.
fn network_layers(name: &str) -> &'static str {
    match name {
        "simple-conv-net-small" => {
            r#"{"type":"conv2d","out_channels":6,"kernel_size":5}, {"type":"relu"}, {"type":"max_pool2d","kernel_size":2},
               {"type":"flatten"}, {"type":"linear","out_features":20}, {"type":"relu"}, {"type":"linear","out_features":10}"#
        }
        "lenet5-sigmoid" => {
            r#"{"type":"conv2d","out_channels":6,"kernel_size":5}, {"type":"sigmoid"}, {"type":"max_pool2d","kernel_size":2},
               {"type":"conv2d","out_channels":16,"kernel_size":5}, {"type":"sigmoid"}, {"type":"max_pool2d","kernel_size":2},
               {"type":"flatten"}, {"type":"linear","out_features":120}, {"type":"sigmoid"},
               {"type":"linear","out_features":84}, {"type":"sigmoid"}, {"type":"linear","out_features":10}"#
        }
        "keras-tanh-cnn" => {
            r#"{"type":"conv2d","out_channels":4,"kernel_size":5}, {"type":"tanh"},
               {"type":"conv2d","out_channels":8,"kernel_size":3}, {"type":"tanh"}, {"type":"max_pool2d","kernel_size":2},
               {"type":"conv2d","out_channels":16,"kernel_size":3}, {"type":"relu"}, {"type":"max_pool2d","kernel_size":2},
               {"type":"flatten"}, {"type":"linear","out_features":128}, {"type":"tanh"}, {"type":"linear","out_features":10}"#
        }
        "all-layers" => {
            r#"{"type":"conv2d","out_channels":8,"kernel_size":3,"stride":2,"padding":1}, {"type":"batch_norm2d"}, {"type":"relu"},
               {"type":"conv2d","out_channels":8,"kernel_size":3,"padding":1,"groups":2}, {"type":"channel_shuffle","groups":2},
               {"type":"leaky_relu","negative_slope":0.01}, {"type":"local_response_norm","size":5,"alpha":1e-4,"beta":0.75,"k":2},
               {"type":"conv_transpose2d","out_channels":4,"kernel_size":2,"stride":2}, {"type":"tanh"},
               {"type":"avg_pool2d","kernel_size":2}, {"type":"conv2d","out_channels":6,"kernel_size":3,"padding":2,"dilation":2},
               {"type":"sigmoid"}, {"type":"max_pool2d","kernel_size":3,"stride":2,"padding":1}, {"type":"flatten"},
               {"type":"linear","out_features":10}"#
        }
        other => panic!("{other} has no spec here"),
    }
}

#[test]
fn networks_train_as_in_pytorch() {
    let reference = Reference::read("networks");
    for case in &reference.cases {
        let name = case["network"].as_str().unwrap();
        let of = |what: &str| reference.values(name, what);
        let json = format!(
            r#"{{"name": "{name}", "input": {}, "layers": [{}]}}"#,
            case["input"],
            network_layers(name)
        );
        let mut network = Network::zeros(NetworkSpec::from_json(&json).unwrap()).unwrap();
        assert_eq!(network.layers().len(), case["layers"].as_array().unwrap().len());
        let names: Vec<String> = network.named_parameters().map(|(name, _)| name).collect();
        network.set_parameters(names.iter().map(|name| of(&format!("initial.{name}")))).unwrap();

        for (buffer, start) in network.named_buffers().filter(|(buffer, _)| !buffer.ends_with("tracked")) {
            assert_eq!(start.values(), of(&format!("initial.{buffer}")), "{name}: {buffer}");
        }
        let trace = network.trace_in(ForwardMode::Train { seed: 0 }, of("x"));
        for (i, activation) in trace.activations.iter().enumerate() {
            let expected = reference.tensor(name, &format!("activation.{i}"));
            assert_eq!(activation.shape(), expected.shape(), "{name}: activation {i}");
            assert_close(&format!("{name}: activation {i}"), activation.values(), expected.values());
        }

        let labels: Vec<u8> =
            reference.indices[&format!("{name}/labels")].iter().map(|&l| u8::try_from(l).unwrap()).collect();
        let mut workspace = Workspace::new(&network, labels.len(), true);
        let input_len = network.input().len();
        workspace.load(labels.len(), &Serial, |first, x, t| {
            x.copy_from_slice(&of("x")[first * input_len..][..x.len()]);
            t.copy_from_slice(&labels[first..][..t.len()]);
        });
        let spec = &case["optimizer"];
        assert_eq!(spec["kind"], "sgd");
        let mut optimizer = Optimizer::new(optimizer_spec("sgd", spec), network.parameters());
        for step in 0..3 {
            let loss = workspace.forward_backward(&network, &Serial).loss;
            let expected = case["losses3"][step].as_f64().unwrap();
            assert!((loss / expected - 1.0).abs() < 1e-5, "{name}: loss {step} is {loss}, not {expected}");
            if step == 0 {
                for (parameter, gradient) in names.iter().zip(workspace.gradients().iter().flatten()) {
                    let what = format!("grad.{parameter}");
                    assert_close(&format!("{name}: {what}"), gradient.values(), of(&what));
                }
            }
            let lr = spec["lr"].as_f64().unwrap() as f32;
            workspace.update_buffers(&mut network);
            optimizer.step(network.parameters_mut(), workspace.gradients(), lr);
        }
        for (parameter, tensor) in network.named_parameters() {
            let what = format!("after3.{parameter}");
            assert_close(&format!("{name}: {what}"), tensor.values(), of(&what));
        }
        for (buffer, tensor) in network.named_buffers() {
            let what = format!("{name}/after3.{buffer}");
            match reference.indices.get(&what) {
                Some(batches) => assert_eq!(tensor.values(), [batches[0] as f32], "{what}"),
                None => assert_close(&what, tensor.values(), reference.tensors[&what].values()),
            }
        }
    }
}

/// The spec of a reference optimiser, without its learning rate.
fn optimizer_spec(kind: &str, settings: &Value) -> OptimizerSpec {
    let mut spec = settings.as_object().unwrap().clone();
    spec.remove("lr");
    spec.insert("type".into(), kind.into());
    spec.remove("kind");
    serde_json::from_value(spec.into()).unwrap_or_else(|e| panic!("{kind}: {e}"))
}

#[test]
fn optimizers_agree_with_pytorch() {
    let reference = Reference::read("optimizers");
    for case in &reference.cases {
        let name = case["optimizer"].as_str().unwrap();
        let kind = if matches!(name, "momentum" | "nesterov") { "sgd" } else { name };
        let spec = optimizer_spec(kind, &case["settings"]);
        assert_eq!(spec.name(), name);
        let lr = case["settings"]["lr"].as_f64().unwrap() as f32;
        let mut parameters = vec![vec![Tensor::new(&[6], &[1.0, -2.0, 3.0, -4.0, 5.0, -6.0]).unwrap()]];
        let mut optimizer = Optimizer::new(spec, &parameters);
        for (step, expected) in reference.values(name, "trajectory").chunks_exact(6).enumerate() {
            let mut gradients = parameters.clone();
            for (i, g) in gradients[0][0].values_mut().iter_mut().enumerate() {
                *g *= 0.5 + 0.5 * i as f32;
            }
            optimizer.step(&mut parameters, &gradients, lr);
            assert_close(&format!("{name}: step {step}"), parameters[0][0].values(), expected);
        }
        assert_eq!(optimizer.steps(), 20, "{name}");
    }
}
