//! *Compare*: two networks trained in turns, and what both say about the same drawing.

mod answers;
mod curves;
mod marks;
mod palette;
mod shifts;
mod table;

use self::palette::color;
use crate::{
    nn::presets,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::compare::{CompareAct, CompareNet, CompareSetup, CompareStatus, NAMES, RunShown},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        view::View,
        widgets::{icon_button, segmented, tool_button_as_wide, view_header},
    },
};
use egui::{ComboBox, RichText, Role, Sense, Ui, WidgetInfo, vec2};

/// A view lower than this, in points, shows the curves or the drawing, not both.
const LOW: f32 = 620.0;

/// The part of the height that the curves have.
const CURVES: f32 = 0.4;

/// The width of a menu of networks, in points, and in a narrow window.
const MENU: f32 = 132.0;
const NARROW_MENU: f32 = 100.0;

/// Below this width of the window, in points, menus are narrow.
const NARROW: f32 = 1160.0;

/// The height of the progress bar, in points.
const BAR: f32 = 4.0;

/// What a low view shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Curves,
    Drawing,
}

/// The view.
#[derive(Default)]
pub struct CompareView {
    page: Page,
}

impl View for CompareView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        view_header(ui, tr("Compare"), &sentence(state), |ui| tools_ui(ui, state, actions));
        ui.add_space(space::S);
        progress_ui(ui, state);
        ui.add_space(space::S);
        if ui.available_height() >= LOW {
            let height = (ui.available_height() * CURVES).floor();
            curves::curves_ui(ui, state, vec2(ui.available_width(), height));
            ui.add_space(space::M);
            answers::answers_ui(ui, state, ui.available_size(), actions);
            return;
        }
        let pages = [(Page::Curves, tr("Curves")), (Page::Drawing, tr("Drawing"))];
        segmented(ui, tr("Page"), &mut self.page, &pages);
        ui.add_space(space::S);
        match self.page {
            Page::Curves => curves::curves_ui(ui, state, ui.available_size()),
            Page::Drawing => answers::answers_ui(ui, state, ui.available_size(), actions),
        }
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        table::settings_ui(ui, state, actions);
        ui.add_space(space::L);
        table::table_ui(ui, state);
        ui.add_space(space::L);
        shifts::places_ui(ui, state, actions);
        ui.add_space(space::L);
        shifts::accuracy_ui(ui, state);
    }
}

/// What both runs are doing, in a sentence.
fn sentence(state: &AppState) -> String {
    let lab = &state.compare;
    let Some(shown) = &lab.shown else {
        return tr("Same seed, same order of images, trained in turns.").to_owned();
    };
    let [a, b] = shown.runs.each_ref().map(RunShown::name);
    let text = match lab.status {
        CompareStatus::Running if shown.is_trained => {
            tr("{a} and {b} are trained; their accuracy on moved images is being measured.")
        }
        CompareStatus::Running => tr("{a} and {b} learn in turns. The run of Train waits meanwhile."),
        CompareStatus::Stopped => tr("{a} and {b}: stopped, as they were then."),
        CompareStatus::Idle | CompareStatus::Done => tr("{a} and {b}: same seed, same order of images."),
    };
    fill(text, &[("a", a), ("b", b)])
}

/// The two networks, and the button that trains them.
fn tools_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.x = space::S;
    for run in 0..2 {
        net_ui(ui, state, run, actions);
        ui.add_space(space::XS);
    }
    let texts = [tr("Train both"), tr("Stop")];
    let (act, icon, text, tip) = if state.compare.status == CompareStatus::Running {
        (
            CompareAct::Stop,
            icons::SQUARE,
            texts[1],
            tr("Ends the training of both; what is known of them stays."),
        )
    } else {
        let tip = tr("Trains both networks from random weights. The run of Train waits meanwhile.");
        (CompareAct::Train, icons::PLAY, texts[0], tip)
    };
    // Beside an inspector in a narrow window there is no room for words.
    let is_narrow = ui.ctx().content_rect().width() < NARROW && state.settings.shows_inspector;
    let button =
        if is_narrow { icon_button(ui, icon, text) } else { tool_button_as_wide(ui, icon, text, &texts) };
    if button.on_hover_text(tip).clicked() {
        actions.send(Action::Compare(act));
    }
}

/// The menu of one of the networks.
fn net_ui(ui: &mut Ui, state: &AppState, run: usize, actions: &mut Actions) {
    let t = Tokens::of(ui);
    ui.label(RichText::new(NAMES[run]).font(fonts::semibold(size::BODY)).color(color(&t, run)));
    let setup = &state.settings.compare;
    let current = state.network.network.spec().name.as_str();
    let chosen = match &setup.nets[run] {
        CompareNet::Preset(name) => name.as_str(),
        CompareNet::Current => current,
    };
    let name = fill(tr("Network {run}"), &[("run", NAMES[run])]);
    let width = if ui.ctx().content_rect().width() < NARROW { NARROW_MENU } else { MENU };
    let menu =
        ComboBox::from_id_salt(("compared network", run)).selected_text(chosen).width(width).truncate();
    let shown = menu.height(520.0).show_ui(ui, |ui| {
        ui.set_min_width(MENU + 60.0);
        let mut item = |ui: &mut Ui, net: CompareNet, text: &str, tip: &str| {
            if ui.selectable_label(setup.nets[run] == net, text).on_hover_text(tip).clicked() {
                let mut nets = setup.nets.clone();
                nets[run] = net;
                actions.send(Action::Compare(CompareAct::Edit(CompareSetup { nets, ..setup.clone() })));
            }
        };
        let text = fill(tr("{name}, as set in Train"), &[("name", current)]);
        item(
            ui,
            CompareNet::Current,
            &text,
            tr("The current network from random weights, with the settings of Train."),
        );
        ui.separator();
        for preset in presets::all() {
            let name = preset.spec.name.clone();
            item(ui, CompareNet::Preset(name.clone()), &name, preset.summary);
        }
    });
    shown
        .response
        .accessible_name(&name)
        .on_hover_text(tr("A network and its recipe. It counts from the next Train both on."));
}

/// How much is done. The bar has its place at all times.
fn progress_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), BAR), Sense::hover());
    let is_running = state.compare.status == CompareStatus::Running;
    let share = state.compare.shown.as_ref().map_or(0.0, |shown| shown.progress);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, tr("Progress of both"));
        info.current_text_value = Some(format!("{:.0} %", share * 100.0));
        info
    });
    if is_running {
        ui.painter().rect_filled(rect, 2, t.track);
        let mut done = rect;
        done.set_width(rect.width() * share.clamp(0.0, 1.0));
        ui.painter().rect_filled(done, 2, t.accent);
    }
}
