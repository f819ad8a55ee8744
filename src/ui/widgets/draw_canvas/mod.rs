//! The canvas to draw on with mouse, pen or finger.

#[cfg(test)]
mod tests;

pub use super::canvas_history::{Drawing, Edit, Picture, RASTER, Stroke as BrushStroke};
use crate::{
    text::{fill, tr},
    ui::style::{
        fonts,
        tokens::{Tokens, radius, size},
    },
};
use egui::{
    Align2, Color32, ColorImage, Context, CornerRadius, CursorIcon, Event, Id, Image, PointerButton, Pos2,
    Rect, Response, Role, Sense, Stroke, StrokeKind, TextureHandle, TextureOptions, Theme, TouchPhase, Ui,
    Vec2, WidgetInfo, emath::GuiRounding as _, vec2,
};

/// The brush of the pointer.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Brush {
    /// Half its width, as a fraction of the canvas's side.
    pub radius: f32,
    /// Whether it erases. The secondary button always does.
    pub eraser: bool,
}

/// The smallest and the largest radius, as fractions of the canvas's side: a pen's tip to a marker.
pub const BRUSHES: std::ops::RangeInclusive<f32> = 0.004..=0.1;

impl Default for Brush {
    fn default() -> Self {
        Self { radius: 0.04, eraser: false }
    }
}

impl Brush {
    /// The brush of a button: the secondary one erases, wide enough to remove a stroke with its soft edges.
    fn held_by(self, button: PointerButton) -> Self {
        if button == PointerButton::Secondary && !self.eraser {
            Self { radius: self.radius * 1.5, eraser: true }
        } else {
            self
        }
    }
}

/// What happened on the canvas in this frame.
#[derive(Debug)]
pub struct CanvasResponse {
    /// The canvas as a widget; `changed` if the brush left ink.
    pub response: Response,
    /// The edits, in order. The caller applies them to the drawing.
    pub edits: Vec<Edit>,
}

/// The stroke of this frame, which is not in the drawing yet. Points are fractions of the side.
#[derive(Clone, Copy)]
struct Segment {
    from: [f32; 2],
    to: [f32; 2],
    radius: f32,
    is_eraser: bool,
}

/// A movement of the pointer; a frame can hold many.
#[derive(Clone, Copy)]
enum Move {
    To(Pos2),
    Press(Pos2, PointerButton),
    Release(Pos2, PointerButton),
    /// A touch that the system cancelled: no release follows.
    Lost,
}

/// The widget's state between frames. The drawing belongs to the caller.
pub struct DrawCanvas {
    id: Id,
    texture: Option<TextureHandle>,
    shown: Option<(u64, Theme)>,
    /// The button that holds the brush down.
    held: Option<PointerButton>,
    /// The last segment, while the brush is down.
    last: Option<Segment>,
}

impl Default for DrawCanvas {
    fn default() -> Self {
        Self::new(Self::id())
    }
}

impl DrawCanvas {
    /// The id of the *Draw* view's canvas, to know whether it has the keyboard focus.
    pub fn id() -> Id {
        Id::unique("drawing canvas")
    }

    /// A canvas with an id of its own.
    pub fn new(id: Id) -> Self {
        Self { id, texture: None, shown: None, held: None, last: None }
    }

    /// Shows the drawing as a square with sides of `side` points, and over it the stroke of this frame: the
    /// drawing has that when the caller has applied the edits.
    ///
    /// Every pointer event of the frame is used, so that fast strokes keep their shape. A stroke may leave the
    /// square and come back. `placeholder` is shown on an empty surface.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        drawing: &Drawing,
        brush: &Brush,
        side: f32,
        placeholder: &str,
    ) -> CanvasResponse {
        let (_, rect) = ui.allocate_space(Vec2::splat(side));
        let mut response = ui.interact(rect, self.id, Sense::click_and_drag());
        let rect = rect.round_to_pixels(ui.pixels_per_point());
        let is_over = response.contains_pointer() || response.is_pointer_button_down_on();
        let edits = self.follow_pointer(ui, *brush, rect, is_over && response.enabled());
        let fresh = self.segments(&edits);
        if !fresh.is_empty() {
            response.mark_changed();
        }
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), tr("Drawing canvas"));
            info.current_text_value =
                Some(fill(tr("ink {percent}"), &[("percent", &format!("{:.1}", drawing.ink()))]));
            info
        });
        if ui.is_rect_visible(rect) {
            self.paint_ui(ui, drawing, &fresh, rect, &response);
            if drawing.is_blank() && self.held.is_none() && fresh.is_empty() {
                let t = Tokens::of(ui);
                let painter = ui.painter();
                painter.text(
                    rect.center(),
                    Align2::CENTER_CENTER,
                    placeholder,
                    fonts::words(size::LARGE),
                    t.faint,
                );
            }
            self.brush_ring_ui(ui, *brush, rect, &response);
        }
        CanvasResponse { response: response.on_hover_cursor(CursorIcon::Crosshair), edits }
    }

    fn follow_pointer(&mut self, ui: &Ui, brush: Brush, rect: Rect, may_begin: bool) -> Vec<Edit> {
        if !may_begin && self.held.is_none() {
            return Vec::new();
        }
        let mut edits = Vec::new();
        let mut edit = |edit: Edit| edits.push(edit);
        let moves: Vec<Move> = ui.input(|input| input.events.iter().filter_map(as_move).collect());
        let unit = |pos: Pos2| {
            let at = (pos - rect.min) / rect.size();
            [at.x, at.y]
        };
        for step in moves {
            match step {
                Move::Press(pos, button) if self.held.is_none() && may_begin && rect.contains(pos) => {
                    let tool = brush.held_by(button);
                    let (point, radius) = (unit(pos), tool.radius);
                    edit(Edit::Begin { point, radius, is_eraser: tool.eraser });
                    self.held = Some(button);
                }
                Move::To(pos) if self.held.is_some() => {
                    edit(Edit::Extend(unit(pos)));
                }
                Move::Release(pos, button) if self.held == Some(button) => {
                    edit(Edit::Extend(unit(pos)));
                    edit(Edit::End);
                    self.held = None;
                }
                Move::Lost if self.held.is_some() => {
                    edit(Edit::End);
                    self.held = None;
                }
                Move::Press(..) | Move::To(_) | Move::Release(..) | Move::Lost => {}
            }
        }
        // A release outside the window may never arrive.
        if self.held.is_some() && !ui.input(|input| input.pointer.any_down()) {
            edit(Edit::End);
            self.held = None;
        }
        edits
    }

    /// The segments of edits.
    fn segments(&mut self, edits: &[Edit]) -> Vec<Segment> {
        let mut segments = Vec::new();
        for edit in edits {
            self.last = match (*edit, self.last) {
                (Edit::Begin { point, radius, is_eraser }, _) => {
                    Some(Segment { from: point, to: point, radius, is_eraser })
                }
                (Edit::Extend(to), Some(last)) => Some(Segment { from: last.to, to, ..last }),
                (Edit::Extend(_), None) | (Edit::End, _) => None,
            };
            segments.extend(self.last);
        }
        segments
    }

    fn paint_ui(&mut self, ui: &Ui, drawing: &Drawing, fresh: &[Segment], rect: Rect, response: &Response) {
        let t = Tokens::of(ui);
        let corners = CornerRadius::same(radius::XL);
        self.update_texture(ui.ctx(), drawing, t.theme);
        if let Some(texture) = &self.texture {
            Image::from_texture((texture.id(), rect.size())).corner_radius(corners).paint_at(ui, rect);
        }
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let map = drawing.ground().colors(t.theme);
        for segment in fresh {
            let [from, to] = [segment.from, segment.to].map(|[x, y]| rect.lerp_inside(vec2(x, y)));
            let radius = segment.radius * rect.width();
            let ink = map.unsigned(if segment.is_eraser { 0.0 } else { 1.0 }, 1.0);
            painter.line_segment([from, to], Stroke::new(2.0 * radius, ink));
            painter.circle_filled(from, radius, ink);
            painter.circle_filled(to, radius, ink);
        }
        let outline = if response.has_focus() { t.focus_stroke() } else { t.control_stroke() };
        ui.painter().rect_stroke(rect, corners, outline, StrokeKind::Inside);
    }

    /// Uploads the pixels if they or the theme changed.
    fn update_texture(&mut self, ctx: &Context, drawing: &Drawing, theme: Theme) {
        let wanted = (drawing.revision(), theme);
        if self.shown == Some(wanted) {
            return;
        }
        let map = drawing.ground().colors(theme);
        let inks: [Color32; 256] = std::array::from_fn(|i| map.unsigned(i as f32, 255.0));
        let pixels = drawing.bitmap().iter().map(|p| inks[usize::from(*p)]).collect();
        let image = ColorImage::new([RASTER, RASTER], pixels);
        match &mut self.texture {
            Some(texture) => texture.set(image, TextureOptions::LINEAR),
            None => self.texture = Some(ctx.load_texture("drawing", image, TextureOptions::LINEAR)),
        }
        self.shown = Some(wanted);
    }

    fn brush_ring_ui(&self, ui: &Ui, brush: Brush, rect: Rect, response: &Response) {
        let is_shown = response.hovered() || self.held.is_some();
        let Some(pos) =
            ui.input(|input| input.pointer.latest_pos()).filter(|_| is_shown && response.enabled())
        else {
            return;
        };
        let t = Tokens::of(ui);
        let tool = brush.held_by(self.held.unwrap_or(PointerButton::Primary));
        let color = if tool.eraser { t.warn } else { t.accent };
        let ring = (tool.radius * rect.width()).max(2.0);
        ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).circle_stroke(
            pos,
            ring,
            Stroke::new(1.5, color),
        );
    }
}

fn as_move(event: &Event) -> Option<Move> {
    match event {
        Event::PointerMoved(pos) => Some(Move::To(*pos)),
        Event::Touch { phase: TouchPhase::Cancel, .. } => Some(Move::Lost),
        Event::PointerButton { pos, button, pressed, .. } => {
            let is_brush = matches!(button, PointerButton::Primary | PointerButton::Secondary);
            let step = if *pressed { Move::Press(*pos, *button) } else { Move::Release(*pos, *button) };
            is_brush.then_some(step)
        }
        _ => None,
    }
}
