//! Functions for the Convolution view that are not layers: convolution in one and three dimensions, as a matrix product, and
//! as a filter of frequencies.

mod conv1d;
mod conv3d;
mod error;
mod frequency;
mod im2col_rows;
mod transposed_matrix;

pub use conv1d::{Conv1d, conv1d, slide_flipped};
pub use conv3d::{Conv3d, conv3d};
pub use error::LabError;
pub use frequency::frequency_response;
pub use im2col_rows::im2col_rows;
pub use transposed_matrix::{SparseMatrix, transposed_matrix};

use super::{im2col::MAX_SETTING, setting_error::SettingError};

/// The length of one side of a convolution's output, `⌊(n + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`.
fn output_side(
    n: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
) -> Result<usize, SettingError> {
    let settings = [
        ("kernel_size", kernel, 1),
        ("stride", stride, 1),
        ("dilation", dilation, 1),
        ("padding", padding, 0),
    ];
    for (setting, value, least) in settings {
        SettingError::check(setting, value, least..=MAX_SETTING)?;
    }
    let (span, padded) = (dilation * (kernel - 1) + 1, n + 2 * padding);
    let Some(room) = padded.checked_sub(span) else {
        let sentence =
            "the kernel's length {span} is larger than the padded input's {padded} ({n} + 2·{padding})";
        let error = SettingError::new("kernel_size", kernel, sentence).with("span", span);
        return Err(error.with("padded", padded).with("n", n).with("padding", padding));
    };
    Ok(room / stride + 1)
}

/// The most values of a result (64 MiB of `f32`).
const MAX_VALUES: usize = 1 << 24;

/// The number of values of a result with these sides, if it is neither empty nor too large.
fn result_len(sides: &[usize]) -> Result<usize, LabError> {
    let len = sides.iter().fold(1_usize, |product, &side| product.saturating_mul(side));
    match len {
        1..=MAX_VALUES => Ok(len),
        _ => Err(LabError::ResultLen(len)),
    }
}

/// Refuses `values` of another length than `needed`, with a `sentence` about both.
fn check_len(sentence: &'static str, values: &[f32], needed: usize) -> Result<(), LabError> {
    if values.len() == needed { Ok(()) } else { Err(LabError::values(sentence, values.len(), needed)) }
}
