//! Valid packs and index sections, kept as files: what was written once must be read ever after. `GODWIT_WRITE_CORPUS=1` makes them
//! anew, for a format of another version.

use super::scene::drive_reader;
use crate::compression;
use std::fs;
use std::os::unix::fs::{FileExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Digest of the archive on which the corpus's deltas are based.
pub const BASE: [u8; 32] = [9; 32];

pub struct Seed {
    pub pack: Vec<u8>,
    pub index: Vec<u8>,
    pub is_image: bool,
}

pub struct Corpus {
    /// The first one is a whole tree, the second one what changed in it since.
    pub seeds: Vec<Seed>,
}

impl Corpus {
    pub fn load() -> Self {
        static WRITTEN: std::sync::Once = std::sync::Once::new();
        WRITTEN.call_once(|| {
            if std::env::var_os("GODWIT_WRITE_CORPUS").is_some() {
                write();
            }
        });
        let read = |name: &str, part: &str| fs::read(directory().join(format!("{name}.{part}"))).expect("the corpus is complete");
        let seed = |name: &str| Seed { pack: read(name, "pack"), index: read(name, "index"), is_image: name.starts_with("image") };
        Self { seeds: ["tree", "tree-delta", "image", "image-delta"].map(seed).into() }
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/corpus")
}

pub fn compressed(plain: &[u8]) -> Vec<u8> {
    let mut into = vec![0; compression::bound(plain.len())];
    let length = compression::compress(plain, &mut into, 1);
    into.truncate(length);
    into
}

fn write() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("tree");
    make_tree(&root);
    let tree = keep("tree", &root, None, false);
    change_tree(&root);
    keep("tree-delta", &root, Some(tree), false);
    let device = home.path().join("image");
    fs::write(&device, [vec![0; 65_536], b"data of a device".repeat(512), vec![0; 65_536]].concat()).unwrap();
    let image = keep("image", &device, None, true);
    let changed = fs::OpenOptions::new().write(true).open(&device).unwrap();
    changed.write_all_at(&[0; 8192], 65_536).unwrap();
    changed.write_all_at(b"elsewhere", 20_000).unwrap();
    keep("image-delta", &device, Some(image), true);
}

/// Returns the index.
fn keep(name: &str, root: &Path, base: Option<Vec<u8>>, is_image: bool) -> Vec<u8> {
    let (mut packs, ended) = drive_reader(root, base, is_image);
    ended.unwrap();
    assert_eq!(packs.len(), 1, "a seed is one pack");
    let pack = packs.remove(0);
    fs::write(directory().join(format!("{name}.pack")), &*pack.plain).unwrap();
    fs::write(directory().join(format!("{name}.index")), &pack.index).unwrap();
    pack.index
}

fn make_tree(root: &Path) {
    fs::create_dir_all(root.join("dir/deeper")).unwrap();
    fs::write(root.join("a"), "small").unwrap();
    fs::write(root.join("dir/deeper/changed"), "before").unwrap();
    fs::write(root.join("dir/gone"), "gone").unwrap();
    fs::write(root.join("dir/inner"), "inner").unwrap();
    fs::write(root.join("empty"), "").unwrap();
    let sparse = fs::File::create(root.join("large")).unwrap();
    sparse.set_len(3 << 20).unwrap();
    sparse.write_all_at(&b"block of data, ".repeat(1000), 1 << 20).unwrap();
    sparse.write_all_at(b"the end", (3 << 20) - 7).unwrap();
    symlink("dir", root.join("link")).unwrap();
    fs::hard_link(root.join("a"), root.join("second-name")).unwrap();
    assert!(Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());
    let named = fs::File::create(root.join("with-attribute")).unwrap();
    rustix::fs::fsetxattr(&named, "user.kept", b"value", rustix::fs::XattrFlags::empty()).unwrap();
}

fn change_tree(root: &Path) {
    fs::write(root.join("dir/deeper/changed"), "after").unwrap();
    fs::remove_file(root.join("dir/gone")).unwrap();
    fs::write(root.join("new"), "new").unwrap();
    let large = fs::OpenOptions::new().write(true).open(root.join("large")).unwrap();
    large.write_all_at(b"other", (3 << 20) - 5).unwrap();
    let hole = rustix::fs::FallocateFlags::PUNCH_HOLE | rustix::fs::FallocateFlags::KEEP_SIZE;
    rustix::fs::fallocate(&large, hole, 1 << 20, 8192).unwrap();
}
