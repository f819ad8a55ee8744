//! How the window looks: every view, dark and light, large and small, compared with the pictures in `tests/snapshots`.
//!
//! Run with `cargo test --features pictures --test pictures`; a graphics adapter in software will do. When the look was
//! changed on purpose, `UPDATE_SNAPSHOTS=1` before it takes the new pictures over.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot have fails the test"
)]

mod ui_support;

use convlens::ui::{
    action::{Action, FileKind, NetworkChoice, Transport},
    settings::ThemeChoice,
    views::{VIEWS, ViewId},
};
use egui::{Rect, Role, Vec2};
use egui_kittest::{
    SnapshotResults,
    kittest::{NodeT as _, Queryable as _},
};
use ui_support::{LARGE, SMALL, Window, builder, open, options, small_set, write_set};

const SIZES: [(&str, Vec2); 2] = [("1600x1000", LARGE), ("900x600", SMALL)];
const THEMES: [(&str, ThemeChoice); 2] = [("dark", ThemeChoice::Dark), ("light", ThemeChoice::Light)];

/// A window whose every number is the same on every run: some steps of a small set, by one thread.
fn window(size: Vec2) -> Window {
    let mut window = open(builder(size).with_render_cursor(false).wgpu(), options());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small");
    write_set(&path, &small_set());
    window.act(Action::UseFile(FileKind::DataSet, path));
    window.until("the run is loaded", |state| state.snapshot.is_some());
    window
}

fn train(window: &mut Window, steps: u64) {
    for step in 1..=steps {
        window.act(Action::Train(Transport::OneBatch));
        window.until("a step", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.step == step && !s.is_active())
        });
    }
    window.dismiss_messages();
}

/// What depends on the machine's speed.
fn mask(window: &mut Window) {
    let is_speed = |text: &str| text.ends_with("images/s") || text.ends_with(" left");
    let mut places: Vec<Rect> = Vec::new();
    for node in window.h.root().children_recursive() {
        let inner = node.accesskit_node();
        let texts = [inner.label(), inner.value()];
        let is_widget = matches!(inner.role(), Role::Label | Role::Cell);
        if is_widget && texts.iter().flatten().any(|text| is_speed(text)) {
            places.push(node.rect());
        }
    }
    for place in places {
        // Another speed is a text of another width.
        window.h.mask(place.expand2(egui::vec2(60.0, 2.0)));
    }
}

#[track_caller]
fn shoot(window: &mut Window, name: &str, results: &mut SnapshotResults) {
    window.h.remove_cursor();
    window.h.run_steps(3);
    mask(window);
    results.add(window.h.try_snapshot(name));
}

#[test]
fn every_view() {
    let mut results = SnapshotResults::new();
    for (size_name, size) in SIZES {
        let mut window = window(size);
        for entry in VIEWS {
            // Draw and Network show the network that ships with the program, the others one that has learnt a little.
            let is_trained = matches!(entry.id, ViewId::Draw | ViewId::Network);
            if !is_trained && window.state().snapshot.as_ref().is_some_and(|s| s.step == 0) {
                train(&mut window, 30);
            } else if is_trained {
                window.act(Action::ChooseNetwork(NetworkChoice::Shipped));
                window.until("the run", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 0));
            }
            for (theme_name, theme) in THEMES {
                window.act(Action::SetTheme(theme));
                window.act(Action::ShowView(entry.id));
                let name = entry.name.to_lowercase().replace(' ', "-");
                shoot(&mut window, &format!("{name}-{theme_name}-{size_name}"), &mut results);
            }
        }
    }
}

#[test]
fn states_that_are_seen_less_often() {
    let mut results = SnapshotResults::new();
    for (theme_name, theme) in THEMES {
        let mut window = window(LARGE);
        window.act(Action::SetTheme(theme));
        window.act(Action::ClearDrawing);
        shoot(&mut window, &format!("empty-canvas-{theme_name}"), &mut results);
        window.act(Action::NextSample);
        shoot(&mut window, &format!("sample-{theme_name}"), &mut results);
        window.act(Action::UseFile(FileKind::Picture, "/no/such/picture.png".into()));
        shoot(&mut window, &format!("message-{theme_name}"), &mut results);
        window.dismiss_messages();
        window.act(Action::AskForFile(FileKind::DataSet));
        shoot(&mut window, &format!("question-{theme_name}"), &mut results);
        window.act(Action::CancelFile);
        window.click(Role::ComboBox, "Network menu");
        shoot(&mut window, &format!("network-menu-{theme_name}"), &mut results);
    }
}
