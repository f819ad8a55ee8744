//! Random networks with unusual settings against values that PyTorch computed in float64
//! (`tests/reference/random_networks.py`).

use crate::{
    reference::Reference,
    support::{assert_close, run},
};
use convlens::nn::{ForwardMode, Network, NetworkSpec, Serial, Tensor, Workspace};

/// A network of the file, with the parameters and buffers that PyTorch had.
fn network(reference: &Reference, number: usize) -> Network {
    let (name, case) = (number.to_string(), &reference.cases[number]);
    let json = serde_json::json!({"name": name, "input": case["input"], "layers": case["layers"]});
    let spec = NetworkSpec::from_json(&json.to_string()).unwrap_or_else(|e| panic!("network {number}: {e}"));
    let mut network = Network::zeros(spec).unwrap();
    let initial = |tensor: &str| reference.values(&name, &format!("initial.{tensor}"));
    let names: Vec<String> = network.named_parameters().map(|(name, _)| name).collect();
    network.set_parameters(names.iter().map(|name| initial(name))).unwrap();
    let names: Vec<String> = network.named_buffers().map(|(name, _)| name).collect();
    let is_given = |name: &&String| !name.ends_with("num_batches_tracked");
    let mut given = names.iter().filter(is_given).flat_map(|name| initial(name));
    for (layer, buffers) in network.buffers_mut().iter_mut().enumerate() {
        for (tensor, values) in buffers.iter_mut().enumerate() {
            // The third buffer counts batches.
            if tensor < 2 {
                values.values_mut().fill_with(|| *given.next().unwrap_or_else(|| panic!("layer {layer}")));
            }
        }
    }
    network
}

/// Fails unless every |a − b| ≤ 1e-4 · max(|b|, `largest` / 100), where `largest` is the largest gradient of the network: a
/// gradient that is a small rest of larger ones, such as that of a bias before a norm, has no more digits.
fn assert_gradient(what: &str, actual: &[f32], expected: &[f32], largest: f32) {
    assert_eq!(actual.len(), expected.len(), "{what}: number of values");
    for (i, (&a, &b)) in actual.iter().zip(expected).enumerate() {
        let allowed = 1e-4 * b.abs().max(largest / 100.0);
        assert!((a - b).abs() <= allowed, "{what}[{i}] is {a}, but must be {b} ± {allowed}");
    }
}

#[test]
fn random_networks_agree_with_pytorch() {
    let reference = Reference::read("random_networks");
    assert_eq!(reference.cases.len(), 30);
    for number in 0..reference.cases.len() {
        let network = network(&reference, number);
        let name = number.to_string();
        let of = |what: &str| reference.values(&name, what);
        let what = |what: &str| format!("network {number}, {what}: {}", reference.cases[number]["layers"]);

        let eval = network.trace(of("x"));
        assert_close(&what("evaluation"), eval.activations.last().unwrap().values(), of("eval"));
        let trace = network.trace_in(ForwardMode::Train { seed: 0 }, of("x"));
        for (i, activation) in trace.activations.iter().enumerate() {
            let tensor = format!("activation.{i}");
            assert_close(&what(&tensor), activation.values(), of(&tensor));
        }

        let names: Vec<String> = network.named_parameters().map(|(name, _)| format!("grad.{name}")).collect();
        let gradients = names.iter().map(String::as_str).chain(["grad.input", "grad.output"]);
        let largest = gradients.flat_map(of).fold(0.0_f32, |largest, g| largest.max(g.abs()));

        // Backward layer by layer, down to the input.
        let mut dy = of("grad.output").to_vec();
        for (i, layer) in network.layers().iter().enumerate().rev() {
            let x = i.checked_sub(1).map_or(of("x"), |before| trace.activations[before].values());
            let parameters: &[Tensor] = &network.parameters()[i];
            let run = run(layer.as_ref(), parameters, x, Some(&dy), 0.0);
            for (parameter, gradient) in layer.parameters().iter().zip(&run.gradients) {
                let tensor = format!("grad.{i}.{}", parameter.name);
                assert_gradient(&what(&tensor), gradient.values(), of(&tensor), largest);
            }
            dy = run.dx;
        }
        assert_gradient(&what("grad.input"), &dy, of("grad.input"), largest);

        // The same parameters' gradients as training computes them: of the whole batch, in shards.
        let labels: Vec<u8> = reference.indices[&format!("{number}/labels")]
            .iter()
            .map(|&l| u8::try_from(l).unwrap())
            .collect();
        let mut workspace = Workspace::new(&network, labels.len(), true);
        let len = network.input().len();
        workspace.load(labels.len(), &Serial, |first, x, t| {
            x.copy_from_slice(&of("x")[first * len..][..x.len()]);
            t.copy_from_slice(&labels[first..][..t.len()]);
        });
        workspace.forward_backward(&network, &Serial);
        for (tensor, gradient) in names.iter().zip(workspace.gradients().iter().flatten()) {
            assert_gradient(&what(tensor), gradient.values(), of(tensor), largest);
        }
    }
}
