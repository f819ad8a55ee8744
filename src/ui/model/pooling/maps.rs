//! The maps of a network that can be pooled.

use crate::{
    nn::{Network, Shape, Trace},
    text::{Sentence, tr},
};

/// One map of a trace with its (height, width); the error says which map is missing.
pub fn map_values(
    network: &Network,
    trace: &Trace,
    column: usize,
    map: usize,
) -> Result<(Vec<f32>, (usize, usize)), Sentence> {
    let name = &network.spec().name;
    let Some((_, channels, (height, width))) =
        map_columns(network).into_iter().find(|(at, ..)| *at == column)
    else {
        let reason = Sentence::new(
            "the network {network} has no maps after layer {layer}: choose a layer of this network",
        );
        return Err(reason.with("network", name).with("layer", column.saturating_sub(1)));
    };
    let values = match column.checked_sub(1) {
        None => trace.input.values(),
        Some(layer) => trace.activation(layer),
    };
    let values = (map < channels).then(|| values.get(map * height * width..(map + 1) * height * width));
    if let Some(values) = values.flatten() {
        return Ok((values.to_vec(), (height, width)));
    }
    let reason = Sentence::new("map {map} is not one of the {maps} maps of {layer}: choose from 0 to {last}");
    let reason = reason.with("map", map).with("maps", channels).with("last", channels.saturating_sub(1));
    Err(reason.with("layer", column_name(network, column)))
}

/// The columns of a network whose maps have more than one cell: (column, number of maps, (height, width)).
pub fn map_columns(network: &Network) -> Vec<(usize, usize, (usize, usize))> {
    let shapes = std::iter::once(network.input()).chain(network.layers().iter().map(|layer| layer.output()));
    let maps = shapes.enumerate().filter_map(|(column, shape)| match shape {
        Shape::Maps { channels, height, width } if height * width > 1 => {
            Some((column, channels, (height, width)))
        }
        _ => None,
    });
    maps.collect()
}

/// `input`, or the name of the layer.
pub fn column_name(network: &Network, column: usize) -> String {
    column.checked_sub(1).map_or_else(|| tr("input").to_owned(), |layer| network.spec().layer_name(layer))
}
