//! Any text as what a page asks of the core: an answer in JSON every time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use linger::live::answer;

/// Whether a text asks for much: large trials and many replicates take long because they are asked for.
fn asks_for_much(text: &str) -> bool {
    let digits = text.as_bytes().chunk_by(|one, next| one.is_ascii_digit() == next.is_ascii_digit());
    let long = digits.filter(|run| run[0].is_ascii_digit() && run.len() > 3).count();
    let counts = text.match_indices("count").any(|(at, _)| {
        let after = text[at..].bytes().skip_while(|byte| !byte.is_ascii_digit());
        after.take_while(u8::is_ascii_digit).count() > 1
    });
    long > 0
        || counts
        || text.contains(['e', 'E'])
            && text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1] | 0x20 == b'e')
}

fuzz_target!(|text: &str| {
    if asks_for_much(text) {
        return;
    }
    let answer = answer(text);
    assert!(answer.starts_with("{\"hash\"") || answer.starts_with("{\"problems\""), "{answer}");
});
