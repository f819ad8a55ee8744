//! What a layer becomes in Keras: lines of code, and classes that they need.

/// A class that Keras lacks, and the file brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    PadLowest,
    GeluTanh,
    LocalResponseNorm,
    ChannelShuffle,
}

impl Helper {
    /// Its code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::PadLowest => include_str!("pad_lowest.py"),
            Self::GeluTanh => include_str!("gelu_tanh.py"),
            Self::LocalResponseNorm => include_str!("local_response_norm.py"),
            Self::ChannelShuffle => include_str!("channel_shuffle.py"),
        }
    }
}

/// The code of one layer of a network.
pub(super) struct Made {
    /// Layers of Keras, in order.
    pub(super) code: Vec<String>,
    pub(super) helper: Option<Helper>,
}

impl Made {
    /// A single layer.
    pub(super) fn of(code: impl Into<String>) -> Self {
        Self { code: vec![code.into()], helper: None }
    }

    /// With a class that the code needs.
    pub(super) fn with(self, helper: Helper) -> Self {
        Self { helper: Some(helper), ..self }
    }

    /// After another layer.
    pub(super) fn after(mut self, first: String) -> Self {
        self.code.insert(0, first);
        self
    }

    /// Before another layer.
    pub(super) fn before(mut self, last: String) -> Self {
        self.code.push(last);
        self
    }
}
