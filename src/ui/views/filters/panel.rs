//! The panel on the right: the brush, presets, what a painted filter changes, and what training does with it.

use super::{
    brush::{BrushSetup, MOST, Mode},
    shown::Shown,
};
use crate::{
    explain::kernels::{KernelFigures, named_kernels, relative_change},
    nn::{LayerSpec, Pair},
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::filters::FiltersAct,
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{
            HeatAtlas, key_value, numbers, section, section_with_detail, segmented, slider_row, switch,
            tool_button,
        },
    },
};
use egui::{Align2, RichText, Role, Sense, StrokeKind, Theme, Ui, WidgetInfo, pos2, vec2};

/// Presets side by side.
const COLUMNS: usize = 5;

/// The line under a preset.
const CAPTION: f32 = 18.0;

/// All of it.
pub(super) fn panel_ui(
    ui: &mut Ui,
    state: &AppState,
    shown: &Shown<'_>,
    (brush, presets): (&mut BrushSetup, &mut Presets),
    actions: &mut Actions,
) {
    section(ui, tr("Brush"));
    segmented(ui, tr("What the mouse does on the numbers"), &mut brush.mode, &Mode::options());
    ui.add_space(space::XS);
    let written = numbers::signed(brush.value);
    ui.add_enabled_ui(brush.mode == Mode::Paint, |ui| {
        slider_row(ui, tr("Paint with"), &mut brush.value, -MOST..=MOST, &written);
    });
    let text = match brush.mode {
        Mode::Paint => tr("On the numbers, the left button paints this value, the right one its negative."),
        Mode::Type => tr("Click a number to type it, or drag it."),
    };
    small(ui, text);
    ui.add_space(space::L);
    presets.ui(ui, shown, actions);
    ui.add_space(space::L);
    training_ui(ui, state, shown, actions);
    ui.add_space(space::L);
    effect_ui(ui, state, shown, actions);
}

fn small(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
}

/// The presets with their textures.
#[derive(Default)]
pub struct Presets {
    atlas: HeatAtlas,
    /// The size and the theme of the pictures.
    made: Option<(Pair, Theme)>,
}

impl Presets {
    /// New pictures for another size or theme, each on a scale of its own.
    fn update(&mut self, ui: &Ui, pair: Pair, kernels: &[(&str, Vec<f32>)]) {
        let of = (pair, ui.theme());
        if self.made == Some(of) {
            return;
        }
        self.atlas.set_sizes(ui.ctx(), &vec![(pair.w, pair.h); kernels.len()]);
        for (i, (_, kernel)) in kernels.iter().enumerate() {
            let limit = kernel.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
            self.atlas.fill(i, kernel, ColorMapLut::diverging(ui.theme()), limit);
        }
        self.atlas.upload(ui.ctx());
        self.made = Some(of);
    }

    /// Named kernels in the size of the filter.
    fn ui(&mut self, ui: &mut Ui, shown: &Shown<'_>, actions: &mut Actions) {
        let t = Tokens::of(ui);
        let pair = shown.layout.size;
        section_with_detail(ui, tr("Presets"), &format!("{pair}"));
        let learned = shown.filters.hand.learned(shown.id(shown.filter));
        let area = pair.area();
        let of = learned.and_then(|values| values.get(shown.input * area..(shown.input + 1) * area));
        // The norm that the layers behind are used to.
        let norm = KernelFigures::of(of.unwrap_or(shown.kernel())).norm;
        let kernels = named_kernels(pair, norm);
        let room = ui.available_width();
        let side = ((room + space::S) / COLUMNS as f32 - space::S).floor();
        let rows = kernels.len().div_ceil(COLUMNS);
        let (all, response) =
            ui.allocate_exact_size(vec2(room, rows as f32 * (side + CAPTION + space::S)), Sense::hover());
        self.update(ui, pair, &kernels);
        for (i, (name, kernel)) in kernels.iter().enumerate() {
            let at = vec2((i % COLUMNS) as f32, (i / COLUMNS) as f32)
                * vec2(side + space::S, side + CAPTION + space::S);
            let slot = egui::Rect::from_min_size(all.min + at, vec2(side, side));
            let whole = slot.with_max_y(slot.bottom() + CAPTION);
            let button = ui.interact(whole, response.id.with(i), Sense::click());
            let label = fill(tr("Preset {name}"), &[("name", tr(name))]);
            button.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &label));
            let cells = vec2(pair.w as f32, pair.h as f32);
            let scale = side / cells.max_elem().max(1.0);
            let inside = Align2::CENTER_CENTER.align_size_within_rect(cells * scale, slot);
            self.atlas.paint(ui.painter(), i, inside);
            let stroke = match (button.has_focus(), button.hovered()) {
                (true, _) => t.focus_stroke(),
                (_, true) => t.highlight_stroke(),
                _ => t.control_stroke(),
            };
            ui.painter().rect_stroke(slot, radius::S, stroke, StrokeKind::Outside);
            let place = pos2(slot.center().x, slot.bottom() + 3.0);
            let font = fonts::words(size::SMALL - 1.0);
            ui.painter().text(place, Align2::CENTER_TOP, short_name(name), font, t.second);
            if button.on_hover_text(tr(name)).clicked() {
                let mut values = shown.values();
                if let Some(place) = values.get_mut(shown.input * area..(shown.input + 1) * area) {
                    place.copy_from_slice(kernel);
                }
                let id = shown.id(shown.filter);
                actions.send(Action::Filters(FiltersAct::Paint { id, values, goes_on: false }));
            }
        }
        small(ui, tr("Each has the norm of the learned kernel, which the next layers are used to."));
    }
}

/// A name that fits under a preset.
fn short_name(name: &str) -> &'static str {
    match name {
        "Sobel, vertical edges" => tr("vertical"),
        "Sobel, horizontal edges" => tr("horizontal"),
        "Identity" => tr("identity"),
        "Box blur" => tr("box blur"),
        "Gaussian blur" => tr("blur"),
        "Sharpen" => tr("sharpen"),
        "Laplacian" => tr("Laplacian"),
        "Emboss" => tr("emboss"),
        _ => tr("zero"),
    }
}

/// What training does with the filters.
fn training_ui(ui: &mut Ui, state: &AppState, shown: &Shown<'_>, actions: &mut Actions) {
    let hand = &shown.filters.hand;
    let frozen = hand.frozen_count();
    let detail = match frozen {
        0 => String::new(),
        1 => tr("1 filter frozen").to_owned(),
        count => fill(tr("{count} filters frozen"), &[("count", &count.to_string())]),
    };
    section_with_detail(ui, tr("In training"), &detail);
    let id = shown.id(shown.filter);
    let is_frozen = hand.is_frozen(id);
    let mut send = |act| actions.send(Action::Filters(act));
    if switch(ui, tr("Freeze this filter"), tr("freeze this filter"), is_frozen).clicked() {
        send(FiltersAct::Freeze(vec![id], !is_frozen));
    }
    let all: Vec<_> = (0..shown.layout.filters).map(|filter| shown.id(filter)).collect();
    let is_all = all.iter().all(|id| hand.is_frozen(*id));
    if switch(ui, tr("Freeze this layer"), tr("freeze all of the layer"), is_all).clicked() {
        send(FiltersAct::Freeze(all, !is_all));
    }
    small(
        ui,
        tr(
            "Training leaves frozen filters exactly as they are, with their bias. A painted one is frozen until it is released; then it learns on from its numbers.",
        ),
    );
    ui.add_space(space::XS);
    let can_train = frozen > 0 && state.data.ready().is_some();
    let train = ui
        .add_enabled_ui(can_train, |ui| tool_button(ui, icons::PLAY, tr("Train anew with these frozen"), ""));
    let tip = tr(
        "A new run from random weights, in which the frozen filters stay as they are: fixed against learned.",
    );
    if train.inner.on_hover_text(tip).clicked() {
        send(FiltersAct::TrainFrozen);
    }
}

/// What the painted filter changes.
fn effect_ui(ui: &mut Ui, state: &AppState, shown: &Shown<'_>, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let hand = &shown.filters.hand;
    let id = shown.id(shown.filter);
    let painted: Vec<_> = hand.painted().collect();
    section(ui, tr("What painting changes"));
    if painted.is_empty() {
        small(ui, tr("Nothing is painted: every number was learned or drawn at random."));
        return;
    }
    if let Some(learned) = hand.learned(id) {
        let change = relative_change(learned, &shown.values());
        let text = if change.is_finite() { numbers::percent_whole(change) } else { "–".to_owned() };
        key_value(ui, tr("Away from learned"), &text);
    }
    let before =
        shown.filters.answer_before.as_ref().filter(|(revision, _)| *revision == state.image.revision);
    if let Some((_, before)) = before
        && !state.image.is_blank()
    {
        let best = crate::nn::loss::argmax(before);
        let (was, now) = (before.get(best).copied(), state.probabilities().get(best).copied());
        let share = |p: Option<f32>| numbers::probability(p.unwrap_or_default());
        let name = fill(tr("Probability of {class}"), &[("class", &best.to_string())]);
        key_value(ui, &name, &format!("{} → {}", share(was), share(now)));
    }
    let next = shown.network.spec().layers.get(shown.layer + 1);
    let has_relu = matches!(next, Some(LayerSpec::Relu(_)));
    if let Some(trace) = state.trace().filter(|_| has_relu && !state.image.is_blank()) {
        let (_, height, width) = shown.network.layers()[shown.layer].output().as_maps();
        let map = trace
            .activation(shown.layer)
            .get(shown.filter * height * width..(shown.filter + 1) * height * width);
        let map = map.unwrap_or_default();
        let dark = map.iter().filter(|value| **value <= 0.0).count() as f32 / map.len().max(1) as f32;
        key_value(ui, tr("Zero after ReLU"), &numbers::percent_whole(dark));
    }
    ui.add_space(space::XS);
    let count = painted.len();
    let text = if count == 1 {
        tr("1 painted filter").to_owned()
    } else {
        fill(tr("{count} painted filters"), &[("count", &count.to_string())])
    };
    ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.warn));
    if tool_button(ui, icons::ROTATE_CCW, tr("Learned numbers for all"), "").clicked() {
        actions.send(Action::Filters(FiltersAct::Learned(painted)));
    }
}
