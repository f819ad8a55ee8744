//! Written equations are true as written, for cells of random layers.

use crate::support::equation::{evaluate, is_true};
use convlens::{
    explain::Cell,
    nn::{
        Init, LayerSpec, Network, NetworkSpec, Pair, Shape,
        layers::{AvgPool2d, Conv2d, ConvTranspose2d, Linear, MaxPool2d},
    },
    text::written::{Equation, Expression, Number, Relation},
};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The expression with the numbers of the equation.
fn written(expression: &Expression, numbers: &mut impl Iterator<Item = String>) -> String {
    let mut of = |expression: &Expression| written(expression, numbers);
    match expression {
        Expression::Value(_) => numbers.next().unwrap(),
        Expression::Sum(terms) => format!("({})", terms.iter().map(of).collect::<Vec<_>>().join(" + ")),
        Expression::Max(terms) => format!("max({})", terms.iter().map(of).collect::<Vec<_>>().join(", ")),
        Expression::Difference(a, b) => format!("({} − {})", of(a), of(b)),
        Expression::Product(a, b) => format!("{}·{}", of(a), of(b)),
        Expression::Quotient(a, b) => format!("{} / {}", of(a), of(b)),
        Expression::Power(a, b) => format!("{}^{}", of(a), of(b)),
        Expression::Root(a) => format!("√{}", of(a)),
        Expression::Exp(a) => format!("exp({})", of(a)),
    }
}

/// Checks an equation. Returns whether it is written with `=`.
fn check(expression: &Expression, equation: &Equation, stored: f64) -> bool {
    let text = written(expression, &mut equation.numbers.iter().map(Number::bracketed));
    let (result, sign) = (equation.result.text(), equation.relation.sign());
    // The result is the stored value, correctly rounded.
    let shown = evaluate(result).unwrap();
    let decimals = equation.result.decimals();
    assert!((shown - stored).abs() <= 0.5 * 10_f64.powi(-(decimals as i32)) * 1.001, "{result} for {stored}");
    let is_true = is_true(&text, result).unwrap_or_else(|| panic!("{text} cannot be read"));
    assert!(is_true || sign == "≈", "{text} {sign} {result}, stored {stored}");
    equation.relation == Relation::Equal
}

fn network(layer: &LayerSpec, input: Shape, random: &mut impl Rng) -> Option<Network> {
    let layers = [layer.clone(), serde_json::from_str(r#"{"type": "flatten"}"#).ok()?];
    let layers = &layers[..if matches!(layer, LayerSpec::Linear(_)) { 1 } else { 2 }];
    let json = serde_json::json!({"name": "one", "input": input.dims(), "layers": layers}).to_string();
    let mut network = Network::new(NetworkSpec::from_json(&json).ok()?, Init::He, 1).ok()?;
    let scale = [0.05, 0.5, 3.0][random.random_range(0..3)];
    network.fill_parameters(|| random.random_range(-scale..scale));
    network.fill_buffers(|| random.random_range(0.5..2.0));
    Some(network)
}

/// Checks cells of the first layer. Returns how many equations there are and how many are written with `=`.
fn check_cells(network: &Network, most: usize, random: &mut impl Rng) -> (usize, usize) {
    let scale = [1.0, 20.0, 255.0][random.random_range(0..3)];
    let is_whole = random.random_range(0..4) == 0;
    let value = |random: &mut dyn FnMut() -> f32| {
        let value = random();
        if is_whole { value.round() } else { value }
    };
    let x: Vec<f32> =
        (0..network.input().len()).map(|_| value(&mut || random.random_range(-scale..scale))).collect();
    let trace = network.trace(&x);
    let (mut count, mut equal) = (0, 0);
    let values = trace.activation(0);
    for _ in 0..8 {
        let at = random.random_range(0..values.len());
        let cell = Cell::of(network, &trace, 0, at).unwrap();
        let Some(expression) = cell.expression(most) else { continue };
        let stored = f64::from(values[at]);
        count += 1;
        equal += usize::from(check(&expression, &expression.equation(stored), stored));
        if std::env::var("SHOW").is_err() {
            for decimals in [1, 2, 3] {
                check(&expression, &expression.equation_to(stored, decimals), stored);
            }
        }
    }
    (count, equal)
}

#[test]
fn equations_of_random_cells_are_true_as_written() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut count, mut equal) = (0, 0);
    for _ in 0..600 {
        let mut pair = |least: usize, most: usize| Pair {
            h: random.random_range(least..=most),
            w: random.random_range(least..=most),
        };
        let (kernel_size, stride, padding) = (pair(1, 5), pair(1, 3), pair(0, 1));
        let layer: LayerSpec = match random.random_range(0..5) {
            0 => Conv2d { kernel_size, stride, padding: padding.into(), ..Conv2d::new(4, 1) }.into(),
            1 => ConvTranspose2d { kernel_size, stride, padding, ..ConvTranspose2d::new(4, 1) }.into(),
            2 => MaxPool2d { kernel_size, stride, padding, ..MaxPool2d::new(1) }.into(),
            3 => AvgPool2d { kernel_size, stride, padding, ..AvgPool2d::new(1) }.into(),
            _ => Linear::new(5).into(),
        };
        let channels = random.random_range(1..=6);
        let input = match layer {
            LayerSpec::Linear(_) => Shape::Vector(random.random_range(1..200)),
            _ => Shape::maps(channels, random.random_range(2..9), random.random_range(2..9)),
        };
        let Some(network) = network(&layer, input, &mut random) else { continue };
        let most = [10, 28, 37][random.random_range(0..3)];
        let (cells, exact) = check_cells(&network, most, &mut random);
        count += cells;
        equal += exact;
    }
    assert!(count > 2000, "{count}");
    assert!(equal * 100 >= count * 99, "only {equal} of {count} are written with =");
}

#[test]
fn every_layer_of_the_registry_is_written() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for (layer, input) in LayerSpec::examples() {
        let Some(network) = network(&layer, input, &mut random) else { continue };
        check_cells(&network, 28, &mut random);
    }
}

#[test]
fn very_long_sums_have_a_subtotal() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let layer = Conv2d { kernel_size: Pair::square(11), ..Conv2d::new(2, 1) }.into();
    let network = network(&layer, Shape::maps(512, 12, 12), &mut random).unwrap();
    let (count, equal) = check_cells(&network, 10, &mut random);
    assert!(count == 8 && equal >= 6, "{equal} of {count}");
}
