//! The surface one draws on with mouse, pen or finger.

use egui::emath::GuiRounding as _;
use egui::{
    Align2, Color32, ColorImage, Context, CornerRadius, CursorIcon, Event, Image, PointerButton, Pos2, Rect,
    Response, Role, Sense, Stroke, StrokeKind, TextureHandle, TextureOptions, Theme, Ui, Vec2, WidgetInfo,
};

pub use super::canvas_history::{Drawing, Picture, RASTER, Stroke as BrushStroke};
use crate::ui::colormap::ColorMapLut;
use crate::ui::fonts;
use crate::ui::tokens::{Tokens, radius, size};
use crate::ui::tr::{fill, tr};

/// What the pointer draws with.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Brush {
    /// Half its width, in parts of the surface's side.
    pub radius: f32,
    /// Whether it takes ink away. The secondary button always does.
    pub eraser: bool,
}

impl Default for Brush {
    fn default() -> Self {
        Self { radius: 0.04, eraser: false }
    }
}

/// What happened on the surface in this frame.
#[derive(Debug)]
pub struct CanvasResponse {
    /// The surface as a widget; `changed` when the drawing did.
    pub response: Response,
    /// Whether the drawing is another than before.
    pub changed: bool,
}

/// What the pointer did, in order; a frame can hold many of these.
#[derive(Clone, Copy)]
enum Move {
    To(Pos2),
    Press(Pos2, PointerButton),
    Release(PointerButton),
}

/// The widget: what it keeps between frames. The drawing itself belongs to the caller.
#[derive(Default)]
pub struct DrawCanvas {
    texture: Option<TextureHandle>,
    shown: Option<(u64, Theme)>,
    /// The button that holds the brush down.
    held: Option<PointerButton>,
}

impl DrawCanvas {
    /// Shows the drawing as a square with sides of `side` points and draws what the pointer does on it.
    ///
    /// Every pointer event of the frame is used, so that fast strokes keep their shape. A stroke may leave the
    /// square and come back. `placeholder` stands faintly on an empty surface.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        drawing: &mut Drawing,
        brush: &Brush,
        side: f32,
        placeholder: &str,
    ) -> CanvasResponse {
        let (rect, mut response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click_and_drag());
        let rect = rect.round_to_pixels(ui.pixels_per_point());
        let is_over = response.contains_pointer() || response.is_pointer_button_down_on();
        let changed = self.follow_pointer(ui, drawing, *brush, rect, is_over && response.enabled());
        if changed {
            response.mark_changed();
        }
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), tr("Drawing canvas"));
            info.current_text_value =
                Some(fill(tr("ink {percent}"), &[("percent", &format!("{:.1}", drawing.ink()))]));
            info
        });
        if ui.is_rect_visible(rect) {
            self.paint_ui(ui, drawing, rect, &response);
            if drawing.is_blank() && self.held.is_none() {
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
        CanvasResponse { response: response.on_hover_cursor(CursorIcon::Crosshair), changed }
    }

    fn follow_pointer(
        &mut self,
        ui: &Ui,
        drawing: &mut Drawing,
        brush: Brush,
        rect: Rect,
        may_begin: bool,
    ) -> bool {
        if !may_begin && self.held.is_none() {
            return false;
        }
        let moves: Vec<Move> = ui.input(|input| input.events.iter().filter_map(as_move).collect());
        let before = drawing.revision();
        let unit = |pos: Pos2| {
            let at = (pos - rect.min) / rect.size();
            [at.x, at.y]
        };
        for step in moves {
            match step {
                Move::Press(pos, button) if self.held.is_none() && may_begin && rect.contains(pos) => {
                    let is_eraser = brush.eraser || button == PointerButton::Secondary;
                    drawing.begin_stroke(unit(pos), brush.radius, is_eraser);
                    self.held = Some(button);
                }
                Move::To(pos) if self.held.is_some() => {
                    drawing.extend_stroke(unit(pos));
                }
                Move::Release(button) if self.held == Some(button) => {
                    drawing.end_stroke();
                    self.held = None;
                }
                Move::Press(..) | Move::To(_) | Move::Release(_) => {}
            }
        }
        // A release outside the window may never arrive.
        if self.held.is_some() && !ui.input(|input| input.pointer.any_down()) {
            drawing.end_stroke();
            self.held = None;
        }
        drawing.revision() != before
    }

    fn paint_ui(&mut self, ui: &Ui, drawing: &Drawing, rect: Rect, response: &Response) {
        let t = Tokens::of(ui);
        let corners = CornerRadius::same(radius::XL);
        self.update_texture(ui.ctx(), drawing, t.theme);
        if let Some(texture) = &self.texture {
            Image::from_texture((texture.id(), rect.size())).corner_radius(corners).paint_at(ui, rect);
        }
        let outline = if response.has_focus() { t.focus_stroke() } else { t.control_stroke() };
        ui.painter().rect_stroke(rect, corners, outline, StrokeKind::Inside);
    }

    /// Uploads the pixels if they or the theme are not those of the last time.
    fn update_texture(&mut self, ctx: &Context, drawing: &Drawing, theme: Theme) {
        let wanted = (drawing.revision(), theme);
        if self.shown == Some(wanted) {
            return;
        }
        let map = ColorMapLut::grey(theme);
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
        let erases = brush.eraser || self.held == Some(PointerButton::Secondary);
        let color = if erases { t.warn } else { t.accent };
        let ring = (brush.radius * rect.width()).max(2.0);
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
        Event::PointerButton { pos, button, pressed, .. } => {
            let is_brush = matches!(button, PointerButton::Primary | PointerButton::Secondary);
            let step = if *pressed { Move::Press(*pos, *button) } else { Move::Release(*button) };
            is_brush.then_some(step)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, vec2};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::ui::widgets::testing::harness;

    #[derive(Default)]
    struct State {
        canvas: DrawCanvas,
        drawing: Drawing,
        brush: Brush,
        changes: u32,
    }

    fn canvas<'a>() -> Harness<'a, State> {
        harness(|ui, state: &mut State| {
            let shown = state.canvas.ui(ui, &mut state.drawing, &state.brush, 280.0, tr("Draw a digit"));
            state.changes += u32::from(shown.changed);
        })
    }

    fn at(harness: &Harness<'_, State>, x: f32, y: f32) -> Pos2 {
        harness.get_by_role_and_label(Role::Canvas, "Drawing canvas").rect().lerp_inside(vec2(x, y))
    }

    fn press(harness: &mut Harness<'_, State>, pos: Pos2, button: PointerButton, pressed: bool) {
        harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
    }

    /// How many pieces the ink is in, by flood fill.
    fn pieces(bitmap: &[u8]) -> usize {
        let mut left: Vec<bool> = bitmap.iter().map(|p| *p > 127).collect();
        let mut count = 0;
        while let Some(first) = left.iter().position(|inked| *inked) {
            count += 1;
            let mut stack = vec![first];
            while let Some(i) = stack.pop() {
                if !std::mem::take(&mut left[i]) {
                    continue;
                }
                let (x, y) = (i % RASTER, i / RASTER);
                if x > 0 {
                    stack.push(i - 1);
                }
                if x + 1 < RASTER {
                    stack.push(i + 1);
                }
                if y > 0 {
                    stack.push(i - RASTER);
                }
                if y + 1 < RASTER {
                    stack.push(i + RASTER);
                }
            }
        }
        count
    }

    fn drag(harness: &mut Harness<'_, State>, points: &[(f32, f32)]) {
        let place: Vec<Pos2> = points.iter().map(|(x, y)| at(harness, *x, *y)).collect();
        harness.hover_at(place[0]);
        harness.drag_at(place[0]);
        for pos in &place[1..] {
            harness.hover_at(*pos);
        }
        harness.drop_at(place[place.len() - 1]);
        harness.run();
    }

    #[test]
    fn a_fast_stroke_has_no_gap() {
        let mut harness = canvas();
        drag(&mut harness, &[(0.05, 0.1), (0.95, 0.1), (0.2, 0.95)]);
        let state = harness.state();
        assert_eq!(pieces(state.drawing.bitmap()), 1);
        assert_eq!(state.drawing.strokes().count(), 1);
        assert!(state.drawing.ink() > 8.0 && state.changes >= 3);
    }

    #[test]
    fn many_events_of_one_frame_are_all_drawn() {
        let mut harness = canvas();
        let corner = at(&harness, 0.1, 0.5);
        harness.hover_at(corner);
        harness.run();
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let zigzag: Vec<Pos2> =
            (0..=8).map(|i| at(&harness, 0.1 + 0.1 * i as f32, if i % 2 == 0 { 0.5 } else { 0.2 })).collect();
        let events = &mut harness.input_mut().events;
        events.push(button(zigzag[0], true));
        events.extend(zigzag.iter().map(|pos| Event::PointerMoved(*pos)));
        events.push(button(zigzag[8], false));
        harness.run();
        let drawing = &harness.state().drawing;
        assert_eq!(drawing.strokes().next().unwrap().points.len(), 9);
        assert!(!drawing.is_stroking());
        assert_eq!(pieces(drawing.bitmap()), 1);
    }

    #[test]
    fn a_click_leaves_a_dot_and_undo_removes_it() {
        let mut harness = canvas();
        drag(&mut harness, &[(0.5, 0.5)]);
        let dot = harness.state().drawing.ink();
        assert!((dot - 100.0 * std::f32::consts::PI * 0.04 * 0.04).abs() < 0.05, "{dot}");
        let node = harness.get_by_role_and_label(Role::Canvas, "Drawing canvas");
        assert_eq!(node.value().as_deref(), Some("ink 0.5"));
        harness.state_mut().drawing.undo();
        harness.run();
        assert!(harness.state().drawing.is_blank());
    }

    #[test]
    fn the_eraser_and_the_secondary_button_erase() {
        let mut harness = canvas();
        drag(&mut harness, &[(0.1, 0.5), (0.9, 0.5)]);
        let full = harness.state().drawing.ink();
        let (a, b) = (at(&harness, 0.3, 0.5), at(&harness, 0.4, 0.5));
        press(&mut harness, a, PointerButton::Secondary, true);
        harness.hover_at(b);
        press(&mut harness, b, PointerButton::Secondary, false);
        harness.run();
        let less = harness.state().drawing.ink();
        assert!(less < full - 1.0, "{full} {less}");
        harness.state_mut().brush.eraser = true;
        drag(&mut harness, &[(0.0, 0.5), (1.0, 0.5)]);
        assert!(harness.state().drawing.ink() < 0.01);
    }

    #[test]
    fn a_stroke_may_leave_the_surface_and_one_from_outside_does_not_begin() {
        let mut harness = canvas();
        drag(&mut harness, &[(0.5, 0.5), (1.4, 0.5), (1.4, 0.8), (0.5, 0.8)]);
        let drawing = &harness.state().drawing;
        assert_eq!((drawing.strokes().count(), pieces(drawing.bitmap())), (1, 2));
        harness.state_mut().drawing.clear();
        drag(&mut harness, &[(0.5, 1.3), (0.5, 0.5)]);
        assert!(harness.state().drawing.is_blank());
    }

    #[test]
    fn a_disabled_surface_is_left_alone() {
        let mut harness = harness(|ui, state: &mut State| {
            ui.disable();
            state.canvas.ui(ui, &mut state.drawing, &state.brush, 280.0, "");
        });
        drag(&mut harness, &[(0.2, 0.2), (0.8, 0.8)]);
        assert!(harness.state().drawing.is_blank());
    }
}
