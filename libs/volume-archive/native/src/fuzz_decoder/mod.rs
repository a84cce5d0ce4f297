//! Whatever bytes a pack or an index holds, the decoder answers with Ok or a Failure: it never panics, never takes more memory than
//! a pack may have, and never touches anything outside of the volume's root.
//!
//! `FUZZ_SEED` repeats a run that failed.

mod corpus;
mod malicious;
mod memory;
mod mutate;
mod scene;

use crate::base::BaseRows;
use crate::compression;
use crate::failure::Outcome;
use crate::index::Rows;
use crate::position::Position;
use crate::record::{MAX_PACK, Records};
use crate::seal;
use corpus::Corpus;
use mutate::Random;
use scene::{Scene, drive_reader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs cases with a random source of their own; one that panics tells how to repeat it.
fn fuzz(name: &str, cases: u64, mut case: impl FnMut(&mut Random)) {
    let from_clock = || SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is after 1970").as_nanos() as u64;
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(from_clock);
    for number in 0..cases {
        let mut random = Random::new(seed.wrapping_add(number));
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| case(&mut random))) {
            eprintln!("{name}: case {number} of seed {seed} failed; FUZZ_SEED={} repeats it as the first one", seed.wrapping_add(number));
            std::panic::resume_unwind(panic);
        }
        let largest = memory::largest();
        assert!(largest <= memory::ALLOWED, "{name}: case {number} of FUZZ_SEED={seed} took {largest} bytes at once");
    }
}

#[test]
fn the_corpus_is_read_to_its_end() {
    for seed in Corpus::load().seeds {
        for record in Records::new(&seed.pack) {
            record.unwrap();
        }
        for row in Rows::new(&seed.index) {
            row.unwrap();
        }
        Position::after(&seed.pack, &seed.index).unwrap();
    }
}

#[test]
fn packs_lay_nothing_outside_of_the_root() {
    let corpus = Corpus::load();
    fuzz("packs", 2500, |random| {
        let seed = random.pick(&corpus.seeds);
        let pack = mutate::pack(random, seed, &corpus);
        let scene = Scene::new(&corpus, random);
        // Any Failure will do; that it is one, and what it left alone, is the point.
        let _: Outcome<()> = scene.apply(&pack, seed.is_image, random.chance(50));
        scene.assert_untouched();
        let _ = Position::after(&pack, &seed.index);
    });
}

#[test]
fn rows_of_an_index_are_taken_or_refused() {
    let corpus = Corpus::load();
    fuzz("index rows", 5000, |random| {
        let (seed, other) = (random.pick(&corpus.seeds), random.pick(&corpus.seeds));
        let index = mutate::bytes(random, &seed.index, &other.index);
        let _ = Position::after(&seed.pack, &index);
        let (sections, receiver) = tokio::sync::mpsc::channel(2);
        sections.blocking_send(Some(index)).unwrap();
        sections.blocking_send(None).unwrap();
        let _ = walk_rows(&mut BaseRows::new(receiver), random);
    });
}

/// Asks as a reader does: entry by entry, offsets rising within each.
fn walk_rows(rows: &mut BaseRows, random: &mut Random) -> Outcome<()> {
    while rows.peek_entry()?.is_some() {
        rows.take_entry();
        let mut offset = 0u64;
        for _ in 0..random.below(6) {
            offset = offset.saturating_add(random.extreme() >> random.below(64)).min(i64::MAX as u64 - (1 << 20));
            rows.block_at(offset)?;
            rows.has_blocks_within(offset, offset + random.below(1 << 20) as u64)?;
        }
    }
    Ok(())
}

#[test]
fn a_copy_survives_any_index_of_its_base() {
    let corpus = Corpus::load();
    let scene = Scene::new(&corpus, &mut Random::new(1));
    fuzz("base of a copy", 300, |random| {
        let seed = &corpus.seeds[0];
        let other = random.pick(&corpus.seeds);
        let index = mutate::bytes(random, &seed.index, &other.index);
        if let Err(failure) = drive_reader(scene.root(), Some(index), false).1 {
            assert!(!failure.message.contains("without a word"), "the reader's thread panicked");
        }
    });
}

#[test]
fn compressed_bodies_unpack_to_what_they_say_or_not_at_all() {
    let corpus = Corpus::load();
    let bodies: Vec<(Vec<u8>, usize)> = corpus.seeds.iter().map(|seed| (corpus::compressed(&seed.pack), seed.pack.len())).collect();
    fuzz("compressed bodies", 3000, |random| {
        let ((body, length), (other, _)) = (random.pick(&bodies), random.pick(&bodies));
        let body = mutate::bytes(random, body, other);
        let mut plain = vec![0; *length];
        let _ = compression::decompress(&body, &mut plain, "It");
    });
}

#[test]
fn a_frame_that_unpacks_to_more_than_it_says_is_refused() {
    let bomb = corpus::compressed(&vec![0; 12 << 20]);
    assert!(bomb.len() < 10_000);
    for told in [0u32, 1, 100, 1 << 20] {
        let mut bomb = bomb.clone();
        bomb[4..8].copy_from_slice(&told.to_le_bytes());
        let failure = compression::decompress(&bomb, &mut vec![0; told as usize], "It").unwrap_err();
        assert!(failure.message.contains("damaged"), "{failure:?}");
    }
    // As many small ones as fit say together more than the whole.
    let one = corpus::compressed(&[0; 5000]);
    let failure = compression::decompress(&one.repeat(1000), &mut vec![0; 20_000], "It").unwrap_err();
    assert!(failure.message.contains("longer than it can be"), "{failure:?}");
}

#[test]
fn sealed_objects_say_nothing_that_is_believed_before_it_is_checked() {
    let corpus = Corpus::load();
    const KEY: [u8; 32] = [7; 32];
    let sealed: Vec<Vec<u8>> =
        corpus.seeds.iter().map(|seed| seal::seal([0; seal::HEADER], &KEY, &seed.pack, &seed.index, 1).to_vec()).collect();
    fuzz("sealed objects", 1500, |random| {
        let mut object = random.pick(&sealed).clone();
        if random.chance(2) {
            // Lengths stand there.
            let at = *random.pick(&[16, 20, 144, 148]);
            object[at..at + 4].copy_from_slice(&(random.extreme() as u32).to_le_bytes());
        } else {
            let other = random.pick(&sealed);
            object = mutate::bytes(random, &object, other);
        }
        let _ = seal::open_index(&mut object.clone(), &KEY, "It");
        let _ = seal::open(&mut object, &KEY, &KEY, MAX_PACK, "It");
    });
}
