//! What must hold wherever the widgets are: inside the window, not over each other, legible.

use super::Window;
use egui::{Id, Rect, Role, Shape};
use egui_kittest::{Node, kittest::NodeT as _};

/// Fractions of a point are nobody's business.
const TOLERANCE: f32 = 1.0;

/// What a panel leaves free at the window's edges, in points: a window as small as can be leaves less.
const MARGINS: [f32; 2] = [16.0, 12.0];

/// Panels are narrow in a window below this width, in points.
const NARROW: f32 = 1160.0;

/// A widget as it stands in the window.
struct Placed {
    role: Role,
    name: String,
    /// All of it.
    rect: Rect,
    /// What of it is not cut off.
    visible: Rect,
    /// Whether it can be scrolled to, sideways and up and down.
    is_scrolled: [bool; 2],
    is_floating: bool,
}

impl Placed {
    fn is_control(&self) -> bool {
        matches!(
            self.role,
            Role::Button
                | Role::RadioButton
                | Role::Tab
                | Role::ComboBox
                | Role::Slider
                | Role::SpinButton
                | Role::TextInput
                | Role::Canvas
                | Role::Alert
        )
    }

    fn is_text(&self) -> bool {
        matches!(self.role, Role::Label | Role::Cell | Role::Status | Role::Meter)
    }
}

/// The most frames to wait for two that agree.
const AGREE: usize = 20;

/// Where each control is whose role and name no other one has, except in messages and popups.
pub(crate) fn controls(window: &Window) -> Vec<(String, Rect)> {
    let all = widgets(window).into_iter().filter(|widget| widget.is_control() && !widget.is_floating);
    let all: Vec<(String, Rect)> =
        all.map(|widget| (format!("{:?} “{}”", widget.role, widget.name), widget.rect)).collect();
    let is_one = |name: &str| all.iter().filter(|(other, _)| other == name).count() == 1;
    all.iter().filter(|(name, _)| is_one(name)).cloned().collect()
}

/// A list of what is wrong with the places of the window's widgets.
pub(crate) fn faults(window: &mut Window, what: &str) -> Vec<String> {
    faults_with(window, what, 9)
}

/// The same in a window that has at least so many controls.
pub(crate) fn faults_with(window: &mut Window, what: &str, least: usize) -> Vec<String> {
    // What egui remembers of widgets outside a frame can be of a pass that was discarded, as when a thread's news
    // changes a width in this very frame. Two frames that agree are what a person sees.
    let mut found = widgets(window);
    for _ in 0..AGREE {
        window.h.step();
        let before = std::mem::replace(&mut found, widgets(window));
        if before.iter().map(|widget| widget.rect).eq(found.iter().map(|widget| widget.rect)) {
            break;
        }
    }
    let screen = window.h.ctx.content_rect();
    let widgets = found;
    assert!(
        widgets.iter().filter(|widget| widget.is_control()).count() >= least,
        "{what}: hardly any controls"
    );
    let mut faults = Vec::new();
    for widget in &widgets {
        let Placed { role, name, rect, visible, is_scrolled, .. } = widget;
        let mut fault = |text: &str| faults.push(format!("{what}: {role:?} “{name}” {text}: {rect:?}"));
        if !rect.is_finite() || rect.width() < 0.0 || rect.height() < 0.0 {
            fault("has no place");
            continue;
        }
        let inside = screen.expand(TOLERANCE);
        if !is_scrolled[0] && (rect.left() < inside.left() || rect.right() > inside.right()) {
            fault("is beyond the window's side");
        }
        if !is_scrolled[1] && (rect.top() < inside.top() || rect.bottom() > inside.bottom()) {
            fault("is beyond the window's upper or lower edge");
        }
        if is_beyond_margin(widget, screen) {
            fault("is in the panel's margin");
        }
        let is_cut = |i: usize| !is_scrolled[i] && rect.size()[i] > visible.size()[i] + TOLERANCE;
        if is_cut(0) || is_cut(1) {
            fault(&format!("is cut off to {visible:?}"));
        }
    }
    let lying = widgets.iter().filter(|widget| !widget.is_floating && widget.visible.is_positive());
    let lying: Vec<&Placed> = lying.filter(|widget| widget.is_control() || widget.is_text()).collect();
    for (i, a) in lying.iter().enumerate() {
        for b in &lying[i + 1..] {
            let common = a.visible.intersect(b.visible).shrink(TOLERANCE);
            if common.is_positive() {
                let [first, second] = [a, b].map(|w| format!("{:?} “{}” {:?}", w.role, w.name, w.visible));
                faults.push(format!("{what}: {first} and {second} are over each other"));
            }
        }
    }
    faults
}

/// The texts of which a part is left out, as they are painted.
pub(crate) fn cut_texts(window: &Window) -> Vec<String> {
    fn cut(shape: &Shape, found: &mut Vec<String>) {
        match shape {
            Shape::Text(text) if text.galley.elided => found.push(text.galley.text().to_owned()),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| cut(shape, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    window.h.output().shapes.iter().for_each(|clipped| cut(&clipped.shape, &mut found));
    found
}

/// Whether the content of the panel at the right is wider than the panel, so that it reaches into its margin.
fn is_beyond_margin(widget: &Placed, screen: Rect) -> bool {
    let margin = MARGINS[usize::from(screen.width() < NARROW)];
    let is_of_panel = !widget.is_floating && (widget.is_control() || widget.is_text());
    is_of_panel && !widget.is_scrolled[0] && widget.visible.right() > screen.right() - margin + TOLERANCE
}

fn widgets(window: &Window) -> Vec<Placed> {
    let nodes = window.h.root().children_recursive().filter(|node| !node.accesskit_node().is_hidden());
    nodes.filter_map(|node| placed(window, &node)).collect()
}

fn placed(window: &Window, node: &Node<'_>) -> Option<Placed> {
    let inner = node.accesskit_node();
    let role = inner.role();
    // Surroundings without a name are no widgets, and a bar that scrolls lies over what it scrolls.
    let is_widget = !matches!(
        role,
        Role::GenericContainer | Role::Pane | Role::Window | Role::Unknown | Role::ScrollBar | Role::Dialog
    );
    inner.bounding_box().filter(|_| is_widget)?;
    let name = inner.label().or_else(|| inner.value()).unwrap_or_default();
    let id: Id = serde_json::from_value(inner.locate().0.0.into()).ok()?;
    let egui::Response { rect, interact_rect: visible, .. } = window.h.ctx.read_response(id)?;
    let mut is_scrolled = [false; 2];
    let mut is_floating = role == Role::Alert;
    let mut parent = node.parent();
    while let Some(above) = parent {
        for bar in above.children().filter(|child| child.accesskit_node().role() == Role::ScrollBar) {
            let bar = bar.rect();
            is_scrolled[usize::from(bar.height() > bar.width())] = true;
        }
        is_floating |= matches!(above.accesskit_node().role(), Role::Dialog | Role::Menu | Role::Tooltip);
        parent = above.parent();
    }
    Some(Placed { role, name, rect, visible, is_scrolled, is_floating })
}
