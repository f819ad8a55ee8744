//! The network: its layers with their figures, its filters, and its spec.

use super::{
    Facts,
    html::{grouped, pairs, paragraph, section, table, text},
    picture,
};
use crate::{
    explain::{filters::Filters, sheet::Sheet},
    text::{Sentence, Term, tr},
};
use std::fmt::Write as _;

/// The most filters that are shown.
const MOST_FILTERS: usize = 64;

/// The table of layers, with what comes before them.
pub(super) fn layers(facts: &Facts<'_>) -> String {
    let spec = facts.network.spec();
    let sheet = Sheet::of(spec, facts.network.classes(), None);
    let heads = [
        "#",
        Term::Layer.label(),
        Term::Output.label(),
        Term::Parameters.label(),
        Term::MultiplyAdds.label(),
        Term::ReceptiveField.label(),
    ];
    let mut rows = Vec::new();
    for (number, (layer, row)) in spec.layers.iter().zip(&sheet.rows).enumerate() {
        let Some(figures) = &row.figures else { continue };
        let (height, width) = figures.field;
        rows.push(vec![
            number.to_string(),
            layer.summary(),
            figures.cost.output.to_string(),
            grouped(figures.cost.parameters),
            grouped(figures.cost.multiply_adds),
            format!("{height}×{width}"),
        ]);
    }
    let mut content = paragraph(&input(facts).translated());
    content.push_str(&table("layers", &heads, &rows, 2));
    if let Some(totals) = sheet.totals() {
        let of = |term: Term, number: u64| (term.label().to_owned(), grouped(number));
        content.push_str(&pairs(&[
            of(Term::Parameters, totals.parameters),
            of(Term::MultiplyAdds, totals.multiply_adds),
            (
                tr("Activations of one image").into(),
                format!("{}\u{202f}kB", grouped(totals.activation_bytes.div_ceil(1000))),
            ),
        ]));
    }
    section(tr("Network"), &content)
}

/// What a picture becomes before the first layer.
fn input(facts: &Facts<'_>) -> Sentence {
    let spec = facts.network.spec();
    let (height, width) = spec.picture_size();
    let preprocess = spec.preprocess;
    let is_scaled = (preprocess.mean, preprocess.std) != (0.0, 1.0);
    let sentence = match (preprocess.pad, is_scaled) {
        (0, false) => Sentence::new("Pictures of {size} pixels, each pixel from 0 to 1."),
        (_, false) => Sentence::new(
            "Pictures of {size} pixels get {pad} pixels of background on each side; each pixel is from 0 to 1.",
        ),
        (0, true) => {
            Sentence::new("Pictures of {size} pixels; each pixel x from 0 to 1 becomes (x − {mean}) / {std}.")
        }
        (_, true) => Sentence::new(
            "Pictures of {size} pixels get {pad} pixels of background on each side, and each pixel x from 0 to 1 becomes (x − {mean}) / {std}.",
        ),
    };
    sentence
        .with("size", format_args!("{height}×{width}"))
        .with("pad", preprocess.pad)
        .with("mean", preprocess.mean)
        .with("std", preprocess.std)
}

/// The first layer's filters as pictures; nothing if the first layer with weights has none.
pub(super) fn filters(facts: &Facts<'_>) -> String {
    let Some(filters) = Filters::first_layer(facts.network) else { return String::new() };
    let shown = filters.len().min(MOST_FILTERS);
    let mut content = paragraph(tr(
        "The weights of the first layer for its first input channel: orange is above 0, blue below, and nothing is 0.",
    ));
    content.push_str("<div class=\"filters\">\n");
    for number in 0..shown {
        let uri = picture::signed(filters.values(number), filters.width, filters.height, filters.limit());
        let name = Sentence::new("Filter {number}").with("number", number).translated();
        let _ = writeln!(
            content,
            "<figure><img src=\"{uri}\" alt=\"{}\"><figcaption>{number}</figcaption></figure>",
            text(name)
        );
    }
    content.push_str("</div>\n");
    if shown < filters.len() {
        let sentence = Sentence::new("The first {shown} of {all} filters are shown.");
        let sentence = sentence.with("shown", shown).with("all", filters.len());
        content.push_str(&paragraph(&sentence.translated()));
    }
    let title =
        Sentence::new("Filters of {layer}").with("layer", facts.network.spec().layer_name(filters.layer));
    section(&title.translated(), &content)
}
