//! Equations whose numbers are rounded so that they are true as written.
//!
//! Rounding each number of `0.504 + 0.504 = 1.008` by itself to two digits gives `0.50 + 0.50 = 1.01`, which is wrong.
//! [`Expression::equation`] chooses the decimals of all numbers together: evaluating the numbers as written, and rounding
//! to the decimals of the result, gives the result as written. Where no reasonable number of decimals does, the equation
//! is written with `≈`.

mod number;
mod percent;

pub use number::{MINUS, Number};
pub use percent::{percent, percent_change, percent_to, percentages, probability};

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
    ///
    /// Each number is rounded so that the result changes by at most about 10^−t, for the smallest t that makes the
    /// equation true: factors of large numbers have more decimals.
    pub fn equation(&self, result: impl Into<f64>) -> Equation {
        let (result, numbers) = (result.into(), self.numbers());
        let size = numbers.iter().fold(0.0_f64, |size, number| size.max(number.value.abs()));
        let least = usual_decimals(if self.is_linear() { size.max(result.abs()) } else { result.abs() });
        // Small results need more decimals to show two digits.
        let least = least.max(Number::decimals_for(result, 2).min(MOST_DECIMALS));
        let mut candidates = Vec::new();
        for more in 0..=2 {
            let decimals = least + more;
            candidates.extend([(decimals, decimals), (decimals, decimals + 1), (decimals, decimals + 2)]);
        }
        let is_short = Number::new(result, least).value() == result;
        if let Some(fewer) = least.checked_sub(1).filter(|_| !is_short) {
            let place = if numbers.len() > MANY { 0 } else { 3 };
            candidates.splice(place..place, [(fewer, least), (fewer, least + 1)]);
        }
        let mut written = candidates.into_iter().filter_map(|(of_result, precision)| {
            self.exact(&numbers, Number::new(result, of_result), precision)
        });
        written.next().unwrap_or_else(|| approximate(&numbers, result, least))
    }

    /// [`Expression::equation`] with a given number of decimals in the result, for one that is written elsewhere, too.
    pub fn equation_to(&self, result: impl Into<f64>, decimals: usize) -> Equation {
        let (result, numbers) = (result.into(), self.numbers());
        let mut written = (decimals..=decimals + 3)
            .filter_map(|precision| self.exact(&numbers, Number::new(result, decimals), precision));
        written.next().unwrap_or_else(|| approximate(&numbers, result, decimals))
    }

    /// The equation at this precision, if it is true.
    fn exact(&self, numbers: &[Leaf], result: Number, precision: usize) -> Option<Equation> {
        let numbers: Vec<Number> = numbers.iter().map(|number| number.written(precision)).collect();
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
    fn numbers(&self) -> Vec<Leaf> {
        let mut numbers = Vec::new();
        self.add_numbers(1.0, &mut numbers);
        numbers
    }

    /// Adds the numbers of this expression, whose change changes the result by `weight` times as much.
    fn add_numbers(&self, weight: f64, numbers: &mut Vec<Leaf>) {
        match self {
            Self::Value(value) => numbers.push(Leaf { value: *value, weight: weight.abs() }),
            Self::Sum(terms) | Self::Max(terms) => {
                for term in terms {
                    term.add_numbers(weight, numbers);
                }
            }
            Self::Difference(a, b) => {
                a.add_numbers(weight, numbers);
                b.add_numbers(weight, numbers);
            }
            Self::Product(a, b) => {
                a.add_numbers(weight * b.total(), numbers);
                b.add_numbers(weight * a.total(), numbers);
            }
            Self::Quotient(a, b) => {
                a.add_numbers(weight / b.total(), numbers);
                b.add_numbers(weight * a.total() / b.total().powi(2), numbers);
            }
            Self::Power(a, b) => {
                let (base, power) = (a.total(), b.total());
                a.add_numbers(weight * power * base.powf(power - 1.0), numbers);
                b.add_numbers(weight * base.powf(power) * base.ln(), numbers);
            }
            Self::Root(a) => a.add_numbers(weight / (2.0 * a.total().sqrt()), numbers),
            Self::Exp(a) => a.add_numbers(weight * a.total().exp(), numbers),
        }
    }

    /// The value with the numbers as they are.
    fn total(&self) -> f64 {
        match self {
            Self::Value(value) => *value,
            Self::Sum(terms) => terms.iter().map(Self::total).sum(),
            Self::Max(terms) => terms.iter().map(Self::total).fold(f64::NEG_INFINITY, f64::max),
            Self::Difference(a, b) => a.total() - b.total(),
            Self::Product(a, b) => a.total() * b.total(),
            Self::Quotient(a, b) => a.total() / b.total(),
            Self::Power(a, b) => a.total().powf(b.total()),
            Self::Root(a) => a.total().sqrt(),
            Self::Exp(a) => a.total().exp(),
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

/// A number of an expression.
struct Leaf {
    value: f64,
    /// The absolute derivative of the result by this number.
    weight: f64,
}

impl Leaf {
    /// The number, rounded so that the result changes by at most about 10^−precision.
    fn written(&self, precision: usize) -> Number {
        // Rounding a number of weight up to 2 still changes the result by at most 10^−precision.
        let more = if self.weight.is_normal() { (self.weight.log10() - 0.3).ceil() } else { 0.0 };
        let decimals = (precision as f64 + more).clamp(0.0, MOST_DECIMALS as f64);
        Number::new(self.value, decimals as usize)
    }
}

/// The equation where no decimals make it true.
fn approximate(numbers: &[Leaf], result: f64, decimals: usize) -> Equation {
    let numbers = numbers.iter().map(|number| number.written(decimals + 1)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(equation: &Equation) -> (Vec<&str>, &'static str, &str) {
        (equation.texts().collect(), equation.relation.sign(), equation.result.text())
    }

    #[test]
    fn a_maximum_has_the_digits_of_its_winner() {
        let equation = Expression::max([0.0, 0.6124, 0.08, 0.9648]).equation(0.9648);
        assert_eq!(texts(&equation), (vec!["0", "0.612", "0.08", "0.965"], "=", "0.965"));
    }

    #[test]
    fn a_mean_has_as_many_digits_as_it_needs() {
        let values = [0.1347, 0.9649, 0.5999, 1.0];
        let equation = Expression::sum(values).over(4.0).equation(0.674_875);
        assert_eq!(texts(&equation), (vec!["0.135", "0.965", "0.600", "1", "4"], "=", "0.675"));
    }

    #[test]
    fn terms_add_up_as_written() {
        let equation = Expression::sum([0.5014, 0.5014]).equation(1.0028);
        assert_eq!(texts(&equation), (vec!["0.5014", "0.5014"], "=", "1.003"));
        let whole = Expression::sum([1.0, -2.0, 4.0]).over(2.0).equation(1.5);
        assert_eq!(texts(&whole), (vec!["1", "−2", "4", "2"], "=", "1.5"));
    }

    #[test]
    fn an_equation_that_cannot_be_true_is_approximate() {
        let equation = Expression::sum([1.0, 2.0]).equation(4.0);
        assert_eq!(texts(&equation), (vec!["1", "2"], "≈", "4"));
    }

    #[test]
    fn factors_of_large_numbers_have_more_decimals() {
        let equation = Expression::product(250.3, 0.123_456_7).equation(250.3 * 0.123_456_7);
        assert_eq!(texts(&equation), (vec!["250.3", "0.12346"], "=", "30.90"));
    }

    #[test]
    fn values_that_are_not_finite_are_written() {
        let equation = Expression::sum([f64::NAN, 1.0]).equation(f64::NAN);
        assert_eq!(texts(&equation), (vec!["NaN", "1"], "=", "NaN"));
        let infinite = Expression::max([f64::INFINITY, 1.0]).equation(f64::INFINITY);
        assert_eq!(texts(&infinite), (vec!["∞", "1"], "=", "∞"));
    }
}
