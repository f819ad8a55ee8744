//! The glossary: the words of the field, each with what it means and the view that shows it.

use super::view::ViewId;
use crate::text::{key, tr};

/// A word of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The English word.
    pub word: &'static str,
    /// What it means, in English.
    pub about: &'static str,
    /// The view that shows it.
    pub view: ViewId,
}

const fn entry(word: &'static str, about: &'static str, view: ViewId) -> Entry {
    Entry { word: key(word), about: key(about), view }
}

/// Words that belong together, by the name of their group.
pub type Group = (&'static str, &'static [Entry]);

/// All words, by group.
pub const GLOSSARY: &[Group] = &[
    (
        key("Images"),
        &[
            entry(
                "Pixel",
                "One spot of an image, as a number: how much ink or light is there.",
                ViewId::Draw,
            ),
            entry(
                "Tensor",
                "Numbers in a table of any number of dimensions: a vector, a matrix, a stack of maps.",
                ViewId::Network,
            ),
            entry(
                "Shape",
                "How many numbers a tensor has along each dimension: channels × height × width.",
                ViewId::Architecture,
            ),
            entry(
                "Channel",
                "One of the maps that lie on top of each other: red, green and blue, or one feature map.",
                ViewId::Convolution,
            ),
        ],
    ),
    (
        key("Convolution"),
        &[
            entry(
                "Convolution",
                "A kernel slides over the input; each output is a sum of products.",
                ViewId::Convolution,
            ),
            entry(
                "Kernel",
                "The small grid of weights that is multiplied with the cells under the window.",
                ViewId::Convolution,
            ),
            entry(
                "Filter",
                "All kernels that make one output map together, one for each input channel.",
                ViewId::Filters,
            ),
            entry(
                "Feature map",
                "The output of one filter: how strongly each place of the input matches it.",
                ViewId::Network,
            ),
            entry(
                "Padding",
                "Rows and columns, usually of zeros, around the input, so that windows can reach over its edge.",
                ViewId::Convolution,
            ),
            entry(
                "Stride",
                "How many cells the window moves from one output to the next.",
                ViewId::Convolution,
            ),
            entry(
                "Dilation",
                "The distance between neighbouring weights of a kernel: 1 leaves no gaps.",
                ViewId::Convolution,
            ),
            entry("Bias", "A number that is added to each sum of products of a filter.", ViewId::Convolution),
            entry(
                "Receptive field",
                "The part of the image that can change one cell of a deeper map.",
                ViewId::Network,
            ),
            entry(
                "Local connection",
                "A unit sees only a small window of the layer before it.",
                ViewId::Architecture,
            ),
            entry(
                "Weight sharing",
                "The same kernel is used at every place, so there are few weights.",
                ViewId::Architecture,
            ),
            entry(
                "im2col",
                "Every window becomes a column of a matrix, and the convolution one matrix product.",
                ViewId::Convolution,
            ),
            entry(
                "Transposed convolution",
                "Each input value spreads the kernel over a larger output; values on one cell add up.",
                ViewId::Convolution,
            ),
            entry(
                "Dilated convolution",
                "A kernel with gaps: few weights see a large window.",
                ViewId::Convolution,
            ),
            entry(
                "Grouped convolution",
                "Channels are split into groups, and each filter reads the channels of one group.",
                ViewId::Convolution,
            ),
            entry(
                "Depthwise separable convolution",
                "First one kernel for each channel, then a 1×1 convolution that mixes the channels.",
                ViewId::Convolution,
            ),
            entry(
                "1×1 convolution",
                "A kernel of one cell: it mixes channels, but no neighbouring places.",
                ViewId::Convolution,
            ),
        ],
    ),
    (
        key("Networks"),
        &[
            entry(
                "Layer",
                "One step of the network: it computes its output from the output of the layer before.",
                ViewId::Network,
            ),
            entry(
                "Weight",
                "A number that an input is multiplied with; training changes it.",
                ViewId::Filters,
            ),
            entry("Parameter", "Any number that training changes: a weight or a bias.", ViewId::Architecture),
            entry(
                "Pooling",
                "Each window of a map becomes one number, so that maps get smaller.",
                ViewId::Pooling,
            ),
            entry("Max pooling", "Keeps the largest number of each window.", ViewId::Pooling),
            entry("Average pooling", "Keeps the mean of each window.", ViewId::Pooling),
            entry(
                "Fully connected layer",
                "Each output is a weighted sum of all inputs.",
                ViewId::Architecture,
            ),
            entry(
                "Activation function",
                "The bend after a layer, such as ReLU; without it, many layers would be one.",
                ViewId::Network,
            ),
            entry("ReLU", "Replaces negative numbers by 0 and keeps the others.", ViewId::Network),
            entry(
                "Logit",
                "A score of the last layer before softmax: any number, the largest wins.",
                ViewId::Network,
            ),
            entry("Softmax", "Turns scores into probabilities that add up to 1.", ViewId::Network),
            entry("Probability", "How sure the network says it is of a class, from 0 to 1.", ViewId::Draw),
            entry(
                "Batch normalisation",
                "Shifts and scales each channel so that its numbers have mean 0 and variance 1.",
                ViewId::Architecture,
            ),
            entry(
                "Dropout",
                "Sets random activations to 0 during training, so that no unit relies on a single other one.",
                ViewId::Architecture,
            ),
        ],
    ),
    (
        key("Training"),
        &[
            entry("Training set", "The images that the network learns from.", ViewId::Train),
            entry(
                "Validation set",
                "Images that are kept back while training, to see how the network does on new ones.",
                ViewId::Train,
            ),
            entry(
                "Test set",
                "Images that are looked at last, to say how good the network is.",
                ViewId::Evaluate,
            ),
            entry(
                "Loss",
                "How wrong the network is, as one number: training makes it smaller.",
                ViewId::Train,
            ),
            entry(
                "Cross-entropy",
                "The usual loss: −ln of the probability that the right class gets.",
                ViewId::Train,
            ),
            entry("Gradient", "How much the loss changes when a number changes a little.", ViewId::Network),
            entry(
                "Backpropagation",
                "Computes the gradients of all weights in one pass from the loss back to the input.",
                ViewId::Network,
            ),
            entry(
                "Numerical gradient",
                "A gradient by trying: nudge one weight, and see how the loss changes.",
                ViewId::Network,
            ),
            entry(
                "Learning rate",
                "How far each weight moves against its gradient in one step.",
                ViewId::Train,
            ),
            entry(
                "Momentum",
                "A part of the last step is added to the next one, so that steps in one direction add up.",
                ViewId::Train,
            ),
            entry("Weight decay", "Makes all weights a little smaller in each step.", ViewId::Train),
            entry("Optimiser", "The rule that turns gradients into changes of the weights.", ViewId::Train),
            entry("Schedule", "How the learning rate changes during training.", ViewId::Train),
            entry(
                "Warm-up",
                "The first steps, in which the learning rate rises from almost 0.",
                ViewId::Train,
            ),
            entry("Batch", "The images that one step learns from together.", ViewId::Train),
            entry("Step", "One change of all weights, after one batch.", ViewId::Train),
            entry("Epoch", "One pass over the whole training set.", ViewId::Train),
            entry("Initialisation", "The random weights that a network begins with.", ViewId::Train),
            entry(
                "Seed",
                "The start of all random numbers: the same seed gives the same run.",
                ViewId::Train,
            ),
            entry(
                "Data augmentation",
                "Random changes to every training image, so that the network sees more variety.",
                ViewId::Train,
            ),
            entry(
                "Overfitting",
                "The network learns its training images by heart and does worse on new ones.",
                ViewId::Train,
            ),
        ],
    ),
    (
        key("Answers"),
        &[
            entry("Accuracy", "The fraction of images that are read right.", ViewId::Evaluate),
            entry(
                "Confusion matrix",
                "A table that counts, for each true class, what the network said.",
                ViewId::Evaluate,
            ),
            entry(
                "Calibration",
                "Whether answers of “90 % sure” are right nine times out of ten.",
                ViewId::Evaluate,
            ),
            entry("Entropy", "How undecided the probabilities are: 0 if one class has all.", ViewId::Draw),
            entry("Saliency", "Which pixels the answer depends on.", ViewId::Network),
            entry(
                "Occlusion",
                "Covering a part of the image to see how much the probability falls.",
                ViewId::Network,
            ),
            entry(
                "Ablation",
                "Switching a map off to see what the network does without it.",
                ViewId::Network,
            ),
            entry(
                "Edge, texture, part",
                "What deeper and deeper layers answer to: lines, then patterns, then pieces of shapes.",
                ViewId::Filters,
            ),
        ],
    ),
];

impl Entry {
    /// The word in the language of the window.
    pub fn shown(&self) -> &'static str {
        tr(self.word)
    }

    /// Whether what is searched for is in the word or its meaning, in English or in the language of the window.
    pub fn has(&self, searched: &str) -> bool {
        let searched = searched.trim().to_lowercase();
        [self.word, self.about, tr(self.word), tr(self.about)]
            .iter()
            .any(|text| text.to_lowercase().contains(&searched))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_word_is_there_once_with_a_short_sentence() {
        let mut words = HashSet::new();
        for entry in GLOSSARY.iter().flat_map(|(_, entries)| *entries) {
            assert!(words.insert(entry.word.to_lowercase()), "{} is there twice", entry.word);
            assert!(entry.about.ends_with('.') && entry.about.chars().count() < 110, "{}", entry.about);
            assert_ne!(entry.view, ViewId::Lessons, "{}", entry.word);
        }
    }

    #[test]
    fn words_are_found_by_their_meaning() {
        let found = |text: &str| {
            let all = GLOSSARY.iter().flat_map(|(_, entries)| *entries);
            all.filter(|entry| entry.has(text)).map(|entry| entry.word).collect::<Vec<_>>()
        };
        assert!(found(" STRIDE").contains(&"Stride"));
        assert!(found("sum of products").contains(&"Convolution"));
        assert!(found("no such word").is_empty());
    }
}
