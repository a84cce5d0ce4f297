//! Makes damaged and malicious packs and indexes out of valid ones.

use super::corpus::{Corpus, Seed};
use crate::record::{self, Counts, Record, Records};

/// SplitMix64: small, and the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// One time in `of`.
    pub fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// What lengths and offsets are worst.
    pub fn extreme(&mut self) -> u64 {
        const EXTREMES: [u64; 12] =
            [0, 1, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 40, i64::MAX as u64 - 1, i64::MAX as u64, 1 << 63, u64::MAX];
        if self.chance(4) { self.next() } else { *self.pick(&EXTREMES) }
    }
}

const EVIL_PATHS: [&[u8]; 10] =
    [b"..", b"../outside", b"/etc/passwd", b"dir/../../outside", b".", b"", b"dir//inner", b"link/inner", b"nul\0", b"outside-link/kept"];

/// Any bytes: what a damaged disk or an ignorant forger makes.
pub fn bytes(random: &mut Random, valid: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = valid.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(7) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            1 => bytes.truncate(at),
            2 if bytes.len() >= at + 4 => bytes[at..at + 4].copy_from_slice(&(random.extreme() as u32).to_le_bytes()),
            3 if bytes.len() >= at + 8 => bytes[at..at + 8].copy_from_slice(&random.extreme().to_le_bytes()),
            4 => {
                let from = random.below(other.len());
                let part = other[from..(from + random.below(300)).min(other.len())].to_vec();
                bytes.splice(at..at, part);
            }
            5 => {
                let end = (at + random.below(300)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let end = (at + random.below(300)).min(bytes.len());
                bytes.extend_from_within(at..end);
            }
        }
    }
    bytes
}

/// Half of them any bytes; half of them records that are right by themselves, as a forger who knows the format would send.
pub fn pack(random: &mut Random, seed: &Seed, corpus: &Corpus) -> Vec<u8> {
    let other = &random.pick(&corpus.seeds).pack;
    if random.chance(2) {
        return bytes(random, &seed.pack, other);
    }
    let mut records = split(&seed.pack);
    let others = split(other);
    for _ in 0..=random.below(3) {
        let at = random.below(records.len());
        match random.below(6) {
            0 => records.insert(at, records[random.below(records.len())].clone()),
            1 => records.insert(at, random.pick(&others).clone()),
            2 if records.len() > 1 => drop(records.remove(at)),
            3 => {
                let with = random.below(records.len());
                records.swap(at, with);
            }
            4 => change_field(random, &mut records[at]),
            _ => change_path(random, &mut records[at]),
        }
    }
    let mut pack = records.concat();
    let mut end = [0; record::END_LENGTH];
    record::write_end(&mut end, &Counts::default());
    pack.extend_from_slice(&end);
    pack
}

fn change_field(random: &mut Random, record: &mut [u8]) {
    let at = random.below(record.len().min(record::ENTRY_FIXED));
    match random.below(3) {
        0 => record[at] = random.next() as u8,
        1 if record.len() >= at + 8 => record[at..at + 8].copy_from_slice(&random.extreme().to_le_bytes()),
        // Kind and flags: what follows from them is the widest field.
        _ => record[1 + random.below(2)] = random.below(10) as u8,
    }
}

fn change_path(random: &mut Random, record: &mut Vec<u8>) {
    let path = *random.pick(&EVIL_PATHS);
    let (length_at, path_at) = match record[0] {
        1 => (28, record::ENTRY_FIXED),
        4 => (4, record::REMOVE_FIXED),
        _ => return,
    };
    let length = record::get_u32(record, length_at) as usize;
    record::put_u32(record, length_at, path.len() as u32);
    record.splice(path_at..(path_at + length).min(record.len()), path.iter().copied());
}

/// The records of a valid pack without its END.
fn split(pack: &[u8]) -> Vec<Vec<u8>> {
    let mut at = 0;
    let mut records = Vec::new();
    for next in Records::new(pack) {
        let length = match next.expect("seeds are valid") {
            Record::Entry(entry) => record::ENTRY_FIXED + entry.path.len() + entry.attributes.len() + entry.data.len(),
            Record::Hole { .. } => record::HOLE_LENGTH,
            Record::Remove { path } => record::REMOVE_FIXED + path.len(),
            Record::Base { .. } => record::BASE_LENGTH,
            Record::End(_) => break,
        };
        records.push(pack[at..at + length].to_vec());
        at += length;
    }
    records
}
