//! Which layer each operator is. One that is added to the registry is a line in [`add`].

use super::{
    constant,
    graph::Walk,
    node::{float, int, ints, sizes, text},
};
use crate::{
    foreign::{
        chain::{Chain, Line, Weight},
        tensor::FoundTensor,
    },
    nn::Shape,
    text::Sentence,
};
use onnx_rs::ast::Node;
use serde_json::json;

/// Adds the layer of a node, which reads `current`.
pub(super) fn add<'a>(
    chain: &mut Chain,
    walk: &Walk<'a>,
    node: &'a Node<'a>,
    current: &str,
) -> Result<(), Sentence> {
    let plain = json!({});
    match node.op_type.as_str() {
        "Conv" => convolution(chain, walk, node),
        "ConvTranspose" => transposed(chain, walk, node),
        "BatchNormalization" => batch_norm(chain, walk, node),
        "Gemm" => gemm(chain, walk, node),
        "MatMul" => mat_mul(chain, walk, node, current),
        "Add" => {
            let other = node.input.iter().find(|name| **name != current && walk.constant(name).is_some());
            chain.add_bias(weight(walk, other.copied().unwrap_or_default())?)
        }
        "MaxPool" => max_pool(chain, node),
        "AveragePool" => average_pool(chain, node),
        "GlobalAveragePool" => chain.push("global_avg_pool2d", plain, Vec::new()),
        "GlobalMaxPool" => {
            let (_, height, width) = chain.shape.as_maps();
            chain.push("max_pool2d", json!({ "kernel_size": [height, width] }), Vec::new())
        }
        "ReduceMean" => reduce_mean(chain, walk, node),
        "Flatten" => match int(node, "axis", 1) {
            1 => flatten(chain),
            axis => Err(Sentence::new("{setting} is {value}, but must be {wanted}")
                .with("setting", "axis")
                .with("value", axis)
                .with("wanted", 1)),
        },
        "Reshape" => reshape(chain, walk, node),
        "Squeeze" => match chain.shape {
            Shape::Maps { height: 1, width: 1, .. } => flatten(chain),
            _ => Err(Sentence::new("removes dimensions that are not of size 1")),
        },
        "Identity" | "Cast" => Ok(()),
        "Dropout" => {
            let by_input = node.input.get(1).and_then(|name| walk.constant(name));
            let given =
                by_input.and_then(|tensor| constant::floats("ratio", tensor).ok()?.values.first().copied());
            chain.push("dropout", json!({ "p": given.unwrap_or(float(node, "ratio", 0.5)) }), Vec::new())
        }
        "Pad" => pad(chain, walk, node),
        "LRN" => lrn(chain, node),
        "Relu" => chain.push("relu", plain, Vec::new()),
        "Sigmoid" => chain.push("sigmoid", plain, Vec::new()),
        "Tanh" => chain.push("tanh", plain, Vec::new()),
        "Softplus" => chain.push("softplus", plain, Vec::new()),
        "LeakyRelu" => {
            chain.push("leaky_relu", json!({ "negative_slope": float(node, "alpha", 0.01) }), Vec::new())
        }
        "Elu" => chain.push("elu", json!({ "alpha": float(node, "alpha", 1.0) }), Vec::new()),
        "Gelu" => {
            let how = text(node, "approximate").unwrap_or("none");
            chain.push("gelu", json!({ "approximate": how }), Vec::new())
        }
        "PRelu" => {
            let mut slope = weight(walk, input(node, 1))?;
            slope.shape = vec![slope.values.len()];
            let settings = json!({ "num_parameters": slope.values.len() });
            chain.push("prelu", settings, vec![("weight", slope)])
        }
        "Softmax" | "LogSoftmax" => {
            chain.ended = true;
            Ok(())
        }
        kind => {
            Err(Sentence::new("is a node of the type {type}, for which there is no layer").with("type", kind))
        }
    }
}

fn input<'a>(node: &Node<'a>, i: usize) -> &'a str {
    node.input.get(i).copied().unwrap_or_default()
}

/// The weights of this name.
fn weight(walk: &Walk<'_>, name: &str) -> Result<FoundTensor, Sentence> {
    let computed = || {
        let sentence =
            Sentence::new("reads {tensor}, which is not a constant: a layer has its weights in the file");
        sentence.with("tensor", if name.is_empty() { "?" } else { name })
    };
    constant::floats(name, walk.constant(name).ok_or_else(computed)?)
}

/// The bias, which may be left out.
fn bias(walk: &Walk<'_>, node: &Node<'_>, i: usize) -> Result<Option<FoundTensor>, Sentence> {
    match input(node, i) {
        "" => Ok(None),
        name => weight(walk, name).map(Some),
    }
}

fn with_bias(weight: FoundTensor, bias: Option<FoundTensor>) -> Vec<Weight> {
    [("weight", weight)].into_iter().chain(bias.map(|bias| ("bias", bias))).collect()
}

/// The padding of a window over the maps: top, left, bottom, right.
fn pads(
    chain: &Chain,
    node: &Node<'_>,
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
) -> Result<[usize; 4], Sentence> {
    let (_, height, width) = chain.shape.as_maps();
    let same = |i: usize, input: usize| {
        let window = kernel[i].saturating_sub(1).saturating_mul(dilation[i]).saturating_add(1);
        Line { input, window, stride: stride[i] }.same()
    };
    let ([top, bottom], [left, right]) = (same(0, height), same(1, width));
    match text(node, "auto_pad").unwrap_or("NOTSET") {
        "" | "NOTSET" => sizes(node, "pads", 0),
        "VALID" => Ok([0; 4]),
        "SAME_UPPER" => Ok([top, left, bottom, right]),
        "SAME_LOWER" => Ok([bottom, right, top, left]),
        other => Err(Sentence::new("{setting} is {value}, which is not known")
            .with("setting", "auto_pad")
            .with("value", other)),
    }
}

fn convolution(chain: &mut Chain, walk: &Walk<'_>, node: &Node<'_>) -> Result<(), Sentence> {
    let weight = weight(walk, input(node, 1))?;
    let bias = bias(walk, node, 2)?;
    let (filters, kernel) = window(&weight)?;
    let (stride, dilation) = (sizes(node, "strides", 1)?, sizes(node, "dilations", 1)?);
    let pads = pads(chain, node, kernel, stride, dilation)?;
    let padding = chain.padding(pads)?;
    let settings = json!({
        "out_channels": filters, "kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation,
        "groups": int(node, "group", 1), "bias": bias.is_some(),
    });
    chain.push("conv2d", settings, with_bias(weight, bias))
}

/// (filters, [height, width]) of the weights of a convolution.
fn window(weight: &FoundTensor) -> Result<(usize, [usize; 2]), Sentence> {
    match weight.shape[..] {
        [filters, _, height, width] => Ok((filters, [height, width])),
        _ => Err(Sentence::new("the tensor {tensor} is {shape}, but a convolution has four dimensions")
            .with("tensor", &weight.key)
            .with("shape", format!("{:?}", weight.shape))),
    }
}

fn transposed(chain: &mut Chain, walk: &Walk<'_>, node: &Node<'_>) -> Result<(), Sentence> {
    let weight = weight(walk, input(node, 1))?;
    let bias = bias(walk, node, 2)?;
    let (_, kernel) = window(&weight)?;
    let groups = int(node, "group", 1);
    let filters =
        weight.shape.get(1).copied().unwrap_or(0).saturating_mul(usize::try_from(groups).unwrap_or(0));
    let automatic = text(node, "auto_pad").unwrap_or("NOTSET");
    let pads: [usize; 4] = sizes(node, "pads", 0)?;
    if !matches!(automatic, "" | "NOTSET" | "VALID") || ints(node, "output_shape").is_some() {
        return Err(Sentence::new(
            "sets the size of its output instead of its padding: a layer does the opposite",
        ));
    }
    if pads[..2] != pads[2..] {
        return Err(Sentence::new("{setting} is {value}, but must be alike on both sides")
            .with("setting", "pads")
            .with("value", format!("{pads:?}")));
    }
    let settings = json!({
        "out_channels": filters, "kernel_size": kernel, "stride": sizes::<2>(node, "strides", 1)?,
        "padding": [pads[0], pads[1]], "output_padding": sizes::<2>(node, "output_padding", 0)?,
        "dilation": sizes::<2>(node, "dilations", 1)?, "groups": groups, "bias": bias.is_some(),
    });
    chain.push("conv_transpose2d", settings, with_bias(weight, bias))
}

fn batch_norm(chain: &mut Chain, walk: &Walk<'_>, node: &Node<'_>) -> Result<(), Sentence> {
    if int(node, "training_mode", 0) != 0 || int(node, "spatial", 1) == 0 {
        return Err(Sentence::new("is in training mode, or normalises each cell by itself"));
    }
    let kind = if matches!(chain.shape, Shape::Vector(_)) { "batch_norm1d" } else { "batch_norm2d" };
    let names = ["weight", "bias", "running_mean", "running_var"];
    let weights = (1..).zip(names).map(|(i, name)| Ok((name, weight(walk, input(node, i))?)));
    let weights = weights.collect::<Result<Vec<_>, Sentence>>()?;
    let settings =
        json!({ "eps": float(node, "epsilon", 1e-5), "momentum": 1.0 - float(node, "momentum", 0.9) });
    chain.push(kind, settings, weights)
}

fn gemm(chain: &mut Chain, walk: &Walk<'_>, node: &Node<'_>) -> Result<(), Sentence> {
    if int(node, "transA", 0) != 0 {
        return Err(Sentence::new("transposes its input"));
    }
    let mut weight = weight(walk, input(node, 1))?;
    if int(node, "transB", 0) == 0 {
        weight = transpose(weight)?;
    }
    let (alpha, beta) = (float(node, "alpha", 1.0), float(node, "beta", 1.0));
    weight.values.iter_mut().for_each(|value| *value *= alpha);
    let features = weight.shape.first().copied().unwrap_or(0);
    let bias = bias(walk, node, 2)?.map(|mut bias| {
        if bias.values.len() == 1 {
            bias.values = vec![bias.values[0]; features.min(weight.values.len())];
        }
        bias.values.iter_mut().for_each(|value| *value *= beta);
        bias.shape = vec![bias.values.len()];
        bias
    });
    let settings = json!({ "out_features": features, "bias": bias.is_some() });
    flatten_cells(chain)?;
    chain.push("linear", settings, with_bias(weight, bias))
}

fn mat_mul(chain: &mut Chain, walk: &Walk<'_>, node: &Node<'_>, current: &str) -> Result<(), Sentence> {
    if input(node, 0) != current {
        return Err(Sentence::new("multiplies weights by the input, and not the input by weights"));
    }
    let weight = transpose(weight(walk, input(node, 1))?)?;
    let settings = json!({ "out_features": weight.shape.first(), "bias": false });
    chain.push("linear", settings, vec![("weight", weight)])
}

/// (in, out) to (out, in).
fn transpose(weight: FoundTensor) -> Result<FoundTensor, Sentence> {
    let [rows, columns] = weight.shape[..] else {
        return Err(Sentence::new("the tensor {tensor} is {shape}, but must have two dimensions")
            .with("tensor", &weight.key)
            .with("shape", format!("{:?}", weight.shape)));
    };
    let values = (0..columns).flat_map(|column| (0..rows).map(move |row| row * columns + column));
    let values = values.filter_map(|i| weight.values.get(i).copied()).collect();
    Ok(FoundTensor { shape: vec![columns, rows], values, ..weight })
}

fn max_pool(chain: &mut Chain, node: &Node<'_>) -> Result<(), Sentence> {
    if node.output.iter().skip(1).any(|output| !output.is_empty()) {
        return Err(Sentence::new("gives the places of the maxima, too"));
    }
    let kernel = kernel(node)?;
    let (stride, dilation) = (sizes(node, "strides", 1)?, sizes(node, "dilations", 1)?);
    let pads = pads(chain, node, kernel, stride, dilation)?;
    let is_positive = chain.is_positive();
    let padding = chain.pool_padding(pads, is_positive)?;
    let ceil = int(node, "ceil_mode", 0) != 0;
    let settings = json!({ "kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil });
    chain.push("max_pool2d", settings, Vec::new())
}

fn average_pool(chain: &mut Chain, node: &Node<'_>) -> Result<(), Sentence> {
    let kernel = kernel(node)?;
    let (stride, dilation): ([usize; 2], [usize; 2]) =
        (sizes(node, "strides", 1)?, sizes(node, "dilations", 1)?);
    if dilation != [1, 1] {
        return Err(Sentence::new("has windows with gaps, which a layer avg_pool2d does not have"));
    }
    let counts = int(node, "count_include_pad", 0) != 0;
    let pads = pads(chain, node, kernel, stride, dilation)?;
    let padding = chain.pool_padding(pads, counts)?;
    let settings = json!({
        "kernel_size": kernel, "stride": stride, "padding": padding,
        "ceil_mode": int(node, "ceil_mode", 0) != 0, "count_include_pad": counts,
    });
    chain.push("avg_pool2d", settings, Vec::new())
}

fn kernel(node: &Node<'_>) -> Result<[usize; 2], Sentence> {
    let kernel = sizes(node, "kernel_shape", 0)?;
    if kernel == [0, 0] {
        Err(Sentence::new("lacks {setting}").with("setting", "kernel_shape"))
    } else {
        Ok(kernel)
    }
}

fn reduce_mean(chain: &mut Chain, walk: &Walk<'_>, node: &Node<'_>) -> Result<(), Sentence> {
    // From opset 18 on, the axes are an input.
    let by_input = walk.constant(input(node, 1)).and_then(constant::integers);
    let mut axes = ints(node, "axes").map(<[i64]>::to_vec).or(by_input).unwrap_or_default();
    axes.iter_mut().filter(|axis| **axis < 0).for_each(|axis| *axis = axis.saturating_add(4));
    axes.sort_unstable();
    if axes != [2, 3] || matches!(chain.shape, Shape::Vector(_)) {
        return Err(Sentence::new("is not a mean over height and width"));
    }
    chain.push("global_avg_pool2d", json!({}), Vec::new())?;
    if int(node, "keepdims", 1) == 0 { flatten(chain) } else { Ok(()) }
}

fn flatten(chain: &mut Chain) -> Result<(), Sentence> {
    match chain.shape {
        Shape::Vector(_) => Ok(()),
        Shape::Maps { .. } => chain.push("flatten", json!({}), Vec::new()),
    }
}

/// Maps of a single cell are read as a vector.
fn flatten_cells(chain: &mut Chain) -> Result<(), Sentence> {
    if let Shape::Maps { height: 1, width: 1, .. } = chain.shape { flatten(chain) } else { Ok(()) }
}

fn reshape(chain: &mut Chain, walk: &Walk<'_>, node: &Node<'_>) -> Result<(), Sentence> {
    let len = chain.shape.len() as i64;
    let is_flat = match walk.constant(input(node, 1)).and_then(constant::integers) {
        Some(shape) => {
            matches!(shape[..], [images, features] if (features == -1 || features == len) && images <= 1
            || images == -1 && features == len)
        }
        // PyTorch's `x.view(x.size(0), -1)`: the shape is put together from two numbers.
        None => walk
            .maker(input(node, 1))
            .is_some_and(|maker| maker.op_type.as_str() == "Concat" && maker.input.len() == 2),
    };
    if is_flat { flatten(chain) } else { Err(Sentence::new("gives another shape than (images, features)")) }
}

fn pad(chain: &mut Chain, walk: &Walk<'_>, node: &Node<'_>) -> Result<(), Sentence> {
    let by_input = walk.constant(input(node, 1)).and_then(constant::integers);
    let pads = ints(node, "pads").map(<[i64]>::to_vec).or(by_input).unwrap_or_default();
    let value = walk
        .constant(input(node, 2))
        .and_then(|tensor| constant::floats("value", tensor).ok()?.values.first().copied());
    let value = value.unwrap_or(float(node, "value", 0.0));
    let sides: Option<Vec<usize>> = pads.iter().map(|&pad| usize::try_from(pad).ok()).collect();
    match sides.as_deref() {
        Some(&[0, 0, top, left, 0, 0, bottom, right])
            if value == 0.0 && text(node, "mode").unwrap_or("constant") == "constant" =>
        {
            chain.pad([top, left, bottom, right]);
            Ok(())
        }
        _ => Err(Sentence::new("does not add zeros around the maps")),
    }
}

fn lrn(chain: &mut Chain, node: &Node<'_>) -> Result<(), Sentence> {
    let size = int(node, "size", 0);
    // ONNX has one channel more after the middle, PyTorch before it.
    if size % 2 == 0 {
        return Err(Sentence::new("{setting} is {value}, but must be odd")
            .with("setting", "size")
            .with("value", size));
    }
    let settings = json!({
        "size": size, "alpha": float(node, "alpha", 1e-4), "beta": float(node, "beta", 0.75), "k": float(node, "bias", 1.0),
    });
    chain.push("local_response_norm", settings, Vec::new())
}
