//! Networks with weights that are the same on every machine: all presets, every layer alone, and some chains.

use convlens::{
    nn::{LayerSpec, Network, NetworkSpec, Preprocess, Shape, presets},
    text::ClassNames,
};

/// The pictures of a case.
const IMAGES: usize = 2;

/// A network and pictures for it.
pub struct Case {
    pub name: String,
    pub network: Network,
    /// (images, channels, height, width), pixels from 0 to 1, before the network's preprocessing.
    pub pictures: Vec<f32>,
}

/// Numbers from 0 to 1, exact in `f32`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1 << 24) as f32
    }
}

impl Case {
    fn new(name: &str, spec: NetworkSpec) -> Self {
        let mut random = Random(
            name.bytes().fold(7_u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))),
        );
        let mut network = Network::zeros(spec).unwrap_or_else(|error| panic!("{name}: {error}"));
        for tensor in network.parameters_mut().iter_mut().flatten() {
            let fan_in = tensor.shape().iter().skip(1).product::<usize>().max(1);
            let scale = (3.0 / fan_in as f32).sqrt();
            tensor.values_mut().fill_with(|| (2.0 * random.next() - 1.0) * scale);
        }
        // Running variances must be positive, and counts whole.
        for tensor in network.buffers_mut().iter_mut().flatten() {
            let is_count = tensor.shape().is_empty();
            tensor.values_mut().fill_with(|| if is_count { 3.0 } else { 0.25 + random.next() });
        }
        let mut case = Self { name: name.into(), network, pictures: Vec::new() };
        let count: usize = case.picture_shape().iter().product();
        case.pictures = (0..count).map(|_| (random.next() * 256.0).floor() / 256.0).collect();
        case
    }

    /// (images, …).
    pub fn picture_shape(&self) -> Vec<usize> {
        let spec = self.network.spec();
        let (height, width) = spec.picture_size();
        match spec.input {
            Shape::Maps { channels, .. } => vec![IMAGES, channels, height, width],
            Shape::Vector(features) => vec![IMAGES, features],
        }
    }

    /// Our outputs of the last layer for all pictures.
    pub fn logits(&self) -> Vec<f32> {
        let Preprocess { mean, std, pad } = self.network.spec().preprocess;
        let (height, width) = self.network.spec().picture_size();
        let maps = self.pictures.chunks_exact(height * width);
        let (padded_height, padded_width) = (height + 2 * pad, width + 2 * pad);
        let mut x = Vec::new();
        for map in maps {
            let mut padded = vec![0.0; padded_height * padded_width];
            for (row, pixels) in map.chunks_exact(width).enumerate() {
                padded[(row + pad) * padded_width + pad..][..width].copy_from_slice(pixels);
            }
            x.extend(padded.iter().map(|pixel| (pixel - mean) / std));
        }
        self.network.trace(&x).activations.last().unwrap().values().to_vec()
    }
}

/// One case for each example of each layer.
pub fn layer_cases() -> Vec<Case> {
    let case = |(number, (layer, input)): (usize, (LayerSpec, Shape))| {
        let name = format!("{number:02}-{}", layer.type_name());
        let spec = NetworkSpec {
            name: name.clone(),
            input,
            preprocess: Preprocess::default(),
            class_names: ClassNames::default(),
            layers: vec![layer],
        };
        Case::new(&name, spec)
    };
    LayerSpec::examples().into_iter().enumerate().map(case).collect()
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let presets = presets::all().into_iter().map(|preset| Case::new(&preset.spec.name.clone(), preset.spec));
    let chains = CHAINS.iter().map(|json| {
        let spec = NetworkSpec::from_json(json).unwrap();
        Case::new(&spec.name.clone(), spec)
    });
    presets.chain(layer_cases()).chain(chains).collect()
}

/// Chains: normalisations in a row and values that flattening reorders; flattened maps at the end; maps at the end.
const CHAINS: &[&str] = &[
    r#"{"name": "norms", "input": [3,9,8], "preprocess": {"mean": 0.4, "std": 0.25, "pad": 1}, "layers": [
        {"type": "conv2d", "out_channels": 6, "kernel_size": [3,5], "padding": [1,2], "groups": 3, "bias": false},
        {"type": "batch_norm2d"}, {"type": "silu"}, {"type": "local_response_norm", "size": 3, "alpha": 0.5},
        {"type": "channel_shuffle", "groups": 3}, {"type": "max_pool2d", "kernel_size": 3, "stride": 2, "padding": 1},
        {"type": "dropout", "p": 0.3}, {"type": "flatten"}, {"type": "dropout"}, {"type": "linear", "out_features": 7},
        {"type": "gelu"}, {"type": "linear", "out_features": 4, "bias": false}]}"#,
    r#"{"name": "flat", "input": [1,6,6], "preprocess": {"mean": 0.5}, "layers": [
        {"type": "conv_transpose2d", "out_channels": 3, "kernel_size": 2, "stride": 2}, {"type": "flatten"}, {"type": "relu"}]}"#,
    r#"{"name": "maps", "input": [2,5,4], "layers": [
        {"type": "conv2d", "out_channels": 3, "kernel_size": 3, "stride": 2, "padding": 1}, {"type": "elu"}]}"#,
];
