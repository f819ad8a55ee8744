//! The vocabulary of the window: each term with its label, a sentence that explains it, and PyTorch's name.
//!
//! A label that names one of these things comes from here, so that it reads the same in every view:
//!
//! ```
//! use convlens::text::Term;
//! assert_eq!(Term::Stride.label(), "Stride");
//! assert!(Term::Stride.tooltip().ends_with("\nPyTorch: stride"));
//! ```

use super::tr;

/// The table: variant, label, explanation, PyTorch's name (empty if there is none).
macro_rules! terms {
    ($($term:ident: $label:literal, $about:literal, $pytorch:literal;)*) => {
        /// A term of the field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "`about` explains each")]
        pub enum Term {
            $($term,)*
        }

        impl Term {
            /// All terms.
            pub const ALL: &[Self] = &[$(Self::$term,)*];

            /// English label, English explanation, PyTorch's name.
            const fn entry(self) -> (&'static str, &'static str, &'static str) {
                match self {
                    $(Self::$term => ($label, $about, $pytorch),)*
                }
            }
        }
    };
}

terms! {
    // The settings of layers.
    KernelSize: "Kernel size", "Height and width of the window that slides over the input.", "kernel_size";
    Stride: "Stride", "How many cells the window moves from one output to the next.", "stride";
    Padding: "Padding", "Rows and columns added around the input, so that windows can reach over its edge.", "padding";
    Dilation: "Dilation", "Distance between neighbouring elements of the kernel: 1 leaves no gaps, 2 skips every other cell.", "dilation";
    Groups: "Groups", "Channels and filters are split into this many parts, and each filter sees the channels of its own part only.", "groups";
    CeilMode: "Ceil mode", "Rounds the output size up instead of down, so that a last, incomplete window counts too.", "ceil_mode";
    CountIncludePad: "Count padding", "An average divides by the whole window, padding included, instead of by the cells inside the input.", "count_include_pad";
    OutputPadding: "Output padding", "Rows and columns added at one side of a transposed convolution's output.", "output_padding";
    Bias: "Bias", "A number for each filter that is added to its sum of products.", "bias";
    // What layers work on.
    Input: "Input", "The numbers that a layer receives.", "input";
    Output: "Output", "The numbers that a layer computes.", "output";
    Channel: "Channel", "One of the maps that an input is made of: red, green or blue, or one feature map of the layer before.", "in_channels";
    Filter: "Filter", "One kernel for each input channel; a filter computes one output channel.", "out_channels";
    Kernel: "Kernel", "The weights that are multiplied with the cells under the window.", "weight";
    FeatureMap: "Feature map", "The output of one filter: how strongly each place of the input matches it.", "";
    Layer: "Layer", "One step of the network: it computes its output from the output of the layer before.", "nn.Module";
    Parameter: "Parameters", "The numbers that training changes: weights and biases.", "nn.Parameter";
    MultiplyAdd: "Multiply-adds", "How many times a weight is multiplied with an input and added to a sum.", "";
    ReceptiveField: "Receptive field", "The part of the image that can change a cell.", "";
    Im2col: "im2col", "Writes every window as a column of a matrix, so that a convolution becomes a matrix product.", "nn.Unfold";
    // Layers.
    Convolution: "Convolution", "Slides a window over the input; each output is a sum of products of its cells with the kernel.", "nn.Conv2d";
    Transposed: "Transposed", "Spreads each input over a window of a larger output: it goes from a small map back to a larger one.", "nn.ConvTranspose2d";
    Depthwise: "Depthwise", "One filter for each channel: channels are not mixed.", "nn.Conv2d(groups=in_channels)";
    Pointwise: "1×1", "A kernel of one cell: it mixes channels, but no neighbouring places.", "nn.Conv2d(kernel_size=1)";
    Relu: "ReLU", "Replaces negative numbers by 0 and keeps the others.", "nn.ReLU";
    MaxPool: "Max pooling", "Keeps the largest number of each window.", "nn.MaxPool2d";
    AvgPool: "Average pooling", "Keeps the mean of each window.", "nn.AvgPool2d";
    BatchNorm: "Batch norm", "Shifts and scales each channel to mean 0 and variance 1 over the batch, then by two learnt numbers.", "nn.BatchNorm2d";
    Dropout: "Dropout", "Sets random activations to 0 during training, so that no unit relies on a single other one.", "nn.Dropout";
    Linear: "Fully connected", "Each output is a weighted sum of all inputs.", "nn.Linear";
    Flatten: "Flatten", "Writes all maps one after the other as one vector.", "nn.Flatten";
    // Answers.
    Logits: "Logits", "The scores of the last layer before softmax: any number, the largest wins.", "";
    Softmax: "Softmax", "Turns scores into probabilities: e to the power of each score, divided by the sum of all of these.", "nn.Softmax";
    Entropy: "Entropy", "How undecided the probabilities are: 0 if one class has all, largest if all classes have the same.", "torch.special.entr";
    Confidence: "Confidence", "The largest probability.", "";
    GradCam: "Grad-CAM", "Weights the last feature maps by how much the class depends on them: where the network looks.", "";
    Saliency: "Saliency", "How much each pixel can change the score of a class.", "";
    Occlusion: "Occlusion", "Covers a patch of the image and measures how much the probability falls.", "";
    // Training.
    Loss: "Loss", "How wrong the probabilities are: minus the logarithm of the true class's probability, averaged.", "nn.CrossEntropyLoss";
    Accuracy: "Accuracy", "Fraction of images classified correctly.", "";
    Epoch: "Epoch", "One pass over all training images.", "";
    BatchSize: "Batch size", "How many images one step learns from.", "batch_size";
    Optimizer: "Optimiser", "The rule that turns gradients into changes of the weights.", "torch.optim";
    LearningRate: "Learning rate", "How far a step moves the weights against the gradient.", "lr";
    Schedule: "Schedule", "How the learning rate changes during training.", "torch.optim.lr_scheduler";
    Momentum: "Momentum", "The fraction of the last step that is added to the next one, which evens out its direction.", "momentum";
    Nesterov: "Nesterov", "Momentum that looks one step ahead.", "nesterov";
    WeightDecay: "Weight decay", "Pulls all weights towards 0 in every step, which keeps them small.", "weight_decay";
    WarmUp: "Warm-up", "The learning rate grows from almost 0 to its value during the first steps.", "lr_scheduler.LinearLR";
    Clipping: "Clipping", "Gradients that are longer than this are shortened to it, so that no step is too large.", "nn.utils.clip_grad_norm_";
    Init: "Initial weights", "The random distribution that weights are drawn from before training.", "nn.init";
    Seed: "Seed", "The number that decides everything random: the same seed gives the same run.", "torch.manual_seed";
    Validation: "Validation", "Images that the network does not learn from, to see how well it does on new ones.", "";
    EarlyStopping: "Early stopping", "Stops when the validation loss has not improved for this many epochs.", "";
    Augmentation: "Augmentation", "Small random changes to each training image: shifts, rotations, noise.", "torchvision.transforms";
    Gradient: "Gradient", "How much the loss changes with each number.", "grad";
}

impl Term {
    /// The label, in the window's language.
    pub fn label(self) -> &'static str {
        tr(self.entry().0)
    }

    /// What it means, in one sentence.
    pub fn about(self) -> &'static str {
        tr(self.entry().1)
    }

    /// PyTorch's name, such as `kernel_size` or `nn.ReLU`.
    pub fn pytorch(self) -> Option<&'static str> {
        let name = self.entry().2;
        (!name.is_empty()).then_some(name)
    }

    /// The sentence, and PyTorch's name below it.
    pub fn tooltip(self) -> String {
        match self.pytorch() {
            Some(name) => format!("{}\nPyTorch: {name}", self.about()),
            None => self.about().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_term_has_its_own_label_and_one_sentence() {
        let mut labels = HashSet::new();
        for &term in Term::ALL {
            let (label, about, pytorch) = term.entry();
            assert!(labels.insert(label.to_lowercase()), "{label} is there twice");
            assert!(!label.contains('_'), "{label}: PyTorch's name belongs in the tooltip");
            assert!(about.starts_with(char::is_uppercase) && about.ends_with('.'), "{label}: {about}");
            assert!(!about.trim_end_matches('.').contains(". "), "{label} has several sentences");
            assert!(about.len() < 130, "{label}: {} letters", about.len());
            assert_eq!(term.tooltip().contains("PyTorch"), !pytorch.is_empty());
        }
    }
}
