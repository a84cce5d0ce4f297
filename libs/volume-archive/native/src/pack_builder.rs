//! Lays records, and the index rows beside them, into one pack after the other.

use crate::buffers::Buffer;
use crate::failure::{Outcome, cancelled};
use crate::index::{self, Digest, EntryRow, INDEX_SIZE};
use crate::record::{self, Counts, END_LENGTH, ENTRY_FIXED, Meta};
use crate::watch::Watch;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use tokio::sync::mpsc::Sender;

/// A pack whose body is complete.
pub struct FilledPack {
    pub plain: Buffer,
    pub index: Vec<u8>,
    pub digest: [u8; 32],
    pub counts: Counts,
}

pub struct PackBuilder {
    pack_size: usize,
    digest_key: [u8; 32],
    keep_index: bool,
    sink: Sender<FilledPack>,
    buffer: Option<Buffer>,
    length: usize,
    index: Vec<u8>,
    /// The entry whose rows may go on in the next pack.
    open_row: Option<EntryRow>,
    counts: Counts,
    watch: Arc<Watch>,
    earlier_warnings: u64,
    /// Packs that were handed over.
    pub filled: u64,
}

impl PackBuilder {
    /// `counts`: of the packs before, when a copy goes on.
    pub fn new(
        pack_size: usize,
        digest_key: [u8; 32],
        keep_index: bool,
        sink: Sender<FilledPack>,
        counts: Counts,
        watch: Arc<Watch>,
    ) -> Self {
        watch.packed_bytes.store(counts.bytes, Relaxed);
        watch.packed_files.store(counts.files, Relaxed);
        Self {
            pack_size,
            digest_key,
            keep_index,
            sink,
            buffer: None,
            length: 0,
            index: Vec::new(),
            open_row: None,
            counts,
            watch,
            earlier_warnings: counts.warnings,
            filled: 0,
        }
    }

    /// Bytes of content that were put in.
    pub fn count_bytes(&mut self, bytes: usize) {
        self.counts.bytes += bytes as u64;
        self.watch.packed_bytes.store(self.counts.bytes, Relaxed);
    }

    /// An entry that was put in as a whole.
    pub fn count_entry(&mut self, is_file: bool) {
        self.counts.entries += 1;
        self.counts.files += u64::from(is_file);
        self.watch.packed_files.store(self.counts.files, Relaxed);
    }

    /// Makes sure that records of so many bytes, and rows of so many beside them, fit into the present pack; ends it when they do not.
    /// A record and its rows must be in one pack: what follows an interruption is told from the last one.
    pub fn reserve(&mut self, records: usize, rows: usize) -> Outcome<()> {
        let is_full = self.length + records + END_LENGTH > self.pack_size && self.length > 0;
        let is_index_full = self.keep_index && self.index.len() + rows > INDEX_SIZE && !self.index.is_empty();
        if is_full || is_index_full { self.flush() } else { Ok(()) }
    }

    /// Bytes of data that one more record of this path may have here.
    pub fn room_for_data(&self, path: &[u8]) -> usize {
        self.pack_size.saturating_sub(self.length + END_LENGTH + ENTRY_FIXED + path.len())
    }

    pub fn add(&mut self, meta: &Meta, path: &[u8], attributes: &[u8], flags: u8, offset: u64, data: &[u8]) -> Outcome<()> {
        let head = ENTRY_FIXED + path.len() + attributes.len();
        self.reserve(head + data.len(), 0)?;
        let at = self.length;
        let buffer = self.buffer();
        record::write_entry_head(&mut buffer[at..], meta, path, attributes, flags, offset, data.len());
        buffer[at + head..][..data.len()].copy_from_slice(data);
        self.length += head + data.len();
        Ok(())
    }

    /// Where the data of a record goes that is added by `commit` next: `reserve` came before it.
    pub fn data_space(&mut self, head: usize, room: usize) -> &mut [u8] {
        let at = self.length + head;
        &mut self.buffer()[at..at + room]
    }

    /// Adds the record whose data was put into `data_space`; without a call of this it is as if it had never been asked for.
    pub fn commit(&mut self, meta: &Meta, path: &[u8], attributes: &[u8], flags: u8, offset: u64, data_length: usize) {
        let at = self.length;
        record::write_entry_head(&mut self.buffer()[at..], meta, path, attributes, flags, offset, data_length);
        self.length += ENTRY_FIXED + path.len() + attributes.len() + data_length;
    }

    /// A pack that began with it would not tell whose hole it is, to who goes on behind that pack: an empty piece does.
    pub fn add_hole(&mut self, meta: &Meta, path: &[u8], offset: u64, length: u64) -> Outcome<()> {
        self.reserve(record::HOLE_LENGTH + ENTRY_FIXED + path.len(), 0)?;
        if self.length == 0 {
            self.add(meta, path, &[], 0, offset, &[])?;
        }
        let at = self.length;
        record::write_hole(&mut self.buffer()[at..], offset, length);
        self.length += record::HOLE_LENGTH;
        Ok(())
    }

    pub fn add_remove(&mut self, path: &[u8]) -> Outcome<()> {
        self.reserve(record::REMOVE_FIXED + path.len(), 0)?;
        let at = self.length;
        record::write_remove(&mut self.buffer()[at..], path);
        self.length += record::REMOVE_FIXED + path.len();
        Ok(())
    }

    pub fn add_base(&mut self, digest: &[u8; 32]) -> Outcome<()> {
        self.reserve(record::BASE_LENGTH, 0)?;
        let at = self.length;
        record::write_base(&mut self.buffer()[at..], digest);
        self.length += record::BASE_LENGTH;
        Ok(())
    }

    pub fn keeps_index(&self) -> bool {
        self.keep_index
    }

    /// Adds the row of an entry, for which `reserve` found room.
    pub fn add_row(&mut self, row: EntryRow) {
        if self.keep_index {
            row.write(&mut self.index);
            self.open_row = row.is_in_blocks().then_some(row);
        }
    }

    /// Tells which entry's rows are going on, when a copy goes on in the middle of it.
    pub fn resume_row(&mut self, row: EntryRow) {
        self.open_row = Some(row);
    }

    /// Adds the digests of blocks of the entry whose row came last, for which `reserve` found room.
    pub fn add_blocks(&mut self, offset: u64, digests: &[Digest]) {
        if self.keep_index && !digests.is_empty() {
            self.continue_row();
            index::write_blocks(&mut self.index, offset, digests);
        }
    }

    pub fn end_row(&mut self, size: u64) {
        if self.keep_index {
            self.continue_row();
            index::write_last(&mut self.index, size);
            self.open_row = None;
        }
    }

    /// A pack whose rows begin in the middle of an entry repeats whose they are.
    fn continue_row(&mut self) {
        if self.index.is_empty()
            && let Some(row) = &mut self.open_row
        {
            row.flags |= index::CONTINUED;
            row.write(&mut self.index);
        }
    }

    /// Ends the present pack, if anything is in it.
    pub fn flush(&mut self) -> Outcome<()> {
        if self.length == 0 && self.index.is_empty() {
            return Ok(());
        }
        self.counts.warnings = self.earlier_warnings + self.watch.warnings.load(Relaxed);
        let (at, counts) = (self.length, self.counts);
        record::write_end(&mut self.buffer()[at..], &counts);
        let mut plain = self.buffer.take().expect("it was just written to");
        plain.truncate(at + END_LENGTH);
        self.length = 0;
        self.filled += 1;
        let digest = *blake3::keyed_hash(&self.digest_key, &plain).as_bytes();
        let pack = FilledPack { plain, index: std::mem::take(&mut self.index), digest, counts };
        // Nobody takes it any more: the copy was stopped.
        self.sink.blocking_send(pack).map_err(|_| cancelled())
    }

    fn buffer(&mut self) -> &mut Buffer {
        let size = self.pack_size;
        self.buffer.get_or_insert_with(|| {
            let mut buffer = Buffer::take(size);
            buffer.truncate(size);
            buffer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Position;
    use crate::record::{FIRST, Kind, PATCH};

    #[test]
    fn each_pack_of_holes_tells_whose_they_are() {
        let (sink, mut packs) = tokio::sync::mpsc::channel(100);
        let mut builder = PackBuilder::new(4096, [7; 32], false, sink, Counts::default(), Arc::default());
        let meta = Meta { kind: Kind::File, mode: 0o644, uid: 0, gid: 0, mtime: 0, mtime_nanos: 0, size: 1 << 30, major: 0, minor: 0 };
        builder.add(&meta, b"patched", &[], FIRST | PATCH, 0, &[]).unwrap();
        for number in 0..1000 {
            builder.add_hole(&meta, b"patched", number * 16_384, 8192).unwrap();
        }
        builder.flush().unwrap();
        drop(builder);
        let mut told = Vec::new();
        while let Some(pack) = packs.blocking_recv() {
            let position = Position::after(&pack.plain, &pack.index).unwrap();
            assert_eq!((&position.path[..], position.is_whole, position.meta), (&b"patched"[..], false, Some(meta)));
            told.push(position.offset);
        }
        assert!(told.len() > 3 && told.is_sorted());
        assert_eq!(told.last(), Some(&(999 * 16_384 + 8192)));
    }
}
