//! An edge joins two maps exactly if changing the one changes the other.

use convlens::{
    explain::{edge_count, edges},
    nn::{Init, LayerSpec, Network, NetworkSpec, Shape, layers::Flatten},
};
use std::collections::BTreeSet;

#[test]
fn edges_connect_maps_that_change_together() {
    for (layer, input) in LayerSpec::examples() {
        let output = layer.build(input).unwrap().output();
        let mut layers = vec![layer.clone()];
        if matches!(output, Shape::Maps { .. }) {
            layers.push(Flatten {}.into());
        }
        let json = serde_json::json!({"name": "one", "input": input.dims(), "layers": layers}).to_string();
        let mut network = Network::new(NetworkSpec::from_json(&json).unwrap(), Init::He, 1).unwrap();
        for tensor in network.parameters_mut().iter_mut().flatten() {
            let values = (0..tensor.len()).map(|i| 0.1 + (i as f32).sin().abs()).collect::<Vec<_>>();
            tensor.values_mut().copy_from_slice(&values);
        }
        let (maps, height, width) = output.as_maps();
        let (channels, rows, columns) = input.as_maps();
        let size = rows * columns;
        // Uneven, since a norm makes the same of all even maps.
        let still: Vec<f32> = (0..input.len()).map(|i| 1.0 + (i * 7 % 5) as f32 / 20.0).collect();
        let before = network.trace(&still);
        let mut reached = vec![BTreeSet::new(); maps];
        for channel in 0..channels {
            let mut x = still.clone();
            for (i, x) in x[channel * size..(channel + 1) * size].iter_mut().enumerate() {
                *x += 1.5 + (i * 3 % 4) as f32 / 3.0;
            }
            let after = network.trace(&x);
            for (map, from) in reached.iter_mut().enumerate() {
                let of_map = map * height * width..(map + 1) * height * width;
                if before.activation(0)[of_map.clone()] != after.activation(0)[of_map] {
                    from.insert(channel);
                }
            }
        }
        for (map, expected) in reached.iter().enumerate() {
            let found = edges(&network, 0, map, usize::MAX);
            let from: BTreeSet<usize> = found.iter().map(|edge| edge.from).collect();
            // Inputs that no window covers change nothing.
            assert!(expected.is_subset(&from), "{layer:?} on {input}, map {map}: {from:?} for {expected:?}");
            if height * width * size > 1 || matches!(layer, LayerSpec::Linear(_)) {
                assert_eq!(&from, expected, "{layer:?} on {input}, map {map}");
            }
            assert!(found.iter().all(|edge| (0.0..=1.0).contains(&edge.strength)));
            assert!(found.iter().any(|edge| edge.strength == 1.0));
            let few = edges(&network, 0, map, 2);
            let strengths = |edges: &[convlens::explain::Edge]| {
                let mut all: Vec<f32> = edges.iter().map(|edge| edge.strength).collect();
                all.sort_by(|a, b| b.total_cmp(a));
                all
            };
            assert_eq!(strengths(&few), strengths(&found)[..few.len()]);
            assert!(few.len() == found.len().min(2) && few.is_sorted_by_key(|edge| edge.from));
        }
        let all: usize = (0..maps).map(|map| edges(&network, 0, map, usize::MAX).len()).sum();
        assert_eq!(edge_count(&network, 0), all, "{layer:?} on {input}");
        assert_eq!(edge_count(&network, 9), 0);
        assert!(edges(&network, 0, maps, 9).is_empty() && edges(&network, 9, 0, 9).is_empty());
    }
}
