//! Reads a volume into packs, on a thread of its own.

use crate::base::BaseRows;
use crate::count::count_tree;
use crate::failure::{Failure, Outcome, Reason};
use crate::image_reader::read_image;
use crate::index::IndexDigests;
use crate::pack_builder::{FilledPack, PackBuilder};
use crate::position::Position;
use crate::tree_reader::{Base, TreeReader};
use crate::watch::Watch;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub struct ReadRequest {
    /// Directory, or device.
    pub root: Vec<u8>,
    pub is_image: bool,
    pub pack_size: usize,
    pub digest_key: [u8; 32],
    pub index_key: [u8; 32],
    pub keep_index: bool,
    /// When this copy began, milliseconds since 1970.
    pub started_at_ms: i64,
    pub position: Option<Position>,
    pub base: Option<BaseRequest>,
}

pub struct BaseRequest {
    pub digest: [u8; 32],
    /// When its copy began, seconds since 1970.
    pub started_at: i64,
    /// Files that it holds only in part.
    pub cut_short: HashSet<Vec<u8>>,
}

pub struct VolumeReader {
    pub packs: Arc<tokio::sync::Mutex<Receiver<FilledPack>>>,
    pub base_sections: Option<Sender<Option<Vec<u8>>>>,
    pub watch: Arc<Watch>,
    pub outcome: Arc<Mutex<Option<Outcome<()>>>>,
}

impl VolumeReader {
    pub fn start(request: ReadRequest) -> Self {
        let watch = Arc::new(Watch::default());
        let outcome = Arc::new(Mutex::new(None));
        // One pack waits while the next one is filled.
        let (sink, packs) = channel(1);
        // Held until the outcome is told: who finds no more packs finds it.
        let open = sink.clone();
        let (base_sections, sections) = channel(2);
        let has_base = request.base.is_some();
        let (thread_watch, thread_outcome) = (watch.clone(), outcome.clone());
        std::thread::spawn(move || {
            let ended = read(request, sink, sections, thread_watch);
            *thread_outcome.lock().expect("no panic while locked") = Some(ended);
            drop(open);
        });
        Self { packs: Arc::new(tokio::sync::Mutex::new(packs)), base_sections: has_base.then_some(base_sections), watch, outcome }
    }

    /// How the reading ended, once there are no more packs.
    pub fn ended(outcome: &Mutex<Option<Outcome<()>>>) -> Outcome<()> {
        outcome
            .lock()
            .expect("no panic while locked")
            .clone()
            .unwrap_or_else(|| Err(Failure { reason: Reason::ReadFailed, message: "The reader ended without a word".into() }))
    }
}

fn read(request: ReadRequest, sink: Sender<FilledPack>, sections: Receiver<Option<Vec<u8>>>, watch: Arc<Watch>) -> Outcome<()> {
    let digests = IndexDigests::new(request.index_key);
    let counts = request.position.as_ref().map(|position| position.counts).unwrap_or_default();
    let mut builder = PackBuilder::new(request.pack_size, request.digest_key, request.keep_index, sink, counts, watch.clone());
    if let (Some(base), None) = (&request.base, &request.position) {
        builder.add_base(&base.digest)?;
    }
    let base = request.base.map(|base| Base { rows: BaseRows::new(sections), started_at: base.started_at, cut_short: base.cut_short });
    if request.is_image {
        let rows = base.map(|base| base.rows);
        return read_image(&request.root, &mut builder, &digests, rows, request.position, &watch);
    }
    let (counted_root, counter_watch) = (request.root.clone(), watch.clone());
    std::thread::spawn(move || count_tree(&counted_root, &counter_watch));
    let mut reader = TreeReader::new(builder, digests, base, request.position, request.started_at_ms, watch.clone());
    let ended = reader.read(&request.root);
    watch.stop(); // the counting, if it is not done
    ended
}
