//! The figures of a network that is being built, layer by layer, with faults and their repairs.
//!
//! What comes after a fault is computed as if one of its repairs were made.

use super::receptive_field::ReceptiveField;
use crate::{
    nn::{
        LayerCost, NetworkSpec, Repair, Shape, SpecEdit, SpecError, SpecFault,
        repair::{class_repairs, repairs},
    },
    text::{Say, Sentence},
};

/// The figures of a layer that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerFigures {
    /// The shape of its input.
    pub input: Shape,
    /// Its output, parameters and multiply-adds.
    pub cost: LayerCost,
    /// The (height, width) of a cell's receptive field.
    pub field: (usize, usize),
}

/// What does not fit, and how to mend it.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFault {
    /// What is wrong.
    pub sentence: Sentence,
    /// Repairs, as changes of the spec as it is.
    pub repairs: Vec<Repair>,
    /// The repair with which everything else was computed.
    pub assumed: Option<usize>,
}

/// A layer.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SheetRow {
    /// Its figures, if it fits or was mended.
    pub figures: Option<LayerFigures>,
    /// Its fault.
    pub fault: Option<RowFault>,
    /// Whether a repair that was not made is taken for made: the layer's own, or that of another one.
    pub is_assumed: bool,
}

/// All layers.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Sheet {
    /// The layers, in order.
    pub rows: Vec<SheetRow>,
    /// What is wrong with the input, or the number of layers.
    pub input: Option<RowFault>,
    /// What is wrong with the number of outputs.
    pub outputs: Option<RowFault>,
    /// Whether some repair is taken for made.
    pub is_assumed: bool,
}

/// The sums over all layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Trainable values.
    pub parameters: u64,
    /// Multiply-adds per image.
    pub multiply_adds: u64,
    /// Bytes of all activations of one image.
    pub activation_bytes: u64,
    /// The receptive field of the last layer.
    pub field: (usize, usize),
}

/// The repair that is taken for made: of the layer of this number, or of the whole (`None`).
pub type Chosen = (Option<usize>, usize);

impl Sheet {
    /// The figures of `spec`, which is to have `classes` outputs. For each fault the first repair is taken for made, or for
    /// one fault the chosen one.
    pub fn of(spec: &NetworkSpec, classes: usize, chosen: Option<Chosen>) -> Self {
        let mut sheet = Self { rows: vec![SheetRow::default(); spec.layers.len()], ..Self::default() };
        // The layers of `spec` that those of `now` are; `None` for those that a repair inserted.
        let own: Vec<Option<usize>> = (0..spec.layers.len()).map(Some).collect();
        let mut numbers = own.clone();
        let mut now = spec.clone();
        let (mut built, mut first) = (Vec::new(), usize::MAX);
        // Each layer has at most one fault, and so has the whole.
        for _ in 0..spec.layers.len() + 2 {
            let fault;
            (built, fault) = now.build_to_fault();
            let (place, sentence, found) = match fault {
                Some(fault) => {
                    let place = fault.number.and_then(|number| numbers.get(number).copied().flatten());
                    if fault.number.is_some() && place.is_none() {
                        // A layer that a repair inserted does not fit: nothing more is known.
                        break;
                    }
                    (place, sentence(&fault), repairs(&now, &fault))
                }
                None => match built.last().map_or(0, |last| last.output().len()) {
                    outputs if outputs == classes => break,
                    outputs => {
                        let sentence = Sentence::new(
                            "the last layer has {outputs} outputs, but there are {classes} classes",
                        );
                        let sentence = sentence.with("outputs", outputs).with("classes", classes);
                        (None, sentence, class_repairs(&now, classes))
                    }
                },
            };
            let here = |repair: Repair| {
                let edits = carried(&repair.edits, &numbers, &own)?;
                Some(Repair { edits, ..repair })
            };
            let found: Vec<Repair> = found.into_iter().filter_map(here).collect();
            let wanted = chosen.filter(|(at, _)| *at == place).map_or(0, |(_, wanted)| wanted);
            let made = found.get(wanted).or(found.first()).cloned();
            let assumed = made.as_ref().and_then(|made| found.iter().position(|repair| repair == made));
            let slot = match place.and_then(|place| sheet.rows.get_mut(place)) {
                Some(row) => &mut row.fault,
                None if built.is_empty() => &mut sheet.input,
                None => &mut sheet.outputs,
            };
            if slot.is_some() {
                break;
            }
            *slot = Some(RowFault { sentence, repairs: found, assumed });
            first = first.min(place.unwrap_or(if built.is_empty() { 0 } else { spec.layers.len() }));
            let Some(made) = made else { break };
            let Some(edits) = carried(&made.edits, &own, &numbers) else { break };
            sheet.is_assumed = true;
            for edit in edits {
                edit.change(&mut numbers, |_| None, |_, _| ());
                now = edit.applied(now);
            }
        }
        let mut field = ReceptiveField::of_input(now.input);
        for ((layer, spec), number) in built.iter().zip(&now.layers).zip(&numbers) {
            field = field.after(spec, layer.input());
            if let Some(row) = number.and_then(|number| sheet.rows.get_mut(number)) {
                row.figures = Some(LayerFigures {
                    input: layer.input(),
                    cost: LayerCost::of(layer.as_ref()),
                    field: field.size(),
                });
            }
        }
        let before = spec.build_to_fault().0;
        for (number, row) in sheet.rows.iter_mut().enumerate() {
            let is_as_built = before.get(number).map(|layer| layer.output())
                == row.figures.as_ref().map(|figures| figures.cost.output);
            row.is_assumed = sheet.is_assumed && (number >= first || !is_as_built);
        }
        sheet
    }

    /// Whether everything fits.
    pub fn is_valid(&self) -> bool {
        self.input.is_none() && self.outputs.is_none() && self.rows.iter().all(|row| row.fault.is_none())
    }

    /// The first layer that does not fit.
    pub fn first_fault(&self) -> Option<usize> {
        self.rows.iter().position(|row| row.fault.is_some())
    }

    /// The sums; `None` if some layer's figures are not known.
    pub fn totals(&self) -> Option<Totals> {
        let mut totals = Totals { parameters: 0, multiply_adds: 0, activation_bytes: 0, field: (0, 0) };
        for row in &self.rows {
            // A layer that a repair removes has none.
            let Some(figures) = &row.figures else {
                if row.is_assumed && self.knows_the_end() {
                    continue;
                }
                return None;
            };
            totals.parameters = totals.parameters.saturating_add(figures.cost.parameters);
            totals.multiply_adds = totals.multiply_adds.saturating_add(figures.cost.multiply_adds);
            totals.activation_bytes += figures.cost.activation_bytes();
            totals.field = figures.field;
        }
        (!self.rows.is_empty()).then_some(totals)
    }

    /// The shape that the network ends with.
    pub fn output(&self) -> Option<Shape> {
        self.rows.last()?.figures.as_ref().map(|figures| figures.cost.output)
    }

    fn knows_the_end(&self) -> bool {
        self.output().is_some()
    }
}

/// A fault without the layer's name, which its row has.
fn sentence(fault: &SpecFault) -> Sentence {
    match &fault.error {
        SpecError::Layer { reason, .. } => reason.say(),
        SpecError::Form(reason) => reason.clone(),
        error => error.say(),
    }
}

/// The same changes of another list of the same layers: `from` and `to` tell which layer each entry is, `None` one that a
/// repair inserted. `None` if an edit changes such a layer.
fn carried(edits: &[SpecEdit], from: &[Option<usize>], to: &[Option<usize>]) -> Option<Vec<SpecEdit>> {
    let (mut from, mut to) = (from.to_vec(), to.to_vec());
    let mut carried = Vec::with_capacity(edits.len());
    for edit in edits {
        let place = |number: usize| match from.get(number) {
            Some(Some(layer)) => to.iter().position(|other| *other == Some(*layer)),
            Some(None) => None,
            None => Some(to.len()),
        };
        let edit_there = edit.renumbered(|number| match edit {
            SpecEdit::Insert(..) => place(number).or_else(|| Some(place(number.checked_sub(1)?)? + 1)),
            _ => place(number),
        })?;
        edit.change(&mut from, |_| None, |_, _| ());
        edit_there.change(&mut to, |_| None, |_, _| ());
        carried.push(edit_there);
    }
    Some(carried)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        LayerSpec,
        layers::{Conv2d, Flatten, Linear, MaxPool2d, Relu},
        presets,
    };

    fn lenet() -> NetworkSpec {
        presets::lenet5_relu().spec
    }

    #[test]
    fn a_network_that_fits_has_the_figures_of_its_layers() {
        let spec = lenet();
        let sheet = Sheet::of(&spec, 10, None);
        assert!(sheet.is_valid() && !sheet.is_assumed);
        let totals = sheet.totals().unwrap();
        assert_eq!((totals.parameters, totals.multiply_adds, totals.field), (61_706, 416_520, (32, 32)));
        for (row, layer) in sheet.rows.iter().zip(spec.build().unwrap()) {
            let figures = row.figures.as_ref().unwrap();
            assert_eq!(figures.cost, LayerCost::of(layer.as_ref()));
            assert_eq!(figures.input, layer.input());
        }
        assert_eq!(sheet.rows[3].figures.as_ref().unwrap().field, (14, 14));
    }

    #[test]
    fn what_follows_a_fault_is_as_if_the_chosen_repair_were_made() {
        let mut spec = lenet();
        // 5×5 on 5×5 → 1×1, and one more that does not fit.
        spec.layers.insert(6, Conv2d::new(64, 7).into());
        let of = |chosen| Sheet::of(&spec, 10, chosen);
        let sheet = of(None);
        assert_eq!((sheet.first_fault(), sheet.is_valid()), (Some(6), false));
        let fault = sheet.rows[6].fault.as_ref().unwrap();
        let words: Vec<String> = fault.repairs.iter().map(|repair| repair.sentence.to_string()).collect();
        assert_eq!(words, ["take kernel 5", "pad by 1", "drop max_pool2d 5"]);
        assert!(!sheet.rows[5].is_assumed && sheet.rows[6].is_assumed && sheet.rows[12].is_assumed);
        let output = |sheet: &Sheet, row: usize| sheet.rows[row].figures.as_ref().map(|f| f.cost.output);
        assert_eq!(output(&sheet, 6), Some(Shape::maps(64, 1, 1)));
        let other = of(Some((Some(6), 2)));
        assert_eq!(output(&other, 6), Some(Shape::maps(64, 4, 4)));
        assert_eq!((output(&other, 5), other.rows[5].is_assumed), (None, true), "it is dropped");
        assert!(other.totals().unwrap().parameters > sheet.totals().unwrap().parameters);
        // The repair itself makes it so.
        let made = fault.repairs[2].edits.iter().fold(spec.clone(), |spec, edit| edit.applied(spec));
        assert_eq!(Sheet::of(&made, 10, None).totals(), other.totals());
    }

    #[test]
    fn every_fault_is_said_at_its_layer() {
        let layers: Vec<LayerSpec> = vec![
            Conv2d::new(4, 9).into(),
            MaxPool2d::new(2).into(),
            Linear::new(5).into(),
            Relu {}.into(),
            Conv2d::new(4, 3).into(),
        ];
        let spec = NetworkSpec { layers, input: Shape::maps(1, 8, 8), ..lenet() };
        let spec = NetworkSpec { preprocess: crate::nn::Preprocess::default(), ..spec };
        let sheet = Sheet::of(&spec, 10, None);
        let faulty: Vec<usize> = (0..5).filter(|&row| sheet.rows[row].fault.is_some()).collect();
        // The kernel of 7 that the first repair takes leaves 2×2, which the pooling fits.
        assert_eq!(faulty, [0, 2, 4]);
        for row in faulty {
            for repair in &sheet.rows[row].fault.as_ref().unwrap().repairs {
                let made = repair.edits.iter().fold(spec.clone(), |spec, edit| edit.applied(spec));
                assert_ne!(made, spec);
            }
        }
    }

    #[test]
    fn the_number_of_classes_is_a_fault_of_the_whole() {
        let sheet = Sheet::of(&lenet(), 26, None);
        let fault = sheet.outputs.as_ref().unwrap();
        assert_eq!(fault.sentence.to_string(), "the last layer has 10 outputs, but there are 26 classes");
        assert_eq!(sheet.output(), Some(Shape::Vector(26)));
        assert!(!sheet.is_valid());
        let none = NetworkSpec { layers: Vec::new(), ..lenet() };
        assert_eq!(Sheet::of(&none, 10, None).input.unwrap().repairs.len(), 1);
        assert_eq!(Sheet::of(&none, 10, None).totals(), None);
        let flat = NetworkSpec { layers: vec![Flatten {}.into()], ..lenet() };
        assert_eq!(Sheet::of(&flat, 10, None).outputs.unwrap().repairs.len(), 1);
    }
}
