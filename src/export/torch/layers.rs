//! Every layer as a module of PyTorch.

use crate::export::{
    network::Part,
    python::{boolean, call, given, pair, unless},
};
use crate::nn::{
    LayerSpec, Pair,
    layers::{
        AvgPool2d, Conv2d, ConvTranspose2d, GeluApproximation, MaxPool2d, Padding, PaddingMode, Upsample,
        UpsampleMode,
    },
};

/// The module, such as `nn.Conv2d(1, 6, 5)`.
pub(super) fn module(part: Part<'_>) -> String {
    let number = |value: f32| format!("{value:?}");
    match part.spec {
        LayerSpec::Conv2d(settings) => conv(part, *settings),
        LayerSpec::ConvTranspose2d(settings) => transposed(part, *settings),
        LayerSpec::MaxPool2d(settings) => max_pool(*settings),
        LayerSpec::AvgPool2d(settings) => average_pool(*settings),
        LayerSpec::GlobalAvgPool2d(_) => "nn.AdaptiveAvgPool2d(1)".into(),
        LayerSpec::AdaptiveAvgPool2d(s) => call("nn.AdaptiveAvgPool2d", &[given(pair(s.output_size))]),
        LayerSpec::AdaptiveMaxPool2d(s) => call("nn.AdaptiveMaxPool2d", &[given(pair(s.output_size))]),
        LayerSpec::ZeroPad2d(s) => {
            let [left, right, top, bottom] = s.padding.sides();
            format!("nn.ZeroPad2d(({left}, {right}, {top}, {bottom}))")
        }
        LayerSpec::Upsample(s) => upsample(*s),
        LayerSpec::Linear(s) => {
            let bias = unless("bias", s.bias, true, |bias| boolean(bias).into());
            call("nn.Linear", &[given(part.channels()), given(s.out_features), bias])
        }
        LayerSpec::Flatten(_) => "nn.Flatten()".into(),
        LayerSpec::Relu(_) => "nn.ReLU()".into(),
        LayerSpec::LeakyRelu(s) => call("nn.LeakyReLU", &[given(number(s.negative_slope))]),
        LayerSpec::Sigmoid(_) => "nn.Sigmoid()".into(),
        LayerSpec::Tanh(_) => "nn.Tanh()".into(),
        LayerSpec::Softplus(s) => {
            let [beta, threshold] = [("beta", s.beta, 1.0), ("threshold", s.threshold, 20.0)]
                .map(|(name, value, default)| unless(name, value, default, number));
            call("nn.Softplus", &[beta, threshold])
        }
        LayerSpec::Gelu(s) => match s.approximate {
            GeluApproximation::None => "nn.GELU()".into(),
            GeluApproximation::Tanh => "nn.GELU(approximate=\"tanh\")".into(),
        },
        LayerSpec::Silu(_) => "nn.SiLU()".into(),
        LayerSpec::Elu(s) => call("nn.ELU", &[unless("alpha", s.alpha, 1.0, number)]),
        LayerSpec::Prelu(s) => {
            let count = unless("num_parameters", s.num_parameters, 1, |count| count.to_string());
            call("nn.PReLU", &[count, unless("init", s.init, 0.25, number)])
        }
        LayerSpec::Dropout(s) => call("nn.Dropout", &[given(number(s.p))]),
        LayerSpec::Dropout2d(s) => call("nn.Dropout2d", &[given(number(s.p))]),
        LayerSpec::LocalResponseNorm(s) => {
            let [alpha, beta, k] = [("alpha", s.alpha, 1e-4), ("beta", s.beta, 0.75), ("k", s.k, 1.0)]
                .map(|(name, value, default)| unless(name, value, default, number));
            call("nn.LocalResponseNorm", &[given(s.size), alpha, beta, k])
        }
        LayerSpec::BatchNorm1d(s) => batch_norm("nn.BatchNorm1d", part, s.eps, s.momentum),
        LayerSpec::BatchNorm2d(s) => batch_norm("nn.BatchNorm2d", part, s.eps, s.momentum),
        LayerSpec::LayerNorm(s) => {
            let shape = s.normalized_shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            let affine = unless("elementwise_affine", s.elementwise_affine, true, |on| boolean(on).into());
            let bias = unless("bias", s.bias, true, |bias| boolean(bias).into());
            let eps = unless("eps", s.eps, 1e-5, number);
            call("nn.LayerNorm", &[given(format!("[{shape}]")), eps, affine, bias])
        }
        LayerSpec::GroupNorm(s) => {
            let affine = unless("affine", s.affine, true, |on| boolean(on).into());
            let eps = unless("eps", s.eps, 1e-5, number);
            call("nn.GroupNorm", &[given(s.num_groups), given(part.channels()), eps, affine])
        }
        LayerSpec::ChannelShuffle(s) => call("nn.ChannelShuffle", &[given(s.groups)]),
    }
}

const ZERO: Pair = Pair::square(0);
const ONE: Pair = Pair::square(1);

fn conv(part: Part<'_>, s: Conv2d) -> String {
    let arguments = [
        given(part.channels()),
        given(s.out_channels),
        Some(format!("kernel_size={}", pair(s.kernel_size))),
        unless("stride", s.stride, ONE, pair),
        unless("padding", s.padding, Padding::Each(ZERO), |padding| match padding {
            Padding::Each(padding) => pair(padding),
            Padding::Same => "\"same\"".into(),
        }),
        unless("dilation", s.dilation, ONE, pair),
        unless("groups", s.groups, 1, |groups| groups.to_string()),
        unless("bias", s.bias, true, |bias| boolean(bias).into()),
        unless("padding_mode", s.padding_mode, PaddingMode::Zeros, |mode| format!("\"{}\"", mode.name())),
    ];
    call("nn.Conv2d", &arguments)
}

fn batch_norm(class: &str, part: Part<'_>, eps: f32, momentum: f32) -> String {
    let [eps, momentum] = [("eps", eps, 1e-5), ("momentum", momentum, 0.1)]
        .map(|(name, value, default)| unless(name, value, default, |value| format!("{value:?}")));
    call(class, &[given(part.channels()), eps, momentum])
}

fn upsample(s: Upsample) -> String {
    let arguments = [
        s.size.map(|size| format!("size=({}, {})", size.h, size.w)),
        s.scale_factor.map(|factor| format!("scale_factor={factor:?}")),
        (s.mode == UpsampleMode::Bilinear).then(|| "mode=\"bilinear\"".into()),
        s.align_corners.map(|is_aligned| format!("align_corners={}", boolean(is_aligned))),
    ];
    call("nn.Upsample", &arguments)
}

fn transposed(part: Part<'_>, s: ConvTranspose2d) -> String {
    let arguments = [
        given(part.channels()),
        given(s.out_channels),
        Some(format!("kernel_size={}", pair(s.kernel_size))),
        unless("stride", s.stride, ONE, pair),
        unless("padding", s.padding, ZERO, pair),
        unless("output_padding", s.output_padding, ZERO, pair),
        unless("groups", s.groups, 1, |groups| groups.to_string()),
        unless("bias", s.bias, true, |bias| boolean(bias).into()),
        unless("dilation", s.dilation, ONE, pair),
    ];
    call("nn.ConvTranspose2d", &arguments)
}

fn max_pool(s: MaxPool2d) -> String {
    let arguments = [
        given(pair(s.kernel_size)),
        unless("stride", s.stride, s.kernel_size, pair),
        unless("padding", s.padding, ZERO, pair),
        unless("dilation", s.dilation, ONE, pair),
        unless("ceil_mode", s.ceil_mode, false, |on| boolean(on).into()),
    ];
    call("nn.MaxPool2d", &arguments)
}

fn average_pool(s: AvgPool2d) -> String {
    let arguments = [
        given(pair(s.kernel_size)),
        unless("stride", s.stride, s.kernel_size, pair),
        unless("padding", s.padding, ZERO, pair),
        unless("ceil_mode", s.ceil_mode, false, |on| boolean(on).into()),
        unless("count_include_pad", s.count_include_pad, true, |on| boolean(on).into()),
        s.divisor_override.map(|divisor| format!("divisor_override={divisor}")),
    ];
    call("nn.AvgPool2d", &arguments)
}
