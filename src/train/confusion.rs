//! What a network takes for what: the confusion matrix, precision and recall, and the images of its cells.

use super::reliability::Reliability;

/// What a network said about one image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The number of the image in its set.
    pub image: u32,
    /// What it is.
    pub label: u8,
    /// The class with the largest probability.
    pub said: u8,
    /// That probability, 0 to 1.
    pub probability: f32,
    /// The probability of what it is.
    pub of_label: f32,
}

impl Judgement {
    /// Whether the answer is what the image is.
    pub fn is_correct(&self) -> bool {
        self.label == self.said
    }
}

/// The fraction of the images of each class that were read as it; `None` for a class without images.
///
/// `confusion[label][said]` is a number of images.
pub fn recall(confusion: &[Vec<usize>]) -> Vec<Option<f64>> {
    let rows = confusion.iter().enumerate();
    rows.map(|(class, row)| share(row[class], row.iter().sum())).collect()
}

/// The fraction of the images read as each class that are of it; `None` for a class that was never said.
pub fn precision(confusion: &[Vec<usize>]) -> Vec<Option<f64>> {
    let said = |class: usize| confusion.iter().map(|row| row[class]).sum();
    confusion.iter().enumerate().map(|(class, row)| share(row[class], said(class))).collect()
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The images that are `label` and were read as `said`, the most confident answer first.
pub fn images_of_cell(judgements: &[Judgement], label: usize, said: usize) -> Vec<Judgement> {
    let is_of = |j: &&Judgement| (usize::from(j.label), usize::from(j.said)) == (label, said);
    most_confident_first(judgements.iter().filter(is_of))
}

/// All images that were not read as what they are, the most confident answer first.
pub fn mistakes(judgements: &[Judgement]) -> Vec<Judgement> {
    most_confident_first(judgements.iter().filter(|j| !j.is_correct()))
}

/// The images whose answer has less than this probability, the least confident answer first.
pub fn unsure(judgements: &[Judgement], least: f32) -> Vec<Judgement> {
    let mut unsure = most_confident_first(judgements.iter().filter(|j| j.probability < least));
    unsure.reverse();
    unsure
}

/// The calibration of the answers, in so many intervals of probability.
pub fn reliability(judgements: &[Judgement], bins: usize) -> Reliability {
    let mut reliability = Reliability::new(bins);
    for judgement in judgements {
        reliability.add(judgement.probability, judgement.is_correct());
    }
    reliability
}

/// Of equal probabilities, the image that comes first in its set.
fn most_confident_first<'a>(judgements: impl Iterator<Item = &'a Judgement>) -> Vec<Judgement> {
    let mut sorted: Vec<Judgement> = judgements.copied().collect();
    sorted.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_and_recall_are_by_column_and_row() {
        let confusion = [vec![8, 2, 0], vec![1, 3, 0], vec![0, 0, 0]];
        assert_eq!(recall(&confusion), [Some(0.8), Some(0.75), None]);
        assert_eq!(precision(&confusion), [Some(8.0 / 9.0), Some(0.6), None]);
    }

    #[test]
    fn images_are_sorted_by_how_sure_the_answer_was() {
        let judgement = |image, label, said, probability| Judgement {
            image,
            label,
            said,
            probability,
            of_label: 1.0 - probability,
        };
        let all = [
            judgement(0, 3, 5, 0.6),
            judgement(1, 3, 3, 0.9),
            judgement(2, 3, 5, 0.99),
            judgement(3, 5, 3, 0.7),
            judgement(4, 3, 5, 0.6),
        ];
        let images = |found: Vec<Judgement>| found.iter().map(|j| j.image).collect::<Vec<_>>();
        assert_eq!(images(images_of_cell(&all, 3, 5)), [2, 0, 4]);
        assert_eq!(images(images_of_cell(&all, 5, 5)), [0; 0]);
        assert_eq!(images(mistakes(&all)), [2, 3, 0, 4]);
        assert_eq!(images(unsure(&all, 0.65)), [4, 0]);
        let bins = reliability(&all, 2);
        assert_eq!((bins.bins()[1].images, bins.bins()[1].correct), (5, 1));
    }
}
