//! Changes the settings, and resizes numbers and kernels.

use super::{family::begin, make::world};
use crate::{
    explain::convolution::{KERNELS, resized},
    ui::{
        core::Core,
        model::convolution::{
            ConvolutionSetup, ConvolutionSource, SpareNumbers, Weights,
            photos::{BuiltInPhoto, PHOTOS},
        },
    },
};

/// Changes the settings, and resizes numbers, kernels and biases.
pub(super) fn set(core: &mut Core, mut setup: ConvolutionSetup) {
    let old = core.state.convolution.setup.clone();
    // Learnt kernels of another size or number become the person's own.
    if let Weights::Learned(layer) = setup.weights {
        let is_same = world(&core.state).conv(layer).is_some_and(|conv| {
            (conv.kernel_size, conv.out_channels, conv.groups) == (setup.kernel, setup.filters, setup.groups)
        });
        if !is_same && let Some((kernels, bias)) = world(&core.state).learned(layer) {
            (setup.weights, setup.bias) = (Weights::Own(kernels), bias);
        }
    }
    let channels = world(&core.state).input(&setup).map_or(setup.size.0, |shape| shape.as_maps().0);
    setup.fit(channels);
    setup.keep_numbers(&old);
    let lab = &mut core.state.convolution;
    // Each source has settings of its own.
    if old.source == setup.source {
        lab.spare.keep(&old);
        lab.spare.fill(&mut setup, &old);
    }
    let after = |setup: &ConvolutionSetup| usize::from(setup.then.relu) + usize::from(setup.then.pool);
    if after(&setup) != after(&old) {
        // If results share a place, the new one is shown.
        lab.result = after(&setup);
    }
    lab.setup = setup;
}

/// Changes the source, with its last settings. A convolution of the network comes with
/// its own settings and kernels.
pub(super) fn use_source(core: &mut Core, source: ConvolutionSource) {
    let lab = &mut core.state.convolution;
    if source == ConvolutionSource::Photo && lab.photo.is_none() {
        lab.photo = PHOTOS.first().and_then(BuiltInPhoto::photo);
    }
    let old = lab.setup.clone();
    if !old.source.is_like(source) {
        lab.kept.retain(|kept| !kept.source.is_like(old.source));
        lab.kept.push(old);
        lab.spare = SpareNumbers::default();
    }
    let kept = lab.kept.iter().find(|kept| kept.source.is_like(source)).cloned();
    let mut setup = kept.unwrap_or_else(|| ConvolutionSetup::of_source(source));
    setup.source = source;
    if let ConvolutionSource::Layer(number) = source {
        setup = match world(&core.state).conv(number) {
            Some(conv) => {
                ConvolutionSetup { weights: Weights::Learned(number), ..setup.with_settings(&conv) }
            }
            None => ConvolutionSetup::of_source(source),
        };
    }
    set(core, setup);
    let lab = &mut core.state.convolution;
    lab.is_whole = source != ConvolutionSource::Numbers;
    lab.seeks_strongest = lab.is_whole;
    begin(lab);
}

/// Makes learnt kernels the person's own, so that they can be edited.
pub fn own(core: &mut Core) {
    if let Weights::Learned(layer) = core.state.convolution.setup.weights
        && let Some((kernels, bias)) = world(&core.state).learned(layer)
    {
        let setup = &mut core.state.convolution.setup;
        (setup.weights, setup.bias) = (Weights::Own(kernels), bias);
    }
}

/// Sets a named kernel for every channel of a filter. A larger one makes all kernels larger.
pub(super) fn use_kernel(core: &mut Core, filter: usize, number: usize) {
    let Some(preset) = KERNELS.get(number) else { return };
    own(core);
    let mut setup = core.state.convolution.setup.clone();
    if setup.kernel.h < preset.size.h || setup.kernel.w < preset.size.w || setup.filters == 1 {
        setup.kernel = preset.size;
        set(core, setup);
    }
    let setup = &mut core.state.convolution.setup;
    if let Weights::Own(kernels) = &mut setup.weights {
        let [_, channels, h, w] = kernels.shape;
        let kernel = resized(&preset.weights(), preset.size, crate::nn::Pair { h, w });
        let len = channels * h * w;
        if let Some(weights) = kernels.values.get_mut(filter * len..(filter + 1) * len) {
            weights
                .chunks_exact_mut(kernel.len().max(1))
                .for_each(|weights| weights.copy_from_slice(&kernel));
        }
    }
}

/// Uses the kernels of a layer of the network on the current input: for each filter, as many as the
/// input has.
pub(super) fn use_learned(core: &mut Core, layer: usize) {
    let Some((kernels, bias)) = world(&core.state).learned(layer) else { return };
    let mut setup = core.state.convolution.setup.clone();
    let [filters, _, h, w] = kernels.shape;
    setup.kernel = crate::nn::Pair { h, w };
    setup.filters = filters.min(crate::ui::model::convolution::MAX_FILTERS);
    setup.groups = 1;
    (setup.weights, setup.bias, setup.has_bias) = (Weights::Own(kernels), bias, true);
    set(core, setup);
}

/// A whole number from −2 to 2, the same for the same seed and place.
pub(super) fn small_number(seed: u64, place: u64) -> f32 {
    let mut bits =
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(place.wrapping_mul(0xBF58_476D_1CE4_E5B9));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((bits ^ (bits >> 31)) % 5) as f32 - 2.0
}
