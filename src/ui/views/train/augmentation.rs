//! Augmentation: its settings, and their effect on an image.

use super::{
    choices::choice_ui,
    controls::{Field, Form, switch_ui},
};
use crate::{
    data::{Augment, Split},
    text::{Term, fill, tr},
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
use egui::{RichText, Ui, vec2};
use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

/// Images of the preview.
const PREVIEWS: u64 = 8;

/// Images in a row of the preview.
const COLUMNS: usize = 4;

/// The choice of an augmentation, its numbers, and its preview.
pub fn augmentation_ui(
    ui: &mut Ui,
    state: &AppState,
    form: &mut Form,
    preview: &mut Preview,
    config: &mut TrainConfig,
    checked: &Result<(), TrainError>,
) {
    let none = Augment::default();
    let choices = [
        (none, tr("none")),
        (Augment::DIGITS, tr("for digits")),
        (Augment::DRAWN, tr("for drawings")),
        (Augment::KERAS, tr("as in Keras")),
    ];
    let chosen = choices.iter().find(|(augment, _)| *augment == config.augment);
    choice_ui(ui, Term::Augmentation, chosen.map_or(tr("custom"), |(_, name)| name), |ui| {
        for (augment, name) in choices {
            ui.selectable_value(&mut config.augment, augment, name);
        }
    });
    if config.augment == none {
        return;
    }
    numbers_ui(ui, form, &mut config.augment, checked);
    if config.augment.check().is_ok()
        && let Some(data) = state.data.ready()
    {
        let augment = config.augment;
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

fn numbers_ui(ui: &mut Ui, form: &mut Form, augment: &mut Augment, checked: &Result<(), TrainError>) {
    let mut number = |field: Field<'_>| form.number_ui(ui, field, checked);
    number(degrees(Term::Rotation, &mut augment.rotation));
    number(Field::percent(Term::Shift, &mut augment.shift, "±"));
    number(Field::percent(Term::Scale, &mut augment.scale, "±"));
    number(Field::percent(Term::Aspect, &mut augment.aspect, "±"));
    number(degrees(Term::Shear, &mut augment.shear));
    number(Field::real(Term::Elastic, &mut augment.elastic, |v| v.speed(0.2).max_decimals(1)));
    number(pixels(Term::Thickness, &mut augment.thickness, "±"));
    number(pixels(Term::Blur, &mut augment.blur, ""));
    number(Field::percent(Term::Pen, &mut augment.pen, ""));
    number(Field::percent(Term::Serifs, &mut augment.serifs, ""));
    number(Field::percent(Term::Scan, &mut augment.scan, ""));
    number(Field::percent(Term::Hands, &mut augment.hands, ""));
    number(Field::percent(Term::Outliers, &mut augment.outliers, ""));
    switch_ui(ui, Term::Flip, &mut augment.flip);
    switch_ui(ui, Term::Normalise, &mut augment.normalise);
}

fn degrees(term: Term, value: &mut f32) -> Field<'_> {
    Field::with_unit(term, value, "°", |v| v.speed(0.2).max_decimals(1).prefix("±").suffix("°"))
}

fn pixels<'a>(term: Term, value: &'a mut f32, sign: &'static str) -> Field<'a> {
    Field::with_unit(term, value, "px", |v| v.speed(0.02).max_decimals(2).prefix(sign).suffix(" px"))
}

/// One training image as it is changed in the first epochs of a run. The images are kept until a setting changes.
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
