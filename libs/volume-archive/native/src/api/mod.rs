//! What TypeScript sees. Nothing is decided here: values are converted, and work is put onto threads.

pub mod packs;
pub mod reader;
pub mod sender;
pub mod writer;

use crate::failure::Outcome;
use crate::watch::Watch;
use napi::bindgen_prelude::*;
use napi_derive::napi;
use std::sync::atomic::Ordering::Relaxed;

/// Bytes, files and warnings so far; `expected…` is 0 until it is known.
#[napi(object)]
pub struct Figures {
    pub bytes: f64,
    pub files: f64,
    /// Of these, what a reader put into packs.
    pub packed_bytes: f64,
    pub packed_files: f64,
    pub expected_bytes: f64,
    pub expected_files: f64,
    pub warnings: f64,
}

#[napi(object)]
pub struct WarningObject {
    pub reason: String,
    pub path: String,
    pub message: String,
}

#[napi(object)]
pub struct CountsObject {
    pub entries: f64,
    pub files: f64,
    pub bytes: f64,
    pub warnings: f64,
}

impl From<crate::record::Counts> for CountsObject {
    fn from(counts: crate::record::Counts) -> Self {
        Self { entries: counts.entries as f64, files: counts.files as f64, bytes: counts.bytes as f64, warnings: counts.warnings as f64 }
    }
}

impl From<CountsObject> for crate::record::Counts {
    fn from(counts: CountsObject) -> Self {
        Self { entries: counts.entries as u64, files: counts.files as u64, bytes: counts.bytes as u64, warnings: counts.warnings as u64 }
    }
}

fn figures(watch: &Watch) -> Figures {
    Figures {
        bytes: watch.bytes.load(Relaxed) as f64,
        files: watch.files.load(Relaxed) as f64,
        packed_bytes: watch.packed_bytes.load(Relaxed) as f64,
        packed_files: watch.packed_files.load(Relaxed) as f64,
        expected_bytes: watch.expected_bytes.load(Relaxed) as f64,
        expected_files: watch.expected_files.load(Relaxed) as f64,
        warnings: watch.warnings.load(Relaxed) as f64,
    }
}

fn warnings(watch: &Watch) -> Vec<WarningObject> {
    let to_object =
        |warning: crate::watch::Warning| WarningObject { reason: warning.reason.into(), path: warning.path, message: warning.message };
    watch.take_warnings().into_iter().map(to_object).collect()
}

fn key(bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| Error::from_reason("a key or digest has 32 bytes"))
}

/// Runs what takes long on a thread that may block.
async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Result<T> {
    let joined = tokio::task::spawn_blocking(work).await;
    Ok(joined.map_err(|error| Error::from_reason(error.to_string()))??)
}

/// Lets a deep tree be walked: each level of it is an open directory. Called once.
#[napi]
pub fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Refused, it is as it was.
    let _ = setrlimit(Resource::Nofile, limit);
}
