//! The drawing: strokes that can be undone, over a picture or nothing.

#[cfg(test)]
mod tests;

use super::stroke_raster::Raster;
pub use super::stroke_raster::{Picture, RASTER};
use crate::{data::digit, ui::style::picture::PictureGround};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};

/// Points nearer to each other than this, in parts of the side, are one.
const NEAREST: f32 = 0.25 / RASTER as f32;

/// The most memory of the history, in pixels of pictures. Older acts cannot be undone.
const MOST: usize = 16 * RASTER * RASTER;

/// The memory of a stroke's point, in pixels.
const POINT: usize = 8;

/// A stroke with more points than this goes on as another one.
const MOST_POINTS: usize = 50_000;

/// A drawing with more points than this is not drawn again with a narrower brush: that would take longer than a frame.
const MOST_THINNED: usize = 4000;

/// One movement of the brush, from press to release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// Where the brush has been, in parts of the side: (0, 0) is the upper left corner, (1, 1) the lower right one.
    pub points: Vec<[f32; 2]>,
    /// The brush's radius, in parts of the side.
    pub radius: f32,
    /// Whether it takes ink away.
    pub is_eraser: bool,
}

impl Stroke {
    /// Draws the stroke with `factor` times its radius.
    fn draw(&self, raster: &mut Raster, factor: f32) {
        let firsts = self.points.first().into_iter().chain(&self.points);
        for (from, to) in firsts.zip(&self.points) {
            raster.add_segment(*from, *to, factor * self.radius, self.is_eraser);
        }
    }
}

/// What a movement of the pointer does to the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// The brush is put down.
    Begin {
        /// Where, in parts of the side.
        point: [f32; 2],
        /// The brush's radius, in parts of the side.
        radius: f32,
        /// Whether it takes ink away.
        is_eraser: bool,
    },
    /// The brush moves on in a straight line.
    Extend([f32; 2]),
    /// The brush is lifted.
    End,
}

/// One thing that can be undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Act {
    Stroke(Stroke),
    /// The first stroke after an example or a picture, which it replaces.
    First(Stroke),
    /// Strokes that no person drew. The first stroke of a person replaces them.
    Example(Vec<Stroke>),
    Clear,
    Picture(Picture),
}

impl Act {
    /// Its memory, in pixels of pictures.
    fn size(&self) -> usize {
        match self {
            Self::Stroke(stroke) | Self::First(stroke) => POINT * (1 + stroke.points.len()),
            Self::Example(strokes) => {
                POINT * strokes.iter().map(|stroke| 1 + stroke.points.len()).sum::<usize>()
            }
            Self::Clear => POINT,
            Self::Picture(picture) => POINT + picture.pixels.len(),
        }
    }

    fn repeat(&self, raster: &mut Raster) {
        match self {
            Self::Clear => raster.clear(),
            Self::Picture(picture) => raster.set_picture(picture),
            Self::Stroke(stroke) => stroke.draw(raster, 1.0),
            Self::First(stroke) => {
                raster.clear();
                stroke.draw(raster, 1.0);
            }
            Self::Example(strokes) => {
                raster.clear();
                for stroke in strokes {
                    stroke.draw(raster, 1.0);
                }
            }
        }
    }

    /// The strokes that it adds.
    fn strokes(&self) -> &[Stroke] {
        match self {
            Self::Stroke(stroke) | Self::First(stroke) => std::slice::from_ref(stroke),
            Self::Example(strokes) => strokes,
            Self::Clear | Self::Picture(_) => &[],
        }
    }
}

/// A drawing of [`RASTER`] × [`RASTER`] pixels, white ink on black, with its history.
///
/// The pixels follow every point at once. The acts are stored, so that they can be undone, repeated and saved; the oldest are
/// stored as the picture they left.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub struct Drawing {
    /// The picture under the strokes that can be undone; `None` if there is none.
    base: Option<Picture>,
    done: Vec<Act>,
    undone: Vec<Act>,
    is_stroking: bool,
    raster: Raster,
    revision: u64,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Picture>,
    acts: Vec<Act>,
}

impl Default for Drawing {
    fn default() -> Self {
        Self {
            base: None,
            done: Vec::new(),
            undone: Vec::new(),
            is_stroking: false,
            raster: Raster::blank(),
            revision: next_revision(),
        }
    }
}

impl From<Saved> for Drawing {
    fn from(saved: Saved) -> Self {
        let mut drawing = Self { base: saved.base.map(bounded), done: saved.acts, ..Self::default() };
        for act in &mut drawing.done {
            if let Act::Picture(picture) = act {
                *picture = bounded(std::mem::take(picture));
            }
        }
        drawing.forget_oldest();
        drawing.repeat_all();
        drawing
    }
}

impl From<Drawing> for Saved {
    fn from(drawing: Drawing) -> Self {
        Self { base: drawing.base, acts: drawing.done }
    }
}

impl Drawing {
    /// The pixels, row by row, 0 nothing to 255 full ink.
    pub fn bitmap(&self) -> &[u8] {
        self.raster.pixels()
    }

    /// How much of the surface is inked, in percent.
    pub fn ink(&self) -> f32 {
        (self.raster.total() as f64 / (255.0 * (RASTER * RASTER) as f64) * 100.0) as f32
    }

    /// Whether there is no ink.
    pub fn is_blank(&self) -> bool {
        self.raster.total() == 0
    }

    /// A number that changes with every change and is unique among all drawings.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The background of the ink: that of the picture under the strokes, or else paper.
    pub fn ground(&self) -> PictureGround {
        self.ground_of(self.done.len())
    }

    /// The same as it was after the first `count` acts.
    fn ground_of(&self, count: usize) -> PictureGround {
        let last = self.done[..count].iter().rev().find(|act| !matches!(act, Act::Stroke(_)));
        match last {
            Some(Act::Picture(picture)) => picture.ground,
            Some(Act::Clear | Act::Stroke(_) | Act::First(_) | Act::Example(_)) => PictureGround::Paper,
            None => self.base.as_ref().map_or(PictureGround::Paper, |base| base.ground),
        }
    }

    /// Whether a stroke has begun and not ended.
    pub fn is_stroking(&self) -> bool {
        self.is_stroking
    }

    /// Applies a movement of the pointer; returns whether the drawing changed.
    pub fn apply(&mut self, edit: &Edit) -> bool {
        match *edit {
            Edit::Begin { point, radius, is_eraser } => {
                self.begin_stroke(point, radius, is_eraser);
                true
            }
            Edit::Extend(point) => self.extend_stroke(point),
            Edit::End => {
                self.end_stroke();
                false
            }
        }
    }

    /// A drawing of strokes that no person drew: an example, which the first stroke replaces.
    pub fn example(strokes: Vec<Stroke>) -> Self {
        Self::from(Saved { base: None, acts: vec![Act::Example(strokes)] })
    }

    /// Whether this is an example or a picture as it was put here, which the next stroke of the brush replaces.
    fn steps_aside(&self) -> bool {
        matches!(self.done.last(), Some(Act::Example(_) | Act::Picture(_)))
    }

    /// The tag of the picture that is here as it was put here.
    pub fn picture_tag(&self) -> Option<&str> {
        match self.done.last() {
            Some(Act::Picture(picture)) => Some(&picture.tag),
            _ => None,
        }
    }

    /// Puts the brush down: a dot, until it moves. An example or a picture is removed first, unless it is erased from.
    pub fn begin_stroke(&mut self, point: [f32; 2], radius: f32, is_eraser: bool) {
        let stroke = Stroke { points: vec![point], radius, is_eraser };
        let act = if self.steps_aside() && !is_eraser { Act::First(stroke) } else { Act::Stroke(stroke) };
        act.repeat(&mut self.raster);
        self.push(act);
        self.is_stroking = true;
    }

    /// Moves the brush on in a straight line; returns whether the distance was large enough to count.
    pub fn extend_stroke(&mut self, point: [f32; 2]) -> bool {
        let (true, Some(Act::Stroke(stroke) | Act::First(stroke))) = (self.is_stroking, self.done.last_mut())
        else {
            return false;
        };
        let Some(last) = stroke.points.last().copied() else {
            return false;
        };
        if (point[0] - last[0]).hypot(point[1] - last[1]) < NEAREST {
            return false;
        }
        let (radius, is_eraser) = (stroke.radius, stroke.is_eraser);
        if stroke.points.len() < MOST_POINTS {
            stroke.points.push(point);
            self.revision = next_revision();
        } else {
            self.push(Act::Stroke(Stroke { points: vec![last, point], radius, is_eraser }));
        }
        self.raster.add_segment(last, point, radius, is_eraser);
        true
    }

    /// Lifts the brush.
    pub fn end_stroke(&mut self) {
        self.is_stroking = false;
    }

    /// Removes all ink. Can be undone. Returns whether there was any.
    pub fn clear(&mut self) -> bool {
        let had_ink = !self.is_blank();
        if had_ink {
            self.raster.clear();
            self.push(Act::Clear);
        }
        self.is_stroking = false;
        had_ink
    }

    /// Replaces the drawing with a picture, which the next stroke replaces, and from which can be erased. Can be undone.
    ///
    /// It is shown as large as fits; a 28×28 sample becomes exact blocks of 10×10 pixels.
    pub fn set_bitmap(&mut self, picture: Picture) {
        self.raster.set_picture(&picture);
        let is_large = picture.pixels.len() > RASTER * RASTER;
        let kept = if is_large {
            Picture { tag: picture.tag, ..self.raster.picture(picture.ground) }
        } else {
            picture
        };
        self.push(Act::Picture(kept));
        self.is_stroking = false;
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Undoes the last stroke, clearing or picture. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        self.shift(|drawing| drawing.done.pop().map(|act| drawing.undone.push(act)))
    }

    /// Redoes the act that was undone last. Returns whether there was one.
    pub fn redo(&mut self) -> bool {
        self.shift(|drawing| drawing.undone.pop().map(|act| drawing.done.push(act)))
    }

    /// The strokes since the last clearing or picture.
    pub fn strokes(&self) -> impl Iterator<Item = &Stroke> {
        self.done[self.start()..].iter().flat_map(Act::strokes)
    }

    /// The pixels if the strokes had been drawn with a narrower brush that fits their size, row by row: small writing with
    /// a wide brush is illegible otherwise. See [`digit::pen_factor`].
    ///
    /// `None` if the brush fits, if something was erased, or if there is a picture under the strokes.
    pub fn thinned(&self) -> Option<Vec<u8>> {
        let start = self.start();
        let is_bare = match self.done.get(start) {
            Some(Act::Picture(_)) | None => false,
            Some(Act::Clear | Act::First(_) | Act::Example(_)) => true,
            Some(Act::Stroke(_)) => self.base.is_none(),
        };
        let strokes: Vec<&Stroke> = self.strokes().collect();
        let points = strokes.iter().map(|stroke| stroke.points.len()).sum::<usize>();
        if !is_bare || points > MOST_THINNED || strokes.iter().any(|stroke| stroke.is_eraser) {
            return None;
        }
        let side = (0..2).map(|axis| {
            let values =
                strokes.iter().flat_map(|stroke| &stroke.points).map(|point| point[axis].clamp(0.0, 1.0));
            let (least, most) = values.fold((1.0_f32, 0.0_f32), |(a, b), value| (a.min(value), b.max(value)));
            most - least
        });
        let side = side.fold(0.0, f32::max);
        let pen = strokes.iter().map(|stroke| 2.0 * stroke.radius).fold(0.0, f32::max);
        let factor = digit::pen_factor(side, pen);
        if factor >= 1.0 {
            return None;
        }
        let mut raster = Raster::blank();
        for stroke in strokes {
            stroke.draw(&mut raster, factor);
        }
        Some(raster.pixels().to_vec())
    }

    fn shift(&mut self, move_one: impl FnOnce(&mut Self) -> Option<()>) -> bool {
        self.is_stroking = false;
        let moved = move_one(self).is_some();
        if moved {
            self.repeat_all();
        }
        moved
    }

    fn push(&mut self, act: Act) {
        self.done.push(act);
        self.undone.clear();
        self.forget_oldest();
        self.revision = next_revision();
    }

    /// Merges the oldest acts into a picture until the others fit into [`MOST`]. The newest act stays.
    fn forget_oldest(&mut self) {
        let mut size: usize = self.done.iter().map(Act::size).sum();
        let mut count = 0;
        while size > MOST && count + 1 < self.done.len() {
            size -= self.done[count].size();
            count += 1;
        }
        if count == 0 {
            return;
        }
        let ground = self.ground_of(count);
        let mut raster = Raster::blank();
        if let Some(base) = &self.base {
            raster.set_picture(base);
        }
        self.done.drain(..count).for_each(|act| act.repeat(&mut raster));
        self.base = (raster.total() > 0).then(|| raster.picture(ground));
    }

    /// The first visible act: the last clearing or picture hides those before it.
    fn start(&self) -> usize {
        self.done.iter().rposition(|act| !matches!(act, Act::Stroke(_))).unwrap_or(0)
    }

    fn repeat_all(&mut self) {
        match &self.base {
            Some(base) => self.raster.set_picture(base),
            None => self.raster.clear(),
        }
        for act in &self.done[self.start()..] {
            act.repeat(&mut self.raster);
        }
        self.revision = next_revision();
    }
}

/// A picture that looks the same and takes no more memory than the drawing.
fn bounded(picture: Picture) -> Picture {
    if picture.pixels.len() <= RASTER * RASTER {
        return picture;
    }
    let mut raster = Raster::blank();
    raster.set_picture(&picture);
    Picture { tag: picture.tag, ..raster.picture(picture.ground) }
}

/// Every revision is unique, so that no drawing is mistaken for another.
fn next_revision() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
