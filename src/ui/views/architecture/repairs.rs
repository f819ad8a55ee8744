//! The repairs of a row's fault.

use super::{
    row::{Part, Row},
    send::send,
};
use crate::{
    explain::{RowFault, sheet::Chosen},
    ui::{
        action::Actions,
        model::architecture::ArchitectureAct,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
    },
};
use egui::{Align2, CursorIcon, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The height of a repair's button, in points.
const CHIP: f32 = 16.5;

impl Row<'_> {
    /// A button for each repair that has room. Returns the one that is pointed at.
    pub fn repairs_ui(&self, ui: &Ui, fault: &RowFault, actions: &mut Actions) -> Option<Chosen> {
        let t = Tokens::of(ui);
        let number = match self.part {
            Part::Layer(place) => Some(self.number(place)?),
            Part::Input | Part::Outputs => None,
        };
        let mut x = self.place.left() + self.columns.name;
        let right = self.place.left() + self.columns.buttons.unwrap_or(self.columns.width - space::L);
        let mut pointed = None;
        for (i, repair) in fault.repairs.iter().enumerate() {
            let words = repair.sentence.capitalised();
            let font = fonts::words(size::SMALL);
            let galley = ui.painter().layout_no_wrap(words.clone(), font, t.text);
            let shape = repair.output.filter(|_| self.columns.buttons.is_some());
            let shape = shape.map(|shape| {
                let mono = fonts::mono(size::SMALL - 1.0);
                ui.painter().layout_no_wrap(format!("→ {shape}"), mono, t.second)
            });
            let width = galley.size().x
                + shape.as_ref().map_or(0.0, |shape| shape.size().x + space::XS)
                + 2.0 * space::S;
            let chip = Rect::from_min_size(pos2(x, self.at(1) - CHIP / 2.0), vec2(width, CHIP));
            if chip.right() > right {
                break;
            }
            x = chip.right() + space::S;
            let response = ui.interact(chip, ui.scope_id().with(("repair", self.name(), i)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
            let is_lit = response.hovered() || response.has_focus();
            let (ground, outline) =
                if is_lit { (t.accent_ground, t.accent) } else { (t.raised, t.line_strong) };
            ui.painter().rect(chip, radius::M, ground, (1.0, outline), StrokeKind::Inside);
            let left = chip.left() + space::S;
            let place = Align2::LEFT_CENTER.anchor_size(pos2(left, chip.center().y), galley.size());
            ui.painter().galley(place.min, galley, t.text);
            if let Some(shape) = shape {
                let at = pos2(place.right() + space::XS, chip.center().y);
                let place = Align2::LEFT_CENTER.anchor_size(at, shape.size());
                ui.painter().galley(place.min, shape, t.second);
            }
            if is_lit {
                pointed = Some((number, i));
            }
            if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
                send(actions, ArchitectureAct::Repair(repair.edits.clone()));
            }
        }
        pointed
    }
}
