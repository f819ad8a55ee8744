//! The weights of a layer, wherever a version of Keras puts them.

use super::{config::Layer, file::WeightsFile};
use crate::{foreign::tensor::FoundTensor, text::Sentence};

/// The weights of a layer, in Keras's order.
pub(super) fn of(file: &WeightsFile, layer: &Layer) -> Result<Vec<FoundTensor>, Sentence> {
    let paths = by_number(file, &format!("layers/{}/vars", layer.group))
        // The names of layers, as in `.h5` of Keras 2 and 3.
        .or_else(|| by_name(file, "model_weights", &layer.name))
        .or_else(|| by_name(file, "", &layer.name))
        .or_else(|| by_number(file, &format!("layers/{}/vars", layer.name)));
    paths.unwrap_or_default().iter().map(|path| file.array(path)).collect()
}

/// Keras 3: arrays `0`, `1` and so on in a group.
fn by_number(file: &WeightsFile, group: &str) -> Option<Vec<String>> {
    let has = |path: &String| file.paths.contains(path);
    let paths: Vec<String> = (0..file.paths.len()).map(|i| format!("{group}/{i}")).take_while(has).collect();
    (!paths.is_empty()).then_some(paths)
}

/// Keras 2: the group of a layer lists the paths of its arrays.
fn by_name(file: &WeightsFile, root: &str, layer: &str) -> Option<Vec<String>> {
    let group = if root.is_empty() { layer.to_owned() } else { format!("{root}/{layer}") };
    let names = file.names(&group, "weight_names")?;
    let paths: Vec<String> = names.iter().map(|name| format!("{group}/{name}")).collect();
    (!paths.is_empty()).then_some(paths)
}

/// The tensors of a file that does not say what its layers are, in PyTorch's layout as far as the shapes tell: layers in
/// the natural order of their names, or as the file lists them.
pub(super) fn alone(file: &WeightsFile) -> Result<Vec<FoundTensor>, Sentence> {
    let mut paths: Vec<String> = file.paths.clone();
    paths.sort_by_cached_key(|path| crate::foreign::order::natural(path));
    if let Some(layers) = file.names("", "layer_names") {
        paths.sort_by_key(|path| layers.iter().position(|layer| path.split('/').next() == Some(layer)));
    }
    paths.retain(|path| {
        !path.starts_with("optimizer") && !path.contains("/seed_generator") && !path.contains("random_seed")
    });
    let mut found = Vec::new();
    for path in paths {
        found.push(in_torch_layout(file.array(&path)?));
    }
    Ok(named_by_layer(found))
}

/// Four dimensions are a convolution's, (height, width, in, out); two a fully connected layer's, (in, out).
fn in_torch_layout(tensor: FoundTensor) -> FoundTensor {
    match tensor.shape.len() {
        4 => tensor.permuted(&[3, 2, 0, 1]),
        2 => tensor.permuted(&[1, 0]),
        _ => tensor,
    }
}

/// `layers/conv2d/vars/0` becomes `conv2d.weight`: what the arrays of a layer are is told by their number.
fn named_by_layer(mut found: Vec<FoundTensor>) -> Vec<FoundTensor> {
    let layer = |key: &str| key.rsplit_once('/').map_or(String::new(), |(layer, _)| layer.to_owned());
    let layers: Vec<String> = found.iter().map(|tensor| layer(&tensor.key)).collect();
    let mut start = 0;
    while start < found.len() {
        let count = layers[start..].iter().take_while(|name| **name == layers[start]).count();
        let names: &[&str] = match count {
            4 => &["weight", "bias", "running_mean", "running_var"],
            1 | 2 => &["weight", "bias"],
            _ => &[],
        };
        let short = layers[start].trim_start_matches("layers/").trim_end_matches("/vars").replace('/', ".");
        let numbered = found[start..start + count]
            .iter()
            .all(|t| t.key.rsplit('/').next().is_some_and(|n| n.parse::<usize>().is_ok()));
        for (i, tensor) in found[start..start + count].iter_mut().enumerate() {
            let own = tensor.key.rsplit('/').next().unwrap_or_default().trim_end_matches(":0").to_owned();
            let name = if numbered { names.get(i).copied().unwrap_or(&own) } else { torch_name(&own) };
            tensor.key = format!("{short}.{name}");
        }
        start += count;
    }
    found
}

/// PyTorch's name for an array of Keras.
fn torch_name(name: &str) -> &str {
    match name {
        "kernel" | "gamma" | "depthwise_kernel" => "weight",
        "beta" => "bias",
        "moving_mean" => "running_mean",
        "moving_variance" => "running_var",
        name => name,
    }
}
