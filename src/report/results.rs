//! What the network can do: per class, what it confuses, how sure it is, and its worst mistakes.

use super::{
    Facts,
    chart::{Axis, Line, chart},
    html::{grouped, paragraph, section, table, text},
    picture,
};
use crate::{
    text::{Sentence, Term, tr, written},
    train::confusion::{mistakes, precision, recall, reliability},
};
use std::fmt::Write as _;

/// Intervals of the calibration curve, as in calibration.
pub(super) const BINS: usize = 15;

/// The most mistakes that are shown.
const MOST_MISTAKES: usize = 32;

/// Precision and recall of each class.
pub(super) fn classes(facts: &Facts<'_>) -> String {
    let confusion = &facts.result.confusion;
    let share =
        |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| written::percent_to(share, 2));
    let rows = recall(confusion).into_iter().zip(precision(confusion)).enumerate();
    let rows = rows.map(|(class, (recall, precision))| {
        let images: usize = confusion[class].iter().sum();
        let read = confusion[class][class];
        vec![class.to_string(), grouped(images as u64), grouped(read as u64), share(recall), share(precision)]
    });
    let heads =
        [tr("Class"), tr("Images"), tr("Read correctly"), Term::Recall.label(), Term::Precision.label()];
    let words = Sentence::new(
        "Recall: of the images of a class, the fraction that was read as it. Precision: of the images that were read as a class, the fraction that is of it.",
    );
    let content = table("classes", &heads, &rows.collect::<Vec<_>>(), 1) + &paragraph(&words.translated());
    section(tr("Results by class"), &content)
}

/// The confusion matrix.
pub(super) fn matrix(facts: &Facts<'_>) -> String {
    let confusion = &facts.result.confusion;
    let rows = confusion.iter().enumerate();
    let wrong =
        rows.clone().flat_map(|(label, row)| row.iter().enumerate().filter(move |(said, _)| *said != label));
    let most_wrong = wrong.map(|(_, &count)| count).max().unwrap_or(0).max(1);
    let head = |class: usize| format!("<th scope=\"col\">{class}</th>");
    let heads: String = (0..confusion.len()).map(head).collect();
    let mut body = String::new();
    for (label, row) in rows {
        let total = row.iter().sum::<usize>().max(1);
        let _ = write!(body, "<tr><th scope=\"row\">{label}</th>");
        for (said, &count) in row.iter().enumerate() {
            let (class, depth) = if said == label {
                ("right", count as f64 / total as f64)
            } else {
                ("wrong", (count as f64 / most_wrong as f64).sqrt())
            };
            let shown = if count == 0 { String::new() } else { count.to_string() };
            let class = if count == 0 { "none" } else { class };
            let _ = write!(body, "<td class=\"{class}\" style=\"--depth:{depth:.3}\">{shown}</td>");
        }
        body.push_str("</tr>\n");
    }
    let size = if confusion.len() > 16 { " small" } else { "" };
    let content = format!(
        "{}<div class=\"wide\"><table class=\"matrix{size}\"><thead><tr><th></th>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n",
        paragraph(tr("Rows are what the images are, columns what was said; the numbers are images."))
    );
    section(tr("Confusion matrix"), &content)
}

/// How often answers of each probability are right.
pub(super) fn calibration(facts: &Facts<'_>) -> String {
    let found = reliability(&facts.judgements, BINS);
    let points = found.bins().iter().filter_map(|bin| Some((bin.confidence()?, bin.accuracy()?)));
    let lines = [
        Line {
            class: "ideal",
            name: tr("as often right as sure").into(),
            points: vec![(0.0, 0.0), (1.0, 1.0)],
            has_dots: false,
        },
        Line { class: "training", name: tr("this network").into(), points: points.collect(), has_dots: true },
    ];
    let axis = |name: &str| Axis { name: name.to_owned(), range: (0.0, 1.0), is_share: true };
    let chart = chart(
        2,
        tr("Calibration curve"),
        &axis(Term::Confidence.label()),
        &axis(Term::Accuracy.label()),
        &lines,
    );
    let said = Sentence::new(
        "Across: the probability of the answer. Up: how often such answers are right. Points below the line are answers that the network is too sure of. The calibration error is {error}.",
    );
    let said = said.with("error", written::percent_to(found.error(), 2));
    section(
        tr("Calibration"),
        &format!("<div class=\"charts\">\n{chart}</div>\n{}", paragraph(&said.translated())),
    )
}

/// The mistakes that the network was surest of, as pictures.
pub(super) fn worst(facts: &Facts<'_>) -> String {
    let all = mistakes(&facts.judgements);
    if all.is_empty() {
        return section(tr("Worst mistakes"), &paragraph(tr("No image was read wrongly.")));
    }
    let shown = all.len().min(MOST_MISTAKES);
    let said = Sentence::new(
        "{wrong} of {images} images were read wrongly. These are the {shown} of them that the network was surest of, with the probability that it gave its answer and the number of the image.",
    );
    let said = said
        .with("wrong", grouped(all.len() as u64))
        .with("images", grouped(facts.result.images as u64))
        .with("shown", shown);
    let mut content = paragraph(&said.translated());
    content.push_str("<div class=\"mistakes\">\n");
    for one in all.iter().take(shown) {
        let pixels = facts.test.image(one.image as usize);
        let uri = picture::grey(pixels, facts.test.width(), facts.test.height());
        let words = Sentence::new("is {label}, read as {said}")
            .with("label", one.label)
            .with("said", one.said)
            .translated();
        let _ = writeln!(
            content,
            "<figure><img src=\"{uri}\" alt=\"{0}\"><figcaption>{0}<br><small>{1} · #{2}</small></figcaption></figure>",
            text(&words),
            text(written::probability(one.probability)),
            one.image,
        );
    }
    content.push_str("</div>\n");
    section(tr("Worst mistakes"), &content)
}
