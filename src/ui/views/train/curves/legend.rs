//! Which line is which.

use super::{
    drawn::{DOT, THICK, THIN},
    names::{full_name, quick_name},
};
use crate::{
    text::tr,
    train::Snapshot,
    ui::style::{
        fonts,
        tokens::{Tokens, size, space},
    },
};
use egui::{RichText, Sense, Ui, vec2};

/// The sets of images by the thickness of their lines. The runs have the colours.
pub fn legend_ui(ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let t = Tokens::of(ui);
    let validation = snapshot.is_some_and(|s| s.validation);
    let entries = [
        (tr("training batches"), Some(THIN)),
        (quick_name(validation), Some(THICK)),
        (full_name(validation), None),
    ];
    for (i, (name, width)) in entries.into_iter().enumerate() {
        if i > 0 {
            ui.add_space(space::S);
        }
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 12.0), Sense::hover());
        match width {
            Some(width) => {
                ui.painter().hline(rect.x_range(), rect.center().y, (width, t.runs[0]));
            }
            None => {
                ui.painter().circle_filled(rect.center(), DOT, t.runs[0]);
            }
        }
        ui.label(RichText::new(name).font(fonts::words(size::SMALL)).color(t.second));
    }
}
