//! `conv2d`: every filter slides over all channels of its group; one map a filter.

use super::{
    Abreast, Aux, Layer, LayerError, ParameterSpec, Passed, Settings, check_channels, need_maps,
    weight_and_bias,
};
use crate::nn::{
    im2col::{Geometry, Window},
    pair::Pair,
    products::{
        BLOCK_LEN, Convolve, Correlate, Dots, Gradient, Group, Matrix, Outer, Packed, RowsMut, Slide, Start,
        Winograd, sum,
    },
    shape::Shape,
    tensor::Tensor,
    windows::{Over, Windows},
};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.Conv2d`; the input's channels are inferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv2d {
    /// Filters, and so maps of the output.
    pub out_channels: usize,
    /// Height and width of a filter.
    pub kernel_size: Pair,
    /// Step between two positions of the filter.
    #[serde(default = "one")]
    pub stride: Pair,
    /// Zeros added on each side of the input.
    #[serde(default = "zero")]
    pub padding: Pair,
    /// Distance between two neighbouring elements of the filter.
    #[serde(default = "one")]
    pub dilation: Pair,
    /// Parts into which channels and filters are split; each part is a convolution by itself.
    #[serde(default = "one_group")]
    pub groups: usize,
    /// Whether a bias is added to each map.
    #[serde(default = "yes")]
    pub bias: bool,
}

const fn one() -> Pair {
    Pair::square(1)
}

const fn zero() -> Pair {
    Pair::square(0)
}

const fn one_group() -> usize {
    1
}

const fn yes() -> bool {
    true
}

impl Conv2d {
    /// A square kernel of stride 1 without padding, with biases.
    pub const fn new(out_channels: usize, kernel_size: usize) -> Self {
        let kernel_size = Pair::square(kernel_size);
        Self {
            out_channels,
            kernel_size,
            stride: one(),
            padding: zero(),
            dilation: one(),
            groups: 1,
            bias: true,
        }
    }

    /// The same with `padding` zeros on each side.
    #[must_use]
    pub const fn padded(self, padding: usize) -> Self {
        Self { padding: Pair::square(padding), ..self }
    }
}

impl Settings for Conv2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Self { out_channels: filters, groups, .. } = *self;
        let (channels, height, width) = need_maps(input)?;
        check_channels(filters, channels, groups)?;
        let window = Window {
            kernel_size: self.kernel_size,
            stride: self.stride,
            padding: self.padding,
            dilation: self.dilation,
        };
        let group = Geometry::new(channels / groups, height, width, window)?;
        Ok(Box::new(Module::new(input, self, group)))
    }

    fn summary(&self) -> String {
        format!("conv {}@{}", self.out_channels, self.kernel_size)
    }

    fn examples() -> Vec<(Self, Shape)> {
        let plain = Self::new(2, 3);
        let all = Self {
            out_channels: 6,
            kernel_size: Pair { h: 3, w: 2 },
            stride: Pair { h: 2, w: 1 },
            padding: Pair { h: 2, w: 1 },
            dilation: Pair { h: 2, w: 3 },
            groups: 2,
            bias: true,
        };
        // More filters and elements than few, so that their gradient comes out turned.
        let many = Self { out_channels: 40, groups: 2, stride: Pair { h: 1, w: 2 }, ..plain.padded(1) };
        vec![
            (plain, Shape::maps(1, 5, 5)),
            (Self { out_channels: 17, ..plain }, Shape::maps(1, 4, 3)),
            (many, Shape::maps(8, 5, 6)),
            (plain.padded(1), Shape::maps(3, 4, 6)),
            (Self { stride: Pair { h: 2, w: 3 }, bias: false, ..plain }, Shape::maps(2, 7, 7)),
            (Self { groups: 4, out_channels: 4, ..plain }, Shape::maps(4, 4, 4)),
            (Self::new(3, 1), Shape::maps(2, 1, 1)),
            (all, Shape::maps(4, 9, 8)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    filters: usize,
    groups: usize,
    bias: bool,
    /// The window over one group's channels.
    group: Geometry,
    /// How it reads the input, and how the input's gradient reads the output's.
    forward: Windows,
    backward: Windows,
    /// Whether the gradient by the input is given back element by element.
    gives_back: bool,
    /// The way with fewer multiplications, there and back, where there is one.
    winograd: Option<(Winograd, Winograd)>,
}

/// The most filters, and the most elements of a window, that are few.
const FEW: usize = 16;
const FEW_ELEMENTS: usize = 32;

/// The cells that each element of a row of windows sees, in maps without a border, at steps of 1.
struct Seen<'a> {
    windows: Over<'a>,
    y: usize,
    maps: &'a mut [f32],
}

impl RowsMut for Seen<'_> {
    fn row(&mut self, element: usize) -> &mut [f32] {
        let start = self.windows.element(element) + self.y * self.windows.pitch();
        &mut self.maps[start..][..self.windows.in_a_row()]
    }
}

/// Whether a gradient by the input costs less if it is given back element by element. A slide the other way multiplies
/// with the zeros around the outputs too, and few channels leave its tiles empty.
fn gives_back(g: &Geometry, filters: usize) -> bool {
    let Window { kernel_size, stride, padding, .. } = g.window;
    let slide = g.height * g.width * g.channels.next_multiple_of(8) * filters * kernel_size.area();
    // Adding a tile to the cells costs about as much as four more filters.
    let give = g.columns() * g.rows().next_multiple_of(8) * (filters + 4);
    stride == one() && padding == zero() && give < slide
}

impl Module {
    fn new(input: Shape, conv: &Conv2d, group: Geometry) -> Self {
        let Conv2d { out_channels: filters, groups, bias, .. } = *conv;
        let (forward, backward) = (Windows::forward(&group), Windows::backward(&group, filters / groups));
        let winograd = Winograd::there_and_back(&group, filters / groups);
        let gives_back = gives_back(&group, filters / groups);
        Self { input, filters, groups, bias, group, forward, backward, gives_back, winograd }
    }

    /// One group's filters, and the lengths of its input, weights and output.
    fn group_lens(&self) -> (usize, usize, usize, usize) {
        let filters = self.filters / self.groups;
        let input = self.group.channels * self.group.height * self.group.width;
        (filters, input, filters * self.group.rows(), filters * self.group.columns())
    }

    /// Whether the weights' gradient goes along rows of cells: filters so few would leave most of a register empty if they
    /// stood side by side in it, and putting them so is not worth it for so few elements of a window.
    fn few(&self) -> bool {
        self.filters / self.groups <= FEW || self.group.rows() <= FEW_ELEMENTS
    }

    /// Adds the weights' gradient by the images of one group: turned, (elements of a window, filters), or, by few filters,
    /// as it is.
    fn weight_gradient(
        &self,
        group: usize,
        abreast: usize,
        passed: Passed<'_>,
        gradient: &mut [f32],
        memory: &mut [f32],
    ) {
        let (filters, x_len, _, y_len) = self.group_lens();
        let windows = self.forward.over(abreast);
        let (placed, turned) = memory.split_at_mut(windows.room_len());
        placed.fill(0.0);
        let images = passed.x.chunks_exact(abreast * x_len).zip(passed.dy.chunks_exact(abreast * y_len));
        for (x, outputs) in images.skip(group).step_by(self.groups) {
            windows.place(x, placed);
            if !self.few() {
                let turned = &mut turned[..Correlate::turned_len(filters)];
                Correlate { windows, placed, filters, outputs }.add_to(gradient, turned);
                continue;
            }
            let (len, row_len) = (windows.count(), windows.in_a_row());
            let dots = Dots {
                rows: (filters, self.group.rows()),
                pairs: windows.rows(),
                a: |y, filter| &outputs[filter * len + y * row_len..][..row_len],
                b: |y, element| &placed[windows.element(element) + y * windows.pitch()..][..row_len],
            };
            dots.add_to(&mut Matrix(gradient, self.group.rows()));
        }
    }

    /// Overwrites the gradient by one group's input: its outputs' slides the other way, by filters turned by half a
    /// circle; or each element of the windows gives what it gets to the cells that it saw, as col2im does.
    fn input_gradient(
        &self,
        group: usize,
        abreast: usize,
        weight: &[f32],
        dy: &[f32],
        dx: &mut [f32],
        memory: &mut [f32],
    ) {
        let (filters, x_len, _, y_len) = self.group_lens();
        let (rows, area) = (self.group.rows(), self.group.window.kernel_size.area());
        if self.gives_back {
            let (block, packed) = memory.split_at_mut(BLOCK_LEN);
            let elements = Packed::new(rows, filters, packed, &weight.chunks_exact(rows), 1);
            let (windows, images) = (self.forward.over(abreast), dy.chunks_exact(abreast * y_len));
            let images = images.zip(dx.chunks_exact_mut(abreast * x_len));
            for (dy, dx) in images.skip(group).step_by(self.groups) {
                dx.fill(0.0);
                for y in 0..windows.rows() {
                    let (count, len) = (windows.count(), windows.in_a_row());
                    let b = |filter: usize| &dy[filter * count + y * len..][..len];
                    Outer { a: elements, b, columns: 0..len, start: Start::Old }
                        .write(&mut Seen { windows, y, maps: dx }, block);
                }
            }
            return;
        }
        let windows = self.backward.over(abreast);
        let (placed, packed) = memory.split_at_mut(windows.room_len());
        let columns = weight.chunks_exact(rows).flat_map(|filter| (0..area).rev().map(|at| &filter[at..]));
        let turned = Packed::new(self.group.channels, filters * area, packed, &columns, area);
        placed.fill(0.0);
        let images = dy.chunks_exact(abreast * y_len).zip(dx.chunks_exact_mut(abreast * x_len));
        for (dy, dx) in images.skip(group).step_by(self.groups) {
            windows.place(dy, placed);
            Slide { filters: turned, windows, placed, bias: None }.write(dx);
        }
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        Shape::maps(self.filters, self.group.out_height, self.group.out_width)
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let Pair { h, w } = self.group.window.kernel_size;
        let shape = vec![self.filters, self.group.channels, h, w];
        let fans = (self.group.rows(), self.filters / self.groups * h * w);
        weight_and_bias(shape, fans, self.bias, self.filters)
    }

    fn multiply_adds(&self) -> u64 {
        self.filters as u64 * self.group.rows() as u64 * self.group.columns() as u64
    }

    fn turned_gradient(&self) -> Option<usize> {
        (!self.few()).then_some(self.groups)
    }

    fn abreast(&self) -> Abreast {
        if self.winograd.is_some() { Abreast::Never } else { Abreast::Stays }
    }

    fn scratch_len(&self, abreast: usize) -> usize {
        let (filters, ..) = self.group_lens();
        if let Some((forward, backward)) = &self.winograd {
            return forward.convolve_len().max(forward.gradient_len()).max(backward.convolve_len());
        }
        let packed = Packed::len(filters, self.group.rows()).max(Correlate::turned_len(filters));
        let packed_back = Packed::len(self.group.channels, self.backward.elements());
        let room = |windows: &Windows| windows.over(abreast).room_len();
        let back = if self.gives_back {
            BLOCK_LEN + Packed::len(self.group.rows(), filters)
        } else {
            room(&self.backward) + packed_back
        };
        (room(&self.forward) + packed).max(back)
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>) {
        let (filters, x_len, w_len, y_len) = self.group_lens();
        let rows = self.group.rows();
        if let Some((winograd, _)) = &self.winograd {
            for number in 0..self.groups {
                let weight = &parameters[0].values()[number * w_len..][..w_len];
                let weight = weight.as_chunks::<9>().0;
                let filter = |filter: usize, channel: usize| &weight[filter * self.group.channels + channel];
                let bias = parameters.get(1).map(|bias| &bias.values()[number * filters..][..filters]);
                let group = Group { number, of: self.groups };
                Convolve { winograd, filter, turned: false, bias, group, maps: x }.write(y, aux.scratch);
            }
            return;
        }
        let windows = self.forward.over(aux.abreast);
        let (placed, packed) = aux.scratch.split_at_mut(windows.room_len());
        placed.fill(0.0);
        for group in 0..self.groups {
            let weight = &parameters[0].values()[group * w_len..][..w_len];
            let weight = Packed::new(filters, rows, packed, &(0..rows).map(|at| &weight[at..]), rows);
            let bias = parameters.get(1).map(|bias| &bias.values()[group * filters..][..filters]);
            let images = x.chunks_exact(aux.abreast * x_len).zip(y.chunks_exact_mut(aux.abreast * y_len));
            for (x, y) in images.skip(group).step_by(self.groups) {
                windows.place(x, placed);
                Slide { filters: weight, windows, placed, bias }.write(y);
            }
        }
    }

    fn backward(
        &self,
        parameters: &[Tensor],
        passed: Passed<'_>,
        mut dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        aux: &mut Aux<'_>,
    ) {
        let (.., w_len, _) = self.group_lens();
        if let Some((forward, backward)) = &self.winograd {
            for number in 0..self.groups {
                let group = Group { number, of: self.groups };
                let places = number * w_len..(number + 1) * w_len;
                if let Some(gradient) = gradients.first_mut() {
                    let gradient = &mut gradient.values_mut()[places.clone()];
                    Gradient { winograd: forward, group, maps: passed.x, outputs: passed.dy }
                        .add_to(gradient, aux.scratch);
                }
                if let Some(dx) = dx.as_deref_mut() {
                    let weight = parameters[0].values()[places].as_chunks::<9>().0;
                    let filter =
                        |channel: usize, filter: usize| &weight[filter * self.group.channels + channel];
                    Convolve { winograd: backward, filter, turned: true, bias: None, group, maps: passed.dy }
                        .write(dx, aux.scratch);
                }
            }
        }
        for group in 0..if self.winograd.is_some() { 0 } else { self.groups } {
            let places = group * w_len..(group + 1) * w_len;
            if let Some(gradient) = gradients.first_mut() {
                let gradient = &mut gradient.values_mut()[places.clone()];
                self.weight_gradient(group, aux.abreast, passed, gradient, aux.scratch);
            }
            if let Some(dx) = dx.as_deref_mut() {
                let weight = &parameters[0].values()[places];
                self.input_gradient(group, aux.abreast, weight, passed.dy, dx, aux.scratch);
            }
        }
        if let Some(db) = gradients.get_mut(1) {
            for (i, map) in passed.dy.chunks_exact(aux.abreast * self.group.columns()).enumerate() {
                db.values_mut()[i % self.filters] += sum(map);
            }
        }
    }
}
