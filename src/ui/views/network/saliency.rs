//! Saliency: which pixels speak for a class, as an overlay on the input, with its scale and its meaning.

use super::lines;
use crate::{
    explain::{
        Saliency, Verdict,
        saliency::{Method, default_layer, layers_with_maps},
    },
    nn::Network,
    text::{Say, Term, fill, tr, written::probability},
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
        widgets::{
            Legend, Overlay, OverlayPicture, explain, numbers, section_with_detail, segmented_with_tips,
            slider_row,
        },
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
        // Among probabilities that are no numbers, none is the largest.
        let class = class.filter(|_| state.switched_verdict() != Some(Verdict::NotANumber));
        // Only an answer can be said to convince the network; for other classes the map shows evidence.
        let answer = match state.switched_verdict() {
            Some(Verdict::Sure { class, .. }) => Some(class),
            _ => None,
        };
        let title = match class {
            Some(class) if answer == Some(class) => {
                fill(tr("What convinced it that it is a {class}"), &[("class", &state.class_name(class))])
            }
            Some(class) => fill(tr("What speaks for a {class}"), &[("class", &state.class_name(class))]),
            None => tr("What speaks for a digit").to_owned(),
        };
        let detail = match (class, choice.class) {
            (Some(class), None) if answer != Some(class) => tr("the most likely class"),
            _ => "",
        };
        section_with_detail(ui, &title, detail);
        ui.add_space(space::XS);
        let kinds = [
            SaliencyKind::Gradient,
            SaliencyKind::GradientTimesInput,
            SaliencyKind::GradCam,
            SaliencyKind::Occlusion,
        ]
        .map(|kind| (kind, term(kind).label()));
        segmented_with_tips(ui, tr("Method"), &mut next.kind, &kinds, &|kind, segment| {
            explain(segment, term(kind))
        });
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
            problem(ui, tr("Grad-CAM needs a layer with maps, which this network does not have."));
            return;
        }
        match state.saliency.as_ref() {
            None => {
                ui.allocate_ui(vec2(SIDE, SIDE), |ui| ui.centered_and_justified(Ui::spinner));
            }
            Some(_) if state.switched_verdict() == Some(Verdict::NotANumber) => {
                problem(ui, tr("Not a number: the network has no answer, so that nothing speaks for it."));
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
            name: tr("Saliency over the input"),
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
        let (logit, p) = (numbers::precise(saliency.logit), probability(saliency.probability));
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
                    tr("sum of all pixels: {sum}, logit: {logit}"),
                    &[("sum", &numbers::precise(saliency.sum())), values[1]],
                ),
                _ => fill(tr("class {class}: logit {logit}, {p}"), &values),
            },
        };
        let hover = fill(
            tr("exactly: logit {logit}, probability {p}"),
            &[("logit", &lines::exact(saliency.logit)), ("p", &lines::exact(saliency.probability))],
        );
        ui.label(RichText::new(text).font(fonts::mono(size::MONO)).color(t.second)).on_hover_text(hover);
        let limit = saliency.limit();
        let high = if is_signed { shown_value(saliency.method, limit) } else { numbers::plain(limit) };
        let low = if is_signed { shown_value(saliency.method, -limit) } else { "0".to_owned() };
        Legend::with_words(colors, &low, &high).width(100.0).ui(ui);
        ui.add_space(space::XS);
    }
}

/// Occlusion is in percentage points of the probability; the other methods are in units of the logit.
fn shown_value(method: Method, value: f32) -> String {
    match method {
        // A fall of the probability is positive in the map, and is written with a minus.
        Method::Occlusion { .. } => fill(tr("{points} pp"), &[("points", &numbers::signed(-value * 100.0))]),
        _ => numbers::signed(value),
    }
}

/// The term for a method.
fn term(kind: SaliencyKind) -> Term {
    match kind {
        SaliencyKind::Gradient => Term::Saliency,
        SaliencyKind::GradientTimesInput => Term::GradientTimesInput,
        SaliencyKind::GradCam => Term::GradCam,
        SaliencyKind::Occlusion => Term::Occlusion,
    }
}

/// The class: the most likely one, or a given one.
fn class_ui(ui: &mut Ui, network: &Network, choice: &mut SaliencyChoice, winner: Option<usize>) {
    let name = |class: Option<usize>| match (class, winner) {
        (Some(class), _) => fill(tr("class {class}"), &[("class", &network.spec().class_names.of(class))]),
        (None, Some(winner)) if choice.class.is_none() => {
            fill(tr("most likely: {class}"), &[("class", &network.spec().class_names.of(winner))])
        }
        (None, _) => tr("most likely").to_owned(),
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

/// The settings of a method.
fn settings_ui(ui: &mut Ui, network: &Network, choice: &mut SaliencyChoice) {
    match choice.kind {
        SaliencyKind::Gradient | SaliencyKind::GradientTimesInput => {}
        SaliencyKind::GradCam => {
            let name = |layer: usize| {
                let output = network.layers().get(layer).map(|layer| layer.output().to_string());
                format!("{} · {}", network.spec().layer_name(layer), output.unwrap_or_default())
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

/// A control with a name in line with those of sliders.
fn row_ui(ui: &mut Ui, name: &str, control: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(84.0, 24.0), egui::Sense::hover());
        let font = fonts::words(size::BODY);
        ui.painter().text(rect.left_center(), egui::Align2::LEFT_CENTER, name, font, t.second);
        control(ui);
    });
}

/// The meaning of a method and its limits.
fn sentence_ui(ui: &mut Ui, kind: SaliencyKind) {
    let t = Tokens::of(ui);
    let (meaning, limits) = match kind {
        SaliencyKind::Gradient => (
            tr(
                "How much the logit of the class rises (orange) or falls (blue) when a pixel gets a little brighter.",
            ),
            tr("It holds for small changes only, and says nothing about pixels that are already bright."),
        ),
        SaliencyKind::GradientTimesInput => (
            tr("The gradient times the ink: which ink speaks for the class (orange) and against it (blue)."),
            tr("It is 0 without ink, although a gap can speak for a class, too. Biases have no pixel."),
        ),
        SaliencyKind::GradCam => (
            tr(
                "The sum of the layer's maps, weighted by their mean gradients: where the layer finds features of the class.",
            ),
            tr("It is as coarse as the layer's maps, and leaves out what speaks against the class."),
        ),
        SaliencyKind::Occlusion => (
            tr(
                "A patch of background covers one place after the other: orange where the probability falls, blue where it rises.",
            ),
            tr("It depends on the size of the patch, and the network was not trained on covered digits."),
        ),
    };
    for text in [meaning, limits] {
        ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
    }
}
