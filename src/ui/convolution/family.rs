//! Which kind of convolution is looked at, and what the core made of it.

use crate::{
    explain::family::{Chain, Figure, Member, PAIRS, Sliding, Volume},
    ui::widgets::Track,
};
use serde::{Deserialize, Serialize};

/// A kind of convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FamilyChoice {
    /// One that is made of layers.
    Member(Member),
    /// One function sliding along another: which pair of them, and whether the one that slides is flipped first.
    OneDimension(usize, bool),
    /// A kernel that moves through a volume.
    ThreeDimensions,
}

impl Default for FamilyChoice {
    fn default() -> Self {
        Self::Member(Member::default())
    }
}

impl FamilyChoice {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member(member) => member.name(),
            Self::OneDimension(..) => "1-D, two functions",
            Self::ThreeDimensions => "3-D, a volume",
        }
    }

    /// What it is, in a sentence or two.
    pub fn about(self) -> &'static str {
        match self {
            Self::Member(member) => member.about(),
            Self::OneDimension(..) => {
                "One function slides along the other; at each place the area under their products is the result. A mathematician flips the sliding one first, a network does not."
            }
            Self::ThreeDimensions => {
                "The kernel has depth, and moves in three directions: through the slices, down, and to the right."
            }
        }
    }

    /// Whether both are of one kind.
    pub fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Member(a), Self::Member(b)) => a == b,
            (a, b) => std::mem::discriminant(&a) == std::mem::discriminant(&b),
        }
    }
}

/// What the core made of a kind.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Layers, what they cost beside the standard, and the one layer that gives the same map, if there is one.
    Chain(Box<Chain>, Option<Figure>, Option<Box<Chain>>),
    /// Two functions.
    Sliding(Sliding),
    /// A volume.
    Volume(Volume),
}

impl Shown {
    /// Has the core compute a kind with its own numbers; the error would be a fault of the examples.
    pub fn new(choice: FamilyChoice) -> Result<Self, String> {
        match choice {
            FamilyChoice::Member(member) => {
                let same = member.same_as().map(Box::new);
                Ok(Self::Chain(Box::new(member.chain()?), member.figure().ok(), same))
            }
            FamilyChoice::OneDimension(pair, is_flipped) => {
                let (_, f, g) = PAIRS[pair.min(PAIRS.len() - 1)];
                Ok(Self::Sliding(Sliding::new(f, g, is_flipped)?))
            }
            FamilyChoice::ThreeDimensions => Ok(Self::Volume(Volume::example()?)),
        }
    }

    /// The same with another number in its input; as it was where there is no such number.
    #[must_use]
    pub fn with_number(&self, at: usize, value: f32) -> Self {
        let changed = |x: &[f32]| {
            let mut x = x.to_vec();
            if let Some(number) = x.get_mut(at) {
                *number = value;
            }
            x
        };
        let made = match self {
            Self::Chain(chain, figure, same) => {
                let x = changed(chain.values(0));
                chain.over(&x).map(|chain| {
                    let same = same.as_ref().and_then(|same| same.over(&x)).map(Box::new);
                    Self::Chain(Box::new(chain), figure.clone(), same)
                })
            }
            Self::Sliding(Sliding { f, g, is_flipped, .. }) => {
                Sliding::new(&changed(f), g, *is_flipped).ok().map(Self::Sliding)
            }
            Self::Volume(volume) => {
                Volume::new(volume.size, &changed(&volume.x), volume.kernel_size(), &volume.kernel)
                    .ok()
                    .map(Self::Volume)
            }
        };
        made.unwrap_or_else(|| self.clone())
    }

    /// What its animation plays.
    pub fn track(&self) -> Track {
        match self {
            Self::Chain(chain, ..) => {
                let (_, _, width) = chain.shape(1).as_maps();
                Track { len: chain.len(), row: width }
            }
            Self::Sliding(sliding) => Track { len: sliding.len(), row: 1 },
            Self::Volume(volume) => Track { len: volume.len(), row: volume.output[2] },
        }
    }
}
