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

/// The projectors of classrooms, and the largest zoom for each.
const ROOMS: [(Vec2, f32); 2] = [(vec2(1280.0, 720.0), 2.0), (vec2(1920.0, 1080.0), 2.5)];

/// What a class may look at, each with a name.
fn scenes() -> Vec<(String, Vec<Action>)> {
    let mut scenes = Vec::new();
    for entry in VIEWS {
        scenes.push((entry.name.to_owned(), vec![Action::ShowView(entry.id)]));
    }
    let convolution = |act| vec![Action::ShowView(ViewId::Convolution), Action::Convolution(act)];
    for mode in [ConvolutionMode::Sum, ConvolutionMode::Predict, ConvolutionMode::Im2col] {
        scenes.push((format!("Convolution {mode:?}"), convolution(ConvolutionAct::SetMode(mode))));
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

#[test]
fn look() {
    std::fs::create_dir_all("/tmp/present-look").unwrap();
    for ((size, zoom), theme) in ROOMS.into_iter().zip([ThemeChoice::Dark, ThemeChoice::Light]) {
        let builder = builder(size).with_render_cursor(false).renderer(Renderer::default());
        let mut window = presenting_with(builder, zoom);
        window.act(Action::SetTheme(theme));
        window.dismiss_messages();
        for (name, acts) in scenes() {
            for act in acts {
                window.act(act);
            }
            let path = format!("/tmp/present-look/{}-{name}.png", size.x);
            window.h.render().unwrap().save(&path).unwrap();
            for fault in layout::faults_with(&mut window, &format!("{name} {}", size.x), 0) {
                eprintln!("{fault}");
            }
            for fault in layout::cut_texts(&window) {
                eprintln!("  cut in {name}: {fault}");
            }
        }
    }
}
