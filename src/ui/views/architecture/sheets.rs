//! The figures that the view shows, computed again when the draft changes or another repair is pointed at.

use crate::{
    explain::{
        LayerFigures, Sheet,
        sheet::{Chosen, Totals},
    },
    nn::{LayerSpec, NetworkSpec},
    text::{Say, Sentence},
    train::evaluate::check_spec_fit,
    ui::{model::architecture::Draft, state::AppState},
};

/// The figures of the draft, and of the network that it was begun from.
#[derive(Default)]
pub struct Sheets {
    of: Option<(Draft, NetworkSpec, Option<Chosen>)>,
    /// The data set whose fit was checked: its name and its sizes.
    data: Option<(String, usize, usize)>,
    /// The repair that is pointed at.
    pub pointed: Option<Chosen>,
    /// The draft as it is, or with the repair that is pointed at.
    pub sheet: Sheet,
    /// What it was begun from.
    pub base: Sheet,
    /// The name of that network.
    pub base_name: String,
    /// The layer of the network for each place of the list; `None` if it is off.
    pub numbers: Vec<Option<usize>>,
    /// How each layer differs from one with usual settings, in words.
    pub details: Vec<String>,
    /// Why the data set cannot be learnt from.
    pub misfit: Option<Sentence>,
}

impl Sheets {
    /// Computes what has changed.
    pub fn keep_up(&mut self, state: &AppState) {
        let lab = &state.architecture;
        let is_same = self.of.as_ref().is_some_and(|(draft, base, pointed)| {
            *draft == lab.draft && *base == lab.base && *pointed == self.pointed
        });
        if !is_same {
            let is_same_base = self.of.as_ref().is_some_and(|(_, base, _)| *base == lab.base);
            if !is_same_base {
                let outputs = Draft::of(&lab.base).classes;
                self.base = Sheet::of(&lab.base, outputs, None);
                self.base_name.clone_from(&lab.base.name);
            }
            self.sheet = Sheet::of(&lab.draft.spec(), lab.draft.classes, self.pointed);
            let mut next = 0..;
            let number = |is_on: bool| is_on.then(|| next.next()).flatten();
            self.numbers = lab.draft.layers.iter().map(|layer| layer.is_on).map(number).collect();
            self.details = lab.draft.layers.iter().map(|layer| detail(&layer.spec)).collect();
            self.of = Some((lab.draft.clone(), lab.base.clone(), self.pointed));
        }
        let data = state.data.ready();
        let data_id = data.map(|data| (data.name.clone(), data.train.len(), data.test.len()));
        if !is_same || self.data != data_id {
            self.data = data_id;
            self.misfit = data.and_then(|data| {
                let (spec, classes) = (lab.draft.spec(), lab.draft.classes);
                let fit = |split| check_spec_fit(&spec, classes, &data.name, split);
                fit(&data.train).and_then(|()| fit(&data.test)).err().map(|e| e.say())
            });
        }
    }

    /// The figures of the layer at a place of the list.
    pub fn figures(&self, place: usize) -> Option<&LayerFigures> {
        let number = (*self.numbers.get(place)?)?;
        self.sheet.rows.get(number)?.figures.as_ref()
    }

    /// The figures of a layer of the network that was begun from.
    pub fn base_figures(&self, origin: Option<usize>) -> Option<&LayerFigures> {
        self.base.rows.get(origin?)?.figures.as_ref()
    }

    /// The sums of the draft and of the network that it was begun from.
    pub fn totals(&self) -> (Option<Totals>, Option<Totals>) {
        (self.sheet.totals(), self.base.totals())
    }
}

/// `padding 2, groups 4`: the settings that are neither usual nor in the layer's short description.
fn detail(layer: &LayerSpec) -> String {
    let fresh = LayerSpec::fresh(layer.type_name());
    let is_pool = layer.type_name().contains("pool");
    let mut parts = vec![layer.type_name().to_owned()];
    for setting in layer.settings() {
        let is_said = matches!(setting.name.as_str(), "out_channels" | "out_features" | "kernel_size" | "p")
            || is_pool && setting.name == "stride";
        let usual = fresh.as_ref().and_then(|fresh| fresh.setting(&setting.name));
        if let Some(value) = setting.value.as_ref().filter(|value| !is_said && Some(*value) != usual.as_ref())
        {
            parts.push(format!("{} {}", setting.name.replace('_', " "), super::field::written(value)));
        }
    }
    parts.join(" · ")
}
