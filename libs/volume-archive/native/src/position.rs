//! Where an earlier attempt of a copy ended: what its last pack holds last, and how far.

use crate::failure::{Outcome, damaged};
use crate::index::{BLOCK, EntryRow, Row, Rows};
use crate::path::compare;
use crate::record::{Counts, Kind, Meta, Record, Records};
use std::cmp::Ordering;

#[derive(Debug, Clone)]
pub struct Position {
    pub path: Vec<u8>,
    /// The entry is done; else its data goes on at `offset`.
    pub is_whole: bool,
    pub offset: u64,
    /// As the entry's records tell it; none for one that left no record.
    pub meta: Option<Meta>,
    /// Its index row, when the pack has one.
    pub row: Option<EntryRow>,
    /// The path was told to be gone, with all below it.
    pub is_removed: bool,
    pub counts: Counts,
}

/// How an entry of the walk stands to the position.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing {
    Archived,
    Partial,
    Ahead,
}

impl Position {
    /// Reads the last pack and its index.
    pub fn after(plain: &[u8], index: &[u8]) -> Outcome<Self> {
        let mut position =
            Self { path: Vec::new(), is_whole: true, offset: 0, meta: None, row: None, is_removed: false, counts: Counts::default() };
        let mut is_empty = true;
        for record in Records::new(plain) {
            match record? {
                Record::Entry(entry) => {
                    is_empty = false;
                    position.path = entry.path.to_vec();
                    position.is_whole = entry.is_last();
                    position.offset = entry.offset + entry.data.len() as u64;
                    position.meta = Some(entry.meta);
                    position.is_removed = false;
                }
                Record::Hole { offset, length } => position.offset = position.offset.max(offset + length),
                Record::Remove { path } => {
                    is_empty = false;
                    position.path = path.to_vec();
                    position.is_whole = true;
                    position.is_removed = true;
                }
                Record::Base { .. } => {}
                Record::End(counts) => position.counts = counts,
            }
        }
        let mut row = None;
        let mut covered = 0;
        let mut is_complete = true;
        for next in Rows::new(index) {
            match next? {
                Row::Entry(entry) => {
                    is_empty = false;
                    (covered, is_complete) = (0, !entry.is_in_blocks());
                    row = Some(entry);
                }
                Row::Blocks { offset, digests } => covered = offset + (digests.len() * BLOCK) as u64,
                Row::Last { .. } => is_complete = true,
            }
        }
        if is_empty {
            return Err(damaged("The last pack of the archive is empty"));
        }
        if let Some(row) = row {
            match if position.meta.is_none() && !position.is_removed { Ordering::Greater } else { compare(&row.path, &position.path) } {
                Ordering::Greater => {
                    position.path = row.path.clone();
                    position.is_whole = is_complete;
                    position.offset = covered.min(row.meta.size);
                    position.meta = None;
                    position.is_removed = false;
                    position.row = Some(row);
                }
                Ordering::Equal if !position.is_removed => {
                    position.offset = reach(position.offset, covered, row.meta.size);
                    position.row = Some(row);
                }
                _ => {}
            }
        }
        Ok(position)
    }

    pub fn is_directory(&self) -> bool {
        let kind = self.meta.or(self.row.as_ref().map(|row| row.meta)).map(|meta| meta.kind);
        !self.is_removed && kind == Some(Kind::Directory)
    }

    pub fn standing(&self, path: &[u8]) -> Standing {
        match compare(path, &self.path) {
            Ordering::Less => Standing::Archived,
            Ordering::Equal if self.is_whole => Standing::Archived,
            Ordering::Equal => Standing::Partial,
            Ordering::Greater => Standing::Ahead,
        }
    }
}

/// How far records and rows tell together. Rows go by whole blocks, so within the last one the records know better; and nothing lies
/// behind the file's size.
fn reach(told: u64, covered: u64, size: u64) -> u64 {
    if told + BLOCK as u64 > covered { told } else { covered.min(size) }
}
