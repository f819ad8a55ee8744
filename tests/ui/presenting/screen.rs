//! What fills the screen.

use super::presenting_with;
use crate::{
    pictures::Renderer,
    support::{builder, layout},
};
use convlens::ui::{
    action::Action,
    model::{
        convolution::{ConvolutionAct, ConvolutionMode, ConvolutionSource, FamilyChoice},
        display::ThemeChoice,
        pooling::{PoolingMode, PoolingSetup},
        selection::{MapId, Selection},
        view::ViewId,
    },
    views::VIEWS,
};
use egui::{Vec2, vec2};
use egui_kittest::SnapshotResults;

/// The screens of classrooms, and zooms that are used there.
const ROOMS: [(Vec2, &[f32]); 3] = [
    (vec2(1280.0, 720.0), &[1.0, 1.4, 2.0]),
    (vec2(1920.0, 1080.0), &[1.6, 2.5]),
    (vec2(1024.0, 768.0), &[1.2, 1.6]),
];

/// What a class may look at, each with a name.
fn scenes() -> Vec<(String, Vec<Action>)> {
    let mut scenes = Vec::new();
    for entry in VIEWS {
        scenes.push((entry.name.to_owned(), vec![Action::ShowView(entry.id)]));
    }
    let convolution = |act| vec![Action::ShowView(ViewId::Convolution), Action::Convolution(act)];
    for mode in [ConvolutionMode::Sum, ConvolutionMode::Predict, ConvolutionMode::Im2col] {
        let mut numbers = convolution(ConvolutionAct::UseSource(ConvolutionSource::Numbers));
        numbers.push(Action::Convolution(ConvolutionAct::SetMode(mode)));
        scenes.push((format!("Convolution {mode:?}"), numbers));
    }
    let mut photo = convolution(ConvolutionAct::SetMode(ConvolutionMode::Sum));
    photo.push(Action::Convolution(ConvolutionAct::UseSource(ConvolutionSource::Photo)));
    scenes.push(("Convolution photo".into(), photo));
    let mut image = convolution(ConvolutionAct::SetMode(ConvolutionMode::Sum));
    image.push(Action::Convolution(ConvolutionAct::UseSource(ConvolutionSource::Layer(3))));
    scenes.push(("Convolution layer".into(), image));
    for choice in FamilyChoice::all() {
        let mut family = convolution(ConvolutionAct::SetMode(ConvolutionMode::Family));
        family.push(Action::Convolution(ConvolutionAct::UseFamily(choice)));
        scenes.push((format!("Convolution {choice:?}"), family));
    }
    for show in [PoolingMode::Windows, PoolingMode::Gradient, PoolingMode::Shift, PoolingMode::Loss] {
        let edit = Action::EditPooling(PoolingSetup { show, ..PoolingSetup::default() });
        scenes.push((format!("Pooling {show:?}"), vec![Action::ShowView(ViewId::Pooling), edit]));
    }
    for (column, map) in [(1, 2), (4, 2), (8, 3), (13, 7)] {
        let select = Action::Select(Selection::of(MapId { column, map }));
        for is_shown in [false, true] {
            let acts =
                vec![Action::ShowView(ViewId::Network), select.clone(), Action::ShowBreakdown(is_shown)];
            scenes.push((format!("Network {column} {is_shown}"), acts));
        }
    }
    scenes
}

/// Nothing overlaps, is cut off or outside, in any view, at the largest zoom, too.
#[test]
fn everything_fits_at_every_zoom() {
    let mut faults = Vec::new();
    for (size, zooms) in ROOMS {
        let mut window = presenting_with(builder(size), 1.0);
        for zoom in zooms {
            window.act(Action::SetZoom(*zoom));
            for (name, acts) in scenes() {
                for act in acts {
                    window.act(act);
                }
                assert_eq!(window.h.ctx.zoom_factor(), *zoom, "{name}, {size}");
                let what = format!("{name}, {zoom}, {size}");
                faults.extend(layout::faults_with(&mut window, &what, 0));
                if is_plain(&name) {
                    faults.extend(layout::cut_texts(&window).iter().map(|text| format!("{what}: {text}…")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether all words have room: grids with many channels are narrower than their names.
fn is_plain(name: &str) -> bool {
    ["Draw", "Network", "Train", "Convolution Sum", "Convolution Predict", "Convolution Im2col", "Pooling"]
        .iter()
        .any(|begin| name.starts_with(begin))
}

/// How it looks at the largest zoom; see `pictures.rs`.
#[test]
fn it_looks_like_its_pictures() {
    let mut results = SnapshotResults::new();
    let largest =
        [(vec2(1280.0, 720.0), 2.0, ThemeChoice::Dark), (vec2(1920.0, 1080.0), 2.5, ThemeChoice::Light)];
    for (size, zoom, theme) in largest {
        let builder = builder(size).with_render_cursor(false).renderer(Renderer::default());
        let mut window = presenting_with(builder, zoom);
        window.act(Action::SetTheme(theme));
        window.dismiss_messages();
        for view in [ViewId::Draw, ViewId::Network, ViewId::Convolution, ViewId::Pooling] {
            window.act(Action::ShowView(view));
            let name = format!("present-{}-{}x{}", format!("{view:?}").to_lowercase(), size.x, size.y);
            results.add(window.h.try_snapshot(&name));
        }
    }
}
