//! A data set is shown before it is opened, and a large picture with several digits asks for a part.

use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    data::formats::LabelColumn,
    ui::{action::Action, model::image::ImageSource},
};
use egui::{Key, Modifiers, Role};
use image::{GrayImage, Luma};
use std::{fs, path::Path};

/// Ten pictures of each of two classes, and a file that is none.
fn pets(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("pets");
    for (class, tone) in [("cat", 40), ("dog", 90)] {
        fs::create_dir_all(path.join(class)).unwrap();
        for number in 0..10 {
            let picture = GrayImage::from_fn(12, 12, |x, y| {
                Luma([if x == 6 && (2..10).contains(&y) { tone + number } else { 255 }])
            });
            picture.save(path.join(class).join(format!("{number}.png"))).unwrap();
        }
    }
    fs::write(path.join("cat/notes.txt"), "miaow").unwrap();
    path
}

#[test]
fn a_data_set_is_shown_before_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = pets(folder.path());
    let mut window = Window::new();
    window.act(Action::OpenFile(path.clone()));
    assert!(window.shows("Open pets?"));
    assert!(window.state().data.ready().is_none(), "not yet");
    assert_eq!(window.value(Role::Row, "Class cat"), "8 + 2");
    assert!(window.shows("1 file skipped: cat/notes.txt (is not a picture in one of the formats PNG, JPEG, BMP, GIF, WebP, TIFF and SVG)"));
    let channels = |window: &Window| window.state().preview.as_ref().unwrap().opened.data.train.channels();
    assert_eq!(channels(&window), 1);
    window.click(Role::RadioButton, "Colour");
    assert_eq!(channels(&window), 3);
    window.click(Role::RadioButton, "Grey");
    assert_eq!(window.state().preview.as_ref().unwrap().opened.data.train.image(0)[0], 255);
    window.click(Role::RadioButton, "Ink on black");
    assert_eq!(window.state().preview.as_ref().unwrap().opened.data.train.image(0)[0], 0);
    window.button("Cancel");
    assert!(window.state().preview.is_none() && window.state().data.ready().is_none());

    window.act(Action::OpenFile(path));
    window.click(Role::RadioButton, "28");
    window.button("Open and fit the network");
    window.until("the run", |state| state.snapshot.is_some());
    let state = window.state();
    assert_eq!(state.data.ready().unwrap().class_count(), 2);
    assert_eq!(state.settings.data_choices.side, Some(28));
    let network = &state.network.network;
    assert_eq!((network.classes(), network.spec().class_names.of(1)), (2, "dog".into()));
    assert_eq!(state.class_names(), ["cat", "dog"]);
    window.tab("Draw");
    window.value(Role::Meter, "Probability of dog");
}

#[test]
fn labels_are_chosen_and_the_dialog_fits_small_windows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.csv");
    let rows: String = (0..20).map(|row| format!("{},1,2,3,{}\n", row % 2, row % 3)).collect();
    fs::write(&path, rows).unwrap();
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        window.act(Action::OpenFile(path.clone()));
        let choices = |window: &Window| window.state().preview.as_ref().unwrap().opened.report.choices;
        assert_eq!(choices(&window).labels, Some(LabelColumn::First));
        window.click(Role::RadioButton, "Last column");
        assert_eq!(choices(&window).labels, Some(LabelColumn::Last));
        assert_eq!(window.state().preview.as_ref().unwrap().classes.len(), 3);
        let faults = layout::faults(&mut window, "the preview");
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn a_page_with_several_digits_asks_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.png");
    let is_ink = |x: u32, y: u32| (60..160).contains(&y) && (x.abs_diff(100) < 6 || x.abs_diff(300) < 6);
    GrayImage::from_fn(400, 220, |x, y| Luma([u8::from(!is_ink(x, y)) * 255])).save(&path).unwrap();
    let mut window = Window::with_data(LARGE);
    let before = window.state().image.revision;
    window.act(Action::OpenFile(path.clone()));
    assert!(window.shows("Which part is the digit?"));
    window.button("Cancel");
    assert_eq!(window.state().image.revision, before, "nothing else changes");

    window.act(Action::OpenFile(path.clone()));
    window.click(Role::RadioButton, "Mark 2");
    assert_eq!(window.state().crop.as_ref().unwrap().chosen, window.state().crop.as_ref().unwrap().marks[1]);
    window.key(Modifiers::NONE, Key::Enter);
    assert!(window.state().crop.is_none());
    assert_eq!(window.state().image.source, ImageSource::Picture("page.png".into()));
    assert_eq!(window.state().image.objection(), None);

    window.act(Action::OpenFile(path));
    window.button("Whole picture");
    assert!(window.state().image.objection().is_some());
}
