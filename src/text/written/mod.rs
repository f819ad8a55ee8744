//! Equations whose numbers are rounded so that they are true as written.
//!
//! Rounding each number of `0.504 + 0.504 = 1.008` by itself to two digits gives `0.50 + 0.50 = 1.01`, which is wrong.
//! [`Expression::equation`] chooses the decimals of all numbers together: evaluating the numbers as written, and rounding
//! to the decimals of the result, gives the result as written. Where no reasonable number of decimals does, the equation
//! is written with `≈`.

mod number;
mod percent;

pub use number::{MINUS, Number};
pub use percent::{percent, percent_change, percentages};

/// An expression over numbers that are to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number that can be rounded.
    Value(f64),
    /// A sum.
    Sum(Vec<Self>),
    /// A difference.
    Difference(Box<Self>, Box<Self>),
    /// A product of two numbers.
    Product(Box<Self>, Box<Self>),
    /// A quotient.
    Quotient(Box<Self>, Box<Self>),
    /// The largest of several numbers.
    Max(Vec<Self>),
    /// A power.
    Power(Box<Self>, Box<Self>),
    /// A square root.
    Root(Box<Self>),
    /// e to the power of a number.
    Exp(Box<Self>),
}

/// How the two sides of an [`Equation`] relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The numbers as written give the result as written.
    Equal,
    /// They give it up to rounding.
    Approximate,
}

impl Relation {
    /// `=` or `≈`.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Approximate => "≈",
        }
    }
}

/// An expression and its result, with all numbers rounded.
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// The numbers of the expression, in reading order.
    pub numbers: Vec<Number>,
    /// `=` or `≈`.
    pub relation: Relation,
    /// The result.
    pub result: Number,
}

/// The decimals of a result by its size: four digits for results from 1 to 1000, as in a table.
fn usual_decimals(size: f64) -> usize {
    if size >= 999.95 {
        0
    } else if size >= 99.995 {
        1
    } else if size >= 9.999_5 {
        2
    } else {
        3
    }
}

/// Above this many numbers, a result with one decimal less is preferred to one more decimal in every number.
const MANY: usize = 12;

impl Expression {
    /// A number that can be rounded.
    pub fn value(value: impl Into<f64>) -> Self {
        Self::Value(value.into())
    }

    /// The sum of these numbers.
    pub fn sum(values: impl IntoIterator<Item = f64>) -> Self {
        Self::Sum(values.into_iter().map(Self::Value).collect())
    }

    /// The largest of these numbers.
    pub fn max(values: impl IntoIterator<Item = f64>) -> Self {
        Self::Max(values.into_iter().map(Self::Value).collect())
    }

    /// The product of two numbers.
    pub fn product(a: impl Into<f64>, b: impl Into<f64>) -> Self {
        Self::Product(Box::new(Self::value(a)), Box::new(Self::value(b)))
    }

    /// This expression divided by a number.
    #[must_use]
    pub fn over(self, divisor: impl Into<f64>) -> Self {
        Self::Quotient(Box::new(self), Box::new(Self::value(divisor)))
    }

    /// This expression minus a number.
    #[must_use]
    pub fn minus(self, other: impl Into<f64>) -> Self {
        Self::Difference(Box::new(self), Box::new(Self::value(other)))
    }

    /// This expression plus a number, in the same sum if it is one.
    #[must_use]
    pub fn plus(self, other: impl Into<f64>) -> Self {
        let mut terms = match self {
            Self::Sum(terms) => terms,
            other => vec![other],
        };
        terms.push(Self::value(other));
        Self::Sum(terms)
    }

    /// Writes the expression with its stored result. The result is always the stored value, correctly rounded.
    pub fn equation(&self, result: impl Into<f64>) -> Equation {
        let (result, values) = (result.into(), self.values());
        let size = values.iter().fold(result.abs(), |size, value| size.max(value.abs()));
        let least = usual_decimals(if self.is_linear() { size } else { result.abs() });
        // Small results need more decimals to show two digits.
        let least = least.max(Number::decimals_for(result, 2).min(MOST_DECIMALS));
        let mut candidates = Vec::new();
        for more in 0..=2 {
            let decimals = least + more;
            candidates.extend([(decimals, decimals), (decimals, decimals + 1), (decimals, decimals + 2)]);
        }
        if let Some(fewer) = least.checked_sub(1) {
            let place = if values.len() > MANY { 1 } else { candidates.len() };
            candidates.insert(place, (fewer, least));
        }
        let written = candidates.into_iter().filter(|(_, terms)| *terms <= MOST_DECIMALS);
        let written =
            written.filter_map(|(of_result, of_terms)| self.exact(&values, result, of_result, of_terms));
        written.into_iter().next().unwrap_or_else(|| approximate(&values, result, least))
    }

    /// [`Expression::equation`] with a given number of decimals in the result, for one that is written elsewhere, too.
    pub fn equation_to(&self, result: impl Into<f64>, decimals: usize) -> Equation {
        let (result, values) = (result.into(), self.values());
        let mut written =
            (decimals..=decimals + 3).filter_map(|of_terms| self.exact(&values, result, decimals, of_terms));
        written.next().unwrap_or_else(|| approximate(&values, result, decimals))
    }

    /// The equation with these decimals, if it is true.
    fn exact(&self, values: &[f64], result: f64, of_result: usize, of_terms: usize) -> Option<Equation> {
        let numbers: Vec<Number> = values.iter().map(|value| Number::new(*value, of_terms)).collect();
        let result = Number::new(result, of_result);
        let evaluated = self.evaluate(&mut numbers.iter().map(Number::value))?;
        let is_true = result.is_rounding_of(evaluated);
        is_true.then_some(Equation { numbers, relation: Relation::Equal, result })
    }

    /// Whether rounding errors pass through to the result as they are: sums and maxima of numbers.
    fn is_linear(&self) -> bool {
        match self {
            Self::Value(_) => true,
            Self::Sum(terms) | Self::Max(terms) => terms.iter().all(Self::is_linear),
            Self::Difference(a, b) => a.is_linear() && b.is_linear(),
            Self::Product(..) | Self::Quotient(..) | Self::Power(..) | Self::Root(_) | Self::Exp(_) => false,
        }
    }

    /// All numbers, in reading order.
    fn values(&self) -> Vec<f64> {
        match self {
            Self::Value(value) => vec![*value],
            Self::Sum(terms) | Self::Max(terms) => terms.iter().flat_map(Self::values).collect(),
            Self::Difference(a, b) | Self::Product(a, b) | Self::Quotient(a, b) | Self::Power(a, b) => {
                [a.values(), b.values()].concat()
            }
            Self::Root(a) | Self::Exp(a) => a.values(),
        }
    }

    /// The value with other numbers in the place of its own; `None` if there are too few.
    fn evaluate(&self, numbers: &mut impl Iterator<Item = f64>) -> Option<f64> {
        Some(match self {
            Self::Value(_) => numbers.next()?,
            Self::Sum(terms) => {
                let mut sum = 0.0;
                for term in terms {
                    sum += term.evaluate(numbers)?;
                }
                sum
            }
            Self::Max(terms) => {
                let mut max = f64::NEG_INFINITY;
                for term in terms {
                    max = max.max(term.evaluate(numbers)?);
                }
                max
            }
            Self::Difference(a, b) => a.evaluate(numbers)? - b.evaluate(numbers)?,
            Self::Product(a, b) => a.evaluate(numbers)? * b.evaluate(numbers)?,
            Self::Quotient(a, b) => a.evaluate(numbers)? / b.evaluate(numbers)?,
            Self::Power(a, b) => a.evaluate(numbers)?.powf(b.evaluate(numbers)?),
            Self::Root(a) => a.evaluate(numbers)?.sqrt(),
            Self::Exp(a) => a.evaluate(numbers)?.exp(),
        })
    }
}

/// The equation where no decimals make it true. The numbers have two decimals more than the result.
fn approximate(values: &[f64], result: f64, decimals: usize) -> Equation {
    let of_terms = (decimals + 2).min(MOST_DECIMALS);
    let numbers = values.iter().map(|value| Number::new(*value, of_terms)).collect();
    Equation { numbers, relation: Relation::Approximate, result: Number::new(result, decimals) }
}

/// The most decimals of a number in an equation; `f32` has seven significant digits.
const MOST_DECIMALS: usize = 7;

impl Equation {
    /// The numbers one after the other, for a view that lays them out itself.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.numbers.iter().map(Number::text)
    }
}
