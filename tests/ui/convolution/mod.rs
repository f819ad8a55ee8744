//! The Convolution view as a class sees it: it plays, steps back, is edited, refuses in words, and all its numbers are
//! the core's.

mod family;
mod layout;
mod pages;
mod sources;
mod steps;
mod written;

use crate::support::Window;
use convlens::{
    explain::{Convolution, convolution::EXAMPLES, variants::Chain},
    ui::{
        action::Action,
        model::convolution::{FamilyResult, act::ConvolutionAct},
        widgets::number_grid::exact,
    },
};
use egui::Role;
use egui_kittest::kittest::Queryable as _;

/// The view with one of the examples.
fn example(name: &str) -> Window {
    let mut window = Window::new();
    window.tab("Convolution");
    let number = EXAMPLES.iter().position(|example| example.name == name).unwrap();
    window.act(Action::Convolution(ConvolutionAct::UseExample(number)));
    window
}

fn shown(window: &Window) -> &Convolution {
    window.state().convolution.shown.as_deref().unwrap()
}

fn act(window: &mut Window, act: ConvolutionAct) {
    window.act(Action::Convolution(act));
}

/// What a cell tells; an empty one tells nothing.
#[track_caller]
fn cell(window: &Window, name: &str) -> String {
    window.value(Role::Cell, name)
}

/// The number of an editable cell.
#[track_caller]
fn field(window: &Window, name: &str) -> f64 {
    let node = window.h.get_by_role_and_label(Role::SpinButton, name);
    egui_kittest::kittest::NodeT::accesskit_node(&node).numeric_value().unwrap()
}

/// Every number on the screen is the core's, for the output that is looked at.
#[track_caller]
fn assert_shown(window: &Window) {
    let conv = shown(window);
    let lab = &window.state().convolution;
    let at = lab.position();
    let step = conv.step(at).unwrap();
    let (_, height, width) = conv.output().as_maps();
    let channels = step.parts.len();
    for part in &step.parts {
        let name =
            |grid: &str| if channels > 1 { format!("{grid} {}", part.channel) } else { grid.to_owned() };
        for term in &part.terms {
            let at = format!("{}, {}", term.kernel.0, term.kernel.1);
            assert_eq!(cell(window, &format!("{} {at}", name("products"))), exact(term.product()));
            let weight = field(window, &format!("{} {at}", name("kernel")));
            assert_eq!(weight, f64::from(term.weight));
            let place = format!("{} {}, {}", name("input"), term.seen.row, term.seen.column);
            if term.seen.inside {
                assert_eq!(field(window, &place), f64::from(term.seen.x));
            } else {
                assert_eq!(cell(window, &place), "0");
            }
        }
    }
    let filters = conv.output().as_maps().0;
    for (i, value) in conv.y().iter().enumerate() {
        let (filter, row, column) = (i / (height * width), i / width % height, i % width);
        let name = if filters > 1 || channels > 1 { format!("output {filter}") } else { "output".to_owned() };
        let told = cell(window, &format!("{name} {row}, {column}"));
        let expected = if i <= at { exact(*value) } else { String::new() };
        assert_eq!(told, expected, "output {i}, at {at}");
    }
}

/// A number set at a control.
type Typed = (Role, &'static str, f64);

/// What a kind shows as layers.
fn chain(window: &Window) -> Chain {
    match window.state().convolution.family_shown.as_deref() {
        Some(FamilyResult::Chain(shown)) => shown.chain.clone(),
        other => panic!("{other:?}"),
    }
}
