//! What the core makes of a kind of convolution.

use super::setup::{Block, FamilySetup, Functions};
use crate::{
    explain::family::{Chain, Figure, Member, Misfit, Options, Sliding, Volume, figure},
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
                let refused = |Misfit { knob, clause }| {
                    ConvolutionRejected::of_core(ConvolutionSetting::Family(knob), &clause)
                };
                let chain = setup.chain().map_err(refused)?;
                let literature = Options::of_literature(setup.member);
                let literature =
                    literature.and_then(|options| Some((options, figure(setup.member, &options)?)));
                Ok(FamilyResult::Chain(Box::new(ChainResult {
                    chain,
                    setup: (setup.member, setup.options),
                    figure: figure(setup.member, &setup.options),
                    literature,
                    same: setup.same_as(),
                })))
            }
            Self::OneDimension(Functions { f, g, is_flipped, .. }) => Sliding::new(f, g, *is_flipped)
                .map(FamilyResult::Sliding)
                .map_err(|clause| ConvolutionRejected::of_core(ConvolutionSetting::Sliding, &clause)),
            Self::ThreeDimensions(Block { size, kernel, stride, x, weights }) => {
                Volume::new(*size, &x.1, (*kernel, *stride), &weights.1)
                    .map(FamilyResult::Volume)
                    .map_err(|clause| ConvolutionRejected::of_core(ConvolutionSetting::Kernel, &clause))
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
    pub setup: (Member, Options),
    /// What they cost beside the standard; `None` if there is none with these settings.
    pub figure: Option<Figure>,
    /// The same for a layer as the literature compares it.
    pub literature: Option<(Options, Figure)>,
    /// The one layer that gives the same map, if there is one.
    pub same: Option<Chain>,
}

/// What the core made of a kind.
#[derive(Clone, Debug)]
pub enum FamilyResult {
    /// Layers.
    Chain(Box<ChainResult>),
    /// Two functions.
    Sliding(Sliding),
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
