//! What a step of a lesson shows, as grids on paper, and the numbers in it that lessons name.

use crate::{lesson::Quantity, worksheet::shown::number};

/// The largest side of a grid that is drawn.
const MOST: usize = 12;

/// Grids on paper.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonFigure {
    /// The grids: inputs, kernels, outputs.
    pub maps: Vec<Map>,
}

/// A grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// What it is.
    pub kind: MapKind,
    /// Rows, columns.
    pub size: (usize, usize),
    /// Padding above and at the left.
    pub padding: (usize, usize),
    /// Its numbers, row by row; `None` is left blank.
    pub cells: Vec<Option<f32>>,
    /// Cells with a heavy frame: first row and column of the padded map, height and width.
    pub frame: Option<(usize, usize, usize, usize)>,
}

/// What a grid is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// An input.
    Input,
    /// A kernel.
    Kernel,
    /// An output.
    Output,
}

/// A step's state on paper.
pub(super) struct Paper {
    /// The numbers that lessons name.
    pub(super) values: Vec<(Quantity, f64)>,
    /// The grids before the output, if they fit on paper.
    pub(super) inputs: Option<Vec<Map>>,
    /// The output.
    pub(super) output: Map,
    /// The position of the animation.
    pub(super) position: usize,
    /// Whether outputs after it are shown.
    pub(super) is_whole: bool,
}

impl Paper {
    /// A number that lessons name.
    pub(super) fn value(&self, quantity: Quantity) -> Option<String> {
        let (_, value) = self.values.iter().find(|(own, _)| *own == quantity)?;
        Some(number(*value as f32))
    }

    /// The grids, without the number that is asked for.
    pub(super) fn figure(&self, asked: Option<Quantity>) -> Option<LessonFigure> {
        let mut maps = self.inputs.clone()?;
        if maps.iter().any(|map| map.size.0 > MOST || map.size.1 > MOST || map.padding.0 != map.padding.1) {
            return None;
        }
        let is_size = matches!(
            asked,
            Some(
                Quantity::ConvOutputHeight
                    | Quantity::ConvOutputWidth
                    | Quantity::PoolOutputHeight
                    | Quantity::PoolOutputWidth
            )
        );
        if !is_size {
            let mut output = self.output.clone();
            for (at, cell) in output.cells.iter_mut().enumerate() {
                let is_asked = at == self.position && asked.is_some();
                if is_asked || at > self.position && !self.is_whole {
                    *cell = None;
                }
            }
            maps.push(output);
        }
        Some(LessonFigure { maps })
    }
}
