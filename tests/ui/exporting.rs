//! Pictures and films of views, by the dialog.

use crate::support::{LARGE, Window};
use convlens::ui::{
    action::Action,
    model::{
        file_kind::FileKind,
        numbers::{NumbersAct, NumbersFormat},
        picture::{Ground, PictureAct, PictureFormat, PictureSetup},
        selection::{MapId, Selection},
        view::ViewId,
    },
};
use egui::Role;
use image::{AnimationDecoder, RgbaImage, codecs::gif::GifDecoder};
use std::{fs, io::Cursor, path::Path};

/// The dialog over a view.
fn open(view: ViewId) -> Window {
    let mut window = Window::new();
    window.act(Action::ShowView(view));
    window.display("Export picture…");
    window
}

fn setup(window: &Window) -> PictureSetup {
    window.state().picture.as_ref().expect("the dialog is open").setup
}

fn set(window: &mut Window, change: impl FnOnce(&mut PictureSetup)) {
    let mut setup = setup(window);
    change(&mut setup);
    window.act(Action::Picture(PictureAct::Set(setup)));
}

/// Saves to a file as a person does, and returns its bytes.
fn saved(window: &mut Window, path: &Path) -> Vec<u8> {
    window.button("Save picture…");
    window.type_path(path);
    window.button("Save");
    assert!(window.shows("Saved to"), "{:?}", window.state().picture.as_ref().map(|dialog| &dialog.problem));
    fs::read(path).unwrap()
}

fn picture(bytes: &[u8]) -> RgbaImage {
    image::load_from_memory(bytes).unwrap().to_rgba8()
}

#[test]
fn a_picture_is_as_large_as_its_scale_and_on_the_ground_that_was_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(ViewId::Convolution);
    let mut sizes = Vec::new();
    for scale in ["1×", "2×", "4×"] {
        window.click(Role::RadioButton, scale);
        let image = picture(&saved(&mut window, &folder.path().join(format!("{}.png", sizes.len()))));
        assert_eq!(image.get_pixel(0, 0).0, [255; 4]);
        sizes.push(image.dimensions());
    }
    let [(w1, h1), (w2, h2), (w4, h4)] = sizes[..] else { panic!("{sizes:?}") };
    assert!(w1 > 400 && h1 > 200 && w1 < 1600 && h1 < 1000, "{sizes:?}");
    assert!(w2.abs_diff(2 * w1) <= 8 && h2.abs_diff(2 * h1) <= 8, "{sizes:?}");
    assert!(w4.abs_diff(4 * w1) <= 16 && h4.abs_diff(4 * h1) <= 16, "{sizes:?}");
    window.click(Role::RadioButton, "1×");
    window.click(Role::RadioButton, "Transparent");
    let clear = picture(&saved(&mut window, &folder.path().join("clear.png")));
    assert_eq!(clear.get_pixel(0, 0)[3], 0);
    assert!(clear.pixels().any(|pixel| pixel[3] == 255));
    // Without the caption it is lower.
    window.click(Role::Switch, "Caption");
    let bare = picture(&saved(&mut window, &folder.path().join("bare.png")));
    assert!(bare.height() < clear.height());
}

#[test]
fn every_view_has_its_picture() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::with_data(LARGE);
    for view in [
        ViewId::Draw,
        ViewId::Network,
        ViewId::Filters,
        ViewId::Architecture,
        ViewId::Train,
        ViewId::Compare,
        ViewId::Evaluate,
        ViewId::Convolution,
        ViewId::Pooling,
        ViewId::Lessons,
    ] {
        window.act(Action::ShowView(view));
        window.act(Action::Picture(PictureAct::Open));
        for format in [PictureFormat::Png, PictureFormat::Svg, PictureFormat::Pdf] {
            set(&mut window, |setup| (setup.format, setup.scale) = (format, 1));
            let path = folder.path().join(format!("{view:?}.{}", format.ending()));
            window.act(Action::UseFile(FileKind::SavePicture(format), path.clone()));
            let bytes = fs::read(&path).unwrap_or_default();
            assert!(bytes.len() > 1_000, "{view:?} {format:?}: {} bytes", bytes.len());
            if format == PictureFormat::Svg {
                let text = String::from_utf8(bytes).unwrap();
                assert!(text.contains("<use ") && text.ends_with("</svg>\n"), "{view:?}");
            }
        }
        window.act(Action::Picture(PictureAct::Close));
    }
}

#[test]
fn a_drawing_has_the_numbers_as_text_and_the_maps_as_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(ViewId::Network);
    window.click(Role::RadioButton, "SVG");
    let text = String::from_utf8(saved(&mut window, &folder.path().join("a.svg"))).unwrap();
    assert!(text.matches("<image ").count() > 20, "{}", text.len());
    assert!(text.contains("aria-label=\"Network"), "its caption");
    assert!(!text.contains("Export picture"), "the dialog is not in it");
}

#[test]
fn what_plays_is_a_film_of_its_steps() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(ViewId::Convolution);
    window.click(Role::RadioButton, "GIF");
    set(&mut window, |setup| {
        (setup.scale, setup.from, setup.to, setup.rate, setup.is_small) = (1, 2, 5, 4.0, true);
    });
    assert!(window.shows("4 pictures"), "the size is said before it is made");
    let bytes = saved(&mut window, &folder.path().join("a.gif"));
    let frames = GifDecoder::new(Cursor::new(&bytes)).unwrap().into_frames().collect_frames().unwrap();
    assert_eq!(frames.len(), 4);
    assert!(frames.iter().all(|frame| frame.delay().numer_denom_ms() == (250, 1)));
    assert!(frames.windows(2).all(|pair| pair[0].buffer() != pair[1].buffer()));
    // The window itself has not moved.
    assert_eq!(
        window.state().convolution.position(),
        open(ViewId::Convolution).state().convolution.position()
    );
    let written = window.state().picture.as_ref().unwrap().written.clone().unwrap();
    assert_eq!(written.1, bytes.len());
    window.act(Action::Picture(PictureAct::Close));
    // The making of a map.
    window.act(Action::ShowView(ViewId::Network));
    window.act(Action::Select(Selection::of(MapId { column: 1, map: 0 })));
    window.act(Action::Picture(PictureAct::Open));
    set(&mut window, |setup| {
        (setup.format, setup.scale, setup.from, setup.to) = (PictureFormat::Apng, 1, 100, 101);
    });
    let path = folder.path().join("map.apng");
    window.act(Action::UseFile(FileKind::SavePicture(PictureFormat::Apng), path.clone()));
    let bytes = fs::read(path).unwrap();
    assert!(bytes.windows(4).any(|chunk| chunk == b"acTL"));
}

#[test]
fn a_run_is_a_film_of_its_moments() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::with_data(LARGE);
    window.act(Action::ShowView(ViewId::Draw));
    window.act(Action::Picture(PictureAct::Open));
    assert_eq!(window.state().picture.as_ref().unwrap().length, 0, "nothing plays yet");
    window.act(Action::Picture(PictureAct::Close));
    for step in 1..=4 {
        window.act(Action::Train(convlens::ui::action::Transport::OneBatch));
        window.until("a step", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.step == step && !s.is_active())
        });
    }
    window.act(Action::Picture(PictureAct::Open));
    let length = window.state().picture.as_ref().unwrap().length;
    assert!(length >= 3, "{length}");
    set(&mut window, |setup| (setup.format, setup.scale, setup.to) = (PictureFormat::Gif, 1, 2));
    let path = folder.path().join("run.gif");
    window.act(Action::UseFile(FileKind::SavePicture(PictureFormat::Gif), path.clone()));
    let bytes = fs::read(path).unwrap();
    let frames = GifDecoder::new(Cursor::new(&bytes)).unwrap().into_frames().collect_frames().unwrap();
    assert_eq!(frames.len(), 3);
    assert_ne!(frames[0].buffer(), frames[2].buffer(), "another network, another answer");
}

#[test]
fn a_picture_goes_to_the_clipboard() {
    let mut window = open(ViewId::Pooling);
    window.button("Copy");
    assert!(window.shows("The picture is on the clipboard."));
    let ground = setup(&window).ground;
    assert_eq!(ground, Ground::Paper);
}

#[test]
fn what_cannot_be_written_is_said_in_the_dialog() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open(ViewId::Pooling);
    let path = folder.path().join("none/a.png");
    window.act(Action::UseFile(FileKind::SavePicture(PictureFormat::Png), path.clone()));
    assert!(!path.exists());
    assert!(window.question().is_some() || window.state().picture.as_ref().unwrap().problem.is_some());
}

/// Saves numbers of the view without clicks.
fn numbers(window: &mut Window, chosen: usize, format: NumbersFormat, path: &Path) -> Vec<u8> {
    for act in [NumbersAct::Open, NumbersAct::Choose(chosen), NumbersAct::Set(format), NumbersAct::Save] {
        window.act(Action::Numbers(act));
    }
    window.act(Action::UseFile(FileKind::SaveNumbers(format), path.to_owned()));
    fs::read(path).unwrap()
}

#[test]
fn the_numbers_of_a_view_are_those_that_it_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut window = Window::with_data(LARGE);
    window.act(Action::ShowView(ViewId::Convolution));
    let conv = window.state().convolution.shown.clone().unwrap();
    let text = String::from_utf8(numbers(&mut window, 2, NumbersFormat::Csv, &path("out.csv"))).unwrap();
    let values: Vec<f32> =
        text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect();
    assert_eq!(values, conv.y());
    let bytes = numbers(&mut window, 0, NumbersFormat::Npy, &path("in.npy"));
    let last: Vec<f32> = bytes[bytes.len() - 4 * conv.x().len()..]
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b))
        .collect();
    assert_eq!(last, conv.x());
    window.act(Action::ShowView(ViewId::Network));
    window.act(Action::Select(Selection::of(MapId { column: 1, map: 2 })));
    let trace = window.state().trace().unwrap().clone();
    let (h, w) = (trace.activations[0].shape()[2], trace.activations[0].shape()[3]);
    let text = String::from_utf8(numbers(&mut window, 0, NumbersFormat::Csv, &path("map.csv"))).unwrap();
    let values: Vec<f32> =
        text.lines().flat_map(|line| line.split(',')).map(|value| value.parse().unwrap()).collect();
    assert_eq!(values, &trace.activation(0)[2 * h * w..3 * h * w]);
    assert!(numbers(&mut window, 0, NumbersFormat::Npz, &path("all.npz")).starts_with(b"PK"));
    window.act(Action::ShowView(ViewId::Evaluate));
    window.until("it is measured", |state| state.evaluate.measured.is_some());
    let confusion = window.state().evaluate.measured.as_ref().unwrap().result.confusion.clone();
    let text = String::from_utf8(numbers(&mut window, 0, NumbersFormat::Csv, &path("matrix.csv"))).unwrap();
    let values: Vec<Vec<usize>> =
        text.lines().map(|line| line.split(',').map(|value| value.parse().unwrap()).collect()).collect();
    assert_eq!(values, confusion);
    // Where there are none, the dialog says so.
    window.act(Action::ShowView(ViewId::Lessons));
    window.act(Action::Numbers(NumbersAct::Open));
    window.settle();
    assert!(window.shows("This view has no numbers to save"));
}
