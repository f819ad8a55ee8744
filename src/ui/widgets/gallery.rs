//! Every widget on one page, in both themes, to check by eye when a widget changes.

use super::{
    badge::{Tone, badge},
    buttons::{icon_button, nav_item, primary_button, tool_button, tool_toggle},
    canvas_history::Drawing,
    card,
    draw_canvas::{Brush, DrawCanvas},
    heat_atlas::HeatAtlas,
    image_tile::ImageTile,
    key_value::{KeyValue, key_value},
    legend::Legend,
    probability_bars::ProbabilityBars,
    section::{section, section_with_detail, view_heading},
    segmented, slider_row,
    toast::Toasts,
};
use crate::ui::style::{
    colormap::ColorMapLut,
    icons,
    picture::PictureGround,
    tokens::{Tokens, size, space},
};
use egui::{CentralPanel, Frame, Id, Layout, Margin, Panel, Rect, Sense, Ui, vec2};

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const SHARES: [f32; 10] = [0.0, 0.0, 0.012, 0.001, 0.0, 0.0, 0.0, 0.949, 0.0, 0.038];

/// What the page keeps.
pub(crate) struct Gallery {
    canvas: DrawCanvas,
    drawing: Drawing,
    blank_canvas: DrawCanvas,
    blank: Drawing,
    atlas: HeatAtlas,
    toasts: Toasts,
    view: usize,
    overlay: u8,
    kernel: u32,
    text: String,
    is_checked: bool,
}

impl Default for Gallery {
    fn default() -> Self {
        let mut drawing = Drawing::default();
        let seven: [[f32; 2]; 4] = [[0.25, 0.3], [0.45, 0.24], [0.72, 0.27], [0.45, 0.85]];
        drawing.begin_stroke(seven[0], 0.045, false);
        for point in &seven[1..] {
            drawing.extend_stroke(*point);
        }
        drawing.end_stroke();
        let mut toasts = Toasts::default();
        toasts.push(Tone::Good, "Saved as lenet5-relu.safetensors.");
        toasts.push(Tone::Info, "Opened digit.png: 640×480, cut to the middle.");
        toasts.push(Tone::Warn, "The loss stopped falling; the rate was halved.");
        toasts.push(
            Tone::Bad,
            "model.safetensors: the file ends in the middle of 0.weight, 1204 bytes are missing.",
        );
        Self {
            canvas: DrawCanvas::default(),
            drawing,
            blank_canvas: DrawCanvas::new(Id::unique("gallery canvas")),
            blank: Drawing::default(),
            atlas: HeatAtlas::new(),
            toasts,
            view: 0,
            overlay: 0,
            kernel: 3,
            text: "lenet5".to_owned(),
            is_checked: true,
        }
    }
}

impl Gallery {
    /// Shows the page.
    pub(crate) fn ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let bar =
            |fill| Frame::new().fill(fill).inner_margin(Margin::symmetric(16, 8)).stroke(t.line_stroke());
        Panel::top("top").frame(bar(t.raised)).show(ui, Self::top_ui);
        Panel::bottom("status").frame(bar(t.raised)).show(ui, Self::status_ui);
        let side = Frame::new().fill(t.panel).inner_margin(Margin::same(12)).stroke(t.line_stroke());
        Panel::left("views").frame(side).exact_size(172.0).show(ui, |ui| self.nav_ui(ui));
        Panel::right("inspector").frame(side).exact_size(340.0).show(ui, |ui| self.inspector_ui(ui));
        let ground = Frame::new().fill(t.ground).inner_margin(Margin::same(24));
        CentralPanel::default().frame(ground).show(ui, |ui| self.centre_ui(ui));
        self.toasts.show(ui.ctx(), 44.0);
    }

    fn top_ui(ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.label(egui::RichText::new("ConvLens").font(crate::ui::style::fonts::semibold(size::LARGE)));
            ui.add_space(space::S);
            let net = egui::ComboBox::from_id_salt("net").selected_text("lenet5-relu");
            net.show_ui(ui, |ui| ui.label("three-conv")).response.accessible_name("Network");
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                primary_button(ui, icons::PAUSE, "Pause");
                tool_button(ui, "", "Reset", "");
                tool_button(ui, "", "1 epoch", "E");
                tool_button(ui, "", "1 batch", "B");
                icon_button(ui, icons::SUN, "Light theme");
                icon_button(ui, icons::SETTINGS, "Settings");
            });
        });
    }

    fn status_ui(ui: &mut Ui) {
        ui.horizontal(|ui| {
            badge(ui, Tone::Good, "LIVE");
            badge(ui, Tone::Info, "history @ step 1200");
            badge(ui, Tone::Warn, "paused");
            badge(ui, Tone::Bad, "diverged");
            ui.label("epoch 2 / 5");
            ui.monospace("loss 0.0871");
            ui.label(egui::RichText::new(format!(
                "{} Icons stand in words {}",
                icons::CHECK,
                icons::CHEVRON_DOWN
            )));
        });
    }

    fn nav_ui(&mut self, ui: &mut Ui) {
        ui.spacing_mut().item_spacing.y = space::XS;
        let views = [
            (icons::PENCIL, "Draw"),
            (icons::NETWORK, "Network"),
            (icons::CHART_LINE, "Train"),
            (icons::SLIDERS_HORIZONTAL, "Filters"),
            (icons::GRID_3X3, "Convolution"),
            (icons::GRID_2X2, "Pooling"),
            (icons::TARGET, "Evaluate"),
        ];
        for (i, (icon, name)) in views.into_iter().enumerate() {
            if nav_item(ui, icon, name, self.view == i).clicked() {
                self.view = i;
            }
        }
        ui.add_space(space::XL);
        let tile = ImageTile::new("Current image", "current", 1, self.drawing.bitmap(), 280).side(148.0);
        tile.caption("Your drawing · reads 7").clickable().ui(ui);
    }

    fn centre_ui(&mut self, ui: &mut Ui) {
        ui.horizontal_top(|ui| {
            view_heading(ui, "Draw", "Write a digit; the network answers while you write.");
            ui.with_layout(Layout::right_to_left(egui::Align::Min), |ui| {
                tool_button(ui, icons::TRASH_2, "Clear", "Del");
                ui.add_enabled_ui(false, |ui| tool_button(ui, icons::REDO_2, "Redo", "Ctrl+Y"));
                tool_button(ui, icons::UNDO_2, "Undo", "Ctrl+Z");
                tool_toggle(ui, icons::ERASER, "Eraser", "X", false);
                tool_toggle(ui, icons::PENCIL, "Brush", "B", true);
            });
        });
        ui.add_space(space::S);
        ui.horizontal_top(|ui| {
            let shown = self.canvas.ui(ui, &self.drawing, &Brush::default(), 360.0, "Draw a digit");
            shown.edits.iter().for_each(|edit| {
                self.drawing.apply(edit);
            });
            ui.add_space(space::L);
            ui.vertical(|ui| {
                ProbabilityBars::new(&DIGITS, &SHARES).winner(Some(7)).height(360.0).ui(ui);
            });
        });
        ui.add_space(space::L);
        ui.horizontal_top(|ui| {
            self.blank_canvas.ui(ui, &self.blank, &Brush::default(), 200.0, "Draw a digit");
            ui.vertical(|ui| {
                ui.horizontal(|ui| {
                    section(ui, "What the network sees");
                    segmented(ui, "Input", &mut self.overlay, &[(0, "normalised"), (1, "raw")]);
                });
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::L;
                    for (i, caption) in ["drawn", "cropped", "20×20", "28×28 input"].into_iter().enumerate()
                    {
                        let pixels: Vec<u8> = (0..28 * 28)
                            .map(|p: usize| self.drawing.bitmap()[p / 28 * 2800 + p % 28 * 10 + 5])
                            .collect();
                        let tile = ImageTile::new(caption, ("step", i), 1, &pixels, 28);
                        tile.caption(caption).highlighted(i == 3).ui(ui);
                    }
                });
            });
        });
        ui.add_space(space::L);
        self.maps_ui(ui);
    }

    fn maps_ui(&mut self, ui: &mut Ui) {
        let theme = Tokens::of(ui).theme;
        self.atlas.set_sizes(ui.ctx(), &[(26, 26); 10]);
        for map in 0..10 {
            let values: Vec<f32> = (0..676)
                .map(|i| {
                    let (x, y) = ((i % 26) as f32 / 4.0 - 3.2, (i / 26) as f32 / 4.0 - 3.2);
                    (x * (map as f32 + 1.0) * 0.4).sin() * (-(x * x + y * y) / 8.0).exp() * 1.3
                })
                .collect();
            let sequential = ColorMapLut::sequential(theme);
            if map < 5 {
                self.atlas.fill(map, &values, ColorMapLut::diverging(theme), 1.0);
            } else {
                let positive: Vec<f32> = values.iter().map(|v| v.abs()).collect();
                self.atlas.fill(map, &positive, sequential, 1.0);
            }
        }
        self.atlas.upload(ui.ctx());
        ui.horizontal(|ui| {
            for map in 0..10 {
                let (rect, _) = ui.allocate_exact_size(vec2(72.0, 72.0), Sense::hover());
                self.atlas.paint(ui.painter(), map, Rect::from_min_size(rect.min, rect.size()));
            }
        });
        ui.horizontal(|ui| {
            Legend::new(ColorMapLut::diverging(theme), 3.1).ui(ui);
            Legend::new(ColorMapLut::sequential(theme), 0.5).ui(ui);
            Legend::with_words(PictureGround::Paper.colors(theme), "0", "1").ui(ui);
        });
    }

    fn inspector_ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        view_heading(ui, "What convinced it", "Pixels that raise or lower the score of 7.");
        let options = [(0, "Gradient"), (1, "Grad-CAM"), (2, "Occlusion")];
        segmented(ui, "Overlay", &mut self.overlay, &options);
        ui.add_space(space::S);
        section_with_detail(ui, "Sum", "rows 9 to 13");
        key_value(ui, "Σ products", "+1.770");
        key_value(ui, "bias", "−0.003");
        KeyValue::new("pre-activation", "+1.766").strong().ruled().color(t.signed_text(1.766)).ui(ui);
        KeyValue::new("ReLU", "1.766").strong().ui(ui);
        tool_button(ui, icons::ARROW_RIGHT, "Open in Convolution", "");
        ui.add_space(space::S);
        section(ui, "Settings");
        let shown = format!("{0}×{0}", self.kernel);
        slider_row(ui, "Kernel", &mut self.kernel, 0..=7, &shown);
        slider_row(ui, "Stride", &mut 1, 0..=4, "1");
        ui.add_space(space::S);
        section(ui, "Output size");
        card(ui, |ui| {
            ui.take_available_width();
            ui.monospace("(H + 2P − K)/S + 1");
            ui.monospace("(7 + 2·1 − 3)/2 + 1 = 4");
        });
        ui.add_space(space::S);
        ui.checkbox(&mut self.is_checked, "Augment");
        ui.text_edit_singleline(&mut self.text).accessible_name("Name");
        ui.add(egui::DragValue::new(&mut self.kernel)).accessible_name("Kernel size");
        ui.add(egui::ProgressBar::new(0.4).text("40 %"));
        ui.hyperlink_to("What is a receptive field?", "https://example.org");
        section(ui, "Compact");
        ProbabilityBars::new(&DIGITS[..4], &SHARES[4..8]).winner(Some(3)).compact().height(100.0).ui(ui);
    }
}

#[cfg(test)]
mod tests {
    use egui::Theme;
    use egui_kittest::Harness;

    use super::*;
    use crate::ui::style::{fonts, theme};

    /// The harness panics on missing glyphs and on inputs without a name.
    #[test]
    fn every_widget_is_shown_in_both_themes() {
        for shown in [Theme::Dark, Theme::Light] {
            for size in [vec2(1600.0, 1000.0), vec2(640.0, 400.0)] {
                let mut harness = Harness::builder()
                    .with_size(size)
                    .with_theme(shown)
                    .with_context_setup(|ctx| {
                        fonts::install(ctx);
                        theme::apply(ctx);
                    })
                    .build_ui_state(|ui, gallery: &mut Gallery| gallery.ui(ui), Gallery::default());
                harness.run_steps(3);
                harness.check_accessibility();
            }
        }
    }
}
