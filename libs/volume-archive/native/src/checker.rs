//! Reads an archive as one who lays it does, and writes nothing: whether each record may stand where it does, and whether the index tells
//! of the same entries.

use crate::failure::{Outcome, damaged};
use crate::index::{self, BLOCK, EntryRow, Row, Rows};
use crate::path::{self, compare, show};
use crate::record::{Entry, Kind, attributes};
use std::cmp::Ordering;
use std::collections::VecDeque;

struct OpenEntry {
    path: Vec<u8>,
    kind: Kind,
    is_patch: bool,
    /// Where its pieces end so far.
    end: u64,
}

pub struct Checker {
    is_image: bool,
    /// The archive says that it keeps an index.
    is_indexed: bool,
    is_delta: bool,
    last: Option<Vec<u8>>,
    /// Those in which entries may come, from the root down.
    directories: Vec<Vec<u8>>,
    open: Option<OpenEntry>,
    /// Entries whose first record is in the present pack.
    begun: VecDeque<(Vec<u8>, Kind)>,
    rows: RowOrder,
}

impl Checker {
    pub fn new(is_image: bool, is_indexed: bool) -> Self {
        Self {
            is_image,
            is_indexed,
            is_delta: false,
            last: None,
            directories: Vec::new(),
            open: None,
            begun: VecDeque::new(),
            rows: RowOrder::default(),
        }
    }

    pub fn begin_delta(&mut self) {
        self.is_delta = true;
    }

    pub fn entry(&mut self, entry: &Entry) -> Outcome<()> {
        if entry.is_first() {
            self.begin(entry)?;
        }
        let is_image = self.is_image;
        let open = self.open.as_mut().filter(|open| open.path == entry.path && open.kind == entry.meta.kind);
        let Some(open) = open else {
            return Err(damaged(format!("The archive holds a piece of {} without its beginning", show(entry.path))));
        };
        // A file that grew while its copy was interrupted has the block in which it ended once more.
        let least = if is_image { open.end } else { open.end.saturating_sub(BLOCK as u64 - 1) };
        if matches!(open.kind, Kind::File | Kind::Image) && entry.offset < least {
            return Err(damaged(format!("The archive holds the pieces of {} out of order", show(entry.path))));
        }
        open.end = entry.offset + entry.data.len() as u64;
        if entry.is_last() {
            attributes(entry.attributes)?;
            self.open = None;
        }
        Ok(())
    }

    fn begin(&mut self, entry: &Entry) -> Outcome<()> {
        let at = entry.path;
        self.assert_nothing_open()?;
        if (entry.meta.kind == Kind::Image) != self.is_image {
            return Err(damaged("The archive is of another kind of volume"));
        }
        if !entry.is_last() && !matches!(entry.meta.kind, Kind::File | Kind::Image) {
            return Err(damaged(format!("The archive holds {} in pieces", show(at))));
        }
        if entry.is_patch() && !self.is_delta {
            return Err(damaged(format!("The archive changes {}, and is not based on another", show(at))));
        }
        self.comes_next(at)?;
        match entry.meta.kind {
            Kind::Directory => self.directories.push(at.to_vec()),
            Kind::Symlink if entry.data.is_empty() || entry.data.contains(&0) => {
                return Err(damaged(format!("The archive holds the symbolic link {} without a valid target", show(at))));
            }
            Kind::HardLink => {
                path::assert_safe(entry.data)?;
                if compare(entry.data, at).is_ge() {
                    return Err(damaged(format!("The archive links {} to {}, which comes later", show(at), show(entry.data))));
                }
            }
            _ => {}
        }
        if self.is_indexed {
            self.begun.push_back((at.to_vec(), entry.meta.kind));
        }
        self.open = Some(OpenEntry { path: at.to_vec(), kind: entry.meta.kind, is_patch: entry.is_patch(), end: 0 });
        Ok(())
    }

    pub fn hole(&self) -> Outcome<()> {
        match &self.open {
            Some(open) if open.is_patch => Ok(()),
            _ => Err(damaged("The archive holds a hole without the file that it changes")),
        }
    }

    pub fn remove(&mut self, at: &[u8]) -> Outcome<()> {
        if !self.is_delta || self.is_image {
            return Err(damaged("The archive removes something, and is not based on another"));
        }
        self.assert_nothing_open()?;
        self.comes_next(at)
    }

    /// The rows of the present pack, whose records came before.
    pub fn index(&mut self, section: &[u8]) -> Outcome<()> {
        for row in Rows::new(section) {
            let Some(row) = self.rows.next(row?)? else { continue };
            let is_told = self.begun.front().is_some_and(|(path, kind)| *path == row.path && *kind == row.meta.kind);
            if is_told {
                self.begun.pop_front();
            } else if !self.is_delta {
                return Err(damaged(format!("The index tells of {}, which the archive does not hold there", show(&row.path))));
            }
        }
        self.rows.end_section();
        match self.begun.pop_front() {
            Some((path, _)) => Err(damaged(format!("The index does not tell of {}, or out of order", show(&path)))),
            None => Ok(()),
        }
    }

    pub fn finish(&self) -> Outcome<()> {
        self.assert_nothing_open()?;
        if self.last.is_none() {
            return Err(damaged("The archive is empty"));
        }
        self.rows.assert_ended()
    }

    fn comes_next(&mut self, at: &[u8]) -> Outcome<()> {
        match &self.last {
            None if !at.is_empty() => return Err(damaged(format!("The archive begins with {} instead of the root", show(at)))),
            Some(last) if compare(last, at).is_ge() => {
                return Err(damaged(format!("The archive holds {} after {}, out of order", show(at), show(last))));
            }
            _ => {}
        }
        if !at.is_empty() {
            let parent = path::split(at).0;
            while self.directories.last().is_some_and(|open| open != parent) {
                self.directories.pop();
            }
            if self.directories.is_empty() {
                return Err(damaged(format!("The archive holds {} in what is no directory", show(at))));
            }
        }
        self.last = Some(at.to_vec());
        Ok(())
    }

    fn assert_nothing_open(&self) -> Outcome<()> {
        match &self.open {
            Some(open) => Err(damaged(format!("The archive leaves {} unfinished", show(&open.path)))),
            None => Ok(()),
        }
    }
}

/// What may follow what among the rows of an index.
#[derive(Default)]
struct RowOrder {
    last: Option<Vec<u8>>,
    /// Blocks of the last entry may follow, from here on.
    blocks_from: Option<u64>,
    is_within_section: bool,
}

impl RowOrder {
    /// @returns the row of an entry that begins here
    fn next(&mut self, row: Row) -> Outcome<Option<EntryRow>> {
        let is_first = !std::mem::replace(&mut self.is_within_section, true);
        match row {
            Row::Entry(entry) if entry.flags & index::CONTINUED != 0 => {
                if !is_first || self.blocks_from.is_none() || self.last.as_ref() != Some(&entry.path) {
                    return Err(damaged(format!("The index goes on with {}, which it had not begun", show(&entry.path))));
                }
                Ok(None)
            }
            Row::Entry(entry) => {
                self.assert_ended()?;
                if self.last.as_ref().map_or(Ordering::Less, |last| compare(last, &entry.path)).is_ge() {
                    return Err(damaged(format!("The index tells of {} out of order", show(&entry.path))));
                }
                self.blocks_from = entry.is_in_blocks().then_some(0);
                self.last = Some(entry.path.clone());
                Ok(Some(entry))
            }
            Row::Blocks { offset, digests } => {
                if !offset.is_multiple_of(BLOCK as u64) || self.blocks_from.is_none_or(|from| offset < from) {
                    return Err(damaged("The index tells of blocks out of order"));
                }
                self.blocks_from = Some(offset + (digests.len() * BLOCK) as u64);
                Ok(None)
            }
            Row::Last { .. } => match self.blocks_from.take() {
                Some(_) => Ok(None),
                None => Err(damaged("The index ends blocks that it had not begun")),
            },
        }
    }

    fn end_section(&mut self) {
        self.is_within_section = false;
    }

    fn assert_ended(&self) -> Outcome<()> {
        match (&self.last, self.blocks_from) {
            (Some(last), Some(_)) => Err(damaged(format!("The index leaves {} unfinished", show(last)))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::failure::Outcome;
    use crate::testing::{copy, request};
    use crate::volume_writer::VolumeWriter;
    use std::fs;

    /// Copies a tree of several packs, lets `change` have the index of each, and verifies that.
    fn verified(change: impl Fn(&mut Vec<Vec<u8>>)) -> Outcome<()> {
        let home = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            fs::write(home.path().join(name), name).unwrap();
        }
        fs::write(home.path().join("large"), vec![1; 3 << 20]).unwrap();
        let copied = copy(request(home.path()), Vec::new());
        let mut sections = copied.sections();
        change(&mut sections);
        let mut checker = VolumeWriter::nowhere(false, true, Default::default());
        for (pack, section) in copied.packs.iter().zip(&sections) {
            checker.apply(&pack.plain)?;
            checker.check_index(section)?;
        }
        checker.finish(&copied.packs.last().unwrap().counts)
    }

    /// Rows of names of one byte, as long as the others.
    const ROW: usize = crate::index::ENTRY_FIXED + 1;
    const ROOT: usize = crate::index::ENTRY_FIXED;

    #[test]
    fn an_index_tells_of_each_entry_in_its_order_and_of_nothing_else() {
        assert_eq!(verified(|_| {}), Ok(()));
        let refused = |change: &dyn Fn(&mut Vec<Vec<u8>>)| verified(change).unwrap_err().message;
        let swapped = refused(&|sections| sections[0][ROOT..ROOT + 2 * ROW].rotate_left(ROW));
        assert!(swapped.contains("tells of b, which the archive does not hold there"), "{swapped}");
        let missing = refused(&|sections| drop(sections[0].drain(ROOT..ROOT + ROW)));
        assert!(missing.contains("tells of b, which"), "{missing}");
        let twice = refused(&|sections| {
            let row = sections[0][ROOT..ROOT + ROW].to_vec();
            sections[0].splice(ROOT..ROOT, row);
        });
        assert!(twice.contains("tells of a out of order"), "{twice}");
        let renamed = refused(&|sections| sections[0][ROOT + ROW - 1] = b'A');
        assert!(renamed.contains("tells of A, which"), "{renamed}");
        let none = refused(&|sections| sections[0].clear());
        assert!(none.contains("does not tell of /"), "{none}");
        let other_pack = refused(&|sections| sections.swap(1, 2));
        assert!(other_pack.contains("blocks out of order"), "{other_pack}");
        let cut = refused(&|sections| {
            let last = sections.last_mut().unwrap();
            last.truncate(last.len() - crate::index::LAST_LENGTH);
        });
        assert!(cut.contains("leaves large unfinished"), "{cut}");
    }
}
