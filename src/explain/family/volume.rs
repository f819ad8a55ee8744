//! A kernel that moves through a volume in three directions.

use super::{Cost, Figure, StandardKind};
use crate::explain::cell::Part;
use crate::nn::{
    Pair, Shape,
    lab::{Conv3d, conv3d},
    layers::Conv2d,
};

/// A volume of one channel, a kernel, and what comes out.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    settings: Conv3d,
    /// (depth, height, width) of the volume.
    pub size: [usize; 3],
    /// Its values, slice by slice.
    pub x: Vec<f32>,
    /// The kernel's values, slice by slice.
    pub kernel: Vec<f32>,
    /// (depth, height, width) of the output.
    pub output: [usize; 3],
    /// The output, slice by slice.
    pub y: Vec<f32>,
}

/// One output of a volume.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeStep {
    /// (slice, row, column) of the output.
    pub place: [usize; 3],
    /// (place in the volume, its value, the weight), in the order of the kernel.
    pub terms: Vec<([usize; 3], f32, f32)>,
    /// The output's value, as the core computed it.
    pub value: f32,
}

impl VolumeStep {
    /// Its products, with the number of the weight for its place in the kernel.
    pub fn part(&self) -> Part {
        Part::of_pairs(self.terms.iter().map(|&(_, x, weight)| (x, weight)))
    }
}

impl Volume {
    /// Moves `kernel` of `kernel_size` through the volume without padding, by `stride` in all directions. The error says
    /// what does not fit.
    pub fn new(
        size: [usize; 3],
        x: &[f32],
        (kernel_size, stride): ([usize; 3], usize),
        kernel: &[f32],
    ) -> Result<Self, String> {
        let settings = Conv3d {
            in_channels: 1,
            out_channels: 1,
            kernel_size,
            stride: [stride; 3],
            padding: [0; 3],
            dilation: [1; 3],
        };
        let output = settings.output(size).map_err(|e| e.to_string())?;
        let y = conv3d(&settings, size, x, kernel, &[]).map_err(|e| e.to_string())?;
        Ok(Self { settings, size, x: x.to_vec(), kernel: kernel.to_vec(), output, y })
    }

    /// Small whole numbers: a 4×5×5 volume and a 2×3×3 kernel, each as its size and its values.
    pub fn example_numbers() -> ([usize; 3], Vec<f32>, [usize; 3], Vec<f32>) {
        let x = (0..100).map(|i| ((3 * i + i / 5 + i / 25 * 2) % 4) as f32);
        let kernel = (0..18).map(|i| ((7 * i + i / 9 * 2) % 4) as f32 - 1.0);
        ([4, 5, 5], x.collect(), [2, 3, 3], kernel.collect())
    }

    /// The volume of these numbers.
    pub fn example() -> Result<Self, String> {
        let (size, x, kernel_size, kernel) = Self::example_numbers();
        Self::new(size, &x, (kernel_size, 1), &kernel)
    }

    /// (depth, height, width) of the kernel.
    pub fn kernel_size(&self) -> [usize; 3] {
        self.settings.kernel_size
    }

    /// By how much the kernel moves.
    pub fn stride(&self) -> usize {
        self.settings.stride[0]
    }

    /// What it costs, and what a kernel of one slice costs that moves over each slice by itself.
    pub fn figure(&self) -> Result<Figure, String> {
        let [depth, height, width] = self.size;
        let [_, h, w] = self.settings.kernel_size;
        let [stride, ..] = self.settings.stride;
        let kernel_size = Pair { h, w };
        let flat = Conv2d { kernel_size, stride: Pair::square(stride), bias: false, ..Conv2d::new(1, 1) };
        let slice = Cost::of(Shape::maps(1, height, width), &[flat.into()])?;
        Ok(Figure {
            kind: StandardKind::EachSlice(kernel_size),
            standard: Cost { multiply_adds: slice.multiply_adds * depth as u64, ..slice },
            member: Cost {
                parameters: self.kernel.len() as u64,
                multiply_adds: (self.y.len() * self.kernel.len()) as u64,
            },
        })
    }

    /// How many outputs there are.
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Whether there is no output; there always is one.
    pub fn is_empty(&self) -> bool {
        self.y.is_empty()
    }

    /// How output `at` came about; `None` beyond the last one.
    pub fn step(&self, at: usize) -> Option<VolumeStep> {
        let value = *self.y.get(at)?;
        let place = unfold(at, self.output);
        let terms = self.kernel.iter().enumerate().filter_map(|(i, &weight)| {
            let element = unfold(i, self.settings.kernel_size);
            let seen = [0, 1, 2].map(|axis| place[axis] * self.settings.stride[axis] + element[axis]);
            let x = *self.x.get((seen[0] * self.size[1] + seen[1]) * self.size[2] + seen[2])?;
            Some((seen, x, weight))
        });
        Some(VolumeStep { place, terms: terms.collect(), value })
    }
}

/// The place of element `at` in a box, the last axis fastest.
fn unfold(at: usize, [_, height, width]: [usize; 3]) -> [usize; 3] {
    [at / width / height, at / width % height, at % width]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_adds_up_to_the_cores_value() {
        let volume = Volume::example().unwrap();
        assert_eq!((volume.output, volume.len()), ([3, 3, 3], 27));
        for at in 0..volume.len() {
            let step = volume.step(at).unwrap();
            let sum: f32 = step.terms.iter().map(|(_, x, weight)| x * weight).sum();
            assert_eq!((sum, step.terms.len()), (step.value, 18));
        }
        let wide = Volume::new([4, 5, 5], &volume.x, ([2, 3, 3], 2), &volume.kernel).unwrap();
        assert_eq!((wide.output, wide.figure().unwrap().standard.multiply_adds), ([2, 2, 2], 4 * 4 * 9));
        for at in 0..wide.len() {
            let step = wide.step(at).unwrap();
            assert_eq!(step.terms.iter().map(|(_, x, weight)| x * weight).sum::<f32>(), step.value);
        }
        let figure = volume.figure().unwrap();
        assert_eq!((figure.member.parameters, figure.member.multiply_adds), (18, 27 * 18));
        assert_eq!((figure.standard.parameters, figure.standard.multiply_adds), (9, 4 * 9 * 9));
        assert!(volume.step(27).is_none());
        assert!(Volume::new([1, 3, 3], &[0.0; 9], ([2, 2, 2], 1), &[0.0; 8]).is_err());
    }
}
