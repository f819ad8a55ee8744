//! Every layer as operations of ONNX, opset 17.

use super::{
    graph::Value::{Float, Int, Ints},
    graph::{Named, Value},
    norm, pad, pool, resize,
    scope::Scope,
};
use crate::{
    nn::{
        Border, LayerSpec,
        layers::{
            ChannelShuffle, Conv2d, ConvTranspose2d, Gelu, GeluApproximation, LocalResponseNorm, Softplus,
        },
    },
    text::Sentence,
};
use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// Adds the operations of a layer.
///
/// # Errors
/// What ONNX lacks.
pub(super) fn add(scope: &mut Scope<'_>, spec: &LayerSpec) -> Result<(), Sentence> {
    let x = scope.x.clone();
    let x = x.as_str();
    match spec {
        LayerSpec::Conv2d(settings) => conv(scope, *settings)?,
        LayerSpec::ConvTranspose2d(settings) => transposed(scope, *settings)?,
        LayerSpec::MaxPool2d(settings) => pool::max(scope, *settings),
        LayerSpec::AvgPool2d(settings) => pool::average(scope, *settings),
        LayerSpec::GlobalAvgPool2d(_) => {
            let dims = scope.output();
            scope.op("GlobalAveragePool", &[x], vec![], &dims);
        }
        LayerSpec::AdaptiveAvgPool2d(settings) => resize::adaptive_mean(scope, *settings),
        LayerSpec::AdaptiveMaxPool2d(settings) => resize::adaptive_max(scope, *settings)?,
        LayerSpec::ZeroPad2d(s) => pad::zeros(scope, s.padding),
        LayerSpec::Upsample(settings) => resize::upsample(scope, settings),
        LayerSpec::Linear(_) => with_weights(scope, "Gemm", x, vec![("transB", Int(1))]),
        LayerSpec::Flatten(_) => {
            let dims = scope.output();
            scope.op("Flatten", &[x], vec![("axis", Int(1))], &dims);
        }
        LayerSpec::Relu(_) => drop(scope.map("Relu", &[x], vec![])),
        LayerSpec::LeakyRelu(s) => {
            scope.map("LeakyRelu", &[x], vec![("alpha", Float(s.negative_slope))]);
        }
        LayerSpec::Sigmoid(_) => drop(scope.map("Sigmoid", &[x], vec![])),
        LayerSpec::Tanh(_) => drop(scope.map("Tanh", &[x], vec![])),
        LayerSpec::Softplus(settings) => softplus(scope, *settings),
        LayerSpec::Gelu(settings) => gelu(scope, *settings),
        LayerSpec::Silu(_) => {
            let gate = scope.map("Sigmoid", &[x], vec![]);
            scope.map("Mul", &[x, &gate], vec![]);
        }
        LayerSpec::Elu(s) => drop(scope.map("Elu", &[x], vec![("alpha", Float(s.alpha))])),
        LayerSpec::Prelu(_) => norm::prelu(scope),
        LayerSpec::Dropout(s) => dropout(scope, s.p),
        LayerSpec::Dropout2d(s) => dropout(scope, s.p),
        LayerSpec::LocalResponseNorm(settings) => local_response_norm(scope, *settings),
        LayerSpec::BatchNorm1d(s) => norm::batch(scope, s.eps, s.momentum),
        LayerSpec::BatchNorm2d(s) => norm::batch(scope, s.eps, s.momentum),
        LayerSpec::LayerNorm(settings) => norm::layer(scope, settings),
        LayerSpec::GroupNorm(settings) => norm::groups(scope, *settings),
        LayerSpec::ChannelShuffle(settings) => shuffle(scope, *settings),
    }
    Ok(())
}

/// An operation on `x` with the layer's weight, and its bias if it has one.
fn with_weights(scope: &mut Scope<'_>, op: &'static str, x: &str, attributes: Vec<Named>) {
    let dims = scope.output();
    let stored = [scope.stored("weight"), scope.stored("bias")];
    let inputs: Vec<&str> = [x].into_iter().chain(stored.iter().flatten().map(String::as_str)).collect();
    scope.op(op, &inputs, attributes, &dims);
}

fn conv(scope: &mut Scope<'_>, s: Conv2d) -> Result<(), Sentence> {
    let (x, Border { left, right, top, bottom }) = pad::before(scope, &s)?;
    let attributes = vec![
        ("kernel_shape", Value::pair(s.kernel_size)),
        ("strides", Value::pair(s.stride)),
        ("pads", Value::ints([top, left, bottom, right])),
        ("dilations", Value::pair(s.dilation)),
        ("group", Int(s.groups as i64)),
    ];
    with_weights(scope, "Conv", &x, attributes);
    Ok(())
}

/// Runtimes refuse an output padding from the stride on; where it is at most the padding, that much less is cut off at the
/// end instead.
fn transposed(scope: &mut Scope<'_>, s: ConvTranspose2d) -> Result<(), Sentence> {
    let side = |stride: usize, padding: usize, extra: usize| match padding.checked_sub(extra) {
        _ if extra < stride => Ok((padding, extra)),
        Some(after) => Ok((after, 0)),
        None => Err(Sentence::new("its output padding must be below the stride, or at most the padding")),
    };
    let (bottom, extra_rows) = side(s.stride.h, s.padding.h, s.output_padding.h)?;
    let (right, extra_columns) = side(s.stride.w, s.padding.w, s.output_padding.w)?;
    let attributes = vec![
        ("kernel_shape", Value::pair(s.kernel_size)),
        ("strides", Value::pair(s.stride)),
        ("pads", Value::ints([s.padding.h, s.padding.w, bottom, right])),
        ("output_padding", Value::ints([extra_rows, extra_columns])),
        ("dilations", Value::pair(s.dilation)),
        ("group", Int(s.groups as i64)),
    ];
    let x = scope.x.clone();
    with_weights(scope, "ConvTranspose", &x, attributes);
    Ok(())
}

/// `ln(1 + exp(beta·x)) / beta`, or x above the threshold. From 20 on, the threshold makes no difference in `f32`.
fn softplus(scope: &mut Scope<'_>, s: Softplus) {
    let x = scope.x.clone();
    let beta = (s.beta != 1.0).then(|| scope.number("beta", s.beta));
    let scaled = beta.as_ref().map(|beta| scope.map("Mul", &[&x, beta], vec![]));
    let z = scaled.as_ref().unwrap_or(&x);
    let mut y = scope.map("Softplus", &[z], vec![]);
    if let Some(beta) = &beta {
        y = scope.map("Div", &[&y, beta], vec![]);
    }
    if s.threshold < 20.0 {
        let threshold = scope.number("threshold", s.threshold);
        let above = scope.map("Greater", &[z, &threshold], vec![]);
        scope.map("Where", &[&above, &x, &y], vec![]);
    }
}

/// `x·(1 + erf(x/√2))/2`, or with tanh in place of erf. ONNX has it as one operation from opset 20 on only.
fn gelu(scope: &mut Scope<'_>, s: Gelu) {
    let x = scope.x.clone();
    let inner = match s.approximate {
        GeluApproximation::None => {
            let scale = scope.number("scale", FRAC_1_SQRT_2);
            let scaled = scope.map("Mul", &[&x, &scale], vec![]);
            scope.map("Erf", &[&scaled], vec![])
        }
        GeluApproximation::Tanh => {
            let square = scope.map("Mul", &[&x, &x], vec![]);
            let cube = scope.map("Mul", &[&square, &x], vec![]);
            let cubic = scope.number("cubic", 0.044_715);
            let cube = scope.map("Mul", &[&cube, &cubic], vec![]);
            let sum = scope.map("Add", &[&x, &cube], vec![]);
            let scale = scope.number("scale", FRAC_2_SQRT_PI * FRAC_1_SQRT_2);
            let sum = scope.map("Mul", &[&sum, &scale], vec![]);
            scope.map("Tanh", &[&sum], vec![])
        }
    };
    let (one, half) = (scope.number("one", 1.0), scope.number("half", 0.5));
    let sum = scope.map("Add", &[&inner, &one], vec![]);
    let share = scope.map("Mul", &[&sum, &half], vec![]);
    scope.map("Mul", &[&x, &share], vec![]);
}

/// The identity, which it is outside training; as `Dropout`, so that it is seen in the graph.
fn dropout(scope: &mut Scope<'_>, p: f32) {
    let x = scope.x.clone();
    if p < 1.0 {
        let ratio = scope.number("ratio", p);
        scope.map("Dropout", &[&x, &ratio], vec![]);
    } else {
        scope.map("Identity", &[&x], vec![]);
    }
}

/// `LRN` for an odd size. For an even one, runtimes disagree with PyTorch or refuse: there the sum over channels is a 1×1
/// convolution of the squares.
fn local_response_norm(scope: &mut Scope<'_>, s: LocalResponseNorm) {
    let x = scope.x.clone();
    if !s.size.is_multiple_of(2) {
        let attributes = vec![
            ("size", Int(s.size as i64)),
            ("alpha", Float(s.alpha)),
            ("beta", Float(s.beta)),
            ("bias", Float(s.k)),
        ];
        scope.map("LRN", &[&x], attributes);
        return;
    }
    let (channels, ..) = scope.maps();
    let share = s.alpha / s.size as f32;
    let mut band = vec![0.0; channels * channels];
    for c in 0..channels {
        let first = c.saturating_sub(s.size / 2);
        let last = (c + (s.size - 1) / 2).min(channels - 1);
        band[c * channels + first..=c * channels + last].fill(share);
    }
    let band = scope.builder.floats(format!("{}/channels", scope.name), &[channels, channels, 1, 1], &band);
    let k = scope.builder.floats(format!("{}/k", scope.name), &[channels], &vec![s.k; channels]);
    let squares = scope.map("Mul", &[&x, &x], vec![]);
    let sums = scope.map("Conv", &[&squares, &band, &k], vec![("kernel_shape", Ints(vec![1, 1]))]);
    let beta = scope.number("beta", s.beta);
    let divisor = scope.map("Pow", &[&sums, &beta], vec![]);
    scope.map("Div", &[&x, &divisor], vec![]);
}

/// The channels as a matrix (groups, C / groups), transposed.
fn shuffle(scope: &mut Scope<'_>, s: ChannelShuffle) {
    let (channels, height, width) = scope.maps();
    let (groups, plane) = (s.groups, height * width);
    let x = scope.x.clone();
    let matrix = scope.builder.ints(
        format!("{}/matrix", scope.name),
        &[0, groups as i64, (channels / groups) as i64, plane as i64],
    );
    let maps = [0, channels as i64, height as i64, width as i64];
    let maps = scope.builder.ints(format!("{}/maps", scope.name), &maps);
    let split = scope.op("Reshape", &[&x, &matrix], vec![], &[groups, channels / groups, plane]);
    let order = vec![("perm", Ints(vec![0, 2, 1, 3]))];
    let turned = scope.op("Transpose", &[&split], order, &[channels / groups, groups, plane]);
    scope.map("Reshape", &[&turned, &maps], vec![]);
}
