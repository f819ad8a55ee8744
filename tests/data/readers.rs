//! Everything that reads bytes of someone else, on the examples of the fuzzer: whole, cut at every length, and changed.

#[path = "../../fuzz/fuzz_targets/targets.rs"]
mod targets;

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::{fs, panic, path::Path};
use targets::{TARGETS, Target};

/// Changed copies of each example.
const COPIES: usize = 40;

/// Every example of a target with its name.
fn examples(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

fn check(target: Target, bytes: &[u8], what: &str) {
    assert!(panic::catch_unwind(|| target(bytes)).is_ok(), "{what}: {bytes:?}");
}

/// Bits flipped, bytes replaced, and parts removed, doubled and moved.
fn changed(bytes: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.random_range(1..4) {
        let length = bytes.len();
        if length == 0 {
            break;
        }
        let at = rng.random_range(0..length);
        let part = at..rng.random_range(at..length.min(at + 40)) + 1;
        match rng.random_range(0..5) {
            0 => bytes[at] ^= 1 << rng.random_range(0..8),
            1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b'9', b'-', b'"'][rng.random_range(0..8)],
            2 => drop(bytes.drain(part)),
            3 => {
                let copy = bytes[part].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => rng.fill_bytes(&mut bytes[part]),
        }
    }
    bytes
}

#[test]
fn nothing_that_a_file_holds_stops_the_program() {
    for (name, target) in TARGETS {
        let examples = examples(name);
        assert!(!examples.is_empty(), "fuzz/corpus/{name} is empty");
        for (file, bytes) in examples {
            let mut rng = ChaCha8Rng::seed_from_u64(bytes.len() as u64);
            check(*target, &bytes, &file);
            for _ in 0..COPIES {
                check(*target, &bytes[..rng.random_range(0..=bytes.len())], &file);
                check(*target, &changed(&bytes, &mut rng), &file);
            }
        }
    }
}

#[test]
fn the_examples_are_small() {
    let sizes = TARGETS.iter().flat_map(|(name, _)| examples(name)).map(|(_, bytes)| bytes.len());
    assert!(sizes.sum::<usize>() < 200_000);
}
