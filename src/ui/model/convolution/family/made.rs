//! The results of the core for a variant of convolution.

use super::setup::{Block, FamilySetup, Functions};
use crate::{
    explain::variants::{
        Chain, CostComparison, SlidingSignals, Variant, VariantError, VariantSettings, Volume, compare_costs,
    },
    ui::{
        model::convolution::make::{ConvolutionRejected, ConvolutionSetting},
        widgets::Track,
    },
};

impl FamilySetup {
    /// Computes a variant. The error names the impossible setting.
    pub fn made(&self) -> Result<FamilyResult, ConvolutionRejected> {
        self.check()?;
        match self {
            Self::Member(setup) => {
                let rejected = |error: VariantError| {
                    ConvolutionRejected::new(ConvolutionSetting::Family(error.setting), &error)
                };
                let chain = setup.chain().map_err(rejected)?;
                let literature = VariantSettings::of_literature(setup.variant);
                let literature =
                    literature.and_then(|options| Some((options, compare_costs(setup.variant, &options)?)));
                Ok(FamilyResult::Chain(Box::new(ChainResult {
                    chain,
                    setup: (setup.variant, setup.settings),
                    figure: compare_costs(setup.variant, &setup.settings),
                    literature,
                    same: setup.same_as(),
                })))
            }
            Self::OneDimension(Functions { f, g, is_flipped, .. }) => SlidingSignals::new(f, g, *is_flipped)
                .map(FamilyResult::Sliding)
                .map_err(|error| ConvolutionRejected::new(ConvolutionSetting::Sliding, &error)),
            Self::ThreeDimensions(Block { size, kernel, stride, x, weights }) => {
                Volume::new(*size, &x.1, (*kernel, *stride), &weights.1)
                    .map(FamilyResult::Volume)
                    .map_err(|error| ConvolutionRejected::new(ConvolutionSetting::Kernel, &error))
            }
        }
    }
}

/// The result of a chain of layers.
#[derive(Clone, Debug)]
pub struct ChainResult {
    /// The layers with their values.
    pub chain: Chain,
    /// The variant and its settings.
    pub setup: (Variant, VariantSettings),
    /// Their cost compared with the standard convolution; `None` if no standard one has these settings.
    pub figure: Option<CostComparison>,
    /// The same comparison for a layer of a size as in the literature.
    pub literature: Option<(VariantSettings, CostComparison)>,
    /// The single layer that gives the same map, if there is one.
    pub same: Option<Chain>,
}

/// The result of a variant.
#[derive(Clone, Debug)]
pub enum FamilyResult {
    /// Layers.
    Chain(Box<ChainResult>),
    /// Two functions.
    Sliding(SlidingSignals),
    /// A volume.
    Volume(Volume),
}

impl FamilyResult {
    /// What its animation plays.
    pub fn track(&self) -> Track {
        match self {
            Self::Chain(shown) => {
                let (_, _, width) = shown.chain.shape(1).as_maps();
                Track { len: shown.chain.len(), row: width }
            }
            Self::Sliding(sliding) => Track { len: sliding.len(), row: 1 },
            Self::Volume(volume) => Track { len: volume.len(), row: volume.output[2] },
        }
    }
}
