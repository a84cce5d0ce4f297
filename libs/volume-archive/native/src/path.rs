//! Paths within a volume: bytes, relative to its root, which is the empty path.

use crate::failure::{Outcome, damaged};
use std::cmp::Ordering;

/// Longest path written or taken: eight times the kernel's PATH_MAX, since a whole path is never handed to it.
pub const MAX_PATH: usize = 32_768;
const MAX_NAME: usize = 255;

/// Order of the walk: a directory before what is in it, names in byte order. A separator ends a name, so it sorts before any
/// byte that a name can hold.
pub fn compare(a: &[u8], b: &[u8]) -> Ordering {
    match a.iter().zip(b).position(|(x, y)| x != y) {
        None => a.len().cmp(&b.len()),
        Some(at) => match (a[at], b[at]) {
            (b'/', _) => Ordering::Less,
            (_, b'/') => Ordering::Greater,
            (x, y) => x.cmp(&y),
        },
    }
}

/// Whether `path` is `directory` or below it.
pub fn is_within(path: &[u8], directory: &[u8]) -> bool {
    directory.is_empty() || (path.starts_with(directory) && (path.len() == directory.len() || path[directory.len()] == b'/'))
}

/// Splits into the parent directory's path and the name.
pub fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|&byte| byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (&[], path),
    }
}

pub fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    if directory.is_empty() { name.to_vec() } else { [directory, b"/", name].concat() }
}

/// Refuses what could name anything but an entry below the root.
pub fn assert_safe(path: &[u8]) -> Outcome<()> {
    if path.len() > MAX_PATH {
        return Err(damaged(format!("The archive holds a path of {} bytes", path.len())));
    }
    let is_bad = |name: &[u8]| name.is_empty() || name == b"." || name == b".." || name.len() > MAX_NAME || name.contains(&0);
    if path.split(|&byte| byte == b'/').any(is_bad) {
        return Err(damaged(format!("The archive holds the path \"{}\", which is not a path within a volume", show(path))));
    }
    Ok(())
}

/// For people, as `showPath` of path-text.ts: UTF-8 where it is, other bytes, control characters and backslashes as \xNN. The root is `/`.
pub fn show(path: &[u8]) -> String {
    if path.is_empty() {
        return "/".into();
    }
    let mut shown = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() || character == '\\' {
                let mut bytes = [0; 4];
                character.encode_utf8(&mut bytes).bytes().for_each(|byte| escape(&mut shown, byte));
            } else {
                shown.push(character);
            }
        }
        chunk.invalid().iter().for_each(|&byte| escape(&mut shown, byte));
    }
    shown
}

fn escape(shown: &mut String, byte: u8) {
    shown.push_str(&format!("\\x{byte:02x}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_visits_a_directory_before_its_content_and_names_in_byte_order() {
        let mut paths: Vec<&[u8]> = vec![b"a.b", b"a/z", b"a", b"", b"b", b"a/b/c", b"a/b", b"a-"];
        paths.sort_by(|a, b| compare(a, b));
        assert_eq!(paths, vec![&b""[..], b"a", b"a/b", b"a/b/c", b"a/z", b"a-", b"a.b", b"b"]);
    }

    #[test]
    fn only_paths_below_the_root_are_safe() {
        for bad in [&b"/etc"[..], b"a//b", b"a/", b"..", b"a/../b", b".", b"a\0", b""] {
            assert!(assert_safe(bad).is_err(), "{bad:?}");
        }
        assert!(assert_safe(&[b'n'; 256]).is_err());
        assert!(assert_safe(b"a/b\xff/..c").is_ok());
    }

    #[test]
    fn paths_are_shown_with_what_is_no_text_escaped() {
        assert_eq!(show("ü\n".as_bytes()), "ü\\x0a");
        assert_eq!(show(b"f\xff"), "f\\xff");
        assert_eq!(show(b"a\\b"), "a\\x5cb");
        assert_eq!(show("\u{85}".as_bytes()), "\\xc2\\x85");
        assert_eq!(show(b""), "/");
    }
}
