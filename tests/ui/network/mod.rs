//! The numbers of the Network view are the network's.

mod columns;
mod details;
mod gradcheck;
mod making;
mod overview;
mod written;

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
use egui_kittest::kittest::Queryable as _;

/// The names of the columns that show maps, with how many there are in each.
fn columns(window: &Window) -> Vec<(String, usize)> {
    let network = &window.state().network.network;
    let layers = network.spec().layers.iter().zip(network.layers()).enumerate();
    let names = layers.map(|(i, (spec, layer))| (format!("{} {i}", spec.type_name()), layer.output()));
    let all = std::iter::once(("input".to_owned(), network.input())).chain(names);
    all.filter_map(|(name, shape)| match shape {
        Shape::Maps { channels, height, width } if height * width > 1 => Some((name, channels)),
        _ => None,
    })
    .collect()
}

/// The values of a map as the network computed them, without the view's help.
fn values(window: &Window, column: &str, map: usize) -> Vec<f32> {
    let state = window.state();
    let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
    let (values, shape) = match column.rsplit_once(' ') {
        None => (trace.input.values().to_vec(), trace.input.shape().to_vec()),
        Some((_, number)) => {
            let number: usize = number.parse().unwrap();
            (trace.activation(number).to_vec(), trace.activations[number].shape().to_vec())
        }
    };
    let size: usize = shape[2..].iter().product();
    values[map * size..][..size].to_vec()
}

/// The number of the map whose details are shown.
fn shown_map(window: &Window) -> Option<usize> {
    let labels = window.h.query_all_by_label_contains("Map ");
    let mut numbers = labels.filter_map(|node| node.value()?.strip_prefix("Map ")?.parse().ok());
    numbers.next_back()
}

/// Whether `text` is `value` with as many digits as it has.
fn is_rounded(text: &str, value: f64) -> bool {
    let digits = text.replace('−', "-").replace('+', "");
    let Ok(read) = digits.parse::<f64>() else { return false };
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    let unit = 10_f64.powi(exponent.parse::<i32>().unwrap() - decimals);
    // Sums in another order differ in the last bits.
    (read - value).abs() <= 0.5 * unit + 1e-5 * value.abs().max(1e-3) && text.starts_with('+') == (read > 0.0)
}

/// The number of a column by its name.
fn column_number(name: &str) -> usize {
    name.rsplit_once(' ').map_or(0, |(_, layer)| layer.parse::<usize>().unwrap() + 1)
}

/// A window with LeNet-5's six and sixteen maps.
fn lenet() -> Window {
    let mut window = Window::new();
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window
}

/// Looks at a map as a click on it does.
fn select(window: &mut Window, layer: usize, map: usize) {
    window.act(Action::Select(Selection::of(MapId { column: layer + 1, map })));
}

fn number_of(text: &str) -> f32 {
    text.replace('−', "-").replace('+', "").parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn at(layer: usize, map: usize) -> Selection {
    Selection::of(MapId { column: layer + 1, map })
}
