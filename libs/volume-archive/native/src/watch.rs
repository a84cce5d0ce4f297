//! What the outside may see of a reader or writer while it works on its own thread.

use crate::path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Warnings of one reason that are kept for telling; all are counted.
const MOST_KEPT: usize = 200;

#[derive(Debug, Clone)]
pub struct Warning {
    pub reason: &'static str,
    /// For people.
    pub path: String,
    pub message: String,
}

#[derive(Default)]
pub struct Watch {
    /// Bytes of the volume that are done, holes and what needed no sending included.
    pub bytes: AtomicU64,
    pub files: AtomicU64,
    /// Of these, what went into packs: it is read, but who sends the packs knows what is done of it.
    pub packed_bytes: AtomicU64,
    pub packed_files: AtomicU64,
    /// What it will come to, if nothing changes; 0 until it is counted.
    pub expected_bytes: AtomicU64,
    pub expected_files: AtomicU64,
    pub warnings: AtomicU64,
    stopped: AtomicBool,
    kept: Mutex<Vec<Warning>>,
}

impl Watch {
    pub fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Relaxed);
    }

    pub fn add_file(&self) {
        self.files.fetch_add(1, Relaxed);
    }

    pub fn warn(&self, reason: &'static str, at: &[u8], message: impl Into<String>) {
        self.warnings.fetch_add(1, Relaxed);
        let mut kept = self.kept.lock().expect("no panic while locked");
        if kept.iter().filter(|warning| warning.reason == reason).count() < MOST_KEPT {
            kept.push(Warning { reason, path: path::show(at), message: message.into() });
        }
    }

    /// Warnings since the last call.
    pub fn take_warnings(&self) -> Vec<Warning> {
        std::mem::take(&mut *self.kept.lock().expect("no panic while locked"))
    }

    pub fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_warnings_of_one_reason_hide_none_of_another_and_all_count() {
        let watch = Watch::default();
        for _ in 0..1000 {
            watch.warn("Harmless", b"a", "");
        }
        watch.warn("Grave", b"b", "");
        let warnings = watch.take_warnings();
        assert_eq!(warnings.iter().filter(|warning| warning.reason == "Harmless").count(), MOST_KEPT);
        assert_eq!(warnings.iter().filter(|warning| warning.reason == "Grave").count(), 1);
        assert_eq!(watch.warnings.load(Relaxed), 1001);
        // Once they are taken there is room for more.
        watch.warn("Harmless", b"c", "");
        assert_eq!(watch.take_warnings().len(), 1);
    }
}
