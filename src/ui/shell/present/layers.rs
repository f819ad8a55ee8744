//! Layers over the whole window.

use egui::{Area, Id, LayerId, Order, Response, Sense, Ui, UiBuilder};

/// A `Ui` over the whole window, in a layer of its own. What is below still knows that the pointer is over it.
pub(super) fn layer(ui: &Ui, order: Order, name: &'static str) -> Ui {
    let id = Id::unique(name);
    let screen = ui.ctx().content_rect();
    let builder = UiBuilder::new().layer_id(LayerId::new(order, id)).max_rect(screen);
    let mut layer = Ui::new(ui.ctx().clone(), id, builder);
    layer.set_clip_rect(screen);
    layer
}

/// A sheet over the whole window that takes the pointer: what is below knows nothing of it.
pub fn sheet<R>(ui: &Ui, order: Order, name: &'static str, show: impl FnOnce(&mut Ui, Response) -> R) -> R {
    let screen = ui.ctx().content_rect();
    let area = Area::new(Id::unique(name)).order(order).fixed_pos(screen.min).constrain(false).fade_in(false);
    area.show(ui.ctx(), |ui| {
        let (_, paper) = ui.allocate_exact_size(screen.size(), Sense::click_and_drag());
        show(ui, paper)
    })
    .inner
}
