//! A grid as one texture, for many cells or cells too small for shapes.

use super::{GridCell, GridLayout, NumberGrid, SMALLEST_RING, SMALLEST_SHAPE, is_read};
use crate::ui::style::tokens::Tokens;
use egui::{Color32, ColorImage, Rect, Stroke, StrokeKind, TextureHandle, TextureOptions, Ui, pos2};
use std::hash::{DefaultHasher, Hasher};

/// More lit cells than this, in a texture of small cells, are tinted, not outlined.
pub const FEW_LIT: usize = 96;

impl NumberGrid<'_> {
    /// The grid as one texture, filled again when its numbers, marks or colours change.
    pub(super) fn picture_ui(&self, ui: &Ui, rect: Rect) {
        let (rows, columns) = self.size;
        let t = Tokens::of(ui);
        let mut hasher = DefaultHasher::new();
        let cells = || self.places().map(|at| (self.content)(at.0, at.1));
        match self.kept {
            Some((key, _)) => hasher.write_u64(key),
            None => {
                for cell in cells() {
                    let marks = u32::from(cell.is_padding) + 2 * u32::from(cell.is_hatched);
                    let marks = marks + 4 * u32::from(cell.is_faint) + 8 * u32::from(cell.is_asked);
                    hasher.write_u32(cell.value.map_or(u32::MAX, f32::to_bits));
                    hasher.write_u32(marks);
                }
            }
        }
        hasher.write_u32(self.limit.to_bits());
        hasher.write_usize(rows);
        hasher.write_usize(columns);
        hasher.write_u8(u8::from(t.is_dark()));
        let colors = self.colors.colors();
        colors.first().into_iter().chain(colors.last()).for_each(|color| hasher.write(&color.to_array()));
        let key = hasher.finish();
        let id = ui.scope_id().with(("number grid", self.name));
        let kept: Option<(u64, TextureHandle)> = ui.data(|data| data.get_temp(id));
        let texture = match kept {
            Some((is, texture)) if is == key => texture,
            kept => {
                let tints = self.kept.is_some_and(|(_, lit)| lit.len() > FEW_LIT);
                let pixels = cells().map(|cell| self.pixel(&t, cell, tints)).collect();
                let image = ColorImage::new([columns, rows], pixels);
                let texture = match kept {
                    Some((_, mut texture)) => {
                        texture.set(image, TextureOptions::NEAREST);
                        texture
                    }
                    None => ui.ctx().load_texture(self.name, image, TextureOptions::NEAREST),
                };
                ui.data_mut(|data| data.insert_temp(id, (key, texture.clone())));
                texture
            }
        };
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture.id(), rect, whole, Color32::WHITE);
        ui.painter().rect_stroke(rect, 0, t.line_stroke(), StrokeKind::Outside);
    }

    /// The colour of a cell; padding has no dashes here.
    fn pixel(&self, t: &Tokens, cell: GridCell, tints: bool) -> Color32 {
        let is_plain = !cell.is_asked && cell.value.is_none_or(|value| value == 0.0);
        let ground = if cell.is_padding && is_plain { t.track } else { self.ground(t, cell) };
        if tints && cell.is_lit { ground.lerp_to_gamma(t.highlight, 0.5) } else { ground }
    }

    /// Marks the lit cells.
    pub(super) fn marks_ui(&self, ui: &Ui, layout: &GridLayout) {
        let t = Tokens::of(ui);
        let mark = |at: (usize, usize)| {
            let rect = layout.cell_rect(at);
            // If there is room, a mark stays inside its cell.
            let has_ring = self.cell.min_elem() >= SMALLEST_RING;
            let is_inside = has_ring || self.kept.is_some_and(|(_, lit)| lit.len() > 1);
            if self.cell.min_elem() < 6.0 {
                // Around a very small cell, a line as wide as elsewhere would hide its neighbours.
                let stroke = Stroke { width: 1.0, ..t.highlight_stroke() };
                ui.painter().rect_stroke(rect.expand(1.0), 0, stroke, StrokeKind::Outside);
            } else {
                self.lit_ui(ui.painter(), &t, if is_inside { rect } else { rect.expand(3.0) }, has_ring);
            }
        };
        match self.kept {
            Some((_, lit)) if lit.len() <= FEW_LIT => lit.iter().for_each(|at| mark(*at)),
            Some(_) => {}
            None => self.places().filter(|at| (self.content)(at.0, at.1).is_lit).for_each(mark),
        }
    }

    /// Adds the accessibility nodes of the cells, as for shapes.
    pub(super) fn tell_picture_ui(&self, ui: &mut Ui, layout: &GridLayout) {
        if !is_read(ui) || self.cell.min_elem() < SMALLEST_SHAPE {
            return;
        }
        let cells = self.cells_child(ui, layout);
        for at in self.places() {
            self.tell_ui(&cells, at, layout.cell_rect(at), (self.content)(at.0, at.1));
        }
    }
}
