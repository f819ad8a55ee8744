//! The computation of a window as an equation, and sentences about it.

use crate::{
    explain::pooling::{PoolingRule, PoolingStep},
    text::{
        fill, tr,
        written::{Equation, Expression, MINUS, Number},
    },
    ui::widgets::{number_grid::exact, numbers},
};

/// The most positions of tied cells that are listed.
const MOST_POSITIONS: usize = 3;

/// A value on its own, to four digits.
pub fn value(value: f32) -> String {
    let text = exact(value);
    let text = text.trim_start_matches('+');
    let is_plain = text.contains('.') && !text.contains('e');
    if is_plain { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// A tooltip with all digits of a stored value.
pub fn exact_value(value: f32) -> String {
    let is_plain = value == 0.0 || !value.is_finite() || (1e-6..1e9).contains(&value.abs());
    let digits = if is_plain { value.to_string() } else { format!("{value:e}") };
    fill(tr("Exact value: {value}"), &[("value", &digits.replace('-', MINUS))])
}

/// The equation of a window, in at most `most` characters: with the number of cells, or their sum, in place of all values
/// if there is no room for them.
pub fn formula(step: &PoolingStep, counts_padding: bool, most: usize) -> String {
    let count = step.counted(counts_padding).count();
    // A number and its separator take at least three characters.
    let all = (3 * count <= most).then(|| all_values(step, counts_padding));
    if let Some(all) = all.filter(|text| text.chars().count() <= most) {
        return all;
    }
    if let Some(quotient) = step.quotient() {
        return division(&quotient.equation(step.value));
    }
    let sentence = tr("max of {count} values = {value}");
    fill(sentence, &[("count", &count.to_string()), ("value", &value(step.value))])
}

/// The equation with every value that counts.
fn all_values(step: &PoolingStep, counts_padding: bool) -> String {
    let Equation { numbers, relation, result } = step.expression(counts_padding).equation(step.value);
    let (sign, result) = (relation.sign(), result.text());
    if let (PoolingRule::Mean { .. }, Some((divisor, summands))) = (&step.rule, numbers.split_last()) {
        let sum: Vec<String> = summands.iter().map(Number::bracketed).collect();
        return format!("({}) / {} {sign} {result}", sum.join(" + "), divisor.text());
    }
    let values: Vec<&str> = numbers.iter().map(Number::text).collect();
    format!("max({}) {sign} {result}", values.join(", "))
}

/// `13 / 4 = 3.25`, the equation of a quotient.
pub fn division(equation: &Equation) -> String {
    let numbers: Vec<&str> = equation.texts().collect();
    format!("{} {} {}", numbers.join(" / "), equation.relation.sign(), equation.result.text())
}

/// A value before and after a shift with their difference: `0.502 − 0.5 = 0.002`.
pub fn change(before: f32, after: f32) -> String {
    let difference = f64::from(after) - f64::from(before);
    let equation = Expression::value(after).minus(before).equation(difference);
    let [after, before] = [0, 1].map(|i| equation.numbers.get(i).map(Number::bracketed).unwrap_or_default());
    let sign = equation.relation.sign();
    let change = equation.result.text();
    let sentence = tr("after − before: {after} − {before} {sign} {change}");
    fill(sentence, &[("after", &after), ("before", &before), ("sign", sign), ("change", change)])
}

/// The position of the largest cell, or how many cells tie; for a mean, which cells count.
pub fn comment(step: &PoolingStep, counts_padding: bool) -> String {
    let inside = step.inside().count();
    let padding = step.window.len() - inside;
    match &step.rule {
        PoolingRule::Largest { winners } if winners.len() > 1 => {
            let winning = step.winners();
            let shown = winning.iter().take(MOST_POSITIONS);
            let mut positions: Vec<String> =
                shown.map(|(row, column)| format!("({row}, {column})")).collect();
            if winners.len() > MOST_POSITIONS {
                positions.push("…".to_owned());
            }
            let sentence =
                tr("Tie: {count} cells are the largest, {positions}. The gradient goes to the first.");
            fill(sentence, &[("count", &winners.len().to_string()), ("positions", &positions.join(" "))])
        }
        PoolingRule::Largest { .. } => match step.winners().first() {
            Some((row, column)) => fill(
                tr("The largest cell is in row {row}, column {column}."),
                &[("row", &row.to_string()), ("column", &column.to_string())],
            ),
            None => String::new(),
        },
        PoolingRule::Mean { .. } => {
            let sentence = match (padding, counts_padding, inside) {
                (0, _, 1) => tr("The window has a single cell."),
                (0, ..) => tr("All {count} cells count equally."),
                (1, true, _) => tr("All cells count equally, including one zero of the padding."),
                (_, true, _) => tr("All cells count equally, including {zeros} zeros of the padding."),
                (_, false, 1) => tr("Only the one cell inside the map counts."),
                (_, false, _) => tr("Only the {count} cells inside the map count."),
            };
            fill(sentence, &[("count", &inside.to_string()), ("zeros", &padding.to_string())])
        }
    }
}

/// `row 4` or `rows 4, 5`, at most four of them.
pub fn lines(numbers: &[usize], one: &str, several: &str) -> String {
    let (shown, rest) = numbers.split_at(numbers.len().min(4));
    let list: Vec<String> = shown.iter().map(ToString::to_string).collect();
    let name = if numbers.len() == 1 { one } else { several };
    format!("{name} {}{}", list.join(", "), if rest.is_empty() { "" } else { ", …" })
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
        assert_eq!(comment(&max.step(0), true), "The largest cell is in row 1, column 1.");
        assert_eq!(
            comment(&max.step(2), true),
            "Tie: 3 cells are the largest, (2, 0) (2, 1) (3, 0). The gradient goes to the first."
        );
        assert_eq!(comment(&average.step(0), true), "All 4 cells count equally.");
    }

    #[test]
    fn equations_are_true_as_written() {
        let written =
            |layer, map: &[f32]| formula(&Pooling::new(layer, map, (2, 2)).unwrap().step(0), true, 60);
        let max = written(MaxPool2d::new(2).into(), &[0.0, 0.6124, 0.08, 0.9648]);
        assert_eq!(max, "max(0, 0.612, 0.080, 0.965) = 0.965");
        let mean = written(AvgPool2d::new(2).into(), &[0.1347, 0.9649, 0.5999, 1.0]);
        assert_eq!(mean, "(0.135 + 0.965 + 0.600 + 1) / 4 = 0.675");
        assert_eq!(change(0.5, 0.75), "after − before: 0.75 − 0.5 = 0.25");
        assert_eq!(change(0.5, -0.25), "after − before: (−0.25) − 0.5 = −0.75");
        assert_eq!(exact_value(0.964_8), "Exact value: 0.9648");
        assert_eq!(exact_value(-1e-20), "Exact value: −1e−20");
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
        assert_eq!(comment(&without, false), "Only the one cell inside the map counts.");
        assert_eq!(share(12, 49), "12 of 49, 24.5 %");
        assert_eq!(lines(&[4], "row", "rows"), "row 4");
        assert_eq!(lines(&[1, 3, 5, 7, 9], "row", "rows"), "rows 1, 3, 5, 7, …");
    }
}
