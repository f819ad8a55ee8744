//! The networks that have a name, and how each is trained by default.

use super::{
    init::Init,
    layers::{Conv2d, Flatten, LayerSpec, Linear, MaxPool2d, Relu, Sigmoid},
    optim::{Adam, OptimizerSpec, Sgd},
    shape::Shape,
    spec::{NetworkSpec, Preprocess},
};

/// A named network with the training that suits it.
#[derive(Clone, Debug)]
pub struct Preset {
    /// One line on what it is and shows.
    pub summary: &'static str,
    /// The network; its name is the preset's.
    pub spec: NetworkSpec,
    /// The defaults of its training.
    pub recipe: Recipe,
}

/// How a network is trained unless a person says otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// The optimiser.
    pub optimizer: OptimizerSpec,
    /// The learning rate.
    pub lr: f32,
    /// Images a batch.
    pub batch: usize,
    /// Passes over the training set.
    pub epochs: usize,
    /// How initial weights are drawn.
    pub init: Init,
}

/// The names of all presets.
pub fn names() -> Vec<String> {
    all().into_iter().map(|preset| preset.spec.name).collect()
}

/// The preset of that name.
pub fn by_name(name: &str) -> Option<Preset> {
    all().into_iter().find(|preset| preset.spec.name == name)
}

/// Every preset, the app's default first.
pub fn all() -> Vec<Preset> {
    vec![lenet5_relu(), lenet5(), simple_conv_net(), mlp_5()]
}

/// The app's default network.
pub fn lenet5_relu() -> Preset {
    let relu: LayerSpec = Relu {}.into();
    Preset {
        summary: "LeNet-5 in its modern form: ReLU and max pooling, on 32×32 inputs",
        spec: NetworkSpec {
            name: "lenet5-relu".into(),
            input: Shape::maps(1, 32, 32),
            preprocess: Preprocess { pad: 2, ..Preprocess::default() },
            layers: lenet_layers(&relu),
        },
        recipe: Recipe { optimizer: momentum(), lr: 0.02, batch: 64, epochs: 5, init: Init::He },
    }
}

fn lenet5() -> Preset {
    let sigmoid: LayerSpec = Sigmoid {}.into();
    Preset {
        summary: "LeNet-5 with sigmoids, as in 1998: a slow start that ReLU does away with",
        spec: plain("lenet5", lenet_layers(&sigmoid)),
        recipe: Recipe { optimizer: adam(), lr: 2e-3, batch: 64, epochs: 10, init: Init::Xavier },
    }
}

fn simple_conv_net() -> Preset {
    let layers = vec![
        Conv2d::new(30, 5).into(),
        Relu {}.into(),
        MaxPool2d::new(2).into(),
        Flatten {}.into(),
        Linear::new(100).into(),
        Relu {}.into(),
        Linear::new(10).into(),
    ];
    Preset {
        summary: "One convolution of 30 filters, one hidden layer: the textbook's first network",
        spec: plain("simple-conv-net", layers),
        recipe: Recipe { optimizer: adam(), lr: 1e-3, batch: 100, epochs: 20, init: Init::Normal(0.01) },
    }
}

fn mlp_5() -> Preset {
    let hidden = std::iter::repeat_n([Linear::new(100).into(), Relu {}.into()], 4).flatten();
    let layers = std::iter::once(Flatten {}.into()).chain(hidden).chain([Linear::new(10).into()]).collect();
    Preset {
        summary: "Fully connected layers only: what the convolutional networks are compared with",
        spec: plain("mlp-5", layers),
        recipe: Recipe { optimizer: momentum(), lr: 0.05, batch: 100, epochs: 10, init: Init::He },
    }
}

fn plain(name: &str, layers: Vec<LayerSpec>) -> NetworkSpec {
    NetworkSpec {
        name: name.into(),
        input: Shape::maps(1, 28, 28),
        preprocess: Preprocess::default(),
        layers,
    }
}

fn lenet_layers(activation: &LayerSpec) -> Vec<LayerSpec> {
    vec![
        Conv2d::new(6, 5).into(),
        activation.clone(),
        MaxPool2d::new(2).into(),
        Conv2d::new(16, 5).into(),
        activation.clone(),
        MaxPool2d::new(2).into(),
        Flatten {}.into(),
        Linear::new(120).into(),
        activation.clone(),
        Linear::new(84).into(),
        activation.clone(),
        Linear::new(10).into(),
    ]
}

fn momentum() -> OptimizerSpec {
    OptimizerSpec::Sgd(Sgd { momentum: 0.9, ..Sgd::default() })
}

fn adam() -> OptimizerSpec {
    OptimizerSpec::Adam(Adam::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Network;

    #[test]
    fn figures_are_those_of_the_literature() {
        let counts: Vec<_> = all()
            .into_iter()
            .map(|p| {
                let network = Network::zeros(p.spec).unwrap();
                (network.spec().name.clone(), network.parameter_count(), network.classes())
            })
            .collect();
        let expected =
            [("lenet5-relu", 61_706), ("lenet5", 44_426), ("simple-conv-net", 433_890), ("mlp-5", 109_810)];
        for (name, parameters) in expected {
            assert!(counts.contains(&(name.to_owned(), parameters, 10)), "{name}: {counts:?}");
        }
        assert_eq!(Network::zeros(lenet5_relu().spec).unwrap().multiply_adds(), 416_520);
    }

    #[test]
    fn specs_survive_json() {
        for preset in all() {
            assert_eq!(NetworkSpec::from_json(&preset.spec.to_json()).unwrap(), preset.spec);
            assert_eq!(by_name(&preset.spec.name).unwrap().spec, preset.spec);
        }
        assert!(by_name("resnet").is_none());
    }
}
