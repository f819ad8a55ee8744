//! A grey picture under a translucent heat map of a value per pixel.

use super::heat_atlas::HeatAtlas;
use crate::ui::style::{colormap::ColorMapLut, picture::PictureGround, tokens::Tokens};
use egui::{Rect, Response, Role, Sense, StrokeKind, Theme, Ui, WidgetInfo, vec2};

/// The picture in the atlas.
const GROUND: usize = 0;

/// The heat map in the atlas.
const OVER: usize = 1;

/// The widget with its textures, which are filled again when the revision changes.
#[derive(Default)]
pub struct OverlayPicture {
    atlas: HeatAtlas,
    shown: Option<(u64, Theme, PictureGround)>,
}

/// The content of an [`OverlayPicture`].
#[derive(Clone, Copy, Debug)]
pub struct Overlay<'a> {
    /// The name that screen readers read.
    pub name: &'a str,
    /// A number that changes with the picture or the values.
    pub revision: u64,
    /// Columns and rows.
    pub size: (usize, usize),
    /// The background of the picture's ink.
    pub picture: PictureGround,
    /// The values of the heat map, row by row.
    pub values: &'a [f32],
    /// The colours of the values.
    pub colors: &'a ColorMapLut,
    /// The value at full colour.
    pub limit: f32,
    /// The opacity of the heat map, 0 to 1.
    pub opacity: f32,
    /// The longer side on the screen, in points.
    pub side: f32,
}

impl OverlayPicture {
    /// Shows the picture. `ground` returns its pixels, 0 to 1, and is called only for a new revision. Returns the response
    /// and the (row, column) of the pixel under the pointer.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        overlay: Overlay<'_>,
        ground: impl FnOnce() -> Vec<f32>,
    ) -> (Response, Option<(usize, usize)>) {
        let t = Tokens::of(ui);
        let (columns, rows) = (overlay.size.0.max(1), overlay.size.1.max(1));
        self.atlas.set_sizes(ui.ctx(), &[overlay.size; 2]);
        let shown = Some((overlay.revision, t.theme, overlay.picture));
        if self.shown != shown {
            self.shown = shown;
            self.atlas.fill(GROUND, &ground(), overlay.picture.colors(t.theme), 1.0);
            self.atlas.fill(OVER, overlay.values, overlay.colors, overlay.limit.max(f32::MIN_POSITIVE));
            self.atlas.upload(ui.ctx());
        }
        let size = vec2(columns as f32, rows as f32) * (overlay.side / columns.max(rows) as f32);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, overlay.name));
        self.atlas.paint(ui.painter(), GROUND, rect);
        self.atlas.paint_faded(ui.painter(), OVER, rect, overlay.opacity);
        ui.painter().rect_stroke(rect, 0, t.control_stroke(), StrokeKind::Outside);
        let pointed = response.hover_pos().map(|pointer| {
            let at = (pointer - rect.min) / rect.size();
            let cell = |share: f32, count: usize| ((share * count as f32) as usize).min(count - 1);
            (cell(at.y, rows), cell(at.x, columns))
        });
        if let Some((row, column)) = pointed {
            let pixel = vec2(rect.width() / columns as f32, rect.height() / rows as f32);
            let corner = rect.min + vec2(column as f32, row as f32) * pixel;
            let pixel = Rect::from_min_size(corner, pixel);
            ui.painter().rect_stroke(pixel, 0, t.highlight_stroke(), StrokeKind::Outside);
        }
        (response, pointed)
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::ui::widgets::testing::harness;

    #[derive(Default)]
    struct State {
        picture: OverlayPicture,
        asked: u32,
        revision: u64,
        pointed: Option<(usize, usize)>,
    }

    #[test]
    fn it_is_made_anew_for_a_new_revision_and_names_the_pixel() {
        let mut harness = harness(|ui, state: &mut State| {
            let overlay = Overlay {
                name: "overlay",
                revision: state.revision,
                size: (4, 3),
                picture: PictureGround::Paper,
                values: &[0.5; 12],
                colors: ColorMapLut::diverging(Theme::Dark),
                limit: 0.0,
                opacity: 0.6,
                side: 200.0,
            };
            let asked = &mut state.asked;
            let shown = state.picture.ui(ui, overlay, || {
                *asked += 1;
                vec![1.0; 12]
            });
            state.pointed = shown.1;
        });
        harness.run();
        harness.run();
        assert_eq!(harness.state().asked, 1);
        harness.state_mut().revision = 2;
        harness.run();
        assert_eq!(harness.state().asked, 2);
        let rect = harness.get_by_role_and_label(Role::Image, "overlay").rect();
        assert_eq!(rect.size(), vec2(200.0, 150.0));
        harness.hover_at(rect.lerp_inside(vec2(0.9, 0.4)));
        harness.run();
        assert_eq!(harness.state().pointed, Some((1, 3)));
    }
}
