//! A frame of a window that no one sees.

use egui::{OrderedViewportIdMap, RawInput, Rect, ViewportId, ViewportInfo, viewport::ViewportOutput};

/// Frames of a second: the time of a window that no one sees goes on evenly.
const RATE: f64 = 60.0;

/// The input of the frame of this number.
pub fn input(room: Rect, scale: f32, number: u64) -> RawInput {
    let info = ViewportInfo { native_pixels_per_point: Some(scale), ..ViewportInfo::default() };
    RawInput {
        screen_rect: Some(room),
        viewports: std::iter::once((ViewportId::ROOT, info)).collect(),
        time: Some(number as f64 / RATE),
        predicted_dt: (1.0 / RATE) as f32,
        max_texture_side: Some(MAX_SIDE),
        ..RawInput::default()
    }
}

/// The longest side of a texture.
const MAX_SIDE: usize = 8192;

/// The seconds until the next frame is wanted.
pub fn delay(viewports: &OrderedViewportIdMap<ViewportOutput>) -> f32 {
    viewports.get(&ViewportId::ROOT).map_or(f32::INFINITY, |root| root.repaint_delay.as_secs_f32())
}
