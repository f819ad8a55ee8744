//! A photograph, and a picture that was opened, looks the same in both themes; a drawing is ink on the theme's paper.

use crate::{
    pictures::Renderer,
    support::{LARGE, ONE, Window, builder, open, options, small_set, write_picture},
};
use convlens::ui::{
    action::Action,
    model::{
        convolution::{ConvolutionSource, act::ConvolutionAct},
        display::ThemeChoice,
        file_kind::FileKind,
        pooling::{PoolingSetup, PoolingSource},
        view::ViewId,
    },
    style::picture::PictureGround,
};
use egui::{Rect, Role, vec2};
use egui_kittest::kittest::Queryable as _;
use std::path::{Path, PathBuf};

const THEMES: [ThemeChoice; 2] = [ThemeChoice::Dark, ThemeChoice::Light];

fn window() -> Window {
    open(builder(LARGE).with_render_cursor(false).renderer(Renderer::default()), options())
}

/// A digit, dark on bright or the other way round.
fn digit(folder: &Path, is_dark: bool) -> PathBuf {
    let path = write_picture(folder.join("digit.png"), &small_set(), 0, 4);
    if !is_dark {
        let mut picture = image::open(&path).unwrap().to_luma8();
        image::imageops::invert(&mut picture);
        picture.save(&path).unwrap();
    }
    path
}

/// The mean brightness of a part of the window, 0 to 255.
fn brightness(window: &mut Window, part: Rect) -> f32 {
    let picture = window.h.render().unwrap();
    let (min, max) = (part.min, part.max);
    let pixels = (min.y as u32..max.y as u32).flat_map(|y| (min.x as u32..max.x as u32).map(move |x| (x, y)));
    let greys: Vec<f32> = pixels.map(|(x, y)| f32::from(picture.get_pixel(x, y).0[1])).collect();
    greys.iter().sum::<f32>() / greys.len() as f32
}

/// Where the current image is shown in each view.
fn places(window: &mut Window) -> Vec<(&'static str, Rect)> {
    let tile = window.h.get_by_role_and_label(Role::Image, "Current image").rect();
    let mut places = vec![("the shell", tile)];
    if window.state().settings.view == ViewId::Draw {
        places.push(("the canvas", window.h.get_by_role_and_label(Role::Canvas, "Drawing canvas").rect()));
    }
    places
}

#[test]
fn an_opened_picture_keeps_its_ground_in_both_themes() {
    let folder = tempfile::tempdir().unwrap();
    for is_dark in [true, false] {
        let mut window = window();
        window.act(Action::UseFile(FileKind::Picture, digit(folder.path(), is_dark)));
        let ground = if is_dark { PictureGround::White } else { PictureGround::Black };
        assert_eq!(window.state().image.ground, ground);
        for view in [ViewId::Draw, ViewId::Network, ViewId::Convolution, ViewId::Pooling, ViewId::Train] {
            window.act(Action::ShowView(view));
            for theme in THEMES {
                window.act(Action::SetTheme(theme));
                for (place, rect) in places(&mut window) {
                    let mean = brightness(&mut window, rect);
                    assert_eq!(mean > 128.0, is_dark, "{view:?}, {theme:?}, {place}: {mean}");
                }
            }
        }
    }
}

#[test]
fn the_grids_of_a_picture_keep_its_ground() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window();
    window.act(Action::UseFile(FileKind::Picture, digit(folder.path(), true)));
    let bright = |window: &mut Window, name: &str, what: &str| {
        for theme in THEMES {
            window.act(Action::SetTheme(theme));
            // A corner, where there is no ink.
            let rect = window.h.get_by_label(name).rect();
            let mean = brightness(window, Rect::from_min_size(rect.min, rect.size() / 8.0).shrink(3.0));
            assert!(mean > 128.0, "{what}, {theme:?}: {mean}");
        }
    };
    window.act(Action::ShowView(ViewId::Pooling));
    let setup = PoolingSetup { source: PoolingSource::Image, ..PoolingSetup::default() };
    window.act(Action::EditPooling(setup));
    bright(&mut window, "map", "Pooling");
}

#[test]
fn a_photograph_is_no_negative_in_either_theme() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("halves.png");
    image::GrayImage::from_fn(64, 64, |x, _| image::Luma([if x < 32 { 0 } else { 255 }]))
        .save(&path)
        .unwrap();
    let mut window = window();
    window.act(Action::ShowView(ViewId::Convolution));
    window.act(Action::UseFile(FileKind::Photograph, path));
    assert_eq!(window.state().convolution.setup.source, ConvolutionSource::Photo);
    window.act(Action::Convolution(ConvolutionAct::ShowWhole(true)));
    for theme in THEMES {
        window.act(Action::SetTheme(theme));
        let grid = window.h.get_by_label("input").rect();
        let half =
            |left: f32| Rect::from_min_size(grid.lerp_inside(vec2(left, 0.6)), grid.size() * vec2(0.3, 0.3));
        let (dark, bright) = (brightness(&mut window, half(0.1)), brightness(&mut window, half(0.6)));
        assert!(bright > dark + 150.0, "{theme:?}: {dark}, {bright}");
    }
    assert!(window.shows("0 black to 1 white"));
}

#[test]
fn a_drawing_is_ink_on_the_themes_paper_and_is_called_ink() {
    let mut window = window();
    assert_eq!(window.state().image.ground, PictureGround::Paper);
    for (theme, is_bright) in THEMES.into_iter().zip([false, true]) {
        window.act(Action::SetTheme(theme));
        for (place, rect) in places(&mut window) {
            let mean = brightness(&mut window, rect);
            assert_eq!(mean > 128.0, is_bright, "{theme:?}, {place}: {mean}");
        }
    }
    window.act(Action::ShowView(ViewId::Convolution));
    window.act(Action::Convolution(ConvolutionAct::UseSource(ConvolutionSource::Image)));
    assert!(window.shows("0 no ink to 1 full ink") && !window.shows("black"));
}

#[test]
fn what_is_erased_from_a_picture_keeps_its_ground_and_a_stroke_has_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window();
    window.act(Action::UseFile(FileKind::Picture, digit(folder.path(), true)));
    window.stroke(&ONE);
    assert_eq!(window.state().image.ground, PictureGround::Paper);
    window.act(Action::Undo);
    window.button("Eraser");
    window.stroke(&ONE);
    assert_eq!(window.state().image.ground, PictureGround::White);
    window.act(Action::ClearDrawing);
    assert_eq!(window.state().image.ground, PictureGround::Paper);
    window.act(Action::Undo);
    assert_eq!(window.state().image.ground, PictureGround::White);
    // The images of a set that is not of digits may be photographs.
    window.use_small_set();
    window.act(Action::NextSample);
    assert_eq!(window.state().image.ground, PictureGround::Black);
}
