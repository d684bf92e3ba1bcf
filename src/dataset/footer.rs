//! What a Parquet file says of itself at its end: read with an eye on the clock where it looks as if it were without end.
//!
//! polars passes over lists of truth values that it does not know element by element, without a byte for each, so that a few bytes could
//! keep it busy for hours. No Parquet file has such lists there, but some numbers look like them.

use std::io::Cursor;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use polars::prelude::{ParquetReader, PolarsResult, SerReader, polars_bail};

use super::guard::guarded;

/// A thousand times as long as the end of any file takes.
const PATIENCE: Duration = Duration::from_secs(2);

/// Refuses a file whose end does not come to an end.
///
/// # Errors
/// That it does not; whatever else is wrong with it polars says when it reads the file.
pub(super) fn check(file: &[u8]) -> PolarsResult<()> {
    let end = end_of(file);
    if !is_suspicious(end) || is_read_in_time(end) {
        return Ok(());
    }
    polars_bail!(ComputeError: "it is damaged: what it says of itself at its end goes on without end");
}

/// The end of a file: its description, the length of that, and the mark.
fn end_of(file: &[u8]) -> &[u8] {
    let length = file.last_chunk::<8>().map_or(0, |[a, b, c, d, ..]| u32::from_le_bytes([*a, *b, *c, *d]) as usize);
    &file[file.len().saturating_sub(length.saturating_add(8))..]
}

/// Whether anything there could be the head of a list of more truth values than there are bytes: such a head is a byte for the kind and a
/// number in groups of seven bits.
fn is_suspicious(end: &[u8]) -> bool {
    let longer = |position: usize| {
        let groups = end[position + 1..].iter().take(5).enumerate();
        let mut n = 0_u64;
        for (group, byte) in groups {
            n |= u64::from(byte & 0x7f) << (7 * group);
            if byte & 0x80 == 0 {
                break;
            }
        }
        n > end.len() as u64
    };
    (0..end.len()).any(|position| matches!(end[position], 0xf1 | 0xf2) && longer(position))
}

/// Whether polars reads it, or refuses it, in time. If not, a thread is left to itself until the program ends. Where the system gives no
/// thread, nobody watches the clock, and the file is taken for what nearly all are: sound.
fn is_read_in_time(end: &[u8]) -> bool {
    let end = [b"PAR1", end].concat();
    let (sender, receiver) = mpsc::channel();
    let watched = thread::Builder::new().spawn(move || {
        let read = guarded(|| ParquetReader::new(Cursor::new(end)).get_metadata().map(|_| ()));
        // Nobody listens any more where it took too long.
        let _ = sender.send(read.is_ok());
    });
    watched.is_err() || receiver.recv_timeout(PATIENCE) != Err(mpsc::RecvTimeoutError::Timeout)
}

#[cfg(test)]
mod tests {
    use super::{end_of, is_suspicious};

    #[test]
    fn long_lists_of_truth_values_are_suspicious_and_plain_ends_are_not() {
        assert!(is_suspicious(&[0x99, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00]));
        assert!(is_suspicious(&[0x25, 0x02, 0xf2, 0xf4, 0x8f, 0x9e, 0x72]));
        assert!(!is_suspicious(&[0x19, 0xf1, 0x02, 0x00, 0x00]));
        assert!(!is_suspicious(b"\x15\x02\x19\x1c\x18\x01a\x00\x00"));
    }

    #[test]
    fn the_end_is_found_by_its_length() {
        assert_eq!(end_of(b"PAR1xxab\x02\x00\x00\x00PAR1"), b"ab\x02\x00\x00\x00PAR1");
        assert_eq!(end_of(b"PAR1"), b"PAR1");
        assert_eq!(end_of(b"PAR1\xff\xff\xff\xffPAR1"), b"PAR1\xff\xff\xff\xffPAR1");
    }
}
