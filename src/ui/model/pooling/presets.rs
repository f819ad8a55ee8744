//! Small maps to pool, with suitable settings.

use super::setup::{Numbers, PoolingSetup};
use crate::nn::Pair;

/// A map and settings.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// The name; goes through `tr`.
    pub name: &'static str,
    columns: usize,
    values: &'static [i8],
    kernel_size: usize,
    stride: usize,
}

/// All presets; the view opens with the first.
pub const PRESETS: &[Preset] = &[
    // Stanford's CS231n, "Convolutional Networks": the maxima are 6 8 / 3 4.
    Preset {
        name: "4×4, kernel 2",
        columns: 4,
        values: &[1, 1, 2, 4, 5, 6, 7, 8, 3, 2, 1, 0, 1, 2, 3, 4],
        kernel_size: 2,
        stride: 2,
    },
    // Saito, "Deep Learning from Scratch", chapter 7: the maxima are 2 3 / 4 2.
    Preset {
        name: "4×4, other numbers",
        columns: 4,
        values: &[1, 2, 1, 0, 0, 1, 2, 3, 3, 0, 1, 2, 2, 4, 0, 1],
        kernel_size: 2,
        stride: 2,
    },
    // Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", figures 1.5 and 1.6.
    Preset {
        name: "5×5, kernel 3, stride 1",
        columns: 5,
        values: &[3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1],
        kernel_size: 3,
        stride: 1,
    },
    // Krizhevsky et al. 2012: overlapping windows.
    Preset {
        name: "7×7, kernel 3, stride 2",
        columns: 7,
        values: &[
            0, 1, 2, 1, 0, 3, 1, 2, 4, 1, 0, 2, 1, 0, 1, 0, 5, 2, 1, 0, 2, 3, 1, 0, 6, 1, 2, 0, 0, 2, 1, 0,
            4, 1, 3, 1, 0, 3, 2, 1, 0, 2, 2, 1, 0, 1, 5, 2, 1,
        ],
        kernel_size: 3,
        stride: 2,
    },
    Preset {
        name: "4×4, ties",
        columns: 4,
        values: &[2, 2, 0, 0, 2, 1, 0, 0, 3, 1, 5, 5, 1, 3, 5, 5],
        kernel_size: 2,
        stride: 2,
    },
    // A shift by one cell moves the stroke to other windows, or not, depending on the direction.
    Preset {
        name: "6×6, a stroke",
        columns: 6,
        values: &[
            0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0,
            0, 0, 0, 0,
        ],
        kernel_size: 2,
        stride: 2,
    },
    Preset {
        name: "5×5, uncovered edge",
        columns: 5,
        values: &[1, 3, 0, 2, 9, 4, 2, 1, 0, 8, 0, 1, 5, 1, 7, 2, 0, 1, 3, 6, 9, 8, 7, 6, 5],
        kernel_size: 2,
        stride: 2,
    },
];

impl Preset {
    /// The map.
    pub fn numbers(&self) -> Numbers {
        let values: Vec<f32> = self.values.iter().map(|&value| f32::from(value)).collect();
        Numbers { rows: values.len() / self.columns, columns: self.columns, values }
    }

    /// Sets map, kernel size and stride, without padding, dilation and `ceil_mode`.
    pub fn choose(&self, choice: &mut PoolingSetup) {
        choice.numbers = self.numbers();
        choice.kernel_size = Pair::square(self.kernel_size);
        choice.stride = (self.stride != self.kernel_size).then(|| Pair::square(self.stride));
        choice.padding = Pair::square(0);
        choice.dilation = Pair::square(1);
        choice.ceil_mode = false;
        choice.is_square = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{explain::Pooling, ui::model::pooling::Study};

    fn pooled(preset: &Preset) -> (Pooling, Pooling) {
        let mut choice = PoolingSetup::default();
        preset.choose(&mut choice);
        let Numbers { rows, columns, values } = choice.numbers.clone();
        let study = Study::new(&choice, &values, (rows, columns), &|| true).unwrap().unwrap();
        (study.max, study.average.unwrap())
    }

    #[test]
    fn the_outputs_are_those_of_the_literature() {
        let max = |i: usize| pooled(&PRESETS[i]).0.output().to_vec();
        assert_eq!(max(0), [6.0, 8.0, 3.0, 4.0]);
        assert_eq!(max(1), [2.0, 3.0, 4.0, 2.0]);
        assert_eq!(max(2), [3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 2.0, 3.0]);
        let average: Vec<String> = pooled(&PRESETS[2]).1.output().iter().map(|v| format!("{v:.1}")).collect();
        assert_eq!(average, ["1.7", "1.7", "1.7", "1.0", "1.2", "1.8", "1.1", "0.8", "1.3"]);
    }

    #[test]
    fn the_default_is_the_first() {
        assert_eq!(PRESETS[0].numbers(), Numbers::default());
    }

    #[test]
    fn the_names_are_true() {
        for preset in PRESETS {
            let (max, _) = pooled(preset);
            let (rows, columns) = max.input_size();
            assert!(preset.name.starts_with(&format!("{rows}×{columns}")), "{}", preset.name);
            assert_eq!(preset.values.len(), rows * columns);
        }
        let ties = |i: usize| {
            let (max, _) = pooled(&PRESETS[i]);
            (0..max.len()).filter(|&n| max.step(n).winners().len() > 1).count()
        };
        assert_eq!((ties(0), ties(4)), (0, 4));
        assert_eq!(pooled(PRESETS.last().unwrap()).0.uncovered(), (vec![4], vec![4]));
    }
}
