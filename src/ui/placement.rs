//! Where the window is, how large it is, and how large everything in it.

use crate::ui::model::display::{WindowPlace, valid_zoom};
use egui::{Context, Pos2, Rect, Vec2, vec2};

/// The smallest room that every view is laid out for, in points.
pub const MIN_SIZE: Vec2 = vec2(900.0, 600.0);

/// The smallest room that every view is laid out for while it is presented, without bars and panels, in points.
pub const PRESENTED: Vec2 = vec2(640.0, 360.0);

/// The same for a lesson, whose words stand below the view.
pub const PRESENTED_LESSON: Vec2 = vec2(760.0, 540.0);

/// In a window that has less room than [`MIN_SIZE`], everything is smaller, but not smaller than this.
const LEAST_ZOOM: f32 = 0.5;

/// The zoom in a window is a multiple of this, so that it does not change with every pixel of a resize.
const ZOOM_GRAIN: f32 = 0.05;

/// The size of the window at the first start, in points, where the monitor has room for it.
const SIZE: Vec2 = vec2(1600.0, 1000.0);

/// The room for panels, docks and the window's frame on a monitor, in points. No system reports its work area before the
/// window exists, so this is enough for the largest of them.
const TAKEN: Vec2 = vec2(64.0, 120.0);

/// The least of a window's top that has to be on a monitor, in points: enough to hold and move it.
const HANDLE: Vec2 = vec2(120.0, 24.0);

/// The smallest window, in points at 100 %.
pub const LEAST: Vec2 = vec2(0.75 * MIN_SIZE.x, 0.75 * MIN_SIZE.y);

/// The zoom that is used in a window of `size` points at 100 %: the `wanted` one, unless the views would have less room
/// than `least`, which is [`MIN_SIZE`] or [`PRESENTED`].
pub fn zoom_in(size: Vec2, wanted: f32, least: Vec2) -> f32 {
    let fitting = ((size / least).min_elem() / ZOOM_GRAIN + 0.01).floor() * ZOOM_GRAIN;
    valid_zoom(wanted).min(fitting.max(LEAST_ZOOM))
}

/// The smallest room that what is shown is laid out for, in points.
fn least(is_presented: bool, has_lesson: bool) -> Vec2 {
    match (is_presented, has_lesson) {
        (true, true) => PRESENTED_LESSON,
        (true, false) => PRESENTED,
        (false, _) => MIN_SIZE,
    }
}

/// The room that is laid out in a window whose whole inside is `window`. One that is too small even for the least zoom
/// shows the upper left part.
pub fn room(window: Rect, is_presented: bool, has_lesson: bool) -> Rect {
    Rect::from_min_size(window.min, window.size().max(least(is_presented, has_lesson)))
}

/// Sets the zoom that [`zoom_in`] the window is right.
pub fn zoom(ctx: &Context, wanted: f32, is_presented: bool, has_lesson: bool) {
    let least = least(is_presented, has_lesson);
    let zoom = zoom_in(ctx.viewport_rect().size() * ctx.zoom_factor(), wanted, least);
    if (ctx.zoom_factor() - zoom).abs() > 1e-3 {
        ctx.set_zoom_factor(zoom);
    }
}

/// Where the window opens: where it was, if it can be seen and held there, or else in the middle of the first monitor.
/// It is never larger than what panels leave of its monitor. `monitors` are areas in points.
pub fn place(kept: Option<WindowPlace>, monitors: &[Rect]) -> WindowPlace {
    let kept = kept.filter(|kept| vec2(kept.size[0], kept.size[1]).min_elem() > 0.0 && is_finite(kept));
    let size = kept.map_or(SIZE, |kept| kept.size.into());
    let is_maximized = kept.is_some_and(|kept| kept.is_maximized);
    let corner = kept.and_then(|kept| kept.position).map(Pos2::from);
    let held = corner.and_then(|corner| {
        let top = Rect::from_min_size(corner, vec2(size.x, HANDLE.y));
        monitors.iter().find(|monitor| {
            let seen = top.intersect(**monitor);
            seen.width() >= HANDLE.x.min(size.x) && seen.height() >= HANDLE.y
        })
    });
    let Some(monitor) = held.or(monitors.first()) else {
        return WindowPlace { size: size.into(), position: None, is_maximized };
    };
    let size = size.min((monitor.size() - TAKEN).max(LEAST));
    // A window that is smaller than before needs no other place.
    let position = corner.filter(|_| held.is_some()).unwrap_or_else(|| {
        let free = (monitor.size() - size - vec2(0.0, TAKEN.y / 2.0)).max(Vec2::ZERO);
        monitor.min + free / 2.0
    });
    WindowPlace { size: size.into(), position: Some(position.into()), is_maximized }
}

fn is_finite(place: &WindowPlace) -> bool {
    place.size.iter().chain(place.position.iter().flatten()).all(|value| value.is_finite())
}

/// Where the window is now; `None` while it is minimised or the system does not tell.
pub fn place_now(ctx: &Context, before: Option<WindowPlace>) -> Option<WindowPlace> {
    let zoom = ctx.zoom_factor();
    ctx.input(|input| {
        let viewport = input.viewport();
        let inner = viewport.inner_rect?;
        if viewport.minimized == Some(true) || inner.size().min_elem() < 1.0 {
            return None;
        }
        if viewport.fullscreen == Some(true) {
            return before;
        }
        if viewport.maximized == Some(true) {
            return before.map(|before| WindowPlace { is_maximized: true, ..before });
        }
        let whole = |point: Vec2| [(point.x * zoom).round(), (point.y * zoom).round()];
        let position = viewport.outer_rect.map(|outer| whole(outer.min.to_vec2()));
        Some(WindowPlace { size: whole(inner.size()), position, is_maximized: false })
    })
}
