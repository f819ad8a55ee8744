//! How the window looks: every view, dark, light and small, held against the pictures in `tests/snapshots`.
//!
//! `cargo test --features pictures --test pictures` draws without a window, by a graphics adapter in software where there
//! is one. It leaves what differs beside the picture, as `*.new.png` and `*.diff.png`. With `UPDATE_SNAPSHOTS=1` before it
//! the new pictures are taken over: look at them before they are committed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot have fails the test"
)]

#[allow(dead_code, reason = "the pictures need only a part of it")]
#[path = "ui/support/mod.rs"]
mod support;

use convlens::{
    train::TrainConfig,
    ui::{
        action::{Action, Transport},
        model::{
            display::ThemeChoice,
            selection::{MapId, Selection},
            view::ViewId,
        },
        views::VIEWS,
    },
};
use egui::{Rect, Role, Vec2, vec2};
use egui_kittest::{SnapshotResults, kittest::NodeT as _, wgpu::WgpuTestRenderer};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use std::{fs, panic::catch_unwind, path::Path};
use support::{LARGE, SMALL, Window, builder, open, options};

/// Of the small set: some epochs, and not to the end of the last, so that time is left.
const STEPS: u64 = 36;

const DARK: (&str, ThemeChoice) = ("dark", ThemeChoice::Dark);
const LIGHT: (&str, ThemeChoice) = ("light", ThemeChoice::Light);

#[test]
fn every_view_in_both_themes() {
    every_view("1600x1000", LARGE, &[DARK, LIGHT]);
}

#[test]
fn every_view_in_the_smallest_window() {
    every_view("900x600", SMALL, &[DARK]);
}

/// Draw and Network show the network that ships with the program; Train shows one that has learnt a little.
fn every_view(size_name: &str, size: Vec2, themes: &[(&str, ThemeChoice)]) {
    let mut results = SnapshotResults::new();
    let mut window = open(builder(size).with_render_cursor(false).renderer(renderer()), options());
    window.use_small_set();
    for entry in VIEWS {
        if entry.id == ViewId::Train {
            train(&mut window, STEPS);
        }
        window.act(Action::ShowView(entry.id));
        let view = entry.name.to_lowercase().replace(' ', "-");
        picture(&mut window, &view, size_name, themes, &mut results);
        if entry.id == ViewId::Network {
            // A map of the second convolution with a pixel of it.
            let map = Some(MapId { column: 4, map: 2 });
            window.act(Action::Select(Selection { map, pixel: Some((4, 5)), channel: None }));
            picture(&mut window, "network-making", size_name, themes, &mut results);
            window.act(Action::Select(Selection::default()));
        }
    }
}

/// Compares what is shown with its pictures, or takes it over.
fn picture(
    window: &mut Window,
    view: &str,
    size_name: &str,
    themes: &[(&str, ThemeChoice)],
    results: &mut SnapshotResults,
) {
    for (theme_name, theme) in themes {
        window.act(Action::SetTheme(*theme));
        window.dismiss_messages();
        hide_speed(window);
        let name = format!("{view}-{theme_name}-{size_name}");
        let result = window.h.try_snapshot(&name);
        if result.is_ok() && std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            shrink(&window.h.options().output_path.join(name).with_extension("png"));
        }
        results.add(result);
    }
}

fn renderer() -> WgpuTestRenderer {
    catch_unwind(WgpuTestRenderer::new).unwrap_or_else(|_| {
        panic!(
            "The picture tests need a graphics adapter and found none that works. \
             One in software will do: on Debian and Ubuntu, the package mesa-vulkan-drivers."
        )
    })
}

/// Step by step: how many steps the training thread would make on its own depends on the machine.
///
/// At the preset's learning rate the last bits of a sum, which processors without fused multiply-add have otherwise, grow to
/// another curve in these steps; at half of it they stay the last bits.
fn train(window: &mut Window, steps: u64) {
    let setup = window.state().setup;
    window.act(Action::EditSetup(TrainConfig { lr: setup.lr / 2.0, ..setup }));
    for step in 1..=steps {
        window.act(Action::Train(Transport::OneBatch));
        window.until("a step", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.step == step && !s.is_active())
        });
    }
}

/// Writes a picture anew, in half as many bytes as it was taken over with: each change of the look adds them to the history.
fn shrink(path: &Path) {
    let picture = image::open(path).unwrap().to_rgb8();
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::NoFilter);
    picture.write_with_encoder(encoder).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Covers the only numbers that depend on the machine: images a second, and the time that is left.
fn hide_speed(window: &mut Window) {
    let mut masks = Vec::new();
    for node in window.h.root().children_recursive() {
        let inner = node.accesskit_node();
        let width = match inner.role() {
            Role::Label => 240.0,
            Role::Cell => 80.0,
            _ => continue,
        };
        if [inner.label(), inner.value()].iter().flatten().any(|text| text.ends_with("images/s")) {
            // What has more digits begins further left: the mask must not depend on where.
            let Rect { max, .. } = node.rect();
            masks.push(Rect::from_min_max(max - vec2(width, node.rect().height()), max));
        }
    }
    let has_speed = window.state().snapshot.as_ref().is_some_and(|s| s.images_per_second > 0.0);
    assert_eq!(!masks.is_empty(), has_speed, "the numbers that have to be covered are not where they were");
    for mask in masks {
        window.h.mask(mask);
    }
}
