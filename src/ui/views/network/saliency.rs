//! What convinced the network: an overlay on the input, with its scale and what it means.

use crate::{
    explain::{
        Saliency,
        saliency::{Method, default_layer, layers_with_maps},
    },
    nn::Network,
    text::{Say, fill, tr},
    ui::{
        action::{Action, Actions},
        model::saliency::{SaliencyAnswer, SaliencyChoice, SaliencyKind},
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts,
            picture::PictureGround,
            tokens::{Tokens, size, space},
        },
        widgets::{Legend, Overlay, OverlayPicture, numbers, section_with_detail, segmented, slider_row},
    },
};
use egui::{ComboBox, RichText, Ui, vec2};

/// The side of the picture, in points.
const SIDE: f32 = 310.0;

/// The section with its texture.
#[derive(Default)]
pub struct Convinced {
    picture: OverlayPicture,
}

impl Convinced {
    /// The whole section.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let choice = state.settings.saliency;
        let mut next = choice;
        let network = &state.network.network;
        let shown = state.saliency.as_ref();
        let class = shown.and_then(|shown| shown.result.as_ref().ok()).map(|saliency| saliency.class);
        let detail = class.map_or_else(String::new, |class| {
            fill(tr("that it is a {class}"), &[("class", &class.to_string())])
        });
        section_with_detail(ui, tr("What convinced it"), &detail);
        ui.add_space(space::XS);
        let kinds = [
            (SaliencyKind::Gradient, tr("gradient")),
            (SaliencyKind::GradientTimesInput, tr("× input")),
            (SaliencyKind::GradCam, tr("Grad-CAM")),
            (SaliencyKind::Occlusion, tr("occlusion")),
        ];
        segmented(ui, tr("What convinced it"), &mut next.kind, &kinds);
        ui.add_space(space::XS);
        class_ui(ui, network, &mut next, class);
        settings_ui(ui, network, &mut next);
        ui.add_space(space::S);
        self.picture_ui(ui, state, &choice);
        let mut percent = (next.opacity * 100.0).round();
        let written = format!("{percent:.0} %");
        if slider_row(ui, tr("Opacity"), &mut percent, 0.0..=100.0, &written).changed() {
            next.opacity = percent / 100.0;
        }
        sentence_ui(ui, choice.kind);
        if next != choice {
            actions.send(Action::SetSaliency(next));
        }
    }

    fn picture_ui(&mut self, ui: &mut Ui, state: &AppState, choice: &SaliencyChoice) {
        let t = Tokens::of(ui);
        let problem = |ui: &mut Ui, text: &str| ui.label(RichText::new(text).color(t.warn));
        if state.image.is_blank() {
            ui.label(RichText::new(tr("Draw a digit first.")).color(t.second));
            return;
        }
        if choice.method(&state.network.network).is_none() {
            problem(ui, tr("This network has no convolution whose maps Grad-CAM could weigh."));
            return;
        }
        match state.saliency.as_ref() {
            None => {
                ui.allocate_ui(vec2(SIDE, SIDE), |ui| ui.centered_and_justified(Ui::spinner));
            }
            Some(SaliencyAnswer { result: Err(e), .. }) => {
                problem(ui, &format!("{}.", e.say().capitalised()));
            }
            Some(shown @ SaliencyAnswer { result: Ok(saliency), .. }) => {
                self.overlay_ui(ui, shown, saliency, (choice, state.image.ground));
            }
        }
    }

    fn overlay_ui(
        &mut self,
        ui: &mut Ui,
        shown: &SaliencyAnswer,
        saliency: &Saliency,
        (choice, picture): (&SaliencyChoice, PictureGround),
    ) {
        let t = Tokens::of(ui);
        let is_signed = saliency.method.is_signed();
        let colors =
            if is_signed { ColorMapLut::diverging(t.theme) } else { ColorMapLut::sequential(t.theme) };
        let overlay = Overlay {
            name: tr("What convinced it, over the input"),
            revision: shown.number,
            size: (saliency.width, saliency.height),
            picture,
            values: &saliency.values,
            colors,
            limit: saliency.limit(),
            opacity: choice.opacity,
            side: SIDE.min(ui.available_width()),
        };
        let (_, pointed) = self.picture.ui(ui, overlay, || shown.ink());
        let (logit, p) = (numbers::precise(saliency.logit), numbers::probability(saliency.probability));
        let values = [("class", saliency.class.to_string()), ("logit", logit), ("p", p)];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = match pointed {
            Some((row, column)) => {
                let value = saliency.values.get(row * saliency.width + column).copied().unwrap_or(f32::NAN);
                fill(
                    tr("row {row}, column {column}: {value}"),
                    &[
                        ("row", &row.to_string()),
                        ("column", &column.to_string()),
                        ("value", &shown_value(saliency.method, value)),
                    ],
                )
            }
            None => match saliency.method {
                Method::GradientTimesInput => fill(
                    tr("all pixels {sum} of the logit {logit}"),
                    &[("sum", &numbers::precise(saliency.sum())), values[1]],
                ),
                _ => fill(tr("class {class}: logit {logit}, {p}"), &values),
            },
        };
        ui.label(RichText::new(text).font(fonts::mono(size::MONO)).color(t.second));
        let limit = saliency.limit();
        let high = if is_signed { shown_value(saliency.method, limit) } else { numbers::plain(limit) };
        let low = if is_signed { shown_value(saliency.method, -limit) } else { "0".to_owned() };
        Legend::with_words(colors, &low, &high).width(100.0).ui(ui);
        ui.add_space(space::XS);
    }
}

/// Occlusion is of probabilities: percentage points; all else has the logit's unit.
fn shown_value(method: Method, value: f32) -> String {
    match method {
        // What falls is written as a fall.
        Method::Occlusion { .. } => fill(tr("{points} pp"), &[("points", &numbers::signed(-value * 100.0))]),
        _ => numbers::signed(value),
    }
}

/// Which class is asked about: the winner, or one of all.
fn class_ui(ui: &mut Ui, network: &Network, choice: &mut SaliencyChoice, winner: Option<usize>) {
    let name = |class: Option<usize>| match (class, winner) {
        (Some(class), _) => fill(tr("class {class}"), &[("class", &class.to_string())]),
        (None, Some(winner)) if choice.class.is_none() => {
            fill(tr("the winner, {class}"), &[("class", &winner.to_string())])
        }
        (None, _) => tr("the winner").to_owned(),
    };
    let (all, now) = (
        std::iter::once(None).chain((0..network.classes()).map(Some)).map(|class| (class, name(class))),
        name(choice.class),
    );
    let all: Vec<_> = all.collect();
    row_ui(ui, tr("Class"), |ui| {
        let combo = ComboBox::from_id_salt("saliency class").selected_text(now).width(150.0);
        let response = combo.show_ui(ui, |ui| {
            for (class, name) in all {
                ui.selectable_value(&mut choice.class, class, name);
            }
        });
        response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, tr("Class")));
    });
}

/// What a method can be told besides.
fn settings_ui(ui: &mut Ui, network: &Network, choice: &mut SaliencyChoice) {
    match choice.kind {
        SaliencyKind::Gradient | SaliencyKind::GradientTimesInput => {}
        SaliencyKind::GradCam => {
            let name = |layer: usize| {
                let spec = network.spec().layers.get(layer).map_or("", |spec| spec.type_name());
                let output = network.layers().get(layer).map(|layer| layer.output().to_string());
                format!("{spec} {layer} · {}", output.unwrap_or_default())
            };
            let Some(now) = choice.layer.or_else(|| default_layer(network)) else { return };
            row_ui(ui, tr("Layer"), |ui| {
                let combo = ComboBox::from_id_salt("saliency layer").selected_text(name(now)).width(190.0);
                let response = combo.show_ui(ui, |ui| {
                    for layer in layers_with_maps(network) {
                        if ui.selectable_label(layer == now, name(layer)).clicked() {
                            choice.layer = Some(layer);
                        }
                    }
                });
                let info = || egui::WidgetInfo::labeled(egui::Role::ComboBox, true, tr("Layer"));
                response.response.widget_info(info);
            });
        }
        SaliencyKind::Occlusion => {
            let (_, height, width) = network.input().as_maps();
            let most = height.min(width).max(1);
            let side = format!("{0}×{0}", choice.patch);
            slider_row(ui, tr("Patch"), &mut choice.patch, 1..=most, &side);
            choice.stride = choice.stride.min(choice.patch);
            let stride = choice.stride.to_string();
            slider_row(ui, tr("Stride"), &mut choice.stride, 1..=choice.patch, &stride);
        }
    }
}

/// A name as wide as those of sliders, and a control.
fn row_ui(ui: &mut Ui, name: &str, control: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(84.0, 24.0), egui::Sense::hover());
        let font = fonts::words(size::BODY);
        ui.painter().text(rect.left_center(), egui::Align2::LEFT_CENTER, name, font, t.second);
        control(ui);
    });
}

/// What it means, and what it does not.
fn sentence_ui(ui: &mut Ui, kind: SaliencyKind) {
    let t = Tokens::of(ui);
    let (meaning, limits) = match kind {
        SaliencyKind::Gradient => (
            tr(
                "How much the class's logit rises (orange) or falls (blue) when a pixel gets a little brighter.",
            ),
            tr(
                "It is true for small changes only, and says nothing of pixels that hardly could get brighter.",
            ),
        ),
        SaliencyKind::GradientTimesInput => (
            tr(
                "The gradient times the ink that is there: what speaks for the class (orange) and against it (blue).",
            ),
            tr("Where there is no ink it is 0, although a gap can convince too; biases have no pixel."),
        ),
        SaliencyKind::GradCam => (
            tr(
                "The layer's maps, weighted by their mean gradients: where it finds what speaks for the class.",
            ),
            tr("It is as coarse as the layer, and what speaks against the class is left out."),
        ),
        SaliencyKind::Occlusion => (
            tr(
                "A patch of background covers the input place by place: orange where the probability falls, blue where it rises.",
            ),
            tr("It depends on the patch's size, and a covered digit may look like none it ever learnt."),
        ),
    };
    for text in [meaning, limits] {
        ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
    }
}
