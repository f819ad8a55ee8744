//! The part of the Convolution view that is kept when the program closes.

use super::{
    act::ConvolutionMode,
    family::setup::FamilySetup,
    lab::ConvolutionLab,
    photo::Photo,
    setup::{ConvolutionSetup, ConvolutionSource, Weights},
};
use crate::ui::{model::tolerant::or_default, widgets::PlaybackAct};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The view's settings in the settings file. What cannot be read has its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptLab {
    #[serde(deserialize_with = "or_default")]
    mode: ConvolutionMode,
    #[serde(deserialize_with = "or_default")]
    setup: ConvolutionSetup,
    #[serde(deserialize_with = "or_default")]
    others: Vec<ConvolutionSetup>,
    #[serde(deserialize_with = "or_default")]
    is_whole: bool,
    #[serde(deserialize_with = "or_default")]
    family: FamilySetup,
    #[serde(deserialize_with = "or_default")]
    families: Vec<FamilySetup>,
    #[serde(deserialize_with = "or_default")]
    speed: Option<f32>,
    #[serde(deserialize_with = "or_default")]
    is_looping: bool,
}

impl Default for KeptLab {
    fn default() -> Self {
        Self::of(&ConvolutionLab::default())
    }
}

impl KeptLab {
    /// The current settings.
    pub fn of(lab: &ConvolutionLab) -> Self {
        Self {
            mode: lab.mode,
            setup: lab.setup.clone(),
            others: lab.kept.clone(),
            is_whole: lab.is_whole,
            family: lab.family.clone(),
            families: lab.family_kept.clone(),
            speed: Some(lab.playback.speed()),
            is_looping: lab.playback.is_looping(),
        }
    }

    /// The current settings, without those of other sources and kinds.
    pub fn of_shown(lab: &ConvolutionLab) -> Self {
        Self { others: Vec::new(), families: Vec::new(), ..Self::of(lab) }
    }

    /// Whether these are the current settings.
    pub fn is(&self, lab: &ConvolutionLab) -> bool {
        let Self { mode, setup, others, is_whole, family, families, speed, is_looping } = self;
        (*mode, *is_whole) == (lab.mode, lab.is_whole)
            && (*speed, *is_looping) == (Some(lab.playback.speed()), lab.playback.is_looping())
            && *setup == lab.setup
            && *others == lab.kept
            && *family == lab.family
            && *families == lab.family_kept
    }

    /// Restores the view. Photographs are not kept: the view opens with the typed numbers instead.
    pub fn lab(self) -> ConvolutionLab {
        self.lab_with(None)
    }

    /// The same, with the photograph that was looked at, if there is one.
    pub fn lab_with(self, photo: Option<Arc<Photo>>) -> ConvolutionLab {
        let mut kept: Vec<ConvolutionSetup> = Vec::new();
        for setup in self.others.into_iter().filter(ConvolutionSetup::is_sound) {
            if !kept.iter().any(|other| other.source.is_like(setup.source)) {
                kept.push(setup);
            }
        }
        let mut setup = if self.setup.is_sound() { self.setup } else { ConvolutionSetup::default() };
        let mut is_whole = self.is_whole;
        if setup.source == ConvolutionSource::Photo && photo.is_none() {
            let numbers = kept.iter().position(|setup| setup.source == ConvolutionSource::Numbers);
            let numbers = numbers.map_or_else(ConvolutionSetup::default, |at| kept.swap_remove(at));
            kept.push(std::mem::replace(&mut setup, numbers));
            is_whole = false;
        }
        let mut families: Vec<FamilySetup> = Vec::new();
        let family = if self.family.is_sound() { self.family } else { FamilySetup::default() };
        for other in self.families.into_iter().filter(FamilySetup::is_sound) {
            let is_new = families.iter().chain([&family]).all(|known| known.choice() != other.choice());
            if is_new {
                families.push(other);
            }
        }
        let mut lab = ConvolutionLab {
            mode: self.mode,
            seeks_strongest: is_whole && setup.source != ConvolutionSource::Numbers,
            setup,
            photo,
            kept,
            is_whole,
            family,
            family_kept: families,
            ..ConvolutionLab::default()
        };
        let track = lab.track();
        if let Some(speed) = self.speed {
            lab.playback.apply(PlaybackAct::Speed(speed), track);
        }
        lab.playback.apply(PlaybackAct::Loop(self.is_looping), track);
        lab
    }
}

impl ConvolutionSetup {
    /// Whether its numbers are finite and their count is right; the settings may still be impossible.
    fn is_sound(&self) -> bool {
        let is_kernels = match &self.weights {
            Weights::Own(kernels) => {
                let len = kernels.shape.iter().try_fold(1_usize, |len, &side| len.checked_mul(side));
                len == Some(kernels.values.len()) && kernels.values.iter().all(|value| value.is_finite())
            }
            Weights::Learned(_) => true,
        };
        is_kernels && self.numbers.iter().chain(&self.bias).all(|value| value.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::convolution::FamilyChoice;
    use serde_json::{Value, json};

    fn read(value: Value) -> ConvolutionLab {
        serde_json::from_value::<KeptLab>(value).unwrap().lab()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut lab =
            ConvolutionLab { mode: ConvolutionMode::Im2col, is_whole: true, ..ConvolutionLab::default() };
        lab.setup.numbers[3] = 8.5;
        lab.family = FamilySetup::new(FamilyChoice::ThreeDimensions);
        lab.family_kept = vec![FamilySetup::new(FamilyChoice::OneDimension)];
        lab.playback.apply(PlaybackAct::Speed(12.0), lab.track());
        let kept = KeptLab::of(&lab);
        assert!(kept.is(&lab) && !KeptLab::default().is(&lab));
        let back = read(serde_json::to_value(&kept).unwrap());
        assert_eq!(KeptLab::of(&back), kept);
        assert_eq!(KeptLab::of(&read(json!({}))), KeptLab::default());
    }

    #[test]
    fn what_cannot_be_is_as_if_it_had_never_been_set() {
        let whole = serde_json::to_value(KeptLab::default()).unwrap();
        let wrong: [(&[&str], Value); 10] = [
            (&["mode"], json!("Telepathy")),
            (&["mode"], json!(7)),
            (&["setup"], json!({"source": "Moon"})),
            (&["setup", "weights"], json!({"Own": {"shape": [1, 1, 3, 3], "values": [1.0]}})),
            (&["setup", "weights"], json!({"Own": {"shape": [u64::MAX, 9, 3, 3], "values": []}})),
            (&["setup", "numbers"], json!([1e300])),
            (&["family"], json!({"Member": {"member": "Untransposed"}})),
            (&["family", "Member", "x", "values"], json!([1.0, 2.0])),
            (&["family", "Member", "weights"], json!([])),
            (&["speed"], json!("fast")),
        ];
        for (path, value) in wrong {
            let mut changed = whole.clone();
            let at = path.iter().fold(&mut changed, |at, name| &mut at[*name]);
            *at = value;
            assert_eq!(KeptLab::of(&read(changed)), KeptLab::default(), "{path:?}");
        }
        // A wrong field does not affect the others.
        let lab = read(json!({"mode": "Predict", "family": 3, "is_whole": true}));
        assert_eq!((lab.mode, lab.is_whole), (ConvolutionMode::Predict, true));
    }

    #[test]
    fn a_photograph_is_not_there_any_more() {
        let mut lab = ConvolutionLab::default();
        lab.kept.push(lab.setup.clone());
        lab.setup = ConvolutionSetup::of_source(ConvolutionSource::Photo);
        let back = read(serde_json::to_value(KeptLab::of(&lab)).unwrap());
        assert_eq!(back.setup, ConvolutionSetup::default());
        assert!(back.kept.iter().any(|setup| setup.source == ConvolutionSource::Photo));
    }
}
