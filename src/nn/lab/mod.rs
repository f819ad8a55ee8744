//! What the convolution laboratory shows beside a network's own layers: convolution in one and in three dimensions, and
//! convolution as a matrix.

mod conv1d;
mod conv3d;
mod frequency;
mod im2col_rows;
mod transposed_matrix;

pub use conv1d::{Conv1d, conv1d, slide_flipped};
pub use conv3d::{Conv3d, conv3d};
pub use frequency::frequency_response;
pub use im2col_rows::im2col_rows;
pub use transposed_matrix::{SparseMatrix, transposed_matrix};

use super::im2col::MAX_SETTING;

/// The length of one side of a convolution's output, `⌊(n + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`.
fn output_side(
    n: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
) -> Result<usize, String> {
    let settings = [
        ("kernel_size", kernel, 1),
        ("stride", stride, 1),
        ("dilation", dilation, 1),
        ("padding", padding, 0),
    ];
    for (setting, value, least) in settings {
        if value < least || value > MAX_SETTING {
            return Err(format!("{setting} is {value}, but must be from {least} to {MAX_SETTING}"));
        }
    }
    let (span, padded) = (dilation * (kernel - 1) + 1, n + 2 * padding);
    match padded.checked_sub(span) {
        Some(room) => Ok(room / stride + 1),
        None => Err(format!(
            "the kernel's length {span} is larger than the padded input's {padded} ({n} + 2·{padding})"
        )),
    }
}

/// The most values of a result (64 MiB of `f32`).
const MAX_VALUES: usize = 1 << 24;

/// The number of values of a result with these sides, if it is one to allocate.
fn result_len(sides: &[usize]) -> Result<usize, String> {
    let len = sides.iter().fold(1_usize, |product, &side| product.saturating_mul(side));
    match len {
        0 => Err("the result would have no values: channels and sides must be at least 1".into()),
        1..=MAX_VALUES => Ok(len),
        _ => Err(format!("the result would have {len} values, but at most {MAX_VALUES} are shown")),
    }
}

/// Refuses `values` that are not as many as `what` needs.
fn check_len(what: &str, values: &[f32], needed: usize) -> Result<(), String> {
    if values.len() == needed {
        Ok(())
    } else {
        Err(format!("{what} has {} values, but needs {needed}", values.len()))
    }
}
