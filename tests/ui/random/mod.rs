//! Random sequences of what a hand can do: nothing panics, and no frame holds the window up.
//!
//! A seed gives the same events. `CONVLENS_FIRST_SEED=0 CONVLENS_SEEDS=200 CONVLENS_EVENTS=20000 cargo test --test ui random` plays more of them.

mod events;
mod hand;

use hand::Hand;

/// The number in a variable of the environment.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn no_sequence_of_events_brings_the_window_down() {
    let (seeds, events) = (number("CONVLENS_SEEDS", 4), number("CONVLENS_EVENTS", 700));
    for seed in number("CONVLENS_FIRST_SEED", 0)..seeds {
        let mut hand = Hand::new(seed);
        let mut made = 0;
        while made < events {
            made += hand.frame();
        }
        hand.close();
    }
}
