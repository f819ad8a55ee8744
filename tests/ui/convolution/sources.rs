//! What is convolved: a layer of the network, the current image, a photograph.

use super::{act, shown};
use crate::support::{LARGE, Window};
use convlens::{
    nn::Shape,
    ui::{
        action::Action,
        model::{
            convolution::{
                ConvolutionSetup, ConvolutionSource,
                act::{ConvolutionAct, ConvolutionMode},
            },
            file_kind::FileKind,
            network::NetworkChoice,
            view::ViewId,
        },
    },
};
use egui::Role;

#[test]
fn a_layer_of_the_network_has_its_real_numbers() {
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Network layer");
    for layer in [0, 3] {
        act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Layer(layer)));
        let state = window.state();
        let trace = state.trace().unwrap();
        assert_eq!(shown(&window).y(), trace.activation(layer), "layer {layer}");
        assert_eq!(shown(&window).weight(), &state.network.network.parameters()[layer][0]);
    }
    // The output of layer 1, a function, is what goes into layer 2, which does not convolve: the kernel is one's own.
    act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Layer(2)));
    assert_eq!(shown(&window).x(), window.state().trace().unwrap().activation(1));
    window.act(Action::OpenConvolution { layer: 3, at: 123 });
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    assert_eq!(window.state().convolution.position(), 123);
    let step = shown(&window).step(123).unwrap();
    assert_eq!(step.value, window.state().trace().unwrap().activation(3)[123]);
    // Another network may have no such layer.
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    assert!(window.state().convolution.rejected.is_some());
    window.act(Action::OpenConvolution { layer: 99, at: 0 });
    // Back to the numbers as they were.
    act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Numbers));
    assert_eq!(window.state().convolution.setup, ConvolutionSetup::default());
}

#[test]
fn the_current_image_is_convolved_as_it_changes() {
    let mut window = Window::with_data(LARGE);
    window.tab("Convolution");
    window.click(Role::RadioButton, "Current image");
    for _ in 0..3 {
        let seen: Vec<f32> =
            window.state().image.seen.as_raw().iter().map(|&p| f32::from(p) / 255.0).collect();
        assert_eq!(shown(&window).x(), seen);
        assert_eq!(shown(&window).output(), Shape::maps(1, 28, 28));
        window.button("Next sample");
    }
}

#[test]
fn a_photograph_is_opened_in_its_colours_and_scaled_with_notice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beach.png");
    let photo = image::RgbImage::from_fn(300, 150, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 40]));
    photo.save(&path).unwrap();
    let mut window = Window::new();
    window.tab("Convolution");
    window.click(Role::RadioButton, "Photo");
    // The first of the built-in photographs.
    assert_eq!(shown(&window).input(), Shape::maps(3, 85, 128));
    act(&mut window, ConvolutionAct::UsePhoto(2));
    assert_eq!(shown(&window).input(), Shape::maps(1, 128, 128));
    window.button("Open photograph…");
    assert_eq!(window.question(), Some(FileKind::Photograph));
    window.type_path(&path);
    window.button("Open");
    assert_eq!(shown(&window).input(), Shape::maps(3, 64, 128));
    assert!(window.shows("Scaled from 150×300 to 64×128"));
    // Another picture that is none leaves this one where it is.
    window.act(Action::UseFile(FileKind::Photograph, folder.path().join("none.png")));
    assert!(!window.messages().is_empty());
    assert_eq!(shown(&window).input(), Shape::maps(3, 64, 128));
    // The family has no room for it.
    act(&mut window, ConvolutionAct::SetMode(ConvolutionMode::Family));
    window.act(Action::UseFile(FileKind::Photograph, path));
    assert_eq!(window.state().convolution.mode, ConvolutionMode::Sum);
    assert_eq!(shown(&window).input(), Shape::maps(3, 64, 128));
}
