//! *Train*: learning, live: curves, filters and the settings that make them.

mod augmentation;
mod controls;
mod curves;
mod setup;

use crate::{
    explain::Filters,
    text::{fill, tr},
    train::Status,
    ui::{
        action::{Action, Actions, Transport},
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        view::View,
        widgets::{
            FilterGrid, FilterTiles, Legend, filter_grid, numbers, section_with_detail, tool_button,
            view_header,
        },
    },
};
use egui::{RichText, ScrollArea, Ui, vec2};

/// The room of the filters, in points.
const FILTERS_HEIGHT: f32 = 200.0;

/// The same where the view is lower than [`LOW`].
const LOW_FILTERS_HEIGHT: f32 = 96.0;

/// A view lower than this, in points, gives its room to the curves.
const LOW: f32 = 520.0;

/// In windows narrower than this, in points, the way back takes the place of the legend.
const NARROW: f32 = 1160.0;

/// The view with its textures.
#[derive(Default)]
pub struct TrainView {
    before: FilterGrid,
    now: FilterGrid,
    augmented: augmentation::Preview,
}

impl View for TrainView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        view_header(ui, tr("Train"), &sentence(state), |ui| {
            let is_narrow = ui.ctx().content_rect().width() < NARROW;
            // One row has no room for both.
            if !rewind_ui(ui, state, actions) || !is_narrow {
                curves::legend_ui(ui, state);
            }
        });
        ui.add_space(space::M);
        let room = ui.available_size();
        let filters = if room.y < LOW { LOW_FILTERS_HEIGHT } else { FILTERS_HEIGHT };
        let height = (room.y - filters - space::M).max(150.0);
        let is_side_by_side = room.x > 760.0;
        let size = if is_side_by_side {
            vec2((room.x - space::L) / 2.0, height)
        } else {
            vec2(room.x, (height - space::S) / 2.0)
        };
        let add = |ui: &mut Ui| {
            curves::loss_ui(ui, state, size);
            curves::accuracy_ui(ui, state, size);
        };
        if is_side_by_side {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                add(ui);
            });
        } else {
            add(ui);
        }
        ui.add_space(space::M);
        self.filters_ui(ui, state);
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        setup::setup_ui(ui, state, &mut self.augmented, actions);
    }

    fn needs_inspector(&self) -> bool {
        true
    }
}

/// The way back from a run that is stuck or has diverged, if it had learnt something before. Returns whether it is shown.
fn rewind_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) -> bool {
    let Some(snapshot) = &state.snapshot else { return false };
    if snapshot.status != Status::Diverged || snapshot.good_step == 0 {
        return false;
    }
    let step = numbers::count(snapshot.good_step);
    let text = fill(tr("Back to step {step}"), &[("step", &step)]);
    if tool_button(ui, icons::ROTATE_CCW, &text, "").clicked() {
        actions.send(Action::Train(Transport::Rewind));
    }
    ui.add_space(space::M);
    true
}

/// What is going on, in a sentence.
fn sentence(state: &AppState) -> String {
    let name = &state.network.network.spec().name;
    match &state.snapshot {
        Some(s) if s.step > 0 => {
            let what = match s.status {
                Status::Running => tr("{name} is learning: step {step}, seed {seed}."),
                Status::Evaluating => tr("{name} is being tested after step {step}, seed {seed}."),
                Status::Paused => tr("{name} pauses at step {step}, seed {seed}."),
                Status::Finished => tr("{name} is done after step {step}, seed {seed}."),
                Status::Diverged if s.is_stuck() => {
                    tr("{name} is stuck at step {step}: it no longer learns.")
                }
                Status::Diverged => tr("{name} diverged after step {step}: it has the weights of that step."),
            };
            let seed = s.config.seed.to_string();
            fill(what, &[("name", name), ("step", &numbers::count(s.step)), ("seed", &seed)])
        }
        _ => fill(tr("Press Train: {name} learns from random weights."), &[("name", name)]),
    }
}

impl TrainView {
    /// First-layer filters at step 0 and now, on one colour scale.
    fn filters_ui(&mut self, ui: &mut Ui, state: &AppState) {
        let (before, now) = match &state.snapshot {
            Some(s) => (s.initial.clone(), s.network.clone()),
            None => (state.network.network.clone(), state.network.network.clone()),
        };
        let (Some(first), Some(last)) = (Filters::first_layer(&before), Filters::first_layer(&now)) else {
            let t = Tokens::of(ui);
            ui.label(
                RichText::new(tr("The first layer of this network has no filters to show.")).color(t.second),
            );
            return;
        };
        let limit = first.limit().max(last.limit());
        let half = (ui.available_width() - space::L) / 2.0;
        let height = ui.available_height();
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let detail = fill(
                tr("{layer}, {count} of {height}×{width}"),
                &[
                    ("layer", &now.spec().layer_name(last.layer)),
                    ("count", &first.len().to_string()),
                    ("height", &first.height.to_string()),
                    ("width", &first.width.to_string()),
                ],
            );
            let side = |ui: &mut Ui, grid: &mut FilterGrid, title, name, filters: Filters<'_>| {
                ui.allocate_ui(vec2(half, height), |ui| {
                    ui.vertical(|ui| {
                        ui.set_width(half);
                        ui.horizontal(|ui| {
                            section_with_detail(ui, title, if half > 300.0 { &detail } else { "" });
                            // A scale of long numbers has no room beside the title.
                            if half > 300.0 || limit < 1e3 {
                                Legend::new(ColorMapLut::diverging(ui.theme()), limit)
                                    .width(if half > 300.0 { 60.0 } else { 24.0 })
                                    .ui(ui);
                            } else {
                                let text = format!("±{}", numbers::plain(limit));
                                ui.label(RichText::new(text).font(fonts::mono(size::SMALL)));
                            }
                        });
                        let max_side = tile_side(filters.len(), half, height - 40.0);
                        let size = (filters.width, filters.height);
                        let tiles = FilterTiles { name, count: filters.len(), size, limit, max_side };
                        ScrollArea::vertical().id_salt(name).auto_shrink(false).show(ui, |ui| {
                            grid.ui(ui, tiles, |number| filters.values(number));
                        });
                    });
                });
            };
            side(ui, &mut self.before, tr("Filters before"), tr("First-layer filters before"), first);
            side(ui, &mut self.now, tr("Filters now"), tr("First-layer filters now"), last);
        });
    }
}

/// The largest side with which `count` tiles fill the room without scrolling, down to a legible size.
fn tile_side(count: usize, width: f32, height: f32) -> f32 {
    let gap = filter_grid::GAP;
    let fits = |side: f32| {
        let columns = ((width + gap) / (side + gap)).floor().max(1.0);
        (count as f32 / columns).ceil() * (side + gap) - gap <= height
    };
    (16..=120).rev().map(|side| side as f32).find(|&side| fits(side)).unwrap_or(16.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fit_the_room() {
        for (count, width, height) in [(6, 480.0, 150.0), (30, 480.0, 150.0), (100, 300.0, 150.0)] {
            let side = tile_side(count, width, height);
            let gap = filter_grid::GAP;
            let columns = ((width + gap) / (side + gap)).floor();
            let rows = (count as f32 / columns).ceil();
            assert!(side == 16.0 || rows * (side + gap) - gap <= height, "{count} {side}");
        }
    }
}
