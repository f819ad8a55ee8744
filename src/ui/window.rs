//! The real window.

use crate::ui::{app::App, core::Options};
use egui::ViewportBuilder;

/// Opens the window, calls `on_open` when it is there, and returns when it is closed; the error is why it is not open.
pub fn run_window(on_open: &dyn Fn()) -> Result<(), String> {
    let viewport = ViewportBuilder::default()
        .with_title("ConvLens")
        .with_app_id("convlens")
        .with_inner_size([1600.0, 1000.0])
        .with_min_inner_size([900.0, 600.0]);
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    let create: eframe::AppCreator<'_> = Box::new(|cc| {
        on_open();
        Ok(Box::new(App::new(&cc.egui_ctx, Options::default())))
    });
    eframe::run_native("ConvLens", options, create).map_err(|e| e.to_string())
}
