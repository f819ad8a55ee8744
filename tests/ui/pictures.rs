//! How the window looks: every view, dark, light and small, compared with the pictures in `tests/snapshots`.
//!
//! Where a picture differs, the new one and the difference are written beside it, as `*.new.png` and `*.diff.png`.
//! `UPDATE_SNAPSHOTS=1 cargo test --test ui pictures` replaces the pictures by the new ones: look at them before they are
//! committed.

use crate::support::{LARGE, SMALL, Window, builder, open, options};
use convlens::{
    text::Language,
    train::TrainConfig,
    ui::{
        action::{Action, Transport},
        model::{
            display::ThemeChoice,
            selection::{MapId, Selection},
            view::ViewId,
        },
        offscreen,
        views::VIEWS,
    },
};
use egui::{Context, FullOutput, Rect, Role, TexturesDelta, Vec2, vec2};
use egui_kittest::{SnapshotResults, TestRenderer, kittest::NodeT as _};
use image::{
    RgbaImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use std::{fs, path::Path};

/// Of the small set: some epochs, and not to the end of the last, so that time is left.
const STEPS: u64 = 36;

const DARK: (&str, ThemeChoice) = ("dark", ThemeChoice::Dark);
const LIGHT: (&str, ThemeChoice) = ("light", ThemeChoice::Light);

#[test]
fn every_view_in_both_themes() {
    every_view("1600x1000", LARGE, &[DARK, LIGHT], Language::ENGLISH);
}

#[test]
fn every_view_in_the_smallest_window() {
    every_view("900x600", SMALL, &[DARK], Language::ENGLISH);
}

#[test]
fn every_view_in_chinese() {
    every_view("1600x1000-zh", LARGE, &[DARK], Language::of_code("zh").unwrap());
}

#[test]
fn every_view_in_chinese_in_the_smallest_window() {
    every_view("900x600-zh", SMALL, &[LIGHT], Language::of_code("zh").unwrap());
}

/// Draw and Network show the network that ships with the program; Train shows one that has learnt a little.
fn every_view(size_name: &str, size: Vec2, themes: &[(&str, ThemeChoice)], language: Language) {
    let mut results = SnapshotResults::new();
    let mut window = open(builder(size).with_render_cursor(false).renderer(Renderer::default()), options());
    window.act(Action::SetLanguage(language));
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

/// The same pixels on every machine.
#[derive(Default)]
pub(crate) struct Renderer(offscreen::Renderer);

impl TestRenderer for Renderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.update_textures(delta);
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let pixels_per_point = ctx.pixels_per_point();
        let [width, height] = (ctx.content_rect().size() * pixels_per_point).into();
        let size = [width.round() as usize, height.round() as usize];
        let primitives = ctx.tessellate(output.shapes.clone(), pixels_per_point);
        let image = self.0.paint(size, pixels_per_point, &primitives);
        RgbaImage::from_raw(size[0] as u32, size[1] as u32, image.as_raw().to_vec())
            .ok_or_else(|| format!("no picture of {size:?}"))
    }
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
        if [inner.label(), inner.value()]
            .iter()
            .flatten()
            .any(|text| text.to_lowercase().ends_with("images/s") || text.ends_with("张/秒"))
        {
            // What has more digits begins further left: the mask must not depend on where.
            let Rect { max, .. } = node.rect();
            masks.push(Rect::from_min_max(max - vec2(width, node.rect().height()), max));
        }
    }
    let has_speed = window.state().snapshot.as_ref().is_some_and(|s| s.images_per_second > 0.0);
    // In a narrow window, the timeline takes their room.
    let is_narrow = window.h.ctx.content_rect().width() < 1160.0;
    let is_covered = if is_narrow { has_speed || masks.is_empty() } else { has_speed != masks.is_empty() };
    assert!(is_covered, "the numbers that have to be covered are not where they were");
    for mask in masks {
        window.h.mask(mask);
    }
}
