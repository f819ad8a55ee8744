//! Every layer as layers of Keras.

use super::parts::{Helper, Made};
use crate::{
    export::{
        network::Part,
        python::{boolean, call, given, pair, unless},
    },
    nn::{
        Border, LayerSpec, Pair, Shape,
        layers::{
            AvgPool2d, Conv2d, ConvTranspose2d, GeluApproximation, MaxPool2d, Padding, PaddingMode, Softplus,
            Upsample, UpsampleMode,
        },
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
        LayerSpec::AdaptiveAvgPool2d(s) => adaptive(part, "layers.AveragePooling2D", s.output_size)?,
        LayerSpec::AdaptiveMaxPool2d(s) => adaptive(part, "layers.MaxPooling2D", s.output_size)?,
        LayerSpec::ZeroPad2d(s) => Made::of(zero_padding(s.padding)),
        LayerSpec::Upsample(settings) => upsample(part, *settings)?,
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
        LayerSpec::Prelu(s) => {
            let axes = match (part.layer.input(), s.num_parameters) {
                (Shape::Maps { .. }, 1) => "[1, 2, 3]",
                (Shape::Maps { .. }, _) => "[1, 2]",
                (Shape::Vector(_), 1) => "[1]",
                (Shape::Vector(_), _) => "None",
            };
            Made::of(call("layers.PReLU", &[Some(format!("shared_axes={axes}")), named]))
        }
        LayerSpec::Dropout(s) => Made::of(format!("layers.Dropout({})", number(s.p))),
        LayerSpec::Dropout2d(s) => Made::of(format!("layers.SpatialDropout2D({})", number(s.p))),
        LayerSpec::LocalResponseNorm(s) => {
            let [alpha, beta, k] = [("alpha", s.alpha), ("beta", s.beta), ("k", s.k)]
                .map(|(name, value)| Some(format!("{name}={}", number(value))));
            Made::of(call("LocalResponseNorm", &[given(s.size), alpha, beta, k]))
                .with(Helper::LocalResponseNorm)
        }
        LayerSpec::BatchNorm1d(s) => batch_norm(s.eps, s.momentum, named),
        LayerSpec::BatchNorm2d(s) => batch_norm(s.eps, s.momentum, named),
        LayerSpec::LayerNorm(_) if matches!(part.layer.input(), Shape::Maps { .. }) => {
            return Err(Sentence::new(
                "its layer normalisation has the channels last, which are other values",
            ));
        }
        LayerSpec::LayerNorm(s) => {
            let [scale, center] =
                [("scale", s.elementwise_affine), ("center", s.elementwise_affine && s.bias)]
                    .map(|(name, on)| unless(name, on, true, |on| boolean(on).into()));
            Made::of(call(
                "layers.LayerNormalization",
                &[Some(format!("epsilon={}", number(s.eps))), scale, center, named],
            ))
        }
        LayerSpec::GroupNorm(s) => {
            let [scale, center] =
                ["scale", "center"].map(|name| unless(name, s.affine, true, |on| boolean(on).into()));
            let epsilon = Some(format!("epsilon={}", number(s.eps)));
            Made::of(call("layers.GroupNormalization", &[given(s.num_groups), epsilon, scale, center, named]))
        }
        LayerSpec::ChannelShuffle(s) => {
            Made::of(format!("ChannelShuffle({})", s.groups)).with(Helper::ChannelShuffle)
        }
    })
}

fn batch_norm(eps: f32, momentum: f32, named: Option<String>) -> Made {
    let momentum = Some(format!("momentum={:?}", 1.0 - momentum));
    let epsilon = Some(format!("epsilon={eps:?}"));
    Made::of(call("layers.BatchNormalization", &[momentum, epsilon, named]))
}

/// Rows above and below, columns at the left and right.
fn zero_padding(border: Border) -> String {
    let Border { left, right, top, bottom } = border;
    if [left, right, top, bottom] == [left; 4] {
        return format!("layers.ZeroPadding2D({left})");
    }
    if (top, left) == (bottom, right) {
        return format!("layers.ZeroPadding2D({})", pair(Pair { h: top, w: left }));
    }
    format!("layers.ZeroPadding2D((({top}, {bottom}), ({left}, {right})))")
}

/// Windows of one size, if there are such.
fn adaptive(part: Part<'_>, class: &str, output: Pair) -> Result<Made, Sentence> {
    let (_, height, width) = part.layer.input().as_maps();
    if !height.is_multiple_of(output.h) || !width.is_multiple_of(output.w) {
        return Err(Sentence::new(
            "its pooling has windows of one size, which the output must divide the input into",
        ));
    }
    Ok(Made::of(call(class, &[given(pair(Pair { h: height / output.h, w: width / output.w }))])))
}

/// Keras enlarges by whole factors.
fn upsample(part: Part<'_>, s: Upsample) -> Result<Made, Sentence> {
    let (Shape::Maps { height, width, .. }, Shape::Maps { height: rows, width: columns, .. }) =
        (part.layer.input(), part.layer.output())
    else {
        return Err(Sentence::new("its enlargement is of maps"));
    };
    let is_whole = rows.is_multiple_of(height) && columns.is_multiple_of(width);
    let factor = Pair { h: rows / height, w: columns / width };
    let is_told = |side: usize| s.scale_factor.is_none_or(|told| told == side as f64);
    if !is_whole || !is_told(factor.h) || !is_told(factor.w) || s.align_corners == Some(true) {
        return Err(Sentence::new("it enlarges maps by whole factors, from edge to edge"));
    }
    let interpolation = (s.mode == UpsampleMode::Bilinear).then(|| "interpolation=\"bilinear\"".into());
    Ok(Made::of(call("layers.UpSampling2D", &[given(pair(factor)), interpolation])))
}

/// Keras pads by as many zeros as keep the size (`same`) or by none; other padding is a layer of its own.
fn conv(s: Conv2d, named: Option<String>) -> Result<Made, Sentence> {
    if s.stride != ONE && s.dilation != ONE {
        return Err(Sentence::new("its convolutions have a stride or a dilation, not both"));
    }
    if s.padding_mode != PaddingMode::Zeros {
        return Err(Sentence::new("its convolutions pad with zeros"));
    }
    let border = s.border();
    let same = Conv2d { padding: Padding::Same, ..s }.border();
    let is_same = s.stride == ONE && border == same && border != Border::default();
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
    let is_padded = border != Border::default() && !is_same;
    Ok(if is_padded { made.after(zero_padding(border)) } else { made })
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
