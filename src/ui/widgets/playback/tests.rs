use super::*;
use crate::ui::widgets::testing::harness;
use egui_kittest::kittest::Queryable as _;

const TRACK: Track = Track { len: 16, row: 4 };

fn after(acts: &[PlaybackAct]) -> Playback {
    let mut playback = Playback::default();
    for act in acts {
        playback.apply(*act, TRACK);
    }
    playback
}

/// Each act, and the seconds that pass after it.
fn after_time(acts: &[(PlaybackAct, f32)]) -> Playback {
    let mut playback = Playback::default();
    for (act, seconds) in acts {
        playback.apply(*act, TRACK);
        playback.advance(*seconds, TRACK);
    }
    playback
}

fn show_ui(ui: &mut Ui, playback: &mut Playback) {
    playback.advance(ui.input(|input| input.stable_dt), TRACK);
    for act in playback_bar(ui, "windows", playback, TRACK) {
        playback.apply(act, TRACK);
    }
}

#[test]
fn every_way_leads_to_its_place() {
    use PlaybackAct::{Begin, End, Loop, Row, Seek, Step};
    let cases: [(&[PlaybackAct], usize); 11] = [
        (&[Step(1), Step(1), Step(-1)], 1),
        (&[Step(-1)], 0),
        (&[Loop(true), Step(-1)], 15),
        (&[Loop(true), End, Step(1)], 0),
        (&[End, Step(1)], 15),
        (&[Row(1), Row(1), Row(-1), Step(2)], 6),
        (&[Row(9)], 15),
        (&[Seek(7), Row(-2)], 0),
        (&[Seek(usize::MAX)], 15),
        (&[Row(isize::MIN)], 0),
        (&[End, Begin], 0),
    ];
    for (acts, place) in cases {
        assert_eq!(after(acts).position(TRACK), place, "{acts:?}");
    }
}

#[test]
fn time_moves_what_plays_and_nothing_else() {
    use PlaybackAct::{Loop, Seek, Speed, Step, Toggle};
    type Story<'a> = &'a [(PlaybackAct, f32)];
    let cases: [(Story<'_>, usize, bool); 8] = [
        (&[(Step(0), 1.0)], 0, false),
        (&[(Toggle, 0.4)], 0, true),
        (&[(Toggle, 0.4), (Loop(false), 0.2)], 1, true),
        (&[(Speed(60.0), 0.0), (Toggle, 0.1)], 6, true),
        (&[(Speed(60.0), 0.0), (Toggle, 1.0)], 15, false),
        (&[(Speed(60.0), 0.0), (Loop(true), 0.0), (Toggle, 0.3)], 2, true),
        (&[(Seek(15), 0.0), (Toggle, 0.0)], 0, true),
        (&[(Toggle, f32::NAN), (Speed(f32::NAN), 0.5)], 1, true),
    ];
    for (acts, place, is_playing) in cases {
        let playback = after_time(acts);
        assert_eq!((playback.position(TRACK), playback.is_playing()), (place, is_playing), "{acts:?}");
    }
    assert_eq!(after(&[Speed(1e9)]).speed(), FASTEST);
    assert_eq!(after(&[Speed(0.0)]).speed(), SLOWEST);
}

#[test]
fn a_shorter_animation_shows_its_last_step() {
    let playback = after(&[PlaybackAct::Seek(12)]);
    assert_eq!(playback.position(Track { len: 5, row: 5 }), 4);
    assert_eq!(playback.position(Track { len: 0, row: 0 }), 0);
    let mut none = playback;
    none.apply(PlaybackAct::Toggle, Track { len: 0, row: 0 });
    none.advance(1.0, Track { len: 0, row: 0 });
    assert!(!none.is_playing());
}

#[test]
fn the_buttons_do_what_they_say() {
    let mut harness = harness(show_ui);
    for (name, place) in [
        ("Step forward", 1),
        ("Row forward", 5),
        ("Step back", 4),
        ("To the end", 15),
        ("Row back", 11),
        ("To the beginning", 0),
    ] {
        harness.get_by_role_and_label(Role::Button, name).click();
        harness.run();
        assert_eq!(harness.state().position(TRACK), place, "{name}");
        let step = harness.get_by_role_and_label(Role::Status, "Step of windows").value();
        assert_eq!(step, Some(format!("{} / 16", place + 1)));
    }
}

#[test]
fn the_keys_do_what_the_buttons_do() {
    let mut harness = harness(show_ui);
    let keys = [
        (Key::ArrowRight, 1),
        (Key::ArrowDown, 5),
        (Key::ArrowLeft, 4),
        (Key::End, 15),
        (Key::ArrowUp, 11),
        (Key::Home, 0),
    ];
    for (key, place) in keys {
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().position(TRACK), place, "{key:?}");
    }
    harness.key_press(Key::Space);
    harness.step();
    assert!(harness.state().is_playing());
    harness.get_by_role_and_label(Role::Button, "Pause the steps");
}

#[test]
fn it_plays_by_the_frames_time_and_pauses() {
    let mut harness = harness(show_ui);
    harness.get_by_role_and_label(Role::SpinButton, "Steps a second").set_value_accesskit(8.0);
    harness.run();
    assert_eq!(harness.state().speed(), 8.0);
    harness.get_by_role_and_label(Role::Button, "Play the steps").click();
    harness.step();
    let begun = harness.state().position(TRACK);
    harness.run_steps(2);
    assert!(harness.state().position(TRACK) > begun && harness.state().is_playing());
    harness.key_press(Key::Space);
    harness.run();
    let stopped = harness.state().position(TRACK);
    harness.run_steps(5);
    assert_eq!(harness.state().position(TRACK), stopped);
}

#[test]
fn the_scrubber_seeks() {
    let mut harness = harness(show_ui);
    harness.get_by_role_and_label(Role::Slider, "Scrub windows").set_value_accesskit(9.0);
    harness.run();
    assert_eq!(harness.state().position(TRACK), 9);
}
