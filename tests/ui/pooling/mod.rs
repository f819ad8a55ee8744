//! The Pooling view: what is shown is what the layers computed, what is played goes back exactly, and what does not fit is
//! explained.

mod maps;
mod pages;
mod playing;
mod settings;
mod written;

use crate::support::Window;
use convlens::{
    explain::pooling::Pooling,
    ui::{
        action::Action,
        model::pooling::{PRESETS, PoolingSetup, PoolingSource, Study},
        widgets::number_grid::exact,
    },
};
use egui::{Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::{collections::BTreeMap, sync::Arc};

const MAX: &str = "Max";

const AVERAGE: &str = "Average";

/// The view with the numbers of an example.
fn with_example(number: usize) -> Window {
    let mut window = Window::new();
    window.tab("Pooling");
    choose(&mut window, |choice| {
        choice.source = PoolingSource::Numbers;
        PRESETS[number].choose(choice);
    });
    window
}

fn choose(window: &mut Window, change: impl FnOnce(&mut PoolingSetup)) {
    let mut choice = window.state().settings.pooling.clone();
    change(&mut choice);
    window.act(Action::EditPooling(choice));
}

fn study(window: &Window) -> Arc<Study> {
    window.state().pooling.study.clone().expect("there is a picture")
}

fn average(study: &Study) -> &Pooling {
    study.average.as_ref().expect("there is a mean")
}

/// All cells of a grid that a screen reader is told of: by (row, column).
fn cells(window: &Window, grid: &str) -> BTreeMap<(isize, isize), String> {
    let mut found = BTreeMap::new();
    for node in window.h.query_all_by_role(Role::Cell).chain(window.h.query_all_by_role(Role::SpinButton)) {
        let Some(label) = node.accesskit_node().label() else { continue };
        let Some(place) = label.strip_prefix(grid).and_then(|place| place.strip_prefix(' ')) else {
            continue;
        };
        let Some((row, column)) = place.split_once(", ") else { continue };
        if let (Ok(row), Ok(column)) = (row.parse(), column.parse()) {
            let number = node.accesskit_node().numeric_value().map(|value| exact(value as f32));
            found.insert((row, column), number.or(node.value()).unwrap_or_default());
        }
    }
    found
}

/// Compares a grid with values, row by row.
#[track_caller]
fn assert_grid(window: &Window, grid: &str, values: &[f32], columns: usize) {
    let cells = cells(window, grid);
    assert_eq!(cells.len(), values.len(), "{grid}: {cells:?}");
    for (i, value) in values.iter().enumerate() {
        let place = ((i / columns) as isize, (i % columns) as isize);
        assert_eq!(cells[&place], exact(*value), "{grid} {place:?}");
    }
}

/// Everything that a screen reader finds in the window.
fn all_texts(window: &Window) -> Vec<String> {
    let nodes = window.h.root().children_recursive();
    nodes
        .map(|node| {
            let inner = node.accesskit_node();
            format!("{:?} {:?} {:?} {:?}", inner.role(), inner.label(), node.value(), inner.numeric_value())
        })
        .collect()
}

fn step(window: &Window) -> String {
    window.value(Role::Status, "Step of windows")
}

/// Clicks in a grid, at the middle of a cell.
fn click_cell(
    window: &mut Window,
    grid: &str,
    (rows, columns): (usize, usize),
    (row, column): (usize, usize),
) {
    let rect = window.h.get_by_role_and_label(Role::Grid, grid).rect();
    let share = vec2((column as f32 + 0.5) / columns as f32, (row as f32 + 0.5) / rows as f32);
    let place = rect.lerp_inside(share);
    window.h.hover_at(place);
    window.settle();
    window.h.drag_at(place);
    window.h.drop_at(place);
    window.settle();
}
