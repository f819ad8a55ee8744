//! Three-dimensional convolution of a volume.

use super::{BaselineKind, CostComparison, TotalCost};
use crate::explain::{ExplainError, cell::ChannelTerms};
use crate::nn::{
    Pair, Shape,
    lab::{Conv3d, LabError, conv3d},
    layers::Conv2d,
};

/// A single-channel volume and its convolution with one kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    settings: Conv3d,
    /// (depth, height, width) of the volume.
    pub size: [usize; 3],
    /// The volume, slice by slice.
    pub x: Vec<f32>,
    /// The kernel, slice by slice.
    pub kernel: Vec<f32>,
    /// (depth, height, width) of the output.
    pub output: [usize; 3],
    /// The output, slice by slice.
    pub y: Vec<f32>,
}

/// One output value.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeStep {
    /// (slice, row, column) in the output.
    pub place: [usize; 3],
    /// (position in the volume, its value, the weight), in the order of the kernel.
    pub terms: Vec<([usize; 3], f32, f32)>,
    /// The value that the core computed.
    pub value: f32,
}

impl VolumeStep {
    /// The products; the kernel position is the index of the weight.
    pub fn part(&self) -> ChannelTerms {
        ChannelTerms::of_pairs(self.terms.iter().map(|&(_, x, weight)| (x, weight)))
    }
}

impl Volume {
    /// Convolves a volume with a kernel of size `kernel_size`, without padding, with the same stride in all directions.
    /// Fails if a setting does not fit, or an array has the wrong length.
    pub fn new(
        size: [usize; 3],
        x: &[f32],
        (kernel_size, stride): ([usize; 3], usize),
        kernel: &[f32],
    ) -> Result<Self, ExplainError> {
        let settings = Conv3d {
            in_channels: 1,
            out_channels: 1,
            kernel_size,
            stride: [stride; 3],
            padding: [0; 3],
            dilation: [1; 3],
        };
        let output = settings.output(size).map_err(LabError::from)?;
        let y = conv3d(&settings, size, x, kernel, &[])?;
        Ok(Self { settings, size, x: x.to_vec(), kernel: kernel.to_vec(), output, y })
    }

    /// An example of small whole numbers: a 4×5×5 volume and a 2×3×3 kernel, each as (size, values).
    pub fn example_numbers() -> ([usize; 3], Vec<f32>, [usize; 3], Vec<f32>) {
        let x = (0..100).map(|i| ((3 * i + i / 5 + i / 25 * 2) % 4) as f32);
        let kernel = (0..18).map(|i| ((7 * i + i / 9 * 2) % 4) as f32 - 1.0);
        ([4, 5, 5], x.collect(), [2, 3, 3], kernel.collect())
    }

    /// The convolution of [`Volume::example_numbers`].
    pub fn example() -> Result<Self, ExplainError> {
        let (size, x, kernel_size, kernel) = Self::example_numbers();
        Self::new(size, &x, (kernel_size, 1), &kernel)
    }

    /// (depth, height, width) of the kernel.
    pub fn kernel_size(&self) -> [usize; 3] {
        self.settings.kernel_size
    }

    /// The stride.
    pub fn stride(&self) -> usize {
        self.settings.stride[0]
    }

    /// Compares the cost with a two-dimensional kernel that is applied to each slice separately.
    pub fn compare_costs(&self) -> Result<CostComparison, ExplainError> {
        let [depth, height, width] = self.size;
        let [_, h, w] = self.settings.kernel_size;
        let [stride, ..] = self.settings.stride;
        let kernel_size = Pair { h, w };
        let flat = Conv2d { kernel_size, stride: Pair::square(stride), bias: false, ..Conv2d::new(1, 1) };
        let slice = TotalCost::of(Shape::maps(1, height, width), &[flat.into()])?;
        Ok(CostComparison {
            kind: BaselineKind::EachSlice(kernel_size),
            baseline: TotalCost { multiply_adds: slice.multiply_adds * depth as u64, ..slice },
            variant: TotalCost {
                parameters: self.kernel.len() as u64,
                multiply_adds: (self.y.len() * self.kernel.len()) as u64,
            },
        })
    }

    /// The number of outputs.
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Whether there are no outputs; there always is one.
    pub fn is_empty(&self) -> bool {
        self.y.is_empty()
    }

    /// The computation of output `at`; `None` if there is no such output.
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

/// The position of element `at` in a box (depth, height, width), row-major.
fn unfold(at: usize, [_, height, width]: [usize; 3]) -> [usize; 3] {
    [at / width / height, at / width % height, at % width]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_adds_up_to_the_computed_value() {
        let volume = Volume::example().unwrap();
        assert_eq!((volume.output, volume.len()), ([3, 3, 3], 27));
        for at in 0..volume.len() {
            let step = volume.step(at).unwrap();
            let sum: f32 = step.terms.iter().map(|(_, x, weight)| x * weight).sum();
            assert_eq!((sum, step.terms.len()), (step.value, 18));
        }
        let wide = Volume::new([4, 5, 5], &volume.x, ([2, 3, 3], 2), &volume.kernel).unwrap();
        assert_eq!(
            (wide.output, wide.compare_costs().unwrap().baseline.multiply_adds),
            ([2, 2, 2], 4 * 4 * 9)
        );
        for at in 0..wide.len() {
            let step = wide.step(at).unwrap();
            assert_eq!(step.terms.iter().map(|(_, x, weight)| x * weight).sum::<f32>(), step.value);
        }
        let compare_costs = volume.compare_costs().unwrap();
        assert_eq!((compare_costs.variant.parameters, compare_costs.variant.multiply_adds), (18, 27 * 18));
        assert_eq!((compare_costs.baseline.parameters, compare_costs.baseline.multiply_adds), (9, 4 * 9 * 9));
        assert!(volume.step(27).is_none());
        assert!(Volume::new([1, 3, 3], &[0.0; 9], ([2, 2, 2], 1), &[0.0; 8]).is_err());
    }
}
