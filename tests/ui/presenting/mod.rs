//! Presenting to a class.

mod hiding;
mod keys;
mod screen;
mod state_file;

use crate::support::{Window, open, options};
use convlens::ui::{App, action::Action, model::presenting::PresentAct};
use egui_kittest::HarnessBuilder;

/// A window in which a teacher presents at this zoom, with a data set.
fn presenting_with(builder: HarnessBuilder<Option<App>>, zoom: f32) -> Window {
    let mut window = open(builder, options());
    window.use_small_set();
    window.act(Action::SetZoom(zoom));
    present(&mut window, PresentAct::Fill(true));
    window.dismiss_messages();
    window
}

fn present(window: &mut Window, act: PresentAct) {
    window.act(Action::Present(act));
}
