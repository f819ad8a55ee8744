//! Where every named thing of the window is, as a screen reader knows it.

use crate::text::shown_name;
use egui::{Context, FullOutput, Id, Plugin, Pos2, Rect, Role, pos2};

/// A named thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its accessible name.
    pub name: String,
    /// Its kind.
    pub role: Role,
    /// Where it is, in points.
    pub rect: Rect,
    /// What of it is not scrolled away.
    pub visible: Rect,
}

/// The named things of the last frame. Kept up only while a lesson is open.
#[derive(Default)]
pub struct Places {
    places: Vec<Place>,
    is_watching: bool,
}

impl Places {
    /// Begins or ends to keep up with what is shown.
    pub fn watch(ctx: &Context, is_watching: bool) {
        if ctx.plugin_opt::<Self>().is_none() {
            if !is_watching {
                return;
            }
            ctx.add_plugin(Self::default());
        }
        let places = ctx.plugin::<Self>();
        let was_watching = std::mem::replace(&mut places.lock().is_watching, is_watching);
        if is_watching {
            ctx.enable_accesskit();
        }
        if is_watching != was_watching {
            places.lock().places.clear();
            ctx.request_repaint();
        }
    }

    /// Where the thing of this name, in English or as shown, is, as far as it is not scrolled away. Of several, the first; grids come before what else
    /// has their name. A label and the control beside it are one.
    pub fn find(ctx: &Context, name: &str) -> Option<Rect> {
        Self::find_of(ctx, name, |place| place.visible).filter(Rect::is_positive)
    }

    /// The same, even if it is scrolled away.
    pub fn find_whole(ctx: &Context, name: &str) -> Option<Rect> {
        Self::find_of(ctx, name, |place| place.rect)
    }

    fn find_of(ctx: &Context, name: &str, part: impl Fn(&Place) -> Rect) -> Option<Rect> {
        let plugin = ctx.plugin_opt::<Self>()?;
        let places = plugin.lock();
        // The names of layers are the same in every language.
        let is_there = places.places.iter().any(|place| place.name == name);
        let name = if is_there { name.to_owned() } else { shown_name(name) };
        let named = || places.places.iter().filter(|place| place.name == name);
        let is_whole = |place: &&Place| matches!(place.role, Role::Grid | Role::Canvas | Role::Image);
        if let Some(grid) = named().find(is_whole) {
            return Some(part(grid));
        }
        let first = named().next()?;
        let is_beside = |place: &&Place| first.rect.y_range().contains(place.rect.center().y);
        Some(named().filter(is_beside).fold(part(first), |all, place| {
            let place = part(place);
            if place.is_positive() { all.union(place) } else { all }
        }))
    }

    /// Where the things are whose names `is_it` takes.
    pub fn named(ctx: &Context, is_it: impl Fn(&str) -> bool) -> Vec<Rect> {
        let Some(plugin) = ctx.plugin_opt::<Self>() else { return Vec::new() };
        let places = plugin.lock();
        places.places.iter().filter(|place| is_it(&place.name)).map(|place| place.visible).collect()
    }

    /// Where grids and pictures are.
    pub fn grids(ctx: &Context) -> Vec<Rect> {
        let Some(plugin) = ctx.plugin_opt::<Self>() else { return Vec::new() };
        let places = plugin.lock();
        let grids = places
            .places
            .iter()
            .filter(|place| matches!(place.role, Role::Grid | Role::Canvas | Role::Image));
        grids.map(|place| place.visible).collect()
    }

    /// The smallest named thing under a point, where and what it is, or the smallest grid or picture. `sheet` is the name of
    /// what lies over everything.
    pub fn at_with_rect(
        ctx: &Context,
        point: Pos2,
        sheet: &str,
        is_whole: bool,
    ) -> Option<(String, Rect, Role)> {
        let plugin = ctx.plugin_opt::<Self>()?;
        let places = plugin.lock();
        let is_named = |place: &&Place| !place.name.trim().is_empty() && place.name != sheet;
        let is_kind =
            |place: &&Place| !is_whole || matches!(place.role, Role::Grid | Role::Canvas | Role::Image);
        let under = places.places.iter().filter(|place| place.rect.contains(point));
        let under = under.filter(is_named).filter(is_kind);
        let smallest = under.min_by(|a, b| a.rect.area().total_cmp(&b.rect.area()));
        smallest.map(|place| (place.name.clone(), place.rect, place.role))
    }

    /// The smallest named thing under a point.
    pub fn at(ctx: &Context, point: Pos2) -> Option<String> {
        let plugin = ctx.plugin_opt::<Self>()?;
        let places = plugin.lock();
        let under = places.places.iter().filter(|place| place.visible.contains(point));
        under.min_by(|a, b| a.rect.area().total_cmp(&b.rect.area())).map(|place| place.name.clone())
    }
}

impl Plugin for Places {
    fn debug_name(&self) -> &'static str {
        "places of a lesson"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        if !self.is_watching {
            return;
        }
        let Some(update) = &output.platform_output.accesskit_update else { return };
        let named = update.nodes.iter().filter_map(|(id, node)| {
            let name = node.label().or_else(|| node.value().filter(|_| node.role() == Role::Label))?;
            let bounds = node.bounds()?;
            let rect = Rect::from_min_max(
                pos2(bounds.x0 as f32, bounds.y0 as f32),
                pos2(bounds.x1 as f32, bounds.y1 as f32),
            );
            // What a scroll area cuts off is only known to egui.
            let id = serde_json::to_value(id.0).ok().and_then(|id| serde_json::from_value::<Id>(id).ok());
            let visible = id.and_then(|id| ctx.read_response(id)).map_or(rect, |shown| shown.interact_rect);
            Some(Place { name: name.to_owned(), role: node.role(), rect, visible: visible.intersect(rect) })
        });
        let places: Vec<Place> = named.collect();
        if places != self.places {
            self.places = places;
            ctx.request_repaint();
        }
    }
}
