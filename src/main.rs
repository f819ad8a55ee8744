//! ConvLens.

fn main() {
    if let Err(e) = convlens::ui::run_window() {
        let _ = e;
    }
}
