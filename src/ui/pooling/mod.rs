//! What the Pooling view works on: the choice of a source and of settings as data, and what the core makes of them.

mod choice;
mod presets;
mod studies;
mod study;

pub use choice::{MAX_NUMBERS, Numbers, PoolingChoice, PoolingShow, PoolingSource, Walk};
pub use presets::{PRESETS, Preset};
pub use studies::Studies;
pub use study::{Back, GradientOf, Gradients, Refusal, Setting, Shifts, Study};

use super::widgets::{Playback, PlaybackAct, Track};
use crate::{
    explain::pooling::Direction,
    nn::{Network, Shape, Trace},
    text::{fill, tr},
};
use std::{sync::Arc, time::Instant};

/// What is shown in the Pooling view: the choice is in the settings, what came of it is here.
pub struct PoolingLab {
    /// Which window is looked at.
    pub playback: Playback,
    /// Up to which window a picture is filled.
    filling: Playback,
    /// Where the map is moved.
    shifts: Playback,
    /// The last choice that the core could compute.
    pub study: Option<Arc<Study>>,
    /// Why the choice as it is now gives nothing.
    pub refusal: Option<Refusal>,
    /// The way of the gradient back, of late.
    pub back: Option<Arc<Back>>,
    /// Since when the choice as it is waits for what comes of it.
    pub waits_since: Option<Instant>,
    /// Where to go when that has come.
    target: Option<Target>,
}

/// A place to go to.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// This window.
    Window(usize),
    /// The first window that sees this element of the map.
    Element(usize),
}

impl Default for PoolingLab {
    fn default() -> Self {
        let mut shifts = Playback::default();
        // A map that is moved shows more than one that is not.
        shifts.apply(PlaybackAct::End, SHIFTS);
        Self {
            playback: Playback::default(),
            filling: Playback::default(),
            shifts,
            study: None,
            refusal: None,
            back: None,
            waits_since: None,
            target: None,
        }
    }
}

/// The map where it is, then in each direction.
const SHIFTS: Track = Track { len: 1 + Direction::ALL.len(), row: 1 };

impl PoolingLab {
    /// The windows of what is shown; none before there is something.
    pub fn track(&self) -> Track {
        self.study.as_ref().map_or(Track { len: 0, row: 1 }, |study| study.track())
    }

    /// The window that is looked at.
    pub fn position(&self) -> usize {
        self.playback.position(self.track())
    }

    /// Where a walk stands, and its steps.
    pub fn walk(&self, walk: Walk) -> (&Playback, Track) {
        match walk {
            Walk::Windows => (&self.playback, self.track()),
            Walk::Filling => (&self.filling, self.track()),
            Walk::Shifts => (&self.shifts, SHIFTS),
        }
    }

    /// Does one thing to a walk; speed and loop are the same for all.
    pub fn play(&mut self, walk: Walk, act: PlaybackAct) {
        let windows = self.track();
        let all = [
            (Walk::Windows, &mut self.playback, windows),
            (Walk::Filling, &mut self.filling, windows),
            (Walk::Shifts, &mut self.shifts, SHIFTS),
        ];
        let is_of_all = matches!(act, PlaybackAct::Speed(_) | PlaybackAct::Loop(_));
        for (_, playback, track) in all.into_iter().filter(|(other, ..)| is_of_all || *other == walk) {
            playback.apply(act, track);
        }
    }

    /// Where the map is moved; `None` where it is.
    pub fn direction(&self) -> Option<Direction> {
        self.shifts.position(SHIFTS).checked_sub(1).and_then(|at| Direction::ALL.get(at)).copied()
    }

    /// The step of [`Walk::Shifts`] that moves the map there.
    pub fn shift_to(direction: Direction) -> usize {
        1 + Direction::ALL.iter().position(|other| *other == direction).unwrap_or(0)
    }

    /// Of which outputs the page shows the gradient.
    pub fn gradient_of(&self, choice: &PoolingChoice) -> GradientOf {
        let (playback, track) = self.walk(choice.walk());
        let position = playback.position(track);
        if choice.is_gradient_of_one { GradientOf::One(position) } else { GradientOf::First(position) }
    }

    /// Goes to a place of the next picture.
    pub fn go_to(&mut self, target: Target) {
        self.target = Some(target);
    }

    /// Why the choice gives nothing; the last picture stays.
    fn refuse(&mut self, refusal: Refusal) {
        (self.refusal, self.waits_since) = (Some(refusal), None);
    }

    /// Another picture: of a source of another kind or another size, the playback begins anew.
    fn take(&mut self, study: Study) {
        let kind = |study: &Study| std::mem::discriminant(&study.choice.source);
        let is_new = self.study.as_ref().is_none_or(|before| {
            let is_resized = before.max.input_size() != study.max.input_size();
            kind(before) != kind(&study) || is_resized && study.choice.source != PoolingSource::Numbers
        });
        let is_full = self.filling.position(self.track()) + 1 >= self.track().len;
        let most_telling = study.most_telling();
        self.study = Some(Arc::new(study));
        (self.refusal, self.waits_since) = (None, None);
        if is_new {
            self.play(Walk::Windows, PlaybackAct::Seek(most_telling));
        }
        // What was whole is whole again, with more windows or fewer.
        if is_new || is_full && !self.filling.is_playing() {
            self.play(Walk::Filling, PlaybackAct::End);
        }
    }

    /// Goes where it was to go, if the picture is there that it is a place of.
    fn arrive(&mut self) {
        if self.waits_since.is_some() {
            return;
        }
        let Some((target, study)) = self.target.take().zip(self.study.clone()) else { return };
        if self.refusal.is_some() {
            return;
        }
        let (_, columns) = study.max.input_size();
        let window = match target {
            Target::Window(window) => window,
            Target::Element(at) => {
                let windows = study.max.steps_that_see(at / columns.max(1), at % columns.max(1));
                windows.first().copied().unwrap_or(0)
            }
        };
        self.play(Walk::Windows, PlaybackAct::Seek(window));
    }
}

/// One map of a trace with its (height, width); the error is a sentence.
fn map_values(
    network: &Network,
    trace: &Trace,
    column: usize,
    map: usize,
) -> Result<(Vec<f32>, (usize, usize)), String> {
    let name = &network.spec().name;
    let Some((_, channels, (height, width))) =
        map_columns(network).into_iter().find(|(at, ..)| *at == column)
    else {
        let number = column.saturating_sub(1).to_string();
        let sentence = tr("{network} has no maps after layer {layer}: choose a layer of this network");
        return Err(fill(sentence, &[("network", name), ("layer", &number)]));
    };
    let values = match column.checked_sub(1) {
        None => trace.input.values(),
        Some(layer) => trace.activation(layer),
    };
    let values = (map < channels).then(|| values.get(map * height * width..(map + 1) * height * width));
    if let Some(values) = values.flatten() {
        return Ok((values.to_vec(), (height, width)));
    }
    let sentence = tr("map {map} is not one of the {maps} maps of {layer}: choose from 0 to {last}");
    let values = [
        ("map", map.to_string()),
        ("maps", channels.to_string()),
        ("layer", column_name(network, column)),
        ("last", channels.saturating_sub(1).to_string()),
    ];
    Err(fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str()))))
}

/// The columns of a network that are maps of more than one cell: (column, maps, (height, width)).
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

/// `input`, `conv2d 0` and so on, numbered as in a `torch.nn.Sequential`.
pub fn column_name(network: &Network, column: usize) -> String {
    let layer = column.checked_sub(1).and_then(|layer| Some((layer, network.spec().layers.get(layer)?)));
    layer.map_or_else(|| tr("input").to_owned(), |(number, layer)| format!("{} {number}", layer.type_name()))
}
