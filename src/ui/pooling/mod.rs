//! What the Pooling view works on: the choice of a source and of settings as data, and what the core makes of them.

mod choice;
mod presets;
mod study;

pub use choice::{
    MAX_NUMBERS, MAX_SIDE, MAX_WINDOW, Numbers, PoolingChoice, PoolingShow, PoolingSource, Walk,
};
pub use presets::{PRESETS, Preset};
pub use study::{Gradients, Refusal, Setting, Shifts, Study};

use super::{
    state::{AppState, CurrentImage},
    tr::{fill, tr},
    widgets::{Playback, PlaybackAct, Track},
};
use crate::{
    explain::pooling::Direction,
    nn::{Network, Shape, Trace},
};
use std::sync::Arc;

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
    made_of: Option<(PoolingChoice, Input)>,
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
            made_of: None,
        }
    }
}

/// The map where it is, then in each direction.
const SHIFTS: Track = Track { len: 1 + Direction::ALL.len(), row: 1 };

/// What tells one input from another.
enum Input {
    Image(u64),
    Trace(Arc<Trace>),
    Numbers,
}

impl Input {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Image(a), Self::Image(b)) => a == b,
            (Self::Trace(a), Self::Trace(b)) => Arc::ptr_eq(a, b),
            (Self::Numbers, Self::Numbers) => true,
            _ => false,
        }
    }
}

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

    /// Another picture, of a source of another kind or not.
    fn take(&mut self, study: Study, is_new: bool) {
        let is_full = self.filling.position(self.track()) + 1 >= self.track().len;
        let most_telling = study.most_telling();
        self.study = Some(Arc::new(study));
        self.refusal = None;
        if is_new {
            self.play(Walk::Windows, PlaybackAct::Seek(most_telling));
        }
        // What was whole is whole again, with more windows or fewer.
        if is_new || is_full && !self.filling.is_playing() {
            self.play(Walk::Filling, PlaybackAct::End);
        }
    }
}

/// Computes what the choice gives, if it, the image, the network or its answer is another than before.
pub fn refresh(state: &mut AppState) {
    let choice = &state.settings.pooling;
    let answer = state.current_answer();
    let input = match (choice.source, answer) {
        (PoolingSource::Image, _) => Input::Image(state.image.revision),
        (PoolingSource::Numbers, _) => Input::Numbers,
        (PoolingSource::Map { .. }, Some(answer)) => Input::Trace(answer.whole.clone()),
        // The answer is on its way.
        (PoolingSource::Map { .. }, None) => return,
    };
    if state.pooling.made_of.as_ref().is_some_and(|(made, of)| made == choice && of.is(&input)) {
        return;
    }
    let made = match (choice.source, answer) {
        (PoolingSource::Map { column, map }, Some(answer)) => {
            map_values(&answer.network, &answer.whole, column, map)
                .map_err(|sentence| Refusal { setting: Setting::Source, sentence })
                .and_then(|(values, size)| Study::new(choice, &values, size))
        }
        (PoolingSource::Numbers, _) => {
            let Numbers { rows, columns, values } = &choice.numbers;
            Study::new(choice, values, (*rows, *columns))
        }
        _ => of_image(choice, &state.image),
    };
    let lab = &mut state.pooling;
    lab.made_of = Some((choice.clone(), input));
    match made {
        Ok(study) => {
            let is_new = lab.study.as_ref().is_none_or(|before| !is_alike(&before.choice, choice));
            lab.take(study, is_new);
        }
        Err(refusal) => {
            // What a settings file holds may never have fitted: then there is no last picture, and this one stands for it.
            if lab.study.is_none()
                && let Ok(study) = of_image(&PoolingChoice::default(), &state.image)
            {
                lab.take(study, true);
            }
            lab.refusal = Some(refusal);
        }
    }
}

/// The current image, as the network sees it before its own preprocessing.
fn of_image(choice: &PoolingChoice, image: &CurrentImage) -> Result<Study, Refusal> {
    let seen = &image.seen;
    let values: Vec<f32> = seen.as_raw().iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    Study::new(choice, &values, (seen.height() as usize, seen.width() as usize))
}

/// Whether two choices are of the same kind of source, so that the window that is looked at may stay.
fn is_alike(a: &PoolingChoice, b: &PoolingChoice) -> bool {
    std::mem::discriminant(&a.source) == std::mem::discriminant(&b.source)
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
