//! Named networks and how each is trained by default.

use super::{
    init::Init,
    layers::{
        Conv2d, Dropout, Flatten, LayerSpec, Linear, LocalResponseNorm, MaxPool2d, Relu, Sigmoid, Tanh,
    },
    optim::{Adam, OptimizerSpec, Schedule, Sgd},
    shape::Shape,
    spec::{NetworkSpec, Preprocess},
};

/// A named network and its default training.
#[derive(Clone, Debug)]
pub struct Preset {
    /// A line about the network.
    pub summary: &'static str,
    /// The network; its name is the preset's.
    pub spec: NetworkSpec,
    /// The defaults of its training.
    pub recipe: Recipe,
}

/// The default training of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// The optimiser.
    pub optimizer: OptimizerSpec,
    /// The learning rate.
    pub lr: f32,
    /// Images per batch.
    pub batch: usize,
    /// Epochs.
    pub epochs: usize,
    /// The initial weights.
    pub init: Init,
    /// The learning rate schedule.
    pub schedule: Schedule,
    /// The fraction of the training set that is used for validation, 0 for none.
    pub validation: f32,
}

impl Recipe {
    /// A recipe with a constant learning rate, without validation.
    pub const fn new(optimizer: OptimizerSpec, lr: f32, batch: usize, epochs: usize, init: Init) -> Self {
        Self { optimizer, lr, batch, epochs, init, schedule: Schedule::Constant, validation: 0.0 }
    }
}

/// The names of all presets.
pub fn names() -> Vec<String> {
    all().into_iter().map(|preset| preset.spec.name).collect()
}

/// The preset of that name.
pub fn by_name(name: &str) -> Option<Preset> {
    all().into_iter().find(|preset| preset.spec.name == name)
}

/// Every preset.
pub fn all() -> Vec<Preset> {
    vec![
        lenet5_relu(),
        lenet5_wide(),
        lenet5(),
        simple_conv_net(),
        mlp_5(),
        cnn_5(),
        two_conv_cnn(),
        three_conv(),
        keras_tanh_cnn(),
        alexnet_mini(),
    ]
}

/// The network whose trained weights are shipped.
pub fn lenet5_wide() -> Preset {
    Preset {
        summary: "LeNet-5 in its modern form with three times the maps: reads drawings in any handwriting",
        spec: padded("lenet5-wide", lenet_layers([16, 48], &Relu {}.into())),
        recipe: Recipe { schedule: Schedule::Cosine, ..Recipe::new(momentum(), 0.03, 64, 20, Init::He) },
    }
}

/// LeNet-5 with ReLU, at its original size.
pub fn lenet5_relu() -> Preset {
    Preset {
        summary: "LeNet-5 in its modern form: ReLU and max pooling, on 32×32 inputs",
        spec: padded("lenet5-relu", lenet_layers([6, 16], &Relu {}.into())),
        recipe: Recipe::new(momentum(), 0.02, 64, 5, Init::He),
    }
}

fn lenet5() -> Preset {
    Preset {
        summary: "LeNet-5 with sigmoids, as in 1998: a slow start, which ReLU avoids",
        spec: plain("lenet5", lenet_layers([6, 16], &Sigmoid {}.into())),
        recipe: Recipe::new(adam(), 2e-3, 64, 10, Init::Xavier),
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
        // With the book's constant 1e-3, accuracy is only 96 % after the first epoch, here and in PyTorch.
        recipe: Recipe {
            schedule: Schedule::OneCycle { start: 1.0, peak: 3.0, rise: 0.3 },
            ..Recipe::new(adam(), 1e-3, 100, 20, Init::Normal(0.01))
        },
    }
}

fn mlp_5() -> Preset {
    let hidden = std::iter::repeat_n([Linear::new(100).into(), Relu {}.into()], 4).flatten();
    let layers = std::iter::once(Flatten {}.into()).chain(hidden).chain([Linear::new(10).into()]).collect();
    Preset {
        summary: "Fully connected layers only: a baseline for the convolutional networks",
        spec: plain("mlp-5", layers),
        recipe: Recipe::new(momentum(), 0.05, 100, 10, Init::He),
    }
}

fn cnn_5() -> Preset {
    let layers = vec![
        Conv2d::new(16, 3).padded(1).into(),
        Relu {}.into(),
        MaxPool2d::new(2).into(),
        Conv2d::new(32, 3).padded(1).into(),
        Relu {}.into(),
        MaxPool2d::new(2).into(),
        Conv2d::new(64, 3).padded(1).into(),
        Relu {}.into(),
        Flatten {}.into(),
        Linear::new(100).into(),
        Relu {}.into(),
        Linear::new(10).into(),
    ];
    Preset {
        summary: "The usual pattern: convolution, ReLU, pooling, again, and fully connected layers at the end",
        spec: plain("cnn-5", layers),
        recipe: Recipe::new(adam(), 1e-3, 100, 10, Init::He),
    }
}

fn two_conv_cnn() -> Preset {
    let layers = vec![
        Conv2d::new(32, 3).padded(1).into(),
        Relu {}.into(),
        MaxPool2d::new(2).into(),
        Conv2d::new(64, 3).padded(1).into(),
        Relu {}.into(),
        MaxPool2d::new(2).into(),
        Flatten {}.into(),
        Linear::new(1024).into(),
        Relu {}.into(),
        Linear::new(512).into(),
        Relu {}.into(),
        Linear::new(10).into(),
    ];
    let preprocess = Preprocess { mean: 0.5, std: 0.5, pad: 0 };
    Preset {
        summary: "Two convolutions and wide hidden layers, on pixels from −1 to 1",
        spec: NetworkSpec { preprocess, ..plain("two-conv-cnn", layers) },
        recipe: Recipe::new(momentum(), 1e-3, 64, 3, Init::He),
    }
}

fn three_conv() -> Preset {
    let layers = vec![
        Conv2d::new(32, 3).into(),
        Relu {}.into(),
        Conv2d::new(128, 3).into(),
        Relu {}.into(),
        Conv2d::new(512, 3).into(),
        Relu {}.into(),
        Flatten {}.into(),
        Linear::new(10).into(),
    ];
    Preset {
        summary: "Three convolutions without pooling, up to 512 maps: slow, which shows what pooling is for",
        spec: padded("three-conv", layers),
        // The sum over 346112 features makes the usual rates diverge.
        recipe: Recipe::new(adam(), 1e-5, 32, 1, Init::He),
    }
}

fn keras_tanh_cnn() -> Preset {
    let layers = vec![
        Conv2d::new(4, 5).into(),
        Tanh {}.into(),
        Conv2d::new(8, 3).into(),
        Tanh {}.into(),
        MaxPool2d::new(2).into(),
        Conv2d::new(16, 3).into(),
        Relu {}.into(),
        MaxPool2d::new(2).into(),
        Flatten {}.into(),
        Linear::new(128).into(),
        Tanh {}.into(),
        Linear::new(10).into(),
    ];
    let nesterov = OptimizerSpec::Sgd(Sgd { momentum: 0.9, nesterov: true, ..Sgd::default() });
    Preset {
        summary: "A small network with tanh, trained as Keras's early examples were",
        spec: plain("keras-tanh-cnn", layers),
        recipe: Recipe {
            schedule: Schedule::Time { decay: 1e-6 },
            validation: 0.2,
            ..Recipe::new(nesterov, 0.05, 100, 10, Init::Xavier)
        },
    }
}

fn alexnet_mini() -> Preset {
    let layers = vec![
        Conv2d::new(32, 5).padded(2).into(),
        Relu {}.into(),
        LocalResponseNorm::ALEXNET.into(),
        MaxPool2d::strided(3, 2).into(),
        Conv2d::new(64, 3).padded(1).into(),
        Relu {}.into(),
        LocalResponseNorm::ALEXNET.into(),
        MaxPool2d::strided(3, 2).into(),
        Conv2d::new(96, 3).padded(1).into(),
        Relu {}.into(),
        Flatten {}.into(),
        Dropout { p: 0.5 }.into(),
        Linear::new(256).into(),
        Relu {}.into(),
        Dropout { p: 0.5 }.into(),
        Linear::new(10).into(),
    ];
    let optimizer = OptimizerSpec::Sgd(Sgd { momentum: 0.9, weight_decay: 5e-4, ..Sgd::default() });
    Preset {
        summary: "AlexNet's ideas at the size of a digit: overlapping pooling, response normalisation, dropout",
        spec: plain("alexnet-mini", layers),
        recipe: Recipe::new(optimizer, 0.01, 128, 10, Init::He),
    }
}

/// A network for 32×32 inputs: 28×28 pictures with 2 pixels of background on each side.
fn padded(name: &str, layers: Vec<LayerSpec>) -> NetworkSpec {
    let preprocess = Preprocess { pad: 2, ..Preprocess::default() };
    NetworkSpec { input: Shape::maps(1, 32, 32), preprocess, ..plain(name, layers) }
}

fn plain(name: &str, layers: Vec<LayerSpec>) -> NetworkSpec {
    NetworkSpec {
        name: name.into(),
        input: Shape::maps(1, 28, 28),
        preprocess: Preprocess::default(),
        layers,
        class_names: crate::text::ClassNames::default(),
    }
}

/// The layers of LeNet-5 with this many maps after its two convolutions.
fn lenet_layers(maps: [usize; 2], activation: &LayerSpec) -> Vec<LayerSpec> {
    vec![
        Conv2d::new(maps[0], 5).into(),
        activation.clone(),
        MaxPool2d::new(2).into(),
        Conv2d::new(maps[1], 5).into(),
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
    use crate::nn::{Network, spec::parameter_count};

    /// (name, length after flatten, parameters layer by layer)
    const FIGURES: &[(&str, usize, &[usize])] = &[
        ("lenet5-relu", 400, &[6 * 25 + 6, 16 * 6 * 25 + 16, 400 * 120 + 120, 120 * 84 + 84, 84 * 10 + 10]),
        (
            "lenet5-wide",
            1200,
            &[16 * 25 + 16, 48 * 16 * 25 + 48, 1200 * 120 + 120, 120 * 84 + 84, 84 * 10 + 10],
        ),
        ("lenet5", 256, &[6 * 25 + 6, 16 * 6 * 25 + 16, 256 * 120 + 120, 120 * 84 + 84, 84 * 10 + 10]),
        ("simple-conv-net", 4320, &[30 * 25 + 30, 4320 * 100 + 100, 100 * 10 + 10]),
        ("mlp-5", 784, &[784 * 100 + 100, 10_100, 10_100, 10_100, 1_010]),
        ("cnn-5", 3136, &[16 * 9 + 16, 32 * 16 * 9 + 32, 64 * 32 * 9 + 64, 3136 * 100 + 100, 1_010]),
        (
            "two-conv-cnn",
            3136,
            &[32 * 9 + 32, 64 * 32 * 9 + 64, 3136 * 1024 + 1024, 1024 * 512 + 512, 512 * 10 + 10],
        ),
        (
            "three-conv",
            512 * 26 * 26,
            &[32 * 9 + 32, 128 * 32 * 9 + 128, 512 * 128 * 9 + 512, 512 * 26 * 26 * 10 + 10],
        ),
        (
            "keras-tanh-cnn",
            256,
            &[4 * 25 + 4, 8 * 4 * 9 + 8, 16 * 8 * 9 + 16, 256 * 128 + 128, 128 * 10 + 10],
        ),
        (
            "alexnet-mini",
            3456,
            &[32 * 25 + 32, 64 * 32 * 9 + 64, 96 * 64 * 9 + 96, 3456 * 256 + 256, 256 * 10 + 10],
        ),
    ];

    #[test]
    fn figures_are_those_of_the_literature() {
        assert_eq!(names(), FIGURES.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
        for &(name, features, parameters) in FIGURES {
            let layers = by_name(name).unwrap().spec.build().unwrap();
            let flatten = layers.iter().map(|l| l.output()).find(|shape| matches!(shape, Shape::Vector(_)));
            assert_eq!(flatten, Some(Shape::Vector(features)), "{name}");
            let counts: Vec<_> = layers.iter().map(|l| parameter_count(l.as_ref()) as usize).collect();
            assert_eq!(counts.into_iter().filter(|&n| n > 0).collect::<Vec<_>>(), parameters, "{name}");
            assert_eq!(layers.last().unwrap().output(), Shape::Vector(10), "{name}");
        }
        let total = |name: &str| Network::zeros(by_name(name).unwrap().spec).unwrap().parameter_count();
        assert_eq!(
            [total("lenet5-relu"), total("lenet5"), total("simple-conv-net")],
            [61_706, 44_426, 433_890]
        );
        assert_eq!(Network::zeros(lenet5_relu().spec).unwrap().multiply_adds(), 416_520);
    }

    #[test]
    fn the_textbooks_recipes() {
        let two = by_name("two-conv-cnn").unwrap();
        assert_eq!(two.recipe, Recipe::new(momentum(), 0.001, 64, 3, Init::He));
        assert_eq!((two.spec.preprocess.mean, two.spec.preprocess.std), (0.5, 0.5));
        let keras = by_name("keras-tanh-cnn").unwrap().recipe;
        assert_eq!((keras.optimizer.name(), keras.optimizer.momentum()), ("nesterov", Some(0.9)));
        assert_eq!((keras.lr, keras.batch, keras.epochs, keras.validation), (0.05, 100, 10, 0.2));
        assert_eq!(keras.schedule, Schedule::Time { decay: 1e-6 });
        let simple = by_name("simple-conv-net").unwrap().recipe;
        // The book's settings except for its constant rate.
        let schedule = simple.schedule;
        assert_eq!(simple, Recipe { schedule, ..Recipe::new(adam(), 1e-3, 100, 20, Init::Normal(0.01)) });
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
