//! Pictures for `convlens render`: what the options mean for the window's painting.

use convlens::{
    cli::{NotRendered, Render, RenderFormat, RenderGround, RenderTheme},
    explain::convolution::{EXAMPLES, KERNELS},
    lesson::{Known, show_of},
    text::Say as _,
    ui::{
        self,
        model::{
            picture::{Captioned, Ground, PictureFormat},
            view::ViewId,
        },
        render::{RenderError, Scene},
    },
};

/// The bytes of the picture that the options ask for.
pub fn render(options: &Render, format: RenderFormat) -> Result<Vec<u8>, NotRendered> {
    let Render {
        view,
        state,
        lesson,
        step,
        set,
        size,
        scale,
        theme,
        content,
        ground,
        caption,
        from,
        to,
        fps,
        once,
        out: _,
    } = options;
    let examples: Vec<&str> = EXAMPLES.iter().map(|example| example.name).collect();
    let kernels: Vec<&str> = KERNELS.iter().map(|kernel| kernel.name).collect();
    let known = Known { examples: &examples, kernels: &kernels };
    let state = state.as_deref().map(ui::start::read_state).transpose().map_err(NotRendered::Failed)?;
    let view = view.as_deref().and_then(ui::start::view_named);
    // Names without a section are of the view that will be seen.
    let seen = view.or(state.as_ref().map(|state| state.settings.view));
    let show = show_of(seen.and_then(ViewId::shown_by_lessons), set, &known)
        .map_err(|error| NotRendered::Impossible(error.say()))?;
    let lesson = lesson.as_deref().map(ui::start::read_lesson).transpose().map_err(NotRendered::Failed)?;
    let ground = match ground {
        RenderGround::White => Ground::Paper,
        RenderGround::Transparent => Ground::Transparent,
        RenderGround::Window => Ground::Window,
    };
    let format = match format {
        RenderFormat::Png => PictureFormat::Png,
        RenderFormat::Svg => PictureFormat::Svg,
        RenderFormat::Pdf => PictureFormat::Pdf,
        RenderFormat::Gif => PictureFormat::Gif,
        RenderFormat::Apng => PictureFormat::Apng,
    };
    let scene = Scene {
        view,
        state,
        lesson: lesson.map(|lesson| (lesson, step - 1)),
        show,
        is_dark: *theme == RenderTheme::Dark,
        size: *size,
        scale: *scale,
        content: content.then_some(ground),
        caption: match caption.as_str() {
            "" => Captioned::Nothing,
            "auto" => Captioned::State,
            words => Captioned::Words(words.to_owned()),
        },
        positions: (*from, *to),
        rate: *fps,
        is_looping: !once,
        format,
    };
    ui::render(scene).map_err(|error| match error {
        RenderError::Impossible(sentence) => NotRendered::Impossible(sentence),
        RenderError::Failed(sentence) => NotRendered::Failed(sentence),
    })
}
