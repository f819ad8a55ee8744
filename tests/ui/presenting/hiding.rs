//! Hidden controls.

use super::present;
use crate::support::{LARGE, Window, builder, open, options};
use convlens::ui::{
    Options,
    action::{Action, Transport},
    model::{hidden::HiddenControl, presenting::PresentAct, view::ViewId},
};
use egui::{Key, Modifiers, Role, pos2};
use egui_kittest::kittest::Queryable as _;

fn control(role: &str, name: &str) -> HiddenControl {
    HiddenControl { role: role.into(), name: name.into(), number: 0 }
}

/// Clicks where the control is, as a person does.
fn click_on(window: &mut Window, role: Role, name: &str) {
    let place = window.h.get_by_role_and_label(role, name).rect().center();
    window.h.hover_at(place);
    window.settle();
    window.click_at(place);
}

#[test]
fn a_click_hides_a_control_and_another_click_shows_it_again() {
    let mut window = Window::with_data(LARGE);
    window.button("Display");
    window.h.get_by(|node| node.label().is_some_and(|label| label.contains("Hide…"))).click();
    window.settle();
    assert!(window.state().presenting.is_hiding && window.shows("Click what is to be hidden"));
    click_on(&mut window, Role::Button, "Reset");
    click_on(&mut window, Role::Button, "1 batch");
    assert_eq!(window.state().settings.hidden, [control("Button", "Reset"), control("Button", "1 batch")]);
    assert!(window.shows("2 hidden"));
    assert!(window.state().snapshot.as_ref().is_some_and(|s| s.step == 0), "the click only hides");
    click_on(&mut window, Role::Button, "Reset");
    assert_eq!(window.state().settings.hidden, [control("Button", "1 batch")]);
    window.key(Modifiers::NONE, Key::Escape);
    assert!(!window.state().presenting.is_hiding);
    // It takes the pointer.
    click_on(&mut window, Role::Button, "1 batch");
    window.h.run_steps(30);
    assert!(window.state().snapshot.as_ref().is_some_and(|s| s.step == 0 && !s.is_active()));
    // The count shows all.
    let count = window.h.get_by(|node| node.label().is_some_and(|label| label.contains("1 hidden")));
    let place = count.rect().center();
    window.click_at(place);
    assert!(window.state().settings.hidden.is_empty() && !window.shows("hidden"));
    click_on(&mut window, Role::Button, "1 batch");
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1));
}

#[test]
fn a_hidden_control_shows_its_value_as_text() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::ShowView(ViewId::Train));
    present(&mut window, PresentAct::Hide(control("SpinButton", "Batch size")));
    window.settle();
    let batch = window.state().setup.batch.to_string();
    assert_eq!(window.value(Role::Status, "Hidden: Batch size"), batch);
    let cover = window.h.get_by_role_and_label(Role::Status, "Hidden: Batch size").rect();
    let field = window.h.get_by_role_and_label(Role::SpinButton, "Batch size").rect();
    assert!(cover.contains_rect(field), "{cover:?} {field:?}");
    // A click on it does not begin to type.
    window.click_at(field.center());
    assert!(!window.h.ctx.text_edit_focused());
    // It follows what changes.
    let setup = window.state().setup;
    window.act(Action::EditSetup(convlens::train::TrainConfig { batch: 48, ..setup }));
    window.settle();
    assert_eq!(window.value(Role::Status, "Hidden: Batch size"), "48");
    // Of a menu, what is chosen.
    present(&mut window, PresentAct::Hide(control("ComboBox", "Network menu")));
    window.settle();
    let name = window.state().network.network.spec().name.clone();
    assert_eq!(window.value(Role::Status, "Hidden: Network menu"), name);
}

/// Every control that can be chosen can be hidden, without a line of code for each.
#[test]
fn any_control_of_any_view_can_be_hidden() {
    for (view, role, name, kind) in [
        (ViewId::Draw, Role::Slider, "Brush size", "Slider"),
        (ViewId::Draw, Role::Canvas, "Drawing canvas", "Canvas"),
        (ViewId::Convolution, Role::RadioButton, "Photo", "RadioButton"),
        (ViewId::Convolution, Role::Button, "Step forward", "Button"),
        (ViewId::Pooling, Role::RadioButton, "Gradient", "RadioButton"),
        (ViewId::Network, Role::RadioButton, "Gradients", "RadioButton"),
        (ViewId::Train, Role::Tab, "Pooling", "Tab"),
    ] {
        let mut window = Window::with_data(LARGE);
        window.act(Action::ShowView(view));
        present(&mut window, PresentAct::Hiding(true));
        click_on(&mut window, role, name);
        assert_eq!(window.state().settings.hidden, [control(kind, name)], "{view:?}");
        window.key(Modifiers::NONE, Key::Escape);
        let cover = window.h.get_by_role_and_label(Role::Status, &format!("Hidden: {name}")).rect();
        let place = window.h.get_by_role_and_label(role, name).rect();
        assert!(cover.contains_rect(place.shrink(1.0)), "{name}: {cover:?} {place:?}");
    }
}

/// *Play* becomes *Pause*: it is the same button.
#[test]
fn a_control_that_changes_its_name_stays_hidden() {
    let mut window = Window::new();
    window.act(Action::ShowView(ViewId::Convolution));
    present(&mut window, PresentAct::Hide(control("Button", "Play the steps")));
    window.settle();
    let name = "Hidden: Play the steps";
    assert!(window.h.query_by_role_and_label(Role::Status, name).is_some());
    window.h.key_press(Key::Space);
    window.h.run_steps(5);
    assert!(window.state().is_playing());
    assert!(window.h.query_by_role_and_label(Role::Status, name).is_some());
}

#[test]
fn what_is_hidden_is_kept_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || Options { settings_path: Some(folder.path().join("settings.json")), ..options() };
    let mut window = open(builder(LARGE), kept());
    present(&mut window, PresentAct::Hide(control("Button", "Reset")));
    window.close();
    let mut window = open(builder(LARGE), kept());
    window.settle();
    assert!(window.shows("1 hidden"));
    assert!(window.h.query_by_role_and_label(Role::Status, "Hidden: Reset").is_some());
    window.act(Action::Train(Transport::Pause));
}

/// A panel is hidden by a click beside its controls; the view has its room then.
#[test]
fn a_panel_can_be_hidden() {
    let mut window = Window::new();
    window.act(Action::ShowView(ViewId::Convolution));
    let width = |window: &Window| window.h.get_by_role_and_label(Role::Button, "Loop").rect().right();
    let before = width(&window);
    present(&mut window, PresentAct::Hiding(true));
    // In the margin of the panel at the right.
    let place = pos2(LARGE.x - 4.0, 500.0);
    window.h.hover_at(place);
    window.settle();
    window.click_at(place);
    assert_eq!(window.state().settings.hidden, [control("Panel", "settings")]);
    assert!(width(&window) > before + 300.0);
    assert!(window.shows("1 hidden"));
    present(&mut window, PresentAct::ShowAll);
    assert_eq!(width(&window), before);
}
