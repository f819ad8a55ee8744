//! The numbers of the window that lessons name.

use crate::text::Sentence;
use serde::{Deserialize, Serialize, Serializer};

/// The table: variant, name in lesson files.
macro_rules! quantities {
    ($($(#[$doc:meta])* $variant:ident: $name:literal;)*) => {
        /// A number of the window. The window reads its value from its state; nothing is computed for lessons.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Quantity {
            $($(#[$doc])* $variant,)*
        }

        impl Quantity {
            /// All quantities.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in lesson files, such as `conv.output`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

quantities! {
    /// The view: 0 Draw, 1 Network, 2 Train, 3 Convolution, 4 Pooling.
    View: "view";
    /// The output at the position of the animation.
    ConvOutput: "conv.output";
    /// Rows of the output.
    ConvOutputHeight: "conv.output_height";
    /// Columns of the output.
    ConvOutputWidth: "conv.output_width";
    /// All outputs.
    ConvOutputs: "conv.outputs";
    /// Rows of the kernel.
    ConvKernelSize: "conv.kernel_size";
    /// The stride down.
    ConvStride: "conv.stride";
    /// The padding at the top.
    ConvPadding: "conv.padding";
    /// The dilation down.
    ConvDilation: "conv.dilation";
    /// Rows of the input, without padding.
    ConvInputHeight: "conv.input_height";
    /// Columns of the input, without padding.
    ConvInputWidth: "conv.input_width";
    /// Filters.
    ConvFilters: "conv.filters";
    /// Channels of the input.
    ConvChannels: "conv.channels";
    /// Weights and biases.
    ConvParameters: "conv.parameters";
    /// The sum of all weights.
    ConvKernelSum: "conv.kernel_sum";
    /// The smallest of all outputs.
    ConvSmallest: "conv.smallest";
    /// The largest of all outputs.
    ConvLargest: "conv.largest";
    /// The position of the animation, from 0.
    ConvPosition: "conv.position";
    /// The output of max pooling at the position of the animation.
    PoolOutput: "pool.output";
    /// That of average pooling.
    PoolAverage: "pool.average";
    /// Rows of the pooled map.
    PoolOutputHeight: "pool.output_height";
    /// Columns of the pooled map.
    PoolOutputWidth: "pool.output_width";
    /// Rows of the window.
    PoolKernelSize: "pool.kernel_size";
    /// The stride down.
    PoolStride: "pool.stride";
    /// The part of the max outputs that the shift changes, in per cent.
    PoolChanged: "pool.changed";
    /// The digit that the network answers; −1 if it is not sure.
    NetTop: "net.top";
    /// The probability of the most likely class, in per cent.
    NetProbability: "net.probability";
    /// Parameters of the network.
    NetParameters: "net.parameters";
    /// Layers of the network.
    NetLayers: "net.layers";
    /// The column of the selected map, 0 for the input; −1 without one.
    NetColumn: "net.column";
    /// The number of the selected map; −1 without one.
    NetMap: "net.map";
    /// Maps of the network that are switched off.
    NetOff: "net.off";
    /// The sum of the ink of the 28×28 image.
    DrawInk: "draw.ink";
    /// Its pixels with ink.
    DrawPixels: "draw.pixels";
    /// Strokes of the drawing.
    DrawStrokes: "draw.strokes";
    /// Steps of the run.
    TrainStep: "train.step";
    /// Epochs that the run has completed.
    TrainEpoch: "train.epoch";
    /// The training loss of the last steps.
    TrainLoss: "train.loss";
    /// The accuracy of the last evaluation, in per cent.
    TrainAccuracy: "train.accuracy";
    /// The accuracy of the last steps on training images, in per cent.
    TrainTrainingAccuracy: "train.training_accuracy";
    /// By how many points it is above the accuracy of the last evaluation.
    TrainGap: "train.gap";
    /// The learning rate that is set.
    TrainRate: "train.rate";
    /// 1 while training, 0 otherwise.
    TrainRunning: "train.running";
}

impl Quantity {
    /// The quantity of a name.
    pub fn of_name(name: &str) -> Result<Self, Sentence> {
        Self::ALL.iter().copied().find(|quantity| quantity.name() == name).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|quantity| quantity.name()).collect();
            Sentence::new("there is no number {name} in the window, only {known}")
                .with("name", name)
                .with("known", known.join(", "))
        })
    }

    /// Whether the window can hide the number until it is answered.
    pub fn can_be_hidden(self) -> bool {
        matches!(self, Self::ConvOutput | Self::ConvOutputHeight | Self::ConvOutputWidth | Self::PoolOutput)
    }
}

impl TryFrom<String> for Quantity {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::of_name(&name).map_err(|reason| reason.to_string())
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(input)?).map_err(serde::de::Error::custom)
    }
}
