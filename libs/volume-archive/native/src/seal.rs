//! Sealed objects: header (clear, authenticated), sealed index section, sealed body. See docs/archive-format.md.

use crate::buffers::Buffer;
use crate::compression;
use crate::failure::{Failure, Outcome, damaged};
use crate::index::MAX_INDEX;
use crate::record::{get_u32, put_u32};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, Tag, UnboundKey};

pub const HEADER: usize = 160;
pub const TAG: usize = 16;
const NUMBER_AT: usize = 12;
const PLAIN_LENGTH_AT: usize = 16;
const BODY_LENGTH_AT: usize = 20;
const DIGEST_AT: usize = 80;
const INDEX_PLAIN_AT: usize = 144;
const INDEX_SEALED_AT: usize = 148;
const PACK: u8 = 1;
const INDEX: u8 = 4;

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("the key has the length of the algorithm"))
}

/// A writer seals each number once, and each start of a writer has a key of its own, so no nonce comes twice under one key.
fn nonce(header: &[u8], kind: u8) -> Nonce {
    let mut bytes = [0; 12];
    bytes[..4].copy_from_slice(&header[NUMBER_AT..NUMBER_AT + 4]);
    bytes[4] = kind;
    Nonce::assume_unique_for_key(bytes)
}

/// Compresses and seals a pack.
/// `header` is complete but for the four lengths, which are set here before it is authenticated.
pub fn seal(mut header: [u8; HEADER], key: &[u8; 32], plain: &[u8], index: &[u8], level: i32) -> Buffer {
    let most = HEADER + compression::bound(index.len()) + TAG + compression::bound(plain.len()) + TAG;
    let mut sealed = Buffer::take(most);
    let mut at = HEADER;
    let mut index_end = at;
    if !index.is_empty() {
        let length = compression::compress(index, &mut sealed[at..], level);
        index_end = at + length + TAG;
        put_u32(&mut header, INDEX_PLAIN_AT, index.len() as u32);
        put_u32(&mut header, INDEX_SEALED_AT, (length + TAG) as u32);
        at = index_end;
    }
    let body_length = compression::compress(plain, &mut sealed[at..], level);
    put_u32(&mut header, PLAIN_LENGTH_AT, plain.len() as u32);
    put_u32(&mut header, BODY_LENGTH_AT, body_length as u32);
    sealed[..HEADER].copy_from_slice(&header);
    let cipher = cipher(key);
    if index_end > HEADER {
        encrypt(&cipher, nonce(&header, INDEX), &header, &mut sealed[HEADER..index_end]);
    }
    encrypt(&cipher, nonce(&header, PACK), &header, &mut sealed[at..at + body_length + TAG]);
    sealed.truncate(at + body_length + TAG);
    sealed
}

/// The last bytes of `part` are for the tag.
fn encrypt(cipher: &LessSafeKey, nonce: Nonce, header: &[u8; HEADER], part: &mut [u8]) {
    let (text, tag) = part.split_at_mut(part.len() - TAG);
    let sealed = cipher.seal_in_place_separate_tag(nonce, Aad::from(header), text).expect("a pack is shorter than AES-GCM's limit");
    tag.copy_from_slice(sealed.as_ref());
}

/// Checks lengths, opens the body in place, decompresses it and compares its digest, which is returned with it.
/// `what` names the object for people.
pub fn open(sealed: &mut [u8], key: &[u8; 32], digest_key: &[u8; 32], most_plain: usize, what: &str) -> Outcome<(Buffer, [u8; 32])> {
    let header = header_of(sealed, what)?;
    let (index_length, body_length) = (get_u32(&header, INDEX_SEALED_AT) as usize, get_u32(&header, BODY_LENGTH_AT) as usize);
    let plain_length = get_u32(&header, PLAIN_LENGTH_AT) as usize;
    if sealed.len() != HEADER + index_length + body_length + TAG {
        return Err(damaged(format!("{what} is cut or grown: it has {} bytes", sealed.len())));
    }
    if plain_length > most_plain {
        return Err(damaged(format!("{what} says that it holds {plain_length} bytes")));
    }
    let body = &mut sealed[HEADER + index_length..];
    decrypt(key, nonce(&header, PACK), &header, body, what)?;
    let mut plain = Buffer::take(plain_length);
    plain.truncate(plain_length);
    compression::decompress(&body[..body_length], &mut plain, what)?;
    let digest = *blake3::keyed_hash(digest_key, &plain).as_bytes();
    if digest != header[DIGEST_AT..DIGEST_AT + 32] {
        return Err(damaged(format!("{what} does not match its digest")));
    }
    Ok((plain, digest))
}

/// Opens the index section of a pack of which only the first bytes need to be here. Empty when it has none.
pub fn open_index(start: &mut [u8], key: &[u8; 32], what: &str) -> Outcome<Vec<u8>> {
    let header = header_of(start, what)?;
    let (sealed_length, plain_length) = (get_u32(&header, INDEX_SEALED_AT) as usize, get_u32(&header, INDEX_PLAIN_AT) as usize);
    if sealed_length == 0 {
        return Ok(Vec::new());
    }
    if plain_length > MAX_INDEX || sealed_length < TAG {
        return Err(damaged(format!("{what} says that its index holds {plain_length} bytes")));
    }
    let section = start.get_mut(HEADER..HEADER + sealed_length).ok_or_else(|| damaged(format!("{what} is cut within its index")))?;
    decrypt(key, nonce(&header, INDEX), &header, section, what)?;
    let mut plain = vec![0; plain_length];
    compression::decompress(&section[..sealed_length - TAG], &mut plain, what)?;
    Ok(plain)
}

fn header_of(sealed: &[u8], what: &str) -> Outcome<[u8; HEADER]> {
    sealed.first_chunk().copied().ok_or_else(|| damaged(format!("{what} is cut: it has only {} bytes", sealed.len())))
}

fn decrypt(key: &[u8; 32], nonce: Nonce, header: &[u8; HEADER], part: &mut [u8], what: &str) -> Outcome<()> {
    let (text, tag) = part.split_at_mut(part.len() - TAG);
    let tag = Tag::try_from(&*tag).expect("the tag has its length");
    let opened = cipher(key).open_in_place_separate_tag(nonce, Aad::from(header), tag, text, 0..);
    opened.map(|_| ()).map_err(|_| not_ours(what))
}

fn not_ours(what: &str) -> Failure {
    damaged(format!("{what} is damaged or was not sealed with this run's key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn sealed(plain: &[u8], index: &[u8]) -> Vec<u8> {
        let mut header = [0; HEADER];
        header[NUMBER_AT] = 3;
        header[DIGEST_AT..DIGEST_AT + 32].copy_from_slice(blake3::keyed_hash(&KEY, plain).as_bytes());
        seal(header, &KEY, plain, index, 1).to_vec()
    }

    #[test]
    fn what_is_sealed_opens() {
        let plain: Vec<u8> = (0..600_000u32).map(|i| ((i * i) >> 7) as u8).collect();
        let mut object = sealed(&plain, b"the index");
        assert_eq!(open_index(&mut object.clone(), &KEY, "It").unwrap(), b"the index");
        assert_eq!(&*open(&mut object, &KEY, &KEY, 1 << 20, "It").unwrap().0, &plain[..]);
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let object = sealed(b"some plain text", b"index");
        for at in 0..object.len() {
            let mut changed = object.clone();
            changed[at] ^= 1;
            let index = open_index(&mut changed.clone(), &KEY, "It");
            let body = open(&mut changed, &KEY, &KEY, 1 << 20, "It");
            assert!(index.is_err() || body.is_err(), "byte {at}");
        }
        for length in 0..object.len() {
            assert!(open(&mut object[..length].to_vec(), &KEY, &KEY, 1 << 20, "It").is_err(), "length {length}");
        }
    }

    #[test]
    fn another_key_does_not_open() {
        let failure = open(&mut sealed(b"text", b""), &[8; 32], &KEY, 100, "Pack 1").err().unwrap();
        assert!(failure.message.contains("Pack 1 is damaged or was not sealed with this run's key"));
    }
}
