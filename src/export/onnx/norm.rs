//! Normalisation by the statistics of a batch, of a layer, of groups of channels.

use super::{
    graph::Value::{Float, Int},
    scope::Scope,
};
use crate::nn::layers::{GroupNorm, LayerNorm};

/// ONNX's momentum is the weight of the old statistics; PyTorch's is that of the batch.
pub(super) fn batch(scope: &mut Scope<'_>, eps: f32, momentum: f32) {
    let x = scope.x.clone();
    let stored: Vec<String> = ["weight", "bias", "running_mean", "running_var"]
        .into_iter()
        .filter_map(|name| scope.stored(name))
        .collect();
    let inputs: Vec<&str> = [x.as_str()].into_iter().chain(stored.iter().map(String::as_str)).collect();
    let attributes = vec![("epsilon", Float(eps)), ("momentum", Float(1.0 - momentum))];
    scope.map("BatchNormalization", &inputs, attributes);
}

/// Over the last dimensions.
pub(super) fn layer(scope: &mut Scope<'_>, s: &LayerNorm) {
    let x = scope.x.clone();
    let ones = || vec![1.0; s.together()];
    let weight = scope.stored("weight");
    let weight = weight.unwrap_or_else(|| {
        scope.builder.floats(format!("{}/weight", scope.name), &s.normalized_shape, &ones())
    });
    let bias = scope.stored("bias");
    let inputs: Vec<&str> = [x.as_str(), weight.as_str()].into_iter().chain(bias.as_deref()).collect();
    let axis = -(s.normalized_shape.len() as i64);
    scope.map("LayerNormalization", &inputs, vec![("axis", Int(axis)), ("epsilon", Float(s.eps))]);
}

/// Groups of channels as rows, each normalised as a layer; `GroupNormalization` is there from opset 18 on only.
pub(super) fn groups(scope: &mut Scope<'_>, s: GroupNorm) {
    let (x, dims) = (scope.x.clone(), scope.output());
    let (channels, height, width) = scope.part.layer.input().as_maps();
    let groups = s.num_groups;
    let together = channels / groups * height * width;
    let name = scope.name.clone();
    let rows = scope.builder.ints(format!("{name}/groups"), &[0, groups as i64, together as i64]);
    let back: Vec<i64> = std::iter::once(0).chain(dims.iter().map(|&n| n as i64)).collect();
    let back = scope.builder.ints(format!("{name}/shape"), &back);
    let ones = scope.builder.floats(format!("{name}/ones"), &[together], &vec![1.0; together]);
    let split = scope.op("Reshape", &[&x, &rows], vec![], &[groups, together]);
    let attributes = vec![("axis", Int(-1)), ("epsilon", Float(s.eps))];
    let normal = scope.op("LayerNormalization", &[&split, &ones], attributes, &[groups, together]);
    let mut y = scope.map("Reshape", &[&normal, &back], vec![]);
    // (channels, 1, 1), beside maps.
    let each: Vec<usize> = (0..dims.len()).map(|axis| if axis == 0 { channels } else { 1 }).collect();
    for (own, op) in [("weight", "Mul"), ("bias", "Add")] {
        if let Some(tensor) = scope.tensor(own).cloned() {
            let key = format!("{}.{own}", scope.part.number);
            let stored = scope.builder.floats(key, &each, tensor.values());
            y = scope.map(op, &[&y, &stored], vec![]);
        }
    }
}

/// A slope below 0, for all channels or for each.
pub(super) fn prelu(scope: &mut Scope<'_>) {
    let (x, dims) = (scope.x.clone(), scope.output());
    let Some(slopes) = scope.tensor("weight").cloned() else { return };
    let each: Vec<usize> = (0..dims.len()).map(|axis| if axis == 0 { slopes.len() } else { 1 }).collect();
    let key = format!("{}.weight", scope.part.number);
    let stored = scope.builder.floats(key, &each, slopes.values());
    scope.map("PRelu", &[&x, &stored], vec![]);
}
