//! Labelled images in memory.

use std::{borrow::Cow, ops::Range, sync::Arc};

use super::DataError;
use crate::text::ClassNames;

/// Labelled images of one size, grey or in colour. A pixel is a byte per channel: 0 is background, 255 is full ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Shape (len, channels, height, width).
    images: Vec<u8>,
    labels: Vec<u8>,
    channels: usize,
    height: usize,
    width: usize,
}

impl Split {
    /// Joins grey images of shape (len, height, width) with `len` labels. `name` is what errors call the set.
    pub fn new(
        name: &str,
        images: Vec<u8>,
        labels: Vec<u8>,
        height: usize,
        width: usize,
    ) -> Result<Self, DataError> {
        Self::with_channels(name, images, labels, (1, height, width))
    }

    /// Joins images of shape (len, channels, height, width) with `len` labels. `name` is what errors call the set.
    pub fn with_channels(
        name: &str,
        images: Vec<u8>,
        labels: Vec<u8>,
        (channels, height, width): (usize, usize, usize),
    ) -> Result<Self, DataError> {
        let size = [height, width].into_iter().fold(channels, usize::saturating_mul);
        if size == 0 || !images.len().is_multiple_of(size) {
            return Err(DataError::PixelCount { name: name.into(), pixels: images.len(), height, width });
        }
        let count = images.len() / size;
        if count != labels.len() {
            return Err(DataError::CountMismatch { name: name.into(), images: count, labels: labels.len() });
        }
        Ok(Self { images, labels, channels, height, width })
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The channels of every image: 1 is grey, 3 are red, green and blue.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The height of every image in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The width of every image in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The bytes of an image.
    fn size(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// The pixels of an image, of shape (channels, height, width).
    ///
    /// # Panics
    /// Like indexing, if `index` is not below [`Split::len`].
    pub fn image(&self, index: usize) -> &[u8] {
        let size = self.size();
        &self.images[index * size..][..size]
    }

    /// The brightness of an image's pixels, of shape (height, width): of a grey image, its pixels themselves.
    ///
    /// # Panics
    /// Like indexing, if `index` is not below [`Split::len`].
    pub fn grey(&self, index: usize) -> Cow<'_, [u8]> {
        let (image, map) = (self.image(index), self.height * self.width);
        if self.channels != 3 {
            return Cow::Borrowed(&image[..map]);
        }
        Cow::Owned((0..map).map(|at| luma([image[at], image[map + at], image[2 * map + at]])).collect())
    }

    /// The red, green and blue of an image's pixels, row by row; `None` for grey images.
    ///
    /// # Panics
    /// Like indexing, if `index` is not below [`Split::len`].
    pub fn colors(&self, index: usize) -> Option<Vec<[u8; 3]>> {
        let (image, map) = (self.image(index), self.height * self.width);
        let pixel = |at: usize| [image[at], image[map + at], image[2 * map + at]];
        (self.channels == 3).then(|| (0..map).map(pixel).collect())
    }

    /// The label of an image.
    ///
    /// # Panics
    /// Like indexing, if `index` is not below [`Split::len`].
    pub fn label(&self, index: usize) -> u8 {
        self.labels[index]
    }

    /// The label of every image.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The outputs that a network for these images needs: the largest label plus 1, or 0 without images.
    pub fn classes(&self) -> usize {
        self.labels.iter().max().map_or(0, |&label| label as usize + 1)
    }

    /// A copy of the images in `range`, which is cut at the end of the set.
    #[must_use]
    pub fn take(&self, range: Range<usize>) -> Self {
        let size = self.size();
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        Self {
            images: self.images[start * size..end * size].to_vec(),
            labels: self.labels[start..end].to_vec(),
            ..*self
        }
    }

    /// [`Split::take`], where `write(index, image, out)` writes each image anew to `out`, which has its size.
    #[must_use]
    pub fn rewritten(&self, range: Range<usize>, write: impl Fn(usize, &[u8], &mut [u8])) -> Self {
        let start = range.start;
        let mut part = self.take(range);
        for (i, out) in part.images.chunks_exact_mut(self.size()).enumerate() {
            write(start + i, self.image(start + i), out);
        }
        part
    }

    /// A copy of the images at `indices`, in that order.
    ///
    /// # Panics
    /// Like indexing, if an index is not below [`Split::len`].
    #[must_use]
    pub fn pick(&self, indices: &[u32]) -> Self {
        let images = indices.iter().flat_map(|&i| self.image(i as usize)).copied().collect();
        let labels = indices.iter().map(|&i| self.label(i as usize)).collect();
        Self { images, labels, ..*self }
    }

    /// Takes the images at `indices`, which are sorted, out of the set. The rest keeps its order.
    pub(super) fn take_out(&mut self, indices: &[u32]) -> Self {
        let taken = self.pick(indices);
        let size = self.size();
        let (mut kept, mut next) = (0, indices.iter().peekable());
        for index in 0..self.len() {
            if next.next_if(|&&taken| taken as usize == index).is_none() {
                self.images.copy_within(index * size..(index + 1) * size, kept * size);
                self.labels[kept] = self.labels[index];
                kept += 1;
            }
        }
        self.images.truncate(kept * size);
        self.labels.truncate(kept);
        taken
    }

    /// Lowers every label by `by`; none may be smaller.
    pub(super) fn lower_labels(&mut self, by: u8) {
        for label in &mut self.labels {
            *label = label.saturating_sub(by);
        }
    }

    /// A copy with every channel of every image changed: `change` reads its pixels and fills those of the copy, both
    /// (height, width).
    #[must_use]
    pub fn changed(&self, change: impl Fn(&[u8], &mut [u8])) -> Self {
        let mut copy = self.clone();
        let map = self.height * self.width;
        for (pixels, out) in self.images.chunks_exact(map).zip(copy.images.chunks_exact_mut(map)) {
            change(pixels, out);
        }
        copy
    }

    /// Transposes every image.
    pub(super) fn transpose(&mut self) {
        let (height, width) = (self.height, self.width);
        let mut transposed = vec![0; height * width];
        for image in self.images.chunks_exact_mut(height * width) {
            for (index, value) in transposed.iter_mut().enumerate() {
                *value = image[index % height * width + index / height];
            }
            image.copy_from_slice(&transposed);
        }
        (self.height, self.width) = (width, height);
    }
}

/// Brightness by the weights of sRGB, as the `image` crate has them.
pub(super) fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((2126 * u32::from(r) + 7152 * u32::from(g) + 722 * u32::from(b)) / 10000) as u8
}

/// Training and test images of one size.
#[derive(Clone, Debug)]
pub struct DataSet {
    /// Its name, such as `MNIST`.
    pub name: String,
    /// Training images.
    pub train: Arc<Split>,
    /// Test images.
    pub test: Arc<Split>,
    /// The names of the classes, if they are not numbers.
    pub classes: ClassNames,
}

impl DataSet {
    /// The outputs that a network for this set needs.
    pub fn class_count(&self) -> usize {
        self.train.classes().max(self.test.classes()).max(self.classes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_returns_its_images_and_parts() {
        let split = Split::new("s", (0..24).collect(), vec![2, 9, 0, 4], 2, 3).unwrap();
        assert_eq!((split.len(), split.height(), split.width(), split.classes()), (4, 2, 3, 10));
        assert_eq!(split.image(1), [6, 7, 8, 9, 10, 11]);
        let part = split.take(2..99);
        assert_eq!((part.len(), part.labels(), part.image(0)[0]), (2, &[0, 4][..], 12));
        assert!(split.take(9..12).is_empty());
        assert_eq!(split.take(0..0).classes(), 0);
        let picked = split.pick(&[3, 0]);
        assert_eq!((picked.labels(), picked.image(0), picked.image(1)[0]), (&[4, 2][..], split.image(3), 0));
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let message = |images, labels, h, w| Split::new("s", images, labels, h, w).unwrap_err().to_string();
        assert_eq!(
            message(vec![0; 8], vec![1], 2, 2),
            "s: has 2 images but 1 labels; there must be one label per image"
        );
        assert!(message(vec![0; 9], vec![1, 2], 2, 2).contains("not a whole number of 2×2"));
        assert!(message(vec![], vec![], 0, 2).contains("0×2"));
    }

    #[test]
    fn colours_go_through_every_copy() {
        let pixels: Vec<u8> = (0..36).collect();
        let split = Split::with_channels("s", pixels, vec![0, 1, 2], (3, 2, 2)).unwrap();
        assert_eq!(split.image(1), (12..24).collect::<Vec<_>>());
        assert_eq!(split.colors(1).unwrap()[1], [13, 17, 21]);
        assert_eq!((split.grey(1).len(), split.grey(1)[0]), (4, luma([12, 16, 20])));
        assert_eq!((split.take(1..3).channels(), split.pick(&[2]).image(0)[0]), (3, 24));
        let mut rest = split.clone();
        assert_eq!(rest.take_out(&[1]).image(0), split.image(1));
        assert_eq!((rest.len(), rest.image(1)), (2, split.image(2)));
        let mut turned = split.clone();
        turned.transpose();
        assert_eq!(turned.image(0), [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11]);
        let reversed = split.changed(|pixels, out| pixels.iter().rev().zip(out).for_each(|(a, b)| *b = *a));
        assert_eq!(reversed.image(0), [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]);
    }
}
