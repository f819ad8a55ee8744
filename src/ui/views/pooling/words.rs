//! A window's arithmetic and its winners, in words.

use crate::{
    explain::pooling::{PoolingRule, PoolingStep},
    text::{fill, tr},
    ui::widgets::{
        number_grid::{exact, short},
        numbers,
    },
};

/// Places that are named; of more there is a count.
const NAMED: usize = 3;

/// A value that is read by itself.
pub fn value(value: f32) -> String {
    let text = exact(value);
    let text = text.trim_start_matches('+');
    // What ends in noughts is a number that needs fewer digits.
    let is_plain = text.contains('.') && !text.contains('e');
    if is_plain { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// What a window sees and what comes of it, in at most `most` characters: where there are too many numbers, their count.
pub fn formula(step: &PoolingStep, counts_padding: bool, most: usize) -> String {
    let counted = step.window.iter().filter(|seen| seen.inside || (counts_padding && is_mean(step)));
    let result = value(step.value);
    let count = counted.clone().count();
    // Each number takes three characters at least.
    let is_short = 3 * count <= most;
    match &step.rule {
        PoolingRule::Largest { .. } => {
            let counted = counted.filter(|_| is_short);
            let all: Vec<String> = counted.map(|seen| short(seen.x)).collect();
            let text = format!("max({}) = {result}", all.join(", "));
            if is_short && text.chars().count() <= most {
                return text;
            }
            fill(tr("max of {count} values = {value}"), &[("count", &count.to_string()), ("value", &result)])
        }
        PoolingRule::Mean { divisor } => {
            let summand = |x: f32| if x < 0.0 { format!("({})", short(x)) } else { short(x) };
            let all: Vec<String> = counted.filter(|_| is_short).map(|seen| summand(seen.x)).collect();
            let text = format!("({}) / {} = {result}", all.join(" + "), short(*divisor));
            if is_short && text.chars().count() <= most {
                text
            } else {
                format!("{} / {} = {result}", value(step.sum()), short(*divisor))
            }
        }
    }
}

fn is_mean(step: &PoolingStep) -> bool {
    matches!(step.rule, PoolingRule::Mean { .. })
}

/// Which cell won, or how many tie; of a mean, which cells count.
pub fn comment(step: &PoolingStep, counts_padding: bool) -> String {
    let inside = step.inside().count();
    match &step.rule {
        PoolingRule::Largest { winners } if winners.len() > 1 => {
            let mut places: Vec<String> =
                step.winners().iter().take(NAMED).map(|(row, column)| format!("({row}, {column})")).collect();
            if winners.len() > NAMED {
                places.push("…".to_owned());
            }
            let sentence = tr("{count} cells tie at {places}; the gradient goes back to the first.");
            fill(sentence, &[("count", &winners.len().to_string()), ("places", &places.join(" "))])
        }
        PoolingRule::Largest { .. } => match step.winners().first() {
            Some((row, column)) => fill(
                tr("The winner is in row {row}, column {column}."),
                &[("row", &row.to_string()), ("column", &column.to_string())],
            ),
            None => String::new(),
        },
        PoolingRule::Mean { .. } if step.window.len() > inside && counts_padding => {
            let zeros = (step.window.len() - inside).to_string();
            let sentence = tr("Every cell counts alike, also {zeros} zeros of the padding.");
            fill(sentence, &[("zeros", &zeros)])
        }
        PoolingRule::Mean { .. } if step.window.len() > inside => {
            fill(tr("Only the {count} cells inside the map count."), &[("count", &inside.to_string())])
        }
        PoolingRule::Mean { .. } => {
            fill(tr("Each of the {count} cells counts alike."), &[("count", &inside.to_string())])
        }
    }
}

/// `12 of 49, 24.5 %`.
pub fn share(count: usize, of: usize) -> String {
    let percent = numbers::percent(count as f32 / of.max(1) as f32);
    fill(
        tr("{count} of {of}, {percent}"),
        &[("count", &count.to_string()), ("of", &of.to_string()), ("percent", &percent)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        explain::Pooling,
        nn::layers::{AvgPool2d, MaxPool2d},
    };

    #[test]
    fn a_window_is_written_out() {
        let map = [1.0, 1.0, 2.0, -4.0, 5.0, 6.0, 7.0, 8.0, 3.0, 3.0, 1.0, 0.5, 3.0, 2.0, 3.0, 4.0];
        let max = Pooling::new(MaxPool2d::new(2).into(), &map, (4, 4)).unwrap();
        let average = Pooling::new(AvgPool2d::new(2).into(), &map, (4, 4)).unwrap();
        assert_eq!(formula(&max.step(0), true, 40), "max(1, 1, 5, 6) = 6");
        assert_eq!(formula(&average.step(0), true, 40), "(1 + 1 + 5 + 6) / 4 = 3.25");
        assert_eq!(formula(&average.step(1), true, 40), "(2 + (−4) + 7 + 8) / 4 = 3.25");
        assert_eq!(formula(&average.step(1), true, 20), "13 / 4 = 3.25");
        assert_eq!(formula(&max.step(3), true, 10), "max of 4 values = 4");
        assert_eq!(comment(&max.step(0), true), "The winner is in row 1, column 1.");
        assert_eq!(
            comment(&max.step(2), true),
            "3 cells tie at (2, 0) (2, 1) (3, 0); the gradient goes back to the first."
        );
        assert_eq!(comment(&average.step(0), true), "Each of the 4 cells counts alike.");
    }

    #[test]
    fn padding_is_written_where_it_counts() {
        let padded =
            |count_include_pad| AvgPool2d { padding: 1.into(), count_include_pad, ..AvgPool2d::new(2) };
        let map = [4.0; 4];
        let with = Pooling::new(padded(true).into(), &map, (2, 2)).unwrap().step(0);
        assert_eq!(formula(&with, true, 40), "(0 + 0 + 0 + 4) / 4 = 1");
        assert!(comment(&with, true).contains("3 zeros"));
        let without = Pooling::new(padded(false).into(), &map, (2, 2)).unwrap().step(0);
        assert_eq!(formula(&without, false, 40), "(4) / 1 = 4");
        assert!(comment(&without, false).contains("1 cells inside"));
        assert_eq!(share(12, 49), "12 of 49, 24.5 %");
    }
}
