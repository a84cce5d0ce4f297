//! Token bucket of one stream.

use std::time::{Duration, Instant};

/// What may be caught up after a gap (a request's latency, sealing): long enough that gaps cost no rate, short enough that over ten
/// seconds nothing shows of it.
const CREDIT: Duration = Duration::from_millis(250);
/// A paced body is handed out in pieces of about so much time.
const PIECE: Duration = Duration::from_millis(20);
const LARGEST_PIECE: usize = 256 << 10;
const SMALLEST_PIECE: usize = 512;

pub struct Pacer {
    bytes_per_second: Option<f64>,
    /// When all that was taken so far is paid for.
    paid: Option<Instant>,
}

impl Pacer {
    /// None: no limit.
    pub fn new(bytes_per_second: Option<f64>) -> Self {
        Self { bytes_per_second, paid: None }
    }

    /// Bytes to take at once.
    pub fn chunk(&self) -> usize {
        match self.bytes_per_second {
            Some(rate) => ((rate * PIECE.as_secs_f64()) as usize).clamp(SMALLEST_PIECE, LARGEST_PIECE),
            None => LARGEST_PIECE,
        }
    }

    /// Takes so many bytes; returns how long to wait before the next ones.
    pub fn take(&mut self, bytes: usize, now: Instant) -> Duration {
        let Some(rate) = self.bytes_per_second else { return Duration::ZERO };
        let earliest = now.checked_sub(CREDIT).unwrap_or(now);
        let from = self.paid.map_or(now, |paid| paid.max(earliest));
        let paid = from + Duration::from_secs_f64(bytes as f64 / rate);
        self.paid = Some(paid);
        paid.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes within `seconds`, when after each piece (and at random gaps) somebody waits as told.
    fn moved(rate: f64, seconds: f64, gap: impl Fn(u64) -> f64) -> f64 {
        let begin = Instant::now();
        let mut pacer = Pacer::new(Some(rate));
        let (mut now, mut bytes, mut pieces) = (begin, 0, 0);
        while now.duration_since(begin).as_secs_f64() < seconds {
            let chunk = pacer.chunk();
            bytes += chunk;
            pieces += 1;
            now += pacer.take(chunk, now) + Duration::from_secs_f64(gap(pieces));
        }
        bytes as f64
    }

    #[test]
    fn the_rate_is_exact_within_five_percent_over_ten_seconds() {
        for rate in [20_000.0, 1e6, 10e6, 250e6] {
            let ratio = moved(rate, 10.0, |_| 0.0) / (rate * 10.0);
            assert!((0.95..=1.05).contains(&ratio), "{rate}: {ratio}");
        }
    }

    #[test]
    fn short_gaps_are_caught_up_and_long_ones_are_not() {
        let with_gaps = moved(10e6, 10.0, |piece| if piece % 40 == 0 { 0.05 } else { 0.0 }) / 100e6;
        assert!((0.95..=1.05).contains(&with_gaps), "{with_gaps}");
        let mut pacer = Pacer::new(Some(1e6));
        let now = Instant::now();
        pacer.take(1000, now);
        let later = now + Duration::from_secs(60);
        let mut wait = Duration::ZERO;
        for _ in 0..1000 {
            wait = pacer.take(1000, later);
        }
        assert!(wait > Duration::from_millis(700), "{wait:?}");
    }
}
