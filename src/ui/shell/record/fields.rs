//! Fields of the panel: each has a name for screen readers, and says when it was changed.

use crate::{
    lesson::Texts,
    text::Language,
    ui::style::{
        fonts,
        tokens::{Tokens, size},
    },
};
use egui::{Label, Response, RichText, Role, TextEdit, Ui, WidgetInfo};

/// A line of text. Returns whether it was changed.
pub(super) fn line(ui: &mut Ui, name: &str, hint: &str, width: f32, text: &mut String) -> bool {
    let field =
        TextEdit::singleline(text).id_salt(("field", name)).hint_text(hint.to_owned()).desired_width(width);
    named(ui.add(field), name).changed()
}

/// Several lines of text.
pub(super) fn lines(ui: &mut Ui, name: &str, hint: &str, rows: usize, text: &mut String) -> bool {
    let field = TextEdit::multiline(text)
        .id_salt(("field", name))
        .hint_text(hint.to_owned())
        .desired_rows(rows)
        .desired_width(f32::INFINITY);
    named(ui.add(field), name).changed()
}

/// The same for the English of a text.
pub(super) fn english(ui: &mut Ui, name: &str, hint: &str, width: f32, texts: &mut Texts) -> bool {
    let mut text = texts.get(Language::ENGLISH).to_owned();
    let is_changed = line(ui, name, hint, width, &mut text);
    if is_changed {
        texts.set_english(&text);
    }
    is_changed
}

/// A part of the file as it is written, while it cannot be read.
pub(super) fn raw(ui: &mut Ui, name: &str, toml: &mut String) -> bool {
    let rows = toml.lines().count().clamp(3, 12);
    let field = TextEdit::multiline(toml)
        .id_salt(("field", name))
        .font(fonts::mono(size::SMALL))
        .desired_rows(rows)
        .desired_width(f32::INFINITY);
    named(ui.add(field), name).changed()
}

/// The name of a field above it.
pub(super) fn caption(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    ui.add(Label::new(RichText::new(text).size(size::SMALL).color(t.second)).truncate());
}

pub(super) fn named(response: Response, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
    response
}
