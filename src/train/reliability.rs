//! Calibration as a curve: how often a network is right when it is this sure.

/// Images to which a network gave probabilities of one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// The number of images.
    pub images: usize,
    /// How many of them were read correctly.
    pub correct: usize,
    /// The sum of the probabilities.
    sure: f64,
}

impl Bin {
    /// The mean probability that the network gave its answer; `None` without images.
    pub fn confidence(&self) -> Option<f64> {
        (self.images > 0).then(|| self.sure / self.images as f64)
    }

    /// The fraction of correct answers, 0 to 1; `None` without images.
    pub fn accuracy(&self) -> Option<f64> {
        (self.images > 0).then(|| self.correct as f64 / self.images as f64)
    }
}

/// Images by the probability of the answer, in intervals of one length from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    bins: Vec<Bin>,
}

impl Reliability {
    /// No images, in so many intervals (at least 1).
    pub fn new(bins: usize) -> Self {
        Self { bins: vec![Bin::default(); bins.max(1)] }
    }

    /// Adds an image: the probability of its answer, and whether the answer was correct.
    pub fn add(&mut self, probability: f32, is_correct: bool) {
        let count = self.bins.len();
        let sure = f64::from(probability);
        let bin = &mut self.bins[((sure * count as f64) as usize).min(count - 1)];
        bin.images += 1;
        bin.correct += usize::from(is_correct);
        bin.sure += sure;
    }

    /// The intervals, from probability 0 on.
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// The expected calibration error: the distance between confidence and accuracy, averaged over all images, 0 to 1.
    pub fn error(&self) -> f64 {
        let off = self.bins.iter().map(|bin| (bin.sure - bin.correct as f64).abs()).sum::<f64>();
        off / self.bins.iter().map(|bin| bin.images).sum::<usize>().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_probability_is_in_its_interval() {
        let mut reliability = Reliability::new(4);
        for (probability, is_correct) in [(0.0, false), (0.3, true), (0.4, false), (0.75, true), (1.0, true)]
        {
            reliability.add(probability, is_correct);
        }
        let images: Vec<_> = reliability.bins().iter().map(|bin| (bin.images, bin.correct)).collect();
        assert_eq!(images, [(1, 0), (2, 1), (0, 0), (2, 2)]);
        let [low, second, none, high] = reliability.bins() else { panic!("four") };
        assert!((second.confidence().unwrap() - 0.35).abs() < 1e-6);
        assert_eq!((low.accuracy(), second.accuracy(), high.accuracy()), (Some(0.0), Some(0.5), Some(1.0)));
        assert_eq!((none.accuracy(), none.confidence()), (None, None));
        // 2 · |0.35 − 0.5| and 2 · |0.875 − 1|, of five images.
        assert!((reliability.error() - (0.3 + 0.25) / 5.0).abs() < 1e-6);
        assert_eq!(Reliability::new(0).error(), 0.0);
    }
}
