//! Applies packs to a destination volume and compares what they tell of themselves.

use crate::checker::Checker;
use crate::failure::{Failure, Outcome, Reason, damaged};
use crate::image_writer::ImageWriter;
use crate::record::{Counts, Entry, Kind, Record, Records};
use crate::tree_writer::TreeWriter;
use crate::watch::Watch;
use std::sync::Arc;

enum Sink {
    Tree(TreeWriter),
    Image(ImageWriter),
    /// Nothing is written: the archive is read and checked.
    Nowhere(Checker),
}

pub struct VolumeWriter {
    sink: Sink,
    /// Digest of the archive whose state the volume has.
    holds: Option<[u8; 32]>,
    is_begun: bool,
    pub counts: Counts,
    watch: Arc<Watch>,
}

impl VolumeWriter {
    pub fn tree(root: &[u8], holds: Option<[u8; 32]>, watch: Arc<Watch>) -> Outcome<Self> {
        Ok(Self::new(Sink::Tree(TreeWriter::open(root, watch.clone())?), holds, watch))
    }

    pub fn image(device: &[u8], holds: Option<[u8; 32]>, watch: Arc<Watch>) -> Outcome<Self> {
        Ok(Self::new(Sink::Image(ImageWriter::open(device, watch.clone())?), holds, watch))
    }

    /// @param is_indexed the archive says that it keeps an index, which is checked as well
    pub fn nowhere(is_image: bool, is_indexed: bool, watch: Arc<Watch>) -> Self {
        Self::new(Sink::Nowhere(Checker::new(is_image, is_indexed)), None, watch)
    }

    fn new(sink: Sink, holds: Option<[u8; 32]>, watch: Arc<Watch>) -> Self {
        Self { sink, holds, is_begun: false, counts: Counts::default(), watch }
    }

    /// Packs come in their order.
    pub fn apply(&mut self, plain: &[u8]) -> Outcome<()> {
        for record in Records::new(plain) {
            if self.watch.is_stopped() {
                return Err(crate::failure::cancelled());
            }
            match record? {
                Record::Base { digest } => self.begin_delta(digest)?,
                Record::Entry(entry) => self.entry(&entry)?,
                Record::Hole { offset, length } => match &mut self.sink {
                    Sink::Tree(tree) => tree.hole(offset, length)?,
                    Sink::Image(image) => image.hole(offset, length)?,
                    Sink::Nowhere(checker) => checker.hole()?,
                },
                Record::Remove { path } => match &mut self.sink {
                    Sink::Tree(tree) => tree.remove(path)?,
                    Sink::Image(_) => return Err(damaged("The archive removes something of a device")),
                    Sink::Nowhere(checker) => checker.remove(path)?,
                },
                Record::End(told) => self.compare(&told, "A pack of the archive")?,
            }
            self.is_begun = true;
        }
        Ok(())
    }

    /// The index section of the pack that was applied last; who lays an archive needs none.
    pub fn check_index(&mut self, section: &[u8]) -> Outcome<()> {
        match &mut self.sink {
            Sink::Nowhere(checker) => checker.index(section),
            Sink::Tree(_) | Sink::Image(_) => Ok(()),
        }
    }

    /// All packs were applied.
    pub fn finish(&mut self, told: &Counts) -> Outcome<()> {
        match &mut self.sink {
            Sink::Tree(tree) => tree.finish()?,
            Sink::Image(image) => image.finish()?,
            Sink::Nowhere(checker) => checker.finish()?,
        }
        self.compare(told, "The closing object of the archive")
    }

    fn begin_delta(&mut self, digest: [u8; 32]) -> Outcome<()> {
        if self.is_begun {
            return Err(damaged("The archive tells its base in the middle"));
        }
        match &mut self.sink {
            Sink::Nowhere(checker) => checker.begin_delta(),
            _ if self.holds != Some(digest) => {
                return Err(Failure {
                    reason: Reason::BaseMissing,
                    message: "The archive holds only what changed since another one, whose state the destination volume does not have"
                        .into(),
                });
            }
            Sink::Tree(tree) => tree.begin_delta()?,
            Sink::Image(image) => image.begin_delta(),
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry) -> Outcome<()> {
        match &mut self.sink {
            Sink::Tree(tree) => tree.apply(entry)?,
            Sink::Image(image) => image.apply(entry)?,
            Sink::Nowhere(checker) => checker.entry(entry)?,
        }
        if matches!(entry.meta.kind, Kind::File | Kind::Image) {
            self.counts.bytes += entry.data.len() as u64;
        }
        if entry.is_last() {
            self.counts.entries += 1;
            if entry.meta.kind != Kind::Directory {
                self.counts.files += 1;
                self.watch.add_file();
            }
        }
        Ok(())
    }

    /// What the copy counted must be what was laid.
    fn compare(&self, told: &Counts, what: &str) -> Outcome<()> {
        let Counts { entries, files, bytes, .. } = self.counts;
        if (told.entries, told.files, told.bytes) != (entries, files, bytes) {
            return Err(damaged(format!(
                "{what} tells of {} entries and {} bytes; there were {entries} and {bytes}",
                told.entries, told.bytes
            )));
        }
        Ok(())
    }
}
