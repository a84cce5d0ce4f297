//! Packs made by hand: each breaks one rule, and is refused for it.

use super::corpus::{BASE, Corpus};
use super::mutate::Random;
use super::scene::Scene;
use crate::record::{self, Counts, FIRST, Kind, LAST, Meta, PATCH, WHOLE};

#[derive(Default)]
struct Pack {
    bytes: Vec<u8>,
}

impl Pack {
    fn new() -> Self {
        Self::default().entry(Kind::Directory, b"", WHOLE, 0, b"")
    }

    fn delta() -> Self {
        let mut base = vec![0; record::BASE_LENGTH];
        record::write_base(&mut base, &BASE);
        Self { bytes: base }.entry(Kind::Directory, b"", WHOLE, 0, b"")
    }

    fn entry(mut self, kind: Kind, path: &[u8], flags: u8, offset: u64, data: &[u8]) -> Self {
        let size = if kind == Kind::File { data.len() as u64 } else { 0 };
        let meta = Meta { kind, mode: 0o755, uid: 0, gid: 0, mtime: 0, mtime_nanos: 0, size, major: 0, minor: 0 };
        let mut head = vec![0; record::ENTRY_FIXED + path.len()];
        record::write_entry_head(&mut head, &meta, path, &[], flags, offset, data.len());
        self.bytes.extend(head);
        self.bytes.extend(data);
        self
    }

    fn file(self, path: &[u8]) -> Self {
        self.entry(Kind::File, path, WHOLE, 0, b"data")
    }

    fn hole(mut self, offset: u64, length: u64) -> Self {
        let mut hole = [0; record::HOLE_LENGTH];
        record::write_hole(&mut hole, offset, length);
        self.bytes.extend(hole);
        self
    }

    fn remove(mut self, path: &[u8]) -> Self {
        let mut remove = vec![0; record::REMOVE_FIXED + path.len()];
        record::write_remove(&mut remove, path);
        self.bytes.extend(remove);
        self
    }

    /// Changes bytes; the first 64 are the root's entry.
    fn set(mut self, at: usize, value: &[u8]) -> Self {
        self.bytes[at..at + value.len()].copy_from_slice(value);
        self
    }

    fn end(mut self) -> Vec<u8> {
        let mut end = [0; record::END_LENGTH];
        record::write_end(&mut end, &Counts { entries: 1, ..Counts::default() });
        self.bytes.extend(end);
        self.bytes
    }
}

#[test]
fn each_is_refused_for_what_it_is() {
    let huge = u32::MAX.to_le_bytes();
    let far = (i64::MAX as u64 + 1).to_le_bytes();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("an empty pack", Vec::new(), "no last record"),
        ("a pack without its end", Pack::new().bytes, "no last record"),
        ("something behind the end", [Pack::new().end(), vec![0]].concat(), "does not end where"),
        ("a parent directory", Pack::new().file(b"../outside/kept").end(), "not a path within"),
        ("a parent directory, later", Pack::new().file(b"dir/../../outside/kept").end(), "not a path within"),
        ("an absolute path", Pack::new().file(b"/etc/passwd").end(), "not a path within"),
        ("an empty name", Pack::new().file(b"a//b").end(), "not a path within"),
        ("a name with a NUL", Pack::new().file(b"a\0b").end(), "not a path within"),
        ("a name that is too long", Pack::new().file(&[b'n'; 256]).end(), "not a path within"),
        ("a file that is the root", Pack::new().file(b"").end(), "not a path within"),
        (
            "a link that becomes a directory",
            Pack::new().entry(Kind::Symlink, b"a", WHOLE, 0, b"../outside").file(b"a/kept").end(),
            "no directory",
        ),
        ("a link to nothing", Pack::new().entry(Kind::Symlink, b"a", WHOLE, 0, b"").end(), "without a valid target"),
        ("a hard link outside", Pack::new().entry(Kind::HardLink, b"a", WHOLE, 0, b"../outside/kept").end(), "not a path within"),
        ("a hard link to later", Pack::new().entry(Kind::HardLink, b"a", WHOLE, 0, b"b").end(), "comes later"),
        (
            "a hard link through a link",
            Pack::new().entry(Kind::Symlink, b"a", WHOLE, 0, b"../outside").entry(Kind::HardLink, b"b", WHOLE, 0, b"a/kept").end(),
            "does not hold",
        ),
        ("a huge path", Pack::new().set(28, &huge).end(), "longer than its pack"),
        ("huge data", Pack::new().set(48, &huge).end(), "longer than its pack"),
        ("huge attributes", Pack::new().set(52, &huge).end(), "longer than its pack"),
        ("a huge size", Pack::new().set(32, &far).end(), "length that no file can have"),
        ("a huge offset", Pack::new().set(40, &far).end(), "length that no file can have"),
        ("a time that is none", Pack::new().set(24, &huge).end(), "time that is none"),
        ("an owner that is none", Pack::new().set(8, &huge).end(), "an owner that is none"),
        ("a group that is none", Pack::new().set(12, &huge).end(), "an owner that is none"),
        ("an unknown record", Pack::new().set(0, &[9]).end(), "unknown type 9"),
        ("an unknown kind", Pack::new().set(1, &[9]).end(), "unknown kind 9"),
        ("unknown flags", Pack::new().set(2, &[0x80 | WHOLE]).end(), "unknown flags"),
        ("attributes that are cut", Pack::new().file(b"a").set(64 + 48, &[0]).set(64 + 52, &[4]).end(), "ends within a record"),
        ("a hole that no file can have", Pack::new().hole(i64::MAX as u64, 1).end(), "longer than a file"),
        ("a hole that wraps around", Pack::new().hole(u64::MAX, 2).end(), "longer than a file"),
        ("a hole without its file", Pack::new().hole(0, 10).end(), "without its file"),
        ("a removal in a full archive", Pack::new().remove(b"a").end(), "not based on another"),
        ("a change in a full archive", Pack::new().entry(Kind::File, b"a", WHOLE | PATCH, 0, b"x").end(), "not based on another"),
        ("a removal outside", Pack::delta().remove(b"../outside").end(), "not a path within"),
        ("a removal of the root", Pack::delta().remove(b"").end(), "not a path within"),
        ("a base in the middle", [Pack::new().bytes, Pack::delta().end()].concat(), "in the middle"),
        ("the root twice", [Pack::new().bytes, Pack::new().end()].concat(), "twice or out of order"),
        ("no root", Pack::default().file(b"a").end(), "instead of the root"),
        ("a path twice", Pack::new().file(b"a").file(b"a").end(), "out of order"),
        ("paths out of order", Pack::new().file(b"b").file(b"a").end(), "out of order"),
        ("a piece without its beginning", Pack::new().entry(Kind::File, b"a", LAST, 0, b"x").end(), "without its beginning"),
        ("a file without its end", Pack::new().entry(Kind::File, b"a", FIRST, 0, b"").file(b"b").end(), "unfinished"),
        ("a directory in pieces", Pack::new().entry(Kind::Directory, b"a", FIRST, 0, b"").end(), "in pieces"),
        ("a device among files", Pack::default().entry(Kind::Image, b"", WHOLE, 0, b"").end(), "of a Block volume"),
        ("counts that are not true", Pack::new().file(b"a").end(), "tells of 1 entries"),
    ];
    let corpus = Corpus::load();
    for (name, pack, message) in cases {
        for seed in 0..4 {
            let scene = Scene::new(&corpus, &mut Random::new(seed));
            let failure = scene.apply(&pack, false, false).expect_err(name);
            assert!(failure.message.contains(message), "{name}: {failure:?}");
            scene.assert_untouched();
        }
    }
}

#[test]
fn one_that_is_honest_is_taken() {
    let scene = Scene::new(&Corpus::load(), &mut Random::new(0));
    scene.apply(&Pack::new().end(), false, true).unwrap();
    scene.assert_untouched();
}
