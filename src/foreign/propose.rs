//! A spec from the shapes of the tensors alone.
//!
//! Shapes say the filters, kernels, channels, groups and biases, and the number of inputs of the first fully connected layer
//! says how large the last maps are. Strides, padding, pooling, activations and the input's side they do not say: of the
//! usual ones, those are proposed with which the sizes come out.

use super::{content::Foreign, error::ForeignError, layer::layer, matching::layers_of, tensor::FoundTensor};
use crate::{
    nn::{NetworkSpec, Preprocess, Shape, layers::LayerSpec},
    text::{ClassNames, Sentence},
};
use serde_json::json;
use std::path::Path;

/// Sides of inputs that networks have, each with how unlikely it is.
const SIDES: [(usize, usize); 10] =
    [(28, 0), (32, 1), (64, 4), (224, 4), (96, 5), (128, 5), (16, 6), (8, 6), (48, 6), (256, 6)];

/// How unlikely any other side is, and the largest of those.
const OTHER_SIDE: usize = 12;
const MAX_SIDE: usize = 256;

/// The most places of pools of which all combinations are tried.
const MAX_PLACES: usize = 10;

/// What the tensors of a layer are.
#[derive(Clone, Copy, Debug)]
enum Part {
    Convolution { filters: usize, channels: usize, kernel: [usize; 2], has_bias: bool },
    Transposed { channels: usize, filters: usize, kernel: [usize; 2], has_bias: bool },
    Norm,
    Linear { outputs: usize, inputs: usize, has_bias: bool },
}

/// What shapes do not say, for the convolutions before the first fully connected layer.
#[derive(Clone, Debug)]
struct Guess {
    side: usize,
    is_padded: bool,
    /// Whether a pool follows each convolution.
    pools: Vec<bool>,
    /// Whether the last maps are averaged.
    averages: bool,
}

/// Proposes the network of a file that has only tensors. It may not fit, if none of the usual networks does: then its own
/// check says which layer does not.
///
/// # Errors
/// A layer of the file is of no kind that its tensors' names and shapes tell.
pub fn propose(foreign: &Foreign) -> Result<NetworkSpec, ForeignError> {
    let named = layers_of(&foreign.found, |_| true);
    let (mut parts, mut names) = (Vec::new(), Vec::new());
    for (name, tensors) in &named {
        let tensors: Vec<&FoundTensor> = tensors.iter().filter_map(|&i| foreign.found.get(i)).collect();
        // A count of batches alone is no layer.
        if tensors.iter().all(|tensor| tensor.parts().1 == "num_batches_tracked") {
            continue;
        }
        let part = part(&tensors, &parts).ok_or_else(|| {
            let shapes = tensors
                .iter()
                .map(|t| format!("{} {:?}", t.parts().1, t.shape))
                .collect::<Vec<_>>()
                .join(", ");
            let sentence =
                Sentence::new("has {tensors}, from which no layer can be told").with("tensors", shapes);
            ForeignError::node(&foreign.name, if name.is_empty() { "?" } else { name }, sentence)
        })?;
        names.push(*name);
        parts.push(part);
    }
    let made = layers(&parts, &names);
    let (input, layers) = made.map_err(|reason| ForeignError::node(&foreign.name, "?", reason))?;
    let stem = Path::new(&foreign.name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| "imported".to_owned());
    Ok(NetworkSpec {
        name,
        input,
        preprocess: Preprocess::default(),
        layers,
        class_names: ClassNames::default(),
    })
}

/// The part that has these tensors.
fn part(tensors: &[&FoundTensor], before: &[Part]) -> Option<Part> {
    let shape = |name: &str| tensors.iter().find(|t| t.parts().1 == name).map(|t| t.shape.as_slice());
    if shape("running_mean").is_some() {
        return Some(Part::Norm);
    }
    let bias = shape("bias");
    let has_bias = bias.is_some();
    let channels = before.iter().rev().find_map(|part| match *part {
        Part::Convolution { filters, .. } | Part::Transposed { filters, .. } => Some(filters),
        Part::Norm => None,
        Part::Linear { outputs, .. } => Some(outputs),
    });
    match shape("weight") {
        Some(&[a, b, height, width]) => {
            let is_transposed = bias == Some(&[b]) && a != b && channels.is_none_or(|channels| channels == a);
            let kernel = [height, width];
            Some(if is_transposed {
                Part::Transposed { channels: a, filters: b, kernel, has_bias }
            } else {
                Part::Convolution { filters: a, channels: b, kernel, has_bias }
            })
        }
        Some(&[outputs, inputs]) => Some(Part::Linear { outputs, inputs, has_bias }),
        _ => None,
    }
}

/// The input's shape and the layers.
fn layers(parts: &[Part], names: &[&str]) -> Result<(Shape, Vec<LayerSpec>), Sentence> {
    let convolutions: Vec<(Part, Option<bool>)> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| matches!(part, Part::Convolution { .. } | Part::Transposed { .. }))
        .map(|(i, part)| (*part, pool_by_numbers(parts, names, i)))
        .collect();
    let inputs = parts
        .iter()
        .find_map(|part| if let Part::Linear { inputs, .. } = part { Some(*inputs) } else { None });
    let guess = guess(&convolutions, inputs);
    let input = match (parts.first(), inputs) {
        (Some(Part::Convolution { channels, .. } | Part::Transposed { channels, .. }), _) => {
            Shape::maps(*channels, guess.side, guess.side)
        }
        (_, Some(inputs)) => picture(inputs),
        _ => Shape::maps(1, guess.side, guess.side),
    };
    let mut made = Vec::new();
    let mut channels = input.as_maps().0;
    let mut number = 0;
    let mut is_flat = matches!(input, Shape::Vector(_));
    for (i, part) in parts.iter().enumerate() {
        let is_last = i + 1 == parts.len();
        let normed = matches!(parts.get(i + 1), Some(Part::Norm));
        let mut pools = false;
        match *part {
            Part::Convolution { filters, channels: of_group, kernel, has_bias } => {
                let padding = if guess.is_padded { kernel.map(|size| size / 2) } else { [0, 0] };
                let groups = channels
                    .checked_div(of_group)
                    .filter(|groups| groups * of_group == channels)
                    .unwrap_or(1);
                made.push(layer("conv2d", json!({
                    "out_channels": filters, "kernel_size": kernel, "padding": padding, "groups": groups, "bias": has_bias,
                }))?);
                channels = filters;
                pools = guess.pools.get(number).copied().unwrap_or(false);
                number += 1;
            }
            Part::Transposed { filters, kernel, has_bias, .. } => {
                let settings =
                    json!({ "out_channels": filters, "kernel_size": kernel, "stride": 2, "bias": has_bias });
                made.push(layer("conv_transpose2d", settings)?);
                channels = filters;
                number += 1;
            }
            Part::Norm => made.push(layer(if is_flat { "batch_norm1d" } else { "batch_norm2d" }, json!({}))?),
            Part::Linear { outputs, has_bias, .. } => {
                if !is_flat {
                    if guess.averages {
                        made.push(layer("global_avg_pool2d", json!({}))?);
                    }
                    made.push(layer("flatten", json!({}))?);
                    is_flat = true;
                }
                made.push(layer("linear", json!({ "out_features": outputs, "bias": has_bias }))?);
            }
        }
        let before_norm = i.checked_sub(1).and_then(|i| parts.get(i));
        if !is_last && !normed {
            made.push(layer("relu", json!({}))?);
        }
        // A pool belongs to the convolution before the norm.
        if matches!(part, Part::Norm) && !matches!(before_norm, Some(Part::Linear { .. })) {
            pools = number > 0 && guess.pools.get(number - 1).copied().unwrap_or(false);
        }
        if pools && !normed {
            made.push(layer("max_pool2d", json!({ "kernel_size": 2 }))?);
        }
    }
    Ok((input, made))
}

/// Whether a pool follows a convolution, as the numbers in a `torch.nn.Sequential` tell: from `0` to `3` there is place for
/// an activation and a pool, from `0` to `2` for an activation only.
fn pool_by_numbers(parts: &[Part], names: &[&str], i: usize) -> Option<bool> {
    let next = (i + 1..parts.len()).find(|&k| !matches!(parts.get(k), Some(Part::Norm)))?;
    let numbered = |i: usize| -> Option<(&str, usize)> {
        let (parent, number) = names.get(i)?.rsplit_once('.').unwrap_or(("", names.get(i)?));
        Some((parent, number.parse().ok()?))
    };
    let ((parent, from), (other, to)) = (numbered(next - 1)?, numbered(next)?);
    let between = to.checked_sub(from + 1).filter(|_| parent == other)?;
    // Before a fully connected layer, one of them flattens.
    let flattens = usize::from(matches!(parts.get(next), Some(Part::Linear { .. })));
    Some(between.saturating_sub(flattens) >= 2)
}

/// A vector of this length, or the picture that it is if its side is whole.
fn picture(inputs: usize) -> Shape {
    let square = |channels: usize| {
        let side = (inputs / channels).isqrt();
        (side > 1 && side * side * channels == inputs).then(|| Shape::maps(channels, side, side))
    };
    square(1).or_else(|| square(3)).unwrap_or(Shape::Vector(inputs))
}

/// The likeliest sides, padding and pools with which the last maps have `inputs` values.
fn guess(convolutions: &[(Part, Option<bool>)], inputs: Option<usize>) -> Guess {
    let maps = convolutions.last().map_or(0, |(part, _)| match part {
        Part::Convolution { filters, .. } | Part::Transposed { filters, .. } => *filters,
        _ => 0,
    });
    let open: Vec<usize> =
        (0..convolutions.len()).filter(|&i| convolutions[i].1.is_none()).take(MAX_PLACES).collect();
    let averages = inputs == Some(maps);
    let usual = Guess {
        side: 28,
        is_padded: true,
        pools: convolutions.iter().map(|(_, pools)| pools.unwrap_or(true)).collect(),
        averages,
    };
    let is_wide = convolutions
        .iter()
        .any(|(part, _)| matches!(part, Part::Convolution { kernel, .. } if kernel[0] >= 5));
    let sides = SIDES.into_iter().chain((4..=MAX_SIDE).map(|side| (side, OTHER_SIDE)));
    let mut best: Option<(usize, Guess)> = None;
    for (side, unlikely) in sides {
        for is_padded in [false, true] {
            for without in 0..1_usize << open.len() {
                let cost = unlikely + 2 * without.count_ones() as usize + usize::from(is_padded == is_wide);
                if best.as_ref().is_some_and(|(least, _)| *least <= cost) {
                    continue;
                }
                let mut pools = usual.pools.clone();
                for (bit, &i) in open.iter().enumerate() {
                    pools[i] = without >> bit & 1 == 0;
                }
                let guess = Guess { side, is_padded, pools, averages };
                let end = last_side(convolutions, &guess);
                let fits =
                    end.is_some_and(|end| averages || inputs.is_none_or(|inputs| inputs == maps * end * end));
                if fits {
                    best = Some((cost, guess));
                }
            }
        }
    }
    best.map_or(usual, |(_, guess)| guess)
}

/// The side of the last maps; `None` if a layer does not fit.
fn last_side(convolutions: &[(Part, Option<bool>)], guess: &Guess) -> Option<usize> {
    let mut side = guess.side;
    for ((part, _), pools) in convolutions.iter().zip(&guess.pools) {
        match *part {
            Part::Convolution { kernel: [size, _], .. } => {
                let padding = if guess.is_padded { 2 * (size / 2) } else { 0 };
                side = (side + padding).checked_sub(size)? + 1;
            }
            Part::Transposed { kernel: [size, _], .. } => side = (side.checked_sub(1)?) * 2 + size,
            _ => {}
        }
        if *pools {
            side /= 2;
        }
        if side == 0 {
            return None;
        }
    }
    Some(side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{foreign::number::Precision, nn::presets};

    fn of(tensors: &[(&str, &[usize])]) -> Foreign {
        let found = tensors.iter().map(|(key, shape)| FoundTensor {
            key: (*key).to_owned(),
            shape: shape.to_vec(),
            precision: Precision::F32,
            values: Vec::new(),
            place: None,
        });
        Foreign { name: "/a/net.pt".into(), found: found.collect(), ..Foreign::default() }
    }

    fn types(spec: &NetworkSpec) -> Vec<&'static str> {
        spec.layers.iter().map(LayerSpec::type_name).collect()
    }

    #[test]
    fn lenet_comes_out_of_its_shapes() {
        let spec = propose(&of(&[
            ("conv1.weight", &[6, 1, 5, 5]),
            ("conv1.bias", &[6]),
            ("conv2.weight", &[16, 6, 5, 5]),
            ("conv2.bias", &[16]),
            ("fc1.weight", &[120, 400]),
            ("fc1.bias", &[120]),
            ("fc2.weight", &[84, 120]),
            ("fc2.bias", &[84]),
            ("fc3.weight", &[10, 84]),
            ("fc3.bias", &[10]),
        ]))
        .unwrap();
        let lenet = presets::lenet5_relu().spec;
        assert_eq!((spec.name.as_str(), spec.input, &spec.layers), ("net", lenet.input, &lenet.layers));
    }

    #[test]
    fn pools_are_where_the_sizes_need_them() {
        // PyTorch's own MNIST example: two convolutions, one pool.
        let spec = propose(&of(&[
            ("conv1.weight", &[32, 1, 3, 3]),
            ("conv1.bias", &[32]),
            ("conv2.weight", &[64, 32, 3, 3]),
            ("conv2.bias", &[64]),
            ("fc1.weight", &[128, 9216]),
            ("fc1.bias", &[128]),
            ("fc2.weight", &[10, 128]),
            ("fc2.bias", &[10]),
        ]))
        .unwrap();
        assert_eq!(spec.input, Shape::maps(1, 28, 28));
        assert_eq!(
            types(&spec),
            ["conv2d", "relu", "conv2d", "relu", "max_pool2d", "flatten", "linear", "relu", "linear"]
        );
        spec.build().unwrap();
    }

    #[test]
    fn numbers_of_a_sequential_tell_pools_and_groups_tell_themselves() {
        let spec = propose(&of(&[
            ("features.0.weight", &[8, 3, 3, 3]),
            ("features.1.weight", &[8]),
            ("features.1.bias", &[8]),
            ("features.1.running_mean", &[8]),
            ("features.1.running_var", &[8]),
            ("features.3.weight", &[8, 1, 3, 3]),
            ("features.6.weight", &[16, 8, 1, 1]),
            ("head.weight", &[10, 16]),
            ("head.bias", &[10]),
        ]))
        .unwrap();
        let expected = [
            "conv2d",
            "batch_norm2d",
            "relu",
            "conv2d",
            "relu",
            "max_pool2d",
            "conv2d",
            "relu",
            "max_pool2d",
            "global_avg_pool2d",
            "flatten",
            "linear",
        ];
        assert_eq!(types(&spec), expected);
        let groups = spec.layers[3].setting("groups");
        assert_eq!(groups, Some(crate::nn::SettingValue::Count(8)));
        spec.build().unwrap();
    }

    #[test]
    fn pictures_and_vectors_go_into_fully_connected_layers() {
        let of_inputs = |inputs| propose(&of(&[("fc.weight", &[10, inputs])])).unwrap();
        assert_eq!(
            (of_inputs(784).input, types(&of_inputs(784))),
            (Shape::maps(1, 28, 28), vec!["flatten", "linear"])
        );
        assert_eq!(of_inputs(3072).input, Shape::maps(3, 32, 32));
        assert_eq!((of_inputs(13).input, types(&of_inputs(13))), (Shape::Vector(13), vec!["linear"]));
    }

    #[test]
    fn what_is_no_layer_is_refused_by_its_name() {
        let error = propose(&of(&[("encoder.lstm.weight_ih_l0", &[16, 4])])).unwrap_err().to_string();
        assert!(error.contains("encoder.lstm") && error.contains("weight_ih_l0 [16, 4]"), "{error}");
    }
}
