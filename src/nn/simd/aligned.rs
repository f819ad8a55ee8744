//! Memory aligned to cache lines.

use std::ops::{Deref, DerefMut};

/// The number of values in a cache line, which is also that of the widest register.
const CACHE_LINE: usize = 16;

/// A vector of fixed length that begins at the start of a cache line, initially zeros. An aligned load or store then
/// touches one line; an unaligned one may touch two and take twice as long.
///
/// It is allocated with one line to spare and never moved. Like those of `vec![0.0; len]`, its pages cost nothing before
/// they are used.
#[derive(Debug)]
pub(in crate::nn) struct AlignedVec {
    memory: Vec<f32>,
    start: usize,
    len: usize,
}

impl AlignedVec {
    /// `len` zeros.
    pub(in crate::nn) fn zeros(len: usize) -> Self {
        let memory = vec![0.0; if len == 0 { 0 } else { len + CACHE_LINE }];
        // `align_offset` may give up; then the values are not aligned, but correct.
        let start = memory.as_ptr().align_offset(CACHE_LINE * size_of::<f32>()).min(memory.len() - len);
        Self { memory, start, len }
    }
}

impl From<&[f32]> for AlignedVec {
    fn from(values: &[f32]) -> Self {
        let mut copy = Self::zeros(values.len());
        copy.copy_from_slice(values);
        copy
    }
}

impl Clone for AlignedVec {
    fn clone(&self) -> Self {
        Self::from(&**self)
    }
}

impl PartialEq for AlignedVec {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Deref for AlignedVec {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[self.start..][..self.len]
    }
}

impl DerefMut for AlignedVec {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.start..][..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_copies_are_aligned() {
        for len in [0, 1, 15, 16, 17, 1000, 1 << 18] {
            let mut values = AlignedVec::zeros(len);
            assert_eq!((values.len(), values.iter().all(|&value| value == 0.0)), (len, true));
            values.fill(3.0);
            let copy = values.clone();
            assert_eq!(&*copy, &*values);
            for values in [values, copy] {
                assert!(len == 0 || (values.as_ptr() as usize).is_multiple_of(64), "{len}");
            }
        }
    }
}
