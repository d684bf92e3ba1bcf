//! The 64-bit FNV-1a hash: a short name of a text, and a checksum of a file against accidents, not against forgery.
//!
//! # References
//! Fowler, Noll, Vo, Eastlake, Hansen. The FNV Non-Cryptographic Hash Algorithm. IETF RFC 9923.

/// The 64-bit FNV-1a hash of bytes. A change of any single byte changes it.
pub fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::fnv_1a;

    #[test]
    fn fnv_1a_gives_the_values_of_its_authors() {
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
