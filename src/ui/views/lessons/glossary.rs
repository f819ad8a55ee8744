//! The glossary: the words of the field, what they mean, and where to see them.

use crate::{
    text::{Language, fill, language, tr},
    ui::{
        action::{Action, Actions},
        model::glossary::{Entry, GLOSSARY},
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::section,
    },
};
use egui::{Label, Link, RichText, ScrollArea, TextEdit, Ui, vec2};

/// A room narrower than this, in points, has one column of words.
const TWO_COLUMNS: f32 = 760.0;

/// The page.
#[derive(Default)]
pub(super) struct Glossary {
    searched: String,
}

impl Glossary {
    /// How many words there are.
    pub(super) fn count() -> usize {
        GLOSSARY.iter().map(|(_, entries)| entries.len()).sum()
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let field = TextEdit::singleline(&mut self.searched).hint_text(tr("Search")).desired_width(260.0);
        let response = ui.add(field);
        response.widget_info(|| {
            let mut info = egui::WidgetInfo::labeled(egui::Role::TextInput, true, tr("Search"));
            info.current_text_value = Some(self.searched.clone());
            info
        });
        ui.add_space(space::S);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            // The scroll bar lies at the right of the words.
            ui.set_max_width(ui.available_width() - space::M);
            let mut is_any = false;
            for (group, entries) in GLOSSARY {
                let found: Vec<&Entry> = entries.iter().filter(|entry| entry.has(&self.searched)).collect();
                if found.is_empty() {
                    continue;
                }
                is_any = true;
                section(ui, tr(group));
                words_ui(ui, &found, actions);
                ui.add_space(space::L);
            }
            if !is_any {
                let text = fill(tr("No word has “{text}”."), &[("text", self.searched.trim())]);
                ui.label(RichText::new(text).color(Tokens::of(ui).second));
            }
        });
    }
}

/// Words in one column or two, read row by row.
fn words_ui(ui: &mut Ui, entries: &[&Entry], actions: &mut Actions) {
    let columns = if ui.available_width() < TWO_COLUMNS { 1 } else { 2 };
    let width = (ui.available_width() - space::XL * (columns - 1) as f32) / columns as f32;
    for row in entries.chunks(columns) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::XL;
            for entry in row {
                ui.allocate_ui(vec2(width, 0.0), |ui| {
                    ui.set_width(width);
                    ui.vertical(|ui| word_ui(ui, entry, actions));
                });
            }
        });
        ui.add_space(space::S);
    }
}

fn word_ui(ui: &mut Ui, entry: &Entry, actions: &mut Actions) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.label(RichText::new(entry.shown()).font(fonts::semibold(size::BODY)).color(t.text));
        if language() != Language::ENGLISH {
            ui.label(RichText::new(entry.word).size(size::SMALL).color(t.second));
        }
        let view = tr(entry.view.name());
        let link = ui.add(Link::new(RichText::new(format!("→ {view}")).size(size::SMALL)));
        let name = fill(tr("{word}: show in {view}"), &[("word", entry.shown()), ("view", view)]);
        link.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, &name));
        if link.clicked() {
            actions.send(Action::ShowView(entry.view));
        }
    });
    ui.add(Label::new(RichText::new(tr(entry.about)).color(t.second)).wrap());
}
