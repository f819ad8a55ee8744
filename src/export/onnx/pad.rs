//! Rows and columns around maps, which ONNX's convolution has as an attribute where they are zeros.

use super::{graph::Value, scope::Scope};
use crate::{
    nn::{
        Border,
        layers::{Conv2d, PaddingMode},
    },
    text::Sentence,
};

/// Adds a border of zeros.
pub(super) fn zeros(scope: &mut Scope<'_>, border: Border) {
    around(scope, border, "constant");
}

/// The input of a convolution and the border that is left to it: other cells than zeros are added before.
///
/// # Errors
/// Before opset 19, ONNX has no circular padding.
pub(super) fn before(scope: &mut Scope<'_>, s: &Conv2d) -> Result<(String, Border), Sentence> {
    let border = s.border();
    let mode = match s.padding_mode {
        PaddingMode::Zeros => return Ok((scope.x.clone(), border)),
        PaddingMode::Reflect => "reflect",
        PaddingMode::Replicate => "edge",
        PaddingMode::Circular => return Err(Sentence::new("its padding is never circular in opset 17")),
    };
    Ok((around(scope, border, mode), Border::default()))
}

fn around(scope: &mut Scope<'_>, border: Border, mode: &'static str) -> String {
    let (x, (channels, height, width)) = (scope.x.clone(), scope.maps());
    let Border { left, right, top, bottom } = border;
    let pads = [0, 0, top, left, 0, 0, bottom, right].map(|n| n as i64);
    let pads = scope.builder.ints(format!("{}/pads", scope.name), &pads);
    let (height, width) = border.around(height, width);
    scope.op("Pad", &[&x, &pads], vec![("mode", Value::Text(mode))], &[channels, height, width])
}
