//! Damaged files: an error or a valid network, never a panic, whatever is cut off or flipped.

use crate::support::bytes;
use convlens::{
    foreign::{self, Map},
    text::Say,
};

/// Reads a damaged file as far as it goes.
fn read(file: &str, bytes: Vec<u8>) {
    let opened = match foreign::read(file, bytes) {
        Ok(opened) => opened,
        Err(error) => {
            let text = error.say().to_string();
            assert!(text.starts_with(file) && !text.contains('\n'), "{text}");
            return;
        }
    };
    let spec = match opened.spec.clone() {
        Some(spec) => spec,
        None => match foreign::propose(&opened) {
            Ok(spec) => spec,
            Err(_) => return,
        },
    };
    let _ = opened.network(spec, &Map::default());
}

/// Every length, and `flips` times some of the bits.
fn damage(file: &str, flips: usize) {
    let whole = bytes(file);
    for length in 0..whole.len() {
        read(file, whole[..length].to_vec());
    }
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for _ in 0..flips {
        let mut flipped = whole.clone();
        for _ in 0..=next(3) {
            let at = next(whole.len());
            flipped[at] = match next(3) {
                0 => flipped[at] ^ 1 << next(8),
                1 => 0xff,
                _ => next(256) as u8,
            };
        }
        read(file, flipped);
    }
}

#[test]
fn zips_of_pytorch() {
    damage("zip.pt", 2000);
}

#[test]
fn pickles_of_pytorch() {
    damage("legacy.pth", 2000);
}

#[test]
fn whole_modules() {
    damage("whole.pt", 500);
}

#[test]
fn safetensors() {
    damage("named.safetensors", 4000);
}

#[test]
fn onnx() {
    damage("lenet.onnx", 8000);
    damage("torch.onnx", 4000);
}

#[test]
fn zips_of_keras() {
    damage("strided.keras", 4000);
}

#[test]
fn hdf5_of_keras() {
    damage("second-latest.h5", 2000);
}

#[test]
fn the_oldest_hdf5_of_keras() {
    damage("second.h5", 500);
}
