//! The kernel's frequency response as a small picture: which frequencies it keeps, and which it removes.

use crate::{
    explain::Convolution,
    text::{fill, tr},
    ui::{
        model::convolution::lab::ConvolutionLab,
        style::{
            colormap::ColorMapLut,
            tokens::{Tokens, size, space},
        },
        widgets::{GridCell, Legend, NumberGrid, section},
    },
};
use egui::{RichText, Ui, vec2};

/// Frequencies along a side: an odd number, so that frequency 0 is in the middle.
const SIDE: usize = 33;
/// The side of one of its pixels, in points.
const PIXEL: f32 = 3.0;

/// The picture, and a sentence about it on the right.
pub fn response_ui(ui: &mut Ui, lab: &ConvolutionLab, conv: &Convolution) {
    let place = conv.place(lab.position());
    let channels = conv.channels(place.channel);
    let channel = match lab.channel.filter(|channel| channels.contains(channel)) {
        Some(channel) => channel,
        None if channels.len() == 1 => channels.start,
        // The strongest channel, as in the grids.
        None => conv.step(lab.position()).map_or(channels.start, |step| step.strongest_channel()),
    };
    let Some(response) = conv.response(place.channel, channel, SIDE) else { return };
    let t = Tokens::of(ui);
    section(ui, tr("Frequency response"));
    let largest = response.iter().copied().fold(0.0, f32::max);
    let mean = response[SIDE * SIDE / 2];
    let colors = ColorMapLut::sequential(ui.theme());
    let content = |row: usize, column: usize| GridCell::of(response[row * SIDE + column]);
    let small = |text: &str| RichText::new(text).size(size::SMALL).color(t.second);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let name = tr("frequency response");
        NumberGrid::new(name, (SIDE, SIDE), PIXEL, colors, largest, &content).without_digits().ui(ui);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width());
            let text = tr("Middle: even areas, ×{mean}. Edge: stripes two pixels wide. Largest: ×{largest}.");
            let values = [("mean", &*rounded(mean)), ("largest", &*rounded(largest))];
            ui.label(small(&fill(text, &values)));
            ui.label(small(words(&response)));
        });
    });
    Legend::new(colors, largest).width(vec2(PIXEL * SIDE as f32, 0.0).x - 2.0 * space::M).ui(ui);
}

/// At most two decimals.
fn rounded(value: f32) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a kernel does, by where its response is large: low frequencies are in the middle, high ones at the edge.
fn words(response: &[f32]) -> &'static str {
    let middle = SIDE / 2;
    let ring = |range: std::ops::RangeInclusive<usize>| {
        let cells = response
            .iter()
            .enumerate()
            .filter(|(i, _)| range.contains(&(i / SIDE).abs_diff(middle).max((i % SIDE).abs_diff(middle))));
        let (sum, count) = cells.fold((0.0, 0_u32), |(sum, count), (_, h)| (sum + h, count + 1));
        sum / count.max(1) as f32
    };
    let (slow, fast) = (ring(0..=2), ring(middle - 3..=middle));
    let largest = response.iter().copied().fold(0.0, f32::max);
    if largest <= 0.0 {
        tr("It removes everything.")
    } else if response.iter().all(|h| (h - largest).abs() <= 1e-3 * largest) {
        tr("It keeps all frequencies alike.")
    } else if slow > 2.0 * fast {
        tr("Low-pass: it keeps slow changes and removes fine detail, so it blurs.")
    } else if mean_is_stopped(response, largest) {
        tr("It removes even areas, so edges remain.")
    } else if fast > 1.2 * slow {
        tr("It amplifies fine detail, so it sharpens.")
    } else {
        tr("It keeps some frequencies and removes others.")
    }
}

fn mean_is_stopped(response: &[f32], largest: f32) -> bool {
    response[SIDE * SIDE / 2] < 0.05 * largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{explain::convolution::KERNELS, nn::lab::frequency_response};

    #[test]
    fn the_kernels_with_names_do_what_their_names_say() {
        for kernel in KERNELS {
            let one = crate::nn::Pair::square(1);
            let said = words(&frequency_response(&kernel.weights(), kernel.size, one, SIDE).unwrap());
            let word = match kernel.name {
                name if name.contains("blur") => "blurs",
                name if name.contains("Sobel") || name.contains("Laplacian") => "edges",
                "Sharpen" => "sharpens",
                "Identity" => "alike",
                _ => "some frequencies",
            };
            assert!(said.contains(word), "{}: {said}", kernel.name);
        }
        assert_eq!(words(&[0.0; SIDE * SIDE]), "It removes everything.");
    }
}
