//! Repairs of a network whose layers do not fit: changes of which each is tried before it is offered.

use super::{
    edit::SpecEdit,
    im2col::MAX_SETTING,
    layers::{Flatten, GlobalAvgPool2d, LayerError, LayerSpec, Linear, SettingValue},
    pair::Pair,
    shape::Shape,
    spec::{NetworkSpec, SpecError, SpecFault},
};
use crate::text::Sentence;

/// A change that mends a fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    /// What to change, one after the other.
    pub edits: Vec<SpecEdit>,
    /// The same in words, such as `pad by 1`.
    pub sentence: Sentence,
    /// The output of the layer after it; `None` if the fault is not a layer's.
    pub output: Option<Shape>,
}

/// The most repairs of a fault.
const MOST: usize = 4;

/// The outputs of a layer that is added so that there is one.
const CLASSES: usize = 10;

/// A change that might mend a fault.
type Candidate = (Vec<SpecEdit>, Sentence);

/// Repairs of `fault`, which is the first of `spec`: the smallest change first. Each makes the layer valid; a later layer
/// may then not fit. None where no repair is obvious.
pub fn repairs(spec: &NetworkSpec, fault: &SpecFault) -> Vec<Repair> {
    let candidates = match (&fault.error, fault.number) {
        (SpecError::Layer { input, reason, .. }, Some(number)) => {
            Faulty::new(spec, number, *input).map(|layer| layer.candidates(reason)).unwrap_or_default()
        }
        (SpecError::TooLarge(_), Some(number)) => {
            Faulty::new(spec, number, spec.input).map(|layer| layer.smaller()).unwrap_or_default()
        }
        _ => of_the_whole(spec),
    };
    tried(spec, fault.number, candidates)
}

/// Repairs of a network that is valid but whose last layer has not `classes` outputs.
pub fn class_repairs(spec: &NetworkSpec, classes: usize) -> Vec<Repair> {
    let Some(last) = spec.layers.len().checked_sub(1) else { return Vec::new() };
    let outputs = |spec: &NetworkSpec| spec.build().ok().and_then(|built| Some(built.last()?.output()));
    let Some(now) = outputs(spec) else { return Vec::new() };
    let count = Some(SettingValue::Count(classes));
    let mut candidates: Vec<Candidate> = Vec::new();
    // The last layer that can have another number of outputs.
    for (number, layer) in spec.layers.iter().enumerate().rev() {
        let set =
            ["out_features", "out_channels"].into_iter().find_map(|name| layer.setting(name).map(|_| name));
        if let Some(name) = set {
            if let Some(layer) = layer.with_setting(name, count.as_ref()) {
                let sentence = Sentence::new("take {count} outputs in {layer}").with("count", classes);
                let sentence = sentence.with("layer", spec.layer_name(number));
                candidates.push((vec![SpecEdit::Set(number, layer)], sentence));
            }
            break;
        }
    }
    let linear = LayerSpec::from(Linear::new(classes));
    let mut end = Vec::new();
    if matches!(now, Shape::Maps { .. }) {
        end.push(SpecEdit::Insert(last + 1, Flatten {}.into()));
    }
    end.push(SpecEdit::Insert(last + 1 + end.len(), linear));
    candidates.push((end, Sentence::new("add a linear layer with {count} outputs").with("count", classes)));
    let mends = |(edits, sentence): Candidate| {
        let output = outputs(&applied(spec, &edits)?)?;
        (output.len() == classes).then_some(Repair { edits, sentence, output: Some(output) })
    };
    candidates.into_iter().filter_map(mends).collect()
}

/// The spec after all edits; `None` if one of them has no layer.
fn applied(spec: &NetworkSpec, edits: &[SpecEdit]) -> Option<NetworkSpec> {
    edits.iter().try_fold(spec.clone(), |spec, edit| {
        let after = edit.applied(spec.clone());
        (after != spec).then_some(after)
    })
}

/// The candidates that mend the fault of layer `number`.
fn tried(spec: &NetworkSpec, number: Option<usize>, candidates: Vec<Candidate>) -> Vec<Repair> {
    let mut found: Vec<Repair> = Vec::new();
    for (edits, sentence) in candidates {
        let output = match mended(spec, number, &edits) {
            Mended::No => continue,
            Mended::Layer(output) => Some(output),
            Mended::Whole => None,
        };
        if found.len() < MOST && found.iter().all(|repair| repair.edits != edits) {
            found.push(Repair { edits, sentence, output });
        }
    }
    found
}

/// Whether edits mend a fault.
#[derive(PartialEq)]
enum Mended {
    No,
    /// The layer has this output then.
    Layer(Shape),
    /// It was not a layer's.
    Whole,
}

fn mended(spec: &NetworkSpec, number: Option<usize>, edits: &[SpecEdit]) -> Mended {
    let Some(after) = applied(spec, edits) else { return Mended::No };
    let (built, fault) = after.build_to_fault();
    let Some(number) = number else {
        let is_whole = fault.is_some_and(|fault| fault.number.is_none());
        return if is_whole { Mended::No } else { Mended::Whole };
    };
    // The layer is found again by a list of numbers that goes through the same changes.
    let mut numbers: Vec<Option<usize>> = (0..spec.layers.len()).map(Some).collect();
    for edit in edits {
        edit.change(&mut numbers, |_| None, |_, _| ());
    }
    let place = numbers.iter().position(|other| *other == Some(number));
    let layer = place.and_then(|place| built.get(place));
    layer.map_or(Mended::No, |layer| Mended::Layer(layer.output()))
}

fn of_the_whole(spec: &NetworkSpec) -> Vec<Candidate> {
    if spec.layers.is_empty() {
        let edits =
            vec![SpecEdit::Insert(0, Flatten {}.into()), SpecEdit::Insert(1, Linear::new(CLASSES).into())];
        let sentence = Sentence::new("add a linear layer with {count} outputs").with("count", CLASSES);
        return vec![(edits, sentence)];
    }
    let (channels, height, width) = spec.input.as_maps();
    // At least a pixel inside the background.
    let side = spec.preprocess.pad.saturating_mul(2).saturating_add(1);
    let least = Shape::maps(channels.max(1), height.max(side), width.max(side));
    vec![(vec![SpecEdit::Input(least)], Sentence::new("take {shape}").with("shape", least))]
}

/// A layer that does not fit.
struct Faulty<'a> {
    spec: &'a NetworkSpec,
    number: usize,
    settings: &'a LayerSpec,
    input: Shape,
}

impl<'a> Faulty<'a> {
    fn new(spec: &'a NetworkSpec, number: usize, input: Shape) -> Option<Self> {
        Some(Self { spec, number, settings: spec.layers.get(number)?, input })
    }

    fn candidates(&self, reason: &LayerError) -> Vec<Candidate> {
        match reason {
            LayerError::Setting(error) => self.other_setting(error.setting()),
            LayerError::NeedsVector(_) => self.vector(),
            LayerError::NeedsMaps(_) => self.maps(),
            LayerError::Output(_)
            | LayerError::TooManyActivations(_)
            | LayerError::TooMuchScratch(_)
            | LayerError::SingleValue => self.smaller(),
        }
    }

    fn other_setting(&self, setting: &'static str) -> Vec<Candidate> {
        let candidates = match setting {
            "kernel_size" | "dilation" => self.window(),
            "groups" | "num_groups" => self.groups(setting),
            "normalized_shape" => self.last_dimensions(),
            _ => Vec::new(),
        };
        if !tried(self.spec, Some(self.number), candidates.clone()).is_empty() {
            return candidates;
        }
        let mut candidates = Vec::new();
        candidates.extend(self.least(setting));
        candidates.extend(self.largest(setting));
        candidates.extend(self.usual(setting));
        candidates
    }

    /// One setting with another value.
    fn set(&self, name: &'static str, value: &SettingValue, sentence: Sentence) -> Option<Candidate> {
        let layer = self.settings.with_setting(name, Some(value))?;
        (layer != *self.settings).then(|| (vec![SpecEdit::Set(self.number, layer)], sentence))
    }

    fn set_to(&self, name: &'static str, value: &SettingValue) -> Option<Candidate> {
        let written = match value {
            SettingValue::Switch(is_on) => is_on.to_string(),
            SettingValue::Count(count) => count.to_string(),
            SettingValue::Real(number) => number.to_string(),
            SettingValue::Pair([h, w]) if h == w => h.to_string(),
            SettingValue::Pair([h, w]) => Pair { h: *h, w: *w }.to_string(),
            SettingValue::Choice(word) => word.clone(),
            SettingValue::List(numbers) => format!("{numbers:?}"),
        };
        let sentence = Sentence::new("set {setting} to {value}").name("setting", name).with("value", written);
        self.set(name, value, sentence)
    }

    fn fits(&self, layer: &LayerSpec) -> bool {
        mended(self.spec, Some(self.number), &[SpecEdit::Set(self.number, layer.clone())]) != Mended::No
    }

    /// A window that is larger than its input.
    fn window(&self) -> Vec<Candidate> {
        let Shape::Maps { height, width, .. } = self.input else { return Vec::new() };
        let pair = |name, usual| match self.settings.setting(name) {
            Some(SettingValue::Pair(pair)) => pair.map(|side| side.min(MAX_SETTING)),
            _ => [usual; 2],
        };
        let (kernel, padding, dilation) = (pair("kernel_size", 1), pair("padding", 0), pair("dilation", 1));
        let mut candidates = Vec::new();
        let sides = [height, width];
        let span = |i: usize| dilation[i] * kernel[i].saturating_sub(1) + 1;
        let padded = |i: usize| sides[i] + 2 * padding[i];
        let side = |pair: [usize; 2]| {
            if pair[0] == pair[1] { pair[0].to_string() } else { format!("{}×{}", pair[0], pair[1]) }
        };
        let smaller = [0, 1].map(|i| {
            let most = (padded(i).max(1) - 1) / dilation[i].max(1) + 1;
            // An odd kernel has a centre; it stays odd.
            let most = if kernel[i] % 2 == 1 && most % 2 == 0 && most < kernel[i] { most - 1 } else { most };
            kernel[i].clamp(1, most)
        });
        let sentence = Sentence::new("take kernel {kernel}").with("kernel", side(smaller));
        candidates.extend(self.set("kernel_size", &SettingValue::Pair(smaller), sentence));
        let wider = [0, 1].map(|i| padding[i] + span(i).saturating_sub(padded(i)).div_ceil(2));
        let sentence = Sentence::new("pad by {padding}").with("padding", side(wider));
        candidates.extend(self.set("padding", &SettingValue::Pair(wider), sentence));
        let closer = [0, 1].map(|i| match kernel[i] {
            0 | 1 => 1,
            kernel => dilation[i].clamp(1, ((padded(i).max(1) - 1) / (kernel - 1)).max(1)),
        });
        let sentence = Sentence::new("take dilation {dilation}").with("dilation", side(closer));
        candidates.extend(self.set("dilation", &SettingValue::Pair(closer), sentence));
        candidates.extend(self.larger_input());
        candidates
    }

    /// The layer before it that makes the maps smaller does so no more.
    fn larger_input(&self) -> Option<Candidate> {
        let before = self.spec.layers.get(..self.number)?.iter().enumerate().rev();
        for (number, layer) in before {
            let Some(SettingValue::Pair(stride)) = layer.setting("stride") else { continue };
            if layer.type_name().contains("transpose") || stride == [1, 1] {
                continue;
            }
            let name = self.spec.layer_name(number);
            return Some(if layer.type_name().contains("pool") {
                let sentence = Sentence::new("drop {layer}").with("layer", name);
                (vec![SpecEdit::Remove(number)], sentence)
            } else {
                let layer = layer.with_setting("stride", Some(&SettingValue::Pair([1, 1])))?;
                let sentence = Sentence::new("take stride 1 in {layer}").with("layer", name);
                (vec![SpecEdit::Set(number, layer)], sentence)
            });
        }
        None
    }

    /// The last dimensions of the input, fewest first.
    fn last_dimensions(&self) -> Vec<Candidate> {
        let dims = self.input.dims();
        let lists = (0..dims.len()).rev().map(|first| SettingValue::List(dims[first..].to_vec()));
        lists.filter_map(|list| self.set_to("normalized_shape", &list)).collect()
    }

    /// Groups that do not divide the channels, or the filters.
    fn groups(&self, setting: &'static str) -> Vec<Candidate> {
        let (channels, ..) = self.input.as_maps();
        let Some(SettingValue::Count(groups)) = self.settings.setting(setting) else { return Vec::new() };
        let filters = match self.settings.setting("out_channels") {
            Some(SettingValue::Count(filters)) => Some(filters),
            _ => None,
        };
        let divides = |groups: &usize| {
            channels.is_multiple_of(*groups) && filters.is_none_or(|filters| filters.is_multiple_of(*groups))
        };
        let mut candidates = Vec::new();
        let below = (1..=groups.min(channels)).rev().find(divides);
        candidates.extend(below.and_then(|groups| self.set_to(setting, &SettingValue::Count(groups))));
        if groups > 0
            && channels.is_multiple_of(groups)
            && let Some(filters) = filters
        {
            let nearest = filters.div_ceil(groups).max(1).saturating_mul(groups);
            candidates.extend(self.set_to("out_channels", &SettingValue::Count(nearest)));
        }
        let above = (groups.saturating_add(1)..=channels.min(groups.saturating_add(channels))).find(divides);
        candidates.extend(above.and_then(|groups| self.set_to(setting, &SettingValue::Count(groups))));
        candidates
    }

    /// A number of 0 where there must be one.
    fn least(&self, name: &'static str) -> Option<Candidate> {
        match self.settings.setting(name)? {
            SettingValue::Count(0) => self.set_to(name, &SettingValue::Count(1)),
            SettingValue::Pair(pair) if pair.contains(&0) => {
                self.set_to(name, &SettingValue::Pair(pair.map(|side| side.max(1))))
            }
            _ => None,
        }
    }

    /// The largest value below the present one that fits, if smaller ones fit.
    fn largest(&self, name: &'static str) -> Option<Candidate> {
        let present = self.settings.setting(name)?;
        let most = match present {
            SettingValue::Count(count) => count,
            SettingValue::Pair([height, width]) => height.max(width),
            SettingValue::List(ref numbers) => numbers.iter().copied().max()?,
            _ => return None,
        };
        let value = |most: usize| match &present {
            SettingValue::Pair(pair) => SettingValue::Pair(pair.map(|side| side.min(most))),
            SettingValue::List(numbers) => {
                SettingValue::List(numbers.iter().map(|number| (*number).min(most)).collect())
            }
            _ => SettingValue::Count(most),
        };
        let fits = |count: usize| {
            self.settings.with_setting(name, Some(&value(count))).is_some_and(|layer| self.fits(&layer))
        };
        let mut low = [1, 0].into_iter().find(|&low| low < most && fits(low))?;
        let mut high = most;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if fits(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.set_to(name, &value(low))
    }

    /// The value of a fresh layer, or the nearest of 0 and 1.
    fn usual(&self, name: &'static str) -> Vec<Candidate> {
        let fresh = LayerSpec::fresh(self.settings.type_name()).and_then(|fresh| fresh.setting(name));
        let ends = match self.settings.setting(name) {
            Some(SettingValue::Real(value)) if value > 1.0 => Some(1.0),
            Some(SettingValue::Real(_)) => Some(0.0),
            _ => None,
        };
        let values = fresh.into_iter().chain(ends.map(SettingValue::Real));
        values.filter_map(|value| self.set_to(name, &value)).collect()
    }

    fn vector(&self) -> Vec<Candidate> {
        let flatten = |number| SpecEdit::Insert(number, Flatten {}.into());
        let mean = SpecEdit::Insert(self.number, GlobalAvgPool2d {}.into());
        vec![
            (vec![flatten(self.number)], Sentence::new("put a flatten layer before it")),
            (vec![mean, flatten(self.number + 1)], Sentence::new("take the mean of each map, then flatten")),
        ]
    }

    fn maps(&self) -> Vec<Candidate> {
        let before = self.spec.layers.get(..self.number).unwrap_or_default();
        let Some(flatten) = before.iter().rposition(|layer| matches!(layer, LayerSpec::Flatten(_))) else {
            return Vec::new();
        };
        let name = self.spec.layer_name(flatten);
        vec![
            (
                vec![SpecEdit::Move(self.number, flatten)],
                Sentence::new("move it before {layer}").with("layer", &name),
            ),
            (vec![SpecEdit::Remove(flatten)], Sentence::new("drop {layer}").with("layer", name)),
        ]
    }

    /// Fewer outputs, for what is too large.
    fn smaller(&self) -> Vec<Candidate> {
        ["out_features", "out_channels", "padding", "stride", "output_padding"]
            .into_iter()
            .filter_map(|name| self.largest(name))
            .collect()
    }
}

#[cfg(test)]
mod tests;
