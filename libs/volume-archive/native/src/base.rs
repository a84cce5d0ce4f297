//! The index of the archive on which a delta is based, as one stream of rows.

use crate::failure::{Outcome, cancelled};
use crate::index::{BLOCK, CONTINUED, Digest, EntryRow, Row, Rows};
use tokio::sync::mpsc::Receiver;

pub struct BaseRows {
    /// None: the index ends here. Without that word it was cut off, and what would follow is not gone but unknown.
    sections: Receiver<Option<Vec<u8>>>,
    has_ended: bool,
    section: Vec<u8>,
    at: usize,
    peeked: Option<Row>,
    /// Blocks of the row that is being read.
    blocks: (u64, Vec<Digest>),
}

impl BaseRows {
    pub fn new(sections: Receiver<Option<Vec<u8>>>) -> Self {
        Self { sections, has_ended: false, section: Vec::new(), at: 0, peeked: None, blocks: (0, Vec::new()) }
    }

    /// The next entry's row; rows of blocks before it are passed by.
    pub fn peek_entry(&mut self) -> Outcome<Option<&EntryRow>> {
        while !matches!(self.peek()?, None | Some(Row::Entry(_))) {
            self.peeked = None;
        }
        match &self.peeked {
            Some(Row::Entry(row)) => Ok(Some(row)),
            _ => Ok(None),
        }
    }

    /// Takes the entry that `peek_entry` showed.
    pub fn take_entry(&mut self) -> Option<EntryRow> {
        self.blocks = (0, Vec::new());
        match self.peeked.take() {
            Some(Row::Entry(row)) => Some(row),
            other => {
                self.peeked = other;
                None
            }
        }
    }

    /// Takes the next row of blocks of the entry that was taken, or `None` behind its last one.
    pub fn take_blocks(&mut self) -> Outcome<Option<(u64, Vec<Digest>)>> {
        match self.peek()? {
            Some(Row::Blocks { .. }) => match self.peeked.take() {
                Some(Row::Blocks { offset, digests }) => Ok(Some((offset, digests))),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// Digest of the block at `offset`, unless it was a hole. Offsets of later calls are not smaller.
    pub fn block_at(&mut self, offset: u64) -> Outcome<Option<Digest>> {
        self.advance_to(offset)?;
        let (start, digests) = &self.blocks;
        if offset < *start {
            return Ok(None);
        }
        Ok(digests.get(((offset - start) / BLOCK as u64) as usize).copied())
    }

    /// Whether a block lay between `start` and `end`.
    pub fn has_blocks_within(&mut self, start: u64, end: u64) -> Outcome<bool> {
        self.advance_to(start)?;
        let (first, digests) = &self.blocks;
        Ok(!digests.is_empty() && *first < end && first + (digests.len() * BLOCK) as u64 > start)
    }

    /// Makes the row of blocks current that reaches beyond `offset`.
    fn advance_to(&mut self, offset: u64) -> Outcome<()> {
        while self.blocks.0 + ((self.blocks.1.len() * BLOCK) as u64) <= offset {
            match self.take_blocks()? {
                Some(blocks) => self.blocks = blocks,
                None => {
                    self.blocks = (u64::MAX, Vec::new());
                    break;
                }
            }
        }
        Ok(())
    }

    fn peek(&mut self) -> Outcome<Option<&Row>> {
        while self.peeked.is_none() {
            let mut rows = Rows::from(&self.section, self.at);
            match rows.next() {
                Some(row) => {
                    let row = row?;
                    self.at = rows.position();
                    let repeated = matches!(&row, Row::Entry(entry) if entry.flags & CONTINUED != 0);
                    if !repeated {
                        self.peeked = Some(row);
                    }
                }
                None if self.has_ended => break,
                None => match self.sections.blocking_recv().ok_or_else(cancelled)? {
                    Some(section) => (self.section, self.at) = (section, 0),
                    None => self.has_ended = true,
                },
            }
        }
        Ok(self.peeked.as_ref())
    }
}
