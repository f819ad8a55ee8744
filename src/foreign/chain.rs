//! A network that is being made, layer by layer, from a file that says what its layers are.

use super::{
    layer::{has, layer},
    tensor::FoundTensor,
};
use crate::{
    nn::{NetworkSpec, Preprocess, Shape, layers::LayerSpec},
    text::{ClassNames, Say, Sentence},
};
use serde_json::{Value, json};

/// The layers so far, with their tensors.
#[derive(Debug)]
pub(super) struct Chain {
    /// The shape of one input image.
    input: Shape,
    /// The shape of what the layers give so far.
    pub shape: Shape,
    /// What happens to pixels before the first layer.
    pub preprocess: Preprocess,
    layers: Vec<LayerSpec>,
    found: Vec<FoundTensor>,
    /// Zeros that the next layer adds: top, left, bottom, right.
    pad: [usize; 4],
    /// Why nothing may follow: the last layer was a softmax, which the network does not need.
    pub ended: bool,
}

/// A tensor for a layer: its name in it and its values in PyTorch's order.
pub(super) type Weight = (&'static str, FoundTensor);

/// Windows of a convolution or a pool in one dimension: input cells, cells of the window with its gaps, stride.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Input cells.
    pub input: usize,
    /// Cells from the first to the last of a window.
    pub window: usize,
    /// Cells from a window to the next.
    pub stride: usize,
}

impl Line {
    /// The padding before and after that gives ⌈input / stride⌉ windows, one more cell after than before.
    pub(super) fn same(self) -> [usize; 2] {
        let windows = self.input.div_ceil(self.stride.max(1));
        let covered = windows.saturating_sub(1).saturating_mul(self.stride).saturating_add(self.window);
        let total = covered.saturating_sub(self.input);
        [total / 2, total - total / 2]
    }
}

impl Chain {
    pub(super) fn new(input: Shape) -> Result<Self, Sentence> {
        let shape = input.check().map_err(|e| e.say())?;
        let preprocess = Preprocess::default();
        Ok(Self {
            input,
            shape,
            preprocess,
            layers: Vec::new(),
            found: Vec::new(),
            pad: [0; 4],
            ended: false,
        })
    }

    /// Adds a layer with its tensors.
    pub(super) fn push(
        &mut self,
        kind: &'static str,
        settings: Value,
        weights: Vec<Weight>,
    ) -> Result<(), Sentence> {
        self.flush()?;
        self.push_unpadded(kind, settings, weights)
    }

    fn push_unpadded(
        &mut self,
        kind: &'static str,
        settings: Value,
        weights: Vec<Weight>,
    ) -> Result<(), Sentence> {
        if self.ended {
            return Err(Sentence::new("follows a softmax, which must be the last layer"));
        }
        let spec = layer(kind, settings)?;
        let built = spec.build(self.shape).map_err(|e| e.say())?;
        let number = self.layers.len();
        for (name, mut tensor) in weights {
            let shapes = built.parameters().into_iter().chain(built.buffers()).find(|p| p.name == name);
            if shapes.is_none_or(|p| p.shape != tensor.shape) {
                let sentence = Sentence::new("the tensor {tensor} is {shape}, which does not fit the layer");
                return Err(sentence
                    .with("tensor", &tensor.key)
                    .with("shape", format!("{:?}", tensor.shape)));
            }
            tensor.place = Some(format!("{number}.{name}"));
            self.found.push(tensor);
        }
        self.shape = built.output().check().map_err(|e| e.say())?;
        self.layers.push(spec);
        Ok(())
    }

    /// Zeros around the maps, which the next convolution may take over. Top, left, bottom, right.
    pub(super) fn pad(&mut self, pads: [usize; 4]) {
        for (pad, more) in self.pad.iter_mut().zip(pads) {
            *pad = pad.saturating_add(more);
        }
    }

    /// A layer that pads with zeros itself, `[height, width]` on both sides each; what is not alike on both sides becomes a
    /// layer of its own. Returns the padding of the layer.
    pub(super) fn padding(&mut self, pads: [usize; 4]) -> Result<[usize; 2], Sentence> {
        self.pad(pads);
        let [top, left, bottom, right] = self.pad;
        if top == bottom && left == right {
            self.pad = [0; 4];
            return Ok([top, left]);
        }
        self.flush()?;
        Ok([0, 0])
    }

    /// A pool's padding, which is not with zeros for a maximum and not counted for a mean: it must be alike on both sides,
    /// unless zeros give the same.
    pub(super) fn pool_padding(
        &mut self,
        pads: [usize; 4],
        zeros_are_same: bool,
    ) -> Result<[usize; 2], Sentence> {
        self.flush()?;
        let [top, left, bottom, right] = pads;
        if top == bottom && left == right {
            return Ok([top, left]);
        }
        if zeros_are_same {
            self.pad(pads);
            self.flush()?;
            return Ok([0, 0]);
        }
        Err(uneven(pads))
    }

    /// Whether all values are at least 0: the last layer that changes values was a ReLU or a sigmoid.
    pub(super) fn is_positive(&self) -> bool {
        let changes = |layer: &&LayerSpec| {
            !matches!(layer.type_name(), "max_pool2d" | "avg_pool2d" | "dropout" | "zero_pad2d")
        };
        self.layers
            .iter()
            .rfind(changes)
            .is_some_and(|layer| matches!(layer.type_name(), "relu" | "sigmoid" | "softplus"))
    }

    fn flush(&mut self) -> Result<(), Sentence> {
        let pads = std::mem::take(&mut self.pad);
        if pads == [0; 4] {
            return Ok(());
        }
        if !has("zero_pad2d") {
            return Err(uneven(pads));
        }
        let [top, left, bottom, right] = pads;
        self.push_unpadded("zero_pad2d", json!({ "padding": [left, right, top, bottom] }), Vec::new())
    }

    /// The last tensor of a linear layer or a convolution gets a bias, if it has none.
    pub(super) fn add_bias(&mut self, mut bias: FoundTensor) -> Result<(), Sentence> {
        let refused = || Sentence::new("adds a constant where no layer without a bias is before it");
        let number = self.layers.len().checked_sub(1).ok_or_else(refused)?;
        let last = &self.layers[number];
        let weights = self
            .found
            .iter()
            .filter(|t| t.place.as_deref().is_some_and(|p| p.starts_with(&format!("{number}."))));
        if !matches!(last.type_name(), "linear" | "conv2d")
            || weights.count() != 1
            || self.pad != [0; 4]
            || self.ended
        {
            return Err(refused());
        }
        let (maps, _, _) = self.shape.as_maps();
        if bias.values.len() == 1 {
            bias.values = vec![bias.values[0]; maps];
        }
        if bias.values.len() != maps {
            return Err(refused());
        }
        bias.shape = vec![maps];
        bias.place = Some(format!("{number}.bias"));
        let with = last.with_setting("bias", Some(&crate::nn::layers::SettingValue::Switch(true)));
        self.layers[number] = with.ok_or_else(refused)?;
        self.found.push(bias);
        Ok(())
    }

    /// The spec and the tensors.
    pub(super) fn finish(mut self, name: &str) -> Result<(NetworkSpec, Vec<FoundTensor>), Sentence> {
        self.flush()?;
        let name = if name.is_empty() { "imported" } else { name }.to_owned();
        let spec = NetworkSpec {
            name,
            input: self.input,
            preprocess: self.preprocess,
            layers: self.layers,
            class_names: ClassNames::default(),
        };
        spec.build().map_err(|e| e.say())?;
        Ok((spec, self.found))
    }
}

fn uneven([top, left, bottom, right]: [usize; 4]) -> Sentence {
    Sentence::new(
        "pads {top} rows at the top and {bottom} at the bottom, {left} columns on the left and {right} on the right, but only equal padding can be expressed",
    )
    .with("top", top)
    .with("bottom", bottom)
    .with("left", left)
    .with("right", right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_has_the_odd_cell_at_the_end() {
        let same = |input, window, stride| Line { input, window, stride }.same();
        assert_eq!(
            [same(28, 3, 1), same(28, 5, 2), same(27, 3, 2), same(6, 2, 1)],
            [[1, 1], [1, 2], [1, 1], [0, 1]]
        );
        assert_eq!(same(6, 1, 2), [0, 0]);
    }
}
