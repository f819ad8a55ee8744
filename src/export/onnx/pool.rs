//! Pooling as operations of ONNX. Windows past the padded input (`ceil_mode`) become padding at the end, since runtimes
//! differ in what they make of `ceil_mode`.

use super::{
    graph::Value::{self, Int},
    scope::Scope,
};
use crate::nn::{
    Pair,
    layers::{AvgPool2d, MaxPool2d},
};

/// Cells beyond the padding that the last windows need, along one side.
fn beyond(size: usize, windows: usize, kernel: usize, stride: usize, padding: usize) -> usize {
    ((windows - 1) * stride + kernel).saturating_sub(size + 2 * padding)
}

/// [`beyond`] for both sides. `reach` is the kernel's size with its dilation.
fn extra(scope: &Scope<'_>, reach: Pair, stride: Pair, padding: Pair) -> Pair {
    let ((_, height, width), (rows, columns)) = (scope.maps(), scope.out_sides());
    Pair {
        h: beyond(height, rows, reach.h, stride.h, padding.h),
        w: beyond(width, columns, reach.w, stride.w, padding.w),
    }
}

/// Padding before, and padding after with the extra cells.
fn sides(before: Pair, extra: Pair) -> Value {
    Value::ints([before.h, before.w, before.h + extra.h, before.w + extra.w])
}

/// Pads the input by `before` on each side and `extra` more at the end.
fn padded(scope: &mut Scope<'_>, before: Pair, extra: Pair, value: f32) -> String {
    let (x, (channels, height, width)) = (scope.x.clone(), scope.maps());
    let pads = [0, 0, before.h, before.w, 0, 0, before.h + extra.h, before.w + extra.w];
    let pads = scope.builder.ints(format!("{}/pads", scope.name), &pads.map(|n| n as i64));
    let value = scope.number("padding", value);
    let dims = [channels, height + 2 * before.h + extra.h, width + 2 * before.w + extra.w];
    scope.op("Pad", &[&x, &pads, &value], vec![], &dims)
}

/// The largest value of each window.
pub(super) fn max(scope: &mut Scope<'_>, s: MaxPool2d) {
    let reach =
        Pair { h: s.dilation.h * (s.kernel_size.h - 1) + 1, w: s.dilation.w * (s.kernel_size.w - 1) + 1 };
    let extra = extra(scope, reach, s.stride, s.padding);
    let zero = Pair::square(0);
    // Runtimes refuse padding as wide as the kernel.
    let fits = s.padding.h + extra.h < s.kernel_size.h && s.padding.w + extra.w < s.kernel_size.w;
    let (x, pads) = if fits || (s.padding, extra) == (zero, zero) {
        (scope.x.clone(), sides(s.padding, extra))
    } else {
        // Every window has a cell of the input, whose value is not below this.
        (padded(scope, s.padding, extra, f32::MIN), Value::both_sides(zero))
    };
    let attributes = vec![
        ("kernel_shape", Value::pair(s.kernel_size)),
        ("strides", Value::pair(s.stride)),
        ("pads", pads),
        ("dilations", Value::pair(s.dilation)),
    ];
    let dims = scope.output();
    scope.op("MaxPool", &[&x], attributes, &dims);
}

/// The mean of each window: of its cells in the input, of those in the padding too, or the sum over a fixed divisor.
pub(super) fn average(scope: &mut Scope<'_>, s: AvgPool2d) {
    let zero = Pair::square(0);
    let extra = extra(scope, s.kernel_size, s.stride, s.padding);
    let includes_padding = s.count_include_pad || s.divisor_override.is_some();
    let (x, pads, counted) = match (s.divisor_override, includes_padding && extra != zero) {
        // A fixed divisor: every cell counts.
        (Some(_), true) => (padded(scope, s.padding, extra, 0.0), Value::both_sides(zero), 1),
        // The padding counts, and what is beyond it does not.
        (None, true) => (padded(scope, s.padding, zero, 0.0), sides(zero, extra), 0),
        (_, false) => (scope.x.clone(), sides(s.padding, extra), i64::from(includes_padding)),
    };
    let attributes = vec![
        ("kernel_shape", Value::pair(s.kernel_size)),
        ("strides", Value::pair(s.stride)),
        ("pads", pads),
        ("count_include_pad", Int(counted)),
    ];
    let dims = scope.output();
    let mean = scope.op("AveragePool", &[&x], attributes, &dims);
    if let Some(divisor) = s.divisor_override {
        let factor = scope.number("factor", s.kernel_size.area() as f32 / divisor as f32);
        scope.op("Mul", &[&mean, &factor], vec![], &dims);
    }
}
