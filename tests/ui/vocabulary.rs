//! One vocabulary: every setting is explained where it is shown, and nothing is spelt in two ways.

use crate::support::Window;
use convlens::{text::Term, ui::views::VIEWS};
use egui::{Rect, Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::collections::{BTreeMap, BTreeSet};

/// So high that no panel scrolls.
const HIGH: egui::Vec2 = vec2(1600.0, 2400.0);

/// Where the views and their panels are: below the top bar, and above the timeline and the status bar, in points.
const CONTENT: std::ops::Range<f32> = 64.0..2300.0;

/// What a person sets something with.
const CONTROLS: [Role; 4] = [Role::SpinButton, Role::CheckBox, Role::ComboBox, Role::Slider];

/// The pages with settings.
fn pages() -> [(&'static str, &'static [(Role, &'static str)]); 9] {
    [
        ("Convolution", &[(Role::RadioButton, "Numbers")]),
        ("Convolution", &[(Role::RadioButton, "Photo")]),
        ("Convolution", &[(Role::RadioButton, "Network layer")]),
        ("Convolution", &[(Role::RadioButton, "Family"), (Role::Button, "Transposed")]),
        ("Pooling", &[(Role::RadioButton, "Numbers"), (Role::CheckBox, "Square")]),
        ("Pooling", &[(Role::RadioButton, "Feature map")]),
        ("Train", &[]),
        ("Architecture", &[(Role::Row, "conv2d 0")]),
        ("Architecture", &[(Role::Row, "input")]),
    ]
}

/// The names and places of what has one of these roles in the view and its panel.
fn named(window: &Window, roles: &[Role]) -> Vec<(String, Rect)> {
    let nodes = window.h.query_all_by(|node| roles.contains(&node.role()));
    nodes
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
        .filter(|(_, rect)| CONTENT.contains(&rect.center().y))
        .collect()
}

#[test]
fn every_setting_has_a_tooltip() {
    let mut window = Window::sized(HIGH);
    window.h.ctx.all_styles_mut(|style| {
        style.interaction.tooltip_delay = 0.0;
        style.interaction.show_tooltips_only_when_still = false;
    });
    let mut explained = BTreeSet::new();
    let mut faults = Vec::new();
    for (view, clicks) in pages() {
        window.tab(view);
        for (role, name) in clicks {
            window.click(*role, name);
        }
        if view == "Train" {
            window.choose("Augmentation", "for digits");
        }
        let labels = named(&window, &[Role::Label]);
        let is_cell = |name: &str| name.contains(", ") && name.ends_with(|c: char| c.is_ascii_digit());
        let controls = named(&window, &CONTROLS).into_iter();
        // The cells of grids are data, and the bar plays the animation.
        for (name, place) in controls.filter(|(name, _)| !is_cell(name) && !name.starts_with("Scrub")) {
            // The control itself, or its label at the left of the row.
            let label = labels.iter().filter(|(_, rect)| {
                place.y_range().contains(rect.center().y)
                    && rect.right() < place.left()
                    && rect.left() > place.left() - 320.0
            });
            let label = label.min_by(|(_, a), (_, b)| a.left().total_cmp(&b.left()));
            let has_tooltip = [Some(place), label.map(|(_, rect)| *rect)].into_iter().flatten().any(|rect| {
                window.h.hover_at(rect.center());
                window.h.run_steps(3);
                let shown = window.h.query_all_by_role(Role::Tooltip).count() > 0;
                window.h.remove_cursor();
                window.h.run_steps(2);
                shown
            });
            if !has_tooltip {
                faults.push(format!("{view}: {name} at {place}"));
            }
            explained.insert(name);
        }
    }
    assert!(faults.is_empty(), "without a tooltip: {faults:#?}");
    for term in [
        Term::Stride,
        Term::Dilation,
        Term::Relu,
        Term::Momentum,
        Term::WeightDecay,
        Term::WarmUp,
        Term::Clipping,
        Term::CeilMode,
    ] {
        assert!(explained.contains(term.label()), "{term:?} is not among {explained:?}");
    }
}

#[test]
fn no_label_is_spelt_in_two_ways() {
    let mut window = Window::sized(HIGH);
    let mut spellings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let roles = [&CONTROLS[..], &[Role::Label, Role::Cell, Role::RadioButton]].concat();
    let mut note = |window: &Window| {
        for (name, _) in named(window, &roles) {
            spellings.entry(name.to_lowercase()).or_default().insert(name);
        }
    };
    for entry in VIEWS {
        window.tab(entry.name);
        note(&window);
    }
    for (view, clicks) in pages() {
        window.tab(view);
        for (role, name) in clicks {
            window.click(*role, name);
        }
        note(&window);
    }
    for page in ["Gradient", "Shift", "Information lost"] {
        window.tab("Pooling");
        window.click(Role::RadioButton, page);
        note(&window);
    }
    let terms: BTreeMap<_, _> =
        Term::ALL.iter().map(|term| (term.label().to_lowercase(), term.label())).collect();
    let mut seen = 0;
    let mut faults = Vec::new();
    for (name, ways) in &spellings {
        let Some(&label) = terms.get(name) else { continue };
        seen += 1;
        if ways.iter().any(|way| way != label) {
            faults.push(format!("{label} is also written {ways:?}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(seen > 40, "only {seen} labels are terms");
}
