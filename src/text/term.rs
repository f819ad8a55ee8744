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
    KernelDepth: "Kernel depth", "Number of slices that the kernel covers.", "kernel_size";
    Stride: "Stride", "How many cells the window moves from one output to the next.", "stride";
    StrideIsKernel: "Stride = kernel size", "The window moves by its own size, so that windows neither overlap nor leave gaps.", "stride=None";
    Padding: "Padding", "Rows and columns added around the input, so that windows can reach over its edge.", "padding";
    PaddingMode: "Padding mode", "Valid adds no padding, same keeps the size of the input, full takes every window that overlaps the input.", "padding='same'";
    Dilation: "Dilation", "Distance between neighbouring elements of the kernel: 1 leaves no gaps, 2 skips every other cell.", "dilation";
    Groups: "Groups", "Channels and filters are split into this many parts, and each filter sees the channels of its own part only.", "groups";
    CeilMode: "Ceil mode", "Rounds the output size up instead of down, so that a last, incomplete window counts too.", "ceil_mode";
    CountIncludePad: "Include padding", "An average divides by the whole window, padding included, instead of by the cells inside the input.", "count_include_pad";
    OutputPadding: "Output padding", "Rows and columns added at one side of a transposed convolution's output.", "output_padding";
    PaddingFill: "Padding shows", "What the added rows and columns hold: zeros, the map mirrored, its edge repeated, or its opposite side.", "padding_mode";
    PartsSize: "Parts", "Rows and columns of the output, whatever the size of the input.", "output_size";
    TargetSize: "Target size", "Height and width of the output.", "nn.Upsample(size)";
    ScaleFactor: "Scale factor", "How many times as high and wide the output is.", "scale_factor";
    Interpolation: "Interpolation", "Nearest repeats cells, bilinear takes a mean of the four around each place.", "mode";
    AlignCorners: "Align corners", "The corner cells of input and output lie on each other, instead of their outer edges.", "align_corners";
    ChannelGroups: "Channel groups", "The channels are split into this many groups, each with a mean and a variance of its own.", "num_groups";
    NormalizedShape: "Normalised shape", "The last dimensions of the input, over which mean and variance are taken.", "normalized_shape";
    ValueScale: "Learn scales", "Each normalised value is multiplied by a learnt weight, and a learnt bias is added.", "elementwise_affine";
    ChannelScale: "Learn channel scales", "Each normalised channel is multiplied by a learnt weight, and a learnt bias is added.", "affine";
    Slopes: "Slopes", "One learnt slope below 0 for all channels, or one for each.", "num_parameters";
    InitialSlope: "Initial slope", "The slope below 0 before training.", "init";
    OutFeatures: "Output features", "How many numbers a fully connected layer computes.", "out_features";
    DropProbability: "Drop probability", "The probability that an activation is set to 0 in a training step.", "p";
    NegativeSlope: "Negative slope", "What negative numbers are multiplied by.", "negative_slope";
    Approximation: "Approximation", "How GELU computes the normal distribution: by the error function, or faster by tanh.", "approximate";
    Divisor: "Divisor", "What each sum is divided by instead of the number of its cells.", "divisor_override";
    Epsilon: "Epsilon", "A small number that is added to the variance, so that nothing is divided by 0.", "eps";
    Neighbours: "Neighbours", "How many neighbouring maps the sum goes over.", "size";
    PictureSize: "Picture size", "Height and width of the pictures that the network is for, before padding.", "";
    Background: "Background", "Pixels of background that are added on each side of a picture.", "transforms.Pad";
    Classes: "Classes", "How many classes the network tells apart: it has an output for each.", "";
    Square: "Square", "Height and width of each setting are the same.", "";
    AddBias: "Add a bias", "Each filter adds a number of its own to its sum of products.", "bias=True";
    FitExactly: "Windows must fit exactly", "Rejects settings that leave rows or columns which no window covers.", "";
    AverageProducts: "Average instead of sum", "Divides the sum of the products by their number.", "";
    Followed: "Then", "The layers that the outputs go through next.", "nn.Sequential";
    Example: "Example", "Small inputs from textbooks, with settings that suit them.", "";
    // What layers work on.
    Input: "Input", "The numbers that a layer receives.", "input";
    InputSize: "Input size", "Rows × columns of the input.", "";
    InputDepth: "Input depth", "Number of slices of the input volume.", "";
    InputOf: "Input of", "The convolution works on the numbers that this layer receives.", "";
    Output: "Output", "The numbers that a layer computes.", "output";
    Channels: "Channels", "The maps that an input is made of: red, green and blue, or the feature maps of the layer before.", "in_channels";
    Filters: "Filters", "A filter has one kernel for each input channel, and computes one output channel.", "out_channels";
    Kernel: "Kernel", "The weights that are multiplied with the cells under the window.", "weight";
    KernelPreset: "Kernel preset", "Kernels that people designed, or random numbers as before training.", "";
    Bias: "Bias", "A number for each filter that is added to its sum of products.", "bias";
    FeatureMap: "Feature map", "The output of one filter: how strongly each place of the input matches it.", "";
    Layer: "Layer", "One step of the network: it computes its output from the output of the layer before.", "nn.Module";
    Layers: "Layers", "How many convolutions follow one another.", "nn.Sequential";
    Parameters: "Parameters", "The numbers that training changes: weights and biases.", "nn.Parameter";
    WeightsAndBiases: "Weights + biases", "Filters · channels · kernel height · kernel width, and a bias for each filter.", "weight, bias";
    MultiplyAdds: "Multiply-adds", "How many times a weight is multiplied with an input and added to a sum.", "";
    Memory: "Memory", "Bytes of a layer's output for one image, which training keeps until the way back.", "";
    ReceptiveField: "Receptive field", "The part of the image that can change a cell.", "";
    Im2col: "im2col", "Writes every window as a column of a matrix, so that a convolution becomes a matrix product.", "nn.Unfold";
    OutputSize: "Output size", "Outputs along one side: n is the input size, P the padding, K the kernel size, S the stride, D the dilation.", "";
    LengthF: "Length of f", "Number of values of f, the function that stays in place.", "";
    LengthG: "Length of g", "Number of values of g, the function that slides.", "";
    // Layers.
    Convolution: "Convolution", "Slides a window over the input; each output is a sum of products of its cells with the kernel.", "nn.Conv2d";
    Transposed: "Transposed", "Spreads each input over a window of a larger output: it goes from a small map back to a larger one.", "nn.ConvTranspose2d";
    Depthwise: "Depthwise", "One filter for each channel: channels are not mixed.", "nn.Conv2d(groups=in_channels)";
    Pointwise: "1×1", "A kernel of one cell: it mixes channels, but no neighbouring places.", "nn.Conv2d(kernel_size=1)";
    Relu: "ReLU", "Replaces negative numbers by 0 and keeps the others.", "nn.ReLU";
    MaxPool: "Max pooling", "Keeps the largest number of each window.", "nn.MaxPool2d";
    AvgPool: "Average pooling", "Keeps the mean of each window.", "nn.AvgPool2d";
    GlobalAvgPool: "Global average pooling", "Replaces each map by its mean.", "nn.AdaptiveAvgPool2d(1)";
    BatchNorm: "Batch norm", "Shifts and scales each channel to mean 0 and variance 1 over the batch, then by two learnt numbers.", "nn.BatchNorm2d";
    LocalResponseNorm: "Local response norm", "Divides each number by a sum over the same place of neighbouring maps.", "nn.LocalResponseNorm";
    Dropout: "Dropout", "Sets random activations to 0 during training, so that no unit relies on a single other one.", "nn.Dropout";
    Linear: "Fully connected", "Each output is a weighted sum of all inputs.", "nn.Linear";
    DenseShare: "Share of fully connected", "Parameters of the convolution, as a fraction of those of a fully connected layer of the same size.", "";
    Flatten: "Flatten", "Writes all maps one after the other as one vector.", "nn.Flatten";
    // Pooling.
    InputValues: "Input values", "Rows × columns of the map.", "";
    OutputValues: "Output values", "Rows × columns of the pooled map.", "";
    Ties: "Windows with a tie", "Windows in which several cells are the largest.", "";
    CellsReached: "Cells reached", "Cells of the map that receive a gradient other than 0.", "";
    LargestGradient: "Largest gradient", "The largest gradient of any cell of the map.", "";
    ValuesChanged: "Values changed", "Output values that the shift changes.", "";
    MeanChange: "Mean change", "Mean of the absolute changes: their sum divided by the number of output values.", "";
    ValuesKept: "Values kept", "Output values so far, out of the cells that are filled with them.", "";
    MeanSquaredError: "Mean squared error", "Mean of (filled value − original value)²: the sum of the squares divided by the number of cells.", "nn.MSELoss";
    // Answers.
    Logits: "Logits", "The scores of the last layer before softmax: any number, the largest wins.", "";
    Softmax: "Softmax", "Turns scores into probabilities: e to the power of each score, divided by the sum of all of these.", "nn.Softmax";
    Entropy: "Entropy", "How undecided the probabilities are: 0 if one class has all, largest if all classes have the same.", "torch.special.entr";
    Confidence: "Confidence", "The largest probability.", "";
    Recall: "Recall", "Of the images of a class, the fraction that was read as it.", "";
    Precision: "Precision", "Of the images that were read as a class, the fraction that is of it.", "";
    Mistakes: "Mistakes", "Images that were not read as what they are.", "";
    NotSure: "Not sure", "Images for which no class has a probability of 65 % or more, so that there is no answer.", "";
    CalibrationError: "Calibration error", "How far the probability of the answer is from how often such answers are right, on average: 0 is best.", "";
    Saliency: "Gradient", "How much the score of a class rises or falls when a pixel gets a little brighter.", "grad";
    GradientTimesInput: "Gradient × input", "The gradient times the ink: which ink speaks for the class, and which against it.", "";
    GradCam: "Grad-CAM", "Weights the last feature maps by how much the class depends on them: where the network looks.", "";
    Occlusion: "Occlusion", "Covers a patch of the image and measures how much the probability falls.", "";
    // Training.
    Loss: "Loss", "Cross-entropy, the mean of −ln(probability of the correct class): 0 is perfect, guessing among ten classes gives 2.3.", "nn.CrossEntropyLoss";
    Accuracy: "Accuracy", "Fraction of images classified correctly.", "";
    Epochs: "Epochs", "Passes over the training set: in each, every image is learnt from once.", "";
    BatchSize: "Batch size", "How many images one step learns from: the gradient is the mean over them.", "batch_size";
    Optimizer: "Optimiser", "The rule that turns gradients into changes of the weights.", "torch.optim";
    LearningRate: "Learning rate", "The step size: each weight moves by its gradient times this number; too large a rate makes the loss explode.", "lr";
    Schedule: "Schedule", "How the learning rate changes during training.", "torch.optim.lr_scheduler";
    Momentum: "Momentum", "The fraction of the last step that is added to the next one: steps in the same direction add up.", "momentum, betas[0] in Adam";
    WeightDecay: "Weight decay", "Makes all weights a little smaller in each step, so that the network relies on no single weight.", "weight_decay";
    WarmUp: "Warm-up", "The first steps, in which the learning rate rises from almost 0: large gradients do no harm to random weights.", "lr_scheduler.LinearLR";
    Clipping: "Gradient clipping", "The largest length of a gradient: a longer one is scaled down to it, so that no step is too large.", "nn.utils.clip_grad_norm_";
    Init: "Initial weights", "The random distribution of the weights before training: He suits ReLU, Xavier suits sigmoid and tanh.", "nn.init";
    Seed: "Seed", "The start of all random numbers: the same seed gives the same weights, order of images and curves.", "torch.manual_seed";
    Validation: "Validation", "The fraction of the training set that is not learnt from, but measures how the network does on new images.", "";
    TrainImages: "Training images", "How many images of the training set are learnt from: few of them let a network learn them by heart.", "utils.data.Subset";
    LabelSmoothing: "Label smoothing", "The share of each target that goes to all classes alike, so that a network is not rewarded for being ever surer.", "label_smoothing";
    EarlyStop: "Early stop", "Ends the run when the validation loss has not fallen for this many epochs, and returns to the best epoch.", "";
    SubtractMean: "Subtract the mean", "Subtracts the mean of all training pixels from every image, so that inputs are centred around 0.", "transforms.Normalize(mean)";
    DivideByDeviation: "Divide by the deviation", "Divides every image by the standard deviation of all training pixels, so that inputs have the same spread.", "transforms.Normalize(std)";
    Gradient: "Gradients", "How much the loss changes with each number.", "grad";
    Network: "Network", "The layers that the run trains.", "nn.Module";
    Smoothing: "Smoothing", "Each point of a training curve is the mean of this many steps up to it; the curve itself stays behind, faint.", "";
    StepsPerEpoch: "Steps per epoch", "Training images divided by the batch size, rounded up.", "len(loader)";
    StepsMade: "Steps made", "Changes of the weights since step 0: one for each batch.", "";
    ImagesPerSecond: "Images/s", "Images learnt from per second, without evaluations.", "";
    TrainingLoss: "Training loss", "The mean cross-entropy of the last batches that were learnt from, in nats.", "";
    TrainingAccuracy: "Training accuracy", "The fraction of the last batches that was classified correctly.", "";
    ValidationLoss: "Validation loss", "The mean cross-entropy of the validation images, in nats: lower is better.", "";
    ValidationAccuracy: "Validation accuracy", "The fraction of the validation images classified correctly.", "";
    TestLoss: "Test loss", "The mean cross-entropy of the test images, in nats: lower is better.", "";
    TestAccuracy: "Test accuracy", "The fraction of the test images classified correctly.", "";
    // Optimisers.
    Sgd: "SGD", "Stochastic gradient descent: each weight moves against its gradient, times the learning rate.", "optim.SGD";
    SgdMomentum: "SGD, momentum", "Stochastic gradient descent with momentum: steps in the same direction add up, and steps to and fro cancel out.", "optim.SGD(momentum)";
    Nesterov: "SGD, Nesterov", "SGD with momentum that looks ahead: the gradient is taken where the momentum leads.", "optim.SGD(nesterov=True)";
    Adam: "Adam", "Momentum, with a step size of its own for each weight, from the mean and the mean square of its gradients.", "optim.Adam";
    AdamW: "AdamW", "Adam with weight decay that does not depend on the gradient.", "optim.AdamW";
    RmsProp: "RMSprop", "Divides each gradient by its recent size, so that all weights move at a similar speed.", "optim.RMSprop";
    Adagrad: "Adagrad", "Divides each gradient by the size of all gradients before it, so that steps become smaller and smaller.", "optim.Adagrad";
    // Augmentation.
    Augmentation: "Augmentation", "Random changes to every training image, new in each epoch, so that the network sees more variety.", "torchvision.transforms";
    Rotation: "Rotation", "Turns each image by a random angle, up to this one either way.", "transforms.RandomRotation";
    Shift: "Shift", "Moves each image by a random distance, up to this part of its side.", "transforms.RandomAffine(translate)";
    Scale: "Scale", "Makes each image larger or smaller by a random factor.", "transforms.RandomAffine(scale)";
    Aspect: "Aspect", "Makes each image wider or taller by a random factor.", "";
    Shear: "Shear", "Slants each image by a random angle, as italics do.", "transforms.RandomAffine(shear)";
    Elastic: "Elastic", "Bends each image like rubber: the strength of a smooth random displacement, in pixels.", "transforms.ElasticTransform";
    Thickness: "Thickness", "Makes strokes thicker or thinner by a random width.", "";
    Blur: "Blur", "Blurs each image by a random amount.", "transforms.GaussianBlur";
    Pen: "Pen", "The fraction of the images whose strokes are drawn again with another pen.", "";
    Serifs: "Serifs", "The fraction of the images that get serifs, such as the foot of a 1.", "";
    Scan: "Scan", "The fraction of the images that are made to look like a coarse scan.", "";
    Hands: "Hands", "The fraction of the images that are written again in another handwriting.", "";
    Outliers: "Outliers", "Images of no class that are added, so that the network learns to be unsure.", "";
    Flip: "Flip", "Mirrors half of the images: a mirrored digit is usually not a digit.", "transforms.RandomHorizontalFlip";
    Normalise: "Normalise", "Brings each changed image into MNIST's form again: its size, and its centre of mass in the middle.", "";
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

    /// The term whose English label, in any capitalisation, is `name`: how errors name a setting.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|term| term.entry().0.eq_ignore_ascii_case(name))
    }

    /// The term of a layer's setting, by its name in spec files.
    pub fn of_setting(name: &str) -> Option<Self> {
        let is_it = |term: &Self| term.entry().2 == name;
        let has_it =
            |term: &Self| term.entry().2.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        Self::ALL.iter().copied().find(is_it).or_else(|| Self::ALL.iter().copied().find(has_it))
    }

    /// The term of a setting of layers of this type: `size` is not the same in all of them.
    pub fn of_layer_setting(layer: &str, name: &str) -> Option<Self> {
        match (layer, name) {
            ("upsample", "size") => Some(Self::TargetSize),
            _ => Self::of_setting(name),
        }
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
            assert!(about.chars().count() < 130, "{label}: {} letters", about.chars().count());
            assert_eq!(term.tooltip().contains("PyTorch"), !pytorch.is_empty());
            assert_eq!(Term::named(&label.to_lowercase()), Some(term));
        }
    }
}
