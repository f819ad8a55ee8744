//! The icons, as text: each is a glyph of the embedded Lucide font.
//!
//! `assets/icons/README.md` says how to add one.

/// The icon `activity`.
pub const ACTIVITY: &str = "\u{e038}";
/// The icon `arrow left`.
pub const ARROW_LEFT: &str = "\u{e048}";
/// The icon `arrow right`.
pub const ARROW_RIGHT: &str = "\u{e049}";
/// The icon `brain`.
pub const BRAIN: &str = "\u{e3c6}";
/// The icon `camera`.
pub const CAMERA: &str = "\u{e064}";
/// The icon `chart line`.
pub const CHART_LINE: &str = "\u{e2a5}";
/// The icon `check`.
pub const CHECK: &str = "\u{e06c}";
/// The icon `chevron down`.
pub const CHEVRON_DOWN: &str = "\u{e06d}";
/// The icon `chevron left`.
pub const CHEVRON_LEFT: &str = "\u{e06e}";
/// The icon `chevron right`.
pub const CHEVRON_RIGHT: &str = "\u{e06f}";
/// The icon `chevron up`.
pub const CHEVRON_UP: &str = "\u{e070}";
/// The icon `circle alert`.
pub const CIRCLE_ALERT: &str = "\u{e077}";
/// The icon `circle check`.
pub const CIRCLE_CHECK: &str = "\u{e226}";
/// The icon `circle help`.
pub const CIRCLE_HELP: &str = "\u{e082}";
/// The icon `clipboard paste`.
pub const CLIPBOARD_PASTE: &str = "\u{e3e8}";
/// The icon `copy`.
pub const COPY: &str = "\u{e09e}";
/// The icon `cpu`.
pub const CPU: &str = "\u{e0a9}";
/// The icon `crop`.
pub const CROP: &str = "\u{e0ab}";
/// The icon `database`.
pub const DATABASE: &str = "\u{e0ad}";
/// The icon `download`.
pub const DOWNLOAD: &str = "\u{e0b2}";
/// The icon `eraser`.
pub const ERASER: &str = "\u{e28f}";
/// The icon `eye`.
pub const EYE: &str = "\u{e0ba}";
/// The icon `eye off`.
pub const EYE_OFF: &str = "\u{e0bb}";
/// The icon `film`.
pub const FILM: &str = "\u{e0d0}";
/// The icon `filter`.
pub const FILTER: &str = "\u{e0dc}";
/// The icon `flag`.
pub const FLAG: &str = "\u{e0d1}";
/// The icon `folder open`.
pub const FOLDER_OPEN: &str = "\u{e247}";
/// The icon `gauge`.
pub const GAUGE: &str = "\u{e1bf}";
/// The icon `git branch`.
pub const GIT_BRANCH: &str = "\u{e0e2}";
/// The icon `graduation cap`.
pub const GRADUATION_CAP: &str = "\u{e234}";
/// The icon `grid 2x2`.
pub const GRID_2X2: &str = "\u{e4ff}";
/// The icon `grid 3x3`.
pub const GRID_3X3: &str = "\u{e0e9}";
/// The icon `history`.
pub const HISTORY: &str = "\u{e1f5}";
/// The icon `image`.
pub const IMAGE: &str = "\u{e0f6}";
/// The icon `images`.
pub const IMAGES: &str = "\u{e5c4}";
/// The icon `info`.
pub const INFO: &str = "\u{e0f9}";
/// The icon `keyboard`.
pub const KEYBOARD: &str = "\u{e284}";
/// The icon `languages`.
pub const LANGUAGES: &str = "\u{e0fe}";
/// The icon `layers`.
pub const LAYERS: &str = "\u{e529}";
/// The icon `lightbulb`.
pub const LIGHTBULB: &str = "\u{e1c2}";
/// The icon `list`.
pub const LIST: &str = "\u{e106}";
/// The icon `maximize`.
pub const MAXIMIZE: &str = "\u{e112}";
/// The icon `minimize`.
pub const MINIMIZE: &str = "\u{e11a}";
/// The icon `minus`.
pub const MINUS: &str = "\u{e11c}";
/// The icon `monitor`.
pub const MONITOR: &str = "\u{e11d}";
/// The icon `moon`.
pub const MOON: &str = "\u{e11e}";
/// The icon `mouse pointer`.
pub const MOUSE_POINTER: &str = "\u{e11f}";
/// The icon `network`.
pub const NETWORK: &str = "\u{e125}";
/// The icon `palette`.
pub const PALETTE: &str = "\u{e1dd}";
/// The icon `pause`.
pub const PAUSE: &str = "\u{e12e}";
/// The icon `pencil`.
pub const PENCIL: &str = "\u{e1f9}";
/// The icon `play`.
pub const PLAY: &str = "\u{e13c}";
/// The icon `plus`.
pub const PLUS: &str = "\u{e13d}";
/// The icon `redo 2`.
pub const REDO_2: &str = "\u{e2a0}";
/// The icon `repeat`.
pub const REPEAT: &str = "\u{e146}";
/// The icon `rotate ccw`.
pub const ROTATE_CCW: &str = "\u{e148}";
/// The icon `save`.
pub const SAVE: &str = "\u{e14d}";
/// The icon `scan line`.
pub const SCAN_LINE: &str = "\u{e258}";
/// The icon `settings`.
pub const SETTINGS: &str = "\u{e154}";
/// The icon `shuffle`.
pub const SHUFFLE: &str = "\u{e15e}";
/// The icon `skip back`.
pub const SKIP_BACK: &str = "\u{e15f}";
/// The icon `skip forward`.
pub const SKIP_FORWARD: &str = "\u{e160}";
/// The icon `sliders horizontal`.
pub const SLIDERS_HORIZONTAL: &str = "\u{e29a}";
/// The icon `square`.
pub const SQUARE: &str = "\u{e167}";
/// The icon `step back`.
pub const STEP_BACK: &str = "\u{e3e9}";
/// The icon `step forward`.
pub const STEP_FORWARD: &str = "\u{e3ea}";
/// The icon `sun`.
pub const SUN: &str = "\u{e178}";
/// The icon `table`.
pub const TABLE: &str = "\u{e17d}";
/// The icon `target`.
pub const TARGET: &str = "\u{e180}";
/// The icon `timer`.
pub const TIMER: &str = "\u{e1e0}";
/// The icon `trash 2`.
pub const TRASH_2: &str = "\u{e18e}";
/// The icon `triangle alert`.
pub const TRIANGLE_ALERT: &str = "\u{e193}";
/// The icon `undo 2`.
pub const UNDO_2: &str = "\u{e2a1}";
/// The icon `upload`.
pub const UPLOAD: &str = "\u{e19e}";
/// The icon `waypoints`.
pub const WAYPOINTS: &str = "\u{e542}";
/// The icon `workflow`.
pub const WORKFLOW: &str = "\u{e425}";
/// The icon `x`.
pub const X: &str = "\u{e1b2}";
/// The icon `zoom in`.
pub const ZOOM_IN: &str = "\u{e1b6}";
/// The icon `zoom out`.
pub const ZOOM_OUT: &str = "\u{e1b7}";

/// Every icon.
pub const ALL: &[&str] = &[
    ACTIVITY,
    ARROW_LEFT,
    ARROW_RIGHT,
    BRAIN,
    CAMERA,
    CHART_LINE,
    CHECK,
    CHEVRON_DOWN,
    CHEVRON_LEFT,
    CHEVRON_RIGHT,
    CHEVRON_UP,
    CIRCLE_ALERT,
    CIRCLE_CHECK,
    CIRCLE_HELP,
    CLIPBOARD_PASTE,
    COPY,
    CPU,
    CROP,
    DATABASE,
    DOWNLOAD,
    ERASER,
    EYE,
    EYE_OFF,
    FILM,
    FILTER,
    FLAG,
    FOLDER_OPEN,
    GAUGE,
    GIT_BRANCH,
    GRADUATION_CAP,
    GRID_2X2,
    GRID_3X3,
    HISTORY,
    IMAGE,
    IMAGES,
    INFO,
    KEYBOARD,
    LANGUAGES,
    LAYERS,
    LIGHTBULB,
    LIST,
    MAXIMIZE,
    MINIMIZE,
    MINUS,
    MONITOR,
    MOON,
    MOUSE_POINTER,
    NETWORK,
    PALETTE,
    PAUSE,
    PENCIL,
    PLAY,
    PLUS,
    REDO_2,
    REPEAT,
    ROTATE_CCW,
    SAVE,
    SCAN_LINE,
    SETTINGS,
    SHUFFLE,
    SKIP_BACK,
    SKIP_FORWARD,
    SLIDERS_HORIZONTAL,
    SQUARE,
    STEP_BACK,
    STEP_FORWARD,
    SUN,
    TABLE,
    TARGET,
    TIMER,
    TRASH_2,
    TRIANGLE_ALERT,
    UNDO_2,
    UPLOAD,
    WAYPOINTS,
    WORKFLOW,
    X,
    ZOOM_IN,
    ZOOM_OUT,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_one_glyph_and_in_the_list_the_font_was_cut_from() {
        let list = include_str!("../../../assets/icons/codepoints.txt");
        assert_eq!(list.lines().filter(|line| line.starts_with("pub const")).count(), ALL.len());
        for icon in ALL {
            let glyph = icon.chars().next().map_or(0, u32::from);
            assert_eq!(icon.chars().count(), 1);
            assert!(list.contains(&format!("{glyph:x}")), "{glyph:x}");
        }
    }
}
