//! Memory that begins where a cache line does, for what loops pass over in whole registers.

use std::ops::{Deref, DerefMut};

/// Values in a cache line, and in the widest register.
const LINE: usize = 16;

/// Zeros, to begin with, whose first one begins a cache line. A register that is read or written from a place in it that is
/// a multiple of its width is then in one line; elsewhere it may be in two, which takes twice as long.
///
/// The memory is asked for with a line to spare, and stands still: so its pages cost nothing before they are used, as with
/// a plain `vec![0.0; len]`.
#[derive(Debug)]
pub(super) struct Aligned {
    memory: Vec<f32>,
    start: usize,
    len: usize,
}

impl Aligned {
    /// So many zeros.
    pub(super) fn zeros(len: usize) -> Self {
        let memory = vec![0.0; if len == 0 { 0 } else { len + LINE }];
        // Where that cannot be known, they begin wherever they do.
        let start = memory.as_ptr().align_offset(LINE * size_of::<f32>()).min(memory.len() - len);
        Self { memory, start, len }
    }
}

impl From<&[f32]> for Aligned {
    fn from(values: &[f32]) -> Self {
        let mut copy = Self::zeros(values.len());
        copy.copy_from_slice(values);
        copy
    }
}

impl Clone for Aligned {
    fn clone(&self) -> Self {
        Self::from(&**self)
    }
}

impl PartialEq for Aligned {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[self.start..][..self.len]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.start..][..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_begin_a_line_and_copies_do_too() {
        for len in [0, 1, 15, 16, 17, 1000, 1 << 18] {
            let mut values = Aligned::zeros(len);
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
