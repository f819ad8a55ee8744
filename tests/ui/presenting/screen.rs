//! What fills the screen.

use super::present;
use crate::{
    pictures::Renderer,
    support::{Window, builder, layout, open, options},
};
use convlens::ui::{
    action::Action,
    model::{
        convolution::ConvolutionAct, display::ThemeChoice, pooling::{PoolingMode, PoolingSetup},
        presenting::PresentAct, selection::{MapId, Selection}, view::ViewId,
    },
    views::VIEWS,
};
use egui::vec2;

#[test]
fn look() {
    for (size, zoom, theme) in [
        (vec2(1280.0, 720.0), 2.0, ThemeChoice::Dark),
        (vec2(1920.0, 1080.0), 2.5, ThemeChoice::Light),
    ] {
        let mut window = open(builder(size).with_render_cursor(false).renderer(Renderer::default()), options());
        window.use_small_set();
        window.act(Action::SetZoom(zoom));
        window.act(Action::SetTheme(theme));
        present(&mut window, PresentAct::Fill(true));
        window.dismiss_messages();
        for entry in VIEWS {
            window.act(Action::ShowView(entry.id));
            let name = format!("/tmp/present-look/{}-{}.png", size.x, entry.name);
            std::fs::create_dir_all("/tmp/present-look").unwrap();
            window.h.render().unwrap().save(&name).unwrap();
            for fault in layout::faults(&mut window, &format!("{} {zoom} {size}", entry.name)) {
                eprintln!("{fault}");
            }
            for fault in layout::cut_texts(&window) {
                eprintln!("  cut {fault}");
            }
        }
    }
}
