//! Reads a whole block device (or a file in its place) into packs: one entry without a path. Zeros are holes.

use crate::base::BaseRows;
use crate::failure::{Failure, Outcome, Reason, damaged, read_failed};
use crate::index::{self, BLOCK, EntryRow, IndexDigests};
use crate::large_file::LargeFile;
use crate::pack_builder::PackBuilder;
use crate::position::Position;
use crate::record::{FIRST, Kind, LAST, Meta, PATCH};
use crate::watch::Watch;
use rustix::fd::AsFd;
use rustix::fs::{Mode, OFlags};
use std::sync::atomic::Ordering::Relaxed;

const WHAT: &str = "the device";

pub fn read_image(
    device: &[u8],
    builder: &mut PackBuilder,
    digests: &IndexDigests,
    mut base: Option<BaseRows>,
    position: Option<Position>,
    watch: &Watch,
) -> Outcome<()> {
    if position.as_ref().is_some_and(|position| position.is_whole) {
        return Ok(());
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let file = rustix::fs::open(device, flags, Mode::empty()).map_err(|errno| read_failed(WHAT, errno))?;
    let size = rustix::fs::seek(&file, rustix::fs::SeekFrom::End(0)).map_err(|errno| read_failed(WHAT, errno))?;
    watch.expected_bytes.store(size, Relaxed);
    if let Some(base) = &mut base {
        let old = base.peek_entry()?.map(|row| row.meta.kind);
        if old != Some(Kind::Image) {
            return Err(damaged("The base is not the archive of a Block volume"));
        }
        base.take_entry();
    }
    let meta = Meta { kind: Kind::Image, mode: 0, uid: 0, gid: 0, mtime: 0, mtime_nanos: 0, size: 0, major: 0, minor: 0 };
    let row = EntryRow {
        path: Vec::new(),
        meta: Meta { size: i64::MAX as u64, ..meta },
        flags: index::IN_BLOCKS,
        ctime: 0,
        ctime_nanos: 0,
        inode: 0,
        attributes: [0; index::DIGEST],
        content: [0; index::DIGEST],
    };
    let from = match &position {
        Some(position) => {
            let from = go_on_from(position.offset, size, base.is_some() || builder.keeps_index())?;
            builder.resume_row(row);
            watch.add_bytes(from);
            from
        }
        None => {
            builder.add(&meta, &[], &[], FIRST | if base.is_some() { PATCH } else { 0 }, 0, &[])?;
            builder.add_row(row);
            0
        }
    };
    let mut data = LargeFile { file: file.as_fd(), path: &[], meta, builder, digests, base: base.as_mut(), watch };
    let end = data.read_device(from)?;
    if let Some(errno) = end.failed {
        return Err(read_failed(WHAT, errno));
    }
    builder.add(&Meta { size: end.offset, ..meta }, &[], &[], LAST, end.offset, &[])?;
    builder.end_row(end.offset);
    builder.count_entry(true);
    watch.add_file();
    builder.flush()
}

/// Where a device is read on, of which an earlier attempt told up to `told`.
fn go_on_from(told: u64, size: u64, in_blocks: bool) -> Outcome<u64> {
    let block = BLOCK as u64;
    // Of blocks that did not change only rows tell, which take a short last one for a whole one.
    let ends_in_last_block = in_blocks && told.is_multiple_of(block) && told < size + block;
    if size < told && !ends_in_last_block {
        return Err(resized("smaller"));
    }
    // It ended within a block; the digests of what follows would not lie on their grid.
    if size > told && in_blocks && !told.is_multiple_of(block) {
        return Err(resized("larger"));
    }
    Ok(told.min(size))
}

fn resized(how: &str) -> Failure {
    Failure { reason: Reason::SourceMoved, message: format!("The device is {how} than when the copy began") }
}
