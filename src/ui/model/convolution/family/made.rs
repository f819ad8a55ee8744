//! What the core makes of a kind of convolution.

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
    /// Has the core compute it; a refusal names the setting that is impossible.
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

/// What the core made of layers.
#[derive(Clone, Debug)]
pub struct ChainResult {
    /// The layers over their input.
    pub chain: Chain,
    /// Which they are, and how they are set.
    pub setup: (Variant, VariantSettings),
    /// What they cost beside the standard; `None` if there is none with these settings.
    pub figure: Option<CostComparison>,
    /// The same for a layer as the literature compares it.
    pub literature: Option<(VariantSettings, CostComparison)>,
    /// The one layer that gives the same map, if there is one.
    pub same: Option<Chain>,
}

/// What the core made of a kind.
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
