//! The sum of one place of a breakdown as an equation that is true as written.

use crate::{
    explain::breakdown::{Breakdown, Highlights, Region},
    text::{
        fill, tr,
        written::{Equation, Expression, Number},
    },
    ui::views::network::lines,
};
use ndarray::Array2;

/// Up to this many partial results are written one by one.
const WRITTEN: usize = 8;

/// The sum of one place with all its numbers, rounded together so that the sum is true as written.
pub(super) struct Written {
    /// The partial results, then the bias if there is one, and the sum.
    equation: Equation,
    /// The number of partial results.
    count: usize,
    /// The sum of the partial results alone.
    sum: f64,
    /// The outputs of the layers that follow, as far as they depend on this place alone.
    pub(super) stages: Vec<Number>,
}

impl Written {
    /// The sum at the marked place; `None` if more than one place is marked.
    pub(super) fn of(breakdown: &Breakdown, highlights: &Highlights) -> Option<Self> {
        let total = value_at(&breakdown.sum, &highlights.sum)?;
        let partials = breakdown.contributions.iter().map(|share| value_at(&share.partial, &highlights.sum));
        let partials: Vec<f64> = partials.map(|partial| partial.map(f64::from)).collect::<Option<_>>()?;
        let (count, sum) = (partials.len(), partials.iter().sum());
        let terms = partials.into_iter().chain(breakdown.bias.map(f64::from));
        let equation = Expression::sum(terms).equation(total);
        let decimals = equation.result.decimals();
        let stages = breakdown.stages.iter().zip(&highlights.stages);
        let stages = stages.map_while(|(stage, region)| value_at(&stage.map, region));
        // A layer that passes the sum on shows the same digits.
        let stage = |value: f32| {
            if value == total { equation.result.clone() } else { Number::new(value.into(), decimals) }
        };
        let stages = stages.map(stage).collect();
        Some(Self { equation, count, sum, stages })
    }

    fn partials(&self) -> &[Number] {
        &self.equation.numbers[..self.count]
    }

    /// A partial result as it is written under its picture: as in the equation, if that has all of them.
    pub(super) fn partial(&self, number: usize) -> Option<String> {
        let partial = self.partials().get(number)?;
        if self.count <= WRITTEN {
            return Some(partial.signed());
        }
        Some(Number::new(partial.exact(), self.total().decimals()).signed())
    }

    fn bias(&self) -> Option<&Number> {
        self.equation.numbers.get(self.count)
    }

    pub(super) fn total(&self) -> &Number {
        &self.equation.result
    }

    /// The sum with every partial result; `None` if there are too many, or only one number.
    pub(super) fn long(&self) -> Option<String> {
        if self.count > WRITTEN || self.equation.numbers.len() < 2 {
            return None;
        }
        let mut terms: Vec<String> = self.partials().iter().map(Number::bracketed).collect();
        terms.extend(self.bias().map(|bias| format!("{} {}", tr("bias"), bias.bracketed())));
        Some(format!("{} {} {}", terms.join(" + "), self.equation.relation.sign(), self.total().text()))
    }

    /// The sum with the partial results in one number.
    pub(super) fn short(&self) -> String {
        let count = self.count.to_string();
        let Some(bias) = self.bias() else {
            let total = self.total().text();
            return fill(tr("Σ of {count} partial results = {sum}"), &[("count", &count), ("sum", total)]);
        };
        let expression = Expression::sum([self.sum, bias.exact()]);
        let equation = expression.equation_to(self.total().exact(), self.total().decimals());
        let [sum, bias] = [0, 1].map(|number| equation.numbers[number].bracketed());
        fill(
            tr("Σ of {count} partial results {sum} + bias {bias} {sign} {total}"),
            &[
                ("count", &count),
                ("sum", &sum),
                ("bias", &bias),
                ("sign", equation.relation.sign()),
                ("total", equation.result.text()),
            ],
        )
    }

    /// The numbers with all digits.
    pub(super) fn exact(&self) -> String {
        let exact = |number: &Number| lines::exact(number.exact() as f32);
        let terms: Vec<String> = self.equation.numbers.iter().take(WRITTEN + 1).map(exact).collect();
        let more = if self.equation.numbers.len() > WRITTEN + 1 { " + …" } else { "" };
        fill(
            tr("Exact terms: {terms}{more}\nExact result: {total}"),
            &[("terms", &terms.join(" + ")), ("more", more), ("total", &exact(self.total()))],
        )
    }
}

/// The value of a region of one cell.
pub(super) fn value_at(picture: &Array2<f32>, region: &Region) -> Option<f32> {
    if region.rows.len() != 1 || region.columns.len() != 1 {
        return None;
    }
    let place = (usize::try_from(region.rows.start).ok()?, usize::try_from(region.columns.start).ok()?);
    picture.get(place).copied()
}
