//! What a gradient check means, in sentences.

use crate::{
    nn::{Network, gradcheck::AGREES},
    text::{fill, tr},
    ui::{
        model::gradcheck::{CheckResult, CheckRow, Nudge},
        state::AppState,
        widgets::numbers,
    },
};

/// How a sentence is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Good,
    Warn,
}

/// What has been found, or what to do.
pub(super) fn meaning(state: &AppState) -> (String, Ink) {
    let check = &state.gradcheck;
    if let Some(problem) = &check.problem {
        return (format!("{}.", problem.capitalised()), Ink::Warn);
    }
    let Some(found) = &check.found else {
        let text = tr(
            "Press Check gradients: single weights are nudged up and down by ε, the loss is read both times, and the slope between is held against the one from backpropagation.",
        );
        return (text.to_owned(), Ink::Plain);
    };
    if found.has_nan() {
        let text = tr("Not a number: weights of this network are no numbers, so that its loss has no slope.");
        return (text.to_owned(), Ink::Warn);
    }
    let mut parts = vec![about(found), agreement(found)];
    let (_, at_corners, others) = found.counts();
    if at_corners > 0 {
        let text = tr(
            "For {count}, a ReLU or a max pooling switches within the nudge: the loss has a corner there, and the nudge measures a mean of two slopes. That is no fault of backpropagation.",
        );
        parts.push(fill(text, &[("count", &numbers::count(at_corners as u64))]));
    }
    if others > 0 {
        let text = match found.of.setup.nudge {
            _ if found.is_flat() => tr(
                "For {count}, they differ: the loss is nearly 0 here, and rounding is as large as its slopes. Take an image that the network is less sure of, or the test images.",
            ),
            Nudge::Tenth | Nudge::Hundredth => {
                tr("For {count}, the loss curves within so large a nudge: take a smaller ε.")
            }
            Nudge::TenThousandth => {
                tr("For {count}, rounding hides so small a change of the loss: take a larger ε.")
            }
            Nudge::Thousandth => tr("For {count}, they differ: try another ε."),
        };
        parts.push(fill(text, &[("count", &numbers::count(others as u64))]));
    }
    (parts.join(" "), if others > 0 { Ink::Warn } else { Ink::Good })
}

/// On what it was checked.
fn about(found: &CheckResult) -> String {
    let of = &found.of;
    let name = of.network.spec().name.as_str();
    let step = of.step.map(numbers::count).unwrap_or_default();
    let class = of.class.map(|class| class.to_string()).unwrap_or_default();
    let images = of.images.to_string();
    let values = [("name", name), ("step", step.as_str()), ("class", &class), ("images", &images)];
    let text = match (of.step, of.class) {
        (None, Some(_)) => tr("{name}, loss of {class}:"),
        (Some(_), Some(_)) => tr("{name} at step {step}, loss of {class}:"),
        (None, None) => tr("{name}, mean loss of {images} images:"),
        (Some(_), None) => tr("{name} at step {step}, mean loss of {images} images:"),
    };
    fill(text, &values)
}

/// How many agree, and how far they differ at most.
fn agreement(found: &CheckResult) -> String {
    let (agree, _, _) = found.counts();
    let all = found.rows.len();
    let worst = share(found.worst().unwrap_or(0.0));
    let epsilon = found.of.setup.nudge.value().to_string();
    let (agree_text, all_text) = (numbers::count(agree as u64), numbers::count(all as u64));
    let within = numbers::percent_whole(AGREES as f32);
    let values = [
        ("agree", agree_text.as_str()),
        ("all", &all_text),
        ("worst", &worst),
        ("epsilon", &epsilon),
        ("within", &within),
    ];
    let text = if all < found.total && found.is_over {
        return fill(
            tr(
                "stopped after {all} of {total} weights; {agree} of them agree within {within}, with ε = {epsilon}; the largest difference is {worst}.",
            ),
            &[values.as_slice(), &[("total", &numbers::count(found.total as u64))]].concat(),
        );
    } else if agree == all {
        tr(
            "the slopes measured by nudging and those computed by backpropagation agree for all {all} weights, with ε = {epsilon}; the largest difference is {worst}.",
        )
    } else {
        tr(
            "the slopes measured by nudging and those computed by backpropagation agree within {within} for {agree} of {all} weights, with ε = {epsilon}; the largest difference is {worst}.",
        )
    };
    fill(text, &values)
}

/// A difference as a share: `0.012 %`.
pub(super) fn share(share: f64) -> String {
    if share.is_nan() {
        return tr("not a number").to_owned();
    }
    let percent = share * 100.0;
    if percent == 0.0 {
        "0 %".to_owned()
    } else if percent < 0.001 {
        "<0.001 %".to_owned()
    } else if percent < 1.0 {
        format!("{percent:.3} %")
    } else {
        format!("{percent:.1} %")
    }
}

/// A parameter tensor by its layer and its name in it: `conv2d 0 weight`.
pub(super) fn tensor_name(network: &Network, layer: usize, key: &str) -> String {
    let own = key.rsplit('.').next().unwrap_or(key);
    format!("{} {own}", network.spec().layer_name(layer))
}

/// The index of a value in its tensor: `3, 0, 2, 1`.
pub(super) fn index(network: &Network, row: &CheckRow) -> String {
    let found = network.named_parameters().find(|(name, _)| *name == row.check.name);
    let Some((_, tensor)) = found else { return row.check.index.to_string() };
    let mut rest = row.check.index;
    let mut parts: Vec<String> = Vec::new();
    for side in tensor.shape().iter().rev() {
        parts.insert(0, (rest % side.max(&1)).to_string());
        rest /= side.max(&1);
    }
    parts.join(", ")
}

/// A slope to about three digits, however small: `+0.0123`, `−2.13e-3`.
pub(super) fn slope(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        return tr("not a number").to_owned();
    }
    let sign = match value {
        _ if size == 0.0 => "",
        v if v < 0.0 => "−",
        _ => "+",
    };
    if size == 0.0 || !size.is_finite() || size >= 1.0 {
        let digits = numbers::precise(size as f32);
        format!("{sign}{}", digits.trim_start_matches('+'))
    } else if size >= 0.01 {
        format!("{sign}{size:.4}")
    } else {
        format!("{sign}{size:.2e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_slopes_keep_their_digits() {
        let written = [0.012_345, -0.002_13, 1.0e-7, 2.5, 0.0, f64::NAN].map(slope);
        assert_eq!(written, ["+0.0123", "−2.13e-3", "+1.00e-7", "+2.500", "0", "not a number"]);
    }

    #[test]
    fn shares_are_written_to_three_decimals_or_one() {
        let written = [0.0, 1e-6, 0.001_23, 0.5, f64::NAN].map(share);
        assert_eq!(written, ["0 %", "<0.001 %", "0.123 %", "50.0 %", "not a number"]);
    }
}
