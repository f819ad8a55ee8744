//! The draft of a network, as the Architecture view edits it.

use super::tolerant::or_default;
use crate::nn::{LayerSpec, NetworkSpec, Preprocess, Shape, SpecEdit, presets, spec::MAX_LAYERS};
use serde::{Deserialize, Serialize};

/// A layer of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftLayer {
    /// Its settings.
    pub spec: LayerSpec,
    /// Whether it is in the network; switched off, its input passes through.
    pub is_on: bool,
    /// The number of the layer that it was in the network that was begun from; `None` for a new one.
    pub origin: Option<usize>,
}

impl DraftLayer {
    fn new(spec: &LayerSpec) -> Self {
        Self { spec: spec.clone(), is_on: true, origin: None }
    }
}

/// A network that is being edited. Layers are numbered in the list, those that are switched off too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Its input, with padding.
    pub input: Shape,
    /// How a picture becomes the input.
    pub preprocess: Preprocess,
    /// How many outputs it is to have.
    pub classes: usize,
    /// Its layers.
    pub layers: Vec<DraftLayer>,
}

impl Draft {
    /// A draft that is still as `spec` is.
    pub fn of(spec: &NetworkSpec) -> Self {
        let layer = |(number, spec)| DraftLayer { origin: Some(number), ..DraftLayer::new(spec) };
        let outputs = spec.build().ok().and_then(|built| Some(built.last()?.output().len()));
        Self {
            name: spec.name.clone(),
            input: spec.input,
            preprocess: spec.preprocess,
            classes: outputs.unwrap_or(10),
            layers: spec.layers.iter().enumerate().map(layer).collect(),
        }
    }

    /// The network, whether it is valid or not.
    pub fn spec(&self) -> NetworkSpec {
        NetworkSpec {
            name: self.name.clone(),
            input: self.input,
            preprocess: self.preprocess,
            layers: self.layers.iter().filter(|layer| layer.is_on).map(|layer| layer.spec.clone()).collect(),
            class_names: crate::text::ClassNames::default(),
        }
    }

    /// The network under a name of its own: a changed preset is no longer the preset.
    pub fn named_spec(&self) -> NetworkSpec {
        let spec = self.spec();
        let is_other = presets::by_name(&spec.name).is_some_and(|preset| preset.spec != spec);
        let name = if is_other { format!("{}-draft", spec.name) } else { spec.name };
        NetworkSpec { name, ..spec }
    }

    /// The places in the list of the layers of [`Draft::spec`].
    pub fn places(&self) -> Vec<usize> {
        self.layers.iter().enumerate().filter(|(_, layer)| layer.is_on).map(|(place, _)| place).collect()
    }

    /// Makes a change whose numbers are places in the list. Returns whether it could be made.
    pub fn edit(&mut self, edit: &SpecEdit) -> bool {
        if matches!(edit, SpecEdit::Insert(..)) && self.layers.len() >= MAX_LAYERS {
            return false;
        }
        edit.change_input(&mut self.input, &mut self.preprocess.pad);
        edit.change(&mut self.layers, DraftLayer::new, |layer, spec| layer.spec = spec.clone())
    }

    /// Makes changes whose numbers are those of [`Draft::spec`]'s layers.
    pub fn repair(&mut self, edits: &[SpecEdit]) -> bool {
        edits.iter().all(|edit| {
            let places = self.places();
            let place = |number: usize| places.get(number).copied();
            let edit = edit.renumbered(|number| match edit {
                SpecEdit::Insert(..) => place(number).or(Some(self.layers.len())),
                _ => place(number),
            });
            edit.is_some_and(|edit| self.edit(&edit))
        })
    }

    /// Another number of classes; the last layer that gives them follows.
    pub fn set_classes(&mut self, classes: usize) {
        let before = std::mem::replace(&mut self.classes, classes);
        let sized = self.layers.iter_mut().rev().filter(|layer| layer.is_on);
        let outputs = |layer: &LayerSpec| layer.setting("out_features");
        if let Some(last) = sized.into_iter().find(|layer| outputs(&layer.spec).is_some())
            && outputs(&last.spec) == Some(crate::nn::SettingValue::Count(before))
            && let Some(spec) =
                last.spec.with_setting("out_features", Some(&crate::nn::SettingValue::Count(classes)))
        {
            last.spec = spec;
        }
    }
}

/// What the settings file keeps of the Architecture view.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptDraft {
    /// The draft, and the network that it was begun from.
    #[serde(deserialize_with = "or_default")]
    pub draft: Option<(Draft, NetworkSpec)>,
    /// The network that was trained last as a new run.
    #[serde(deserialize_with = "or_default")]
    pub trained: Option<NetworkSpec>,
}

impl KeptDraft {
    /// The view with this draft; with that of `current`, if there is none.
    pub fn lab(&self, current: &NetworkSpec) -> ArchitectureLab {
        match &self.draft {
            Some((draft, base)) if draft.layers.len() <= MAX_LAYERS && base.layers.len() <= MAX_LAYERS => {
                ArchitectureLab { draft: draft.clone(), is_begun: true, ..ArchitectureLab::of(base) }
            }
            _ => ArchitectureLab::of(current),
        }
    }
}

/// Where a draft begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftStart {
    /// As the current network is.
    Current,
    /// As the preset of this name.
    Preset(String),
}

/// What can be done in the Architecture view. Layers have their places in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ArchitectureAct {
    /// Selects a layer, or the input.
    Select(Option<usize>),
    /// Makes one change after the other, which are undone together.
    Edit(Vec<SpecEdit>),
    /// A change that goes on, such as a number that is dragged: undone as one until [`ArchitectureAct::Settle`].
    Adjust(SpecEdit),
    /// The end of a change that went on.
    Settle,
    /// Makes changes whose numbers are those of the layers that are on.
    Repair(Vec<SpecEdit>),
    /// Switches a layer on or off.
    Switch(usize, bool),
    /// Sets the number of classes.
    SetClasses(usize),
    /// Gives the network another name.
    Rename(String),
    /// Undoes the last change.
    Undo,
    /// Makes it again.
    Redo,
    /// Begins again.
    Begin(DraftStart),
    /// Makes the draft the current network and trains it.
    Train,
}

/// The Architecture view's draft and its history.
#[derive(Clone, Debug)]
pub struct ArchitectureLab {
    /// The draft.
    pub draft: Draft,
    /// The network that it was begun from.
    pub base: NetworkSpec,
    /// Whether it was edited or begun by choice; otherwise it follows the current network.
    pub is_begun: bool,
    /// The place of the selected layer; `None` is the input.
    pub selected: Option<usize>,
    undone: Vec<Moment>,
    done: Vec<Moment>,
    is_adjusting: bool,
}

/// A draft, and what it was begun from.
#[derive(Clone, Debug, PartialEq)]
struct Moment {
    draft: Draft,
    base: NetworkSpec,
}

/// The most changes that can be undone.
const MOST_CHANGES: usize = 200;

/// The longest name.
const MAX_NAME: usize = 60;

impl ArchitectureLab {
    /// A draft that begins as `base`.
    pub fn of(base: &NetworkSpec) -> Self {
        Self {
            draft: Draft::of(base),
            base: base.clone(),
            is_begun: false,
            selected: (!base.layers.is_empty()).then_some(0),
            undone: Vec::new(),
            done: Vec::new(),
            is_adjusting: false,
        }
    }

    /// Whether there is a change to undo.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is a change to make again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// What the settings file keeps.
    pub fn kept(&self) -> Option<(Draft, NetworkSpec)> {
        self.is_begun.then(|| (self.draft.clone(), self.base.clone()))
    }

    /// Whether the settings file has kept this.
    pub fn is_kept_as(&self, kept: Option<&(Draft, NetworkSpec)>) -> bool {
        match kept {
            Some((draft, base)) => self.is_begun && *draft == self.draft && *base == self.base,
            None => !self.is_begun,
        }
    }

    /// Changes the draft; the change can be undone.
    pub fn change(&mut self, change: impl FnOnce(&mut Draft)) {
        self.is_adjusting = false;
        self.change_on(change);
    }

    /// The same, as a part of the change before until [`ArchitectureLab::settle`].
    pub fn adjust(&mut self, change: impl FnOnce(&mut Draft)) {
        if self.is_adjusting {
            change(&mut self.draft);
        } else {
            self.change_on(change);
            self.is_adjusting = true;
        }
    }

    /// The next change is another one.
    pub fn settle(&mut self) {
        self.is_adjusting = false;
    }

    fn change_on(&mut self, change: impl FnOnce(&mut Draft)) {
        let before = self.moment();
        change(&mut self.draft);
        self.note(before);
    }

    fn moment(&self) -> Moment {
        Moment { draft: self.draft.clone(), base: self.base.clone() }
    }

    fn note(&mut self, before: Moment) {
        if self.moment() != before {
            self.is_begun = true;
            self.undone.clear();
            self.done.push(before);
            if self.done.len() > MOST_CHANGES {
                self.done.remove(0);
            }
        }
        self.keep_selection();
    }

    /// Goes back by a change.
    pub fn undo(&mut self) {
        self.is_adjusting = false;
        if let Some(before) = self.done.pop() {
            self.undone.push(self.moment());
            self.show(before);
        }
        self.keep_selection();
    }

    /// Goes on by a change.
    pub fn redo(&mut self) {
        self.is_adjusting = false;
        if let Some(after) = self.undone.pop() {
            self.done.push(self.moment());
            self.show(after);
        }
        self.keep_selection();
    }

    fn show(&mut self, moment: Moment) {
        let Moment { draft, base } = moment;
        (self.draft, self.base) = (draft, base);
    }

    /// Begins as `base`. That can be undone, too; what is compared with is the new one.
    pub fn begin(&mut self, base: &NetworkSpec) {
        self.is_adjusting = false;
        let before = self.moment();
        self.show(Moment { draft: Draft::of(base), base: base.clone() });
        self.note(before);
        self.is_begun = true;
        self.selected = (!base.layers.is_empty()).then_some(0);
    }

    /// The draft as it is now, of which `base` is the network, is what further changes are compared with. Layers that are
    /// off stay in the list.
    pub fn settle_as(&mut self, base: &NetworkSpec) {
        self.base = base.clone();
        self.draft.name.clone_from(&base.name);
        let mut next = 0..;
        for layer in &mut self.draft.layers {
            layer.origin = if layer.is_on { next.next() } else { None };
        }
        self.is_begun = true;
        self.is_adjusting = false;
        self.done.clear();
        self.undone.clear();
    }

    /// Selects a layer if there is one at this place.
    pub fn select(&mut self, place: Option<usize>) {
        self.selected = place;
        self.keep_selection();
    }

    fn keep_selection(&mut self) {
        let last = self.draft.layers.len().checked_sub(1);
        self.selected = self.selected.and_then(|place| Some(place.min(last?)));
    }

    /// Another name, as long as a name may be; an empty one changes nothing.
    pub fn rename(&mut self, name: &str) {
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
        if !name.is_empty() {
            self.change(|draft| draft.name = name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::{Conv2d, Relu};

    fn lab() -> ArchitectureLab {
        ArchitectureLab::of(&presets::lenet5_relu().spec)
    }

    #[test]
    fn a_layer_that_is_off_passes_through_and_keeps_its_place() {
        let mut lab = lab();
        lab.change(|draft| draft.layers[1].is_on = false);
        let draft = &lab.draft;
        assert_eq!((draft.layers.len(), draft.spec().layers.len()), (12, 11));
        assert_eq!(draft.places()[..3], [0, 2, 3]);
        let mut draft = draft.clone();
        // Layer 1 of the network is at place 2 of the list.
        assert!(draft.repair(&[SpecEdit::Set(1, Conv2d::new(3, 3).into())]));
        assert_eq!(draft.layers[2].spec, Conv2d::new(3, 3).into());
        assert!(draft.repair(&[SpecEdit::Insert(99, Relu {}.into())]));
        assert_eq!(draft.layers.len(), 13);
        assert!(!draft.repair(&[SpecEdit::Remove(99)]));
    }

    #[test]
    fn changes_are_undone_and_a_drag_is_one() {
        let mut lab = lab();
        let begun = lab.draft.clone();
        lab.change(|draft| draft.input = Shape::maps(3, 32, 32));
        for side in 33..40 {
            lab.adjust(|draft| draft.input = Shape::maps(3, side, side));
        }
        lab.settle();
        lab.adjust(|draft| draft.input = Shape::maps(3, 64, 64));
        assert!(lab.is_begun && !lab.can_redo());
        lab.undo();
        assert_eq!(lab.draft.input, Shape::maps(3, 39, 39));
        lab.undo();
        lab.undo();
        assert_eq!(lab.draft, begun);
        assert!(!lab.can_undo());
        lab.redo();
        assert_eq!(lab.draft.input, Shape::maps(3, 32, 32));
        // What changes nothing is nothing to undo.
        lab.undo();
        lab.change(|_| ());
        assert!(!lab.can_undo() && lab.can_redo());
    }

    #[test]
    fn beginning_again_is_undone_with_what_is_compared() {
        let mut lab = lab();
        lab.change(|draft| draft.layers[1].is_on = false);
        let before = (lab.draft.clone(), lab.base.clone());
        lab.begin(&presets::by_name("mlp-5").unwrap().spec);
        assert_eq!((lab.draft.name.as_str(), lab.base.name.as_str()), ("mlp-5", "mlp-5"));
        lab.undo();
        assert_eq!((&lab.draft, &lab.base), (&before.0, &before.1));
        // What is trained keeps the layers that are off.
        let spec = lab.draft.named_spec();
        lab.settle_as(&spec);
        assert_eq!((lab.draft.layers.len(), lab.base.layers.len()), (12, 11));
        assert_eq!(lab.draft.layers[2].origin, Some(1));
        assert!(!lab.can_undo());
    }

    #[test]
    fn classes_set_the_last_layer() {
        let mut draft = lab().draft;
        assert_eq!(draft.classes, 10);
        draft.set_classes(26);
        let outputs = draft.spec().build().unwrap().last().unwrap().output();
        assert_eq!((draft.classes, outputs), (26, Shape::Vector(26)));
    }

    #[test]
    fn a_changed_preset_has_a_name_of_its_own() {
        let mut lab = lab();
        assert_eq!(lab.draft.named_spec().name, "lenet5-relu");
        lab.change(|draft| draft.layers[1].is_on = false);
        assert_eq!(lab.draft.named_spec().name, "lenet5-relu-draft");
        lab.rename("  mine ");
        assert_eq!(lab.draft.named_spec().name, "mine");
        lab.rename(" ");
        assert_eq!(lab.draft.name, "mine");
    }

    #[test]
    fn a_draft_is_read_back() {
        let mut lab = lab();
        let current = presets::by_name("mlp-5").unwrap().spec;
        assert_eq!(KeptDraft::default().lab(&current).base, current);
        lab.change(|draft| draft.layers[1].is_on = false);
        let kept = KeptDraft { draft: lab.kept(), trained: None };
        let json = serde_json::to_string(&kept).unwrap();
        let read: KeptDraft = serde_json::from_str(&json).unwrap();
        assert_eq!(read, kept);
        let again = read.lab(&current);
        assert_eq!((&again.draft, &again.base), (&lab.draft, &lab.base));
        let damaged: KeptDraft = serde_json::from_str(r#"{"draft":[1,2]}"#).unwrap();
        assert_eq!(damaged, KeptDraft::default());
    }
}
