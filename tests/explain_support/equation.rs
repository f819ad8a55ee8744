//! Reads written equations, and checks that they are true as written.

/// The value of an expression as written, such as `(0.5·2 + (−1)·3) / 4`. `None` if it is not an expression.
pub(crate) fn evaluate(text: &str) -> Option<f64> {
    let mut parser = Parser { rest: text };
    let value = parser.sum()?;
    parser.skip();
    parser.rest.is_empty().then_some(value)
}

/// Whether `expression = result` is true as written: the value of the expression, rounded to the decimals of the result,
/// is the result. `None` if either side cannot be read.
pub(crate) fn is_true(expression: &str, result: &str) -> Option<bool> {
    let (value, result_value) = (evaluate(expression)?, evaluate(result)?);
    let (mantissa, power) = result.split_once('e').unwrap_or((result, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    let unit = 10_f64.powi(evaluate(power)? as i32 - decimals);
    Some((value - result_value).abs() <= 0.5 * unit * (1.0 + 1e-9))
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn sum(&mut self) -> Option<f64> {
        let mut sum = self.product()?;
        loop {
            if self.take("+") {
                sum += self.product()?;
            } else if self.take("−") {
                sum -= self.product()?;
            } else {
                return Some(sum);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut product = self.power()?;
        loop {
            if self.take("·") || self.take("×") {
                product *= self.power()?;
            } else if self.take("/") {
                product /= self.power()?;
            } else {
                return Some(product);
            }
        }
    }

    fn power(&mut self) -> Option<f64> {
        let base = self.factor()?;
        if self.take("²") {
            return Some(base * base);
        }
        if self.take("^") { Some(base.powf(self.factor()?)) } else { Some(base) }
    }

    fn factor(&mut self) -> Option<f64> {
        if self.take("−") {
            return self.factor().map(|value| -value);
        }
        if self.take("+") {
            return self.factor();
        }
        if self.take("√") {
            return self.factor().map(f64::sqrt);
        }
        if self.take("exp") {
            return self.factor().map(f64::exp);
        }
        if self.take("max(") {
            let mut max = self.sum()?;
            while self.take(",") {
                max = max.max(self.sum()?);
            }
            return self.take(")").then_some(max);
        }
        if self.take("(") {
            let value = self.sum()?;
            return self.take(")").then_some(value);
        }
        self.number()
    }

    fn number(&mut self) -> Option<f64> {
        self.skip();
        let end = |text: &str| text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (digits, rest) = self.rest.split_at(end(self.rest));
        let value: f64 = digits.parse().ok()?;
        self.rest = rest;
        let Some(power) = rest.strip_prefix('e') else { return Some(value) };
        let (sign, power) = power.strip_prefix('−').map_or((1, power), |power| (-1, power));
        let (digits, rest) = power.split_at(end(power));
        self.rest = rest;
        Some(value * 10_f64.powi(sign * digits.parse::<i32>().ok()?))
    }
}
