//! Every layer as layers of Keras.

use super::parts::{Helper, Made};
use crate::{
    export::{
        network::Part,
        python::{boolean, call, given, pair, unless},
    },
    nn::{
        LayerSpec, Pair, Shape,
        layers::{AvgPool2d, Conv2d, ConvTranspose2d, GeluApproximation, MaxPool2d, Softplus},
    },
    text::Sentence,
};

const ZERO: Pair = Pair::square(0);
const ONE: Pair = Pair::square(1);

/// The code of a layer.
///
/// # Errors
/// What Keras lacks.
pub(super) fn layers(part: Part<'_>, name: &str) -> Result<Made, Sentence> {
    let number = |value: f32| format!("{value:?}");
    let named = Some(format!("name=\"{name}\""));
    let activation = |function: &str| Made::of(format!("layers.Activation(\"{function}\")"));
    Ok(match part.spec {
        LayerSpec::Conv2d(settings) => conv(*settings, named)?,
        LayerSpec::ConvTranspose2d(settings) => transposed(*settings, named)?,
        LayerSpec::MaxPool2d(settings) => max_pool(part, *settings)?,
        LayerSpec::AvgPool2d(settings) => average_pool(part, *settings)?,
        LayerSpec::GlobalAvgPool2d(_) => Made::of("layers.GlobalAveragePooling2D(keepdims=True)"),
        LayerSpec::Linear(s) => {
            let bias = unless("use_bias", s.bias, true, |bias| boolean(bias).into());
            Made::of(call("layers.Dense", &[given(s.out_features), bias, named]))
        }
        LayerSpec::Flatten(_) => Made::of("layers.Flatten()"),
        LayerSpec::Relu(_) => Made::of("layers.ReLU()"),
        LayerSpec::LeakyRelu(s) if s.negative_slope < 0.0 => {
            return Err(Sentence::new("its LeakyReLU has no negative slope below 0"));
        }
        LayerSpec::LeakyRelu(s) => {
            Made::of(format!("layers.LeakyReLU(negative_slope={})", number(s.negative_slope)))
        }
        LayerSpec::Sigmoid(_) => activation("sigmoid"),
        LayerSpec::Tanh(_) => activation("tanh"),
        LayerSpec::Softplus(settings) => softplus(*settings)?,
        LayerSpec::Gelu(s) => match s.approximate {
            GeluApproximation::None => activation("gelu"),
            GeluApproximation::Tanh => Made::of("GeluTanh()").with(Helper::GeluTanh),
        },
        LayerSpec::Silu(_) => activation("silu"),
        LayerSpec::Elu(s) => Made::of(call("layers.ELU", &[unless("alpha", s.alpha, 1.0, number)])),
        LayerSpec::Dropout(s) => Made::of(format!("layers.Dropout({})", number(s.p))),
        LayerSpec::LocalResponseNorm(s) => {
            let [alpha, beta, k] = [("alpha", s.alpha), ("beta", s.beta), ("k", s.k)]
                .map(|(name, value)| Some(format!("{name}={}", number(value))));
            Made::of(call("LocalResponseNorm", &[given(s.size), alpha, beta, k]))
                .with(Helper::LocalResponseNorm)
        }
        LayerSpec::BatchNorm2d(s) => {
            let momentum = Some(format!("momentum={}", number(1.0 - s.momentum)));
            let epsilon = Some(format!("epsilon={}", number(s.eps)));
            Made::of(call("layers.BatchNormalization", &[momentum, epsilon, named]))
        }
        LayerSpec::ChannelShuffle(s) => {
            Made::of(format!("ChannelShuffle({})", s.groups)).with(Helper::ChannelShuffle)
        }
    })
}

/// Keras pads by as many zeros as keep the size (`same`) or by none; other padding is a layer of its own.
fn conv(s: Conv2d, named: Option<String>) -> Result<Made, Sentence> {
    if s.stride != ONE && s.dilation != ONE {
        return Err(Sentence::new("its convolutions have a stride or a dilation, not both"));
    }
    let keeping =
        |kernel: usize, dilation: usize| (dilation * (kernel - 1)).checked_div(2).filter(|_| kernel % 2 == 1);
    let same = keeping(s.kernel_size.h, s.dilation.h).zip(keeping(s.kernel_size.w, s.dilation.w));
    let is_same = s.stride == ONE && same == Some((s.padding.h, s.padding.w)) && s.padding != ZERO;
    let arguments = [
        given(s.out_channels),
        given(pair(s.kernel_size)),
        unless("strides", s.stride, ONE, pair),
        is_same.then(|| "padding=\"same\"".into()),
        unless("dilation_rate", s.dilation, ONE, pair),
        unless("groups", s.groups, 1, |groups| groups.to_string()),
        unless("use_bias", s.bias, true, |bias| boolean(bias).into()),
        named,
    ];
    let made = Made::of(call("layers.Conv2D", &arguments));
    let is_padded = s.padding != ZERO && !is_same;
    Ok(if is_padded { made.after(format!("layers.ZeroPadding2D({})", pair(s.padding))) } else { made })
}

/// The padding of a transposed convolution cuts its output off.
fn transposed(s: ConvTranspose2d, named: Option<String>) -> Result<Made, Sentence> {
    if s.stride != ONE && s.dilation != ONE {
        return Err(Sentence::new("its transposed convolutions have a stride or a dilation, not both"));
    }
    if s.groups > 1 {
        return Err(Sentence::new("its transposed convolutions have no groups"));
    }
    let is_below = |padding: usize, stride: usize| padding == 0 || padding < stride;
    if !is_below(s.output_padding.h, s.stride.h) || !is_below(s.output_padding.w, s.stride.w) {
        return Err(Sentence::new("its output padding must be below the stride"));
    }
    let arguments = [
        given(s.out_channels),
        given(pair(s.kernel_size)),
        unless("strides", s.stride, ONE, pair),
        (s.stride != ONE).then(|| format!("output_padding={}", pair(s.output_padding))),
        unless("dilation_rate", s.dilation, ONE, pair),
        unless("use_bias", s.bias, true, |bias| boolean(bias).into()),
        named,
    ];
    let made = Made::of(call("layers.Conv2DTranspose", &arguments));
    Ok(if s.padding == ZERO { made } else { made.before(format!("layers.Cropping2D({})", pair(s.padding))) })
}

/// Cells beyond the padding that the last windows need.
fn extra(part: Part<'_>, kernel: Pair, stride: Pair, padding: Pair) -> Pair {
    let beyond = |size: usize, windows: usize, kernel: usize, stride: usize, padding: usize| {
        ((windows - 1) * stride + kernel).saturating_sub(size + 2 * padding)
    };
    let (Shape::Maps { height, width, .. }, Shape::Maps { height: rows, width: columns, .. }) =
        (part.layer.input(), part.layer.output())
    else {
        return ZERO;
    };
    Pair {
        h: beyond(height, rows, kernel.h, stride.h, padding.h),
        w: beyond(width, columns, kernel.w, stride.w, padding.w),
    }
}

fn max_pool(part: Part<'_>, s: MaxPool2d) -> Result<Made, Sentence> {
    if s.dilation != ONE {
        return Err(Sentence::new("its max pooling has no dilation"));
    }
    let extra = extra(part, s.kernel_size, s.stride, s.padding);
    let stride = unless("strides", s.stride, s.kernel_size, pair);
    let made = Made::of(call("layers.MaxPooling2D", &[given(pair(s.kernel_size)), stride]));
    if (s.padding, extra) == (ZERO, ZERO) {
        return Ok(made);
    }
    let side = |padding: usize, extra: usize| format!("({padding}, {})", padding + extra);
    let sides = [side(s.padding.h, extra.h), side(s.padding.w, extra.w)].join(", ");
    Ok(made.after(format!("PadLowest({sides})")).with(Helper::PadLowest))
}

fn average_pool(part: Part<'_>, s: AvgPool2d) -> Result<Made, Sentence> {
    if extra(part, s.kernel_size, s.stride, s.padding) != ZERO {
        return Err(Sentence::new("its average pooling has no windows past the padding (ceil mode)"));
    }
    if s.padding != ZERO && !s.count_include_pad && s.divisor_override.is_none() {
        return Err(Sentence::new("its average pooling always counts the padding"));
    }
    let stride = unless("strides", s.stride, s.kernel_size, pair);
    let mut made = Made::of(call("layers.AveragePooling2D", &[given(pair(s.kernel_size)), stride]));
    if s.padding != ZERO {
        made = made.after(format!("layers.ZeroPadding2D({})", pair(s.padding)));
    }
    Ok(match s.divisor_override {
        Some(divisor) => made.before(format!("layers.Rescaling({} / {divisor})", s.kernel_size.area())),
        None => made,
    })
}

/// From 20 on, the threshold makes no difference in `f32`.
fn softplus(s: Softplus) -> Result<Made, Sentence> {
    if s.threshold < 20.0 {
        return Err(Sentence::new("its softplus has no threshold"));
    }
    let made = Made::of("layers.Activation(\"softplus\")");
    if s.beta == 1.0 {
        return Ok(made);
    }
    let scaled = made.after(format!("layers.Rescaling({:?})", s.beta));
    Ok(scaled.before(format!("layers.Rescaling(1 / {:?})", s.beta)))
}
