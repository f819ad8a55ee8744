//! Every control that is shown, as a screen reader sees it: what can be hidden, and its value as text.

use crate::{
    text::english_name,
    ui::{model::hidden::HiddenControl, widgets::numbers},
};
use egui::{
    Context, FullOutput, Id, Plugin, Rect, Role, Shape,
    accesskit::{Node, Toggled},
};

/// A control that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenControl {
    /// Its identity in this window.
    pub id: Id,
    /// Its kind and name.
    pub control: HiddenControl,
    /// Its value as text; empty if it has none, like a button.
    pub value: String,
}

/// The controls of the last frame. Kept up only while [`Seen::watch`] says so.
#[derive(Default)]
pub struct Seen {
    controls: Vec<SeenControl>,
    is_watching: bool,
}

impl Seen {
    /// Begins or ends to keep up with what is shown.
    pub fn watch(ctx: &Context, is_watching: bool) {
        if ctx.plugin_opt::<Self>().is_none() {
            if !is_watching {
                return;
            }
            ctx.add_plugin(Self::default());
        }
        let seen = ctx.plugin::<Self>();
        let was_watching = std::mem::replace(&mut seen.lock().is_watching, is_watching);
        if is_watching {
            // A screen reader that goes away turns the tree off.
            ctx.enable_accesskit();
        }
        if is_watching && !was_watching {
            ctx.request_repaint();
        }
    }

    /// The controls of the last frame.
    pub fn controls(ctx: &Context) -> Vec<SeenControl> {
        ctx.plugin_opt::<Self>().map(|seen| seen.lock().controls.clone()).unwrap_or_default()
    }
}

impl Plugin for Seen {
    fn debug_name(&self) -> &'static str {
        "seen controls"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        if !self.is_watching {
            return;
        }
        let Some(update) = &output.platform_output.accesskit_update else { return };
        let mut controls: Vec<SeenControl> = Vec::new();
        for (node_id, node) in &update.nodes {
            if !can_be_hidden(node.role()) {
                continue;
            }
            let Some(id) =
                serde_json::to_value(node_id.0).ok().and_then(|id| serde_json::from_value(id).ok())
            else {
                continue;
            };
            // What is hidden stays hidden in any language.
            let name = english_name(node.label().unwrap_or_default(), true);
            let role = format!("{:?}", node.role());
            let is_same = |other: &&SeenControl| other.control.role == role && other.control.name == name;
            let number = controls.iter().filter(is_same).count();
            let value = value(node).unwrap_or_else(|| painted(ctx, output, id));
            controls.push(SeenControl { id, control: HiddenControl { role, name, number }, value });
        }
        if controls != self.controls {
            self.controls = controls;
            ctx.request_repaint();
        }
    }
}

/// Text is not a control, and surroundings have nothing to hide.
fn can_be_hidden(role: Role) -> bool {
    !matches!(
        role,
        Role::Label
            | Role::Heading
            | Role::GenericContainer
            | Role::Pane
            | Role::Window
            | Role::Unknown
            | Role::ScrollBar
            | Role::ScrollView
            | Role::Dialog
            | Role::Menu
            | Role::Tooltip
            | Role::Alert
            | Role::TextRun
    )
}

/// The value of a node as text, empty if it has none; `None` if it is the text that is painted in it.
fn value(node: &Node) -> Option<String> {
    if let Some(text) = node.value() {
        return Some(text.to_owned());
    }
    if let Some(number) = node.numeric_value() {
        return Some(numbers::decimal(number));
    }
    // Of choices, the chosen one is the value.
    let is_chosen = node.toggled() == Some(Toggled::True);
    let has_value = match node.role() {
        Role::ComboBox | Role::SpinButton | Role::TextInput => true,
        _ => is_chosen,
    };
    (!has_value).then(String::new)
}

/// The text that is painted in a control, without icons.
fn painted(ctx: &Context, output: &FullOutput, id: Id) -> String {
    let Some(rect) = ctx.read_response(id).map(|response| response.rect) else { return String::new() };
    let mut texts = Vec::new();
    for clipped in &output.shapes {
        collect(&clipped.shape, rect, &mut texts);
    }
    texts.join(" ")
}

fn collect(shape: &Shape, rect: Rect, texts: &mut Vec<String>) {
    match shape {
        Shape::Text(text) if rect.contains(text.visual_bounding_rect().center()) => {
            let is_icon = |c: char| ('\u{e000}'..='\u{f8ff}').contains(&c);
            let text: String = text.galley.text().chars().filter(|c| !is_icon(*c)).collect();
            if !text.trim().is_empty() {
                texts.push(text.trim().to_owned());
            }
        }
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, rect, texts)),
        _ => {}
    }
}
