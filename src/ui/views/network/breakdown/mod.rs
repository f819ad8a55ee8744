//! How a map is computed, in one picture: each input map and its kernel, the partial results, their sum, and the layers
//! that follow. An animation, the keys and the pointer move the marked place.

mod layout;
mod pictures;
mod piece;
mod text;
mod written;

use super::{
    values::{self, MapLook},
    what_if,
};
use crate::{
    explain::{Breakdown, arrays},
    nn::Network,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{breakdown::BreakdownFocus, selection::Selection},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{HeatAtlas, Playback, PlaybackAct, icon_button, paper, playback_bar, playback_height},
    },
};
use egui::{Align, Layout, Painter, Pos2, Rect, RichText, Sense, Ui, UiBuilder};
use piece::{BreakdownScene, Piece, picture, place_of};
use std::sync::Arc;
use text::{sentence, written_ui};
use written::Written;

/// What the panel keeps between frames.
#[derive(Default)]
pub struct BreakdownPanel {
    atlas: HeatAtlas,
    shown: Option<(Arc<Breakdown>, MapLook)>,
    limits: Limits,
    /// The place under the pointer.
    pointed: Option<(Piece, usize, usize)>,
    /// The selection of the last frame.
    chosen: Option<Selection>,
    /// Where the pointer was when the selection changed. Until it moves, it points at nothing.
    resting: Option<Pos2>,
}

/// The values at full colour.
#[derive(Clone, Copy, Default)]
struct Limits {
    inputs: f32,
    kernels: f32,
    products: f32,
    sums: f32,
    /// Whether the input is a picture in grey.
    is_grey: bool,
}

impl BreakdownPanel {
    /// Says why there is no breakdown of the selected map.
    pub fn nothing_ui(ui: &mut Ui, state: &AppState, selection: Selection, actions: &mut Actions) {
        let t = Tokens::of(ui);
        let (room, _) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
        ui.painter().hline(room.x_range(), room.top(), t.line_stroke());
        let title = room.with_min_y(room.top() + space::S);
        let mut row = ui.new_child(
            UiBuilder::new()
                .max_rect(title.with_max_y(title.top() + 26.0))
                .layout(Layout::right_to_left(Align::Center)),
        );
        if selection.map.is_some() {
            close_ui(&mut row, actions);
        }
        row.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let is_off = selection.map.is_some_and(|map| what_if::is_off(state, map));
            let sentence = if is_off {
                tr("This map is switched off: its values are 0 for every input.")
            } else if selection.map.is_some() {
                tr("The input is not computed: it is what the first layer reads.")
            } else {
                tr("Click a map to see how it is computed.")
            };
            ui.label(RichText::new(sentence).font(fonts::words(size::SMALL)).color(t.second));
        });
    }

    /// Shows the breakdown of the selected map, or an example without a selection, in the whole room.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        breakdown: &Arc<Breakdown>,
        selection: Selection,
        actions: &mut Actions,
    ) {
        let network = &state.network.network;
        self.update(ui, breakdown, MapLook::of(ui.theme(), state));
        let (room, _) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
        self.rest(ui, selection);
        let focus = BreakdownFocus::of(breakdown, network, selection);
        let BreakdownFocus { stage, track, at: chosen, .. } = focus;
        let t = Tokens::of(ui);
        ui.painter().hline(room.x_range(), room.top(), t.line_stroke());
        let mut body = room.with_min_y(room.top() + space::S);
        if track.len > 1 {
            let bar = body.with_min_y(body.bottom() - playback_height(ui, body.width()));
            body.max.y = bar.top() - space::XS;
            bar_ui(ui, bar, &state.breakdown, &focus, actions);
        }
        let title = body.with_max_y(body.top() + 26.0);
        Self::title_ui(ui, title, breakdown, network, selection.map.is_none(), actions);
        body.min.y = title.bottom() + space::XS;

        let highlights = match self.pointed {
            Some((piece, y, x)) => place_of(breakdown, piece, (y, x)),
            None => breakdown.highlights(stage, chosen.0, chosen.1),
        };
        let played = state.breakdown.is_playing().then(|| {
            let position = state.breakdown.position(track);
            (stage, position / track.row, position % track.row)
        });
        let written = Written::of(breakdown, &highlights);
        let scene = BreakdownScene {
            breakdown,
            network,
            what_if: &state.what_if,
            stage,
            highlights,
            played,
            written: written.as_ref(),
        };
        let written = body.with_min_y(body.bottom() - 20.0);
        written_ui(ui, written, &scene);
        body.max.y = written.top() - space::XS;
        let before = self.pointed.take();
        self.pictures_ui(ui, body, &scene, actions);
        self.atlas.upload(ui.ctx());
        if self.pointed != before {
            // The marks follow the pointer in the next frame.
            ui.ctx().request_repaint();
        }
    }

    /// Where keys or the animation have gone on, a pointer that rests points at nothing until it moves.
    fn rest(&mut self, ui: &Ui, selection: Selection) {
        if self.chosen.replace(selection).is_some_and(|before| before != selection) {
            self.resting = ui.input(|input| input.pointer.hover_pos());
            self.pointed = None;
        }
    }

    fn update(&mut self, ui: &Ui, breakdown: &Arc<Breakdown>, look: MapLook) {
        let is_shown =
            self.shown.as_ref().is_some_and(|(of, shown)| Arc::ptr_eq(of, breakdown) && *shown == look);
        if is_shown {
            return;
        }
        let shares = breakdown
            .contributions
            .iter()
            .enumerate()
            .flat_map(|(share, _)| [Piece::Input(share), Piece::Kernel(share), Piece::Partial(share)]);
        let after = std::iter::once(Piece::Sum).chain((0..breakdown.stages.len()).map(Piece::Stage));
        let pictures = shares.chain(after).map(|piece| picture(breakdown, piece));
        let sizes: Vec<(usize, usize)> = pictures.map(|p| (p.ncols(), p.nrows())).collect();
        self.atlas.set_sizes(ui.ctx(), &sizes);
        self.atlas.forget();
        let inputs = breakdown.contributions.iter().map(|share| &share.input);
        let is_grey =
            breakdown.layer == 0 && inputs.clone().all(|input| input.iter().all(|value| *value >= 0.0));
        self.limits = Limits {
            inputs: inputs.fold(f32::MIN_POSITIVE, |limit, input| limit.max(arrays::limit(input))),
            kernels: breakdown.kernel_limit().max(f32::MIN_POSITIVE),
            products: breakdown.products_limit().unwrap_or_else(|| breakdown.limit()).max(f32::MIN_POSITIVE),
            sums: breakdown.limit().max(f32::MIN_POSITIVE),
            is_grey,
        };
        self.shown = Some((breakdown.clone(), look));
    }

    /// The place of a picture in the texture.
    fn slot(breakdown: &Breakdown, piece: Piece) -> usize {
        let shares = 3 * breakdown.contributions.len();
        match piece {
            Piece::Input(share) => 3 * share,
            Piece::Kernel(share) => 3 * share + 1,
            Piece::Partial(share) => 3 * share + 2,
            Piece::Sum => shares,
            Piece::Stage(stage) => shares + 1 + stage,
        }
    }

    fn paint(&mut self, painter: &Painter, breakdown: &Breakdown, piece: Piece, rect: Rect) {
        let slot = Self::slot(breakdown, piece);
        if let Some((_, look)) = self.shown.as_ref().filter(|_| self.atlas.is_stale(slot)) {
            let (signed, grey) = (look.signed(), look.grey());
            let (colors, limit) = match piece {
                Piece::Input(_) => (if self.limits.is_grey { grey } else { signed }, self.limits.inputs),
                Piece::Kernel(_) => (signed, self.limits.kernels),
                Piece::Partial(_) => (signed, self.limits.products),
                Piece::Sum | Piece::Stage(_) => (signed, self.limits.sums),
            };
            self.atlas.fill(slot, picture(breakdown, piece).as_slice().unwrap_or_default(), colors, limit);
        }
        self.atlas.paint(painter, slot, rect);
    }

    fn title_ui(
        ui: &mut Ui,
        rect: Rect,
        breakdown: &Breakdown,
        network: &Network,
        is_example: bool,
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let mut row =
            ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center)));
        if is_example && !paper::is_on(&row) {
            let hint = tr("Click any map above to see how it is computed.");
            row.label(RichText::new(hint).font(fonts::words(size::SMALL)).color(t.accent));
        } else {
            close_ui(&mut row, actions);
        }
        row.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if is_example {
                ui.label(RichText::new(tr("Example:")).font(fonts::semibold(size::SECTION)).color(t.second));
            }
            let title = fill(
                if breakdown.sum.len() > 1 {
                    tr("{layer} · map {number}")
                } else {
                    tr("{layer} · value {number}")
                },
                &[
                    ("layer", &values::title(network, breakdown.layer + 1)),
                    ("number", &breakdown.channel.to_string()),
                ],
            );
            ui.label(RichText::new(title).font(fonts::semibold(size::SECTION)).color(t.text));
            ui.add_space(space::S);
            let sentence = sentence(breakdown);
            ui.add(
                egui::Label::new(RichText::new(sentence).font(fonts::words(size::SMALL)).color(t.second))
                    .truncate(),
            );
        });
    }
}

fn close_ui(ui: &mut Ui, actions: &mut Actions) {
    if icon_button(ui, icons::X, tr("Close the breakdown")).on_hover_text(tr("Esc")).clicked() {
        actions.send(Action::Select(Selection::default()));
    }
}

/// The playback bar; while it is paused, it shows the selected place.
fn bar_ui(ui: &mut Ui, rect: Rect, playback: &Playback, focus: &BreakdownFocus, actions: &mut Actions) {
    let mut playback = *playback;
    if !playback.is_playing() {
        playback.apply(PlaybackAct::Seek(focus.step()), focus.track);
    }
    let mut bar = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min)));
    for act in playback_bar(&mut bar, tr("places"), &playback, focus.track) {
        actions.send(Action::PlayBreakdown(act));
    }
}
