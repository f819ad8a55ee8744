//! The filters of the first layer: of a run before the first step, now, and what has changed.

use crate::{
    explain::{FilterChange, Filters},
    nn::Network,
    text::{fill, tr},
    ui::{
        model::network::Origin,
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{FilterGrid, FilterTiles, Legend, filter_grid, numbers, section_with_detail},
    },
};
use egui::{Label, RichText, Role, ScrollArea, Ui, WidgetInfo, vec2};

/// The height of a column's heading, in points.
const HEADING: f32 = 32.0;

/// A column narrower than this, in points, has the ends of its scale without the scale.
const NARROW: f32 = 300.0;

/// Scale limits from here on are too long to fit beside the title.
const LONG: f32 = 1e3;

/// The least and largest side of a filter, in points.
const SIDES: [u32; 2] = [10, 120];

/// The filters' textures.
#[derive(Default)]
pub struct FirstFilters {
    before: FilterGrid,
    now: FilterGrid,
    change: FilterGrid,
}

/// A column of filters.
struct Column<'a> {
    title: &'a str,
    detail: &'a str,
    /// The accessible name of the tiles.
    name: &'a str,
    /// The ends of the colour scale.
    limit: f32,
}

impl FirstFilters {
    /// The filters of the run, or of the trained network that is shown instead.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState) {
        let t = Tokens::of(ui);
        let now = &state.network.network;
        let Some(shown) = Filters::first_layer(now) else {
            ui.label(RichText::new(tr("The first layer of this network has no filters.")).color(t.second));
            return;
        };
        let is_run = matches!(state.network.origin, Origin::Live | Origin::Moment(_));
        let run = state.snapshot.as_ref().filter(|_| is_run);
        match run {
            Some(snapshot) => self.run_ui(ui, &snapshot.initial, shown),
            None => self.trained_ui(ui, now, shown),
        }
    }

    /// A network that was trained before: its filters alone.
    fn trained_ui(&mut self, ui: &mut Ui, network: &Network, shown: Filters<'_>) {
        let room = ui.available_size();
        let title = fill(tr("Filters of {name}"), &[("name", &network.spec().name)]);
        let detail = dimensions(shown);
        let name = tr("First-layer filters now");
        let column = Column { title: &title, detail: &detail, name, limit: shown.limit() };
        ui.allocate_ui(room, |ui| {
            ui.vertical(|ui| column.ui(ui, &mut self.now, shown, |number| shown.values(number)));
        });
    }

    fn run_ui(&mut self, ui: &mut Ui, initial: &Network, now: Filters<'_>) {
        let Some(before) = Filters::first_layer(initial) else { return };
        let Some(change) = FilterChange::between(before, now) else { return };
        let room = ui.available_size();
        let column = vec2((room.x - 2.0 * space::L) / 3.0, room.y);
        let limit = before.limit().max(now.limit());
        let detail = dimensions(now);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let place = |ui: &mut Ui, add: &mut dyn FnMut(&mut Ui)| {
                ui.allocate_ui(column, |ui| {
                    ui.set_width(column.x);
                    ui.vertical(|ui| add(ui));
                });
            };
            let Self { before: first, now: last, change: difference } = self;
            place(ui, &mut |ui| {
                let name = tr("First-layer filters before");
                let column = Column { title: tr("Filters before"), detail: &detail, name, limit };
                column.ui(ui, first, before, |number| before.values(number));
            });
            place(ui, &mut |ui| {
                let name = tr("First-layer filters now");
                let column = Column { title: tr("Filters now"), detail: &detail, name, limit };
                column.ui(ui, last, now, |number| now.values(number));
            });
            place(ui, &mut |ui| {
                let name = tr("Change of the first-layer filters");
                let (detail, limit) = (tr("now − before"), change.limit());
                let column = Column { title: tr("Change"), detail, name, limit };
                column.ui(ui, difference, now, |number| change.values(number));
            });
        });
    }
}

impl Column<'_> {
    fn ui<'v>(
        &self,
        ui: &mut Ui,
        grid: &mut FilterGrid,
        filters: Filters<'_>,
        values: impl Fn(usize) -> &'v [f32],
    ) {
        let room = ui.available_size();
        ui.set_width(room.x);
        let is_wide = room.x > NARROW;
        ui.horizontal(|ui| {
            section_with_detail(ui, self.title, if is_wide { self.detail } else { "" });
            if is_wide && self.limit < LONG {
                Legend::new(ColorMapLut::diverging(ui.theme()), self.limit).width(60.0).ui(ui);
            } else {
                let t = Tokens::of(ui);
                let ends = format!("±{}", numbers::plain(self.limit));
                let ends = RichText::new(ends).font(fonts::mono(size::SMALL)).color(t.second);
                let said = fill(
                    tr("Colours from {low} to {high}"),
                    &[("low", &numbers::signed(-self.limit)), ("high", &numbers::signed(self.limit))],
                );
                let label = ui.add(Label::new(ends).truncate());
                label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
            }
        });
        let size = (filters.width, filters.height);
        let count = filters.len();
        let max_side = tile_side(count, room.x, room.y - HEADING);
        // A colour scale needs a limit above 0, even if nothing has changed.
        let limit = self.limit.max(f32::MIN_POSITIVE);
        let tiles = FilterTiles { name: self.name, count, size, limit, max_side };
        ScrollArea::vertical().id_salt(self.name).auto_shrink(false).show(ui, |ui| {
            grid.ui(ui, tiles, values);
        });
    }
}

/// Number and size, such as `16@5×5`.
fn dimensions(filters: Filters<'_>) -> String {
    format!("{}@{}×{}", filters.len(), filters.height, filters.width)
}

/// The largest side with which `count` tiles fill the room without scrolling, down to a legible size.
fn tile_side(count: usize, width: f32, height: f32) -> f32 {
    let gap = filter_grid::GAP;
    let fits = |side: f32| {
        let columns = ((width + gap) / (side + gap)).floor().max(1.0);
        (count as f32 / columns).ceil() * (side + gap) - gap <= height
    };
    let [least, largest] = SIDES;
    (least..=largest).rev().map(|side| side as f32).find(|&side| fits(side)).unwrap_or(least as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fit_the_room() {
        for (count, width, height) in [(6, 480.0, 150.0), (30, 480.0, 150.0), (16, 141.0, 60.0)] {
            let side = tile_side(count, width, height);
            let gap = filter_grid::GAP;
            let columns = ((width + gap) / (side + gap)).floor();
            let rows = (count as f32 / columns).ceil();
            assert!(rows * (side + gap) - gap <= height, "{count} {side}");
        }
        // Fewer legible tiles, which scroll, rather than illegible ones.
        assert_eq!(tile_side(1000, 141.0, 60.0), SIDES[0] as f32);
    }
}
