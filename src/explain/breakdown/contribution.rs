//! What one input map adds to an output map.

use ndarray::Array2;

/// The contribution of one input map to an output map.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The channel of the input map.
    pub channel: usize,
    /// The input map.
    pub input: Array2<f32>,
    /// The kernel for this channel.
    pub kernel: Array2<f32>,
    /// The sum of the products at each position of the window; it has the size of the output.
    pub partial: Array2<f32>,
    /// The products. Only for a fully connected layer, whose window has a single position.
    pub products: Option<Array2<f32>>,
}
