//! The embedded typefaces, for the window, worksheets and the charts of the command line.

/// Words.
pub static INTER: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");

/// Headings.
pub static INTER_SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");

/// Numbers.
pub static JETBRAINS_MONO: &[u8] = include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf");

/// Results.
pub static JETBRAINS_MONO_SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/JetBrainsMono-SemiBold.ttf");

/// Chinese: the characters of the program's own texts.
pub static NOTO_SANS_SC: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Regular.otf");

/// Chinese headings.
pub static NOTO_SANS_SC_BOLD: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Bold.otf");

/// Icons, each a square of one em.
pub static LUCIDE: &[u8] = include_bytes!("../../assets/icons/lucide.ttf");
