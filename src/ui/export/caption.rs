//! The line below a picture: the view, its settings, the step and the network.

use crate::{
    nn::Pair,
    text::{fill, tr},
    ui::{
        model::{
            convolution::ConvolutionSource, network::Origin, picture::Captioned, pooling::PoolingSource,
            view::ViewId,
        },
        state::AppState,
        update::walk,
        widgets::numbers,
    },
};

/// The caption that was asked for.
pub fn caption(state: &AppState, wanted: &Captioned) -> String {
    match wanted {
        Captioned::Nothing => String::new(),
        Captioned::Words(words) => words.clone(),
        Captioned::State => of_state(state),
    }
}

fn of_state(state: &AppState) -> String {
    let view = state.settings.view;
    let mut parts = vec![tr(view.name()).to_owned()];
    let pair =
        |pair: Pair| if pair.h == pair.w { pair.h.to_string() } else { format!("{}×{}", pair.h, pair.w) };
    let sizes = |kernel: Pair, stride: Pair, padding: Pair, dilation: Pair| {
        let text = tr("kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}");
        let kernel = format!("{}×{}", kernel.h, kernel.w);
        let [stride, padding, dilation] = [stride, padding, dilation].map(pair);
        let values = [("kernel", &*kernel), ("stride", &*stride), ("padding", &*padding)];
        fill(&fill(text, &values), &[("dilation", &dilation)])
    };
    let is_of_network = match view {
        ViewId::Convolution => {
            if let Some(conv) = &state.convolution.shown {
                let of = conv.settings();
                parts.push(sizes(of.kernel_size, of.stride, of.window().padding, of.dilation));
            }
            matches!(state.convolution.setup.source, ConvolutionSource::Layer(_))
        }
        ViewId::Pooling => {
            let setup = &state.settings.pooling;
            parts.push(sizes(
                setup.kernel_size,
                setup.stride.unwrap_or(setup.kernel_size),
                setup.padding,
                setup.dilation,
            ));
            matches!(setup.source, PoolingSource::Map { .. })
        }
        ViewId::Architecture | ViewId::Compare | ViewId::Lessons => false,
        ViewId::Draw | ViewId::Network | ViewId::Train | ViewId::Filters | ViewId::Evaluate => true,
    };
    if matches!(view, ViewId::Convolution | ViewId::Pooling) {
        let text = tr("step {step} of {count}");
        let (step, count) = ((walk::position(state) + 1).to_string(), walk::length(state).to_string());
        parts.push(fill(text, &[("step", &step), ("count", &count)]));
    }
    if is_of_network {
        parts.push(state.network.network.spec().name.clone());
        let step = match state.network.origin {
            Origin::Live => state.snapshot.as_ref().map(|snapshot| snapshot.step),
            Origin::Moment(step) | Origin::LastRun(step) => Some(step),
            Origin::Shipped | Origin::Opened(_) | Origin::FineTuned(_) => None,
        };
        if let Some(step) = step {
            parts.push(fill(tr("training step {step}"), &[("step", &numbers::count(step))]));
        }
    }
    parts.join(" · ")
}
