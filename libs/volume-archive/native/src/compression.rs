//! A compressed body is a list of segments: u32 stored length (top bit: stored raw), u32 plain length, bytes. Whether a segment is
//! worth compressing is probed for every 256 KiB, for packs mix file types; neighbours that agree share one segment.

use crate::failure::{Outcome, damaged};
use crate::record::{get_u32, put_u32};
use std::cell::RefCell;
use zstd_safe::{CCtx, CParameter, DCtx};

const BLOCK: usize = 256 << 10;
const PROBE: usize = 4096;
const RAW: u32 = 1 << 31;
const SEGMENT_HEADER: usize = 8;

thread_local! {
    static COMPRESSOR: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static DECOMPRESSOR: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// Room that `compress` may need.
pub fn bound(length: usize) -> usize {
    zstd_safe::compress_bound(length) + (length / BLOCK + 1) * (SEGMENT_HEADER + 128)
}

/// Returns how many bytes were written. `into` has `bound` bytes. A level of 0 stores everything raw.
pub fn compress(plain: &[u8], into: &mut [u8], level: i32) -> usize {
    COMPRESSOR.with_borrow_mut(|context| {
        context.set_parameter(CParameter::CompressionLevel(level.max(-7))).expect("the level is one of zstd's");
        let mut written = 0;
        let mut start = 0;
        while start < plain.len() {
            let raw = level == 0 || !is_worth_it(context, block_at(plain, start));
            let mut end = (start + BLOCK).min(plain.len());
            while end < plain.len() && (level == 0 || !is_worth_it(context, block_at(plain, end))) == raw {
                end = (end + BLOCK).min(plain.len());
            }
            written += write_segment(context, &plain[start..end], raw, &mut into[written..]);
            start = end;
        }
        written
    })
}

fn block_at(plain: &[u8], start: usize) -> &[u8] {
    &plain[start..(start + BLOCK).min(plain.len())]
}

/// Probes the middle and the end of a block: beginnings are headers, which compress even in a video.
fn is_worth_it(context: &mut CCtx<'static>, block: &[u8]) -> bool {
    if block.len() <= 2 * PROBE {
        return true;
    }
    let mut sample = [0; 2 * PROBE];
    let middle = block.len() / 2;
    sample[..PROBE].copy_from_slice(&block[middle..middle + PROBE]);
    sample[PROBE..].copy_from_slice(&block[block.len() - PROBE..]);
    let mut out = [0; 2 * PROBE + 512];
    match context.compress2(&mut out[..], &sample) {
        Ok(length) => length < sample.len() / 20 * 19,
        Err(_) => false,
    }
}

fn write_segment(context: &mut CCtx<'static>, plain: &[u8], raw: bool, into: &mut [u8]) -> usize {
    let (head, rest) = into.split_at_mut(SEGMENT_HEADER);
    let compressed = if raw { None } else { context.compress2(rest, plain).ok().filter(|&length| length < plain.len()) };
    let (word, length) = match compressed {
        Some(length) => (length as u32, length),
        None => {
            rest[..plain.len()].copy_from_slice(plain);
            (plain.len() as u32 | RAW, plain.len())
        }
    };
    put_u32(head, 0, word);
    put_u32(head, 4, plain.len() as u32);
    SEGMENT_HEADER + length
}

/// Fills `plain` exactly; `what` names the object for people.
pub fn decompress(body: &[u8], plain: &mut [u8], what: &str) -> Outcome<()> {
    let (mut read, mut at) = (0, 0);
    while read < body.len() {
        let Some(head) = body.get(read..read + SEGMENT_HEADER) else {
            return Err(damaged(format!("{what} is damaged: a segment is cut")));
        };
        let (word, length) = (get_u32(head, 0), get_u32(head, 4) as usize);
        let start = read + SEGMENT_HEADER;
        let end = start + (word & !RAW) as usize;
        let (Some(stored), Some(target)) = (body.get(start..end), plain.get_mut(at..at + length)) else {
            return Err(damaged(format!("{what} is damaged: a segment is longer than it can be")));
        };
        if word & RAW != 0 {
            if stored.len() != length {
                return Err(damaged(format!("{what} is damaged: a segment has the wrong length")));
            }
            target.copy_from_slice(stored);
        } else {
            // Into a slice of the announced length: a frame that says or holds more fails, whatever its size.
            let got = DECOMPRESSOR.with_borrow_mut(|context| context.decompress(target, stored));
            if got != Ok(length) {
                return Err(damaged(format!("{what} is damaged: a segment cannot be decompressed")));
            }
        }
        (read, at) = (end, at + length);
    }
    if at != plain.len() {
        return Err(damaged(format!("{what} is damaged: it holds {at} of {} bytes", plain.len())));
    }
    Ok(())
}
