//! A device whose end lies within a block, copied with an index, interrupted behind any pack.

use crate::failure::Reason;
use crate::index::LAST_LENGTH;
use crate::position::Position;
use crate::record::{self, Counts, Record, Records};
use crate::testing::{Copied, base_after, copy, request};
use crate::volume_reader::ReadRequest;
use std::fs;
use std::path::Path;

const SIZE: usize = 1_500_001;

fn content() -> Vec<u8> {
    (0..SIZE as u32).map(|at| ((at / 7 * 31) >> 3) as u8 | 1).collect()
}

fn image(device: &Path, is_delta: bool) -> ReadRequest {
    ReadRequest { is_image: true, base: if is_delta { base_after(0) } else { None }, ..request(device) }
}

fn bodies(packs: &[crate::pack_builder::FilledPack]) -> Vec<(Vec<u8>, Vec<u8>)> {
    packs.iter().map(|pack| (pack.plain.to_vec(), pack.index.clone())).collect()
}

/// Resumed behind each of its packs, a copy goes on with the same ones.
fn assert_goes_on(device: &Path, whole: &Copied, sections: &[Vec<u8>]) {
    assert!(whole.packs.len() > 2);
    for packs in 1..whole.packs.len() {
        let position = whole.position_after(packs);
        let rest = copy(ReadRequest { position, ..image(device, !sections.is_empty()) }, sections.to_vec());
        assert_eq!(rest.outcome, Ok(()), "behind pack {packs}");
        let all = Copied { packs: whole.packs[..packs].iter().map(again).chain(rest.packs).collect(), warnings: vec![], outcome: Ok(()) };
        assert_eq!(all.verify(true), Ok(()), "behind pack {packs}");
        assert!(bodies(&all.packs) == bodies(&whole.packs), "behind pack {packs}");
    }
}

fn again(pack: &crate::pack_builder::FilledPack) -> crate::pack_builder::FilledPack {
    let mut plain = crate::buffers::Buffer::take(pack.plain.len());
    plain.truncate(pack.plain.len());
    plain.copy_from_slice(&pack.plain);
    crate::pack_builder::FilledPack { plain, index: pack.index.clone(), digest: pack.digest, counts: pack.counts }
}

#[test]
fn it_goes_on_behind_any_pack() {
    let home = tempfile::tempdir().unwrap();
    let device = home.path().join("device");
    fs::write(&device, content()).unwrap();
    let whole = copy(image(&device, false), Vec::new());
    assert_goes_on(&device, &whole, &[]);
    // A delta in which most blocks changed, among them the last one; and one in which that did not.
    for last in [SIZE, SIZE - 10_000] {
        let mut changed = content();
        changed[..last].iter_mut().for_each(|byte| *byte ^= 0xf0);
        fs::write(&device, changed).unwrap();
        assert_goes_on(&device, &copy(image(&device, true), whole.sections()), &whole.sections());
    }
}

#[test]
fn it_does_not_go_on_when_the_device_has_another_size() {
    let home = tempfile::tempdir().unwrap();
    let device = home.path().join("device");
    fs::write(&device, content()).unwrap();
    let whole = copy(image(&device, false), Vec::new());
    for size in [SIZE as u64 / 3, SIZE as u64 / 2] {
        fs::OpenOptions::new().write(true).open(&device).unwrap().set_len(size).unwrap();
        let position = whole.position_after(whole.packs.len() - 1);
        let failure = copy(ReadRequest { position, ..image(&device, false) }, Vec::new()).outcome.unwrap_err();
        assert_eq!(failure.reason, Reason::SourceMoved);
    }
    // Grown, when all that there was had been told but for its end.
    fs::write(&device, [content(), vec![1; 20_000]].concat()).unwrap();
    let mut position = whole.position_after(whole.packs.len()).unwrap();
    (position.is_whole, position.offset) = (false, SIZE as u64);
    let failure = copy(ReadRequest { position: Some(position), ..image(&device, false) }, Vec::new()).outcome.unwrap_err();
    assert_eq!(failure.reason, Reason::SourceMoved);
}

#[test]
fn rows_alone_take_a_short_last_block_for_a_whole_one_and_the_device_tells_better() {
    let home = tempfile::tempdir().unwrap();
    let device = home.path().join("device");
    fs::write(&device, content()).unwrap();
    let whole = copy(image(&device, false), Vec::new());
    // A delta in which nothing changed, interrupted when all of its rows but the last one were told.
    let delta = copy(image(&device, true), whole.sections());
    let index = &delta.packs.last().unwrap().index;
    let mut records = [0; record::END_LENGTH];
    record::write_end(&mut records, &Counts::default());
    let position = Position::after(&records, &index[..index.len() - LAST_LENGTH]).unwrap();
    assert!((position.is_whole, position.offset > SIZE as u64) == (false, true));
    let rest = copy(ReadRequest { position: Some(position), ..image(&device, true) }, whole.sections());
    assert_eq!(rest.outcome, Ok(()));
    let ends = rest.packs.iter().flat_map(|pack| Records::new(&pack.plain)).filter_map(|record| match record.unwrap() {
        Record::Entry(entry) if entry.is_last() => Some((entry.offset, entry.meta.size)),
        _ => None,
    });
    assert_eq!(ends.collect::<Vec<_>>(), [(SIZE as u64, SIZE as u64)]);
}
