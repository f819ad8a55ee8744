//! The settings and figures of the view with a sentence that explains each of them.

use crate::text::tr;
use egui::Response;

/// A word of the view, in the form of its label, with its explanation.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// The label; goes through `tr`.
    pub name: &'static str,
    /// PyTorch's name, if it is written differently.
    code: &'static str,
    /// One sentence; goes through `tr`.
    meaning: &'static str,
}

impl Term {
    const fn new(name: &'static str, code: &'static str, meaning: &'static str) -> Self {
        Self { name, code, meaning }
    }

    /// The label.
    pub fn label(self) -> &'static str {
        tr(self.name)
    }

    /// Adds the explanation as a tooltip.
    pub fn explain(self, response: Response) -> Response {
        response.on_hover_ui(|ui| {
            ui.label(tr(self.meaning));
            if !self.code.is_empty() {
                ui.weak(egui::RichText::new(self.code).monospace());
            }
        })
    }
}

pub const KERNEL_SIZE: Term =
    Term::new("kernel size", "kernel_size", "Height and width of the window that moves over the map.");
pub const STRIDE: Term =
    Term::new("stride", "", "How many cells the window moves from one output value to the next.");
pub const PADDING: Term =
    Term::new("padding", "", "How many rows and columns of cells are added around the map.");
pub const DILATION: Term =
    Term::new("dilation", "", "Distance between neighbouring cells of the window; 1 leaves no gaps.");
pub const STRIDE_IS_KERNEL: Term = Term::new(
    "stride = kernel size",
    "stride=None",
    "The window moves by its own size, so that windows neither overlap nor leave gaps.",
);
pub const SQUARE: Term = Term::new("square", "", "Height and width of each setting are the same.");
pub const CEIL_MODE: Term = Term::new(
    "ceil mode",
    "ceil_mode",
    "Rounds the output size up instead of down, so that a last window may extend beyond the map.",
);
pub const INCLUDE_PADDING: Term = Term::new(
    "include padding",
    "count_include_pad",
    "The mean of a window includes the zeros of the padding.",
);
pub const LAYER: Term = Term::new("layer", "", "The layer whose feature maps are pooled.");
pub const MAP: Term = Term::new("feature map", "", "One channel of the layer's output; the first is map 0.");
pub const EXAMPLE: Term =
    Term::new("example", "", "Small maps from textbooks, with settings that suit them.");
pub const ROWS_COLUMNS: Term = Term::new("rows × columns", "", "The size of the map that you type.");
pub const OUTPUT_SIZE: Term = Term::new(
    "Output size",
    "",
    "Number of output values along one side: N is the input size, P the padding, K the kernel size, S the stride and D \
     the dilation.",
);
pub const INPUT_VALUES: Term = Term::new("input values", "", "Rows × columns of the map.");
pub const OUTPUT_VALUES: Term = Term::new("output values", "", "Rows × columns of the pooled map.");
pub const PARAMETERS: Term =
    Term::new("parameters", "", "Numbers that training changes; a pooling layer has none.");
pub const TIES: Term = Term::new("windows with a tie", "", "Windows in which several cells are the largest.");
pub const REACHED: Term =
    Term::new("cells reached", "", "Cells of the map that receive a gradient other than 0.");
pub const LARGEST_GRADIENT: Term =
    Term::new("largest gradient", "", "The largest gradient of any cell of the map.");
pub const CHANGED: Term = Term::new("values changed", "", "Output values that the shift changes.");
pub const MEAN_CHANGE: Term = Term::new(
    "mean change",
    "",
    "Mean of the absolute changes: their sum divided by the number of output values.",
);
pub const KEPT: Term =
    Term::new("values kept", "", "Output values so far, out of the cells that are filled with them.");
pub const MEAN_SQUARED: Term = Term::new(
    "mean squared error",
    "",
    "Mean of (filled value − original value)²: the sum of the squares divided by the number of cells.",
);
