//! Why convolution: how many weights a layer would have if it were fully connected, connected to small windows only, or
//! if all windows share their weights.

use crate::nn::{Layer, LayerCost, LayerSpec, Shape, layers::Conv2d};

/// The numbers of weights of three ways to connect the same inputs with the same outputs, without biases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// Each output has a weight for every input.
    pub full: u64,
    /// Each output has a weight for every cell of its window.
    pub local: u64,
    /// All outputs of a filter have the same weights: a convolution.
    pub shared: u64,
}

impl Connections {
    /// Of `filters` filters with windows of `window` cells, of all channels.
    pub fn new(inputs: u64, outputs: u64, filters: u64, window: u64) -> Self {
        Self {
            full: inputs.saturating_mul(outputs),
            local: outputs.saturating_mul(window),
            shared: filters.saturating_mul(window),
        }
    }

    /// The textbook's example: an image of 1000×1000 pixels, as many outputs, windows of 10×10.
    pub fn textbook() -> Self {
        Self::new(1000 * 1000, 1000 * 1000, 1, 10 * 10)
    }

    /// Of a convolution with this input; `None` for other layers, and where it does not fit.
    pub fn of(layer: &LayerSpec, input: Shape) -> Option<Self> {
        if !matches!(layer, LayerSpec::Conv2d(_) | LayerSpec::ConvTranspose2d(_)) {
            return None;
        }
        let built = layer.build(input).ok()?;
        let (inputs, outputs) = (built.input().len() as u64, built.output().len() as u64);
        Some(Self {
            full: inputs.saturating_mul(outputs),
            // A window's cell is multiplied once for each output.
            local: built.multiply_adds(),
            shared: weights(built.as_ref()),
        })
    }

    /// The weights of one kernel of 3×3 over three channels: 27.
    pub fn small_kernel() -> u64 {
        cost(Conv2d { bias: false, ..Conv2d::new(1, 3) }, Shape::maps(3, 3, 3))
    }

    /// The parameters of ten filters of 5×5 over three channels, with their biases: 760.
    pub fn ten_filters() -> u64 {
        cost(Conv2d::new(10, 5), Shape::maps(3, 5, 5))
    }
}

fn weights(layer: &dyn Layer) -> u64 {
    layer.parameters().first().map_or(0, |weight| weight.shape.iter().map(|&side| side as u64).product())
}

fn cost(conv: Conv2d, input: Shape) -> u64 {
    LayerSpec::from(conv).build(input).map_or(0, |layer| LayerCost::of(layer.as_ref()).parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Pair,
        layers::{ConvTranspose2d, Linear, Relu},
    };

    #[test]
    fn the_textbook_counts() {
        let Connections { full, local, shared } = Connections::textbook();
        assert_eq!((full, local, shared), (1_000_000_000_000, 100_000_000, 100));
        assert_eq!((Connections::small_kernel(), Connections::ten_filters()), (27, 760));
    }

    #[test]
    fn a_layer_has_the_counts_of_the_formula() {
        let grouped = Conv2d { groups: 2, stride: Pair::square(2), ..Conv2d::new(8, 3) };
        for (conv, input, group) in
            [(Conv2d::new(32, 5), Shape::maps(16, 12, 12), 16), (grouped, Shape::maps(6, 9, 9), 3)]
        {
            let found = Connections::of(&conv.into(), input).unwrap();
            let output = LayerSpec::from(conv).build(input).unwrap().output();
            let window = group * conv.kernel_size.area() as u64;
            let expected =
                Connections::new(input.len() as u64, output.len() as u64, conv.out_channels as u64, window);
            assert_eq!(found, expected);
        }
        let spread = Connections::of(&ConvTranspose2d::new(3, 2).into(), Shape::maps(2, 4, 4)).unwrap();
        assert_eq!(spread, Connections { full: 32 * 75, local: 32 * 12, shared: 24 });
        assert_eq!(Connections::of(&Relu {}.into(), Shape::maps(2, 4, 4)), None);
        assert_eq!(Connections::of(&Linear::new(3).into(), Shape::Vector(4)), None);
        assert_eq!(Connections::of(&Conv2d::new(3, 9).into(), Shape::maps(2, 4, 4)), None);
    }
}
