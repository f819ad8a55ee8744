//! Helpers that the widgets' tests share.

use crate::ui::style::{fonts, theme};
use egui::{Theme, Ui, vec2};
use egui_kittest::Harness;

/// A small dark window with the app's faces and look around one function.
pub(super) fn harness<'a, S: Default>(app: impl FnMut(&mut Ui, &mut S) + 'a) -> Harness<'a, S> {
    Harness::builder()
        .with_size(vec2(360.0, 640.0))
        .with_theme(Theme::Dark)
        .with_context_setup(|ctx| {
            fonts::install(ctx);
            theme::apply(ctx);
        })
        .build_ui_state(app, S::default())
}
