//! What egui drew in one frame, to be painted.

use super::{frame::delay, gaps::Gaps};
use crate::{figure::Pixels, ui::offscreen::Renderer};
use egui::{
    Color32, ColorImage, Context, FullOutput, Rect, TextureId, emath::TSTransform, epaint::ClippedShape, vec2,
};

/// The longest side of a shape that is drawn as a picture, in pixels.
const MAX_RASTER: usize = 4096;

/// What was drawn, with the textures that it needs.
pub struct Sheet {
    ctx: Context,
    renderer: Renderer,
    shapes: Vec<ClippedShape>,
    /// The part that is painted, in points.
    pub area: Rect,
    /// What is below everything; `None` is transparent.
    pub ground: Option<Color32>,
}

impl Sheet {
    /// Starts without shapes.
    pub fn new(ctx: Context) -> Self {
        Self { ctx, renderer: Renderer::default(), shapes: Vec::new(), area: Rect::ZERO, ground: None }
    }

    /// Takes over a frame: every frame's changes of textures are needed, but only the last one's shapes. Returns the seconds
    /// until the next frame is wanted.
    pub fn take(&mut self, mut output: FullOutput) -> f32 {
        self.renderer.update_textures(&mut output.textures_delta);
        self.shapes = output.shapes;
        delay(&output.viewport_output)
    }

    /// Takes over the changes of textures alone.
    pub fn take_textures(&mut self, mut output: FullOutput) {
        self.renderer.update_textures(&mut output.textures_delta);
    }

    /// The shapes.
    pub fn shapes(&self) -> &[ClippedShape] {
        &self.shapes
    }

    /// Adds shapes above the others.
    pub fn add(&mut self, shapes: impl IntoIterator<Item = ClippedShape>) {
        self.shapes.extend(shapes);
    }

    /// Pixels of a point.
    pub fn scale(&self) -> f32 {
        self.ctx.pixels_per_point()
    }

    /// The size of the picture, in pixels.
    pub fn size(&self) -> [usize; 2] {
        let size = self.area.size() * self.scale();
        [size.x, size.y].map(|side| side.round().max(0.0) as usize)
    }

    /// Where something is drawn.
    pub(super) fn places(&self) -> impl Iterator<Item = Rect> {
        self.shapes.iter().map(seen).filter(Rect::is_positive)
    }

    /// Closes empty bands.
    pub(super) fn close(&mut self, gaps: &Gaps) {
        for shape in &mut self.shapes {
            let up = gaps.above(seen(shape).top());
            if up > 0.0 {
                shape.transform(TSTransform::from_translation(vec2(0.0, -up)));
            }
        }
    }

    /// The texels of a part of a texture; see [`Renderer::texels`].
    pub(super) fn texels(&self, id: TextureId, uv: Rect) -> Option<(ColorImage, bool)> {
        self.renderer.texels(id, uv)
    }

    /// One shape as a picture, with `scale` pixels a point, of what is seen of it in `room`.
    pub(super) fn raster(&self, shape: ClippedShape, room: Rect, scale: f32) -> Pixels {
        let size =
            [room.width(), room.height()].map(|side| ((side * scale).ceil() as usize).clamp(1, MAX_RASTER));
        let primitives = self.ctx.tessellate(vec![moved(shape, room)], scale);
        let image = self.renderer.paint(size, scale, &primitives);
        Pixels { size, rgba: image.pixels.iter().map(Color32::to_srgba_unmultiplied).collect() }
    }

    /// Paints the area.
    pub fn paint(&self) -> Pixels {
        let size = self.size();
        let shapes = self.shapes.iter().map(|shape| moved(shape.clone(), self.area)).collect();
        let primitives = self.ctx.tessellate(shapes, self.scale());
        let image = self.renderer.paint(size, self.scale(), &primitives);
        let below = |pixel: Color32| self.ground.map_or(pixel, |ground| ground.blend(pixel));
        Pixels {
            size,
            rgba: image.pixels.iter().map(|pixel| below(*pixel).to_srgba_unmultiplied()).collect(),
        }
    }
}

/// Where a shape is seen, in points.
pub(super) fn seen(clipped: &ClippedShape) -> Rect {
    let bounds = clipped.shape.visual_bounding_rect();
    (clipped.transform_after_tessellation * bounds).intersect(clipped.clip_rect)
}

/// The shape as it is where the area's corner is the origin.
pub(super) fn moved(mut clipped: ClippedShape, area: Rect) -> ClippedShape {
    let offset = -area.min.to_vec2();
    if offset != egui::Vec2::ZERO {
        clipped.transform(TSTransform::from_translation(offset));
    }
    clipped
}
