//! Presenting: what is shown to a class, the pen, and the controls that a teacher has hidden.

use super::hidden::HiddenControl;
use serde::{Deserialize, Serialize};

/// The most points that the pen keeps; older strokes go first.
const MOST_POINTS: usize = 20_000;

/// A place in the window, in parts of its width and height.
pub type PenPoint = [f32; 2];

/// How the window is shown to a class.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, each with a key of its own")]
pub struct Presenting {
    /// Whether the view fills the screen, without bars and panels.
    pub is_on: bool,
    /// Whether the screen is dark.
    pub is_dark: bool,
    /// Whether the pointer is a pen.
    pub has_pen: bool,
    /// Whether a click hides a control.
    pub is_hiding: bool,
    /// What the pen has drawn.
    pub strokes: Vec<Vec<PenPoint>>,
}

/// What is done while presenting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PresentAct {
    /// Lets the view fill the screen, or brings bars and panels back.
    Fill(bool),
    /// Darkens the screen, or lights it again.
    Dark(bool),
    /// Takes the pen, or puts it down. What it has drawn stays.
    Pen(bool),
    /// The pen touches the window here.
    Touch(PenPoint),
    /// The pen moves to here.
    Move(PenPoint),
    /// Removes what the pen has drawn.
    Wipe,
    /// Moves the animation of the view by so many steps.
    Step(isize),
    /// Lets a click hide a control, or act as usual again.
    Hiding(bool),
    /// Hides a control; its value stays as text.
    Hide(HiddenControl),
    /// Shows it again.
    Show(HiddenControl),
    /// Shows all controls again.
    ShowAll,
}

impl Presenting {
    /// Begins a stroke of the pen.
    pub fn touch(&mut self, point: PenPoint) {
        if is_inside(point) {
            self.strokes.push(vec![point]);
            let count = |strokes: &[Vec<PenPoint>]| strokes.iter().map(Vec::len).sum::<usize>();
            while self.strokes.len() > 1 && count(&self.strokes) > MOST_POINTS {
                self.strokes.remove(0);
            }
        }
    }

    /// Goes on with the stroke.
    pub fn move_to(&mut self, point: PenPoint) {
        if let Some(stroke) = self.strokes.last_mut()
            && is_inside(point)
            && stroke.len() < MOST_POINTS
            && stroke.last() != Some(&point)
        {
            stroke.push(point);
        }
    }

    /// Brings bars and panels back. Dark screen, pen and what it has drawn are gone.
    pub fn end(&mut self) {
        *self = Self::default();
    }
}

fn is_inside(point: PenPoint) -> bool {
    point.iter().all(|part| (-0.1..=1.1).contains(part))
}
