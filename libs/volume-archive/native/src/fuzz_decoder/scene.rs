//! A volume's root with a directory beside it that nothing may touch.

use super::corpus::{BASE, Corpus};
use super::mutate::Random;
use crate::failure::Outcome;
use crate::pack_builder::FilledPack;
use crate::record::{Record, Records};
use crate::volume_reader::{BaseRequest, ReadRequest, VolumeReader};
use crate::volume_writer::VolumeWriter;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub struct Scene {
    home: tempfile::TempDir,
    before: Vec<String>,
}

impl Scene {
    /// The root holds nothing, the corpus's tree, or links that lead outside.
    pub fn new(corpus: &Corpus, random: &mut Random) -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::create_dir(home.path().join("outside")).unwrap();
        fs::write(home.path().join("outside/kept"), "kept").unwrap();
        fs::write(home.path().join("outside/inner"), "kept").unwrap();
        fs::write(home.path().join("device"), b"what lay here".repeat(10_000)).unwrap();
        if random.chance(2) {
            writer(&root, false).apply(&corpus.seeds[0].pack).unwrap();
        }
        if random.chance(2) {
            for name in ["a", "dir", "dir/inner", "dir/deeper", "large", "outside-link", "new"] {
                let _ = fs::remove_file(root.join(name));
                let _ = fs::remove_dir_all(root.join(name));
                let target = if name == "large" || name == "a" { "outside/kept" } else { "outside" };
                let _ = symlink(home.path().join(target), root.join(name));
            }
        }
        let before = outside(home.path());
        Self { home, before }
    }

    pub fn root(&self) -> PathBuf {
        self.home.path().join("root")
    }

    /// `finishes`: to the end, which makes the whole file system write what it holds and is slow.
    pub fn apply(&self, pack: &[u8], is_image: bool, finishes: bool) -> Outcome<()> {
        let mut writer = writer(&if is_image { self.home.path().join("device") } else { self.root() }, is_image);
        writer.apply(pack)?;
        let told = Records::new(pack).filter_map(Result::ok).find_map(|record| match record {
            Record::End(counts) => Some(counts),
            _ => None,
        });
        if finishes { writer.finish(&told.unwrap_or_default()) } else { Ok(()) }
    }

    pub fn assert_untouched(&self) {
        assert_eq!(outside(self.home.path()), self.before, "something outside of the root was touched");
    }
}

fn writer(at: &Path, is_image: bool) -> VolumeWriter {
    let at = at.as_os_str().as_bytes();
    let watch = Default::default();
    if is_image { VolumeWriter::image(at, Some(BASE), watch) } else { VolumeWriter::tree(at, Some(BASE), watch) }.unwrap()
}

/// All that lies beside the root, with what could have been done to it.
fn outside(home: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(home).unwrap().chain(fs::read_dir(home.join("outside")).unwrap()) {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name == "root" || name == "device" {
            found.push(format!("{name:?}"));
            continue;
        }
        let stat = entry.metadata().unwrap();
        let content = if stat.is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
        let facts = (stat.mode(), stat.uid(), stat.gid(), stat.nlink(), stat.mtime(), stat.mtime_nsec(), stat.ctime(), stat.ctime_nsec());
        found.push(format!("{name:?} {facts:?} {content:?}"));
    }
    found.sort();
    found
}

/// Reads a volume to its end, on top of a base when there is the index of one.
pub fn drive_reader(root: impl AsRef<Path>, base: Option<Vec<u8>>, is_image: bool) -> (Vec<FilledPack>, Outcome<()>) {
    let reader = VolumeReader::start(ReadRequest {
        root: root.as_ref().as_os_str().as_bytes().to_vec(),
        is_image,
        pack_size: 2 << 20,
        digest_key: [7; 32],
        index_key: [8; 32],
        keep_index: true,
        started_at_ms: i64::MAX,
        position: None,
        base: base.is_some().then_some(BaseRequest { digest: BASE, started_at: 0, cut_short: Default::default() }),
    });
    if let (Some(sections), Some(index)) = (&reader.base_sections, base) {
        // Who ended early takes none.
        let _ = sections.blocking_send(Some(index));
        let _ = sections.blocking_send(None);
    }
    let mut packs = Vec::new();
    let mut waiting = reader.packs.blocking_lock();
    while let Some(pack) = waiting.blocking_recv() {
        packs.push(pack);
    }
    // The last word comes just behind the last pack.
    for _ in 0..200 {
        if reader.outcome.lock().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    (packs, VolumeReader::ended(&reader.outcome))
}
