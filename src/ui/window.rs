//! The window of the operating system.

use crate::ui::{
    app::App,
    model::display::WindowPlace,
    placement::{LEAST, MIN_SIZE, place},
    start::Start,
};
use egui::{Context, Rect, ViewportBuilder, ViewportCommand, pos2, vec2};

/// The program's icon, for systems that do not take it from the installed one.
const ICON: &[u8] = include_bytes!("../../packaging/icon/convlens-128.png");

/// Opens the window as `start` says, calls `on_open` when it is there, and returns when it is closed; the error is why it is not open.
pub fn run_window(start: Start, on_open: &dyn Fn()) -> Result<(), String> {
    let icon = eframe::icon_data::from_png_bytes(ICON).unwrap_or_default();
    let viewport = ViewportBuilder::default()
        .with_icon(icon)
        .with_title("ConvLens")
        .with_app_id("convlens")
        .with_inner_size(MIN_SIZE)
        .with_min_inner_size(LEAST);
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    let create: eframe::AppCreator<'_> = Box::new(|cc| {
        on_open();
        let mut app = App::new(&cc.egui_ctx, start.options());
        app.begin(start);
        if let Some(window) = cc.winit_window() {
            let monitors = window.current_monitor().into_iter().chain(window.available_monitors());
            let monitors: Vec<Rect> = monitors
                .map(|monitor| {
                    let (at, size, scale) = (monitor.position(), monitor.size(), monitor.scale_factor());
                    let points = |pixels: f64| (pixels / scale) as f32;
                    let size = vec2(points(size.width.into()), points(size.height.into()));
                    Rect::from_min_size(pos2(points(at.x.into()), points(at.y.into())), size)
                })
                .collect();
            show_at(&cc.egui_ctx, place(app.state().settings.window, &monitors));
        }
        Ok(Box::new(app))
    });
    eframe::run_native("ConvLens", options, create).map_err(|e| e.to_string())
}

fn show_at(ctx: &Context, place: WindowPlace) {
    ctx.send_viewport_cmd(ViewportCommand::InnerSize(place.size.into()));
    if let Some(position) = place.position {
        ctx.send_viewport_cmd(ViewportCommand::OuterPosition(position.into()));
    }
    if place.is_maximized {
        ctx.send_viewport_cmd(ViewportCommand::Maximized(true));
    }
}
