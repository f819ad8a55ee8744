//! The network, the data set, and the training's buttons.

use super::present::menu_ui;
use crate::{
    model_file,
    nn::presets,
    text::{fill, harmless, tr},
    ui::{
        action::{Action, Actions, Transport},
        model::{
            data::DataState,
            display::{ThemeChoice, next_zoom},
            file_kind::FileKind,
            network::NetworkChoice,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{
            icon_button, icon_button_with_shortcut, language_menu, numbers, primary_button_as_wide,
            tool_button, tool_button_as_wide, tool_toggle,
        },
    },
};
use egui::{
    Align, ComboBox, Layout, Popup, PopupCloseBehavior, Response, RichText, Role, Ui, WidgetInfo, vec2,
};

/// The width of the display menu, in points.
const MENU_WIDTH: f32 = 270.0;

pub fn top_bar_ui(ui: &mut Ui, state: &AppState, is_narrow: bool, can_hide: bool, actions: &mut Actions) {
    let t = Tokens::of(ui);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        if !is_narrow {
            ui.label(RichText::new("ConvLens").font(fonts::semibold(size::LARGE)).color(t.text));
            ui.add_space(space::S);
        }
        network_menu_ui(ui, state, actions);
        data_menu_ui(ui, state, is_narrow, actions);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            transport_ui(ui, state, actions);
            display_menu_ui(ui, state, actions);
            let (icon, name, next) = match state.settings.theme {
                ThemeChoice::Dark => (icons::SUN, tr("Light theme"), ThemeChoice::Light),
                ThemeChoice::Light => (icons::MONITOR, tr("System theme"), ThemeChoice::System),
                ThemeChoice::System => (icons::MOON, tr("Dark theme"), ThemeChoice::Dark),
            };
            if icon_button_with_shortcut(ui, icon, name, "").clicked() {
                actions.send(Action::SetTheme(next));
            }
            if let Some(language) = language_menu(ui) {
                actions.send(Action::SetLanguage(language));
            }
            if can_hide {
                let is_shown = state.settings.shows_inspector;
                let toggle = tool_toggle(ui, icons::SLIDERS_HORIZONTAL, "", "", is_shown);
                toggle.widget_info(|| {
                    WidgetInfo::selected(Role::Switch, true, is_shown, tr("Show the inspector"))
                });
                if toggle.on_hover_text(tr("Show the inspector")).clicked() {
                    actions.send(Action::ShowInspector(!is_shown));
                }
            }
        });
    });
}

fn network_menu_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let name = state.network.network.spec().name.clone();
    let chosen = &state.settings.network;
    ComboBox::from_id_salt("network")
        .selected_text(RichText::new(name))
        .width(150.0)
        .height(menu_height(ui))
        // Several runs can be deleted one after the other.
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show_ui(ui, |ui| {
            ui.set_min_width(330.0);
            let item =
                |ui: &mut Ui, actions: &mut Actions, choice: NetworkChoice, name: &str, detail: &str| {
                    let button = egui::Button::selectable(*chosen == choice, name)
                        .shortcut_text(RichText::new(detail).size(size::SMALL));
                    if ui.add(button).clicked() {
                        actions.send(Action::ChooseNetwork(choice));
                        ui.close();
                    }
                };
            // Above the list, which grows with the runs.
            if ui.button((icons::FOLDER_OPEN, tr("Open model…"))).clicked() {
                actions.send(Action::AskForFile(FileKind::Model));
                ui.close();
            }
            let save = egui::Button::new((icons::SAVE, tr("Save model…"))).shortcut_text("Ctrl+S");
            if ui.add(save).clicked() {
                actions.send(Action::AskForFile(FileKind::SaveModel));
                ui.close();
            }
            ui.separator();
            ui.weak(tr("Trained"));
            item(ui, actions, NetworkChoice::Shipped, model_file::SHIPPED, tr("ships with ConvLens"));
            for opened in &state.opened {
                let name = opened.path.file_name().unwrap_or(opened.path.as_os_str()).to_string_lossy();
                item(ui, actions, NetworkChoice::File(opened.path.clone()), &harmless(&name), tr("opened"));
            }
            for run in &state.runs {
                let summary = &run.summary;
                let mut detail = fill(tr("run, step {step}"), &[("step", &numbers::count(summary.step))]);
                if let Some(found) = &summary.evaluation {
                    detail = format!("{detail}, {}", numbers::percent(found.accuracy as f32));
                }
                if summary.frozen > 0 {
                    let frozen = summary.frozen.to_string();
                    detail = format!("{detail}, {}", fill(tr("{count} frozen"), &[("count", &frozen)]));
                }
                detail =
                    format!("{detail} · {}", fill(tr("no. {number}"), &[("number", &run.id.to_string())]));
                let is_present = state.is_present_run(run.id);
                let look = state.settings.run_looks.get(&run.id);
                let named = look.map(|look| &look.name).filter(|name| !name.is_empty());
                let name = harmless(named.unwrap_or(&summary.network));
                let button = egui::Button::selectable(is_present, name)
                    .shortcut_text(RichText::new(detail).size(size::SMALL));
                let row = ui.available_width();
                ui.horizontal(|ui| {
                    let size = vec2(row - DELETE, ui.spacing().interact_size.y);
                    let open = ui.add(button.min_size(size)).on_hover_text(tr("Goes on with this run."));
                    if open.clicked() && !is_present {
                        actions.send(Action::OpenRun(run.id));
                        ui.close();
                    }
                    delete_ui(ui, run.id, is_present, actions);
                });
            }
            if let Some(run) = &state.last_run {
                let steps = fill(tr("last run, step {step}"), &[("step", &numbers::count(run.step))]);
                item(ui, actions, NetworkChoice::LastRun, &run.network.spec().name, &steps);
            }
            ui.separator();
            ui.weak(tr("Untrained: random weights"));
            for preset in presets::all() {
                let name = preset.spec.name.clone();
                let choice = NetworkChoice::Preset(name.clone());
                let button = egui::Button::selectable(*chosen == choice, name.as_str());
                if ui.add(button).on_hover_text(preset.summary).clicked() {
                    actions.send(Action::ChooseNetwork(choice));
                    ui.close();
                }
            }
        })
        .response
        .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, tr("Network menu")));
}

/// The room of the button that deletes a run, in points.
const DELETE: f32 = 40.0;

/// Deletes a kept run, which can be undone. The present run cannot be deleted.
fn delete_ui(ui: &mut Ui, id: u64, is_present: bool, actions: &mut Actions) {
    let name = fill(tr("Delete run no. {number}"), &[("number", &id.to_string())]);
    let button = ui.add_enabled_ui(!is_present, |ui| icon_button(ui, icons::TRASH_2, &name)).inner;
    if button.clicked() {
        actions.send(Action::DeleteRun(id));
    }
}

/// The most room that a menu below the top bar has, in points.
fn menu_height(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().bottom() - ui.max_rect().bottom() - 2.0 * space::L).max(200.0)
}

fn data_menu_ui(ui: &mut Ui, state: &AppState, is_narrow: bool, actions: &mut Actions) {
    let text = match &state.data {
        DataState::Loading => tr("Reading the data…").to_owned(),
        DataState::Missing => tr("No data set").to_owned(),
        DataState::Ready(data) if is_narrow => data.name.clone(),
        DataState::Ready(data) => {
            let count = |n: usize| numbers::count(n as u64);
            format!("{}  {} + {}", data.name, count(data.train.len()), count(data.test.len()))
        }
    };
    let width = if is_narrow { 96.0 } else { 190.0 };
    ComboBox::from_id_salt("data")
        .selected_text(text)
        .width(width)
        .truncate()
        .show_ui(ui, |ui| {
            ui.set_min_width(240.0);
            let mnist =
                egui::Button::selectable(state.uses_embedded_data(), "MNIST").shortcut_text(tr("built in"));
            if ui.add(mnist).clicked() {
                actions.send(Action::UseEmbeddedData);
            }
            if ui.button((icons::FOLDER_OPEN, tr("Open data set…"))).clicked() {
                actions.send(Action::AskForFile(FileKind::DataSet));
            }
        })
        .response
        .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, tr("Data menu")));
}

/// The size of everything in the window, and the list of all keys.
fn display_menu_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let button = icon_button(ui, icons::SETTINGS, tr("Display"));
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_width(MENU_WIDTH);
        let wanted = state.settings.zoom;
        let used = ui.ctx().zoom_factor();
        ui.horizontal(|ui| {
            ui.label(tr("Zoom"));
            let mut step = |ui: &mut Ui, icon, name, key, steps| {
                let zoom = next_zoom(wanted, steps);
                let is_other = (zoom - wanted).abs() > 1e-3;
                let button =
                    ui.add_enabled_ui(is_other, |ui| icon_button_with_shortcut(ui, icon, name, key)).inner;
                if button.clicked() {
                    actions.send(Action::SetZoom(zoom));
                }
            };
            step(ui, icons::ZOOM_OUT, tr("Zoom out"), "Ctrl+−", -1);
            let percent = RichText::new(numbers::percent_whole(wanted)).font(fonts::mono(size::MONO));
            ui.label(percent);
            step(ui, icons::ZOOM_IN, tr("Zoom in"), "Ctrl++", 1);
            if tool_button(ui, "", tr("Actual size"), "Ctrl+0").clicked() {
                actions.send(Action::SetZoom(1.0));
            }
        });
        // The room of the sentence is there whether it is or not: the buttons do not move.
        let text = if used < wanted - 1e-3 {
            fill(
                tr("{percent} is shown: the window has no room for more."),
                &[("percent", &numbers::percent_whole(used))],
            )
        } else {
            String::new()
        };
        ui.label(RichText::new(text).size(size::SMALL).color(Tokens::of(ui).second));
        ui.separator();
        menu_ui(ui, actions);
        if ui.add(egui::Button::new((icons::KEYBOARD, tr("All keys"))).shortcut_text("F1")).clicked() {
            actions.send(Action::ShowKeys(true));
            ui.close();
        }
    });
}

/// From the right: the primary button, then the others.
fn transport_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let is_ready = state.data.ready().is_some();
    let can_train = state.can_train();
    ui.add_enabled_ui(is_ready && can_train, |ui| {
        let explained = |button: Response| {
            let why = tr("This step of the lesson does not train. Leave the lesson to train.");
            if can_train { button } else { button.on_disabled_hover_text(why) }
        };
        let mut send = |transport| actions.send(Action::Train(transport));
        // One width for both, so that the other buttons do not move when training ends by itself.
        let words = [tr("Train"), tr("Pause")];
        let (icon, word, transport) = if state.is_training() {
            (icons::PAUSE, words[1], Transport::Pause)
        } else {
            (icons::PLAY, words[0], Transport::Run)
        };
        // A lesson has the primary button.
        let button = if state.lesson.is_some() || state.recording.is_some() {
            tool_button_as_wide(ui, icon, word, &words)
        } else {
            primary_button_as_wide(ui, icon, word, &words)
        };
        if explained(button).on_hover_text(tr("Space, in Train and Network")).clicked() {
            send(transport);
        }
        if explained(tool_button(ui, icons::ROTATE_CCW, tr("Reset"), "")).clicked() {
            send(Transport::Reset);
        }
        if explained(tool_button(ui, icons::SKIP_FORWARD, tr("1 epoch"), "")).clicked() {
            send(Transport::OneEpoch);
        }
        if explained(tool_button(ui, icons::STEP_FORWARD, tr("1 batch"), "")).clicked() {
            send(Transport::OneBatch);
        }
    });
}
