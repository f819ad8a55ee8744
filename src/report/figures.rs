//! The figures at the top.

use super::{
    Facts,
    html::{grouped, text},
    results::BINS,
};
use crate::{
    text::{Term, tr, written},
    train::{confusion::reliability, written_loss},
};

/// Accuracy, loss, calibration error, parameters and multiply-adds, in large type.
pub(super) fn figures(facts: &Facts<'_>) -> String {
    let error = reliability(&facts.judgements, BINS).error();
    let figures = [
        (Term::TestAccuracy.label(), written::percent_to(facts.result.accuracy(), 2)),
        (Term::TestLoss.label(), written_loss(facts.result.loss)),
        (Term::CalibrationError.label(), written::percent_to(error, 2)),
        (tr("Test images"), grouped(facts.result.images as u64)),
        (Term::Parameters.label(), grouped(facts.network.parameter_count() as u64)),
        (Term::MultiplyAdds.label(), grouped(facts.network.multiply_adds())),
    ];
    let figure = |(name, value): &(&str, String)| {
        format!("<div><b>{}</b><span>{}</span></div>\n", text(value), text(name))
    };
    format!("<div class=\"figures\">\n{}</div>\n", figures.iter().map(figure).collect::<String>())
}
