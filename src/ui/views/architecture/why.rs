//! *Why convolution?*: what the selected layer, and the textbook's image, would take if weights were not shared.

use super::{drawings, sheets::Sheets};
use crate::{
    explain::Connections,
    text::{fill, tr},
    ui::{
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{key_value, numbers, section},
    },
};
use egui::{Align2, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// The height of a line, in points.
const LINE: f32 = 26.0;

/// The width of the textbook's column, in points.
const TEXTBOOK: f32 = 56.0;

/// The panel.
pub fn why_ui(ui: &mut Ui, state: &AppState, sheets: &Sheets) {
    let t = Tokens::of(ui);
    section(ui, tr("Why convolution?"));
    let layer = state.architecture.selected.and_then(|place| {
        let input = sheets.figures(place)?.input;
        Connections::of(&state.architecture.draft.layers.get(place)?.spec, input)
    });
    drawings::drawings_ui(ui);
    let textbook = Connections::textbook();
    let rows = [
        (tr("Each with each"), layer.map(|c| c.full), textbook.full),
        (tr("Local windows"), layer.map(|c| c.local), textbook.local),
        (tr("Shared weights"), layer.map(|c| c.shared), textbook.shared),
    ];
    let right = ui.available_width();
    let (head, _) = ui.allocate_exact_size(vec2(right, 20.0), Sense::hover());
    let small = fonts::words(size::SMALL);
    let middle = head.right() - TEXTBOOK;
    let top = head.center().y;
    ui.painter().text(pos2(middle, top), Align2::RIGHT_CENTER, tr("this layer"), small.clone(), t.second);
    ui.painter().text(pos2(head.right(), top), Align2::RIGHT_CENTER, tr("10³×10³"), small.clone(), t.second);
    let most = rows.iter().filter_map(|(_, own, _)| *own).max().unwrap_or(1);
    for (name, own, textbook) in rows {
        let (line, response) = ui.allocate_exact_size(vec2(right, LINE), Sense::hover());
        let line = line.shrink2(vec2(0.0, 1.0));
        if let Some(own) = own {
            // A logarithmic bar: the three would not be seen together otherwise.
            let part = (own as f32 + 1.0).ln() / (most as f32 + 1.0).ln();
            let bar = line.with_max_x(line.left() + part * (line.width() - TEXTBOOK));
            ui.painter().rect_filled(bar, radius::S, t.accent_ground);
        }
        let y = line.center().y;
        let words = fonts::words(size::SMALL);
        ui.painter().text(pos2(line.left() + space::XS, y), Align2::LEFT_CENTER, name, words, t.text);
        let own = own.map_or_else(|| "–".to_owned(), numbers::count);
        let mono = fonts::mono_bold(size::MONO);
        ui.painter().text(pos2(middle - space::XS, y), Align2::RIGHT_CENTER, &own, mono, t.text);
        let known = power_of_ten(textbook);
        let mono = fonts::mono(size::MONO);
        ui.painter().text(pos2(line.right(), y), Align2::RIGHT_CENTER, &known, mono, t.second);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Cell, true, name);
            info.current_text_value =
                Some(fill(tr("{own}, textbook {textbook}"), &[("own", &own), ("textbook", &known)]));
            info
        });
    }
    let about = match layer {
        Some(_) => tr("Weights without biases. Right: an image of 1000×1000 with windows of 10×10."),
        None => tr(
            "Select a convolution for its own numbers. Right: the weights of an image of 1000×1000 with windows of 10×10.",
        ),
    };
    ui.label(RichText::new(about).size(size::SMALL).color(t.second));
    ui.add_space(space::XS);
    key_value(ui, tr("A 3×3×3 kernel"), &numbers::count(Connections::small_kernel()));
    let biases = 10;
    let all = Connections::ten_filters();
    let text = fill(
        tr("{weights} + {biases} = {all}"),
        &[
            ("weights", &(all - biases).to_string()),
            ("biases", &biases.to_string()),
            ("all", &all.to_string()),
        ],
    );
    key_value(ui, tr("Ten 5×5×3 filters"), &text);
}

/// `10¹²` for a large power of ten, and digits for all else.
fn power_of_ten(number: u64) -> String {
    let power = number.checked_ilog10().unwrap_or(0);
    if power < 4 || 10_u64.checked_pow(power) != Some(number) {
        return numbers::count(number);
    }
    let digit = |digit: char| match digit {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        other => other.to_digit(10).and_then(|n| char::from_u32(0x2070 + n)).unwrap_or(other),
    };
    format!("10{}", power.to_string().chars().map(digit).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_written_as_powers() {
        for (number, text) in [(1_000_000_000_000, "10¹²"), (100_000_000, "10⁸"), (100, "100"), (27, "27")]
        {
            assert_eq!(power_of_ten(number), text);
        }
    }
}
