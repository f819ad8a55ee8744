//! Presenting to a class.

mod screen;

use crate::support::{Window, builder, open, options};
use convlens::ui::{
    action::Action,
    model::presenting::PresentAct,
};
use egui::Vec2;

/// A window of this size in which a teacher presents at this zoom, with a data set.
fn presenting(size: Vec2, zoom: f32) -> Window {
    let mut window = Window::with_data(size);
    window.act(Action::SetZoom(zoom));
    present(&mut window, PresentAct::Fill(true));
    window
}

fn present(window: &mut Window, act: PresentAct) {
    window.act(Action::Present(act));
}
