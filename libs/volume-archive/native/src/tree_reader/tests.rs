use super::*;
use crate::failure::Reason;
use crate::record::{Record, Records};
use crate::testing::{Copied, base_after, copy, now_ms, request, without};
use crate::volume_reader::ReadRequest;
use rustix::thread::CapabilitySet;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use tempfile::TempDir;

/// All that lets root read what its owner forbids.
const ANY_READING: CapabilitySet = CapabilitySet::DAC_OVERRIDE.union(CapabilitySet::DAC_READ_SEARCH).union(CapabilitySet::FOWNER);

fn tree(files: &[&str]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for file in files {
        fs::create_dir_all(home.path().join(file).parent().unwrap()).unwrap();
        fs::write(home.path().join(file), file).unwrap();
    }
    home
}

/// Nobody but its owner, who is somebody else, may do anything with it.
fn close(path: &Path, mode: u32) {
    chown(path, Some(1), Some(1)).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// What a copy of the same volume is asked for that is based on one of it.
fn on_base(root: &Path) -> ReadRequest {
    ReadRequest { base: base_after(30), ..request(root) }
}

fn delta(root: &Path, base: &Copied) -> Copied {
    without(ANY_READING, || copy(on_base(root), base.sections()))
}

fn paths(copied: &Copied) -> Vec<String> {
    copied.rows().iter().map(|row| path::show(&row.path)).collect()
}

#[test]
fn what_cannot_be_looked_at_stays_as_the_base_has_it() {
    for (closed, mode, unreadable) in [
        ("dir", 0o000, vec!["Unreadable dir"]),                       // cannot be entered
        ("dir", 0o004, vec!["Unreadable dir/a", "Unreadable dir/b"]), // can be listed, and not looked at
        ("dir/a", 0o000, vec!["Unreadable dir/a"]),                   // cannot be opened
    ] {
        let home = tree(&["dir/a", "dir/b", "dirt", "z"]);
        let base = copy(request(home.path()), Vec::new());
        close(&home.path().join(closed), mode);
        fs::remove_file(home.path().join("z")).unwrap();
        let second = delta(home.path(), &base);
        assert_eq!(second.outcome, Ok(()), "{closed}");
        assert_eq!(second.warned(), unreadable);
        assert_eq!(second.told().iter().filter(|told| told.starts_with('-')).collect::<Vec<_>>(), ["-z"], "{closed}");
        assert_eq!(paths(&second), ["/", "dir", "dir/a", "dir/b", "dirt"]);
        assert_eq!(second.verify(false), Ok(()));
        // What can be looked at again is told again.
        fs::set_permissions(home.path().join("dir"), Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(home.path().join("dir/a"), Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(home.path().join("dir/b")).unwrap();
        let third = delta(home.path(), &second);
        assert_eq!(third.told().iter().filter(|told| told.starts_with('-')).collect::<Vec<_>>(), ["-dir/b"]);
        assert_eq!(paths(&third), ["/", "dir", "dir/a", "dirt"]);
    }
}

#[test]
fn a_directory_that_became_a_file_which_cannot_be_read_stays_a_directory() {
    let home = tree(&["a/below", "b"]);
    let base = copy(request(home.path()), Vec::new());
    fs::remove_dir_all(home.path().join("a")).unwrap();
    fs::write(home.path().join("a"), "a file now").unwrap();
    close(&home.path().join("a"), 0o000);
    let second = delta(home.path(), &base);
    assert_eq!(second.warned(), ["Unreadable a"]);
    assert_eq!(second.told(), ["/"]);
    assert_eq!(paths(&second), ["/", "a", "a/below", "b"]);
}

#[test]
fn only_files_that_the_base_holds_in_part_are_read_again() {
    let home = tree(&["a", "b"]);
    let base = copy(request(home.path()), Vec::new());
    let mut request = on_base(home.path());
    request.base.as_mut().unwrap().cut_short.insert(b"b".to_vec());
    let second = copy(request, base.sections());
    let is_unread: Vec<bool> = second.rows().iter().map(|row| row.flags & index::UNCHANGED != 0).collect();
    assert_eq!(is_unread, [false, true, false]);
}

#[test]
fn a_file_that_ended_early_is_found_in_the_index() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("large"), vec![1; 3 << 20]).unwrap();
    let sections = copy(request(home.path()), Vec::new()).sections();
    assert!(sections.len() > 2);
    assert!(sections.iter().all(|section| index::cut_short(section).unwrap().is_empty()));
    let mut last = sections.last().unwrap().clone();
    let at = last.len() - index::LAST_LENGTH;
    last.truncate(at);
    index::write_last(&mut last, 1 << 20);
    assert_eq!(index::cut_short(&last).unwrap(), [b"large"]);
}

#[test]
fn pages_that_a_program_writes_by_a_mapping_are_seen_by_the_next_delta() {
    // On a disk: what lives in memory alone is never written out.
    let home = tempfile::tempdir_in("/var/tmp").unwrap();
    let file = fs::OpenOptions::new().read(true).write(true).create_new(true).open(home.path().join("mapped")).unwrap();
    file.set_len(64 << 10).unwrap();
    #[allow(unsafe_code)] // nobody else changes the file
    let mut mapping = unsafe { memmap2::MmapMut::map_mut(&file) }.unwrap();
    mapping[100] = 1;
    let base = copy(request(home.path()), Vec::new());
    // Its page was written to before, so this alone would not change the file's times.
    mapping[100] = 2;
    let second = copy(on_base(home.path()), base.sections());
    assert_eq!(second.told(), ["/", "mapped"]);
}

#[test]
fn a_volume_on_which_nothing_can_be_read_any_more_is_gone() {
    let names: Vec<String> = (0..MOST_FAILURES_IN_A_ROW).map(|number| format!("f{number:02}")).collect();
    let home = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for name in &names {
        close(&home.path().join(name), 0o000);
    }
    let read = || without(ANY_READING, || copy(request(home.path()), Vec::new()));
    assert_eq!(read().outcome.unwrap_err().reason, Reason::ReadFailed);
    // One that can be read among them: the others are told, and that is all.
    fs::set_permissions(home.path().join(&names[8]), Permissions::from_mode(0o644)).unwrap();
    let copied = read();
    assert_eq!(copied.outcome, Ok(()));
    assert_eq!(copied.warnings.len(), names.len() - 1);
}

#[test]
fn what_an_errno_tells_of() {
    for gone in [Errno::SHUTDOWN, Errno::STALE, Errno::NODEV, Errno::NOTCONN, Errno::NOMEM] {
        assert!(is_of_the_volume(gone), "{gone}");
    }
    for of_one_file in [Errno::IO, Errno::ACCESS, Errno::NAMETOOLONG, Errno::PERM] {
        assert!(!is_of_the_volume(of_one_file), "{of_one_file}");
    }
}

#[test]
fn names_of_which_no_memory_is_left_are_files_of_their_own_and_told() {
    let home = tree(&["a", "b"]);
    for (from, to) in [("a", "c"), ("b", "d")] {
        fs::hard_link(home.path().join(from), home.path().join(to)).unwrap();
    }
    let (sink, mut packs) = tokio::sync::mpsc::channel(1);
    let watch = Arc::new(Watch::default());
    let builder = PackBuilder::new(1 << 20, [7; 32], true, sink, Default::default(), watch.clone());
    let mut reader = TreeReader::new(builder, IndexDigests::new([8; 32]), None, None, now_ms(), watch.clone());
    reader.links = HardLinks::with_room_for(1, 100);
    reader.read(home.path().as_os_str().as_encoded_bytes()).unwrap();
    let pack = packs.blocking_recv().unwrap();
    let kinds: Vec<(String, Kind)> = Records::new(&pack.plain)
        .filter_map(|record| match record.unwrap() {
            Record::Entry(entry) if !entry.path.is_empty() => Some((path::show(entry.path), entry.meta.kind)),
            _ => None,
        })
        .collect();
    let expected = [("a", Kind::File), ("b", Kind::File), ("c", Kind::HardLink), ("d", Kind::File)];
    assert_eq!(kinds, expected.map(|(name, kind)| (name.to_string(), kind)));
    let warned: Vec<String> = watch.take_warnings().iter().map(|warning| format!("{} {}", warning.reason, warning.path)).collect();
    // With `c` there is room again.
    assert_eq!(warned, ["HardLinkNotKept b"]);
}

/// A copy of which all but its last packs are there, of a volume that is not as it was.
fn resumed(files: &[&str], begin: &str, change: impl Fn(&Path)) -> Copied {
    let home = tree(files);
    let whole = copy(request(home.path()), Vec::new());
    assert_eq!(whole.packs.len(), 1);
    let meta = |path: &str| {
        let records = Records::new(&whole.packs[0].plain).map(Result::unwrap);
        let entries =
            records.filter_map(|record| if let Record::Entry(entry) = record { Some((path::show(entry.path), entry.meta)) } else { None });
        entries.into_iter().find(|(found, _)| found == path).unwrap().1
    };
    let position = Position {
        path: begin.into(),
        is_whole: true,
        offset: 0,
        meta: Some(meta(begin)),
        row: None,
        is_removed: false,
        counts: Default::default(),
    };
    std::thread::sleep(std::time::Duration::from_millis(30));
    let started_at_ms = now_ms();
    std::thread::sleep(std::time::Duration::from_millis(30));
    change(home.path());
    copy(ReadRequest { position: Some(position), started_at_ms, ..request(home.path()) }, Vec::new())
}

#[test]
fn what_became_something_else_just_where_a_copy_goes_on_makes_it_start_over() {
    let became_directory = resumed(&["a", "m", "z"], "m", |root| {
        fs::remove_file(root.join("m")).unwrap();
        fs::create_dir(root.join("m")).unwrap();
        fs::write(root.join("m/below"), "below").unwrap();
    });
    let became_file = resumed(&["a", "m/below", "z"], "m", |root| {
        fs::remove_dir_all(root.join("m")).unwrap();
        fs::write(root.join("m"), "a file now").unwrap();
    });
    for copied in [became_directory, became_file] {
        let failure = copied.outcome.unwrap_err();
        assert_eq!(failure.reason, Reason::SourceMoved);
        assert!(failure.message.starts_with("m became something else"), "{failure:?}");
    }
}

#[test]
fn of_directories_that_moved_between_two_attempts() {
    let behind = resumed(&["a/x", "m", "z/x"], "m", |root| fs::rename(root.join("z"), root.join("b")).unwrap());
    assert_eq!(behind.outcome.unwrap_err().reason, Reason::SourceMoved);
    let inside_another = resumed(&["a/x", "m", "z/x"], "m", |root| fs::rename(root.join("z"), root.join("a/z")).unwrap());
    assert_eq!(inside_another.outcome.unwrap_err().reason, Reason::SourceMoved);
    let ahead = resumed(&["a/x", "m", "z"], "m", |root| fs::rename(root.join("a"), root.join("n")).unwrap());
    assert_eq!(ahead.outcome, Ok(()));
    assert_eq!(ahead.warned(), ["ChangedMeanwhile /", "MovedMeanwhile n"]);
    let changed = resumed(&["a/x", "m", "z"], "m", |root| fs::write(root.join("a/y"), "new").unwrap());
    assert_eq!((changed.outcome.clone(), changed.warned()), (Ok(()), vec!["ChangedMeanwhile a".to_string()]));
    let unchanged = resumed(&["a/x", "m", "z"], "m", |root| fs::write(root.join("a/x"), "in place").unwrap());
    assert_eq!((unchanged.outcome.clone(), unchanged.warned()), (Ok(()), vec![]));
}
