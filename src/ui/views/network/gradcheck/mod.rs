//! *Gradient check*, in the place of the maps: the slope of the loss measured by nudging a weight, against the slope that
//! backpropagation computes.

mod scatter;
mod table;
mod words;

use crate::{
    nn::Network,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::gradcheck::{CheckAct, CheckImages, CheckResult, CheckSetup, Nudge, SAMPLES},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{
            has_header, icon_button, key_value, moment_badge, numbers, primary_button_as_wide, section,
            section_with_detail, segmented, segmented_with_tips, tool_button, view_header,
        },
    },
};
use egui::{Align, ComboBox, Key, Layout, Modifiers, ProgressBar, RichText, Role, Ui, WidgetInfo, vec2};

/// In a view narrower than this, in points, the choices take two rows.
const NARROW: f32 = 960.0;

/// In a view narrower than this, in points, the plot and the table take turns.
const TURNS: f32 = 700.0;

/// The height of what the result means, in points: three lines, so that nothing below moves.
const MEANING: f32 = 64.0;

/// The part of the width that the plot takes beside the table, and the most points of it.
const PLOT: (f32, f32) = (0.46, 560.0);

/// What the tool keeps between frames.
#[derive(Default)]
pub(super) struct GradientCheckPage {
    /// In a narrow view: whether the table is shown in place of the plot.
    shows_table: bool,
}

/// The button that opens the tool.
pub(super) fn open_ui(ui: &mut Ui, actions: &mut Actions) {
    let open = tool_button(ui, icons::ACTIVITY, tr("Gradient check"), "");
    if open.on_hover_text(hint()).clicked() {
        actions.send(Action::GradientCheck(CheckAct::Open(true)));
    }
}

/// The same without room for its name.
pub(super) fn small_open_ui(ui: &mut Ui, actions: &mut Actions) {
    if icon_button(ui, icons::ACTIVITY, tr("Gradient check")).on_hover_text(hint()).clicked() {
        actions.send(Action::GradientCheck(CheckAct::Open(true)));
    }
}

fn hint() -> &'static str {
    tr("Is the slope of the loss right? Measure it by nudging single weights.")
}

impl GradientCheckPage {
    /// The tool.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let sentence =
            tr("The slope of the loss at single weights: measured by a nudge, and computed backwards.");
        let has_keyboard = ui.ctx().egui_wants_keyboard_input();
        if !has_keyboard && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
            actions.send(Action::GradientCheck(CheckAct::Open(false)));
        }
        view_header(ui, tr("Gradient check"), sentence, |ui| {
            moment_badge(ui, state.history_step());
            close_ui(ui, actions);
        });
        ui.add_space(space::S);
        self.choices_ui(ui, state, actions);
        ui.add_space(space::S);
        let takes_turns = ui.available_width() < TURNS;
        meaning_ui(ui, state);
        ui.add_space(space::XS);
        let room = ui.available_size();
        let found = state.gradcheck.found.as_deref();
        if takes_turns {
            if self.shows_table {
                table::table_ui(ui, found, room);
            } else {
                scatter::scatter_ui(ui, found, room);
            }
            return;
        }
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::XL;
            let beside = room.x - space::XL - table::LEAST;
            let plot = (room.x * PLOT.0).min(PLOT.1).min(beside).max(room.x * 0.3).floor();
            scatter::scatter_ui(ui, found, vec2(plot, room.y));
            table::table_ui(ui, found, vec2(room.x - plot - space::XL, room.y));
        });
    }

    /// What is to be checked, in one row or two.
    fn choices_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let check = &state.gradcheck;
        let mut setup = check.setup;
        let is_narrow = ui.available_width() < NARROW;
        let takes_turns = ui.available_width() < TURNS;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            layer_ui(ui, &state.network.network, &mut setup);
            images_ui(ui, &mut setup);
            if !is_narrow {
                nudge_ui(ui, &mut setup);
                samples_ui(ui, &mut setup, true);
            }
            if !is_narrow || takes_turns {
                run_ui(ui, state, actions);
            }
        });
        if is_narrow {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                nudge_ui(ui, &mut setup);
                samples_ui(ui, &mut setup, !takes_turns);
                if takes_turns {
                    let options = [(false, tr("Plot")), (true, tr("Table"))];
                    segmented(ui, tr("Result"), &mut self.shows_table, &options);
                } else {
                    run_ui(ui, state, actions);
                }
                if !has_header(ui) {
                    close_ui(ui, actions);
                }
            });
        }
        if setup != check.setup {
            actions.send(Action::GradientCheck(CheckAct::Edit(setup)));
        }
    }
}

fn close_ui(ui: &mut Ui, actions: &mut Actions) {
    let close = tool_button(ui, icons::X, tr("Back to the maps"), "Esc");
    if close.clicked() {
        actions.send(Action::GradientCheck(CheckAct::Open(false)));
    }
}

fn layer_ui(ui: &mut Ui, network: &Network, setup: &mut CheckSetup) {
    let name = |layer: Option<usize>| {
        layer.map_or_else(|| tr("All layers").to_owned(), |layer| network.spec().layer_name(layer))
    };
    let combo = ComboBox::from_id_salt("checked layer").width(112.0).selected_text(name(setup.layer));
    let response = combo.show_ui(ui, |ui| {
        let with_weights = network.parameters().iter().enumerate().filter(|(_, tensors)| !tensors.is_empty());
        for option in std::iter::once(None).chain(with_weights.map(|(layer, _)| Some(layer))) {
            ui.selectable_value(&mut setup.layer, option, name(option));
        }
    });
    let response = response.response;
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, tr("Checked layer")));
    response.on_hover_text(tr("The layer whose weights are nudged."));
}

fn images_ui(ui: &mut Ui, setup: &mut CheckSetup) {
    let options = [(CheckImages::Current, tr("This image")), (CheckImages::Batch, tr("8 test images"))];
    segmented(ui, tr("Loss of"), &mut setup.images, &options).on_hover_text(tr(
        "The images whose loss is read. Of a drawing, which has no label, it is the loss of the network's answer.",
    ));
}

fn nudge_ui(ui: &mut Ui, setup: &mut CheckSetup) {
    let t = Tokens::of(ui);
    let tip = tr(
        "ε: by how much a weight is nudged, up and down. Too large, and the loss curves in between; too small, and rounding hides its change.",
    );
    ui.label(RichText::new("ε").font(fonts::semibold(size::BODY)).color(t.second)).on_hover_text(tip);
    let words = Nudge::ALL.map(|nudge| nudge.value().to_string());
    let options: Vec<(Nudge, &str)> = Nudge::ALL.into_iter().zip(words.iter().map(String::as_str)).collect();
    segmented_with_tips(ui, tr("Nudge"), &mut setup.nudge, &options, &|_, segment| {
        segment.on_hover_text(tip)
    });
}

fn samples_ui(ui: &mut Ui, setup: &mut CheckSetup, has_words: bool) {
    let tip = tr("How many weights of each tensor are nudged, evenly spaced.");
    let text = if has_words { tr("{count} each") } else { "{count}" };
    let words = SAMPLES.map(|count| fill(text, &[("count", &count.to_string())]));
    let options: Vec<(usize, &str)> = SAMPLES.into_iter().zip(words.iter().map(String::as_str)).collect();
    segmented_with_tips(ui, tr("Weights"), &mut setup.samples, &options, &|_, segment| {
        segment.on_hover_text(tip)
    });
}

fn run_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let texts = [tr("Check gradients"), tr("Cancel")];
    let is_running = state.gradcheck.is_running;
    let (icon, text, act) = if is_running {
        (icons::X, texts[1], CheckAct::Cancel)
    } else {
        (icons::PLAY, texts[0], CheckAct::Run)
    };
    if primary_button_as_wide(ui, icon, text, &texts).clicked() {
        actions.send(Action::GradientCheck(act));
    }
}

/// How far the check is, and what it has found.
fn meaning_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let room = vec2(ui.available_width(), MEANING);
    ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
        ui.set_min_size(room);
        let check = &state.gradcheck;
        if check.is_running {
            let (done, total) = check.found.as_ref().map_or((0, 1), |found| (found.rows.len(), found.total));
            let bar = ProgressBar::new(done as f32 / total.max(1) as f32).fill(t.accent);
            ui.add(bar.desired_width(ui.available_width().min(420.0)).desired_height(6.0));
            let (done, total) = (numbers::count(done as u64), numbers::count(total as u64));
            let text = fill(tr("{done} of {total} weights"), &[("done", &done), ("total", &total)]);
            ui.label(RichText::new(text).color(t.second));
            return;
        }
        let (text, ink) = words::meaning(state);
        let ink = match ink {
            words::Ink::Plain => t.second,
            words::Ink::Good => t.text,
            words::Ink::Warn => t.warn,
        };
        ui.add(egui::Label::new(RichText::new(text).color(ink)).wrap());
    });
}

/// What a student needs to know, and the result tensor by tensor.
pub(super) fn inspector_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    section(ui, tr("How to read it"));
    ui.add_space(space::XS);
    for text in [
        tr(
            "Measured: a weight is nudged up by ε and down by ε; the difference of both losses, divided by 2ε, is the slope there. That needs two passes for each weight.",
        ),
        tr(
            "Computed: backpropagation gets the slopes of all weights at once, in one pass backwards. Training uses these.",
        ),
        tr(
            "If both agree, the point is on the diagonal. At a corner of the loss, where a ReLU or a max pooling switches within the nudge, they need not.",
        ),
    ] {
        ui.label(RichText::new(text).color(t.second));
        ui.add_space(space::S);
    }
    let Some(found) = &state.gradcheck.found else { return };
    ui.add_space(space::S);
    let corners: usize = found.tensors.iter().map(|tensor| tensor.corners).sum();
    section_with_detail(ui, tr("Largest difference"), tr("of the tensor's largest slope"));
    tensors_ui(ui, found);
    if corners > 0 {
        let text = fill(
            tr("{count} of the weights have a corner within reach."),
            &[("count", &numbers::count(corners as u64))],
        );
        ui.label(RichText::new(text).size(size::SMALL).color(t.second));
    }
}

fn tensors_ui(ui: &mut Ui, found: &CheckResult) {
    for tensor in &found.tensors {
        let name = words::tensor_name(&found.of.network, tensor.layer, &tensor.name);
        let value = words::share(tensor.max_relative_difference);
        let checked = numbers::count(tensor.checked as u64);
        let all = numbers::count(tensor.values as u64);
        let text = tr("{checked} of {all} values; the largest slope is {slope}.");
        let slope = numbers::plain(tensor.largest as f32);
        key_value(ui, &name, &value)
            .on_hover_text(fill(text, &[("checked", &checked), ("all", &all), ("slope", &slope)]));
    }
}
