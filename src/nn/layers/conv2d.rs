//! `conv2d`: every filter slides over all channels of its group; one map a filter.

use super::{Aux, Layer, ParameterSpec, Passed, Settings, check_channels, need_maps, weight_and_bias};
use crate::nn::{
    im2col::{Geometry, Window},
    pair::Pair,
    products::{BLOCK_LEN, Dots, Outer, Packed, Start, sum},
    shape::Shape,
    tensor::Tensor,
    windows::Windows,
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
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String> {
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
        vec![
            (plain, Shape::maps(1, 5, 5)),
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
}

/// Values of placed maps that the weights' gradient is taken over at a time: what stays in the second cache.
const PLACED: usize = 1 << 17;

impl Module {
    fn new(input: Shape, conv: &Conv2d, group: Geometry) -> Self {
        let Conv2d { out_channels: filters, groups, bias, .. } = *conv;
        let (forward, backward) = (Windows::forward(&group), Windows::backward(&group, filters / groups));
        Self { input, filters, groups, bias, group, forward, backward }
    }

    /// One group's filters, and the lengths of its input, weights and output.
    fn group_lens(&self) -> (usize, usize, usize, usize) {
        let filters = self.filters / self.groups;
        let input = self.group.channels * self.group.height * self.group.width;
        (filters, input, filters * self.group.rows(), filters * self.group.columns())
    }

    /// From the first cell of an output map to its last, when its cells stand where their windows begin.
    fn spread_len(&self) -> usize {
        let Pair { h, w } = self.group.window.stride;
        (self.group.out_height - 1) * h * self.forward.pitch() + (self.group.out_width - 1) * w + 1
    }

    /// Writes output maps with each cell where its window begins; between them, `to` holds zeros.
    fn spread(&self, maps: &[f32], to: &mut [f32]) {
        let Pair { h, w } = self.group.window.stride;
        let (width, pitch) = (self.group.out_width, h * self.forward.pitch());
        for (map, to) in maps.chunks_exact(self.group.columns()).zip(to.chunks_exact_mut(self.spread_len())) {
            for (row, to) in map.chunks_exact(width).zip(to.chunks_mut(pitch)) {
                if w == 1 {
                    to[..width].copy_from_slice(row);
                } else {
                    to.iter_mut().step_by(w).zip(row).for_each(|(to, &cell)| *to = cell);
                }
            }
        }
    }

    /// Images whose placed input and spread output, so many values an image, are looked at together.
    fn together(&self) -> (usize, usize) {
        let len = self.forward.room_len() + self.group_lens().0 * self.spread_len();
        ((PLACED / len).max(1), len)
    }

    /// The weights of the adjoint: from one group's outputs to its inputs, every filter turned by half a circle.
    fn turned<'a>(&self, weight: &[f32], memory: &'a mut [f32]) -> Packed<'a> {
        let (rows, area) = (self.group.rows(), self.group.window.kernel_size.area());
        let filters = self.filters / self.groups;
        Packed::new(self.group.channels, filters * area, memory, |channel, at| {
            weight[at / area * rows + channel * area + area - 1 - at % area]
        })
    }

    /// Adds the weights' gradient by the images of one group.
    fn weight_gradient(&self, group: usize, passed: Passed<'_>, gradient: &mut [f32], memory: &mut [f32]) {
        let (filters, x_len, _, y_len) = self.group_lens();
        let (x_image, y_image) = (self.groups * x_len, self.groups * y_len);
        let (room_len, spread_len) = (self.forward.room_len(), self.spread_len());
        let (together, len) = self.together();
        let together = together.min(passed.x.len() / x_image).max(1);
        let memory = &mut memory[..together * len];
        memory.fill(0.0);
        let (rooms, spreads) = memory.split_at_mut(together * room_len);
        let batches = passed.x.chunks(together * x_image).zip(passed.dy.chunks(together * y_image));
        for (xs, dys) in batches {
            let x = |image: usize| &xs[image * x_image + group * x_len..][..x_len];
            let images = xs.len() / x_image;
            for image in 0..images {
                self.forward.place(x(image), &mut rooms[image * room_len..][..room_len]);
                let dy = &dys[image * y_image + group * y_len..][..y_len];
                self.spread(dy, &mut spreads[image * filters * spread_len..][..filters * spread_len]);
            }
            let dots = Dots {
                rows: (filters, self.group.rows()),
                pairs: images,
                a: |image, filter| &spreads[(image * filters + filter) * spread_len..][..spread_len],
                b: |image, row| {
                    let placed =
                        if room_len == 0 { x(image) } else { &rooms[image * room_len..][..room_len] };
                    let element = self.forward.elements(row..row + 1).next().unwrap_or(0);
                    &placed[element..][..spread_len]
                },
            };
            dots.add_to(gradient);
        }
    }

    /// Overwrites the gradient by one group's input.
    fn input_gradient(&self, group: usize, weight: &[f32], dy: &[f32], dx: &mut [f32], memory: &mut [f32]) {
        let (filters, x_len, _, y_len) = self.group_lens();
        let (block, memory) = memory.split_at_mut(BLOCK_LEN);
        let (packed, room) = memory.split_at_mut(Packed::len(self.group.channels, self.backward.rows()));
        let a = self.turned(weight, packed);
        let room = &mut room[..self.backward.room_len()];
        room.fill(0.0);
        let images = dy.chunks_exact(y_len).zip(dx.chunks_exact_mut(x_len));
        for (dy, dx) in images.skip(group).step_by(self.groups) {
            debug_assert_eq!(dy.len(), filters * self.group.columns());
            let b = self.backward.matrix(self.backward.place(dy, room));
            Outer { a, b, columns: self.group.height * self.group.width, start: Start::Zero }
                .write(dx, block);
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

    fn scratch_len(&self) -> usize {
        let (filters, ..) = self.group_lens();
        let forward = Packed::len(filters, self.group.rows()) + self.forward.room_len();
        let backward = Packed::len(self.group.channels, self.backward.rows()) + self.backward.room_len();
        let (together, len) = self.together();
        (BLOCK_LEN + forward.max(backward)).max(together * len)
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>) {
        let (filters, x_len, w_len, y_len) = self.group_lens();
        let rows = self.group.rows();
        let (block, memory) = aux.scratch.split_at_mut(BLOCK_LEN);
        let (packed, room) = memory.split_at_mut(Packed::len(filters, rows));
        let room = &mut room[..self.forward.room_len()];
        room.fill(0.0);
        for group in 0..self.groups {
            let weight = &parameters[0].values()[group * w_len..][..w_len];
            let a = Packed::new(filters, rows, packed, |filter, at| weight[filter * rows + at]);
            let bias = parameters.get(1).map(|bias| &bias.values()[group * filters..][..filters]);
            let start = bias.map_or(Start::Zero, Start::Bias);
            let images = x.chunks_exact(x_len).zip(y.chunks_exact_mut(y_len));
            for (x, y) in images.skip(group).step_by(self.groups) {
                let b = self.forward.matrix(self.forward.place(x, room));
                Outer { a, b, columns: self.group.columns(), start }.write(y, block);
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
        for group in 0..self.groups {
            let places = group * w_len..(group + 1) * w_len;
            self.weight_gradient(group, passed, &mut gradients[0].values_mut()[places.clone()], aux.scratch);
            if let Some(dx) = dx.as_deref_mut() {
                self.input_gradient(group, &parameters[0].values()[places], passed.dy, dx, aux.scratch);
            }
        }
        if let Some(db) = gradients.get_mut(1) {
            for (i, map) in passed.dy.chunks_exact(self.group.columns()).enumerate() {
                db.values_mut()[i % self.filters] += sum(map);
            }
        }
    }
}
