//! A convolution over maps with a border that is not an even one of zeros: the maps are copied into larger ones first.

use super::{
    context::{BackwardInput, LayerContext},
    layer::{Interleaving, Layer, ParameterSpec},
    padding::Padder,
};
use crate::nn::{shape::Shape, tensor::Tensor};

/// A layer without padding over padded maps. It leaves nothing for backward, which pads again.
#[derive(Debug)]
pub(super) struct PaddedConv2d<L> {
    pub(super) input: Shape,
    pub(super) padder: Padder,
    pub(super) inner: L,
}

impl<L: Layer> PaddedConv2d<L> {
    /// The values of so many interleaved images: of the input, of the padded maps, and of the output.
    fn lens(&self, interleaved: usize) -> (usize, usize, usize) {
        let [input, padded, output] = [self.input, self.padder.output(), self.inner.output()];
        (input.len() * interleaved, padded.len() * interleaved, output.len() * interleaved)
    }
}

impl<L: Layer> Layer for PaddedConv2d<L> {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.inner.output()
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        self.inner.parameters()
    }

    fn interleaving(&self) -> Interleaving {
        self.inner.interleaving()
    }

    fn transposed_gradient(&self) -> Option<usize> {
        self.inner.transposed_gradient()
    }

    fn multiply_adds(&self) -> u64 {
        self.inner.multiply_adds()
    }

    /// The padded maps, and their gradient.
    fn scratch_len(&self, interleaved: usize) -> usize {
        let (_, padded, _) = self.lens(interleaved);
        self.inner.scratch_len(interleaved).saturating_add(padded.saturating_mul(2))
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        let LayerContext { ref mut scratch, buffers, mode, layer, first, interleaved, batch, .. } = *context;
        let (x_len, padded_len, y_len) = self.lens(interleaved);
        let (padded, scratch) = scratch.split_at_mut(padded_len);
        for (x, y) in x.chunks_exact(x_len).zip(y.chunks_exact_mut(y_len)) {
            self.padder.pad(interleaved, x, padded);
            let scratch = &mut *scratch;
            let mut inside =
                LayerContext { indices: &mut [], scratch, buffers, mode, layer, first, interleaved, batch };
            self.inner.forward(parameters, padded, y, &mut inside);
        }
    }

    fn backward(
        &self,
        parameters: &[Tensor],
        input: BackwardInput<'_>,
        mut dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let LayerContext { ref mut scratch, buffers, mode, layer, first, interleaved, batch, .. } = *context;
        let (x_len, padded_len, y_len) = self.lens(interleaved);
        let (padded, scratch) = scratch.split_at_mut(padded_len);
        let (padded_dx, scratch) = scratch.split_at_mut(padded_len);
        let outputs = input.y.chunks_exact(y_len).zip(input.dy.chunks_exact(y_len));
        for (i, (x, (y, dy))) in input.x.chunks_exact(x_len).zip(outputs).enumerate() {
            self.padder.pad(interleaved, x, padded);
            let scratch = &mut *scratch;
            let mut inside =
                LayerContext { indices: &mut [], scratch, buffers, mode, layer, first, interleaved, batch };
            let wanted = dx.is_some().then_some(&mut *padded_dx);
            let input = BackwardInput { x: padded, y, dy };
            self.inner.backward(parameters, input, wanted, gradients, &mut inside);
            if let Some(dx) = &mut dx {
                self.padder.fold(interleaved, padded_dx, &mut dx[i * x_len..][..x_len]);
            }
        }
    }
}
