//! The computation of a cell as an equation whose numbers are true as written; see [`crate::text::written`].

use super::{
    cell::{Cell, ChannelTerms, Term},
    pooling::{PoolingRule, PoolingStep, Shift, UpsampleStep},
};
use crate::text::written::Expression;

/// `Σ x·w`, with one product for each term.
pub fn products<'a>(terms: impl IntoIterator<Item = &'a Term>) -> Vec<Expression> {
    terms.into_iter().map(|term| Expression::product(term.seen.x, term.weight)).collect()
}

impl ChannelTerms {
    /// The exact sum of the products, for a subtotal that is written in an equation.
    pub fn exact_subtotal(&self) -> f64 {
        self.terms.iter().map(Term::exact_product).sum()
    }
}

impl Term {
    /// The exact product.
    pub fn exact_product(&self) -> f64 {
        f64::from(self.seen.x) * f64::from(self.weight)
    }
}

impl Cell {
    /// The computation as an expression with at most `most` terms: of more products, the strongest ones and the sum of
    /// the others. `None` for a copy of a value, and for activation functions, which have no terms.
    pub fn expression(&self, most: usize) -> Option<Expression> {
        match self {
            Self::Sum { parts, bias } => {
                let count: usize = parts.iter().map(|part| part.terms.len()).sum();
                let mut terms = if count <= most {
                    products(parts.iter().flat_map(|part| &part.terms))
                } else {
                    let (strongest, others) = self.strongest_exact(most.saturating_sub(1))?;
                    let mut terms = products(strongest.iter().map(|(_, term)| term));
                    terms.push(Expression::Value(others));
                    terms
                };
                terms.extend(bias.map(Expression::value));
                Some(Expression::Sum(terms))
            }
            Self::Largest { window, .. } => {
                let inside = window.iter().filter(|cell| cell.inside);
                Some(Expression::max(inside.map(|cell| f64::from(cell.x))))
            }
            Self::Mean { window, divisor, .. } => {
                Some(Expression::sum(window.iter().map(|cell| f64::from(cell.x))).over(*divisor))
            }
            Self::ResponseNorm { settings, x, .. } => {
                let base = Expression::value(self.response()?);
                let power = Expression::Power(Box::new(base), Box::new(Expression::value(settings.beta)));
                Some(Expression::Quotient(Box::new(Expression::value(*x)), Box::new(power)))
            }
            Self::BatchNorm { x, mean, variance, eps, weight, bias } => {
                let root = Expression::Root(Box::new(Expression::value(*variance).plus(*eps)));
                let quotient =
                    Expression::Quotient(Box::new(Expression::value(*x).minus(*mean)), Box::new(root));
                let product = Expression::Product(Box::new(quotient), Box::new(Expression::value(*weight)));
                Some(product.plus(*bias))
            }
            Self::Sloped { x, weight, .. } if *x <= 0.0 => Some(Expression::product(*x, *weight)),
            Self::Function { .. } | Self::Sloped { .. } | Self::Same { .. } | Self::Border => None,
        }
    }

    /// [`Cell::strongest`] with the exact sum of the other products.
    pub fn strongest_exact(&self, count: usize) -> Option<(Vec<(usize, Term)>, f64)> {
        let Self::Sum { parts, .. } = self else { return None };
        let (strongest, _) = self.strongest(count)?;
        let all: f64 = parts.iter().map(ChannelTerms::exact_subtotal).sum();
        let shown: f64 = strongest.iter().map(|(_, term)| term.exact_product()).sum();
        Some((strongest, all - shown))
    }
}

impl PoolingStep {
    /// The cells that count: all cells of the window for a mean over the padding, else those inside the map.
    pub fn counted(&self, counts_padding: bool) -> impl Iterator<Item = f32> {
        let is_mean = matches!(self.rule, PoolingRule::Mean { .. });
        self.window.iter().filter(move |cell| cell.inside || (counts_padding && is_mean)).map(|cell| cell.x)
    }

    /// The maximum, or the sum over the divisor, of the cells that count.
    pub fn expression(&self, counts_padding: bool) -> Expression {
        let values = self.counted(counts_padding).map(f64::from);
        match self.rule {
            PoolingRule::Largest { .. } => Expression::max(values),
            PoolingRule::Mean { divisor } => Expression::sum(values).over(divisor),
        }
    }

    /// The exact sum over the divisor, without the cells; `None` for a maximum.
    pub fn quotient(&self) -> Option<Expression> {
        let PoolingRule::Mean { divisor } = self.rule else { return None };
        let sum: f64 = self.window.iter().map(|cell| f64::from(cell.x)).sum();
        Some(Expression::value(sum).over(divisor))
    }
}

impl UpsampleStep {
    /// The mean squared error as the sum of squared errors over the number of cells.
    pub fn expression(&self) -> Expression {
        Expression::value(self.squares).over(self.cells.max(1) as f64)
    }
}

impl Shift {
    /// The mean absolute change as the sum of absolute changes over the number of values.
    pub fn expression(&self) -> Expression {
        Expression::value(self.total_change).over(self.changed.len().max(1) as f64)
    }
}
