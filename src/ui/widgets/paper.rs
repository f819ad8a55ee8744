//! Paper: a picture of a view has what the view shows, and none of its controls.

use egui::{Context, Id, Response, Sense, Ui, Vec2};

fn id() -> Id {
    Id::unique("paper")
}

/// Makes everything of this context a picture.
pub fn set(ctx: &Context) {
    ctx.data_mut(|data| data.insert_temp(id(), true));
}

/// Whether a picture is made. Controls leave themselves out.
pub fn is_on(ui: &Ui) -> bool {
    ui.data(|data| data.get_temp(id()).unwrap_or(false))
}

/// Nothing, in place of a control.
pub fn nothing(ui: &mut Ui) -> Response {
    ui.allocate_response(Vec2::ZERO, Sense::hover())
}
