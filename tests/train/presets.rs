//! The presets' own settings.

use convlens::{
    data::mnist,
    nn::{Network, Shape, presets},
    train::{Pool, Session, TrainConfig, evaluate::input_transform, health::dead_units},
};

/// Steps after which the units are counted: most of those that die do so in the first ones.
const STEPS: usize = 64;

/// Test images that a unit may respond to.
const IMAGES: usize = 256;

/// The presets with ReLU whose first steps take a second or two.
const QUICK: [&str; 3] = ["lenet5-relu", "lenet5-wide", "mlp-5"];

/// A unit that outputs 0 for every image no longer learns. With too high a rate, most units of a layer end like that. Some
/// fully connected ones do at any rate.
#[test]
fn a_preset_trained_at_its_own_rate_keeps_its_units_alive() {
    let data = mnist::load().unwrap();
    let pool = Pool::new(Pool::default_threads()).unwrap();
    for name in QUICK {
        let preset = presets::by_name(name).unwrap();
        let config = TrainConfig::from_recipe(&preset.recipe, 1);
        let network = Network::new(preset.spec, config.init, config.seed).unwrap();
        let mut session = Session::new(config, network, &data).unwrap();
        for _ in 0..STEPS {
            session.step(&pool).unwrap();
        }
        let network = session.network();
        let indices: Vec<u32> = (0..IMAGES as u32).collect();
        let (mut inputs, mut labels) = (vec![0.0; IMAGES * network.input().len()], vec![0; IMAGES]);
        let transform = input_transform(network);
        convlens::data::fill(&data.test, &indices, &transform, None, &mut inputs, &mut labels);
        for layer in dead_units(network, &network.trace(&inputs)) {
            let is_maps = matches!(network.layers()[layer.layer].output(), Shape::Maps { .. });
            let most = if is_maps { layer.units / 4 } else { layer.units / 2 };
            assert!(layer.dead <= most, "{name} at {}: {layer:?}", preset.recipe.lr);
        }
    }
}
