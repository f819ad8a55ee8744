//! Augmentation: its settings, and what they do to an image.

use super::controls::{number_ui, real, row_ui, switch_ui};
use crate::{
    data::{Augment, Split},
    text::{fill, tr},
    train::{TrainConfig, TrainError, images_to_learn_from},
    ui::{
        model::image::ground_of_set,
        state::AppState,
        style::{
            picture::PictureGround,
            tokens::{Tokens, size, space},
        },
        widgets::ImageTile,
    },
};
use egui::{ComboBox, DragValue, RichText, Ui, vec2};
use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

/// Pictures of the preview, and how many of them beside each other.
const PREVIEWS: u64 = 8;
const COLUMNS: usize = 4;

/// The choice of an augmentation, its numbers, and its preview.
pub fn augmentation_ui(
    ui: &mut Ui,
    state: &AppState,
    preview: &mut Preview,
    config: &mut TrainConfig,
    checked: &Result<(), TrainError>,
) {
    let none = Augment::default();
    row_ui(ui, tr("augmentation"), |ui| {
        let choices = [
            (none, tr("none")),
            (Augment::DIGITS, tr("for digits")),
            (Augment::DRAWN, tr("for drawings")),
            (Augment::KERAS, tr("as in Keras")),
        ];
        let found = choices.iter().find(|(augment, _)| *augment == config.augment);
        ComboBox::from_id_salt("augmentation")
            .selected_text(found.map_or(tr("my own"), |(_, name)| name))
            .width(132.0)
            .show_ui(ui, |ui| {
                for (augment, name) in choices {
                    ui.selectable_value(&mut config.augment, augment, name);
                }
            })
            .response
            .accessible_name(tr("augmentation"));
    });
    if config.augment == none {
        return;
    }
    let augment = &mut config.augment;
    let degrees = |value| real(value).speed(0.2).max_decimals(1).suffix("°").prefix("±");
    number_ui(ui, tr("rotation"), degrees(&mut augment.rotation), checked);
    number_ui(ui, tr("shift"), share(&mut augment.shift), checked);
    number_ui(ui, tr("scale"), share(&mut augment.scale), checked);
    number_ui(ui, tr("aspect"), share(&mut augment.aspect), checked);
    number_ui(ui, tr("shear"), degrees(&mut augment.shear), checked);
    number_ui(ui, tr("elastic"), real(&mut augment.elastic).speed(0.2).max_decimals(1), checked);
    let pixels = |value| real(value).speed(0.02).max_decimals(2).suffix(" px");
    number_ui(ui, tr("thickness"), pixels(&mut augment.thickness).prefix("±"), checked);
    number_ui(ui, tr("blur"), pixels(&mut augment.blur), checked);
    number_ui(ui, tr("pen"), part(&mut augment.pen), checked);
    number_ui(ui, tr("serifs"), part(&mut augment.serifs), checked);
    number_ui(ui, tr("scan"), part(&mut augment.scan), checked);
    number_ui(ui, tr("hands"), part(&mut augment.hands), checked);
    number_ui(ui, tr("outliers"), part(&mut augment.outliers), checked);
    switch_ui(ui, tr("flip"), &mut augment.flip);
    switch_ui(ui, tr("normalise"), &mut augment.normalise);
    if augment.check().is_ok()
        && let Some(data) = state.data.ready()
    {
        let augment = *augment;
        let learnt = images_to_learn_from(config, &data.train);
        preview.ui(
            ui,
            augment,
            config.seed,
            (&data.train, learnt, ground_of_set(&data.name)),
            state.settings.next_sample,
        );
    }
}

/// A share of a side, each way.
fn share(value: &mut f32) -> DragValue<'_> {
    percent(value, "±")
}

/// A share of the images.
fn part(value: &mut f32) -> DragValue<'_> {
    percent(value, "")
}

fn percent<'a>(value: &'a mut f32, sign: &'static str) -> DragValue<'a> {
    let percent = move |v: f64| format!("{sign}{} %", (v * 1000.0).round() / 10.0);
    real(value).speed(0.002).custom_formatter(move |v, _| percent(v)).custom_parser(|text| {
        let number = text.trim_matches(|c: char| !c.is_ascii_digit() && c != '.');
        number.parse::<f64>().ok().map(|v| v / 100.0)
    })
}

/// One image as the first epochs of a run will see it; changed images are kept until something else is wanted.
#[derive(Debug, Default)]
pub struct Preview {
    revision: u64,
    images: Vec<Vec<u8>>,
}

impl Preview {
    fn ui(
        &mut self,
        ui: &mut Ui,
        augment: Augment,
        seed: u64,
        (train, learnt, ground): (&Arc<Split>, usize, PictureGround),
        image: usize,
    ) {
        let t = Tokens::of(ui);
        let number = image % learnt.max(1);
        let size = (train.height(), train.width());
        let mut hasher = DefaultHasher::new();
        (augment.to_string(), seed, number, learnt, Arc::as_ptr(train) as usize).hash(&mut hasher);
        let revision = hasher.finish();
        if self.revision != revision {
            let changed = |epoch| {
                let mut pixels = vec![0; size.0 * size.1];
                augment.change((seed, epoch, number as u32), train, learnt, &mut pixels);
                pixels
            };
            *self = Self { revision, images: (0..PREVIEWS).map(changed).collect() };
        }
        ui.add_space(space::XS);
        let text =
            fill(tr("Training image {number} in the first epochs:"), &[("number", &number.to_string())]);
        ui.label(RichText::new(text).size(size::SMALL).color(t.second));
        let side = ((ui.available_width() + space::XS) / COLUMNS as f32 - space::XS).floor();
        ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
        for (row, images) in self.images.chunks(COLUMNS).enumerate() {
            ui.horizontal(|ui| {
                for (column, pixels) in images.iter().enumerate() {
                    let epoch = row * COLUMNS + column;
                    let name = fill(tr("Augmented, epoch {epoch}"), &[("epoch", &(epoch + 1).to_string())]);
                    ImageTile::new(&name, ("augmented", epoch), revision, pixels, size.1)
                        .ground(ground)
                        .side(side)
                        .ui(ui);
                }
            });
        }
    }
}
