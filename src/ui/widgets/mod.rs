//! What the views are built from. Widgets know nothing of networks and data: they show and change what they are given.

pub mod atlas_layout;
pub mod badge;
pub mod buttons;
pub mod canvas_history;
pub mod card;
pub mod draw_canvas;
mod face;
pub mod filter_grid;
#[cfg(test)]
mod gallery;
pub mod heat_atlas;
pub mod image_tile;
pub mod key_value;
pub mod language_menu;
pub mod legend;
pub mod modal;
pub mod note;
pub mod number_grid;
pub mod numbers;
pub mod overlay_picture;
pub mod paper;
pub mod playback;
pub mod probability_bars;
pub mod section;
pub mod segmented;
pub mod slider_row;
pub mod stroke_raster;
pub mod switch;
pub mod term;
#[cfg(test)]
mod testing;
pub mod toast;
mod typed_number;
pub mod view_header;

pub use badge::{Tone, badge, moment_badge};
pub use buttons::{
    icon_button, icon_button_with_shortcut, nav_item, primary_button, primary_button_as_wide, tool_button,
    tool_button_as_wide, tool_toggle,
};
pub use card::card;
pub use draw_canvas::{BRUSHES, Brush, BrushStroke, CanvasResponse, DrawCanvas, Drawing, Picture, RASTER};
pub use face::elided;
pub use filter_grid::{FilterGrid, FilterTiles, cross_out};
pub use heat_atlas::HeatAtlas;
pub use image_tile::ImageTile;
pub use key_value::{KeyValue, key_value};
pub use language_menu::language_menu;
pub use legend::Legend;
pub use modal::modal;
pub use note::wrong_note;
pub use number_grid::{GridCell, GridLayout, GridResponse, NumberGrid, side_for};
pub use overlay_picture::{Overlay, OverlayPicture};
pub use playback::{Playback, PlaybackAct, Track, playback_bar, playback_height};
pub use probability_bars::{BarsResponse, ProbabilityBars};
pub use section::{section, section_with_detail, view_heading};
pub use segmented::{segmented, segmented_with_tips};
pub use slider_row::slider_row;
pub use switch::switch;
pub use term::explain;
pub use toast::{Offer, Toasts, Topic};
pub use typed_number::{typed_number, typed_number_ui};
pub use view_header::{has_header, has_room, steady_header, view_header};
