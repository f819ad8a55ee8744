//! Equations are true as written: the texts that the view shows, over random cells.

use crate::support::Window;
use convlens::{
    nn::Shape,
    ui::{
        action::Action,
        model::{
            network::NetworkChoice,
            selection::{MapId, Selection},
        },
    },
};
use egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// A number as it is written, and half a unit of its last digit.
fn read(text: &str) -> (f64, f64) {
    let digits = text.trim().replace('−', "-").replace(['+', '(', ')'], "");
    let value: f64 = digits.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    (value, 0.5 * 10_f64.powi(exponent.parse::<i32>().unwrap() - decimals))
}

/// Whether a value, computed from numbers as written, is written as `result`.
#[track_caller]
fn assert_is(value: f64, result: &str, what: &str) {
    // A number that needs fewer decimals is written with fewer, so that the result's last digit may be a later one.
    let (written, half) = read(result);
    assert!((value - written).abs() <= half * 1.000_01, "{what}: {value} is not {result}");
}

/// The lines of the inspector: (name, value).
fn lines(window: &Window) -> Vec<(String, String)> {
    let cells = window.h.query_all_by_role(Role::Cell);
    cells.filter_map(|cell| Some((cell.accesskit_node().label()?, cell.value()?))).collect()
}

/// Checks the sum in the inspector; whether there was one.
#[track_caller]
fn check_sum(lines: &[(String, String)], what: &str) -> bool {
    let is_term = |name: &str| {
        let is_channel = name.starts_with("channel ") && !name.contains("squared");
        is_channel || name.starts_with('[') || name.ends_with("others") || name == "Bias"
    };
    let terms: Vec<f64> =
        lines.iter().filter(|(name, _)| is_term(name)).map(|(_, value)| read(value).0).collect();
    let Some((_, value)) = lines.iter().find(|(name, _)| name == "Value") else { return false };
    if terms.len() < 2 || value.starts_with('≈') {
        return false;
    }
    assert_is(terms.iter().sum(), value, what);
    for (name, value) in lines.iter().filter(|(name, _)| name.starts_with('[')) {
        let (_, factors) = name.split_once(']').unwrap();
        let (x, weight) = factors.split_once('·').unwrap();
        let product = read(x).0 * read(weight).0;
        // Small factors are written with two digits at least, which may be too few for a large product.
        let (written, half) = read(value);
        assert!((product - written).abs() <= 2.0 * half + 1e-6, "{what}: {name} is {value}");
    }
    true
}

/// Checks the maximum or mean in the inspector; whether there was one.
#[track_caller]
fn check_window(window: &Window, lines: &[(String, String)], what: &str) -> bool {
    let Some(cells) = window.h.query_by_role_and_label(Role::Image, "window").and_then(|node| node.value())
    else {
        return false;
    };
    let numbers: Vec<f64> =
        cells.split("  ").filter(|text| !text.is_empty() && *text != "–").map(|text| read(text).0).collect();
    let find = |name: &str| lines.iter().find(|(of, _)| of == name).map(|(_, value)| value.clone());
    let Some(value) = find("Value").filter(|value| !value.starts_with('≈') && !numbers.is_empty()) else {
        return false;
    };
    let Some((sum, divisor)) = find("Sum").zip(find("Divided by")) else {
        assert_is(numbers.iter().copied().fold(f64::MIN, f64::max), &value, what);
        return true;
    };
    if !sum.starts_with('≈') {
        assert_is(numbers.iter().sum(), &sum, what);
        assert_is(read(&sum).0 / read(&divisor).0, &value, what);
    }
    true
}

/// Checks the equation of the breakdown, such as `0.13 + (−0.20) + bias 0.1 = 0.03  → relu 1: 0.03`; whether there was one.
#[track_caller]
fn check_breakdown(window: &Window, what: &str) -> bool {
    let labels = window.h.query_all_by_role(Role::Label).filter_map(|node| node.accesskit_node().value());
    let Some(line) = labels.into_iter().find(|text| text.contains(" = ") && text.contains(" + ")) else {
        return false;
    };
    let (left, right) = line.split_once(" = ").unwrap();
    let result = right.split("  →").next().unwrap();
    let terms = left.split(" + ").map(|term| term.rsplit(' ').next().unwrap());
    assert_is(terms.map(|term| read(term).0).sum(), result, &format!("{what}: {line}"));
    // A relu of the sum has the digits of the sum.
    if let Some(after) = right.split("→ relu").nth(1).and_then(|after| after.split(": ").nth(1)) {
        let after = after.split("  →").next().unwrap();
        assert_eq!(read(after).0, read(result).0.max(0.0), "{what}: {line}");
    }
    true
}

#[test]
fn equations_of_random_cells_are_true_as_written() {
    let mut random = ChaCha8Rng::seed_from_u64(17);
    let (mut sums, mut windows, mut breakdowns) = (0, 0, 0);
    for name in ["lenet5", "lenet5-relu", "cnn-5", "alexnet-mini", "mlp-5"] {
        let mut window = Window::new();
        window.act(Action::ChooseNetwork(NetworkChoice::Preset(name.into())));
        window.tab("Network");
        let network = window.state().network.network.clone();
        for _ in 0..16 {
            let layer = random.random_range(0..network.layers().len());
            let output: Shape = network.layers()[layer].output();
            let (maps, height, width) = output.as_maps();
            let map = MapId { column: layer + 1, map: random.random_range(0..maps) };
            let pixel = Some((random.random_range(0..height), random.random_range(0..width)));
            let selection = Selection { map: Some(map), pixel, channel: None };
            window.act(Action::Select(selection));
            let what = format!("{name} {selection:?}");
            let lines = lines(&window);
            sums += usize::from(check_sum(&lines, &what));
            windows += usize::from(check_window(&window, &lines, &what));
            breakdowns += usize::from(check_breakdown(&window, &what));
        }
    }
    assert!(
        sums > 12 && windows > 2 && breakdowns > 12,
        "{sums} sums, {windows} windows, {breakdowns} breakdowns"
    );
}

#[test]
fn a_softmax_is_true_as_written() {
    let mut window = Window::new();
    window.tab("Network");
    for class in 0..10 {
        window.click(Role::Meter, &format!("Probability of {class}"));
        let lines = lines(&window);
        let find =
            |name: &str| lines.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str()).unwrap();
        let exponentials =
            lines.iter().filter(|(name, _)| name.contains("z = ")).map(|(_, value)| read(value).0);
        let sum = find("Σ, their sum");
        if !sum.starts_with('≈') {
            assert_is(exponentials.sum(), sum, &format!("class {class}"));
        }
        let apply = |name: &str, f: &dyn Fn(&str) -> f64| {
            if let Some((left, right)) = find(name).split_once(" = ") {
                assert_is(f(left), right, name);
            }
        };
        apply("z − m", &|left| {
            let (z, m) = left.split_once(" − ").unwrap();
            read(z).0 - read(m).0
        });
        apply("exp(z − m)", &|left| read(left.trim_start_matches("exp")).0.exp());
        apply("Divided by Σ", &|left| {
            let (e, sum) = left.split_once(" / ").unwrap();
            read(e).0 / read(sum).0
        });
    }
}
