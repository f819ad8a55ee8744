//! The equations that the view shows are true as written, for random drawings, numbers and settings.

use super::{choose, study};
use crate::support::{Window, nought};
use convlens::{
    nn::Pair,
    ui::{
        action::Action,
        model::pooling::{Numbers, PoolingMode, PoolingSource},
        widgets::PlaybackAct,
    },
};
use egui_kittest::kittest::NodeT as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Every text of the window: labels and values.
fn texts(window: &Window) -> Vec<String> {
    let nodes = window.h.root().children_recursive();
    let both = nodes.flat_map(|node| [node.accesskit_node().label(), node.value()]);
    both.flatten().collect()
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    text.replace('−', "-").parse().ok()
}

/// The left side's value of `max(…)` or of a sum over a number.
fn evaluated(side: &str) -> Option<f64> {
    if let Some(list) = side.strip_prefix("max(") {
        let values = list.strip_suffix(')')?.split(", ").map(number);
        return values.collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::max);
    }
    let (sum, divisor) = side.rsplit_once(" / ")?;
    let sum = sum.strip_prefix('(').and_then(|sum| sum.strip_suffix(')')).unwrap_or(sum);
    let terms: Option<Vec<f64>> = sum.split(" + ").map(number).collect();
    Some(terms?.iter().sum::<f64>() / number(divisor)?)
}

/// Whether an equation is true as written; `None` if the text is none.
fn is_true(text: &str) -> Option<bool> {
    let (left, right) = text.split_once(" = ")?;
    let result = if left.contains(['/', '(']) { right } else { left };
    let (value, written) = (evaluated(left).or_else(|| evaluated(right))?, number(result)?);
    let decimals = result.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    Some((value - written).abs() <= 0.5 * 10_f64.powi(-(decimals as i32)) * (1.0 + 1e-6))
}

#[test]
fn equations_are_recognised() {
    assert_eq!(is_true("max(0, 0.61, 0.08, 0.96) = 0.965"), Some(false));
    assert_eq!(is_true("max(0, 0.612, 0.08, 0.965) = 0.965"), Some(true));
    assert_eq!(is_true("(0.13 + 0.96 + 0.60 + 1) / 4 = 0.674"), Some(false));
    assert_eq!(is_true("(0.13 + (−0.96) + 1) / 4 = 0.0425"), Some(true));
    assert_eq!(is_true("0.25 = 1 / 4"), Some(true));
    assert_eq!(is_true("0.3 = 1 / 4"), Some(true), "0.25 is rounded to 0.3");
    assert_eq!(is_true("0.26 = 1 / 4"), Some(false));
    assert_eq!(is_true("28×28 = 784"), None);
}

/// A random input: a drawing, a feature map of it, or typed numbers.
fn randomise(window: &mut Window, random: &mut ChaCha8Rng) {
    if random.random_bool(0.3) {
        window.tab("Draw");
        let (dx, dy) = (random.random_range(-0.2_f32..0.2), random.random_range(-0.2_f32..0.2));
        let stroke: Vec<[f32; 2]> = nought().iter().map(|[x, y]| [x + dx, y + dy]).collect();
        window.stroke(&stroke);
        window.tab("Pooling");
    }
    let (rows, columns) = (random.random_range(4..=8_usize), random.random_range(4..=8_usize));
    let decimals = 10_f32.powi(random.random_range(0..6));
    let number = |random: &mut ChaCha8Rng| (random.random_range(-3.0_f32..3.0) * decimals).round() / decimals;
    let values = (0..rows * columns).map(|_| number(random)).collect();
    let kernel = random.random_range(1..=4_usize);
    let (stride, padding) = (random.random_range(1..=3), random.random_range(0..=kernel / 2));
    let source = match random.random_range(0..3) {
        0 => PoolingSource::Image,
        1 => PoolingSource::Map { column: random.random_range(1..=5), map: random.random_range(0..6) },
        _ => PoolingSource::Numbers,
    };
    let (ceil_mode, include) = (random.random_bool(0.5), random.random_bool(0.5));
    choose(window, |choice| {
        choice.source = source;
        choice.numbers = Numbers { rows, columns, values };
        choice.kernel_size = Pair::square(kernel);
        choice.stride = Some(Pair::square(stride));
        choice.padding = Pair::square(padding);
        choice.dilation = Pair::square(1);
        (choice.ceil_mode, choice.count_include_pad) = (ceil_mode, include);
        choice.is_gradient_of_one = true;
    });
}

#[test]
fn all_equations_are_true_as_written() {
    let mut window = Window::new();
    window.tab("Pooling");
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let (mut found, mut approximate) = (0, 0);
    for case in 0..24 {
        randomise(&mut window, &mut random);
        assert!(window.state().pooling.rejected.is_none(), "{case}: {:?}", window.state().pooling.rejected);
        for show in [PoolingMode::Windows, PoolingMode::Gradient, PoolingMode::Shift, PoolingMode::Loss] {
            choose(&mut window, |choice| choice.show = show);
            let steps = if show == PoolingMode::Shift { 5 } else { study(&window).max.len() };
            window.act(Action::PlayPooling(PlaybackAct::Seek(random.random_range(0..steps))));
            for text in texts(&window) {
                approximate += usize::from(text.contains('≈'));
                if let Some(is_true) = is_true(&text) {
                    assert!(is_true, "{case} {show:?}: {text}");
                    found += 1_usize;
                }
            }
        }
    }
    assert!(found > 24 * 4, "only {found} equations were found");
    // Where 32-bit sums cancel out, no digits are true.
    assert!(approximate < found / 20, "{approximate} of {found} equations are approximate");
}
