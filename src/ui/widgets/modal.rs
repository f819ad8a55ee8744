//! A dialog over the window.

use crate::ui::style::tokens::space;
use egui::{Context, Frame, Id, Margin, Modal};

/// A dialog, with room around what it holds.
pub fn modal(ctx: &Context, name: &'static str) -> Modal {
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(space::L as i8));
    Modal::new(Id::unique(name)).frame(frame)
}
