//! How rows, buttons and sums are written.

use super::sheets::Sheets;
use crate::{
    text::{fill, tr},
    ui::state::AppState,
};

/// How buttons and screen readers call the layer at a place: as a `torch.nn.Sequential` numbers it.
pub fn layer_name(state: &AppState, sheets: &Sheets, place: usize) -> String {
    let kind = state.architecture.draft.layers.get(place).map_or("layer", |layer| layer.spec.type_name());
    match sheets.numbers.get(place).copied().flatten() {
        Some(number) => format!("{kind} {number}"),
        // Two that are off may have the same type.
        None => fill(tr("{kind} at {place}, off"), &[("kind", kind), ("place", &place.to_string())]),
    }
}

/// `5×5`.
pub fn times((height, width): (usize, usize)) -> String {
    format!("{height}×{width}")
}

/// Bytes in the largest unit that leaves a whole part: `36.0 KB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut value = count as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{count} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}
