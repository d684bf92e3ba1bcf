//! Bytes as text that is as short as printable signs allow: 13 or 14 bits in two of 91 signs.
//!
//! # Method
//! basE91 (Joachim Henke, 2005): the bits are taken 13 at a time, or 14 where the lowest 13 are at most 88, since 91 · 91 is more than
//! 2 to the power of 13 by 89. Base64 has 6 bits in a sign, this has 6.5 and a little. The signs are those that may stand in a
//! script element as they are.

/// The 91 signs: all of printable ASCII but the blank, `<`, `\` and the grave accent.
const SIGNS: &[u8; 91] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;=>?@[]^_{|}~\"'-";

/// The text of some bytes; `lingerBytes` of the core's loader reads it.
pub(super) fn dense(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 5 / 4);
    let (mut waiting, mut n): (u32, u32) = (0, 0);
    for byte in bytes {
        waiting |= u32::from(*byte) << n;
        n += 8;
        if n > 13 {
            let width = if waiting & 8191 > 88 { 13 } else { 14 };
            let value = waiting & ((1 << width) - 1);
            waiting >>= width;
            n -= width;
            push(&mut text, value % 91);
            push(&mut text, value / 91);
        }
    }
    if n > 0 {
        push(&mut text, waiting % 91);
        if n > 7 || waiting > 90 {
            push(&mut text, waiting / 91);
        }
    }
    text
}

fn push(text: &mut String, sign: u32) {
    text.push(char::from(SIGNS[sign as usize % 91]));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The way back, as the loader goes it.
    fn bytes(text: &str) -> Vec<u8> {
        let (mut bytes, mut waiting, mut n, mut first) = (Vec::new(), 0_u32, 0, None);
        for sign in text.bytes() {
            let value = SIGNS.iter().position(|own| *own == sign).unwrap() as u32;
            let Some(low) = first.take() else {
                first = Some(value);
                continue;
            };
            let pair: u32 = low + 91 * value;
            waiting |= pair << n;
            n += if pair & 8191 > 88 { 13 } else { 14 };
            while n > 7 {
                bytes.push(waiting as u8);
                waiting >>= 8;
                n -= 8;
            }
        }
        bytes.extend(first.map(|low| (waiting | low << n) as u8));
        bytes
    }

    #[test]
    fn bytes_come_back_and_nothing_can_end_a_script() {
        let mut all: Vec<u8> = (0..=255).collect();
        for length in 0..300 {
            // A walk through all bytes that repeats no pair soon.
            all.push((length * 97 % 251) as u8);
            let own = &all[length / 3..];
            let text = dense(own);
            assert_eq!(bytes(&text), own);
            assert!(!text.contains(['<', '\\', '`', ' ']));
        }
        let mut signs = SIGNS.to_vec();
        signs.sort_unstable();
        signs.dedup();
        assert_eq!(signs.len(), 91);
    }
}
