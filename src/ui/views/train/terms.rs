//! What each term of the view means, in a sentence.

use crate::text::tr;

/// The sentence about a term, by the label that the view gives it; `None` for a word that needs none.
pub fn meaning(label: &str) -> Option<&'static str> {
    TERMS.iter().find(|(term, _)| tr(term) == label).map(|(_, meaning)| tr(meaning))
}

/// Labels and what they mean.
const TERMS: &[(&str, &str)] = &[
    (
        "learning rate",
        "The step size (lr): each weight moves by its gradient times this number. Too large a rate makes the loss jump or explode.",
    ),
    (
        "momentum",
        "The part of the last step that is added to the next one (momentum, beta1 in Adam): steps in the same direction add up.",
    ),
    ("epochs", "Passes over the whole training set: in an epoch, every image is learnt from once."),
    ("optimiser", "The rule that turns gradients into changes of the weights (torch.optim)."),
    ("schedule", "How the learning rate changes during the run (torch.optim.lr_scheduler)."),
    (
        "warm-up",
        "The first steps, in which the learning rate rises from almost 0: large gradients do no harm while the weights are random.",
    ),
    (
        "weight decay",
        "Makes all weights a little smaller in each step (weight_decay): the network relies on no single weight.",
    ),
    (
        "gradient clipping",
        "The largest length of a gradient (clip_grad_norm_): a longer one is scaled down, so that no step is too long.",
    ),
    ("batch size", "Images per step (batch_size): the gradient is the mean over them."),
    (
        "initial weights",
        "The distribution from which the weights of step 0 are drawn: He suits ReLU, Xavier suits sigmoid and tanh.",
    ),
    (
        "seed",
        "The start of all random numbers: the same seed gives the same weights, the same order of images, and the same curves.",
    ),
    (
        "validation",
        "The part of the training set that is not learnt from, but measures how the network does on new images.",
    ),
    (
        "early stop",
        "Ends the run when the validation loss has not fallen for this many epochs, and returns to the best epoch.",
    ),
    (
        "subtract the mean",
        "Subtracts the mean of all training pixels from every image, so that inputs are centred around 0.",
    ),
    (
        "divide by the deviation",
        "Divides every image by the standard deviation of all training pixels, so that inputs have the same spread.",
    ),
    (
        "augmentation",
        "Random changes to every training image, new in each epoch: the network sees more than the images that there are.",
    ),
    ("rotation", "Turns each image by a random angle, up to this one either way."),
    ("shift", "Moves each image by a random distance, up to this part of its side."),
    ("scale", "Makes each image larger or smaller by a random factor."),
    ("aspect", "Makes each image wider or taller by a random factor."),
    ("shear", "Slants each image by a random angle, as italics do."),
    ("elastic", "Bends each image like rubber: the strength of a smooth random displacement, in pixels."),
    ("thickness", "Makes strokes thicker or thinner by a random width."),
    ("blur", "Blurs each image by a random amount."),
    ("pen", "The part of the images whose strokes are drawn again with another pen."),
    ("serifs", "The part of the images that get serifs, such as the foot of a 1."),
    ("scan", "The part of the images that are made to look like a coarse scan."),
    ("hands", "The part of the images that are written again in another handwriting."),
    ("outliers", "Images of no class that are added, so that the network learns to be unsure."),
    ("flip", "Mirrors half of the images. A mirrored digit is usually not a digit."),
    (
        "normalise",
        "Brings each changed image into MNIST's form again: its size, and its centre of mass in the middle.",
    ),
    (
        "Loss",
        "Cross-entropy: the mean of −ln(probability of the correct class). 0 is perfect; guessing among ten classes gives 2.3.",
    ),
    ("Accuracy", "The fraction of images classified correctly."),
    ("images/s", "Images learnt from per second, without evaluations."),
    ("parameters", "All weights and biases of the network: the numbers that training changes."),
    ("steps per epoch", "Batches per epoch: training images divided by the batch size, rounded up."),
    ("steps made", "Changes of the weights since step 0: one per batch."),
    ("training loss", "The mean cross-entropy of the last batches that were learnt from, in nats."),
    ("training accuracy", "The fraction of the last batches that was classified correctly."),
    ("validation loss", "The mean cross-entropy of the validation images, in nats: lower is better."),
    ("validation accuracy", "The fraction of the validation images classified correctly."),
    ("test loss", "The mean cross-entropy of the test images, in nats: lower is better."),
    ("test accuracy", "The fraction of the test images classified correctly."),
    ("sgd", "Stochastic gradient descent: each weight moves against its gradient, times the learning rate."),
    (
        "nesterov",
        "SGD with momentum that looks ahead: the gradient counts as at the place where the momentum leads.",
    ),
    (
        "adam",
        "Adam: momentum, with a step size of its own for each weight, from the mean and the mean square of its gradients.",
    ),
    ("adamw", "Adam with weight decay that is independent of the gradient."),
    (
        "rmsprop",
        "RMSprop: divides each gradient by its recent size, so that all weights move at a similar speed.",
    ),
    (
        "adagrad",
        "Adagrad: divides each gradient by the size of all gradients before it, so that steps become smaller and smaller.",
    ),
];

/// The sentence about an optimiser. `momentum` is a setting, too.
pub fn optimizer(name: &str) -> Option<&'static str> {
    match name {
        "momentum" => Some(tr(
            "SGD with momentum: steps in the same direction add up, and steps to and fro cancel out.",
        )),
        _ => meaning(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::optim::OptimizerSpec;
    use std::collections::BTreeSet;

    #[test]
    fn every_term_has_one_short_meaning() {
        let terms: BTreeSet<_> = TERMS.iter().map(|(term, _)| term).collect();
        assert_eq!(terms.len(), TERMS.len());
        for (term, meaning) in TERMS {
            assert!(
                meaning.ends_with('.') && meaning.chars().count() <= 150,
                "{term}: {}",
                meaning.chars().count()
            );
        }
        for name in OptimizerSpec::names() {
            assert!(optimizer(name).is_some(), "{name}");
        }
    }
}
