//! Which tensor belongs to which layer.

use convlens::{
    foreign::{self, Foreign, FoundTensor, Map, Matching, Precision},
    nn::{Init, Network, NetworkSpec},
};

fn spec() -> NetworkSpec {
    let json = r#"{"name":"named","input":[1,6,6],"layers":[
        {"type":"conv2d","out_channels":2,"kernel_size":3,"padding":1}, {"type":"batch_norm2d"}, {"type":"relu"},
        {"type":"conv2d","out_channels":2,"kernel_size":3,"padding":1,"bias":false}, {"type":"relu"}, {"type":"flatten"},
        {"type":"linear","out_features":72}, {"type":"linear","out_features":72}, {"type":"linear","out_features":72}]}"#;
    NetworkSpec::from_json(json).unwrap()
}

/// The network's tensors, with other names for its layers.
fn renamed(network: &Network, names: [&str; 6]) -> Foreign {
    let layers = ["0.", "1.", "3.", "6.", "7.", "8."];
    let tensors = network.named_parameters().chain(network.named_buffers());
    let found = tensors.map(|(key, tensor)| {
        let at = layers.iter().position(|layer| key.starts_with(layer)).unwrap();
        FoundTensor {
            key: format!("{}{}", names[at], &key[layers[at].len()..]),
            shape: tensor.shape().to_vec(),
            precision: Precision::F32,
            values: tensor.values().to_vec(),
            place: None,
        }
    });
    Foreign { name: "m.pt".into(), found: found.collect(), ..Foreign::default() }
}

fn bits(network: &Network) -> Vec<u32> {
    let tensors = network.parameters().iter().chain(network.buffers()).flatten();
    tensors.flat_map(|tensor| tensor.values().iter().map(|v| v.to_bits())).collect()
}

/// The keys of modules with names of their own, in the order in which their layers come.
#[test]
fn layers_with_other_names_are_matched_by_order_and_shape() {
    let network = Network::new(spec(), Init::He, 5).unwrap();
    for names in [
        ["0.", "1.", "3.", "6.", "7.", "8."],
        ["conv1.", "bn1.", "conv2.", "fc2.", "fc9.", "fc10."],
        ["module.0.", "module.1.", "module.3.", "module.6.", "module.7.", "module.8."],
        ["features.0.", "features.1.", "features.3.", "classifier.0.", "classifier.2.", "classifier.11."],
        ["_orig_mod.module.a.", "z.", "y.", "head.", "body.", "tail."],
    ] {
        let loaded = renamed(&network, names).network(spec(), &Map::default()).unwrap();
        assert_eq!(bits(&loaded), bits(&network), "{names:?}");
    }
    let names = ["conv1.", "bn1.", "conv2.", "fc1.", "fc2.", "fc3."];
    let mut more = renamed(&network, names);
    more.found.push(FoundTensor {
        key: "extra.weight".into(),
        shape: vec![1],
        values: vec![0.0],
        ..more.found[0].clone()
    });
    let text = more.network(spec(), &Map::default()).unwrap_err().to_string();
    assert_eq!(text, "m.pt: has the tensor extra.weight [1], for which the network named has no layer");
    let left_out = Map { left_out: vec!["extra.weight".into()], ..Map::default() };
    assert_eq!(bits(&more.network(spec(), &left_out).unwrap()), bits(&network));
    let mut less = renamed(&network, names);
    less.found.retain(|tensor| !tensor.key.starts_with("fc2."));
    let text = less.network(spec(), &Map::default()).unwrap_err().to_string();
    assert_eq!(text, "m.pt: has no tensor for 8.weight [72, 72] of linear 8");
}

#[test]
fn a_count_of_batches_may_be_missing_and_nothing_else() {
    let network = Network::new(spec(), Init::He, 5).unwrap();
    let mut foreign = renamed(&network, ["a.", "b.", "c.", "d.", "e.", "f."]);
    foreign.found.retain(|tensor| !tensor.key.ends_with("num_batches_tracked"));
    assert_eq!(bits(&foreign.network(spec(), &Map::default()).unwrap()), bits(&network));
    foreign.found.retain(|tensor| !tensor.key.ends_with("running_var"));
    let text = foreign.network(spec(), &Map::default()).unwrap_err().to_string();
    assert!(text.contains("1.running_var [2] of batch_norm2d 1"), "{text}");
}

/// A person's word goes before the order.
#[test]
fn a_person_can_choose() {
    let network = Network::new(spec(), Init::He, 5).unwrap();
    let foreign = renamed(&network, ["a.", "b.", "c.", "d.", "e.", "f."]);
    let swap =
        [("6.weight", "e.weight"), ("6.bias", "e.bias"), ("7.weight", "d.weight"), ("7.bias", "d.bias")];
    let chosen = swap.map(|(key, name)| (key.to_owned(), Some(name.to_owned()))).into();
    let swapped = foreign.network(spec(), &Map { chosen, ..Map::default() }).unwrap();
    assert_eq!(swapped.parameters()[6], network.parameters()[7]);
    assert_eq!(swapped.parameters()[7], network.parameters()[6]);
    assert_eq!(swapped.parameters()[8], network.parameters()[8]);
    let wrong = |key: &str, name: &str| {
        let map = Map { chosen: [(key.to_owned(), Some(name.to_owned()))].into(), ..Map::default() };
        foreign.network(spec(), &map).unwrap_err().to_string()
    };
    assert!(
        wrong("6.weight", "x.weight")
            .starts_with("m.pt: --map names x.weight, but there are only a.weight, ")
    );
    assert!(
        wrong("5.weight", "e.weight")
            .starts_with("m.pt: --map names 5.weight, but there are only 0.weight, ")
    );
    let shape = wrong("0.weight", "d.weight");
    assert!(shape.contains("[2, 1, 3, 3]"), "{shape}");
}

#[test]
fn values_that_no_network_has_are_named() {
    let network = Network::new(spec(), Init::He, 5).unwrap();
    let with = |key: &str, value: f32| {
        let mut foreign = renamed(&network, ["a.", "b.", "c.", "d.", "e.", "f."]);
        foreign.found.iter_mut().find(|tensor| tensor.key == key).unwrap().values[1] = value;
        foreign.network(spec(), &Map::default()).unwrap_err().to_string()
    };
    assert_eq!(
        with("a.bias", f32::NAN),
        "m.pt: the tensor a.bias has the value NaN at index 1, but values must be finite"
    );
    assert_eq!(
        with("b.running_var", -1.0),
        "m.pt: the tensor b.running_var has the value -1 at index 1, but must not be negative"
    );
}

/// Of a beginning of a network, what fits is matched: an editor shows it.
#[test]
fn a_network_that_is_not_complete_is_matched_as_far_as_it_goes() {
    let network = Network::new(spec(), Init::He, 5).unwrap();
    let foreign = renamed(&network, ["a.", "b.", "c.", "d.", "e.", "f."]);
    let mut part = spec();
    part.layers.truncate(4);
    let matching = Matching::new(&part.build().unwrap(), &foreign.found, &Map::default());
    assert!(matching.missing().is_none() && !matching.is_complete());
    let unused: Vec<&str> = matching.unused.iter().map(|&i| foreign.found[i].key.as_str()).collect();
    assert_eq!(unused, ["d.weight", "d.bias", "e.weight", "e.bias", "f.weight", "f.bias"]);
    assert!(foreign::propose(&foreign).is_ok());
}
