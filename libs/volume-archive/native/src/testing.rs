//! Copies of volumes for tests, without what seals and sends them.

use crate::failure::Outcome;
use crate::index::{EntryRow, Row, Rows};
use crate::pack_builder::FilledPack;
use crate::position::Position;
use crate::record::{Record, Records};
use crate::volume_reader::{BaseRequest, ReadRequest, VolumeReader};
use crate::volume_writer::VolumeWriter;
use crate::watch::Warning;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

pub const BASE: [u8; 32] = [9; 32];
pub const PACK_SIZE: usize = 256 << 10;

pub struct Copied {
    pub packs: Vec<FilledPack>,
    pub warnings: Vec<Warning>,
    pub outcome: Outcome<()>,
}

/// A full copy that keeps an index and began now.
pub fn request(root: &Path) -> ReadRequest {
    ReadRequest {
        root: root.as_os_str().as_bytes().to_vec(),
        is_image: false,
        pack_size: PACK_SIZE,
        digest_key: [7; 32],
        index_key: [8; 32],
        keep_index: true,
        started_at_ms: now_ms(),
        position: None,
        base: None,
    }
}

pub fn now_ms() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64
}

/// As if the base's copy had begun so many seconds after its last change.
pub fn base_after(seconds: i64) -> Option<BaseRequest> {
    Some(BaseRequest { digest: BASE, started_at: now_ms() / 1000 + seconds, cut_short: Default::default() })
}

/// Reads a volume to its end. @param sections the index of its base
pub fn copy(request: ReadRequest, sections: Vec<Vec<u8>>) -> Copied {
    let reader = VolumeReader::start(request);
    if let Some(base) = reader.base_sections.clone() {
        std::thread::spawn(move || {
            for section in sections.into_iter().map(Some).chain([None]) {
                if base.blocking_send(section).is_err() {
                    return; // it has ended early
                }
            }
        });
    }
    let mut packs = Vec::new();
    let mut waiting = reader.packs.blocking_lock();
    while let Some(pack) = waiting.blocking_recv() {
        packs.push(pack);
    }
    // The last word comes just behind the last pack.
    for _ in 0..2000 {
        if reader.outcome.lock().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Copied { packs, warnings: reader.watch.take_warnings(), outcome: VolumeReader::ended(&reader.outcome) }
}

impl Copied {
    pub fn sections(&self) -> Vec<Vec<u8>> {
        self.packs.iter().map(|pack| pack.index.clone()).collect()
    }

    /// Where a copy goes on of which so many packs are there.
    pub fn position_after(&self, packs: usize) -> Option<Position> {
        let last = &self.packs[packs - 1];
        Some(Position::after(&last.plain, &last.index).unwrap())
    }

    /// Paths of the entries that were sent, each once, and of those that are gone with a minus before them.
    pub fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        for pack in &self.packs {
            for record in Records::new(&pack.plain) {
                match record.unwrap() {
                    Record::Entry(entry) if entry.is_first() => told.push(crate::path::show(entry.path)),
                    Record::Remove { path } => told.push(format!("-{}", crate::path::show(path))),
                    _ => {}
                }
            }
        }
        told
    }

    /// The rows of entries, each once.
    pub fn rows(&self) -> Vec<EntryRow> {
        let rows = self.packs.iter().flat_map(|pack| Rows::new(&pack.index)).map(Result::unwrap);
        let entries = rows.filter_map(|row| match row {
            Row::Entry(row) if row.flags & crate::index::CONTINUED == 0 => Some(row),
            _ => None,
        });
        entries.collect()
    }

    /// What `reason path` each warning has.
    pub fn warned(&self) -> Vec<String> {
        self.warnings.iter().map(|warning| format!("{} {}", warning.reason, warning.path)).collect()
    }

    /// As who verifies an archive reads it.
    pub fn verify(&self, is_image: bool) -> Outcome<()> {
        let mut checker = VolumeWriter::nowhere(is_image, true, Default::default());
        for pack in &self.packs {
            checker.apply(&pack.plain)?;
            checker.check_index(&pack.index)?;
        }
        checker.finish(&self.packs.last().unwrap().counts)
    }
}

/// Runs `work` as one who may not do what these capabilities allow; who is root may else read what nobody may.
pub fn without<T: Send>(capabilities: rustix::thread::CapabilitySet, work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let mut sets = rustix::thread::capabilities(None).unwrap();
            sets.effective -= capabilities;
            sets.permitted -= capabilities;
            rustix::thread::set_capabilities(None, sets).unwrap();
            work()
        });
        thread.join().unwrap()
    })
}
