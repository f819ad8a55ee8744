//! Views on paper: their content alone, without bars, panels and controls, in a context of its own.

use super::{frame::input, gaps::Gaps, sheet::Sheet};
use crate::ui::{
    action::Actions,
    model::{picture::Ground, view::ViewId},
    state::AppState,
    style::{
        fonts, theme,
        tokens::{Tokens, size, space},
    },
    view::View,
    views::VIEWS,
    widgets::paper,
};
use egui::{
    CentralPanel, Color32, Context, Frame, Rect, Theme, Vec2, epaint::ClippedShape, epaint::TextShape,
    text::LayoutJob, vec2,
};

/// The frames after which a view that still moves is taken as it is.
const FRAMES: usize = 24;

/// The frames that every view is given to measure itself.
const LEAST_FRAMES: usize = 3;

/// The margin around a picture, in points.
const MARGIN: f32 = 12.0;

/// How a picture looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// The room that the view is laid out in, in points.
    pub room: Vec2,
    /// Pixels of a point.
    pub scale: f32,
    /// Dark or light.
    pub theme: Theme,
    /// What is below it.
    pub ground: Ground,
}

/// Takes pictures of one view, one after the other.
pub struct Studio {
    ctx: Context,
    view: Box<dyn View>,
    look: Look,
    sheet: Sheet,
    frames: u64,
    /// Where something was drawn in the pictures that were measured.
    measured: Vec<Rect>,
    /// What all pictures of a film show; see [`Studio::hold`].
    held: Option<Held>,
}

/// What all pictures of a film have in common.
struct Held {
    gaps: Gaps,
    /// Where something is drawn in any of them.
    content: Rect,
    /// That of the first picture, with its caption.
    area: Option<Rect>,
}

impl Studio {
    /// Begins with a view as it is when it is first shown.
    pub fn new(view: ViewId, look: Look) -> Option<Self> {
        let entry = VIEWS.iter().find(|entry| entry.id == view)?;
        let ctx = Context::default();
        fonts::install(&ctx);
        theme::apply(&ctx);
        theme::set_reduced_motion(&ctx, true);
        ctx.set_theme(look.theme);
        paper::set(&ctx);
        ctx.all_styles_mut(|style| {
            // What is scrolled shows a part, and no bar.
            style.spacing.scroll.dormant_handle_opacity = 0.0;
            style.spacing.scroll.dormant_background_opacity = 0.0;
        });
        let tokens = Tokens::for_theme(look.theme);
        let mut sheet = Sheet::new(ctx.clone());
        sheet.ground = match look.ground {
            Ground::Paper => Some(Color32::WHITE),
            Ground::Transparent => None,
            Ground::Window => Some(tokens.ground),
        };
        Some(Self { ctx, view: (entry.make)(), look, sheet, frames: 0, measured: Vec::new(), held: None })
    }

    /// Looks where the state is drawn, for [`Studio::hold`].
    pub fn measure(&mut self, state: &AppState) {
        self.frames(state);
        self.measured.extend(self.sheet.places());
    }

    /// Shows the part that was measured from now on, so that nothing moves from picture to picture.
    pub fn hold(&mut self) {
        let gaps = Gaps::between(&self.measured);
        let mut content = around(self.measured.drain(..));
        content.max.y -= gaps.total();
        self.held = Some(Held { gaps, content, area: None });
    }

    /// Shows the state, with a caption below it unless that is empty.
    pub fn shoot(&mut self, state: &AppState, caption: &str) -> &Sheet {
        self.frames(state);
        let content = if let Some(Held { gaps, content, .. }) = &self.held {
            self.sheet.close(gaps);
            *content
        } else {
            let places: Vec<Rect> = self.sheet.places().collect();
            self.sheet.close(&Gaps::between(&places));
            around(self.sheet.places())
        };
        let mut bounds = content;
        if !caption.is_empty() {
            let t = Tokens::for_theme(self.look.theme);
            let width = bounds.width().max(240.0);
            let job = LayoutJob::simple(caption.to_owned(), fonts::words(size::SMALL), t.second, width);
            let galley = self.ctx.fonts_mut(|fonts| fonts.layout_job(job));
            let at = bounds.left_bottom() + vec2(0.0, space::M);
            let words = TextShape::new(at, galley, t.second);
            bounds = bounds.union(words.visual_bounding_rect());
            self.sheet.add([ClippedShape::new(Rect::EVERYTHING, words)]);
            // The glyphs of the caption.
            self.empty_frame();
        }
        let bounds =
            if bounds.is_positive() { bounds } else { Rect::from_min_size(bounds.min, vec2(1.0, 1.0)) };
        let bounds = bounds.expand(MARGIN);
        let area = Rect::from_min_max(bounds.min.floor(), bounds.max.ceil());
        // A longer caption makes no larger picture.
        self.sheet.area = self.held.as_mut().map_or(area, |held| *held.area.get_or_insert(area));
        &self.sheet
    }

    /// What was shown last.
    pub fn into_sheet(self) -> Sheet {
        self.sheet
    }

    /// Frames until nothing moves.
    fn frames(&mut self, state: &AppState) {
        for frame in 0..FRAMES {
            let delay = self.frame(state);
            if frame + 1 >= LEAST_FRAMES && delay > 0.0 {
                break;
            }
        }
    }

    /// A frame. Returns the seconds until the next one is wanted.
    fn frame(&mut self, state: &AppState) -> f32 {
        let mut ignored = Actions::default();
        let room = Rect::from_min_size(egui::Pos2::ZERO, self.look.room);
        let input = input(room, self.look.scale, self.frames);
        self.frames += 1;
        let view = &mut self.view;
        let output = self.ctx.run_ui(input, |ui| {
            // Outlines reach out of their places a little.
            let ground = Frame::new().inner_margin(MARGIN);
            CentralPanel::default().frame(ground).show(ui, |ui| {
                ui.push_id(state.settings.view, |ui| view.ui(ui, state, &mut ignored));
            });
        });
        ignored.take();
        self.sheet.take(output)
    }

    /// A frame for what was laid out between frames.
    fn empty_frame(&mut self) {
        let room = Rect::from_min_size(egui::Pos2::ZERO, self.look.room);
        let output = self.ctx.run_ui(input(room, self.look.scale, self.frames), |_| ());
        self.frames += 1;
        self.sheet.take_textures(output);
    }
}

fn around(places: impl Iterator<Item = Rect>) -> Rect {
    places.fold(Rect::NOTHING, Rect::union)
}
