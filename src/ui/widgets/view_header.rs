//! The top of a view: its name on the left, its tools on the right, or below the name in a narrow window.

use super::{paper, section::view_heading};
use crate::ui::style::tokens::space;
use egui::{Align, Id, Layout, TextWrapMode, Ui, UiBuilder, vec2};

/// In windows lower than this, in points, the sentence under the name is left out.
const LOW: f32 = 700.0;

/// In windows lower than this, in points, the view has no header at all: enlarged to be presented, it needs the room.
const TINY: f32 = 590.0;

/// Whether views have their headers: not in a window that is as low as one that presents to the back row, and not in pictures.
pub fn has_header(ui: &Ui) -> bool {
    has_room(ui) && !paper::is_on(ui)
}

/// Whether views have room for all that they show: not in a window that is as low as one that presents to the back row.
pub fn has_room(ui: &Ui) -> bool {
    ui.ctx().content_rect().height() >= TINY
}

/// The least room of a heading beside tools, in points.
const LEAST_HEADING: f32 = 70.0;

/// A [`view_header`] whose height does not depend on which of its tools are shown: there is room for the widest that were,
/// and for `least` points; the sentence is cut off where it would need more.
pub fn steady_header(ui: &mut Ui, title: &str, sentence: &str, least: f32, tools: impl FnOnce(&mut Ui)) {
    if !has_header(ui) {
        return;
    }
    let id = Id::unique(("steady tools of", title));
    let room = ui.available_width();
    let width = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(0.0).max(least);
    let is_beside = room >= width + space::L + LEAST_HEADING;
    let words = if is_beside { room - width - space::L } else { room };
    let heading = ui.scope(|ui| {
        ui.set_max_width(words);
        ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
        let is_low = ui.ctx().content_rect().height() < LOW;
        view_heading(ui, title, if is_low { "" } else { sentence })
    });
    let mut row = heading.response.rect;
    if is_beside {
        row.min.x += room - width;
    } else {
        ui.add_space(space::XS);
        row = ui.allocate_exact_size(vec2(room, ui.spacing().interact_size.y), egui::Sense::hover()).0;
    }
    row.max.x = row.min.x + room;
    let layout = Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(row).layout(layout));
    tools(&mut child);
    let used = child.min_rect().width();
    if used > width + 0.5 {
        ui.data_mut(|data| data.insert_temp(id, used));
        ui.ctx().request_discard("the tools of a view are wider");
    }
}

/// Shows the heading and lets `tools` add widgets from left to right; the next thing comes below both.
pub fn view_header(ui: &mut Ui, title: &str, sentence: &str, tools: impl FnOnce(&mut Ui)) {
    if !has_header(ui) {
        return;
    }
    let id = Id::unique(("tools of", title));
    let width: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(0.0);
    let room = ui.available_width();
    let heading = ui.scope(|ui| {
        // The sentence may not push the tools away.
        ui.set_max_width(room);
        let is_low = ui.ctx().content_rect().height() < LOW;
        view_heading(ui, title, if is_low { "" } else { sentence })
    });
    let left = heading.response.rect;
    let fits = left.width() + width + space::L <= room;
    let row = if fits {
        let mut row = left;
        row.min.x = left.left() + room - width;
        // In ample width, or widgets that adapt to the room would be measured too narrow.
        row.max.x = row.min.x + room;
        row
    } else {
        ui.add_space(space::XS);
        ui.allocate_exact_size(vec2(room, ui.spacing().interact_size.y), egui::Sense::hover()).0
    };
    let layout = Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(row).layout(layout));
    tools(&mut child);
    let used = child.min_rect().width();
    if (used - width).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, used));
        ui.ctx().request_discard("the tools of a view have another width");
    }
}
