//! Receptive fields: the region of the input that a cell of a layer's output depends on.
//!
//! The field is computed for each axis, from the input to the output. A window of `k` cells with dilation `d` and
//! stride `s` enlarges the field by `(k − 1)·d·step` input pixels, and multiplies the step between neighbouring cells
//! by `s`. Source: A. Araujo, W. Norris, J. Sim, *Computing receptive fields of convolutional neural networks*, Distill
//! 2019.

use super::{
    cell::Place,
    reach::{Line, Reach},
};
use crate::nn::{LayerSpec, Network, NetworkSpec, Shape, SpecError, layers::PaddingMode};
use std::ops::Range;

/// The receptive field of the cells of one layer's output. It has the same size for all cells of the layer, but is
/// clipped at the border of the input. An element of a flattened vector keeps the field of the map cell that it came
/// from; see [`cell_of_value`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReceptiveField {
    /// The vertical axis.
    pub rows: FieldAxis,
    /// The horizontal axis.
    pub columns: FieldAxis,
}

/// A receptive field along one axis of the input, including padding. Unit: input pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldAxis {
    /// Distance from the centre of the first pixel in the field to the centre of the last.
    pub extent: f64,
    /// Distance between the fields of two neighbouring cells; below 1 after a transposed convolution.
    pub step: f64,
    /// First pixel in the field of cell 0; negative if it lies in the padding.
    pub start: f64,
    /// Size of the input along this axis.
    pub input: usize,
    /// Which cells a field reads, too, that reaches over the edge, since padding shows them; none for zeros.
    pub beyond: PaddingMode,
}

impl ReceptiveField {
    /// The receptive field of each layer of `spec`, in order. Fails if the spec is invalid.
    pub fn of_layers(spec: &NetworkSpec) -> Result<Vec<Self>, SpecError> {
        let built = spec.build()?;
        let mut field = Self::of_input(spec.input);
        let fields = spec.layers.iter().zip(&built).map(|(layer, built)| {
            field = field.after(layer, built.input());
            field
        });
        Ok(fields.collect())
    }

    /// The receptive field of an input pixel: the pixel itself.
    pub fn of_input(input: Shape) -> Self {
        let (_, height, width) = input.as_maps();
        let side =
            |input| FieldAxis { extent: 0.0, step: 1.0, start: 0.0, input, beyond: PaddingMode::Zeros };
        Self { rows: side(height), columns: side(width) }
    }

    /// The receptive field after one more layer, whose input has this shape.
    #[must_use]
    pub fn after(self, layer: &LayerSpec, input: Shape) -> Self {
        let [rows, columns] = Reach::of(layer, input);
        Self { rows: self.rows.after(rows), columns: self.columns.after(columns) }
    }

    /// The rows and columns of the input that output cell (`y`, `x`) depends on, without padding.
    pub fn region(&self, y: usize, x: usize) -> (Range<usize>, Range<usize>) {
        (self.rows.range(y), self.columns.range(x))
    }

    /// The (height, width) of the field, clipped to the size of the input.
    pub fn size(&self) -> (usize, usize) {
        (self.rows.size(), self.columns.size())
    }
}

/// The (row, column) of an element of a layer's output, for use with [`ReceptiveField::region`]. For a flattened
/// vector, this is the position in the map before flattening. (0, 0) if the element depends on the whole input or there
/// is no such layer.
pub fn cell_of_value(network: &Network, layer: usize, element: usize) -> (usize, usize) {
    let Some(mut shape) = network.layers().get(layer).map(|module| module.output()) else { return (0, 0) };
    for (spec, module) in network.spec().layers.iter().zip(network.layers()).take(layer + 1).rev() {
        if matches!(shape, Shape::Maps { .. }) {
            break;
        }
        if Reach::of(spec, module.input()) != [Reach::Cell; 2] {
            return (0, 0);
        }
        // Layers that work cell by cell, and flatten, keep the order of the values.
        shape = module.input();
    }
    let place = Place::of(element, shape);
    (place.row, place.column)
}

impl FieldAxis {
    fn after(self, reach: Reach) -> Self {
        let Some(Line { extent, step, start }) = reach.line() else {
            return Self { extent: self.input as f64 - 1.0, step: 0.0, start: 0.0, ..self };
        };
        let is_input = (self.extent, self.step, self.start) == (0.0, 1.0, 0.0);
        let shown = match reach {
            Reach::Window(window) => window.shows,
            _ => PaddingMode::Zeros,
        };
        let beyond = match (self.beyond, shown) {
            (beyond, PaddingMode::Zeros) => beyond,
            (PaddingMode::Zeros, shown) if is_input => shown,
            // What a map shows of its own cells reaches further in the input: any of it.
            _ => PaddingMode::Circular,
        };
        Self {
            beyond,
            extent: self.extent + extent * self.step,
            step: self.step * step,
            start: self.start + start * self.step,
            input: self.input,
        }
    }

    /// The number of input pixels in an unclipped field, at most the size of the input.
    fn size(self) -> usize {
        ((self.extent + ROUNDING).floor() as usize + 1).min(self.input)
    }

    fn range(self, cell: usize) -> Range<usize> {
        let first = self.start + cell as f64 * self.step;
        let (first, last) =
            ((first - ROUNDING).ceil() as isize, (first + self.extent + ROUNDING).floor() as isize);
        let end = self.input as isize - 1;
        let reaches_over = first < 0 || last > end;
        let (first, last) = match self.beyond {
            PaddingMode::Circular if reaches_over => (0, end),
            PaddingMode::Replicate => (first.clamp(0, end), last.clamp(0, end)),
            PaddingMode::Reflect if reaches_over => {
                let mirrored = |at: isize| (if at < 0 { -at } else { end - (at - end).abs() }).clamp(0, end);
                let corners =
                    [(first..=last).contains(&0).then_some(0), (first..=last).contains(&end).then_some(end)];
                let shown = corners.into_iter().flatten().chain([mirrored(first), mirrored(last)]);
                shown.fold((end, 0), |(first, last), at| (first.min(at), last.max(at)))
            }
            _ => (first.max(0), last.min(end)),
        };
        let start = usize::try_from(first).unwrap_or(0).min(self.input);
        start..usize::try_from(last + 1).unwrap_or(0).max(start)
    }
}

/// Tolerance for rounding errors in sums of steps such as 1/3.
const ROUNDING: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Init, Network, Pair,
        layers::{AdaptiveAvgPool2d, Conv2d, Dropout, Flatten, MaxPool2d, Relu, Upsample, ZeroPad2d},
        presets,
    };

    fn spec(side: usize, layers: Vec<LayerSpec>) -> NetworkSpec {
        let input = Shape::maps(1, side, side);
        NetworkSpec {
            name: "t".into(),
            input,
            preprocess: crate::nn::Preprocess::default(),
            layers,
            class_names: crate::text::ClassNames::default(),
        }
    }

    fn sizes(spec: &NetworkSpec) -> Vec<(usize, usize)> {
        ReceptiveField::of_layers(spec).unwrap().iter().map(ReceptiveField::size).collect()
    }

    #[test]
    fn the_second_convolution_of_lenet_has_a_14_by_14_field() {
        let seen = sizes(&presets::by_name("lenet5-relu").unwrap().spec);
        // Flattened values keep the field that they had in their map.
        assert_eq!(seen[..7], [(5, 5), (5, 5), (6, 6), (14, 14), (14, 14), (16, 16), (16, 16)]);
        assert!(seen[7..].iter().all(|&size| size == (32, 32)));
    }

    #[test]
    fn three_small_kernels_have_the_field_of_a_large_one() {
        let three = spec(9, vec![Conv2d::new(2, 3).into(); 3]);
        assert_eq!(sizes(&three), [(3, 3), (5, 5), (7, 7)]);
        assert_eq!(sizes(&spec(9, vec![Conv2d::new(2, 7).into()])), [(7, 7)]);
    }

    #[test]
    fn fields_are_clipped_to_the_input() {
        let padded = spec(4, vec![Conv2d::new(1, 3).padded(1).into(); 3]);
        let fields = ReceptiveField::of_layers(&padded).unwrap();
        assert_eq!(fields[2].size(), (4, 4));
        assert_eq!(fields[0].region(0, 3), (0..2, 2..4));
        assert_eq!(fields[2].region(0, 3), (0..4, 0..4));
    }

    /// The bounding box of the input cells that change an element of the output.
    fn moved_by(network: &Network, element: usize) -> (Range<usize>, Range<usize>) {
        let (_, height, width) = network.input().as_maps();
        let value = |input: &[f32]| network.trace(input).activations.last().unwrap().values()[element];
        let still: Vec<f32> = (0..height * width).map(|i| ((i * 37) % 11) as f32 * 0.1).collect();
        let before = value(&still);
        let has_moved = |&at: &usize| {
            let mut input = still.clone();
            input[at] += 50.0;
            value(&input).to_bits() != before.to_bits()
        };
        let moved: Vec<usize> = (0..height * width).filter(has_moved).collect();
        let extent = |places: Vec<usize>| *places.iter().min().unwrap()..*places.iter().max().unwrap() + 1;
        let rows = extent(moved.iter().map(|at| at / width).collect());
        let columns = extent(moved.iter().map(|at| at % width).collect());
        (rows, columns)
    }

    #[test]
    fn the_region_is_exactly_what_changes_the_cell() {
        let wide =
            Conv2d { kernel_size: Pair { h: 3, w: 2 }, stride: Pair { h: 1, w: 2 }, ..Conv2d::new(1, 3) };
        let dilated = Conv2d { dilation: Pair::square(2), ..Conv2d::new(1, 3) };
        let shown = |padding_mode| Conv2d { padding_mode, ..Conv2d::new(1, 3).padded(1) };
        let stacks: [Vec<LayerSpec>; 9] = [
            vec![Conv2d::new(1, 3).padded(1).into(), MaxPool2d::new(2).into(), Conv2d::new(1, 3).into()],
            vec![wide.into(), Conv2d::new(1, 2).into()],
            vec![dilated.into(), MaxPool2d::new(3).into()],
            vec![Conv2d::new(1, 2).into(), dilated.padded(2).into()],
            vec![shown(PaddingMode::Reflect).into(), Conv2d::new(1, 3).into()],
            vec![MaxPool2d::new(2).into(), shown(PaddingMode::Circular).into()],
            vec![ZeroPad2d { padding: [1, 0, 2, 1].into() }.into(), wide.into()],
            vec![AdaptiveAvgPool2d { output_size: Pair::square(6) }.into(), Conv2d::new(1, 3).into()],
            vec![Upsample::scaled(2.0).into(), Conv2d::new(1, 3).into()],
        ];
        for stack in stacks {
            let spec = spec(12, stack);
            let field = *ReceptiveField::of_layers(&spec).unwrap().last().unwrap();
            let mut network = Network::new(spec, Init::He, 3).unwrap();
            // The weights are positive, so that a larger input always increases a maximum.
            for tensor in network.parameters_mut().iter_mut().flatten() {
                tensor.values_mut().iter_mut().for_each(|w| *w = w.abs() + 0.1);
            }
            let (_, height, width) = network.layers().last().unwrap().output().as_maps();
            for (y, x) in [(0, 0), (height / 2, width / 2), (height - 1, width - 1)] {
                assert_eq!(
                    field.region(y, x),
                    moved_by(&network, y * width + x),
                    "{:?} ({y}, {x})",
                    network.spec().layers
                );
            }
        }
    }

    #[test]
    fn flattened_values_keep_their_field() {
        let flat = || [LayerSpec::from(Flatten {}), Dropout { p: 0.5 }.into(), Relu {}.into()];
        let maps: [LayerSpec; 2] = [Conv2d::new(2, 3).into(), MaxPool2d::new(2).into()];
        let whole: [LayerSpec; 2] = [crate::nn::layers::Linear::new(4).into(), Relu {}.into()];
        let stacks = [
            maps.iter().cloned().chain(flat()).collect::<Vec<_>>(),
            flat().to_vec(),
            maps.iter().cloned().chain(flat()).chain(whole).collect(),
        ];
        for stack in stacks {
            let spec = spec(8, stack);
            let fields = ReceptiveField::of_layers(&spec).unwrap();
            let mut network = Network::new(spec, Init::He, 3).unwrap();
            for tensor in network.parameters_mut().iter_mut().flatten() {
                tensor.values_mut().iter_mut().for_each(|w| *w = w.abs() + 0.1);
            }
            let last = fields.len() - 1;
            for element in 0..network.layers()[last].output().len() {
                let (y, x) = cell_of_value(&network, last, element);
                let layers = &network.spec().layers;
                assert_eq!(fields[last].region(y, x), moved_by(&network, element), "{element} of {layers:?}");
            }
            assert_eq!(cell_of_value(&network, last + 1, 0), (0, 0));
        }
    }

    /// Uses the registry's examples, so that a new layer type is tested too.
    #[test]
    fn fields_of_all_layers_are_tight() {
        for (layer, input) in LayerSpec::examples() {
            let Shape::Maps { height, width, .. } = input else { continue };
            let preprocess = crate::nn::Preprocess::default();
            let alone = NetworkSpec {
                name: "t".into(),
                input,
                preprocess,
                layers: vec![layer.clone()],
                class_names: crate::text::ClassNames::default(),
            };
            let mut network = Network::new(alone.clone(), Init::He, 3).unwrap();
            for tensor in network.parameters_mut().iter_mut().flatten() {
                tensor.values_mut().iter_mut().for_each(|w| *w = w.abs() + 0.1);
            }
            let Shape::Maps { height: out_height, width: out_width, .. } = network.layers()[0].output()
            else {
                continue;
            };
            let field = ReceptiveField::of_layers(&alone).unwrap()[0];
            let still: Vec<f32> = (0..input.len()).map(|i| ((i * 37) % 11) as f32 * 0.1).collect();
            let before = network.trace(&still);
            // For each output cell, the input cells that change it, over all channels.
            let mut seen = vec![Vec::new(); out_height * out_width];
            for at in 0..height * width {
                let mut moved = still.clone();
                moved.iter_mut().skip(at).step_by(height * width).for_each(|value| *value += 1.5);
                let after = network.trace(&moved);
                for (i, (a, b)) in after.activation(0).iter().zip(before.activation(0)).enumerate() {
                    if a.to_bits() != b.to_bits() {
                        seen[i % (out_height * out_width)].push((at / width, at % width));
                    }
                }
            }
            for (cell, seen) in seen.iter().enumerate() {
                let (rows, columns) = field.region(cell / out_width, cell % out_width);
                for (y, x) in seen {
                    let is_inside = rows.contains(y) && columns.contains(x);
                    assert!(
                        is_inside,
                        "{layer:?} {input}: cell {cell} sees ({y}, {x}), not in {rows:?} {columns:?}"
                    );
                }
            }
            // The field is tight: at least one cell uses its full height and one its full width.
            let span = |place: fn(&(usize, usize)) -> usize| {
                let length = |cells: &Vec<(usize, usize)>| {
                    cells
                        .iter()
                        .map(place)
                        .max()
                        .map_or(0, |max| max + 1 - cells.iter().map(place).min().unwrap_or(0))
                };
                seen.iter().map(length).max().unwrap_or(0)
            };
            let largest = |region: fn(&ReceptiveField, usize, usize) -> usize| {
                let cells = (0..out_height).flat_map(|y| (0..out_width).map(move |x| (y, x)));
                cells.map(|(y, x)| region(&field, y, x)).max().unwrap_or(0)
            };
            let (rows, columns) =
                (largest(|f, y, x| f.region(y, x).0.len()), largest(|f, y, x| f.region(y, x).1.len()));
            // A dilated transposed kernel can step over a small input.
            if !matches!(layer, LayerSpec::ConvTranspose2d(_)) {
                assert_eq!(
                    (span(|place| place.0), span(|place| place.1)),
                    (rows, columns),
                    "{layer:?} {input}"
                );
            }
        }
    }

    #[test]
    fn cellwise_layers_keep_the_field() {
        assert_eq!(sizes(&spec(5, vec![Conv2d::new(1, 3).into(), Relu {}.into()])), [(3, 3), (3, 3)]);
    }
}
