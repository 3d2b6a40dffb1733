//! Noise that is the same again for the same seed: a number for each thing and each moment, drawn from nothing else.

/// A number from 0 to 1 for the `nth` of `what`. SplitMix64 over FNV-1a: quick, and no state to be kept.
pub(crate) fn noise(seed: u64, what: &str, nth: u64) -> f64 {
    // 53 bits are what a double holds.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let share = (bits(seed, what, nth) >> 11) as f64 / (1_u64 << 53) as f64;
    share
}

/// One of `choices` for the `nth` of `what`.
pub(crate) fn choose<'a, T: ?Sized>(seed: u64, what: &str, nth: u64, choices: &[&'a T]) -> Option<&'a T> {
    let count = u64::try_from(choices.len()).ok().filter(|count| *count > 0)?;
    choices.get(usize::try_from(bits(seed, what, nth) % count).ok()?).copied()
}

/// So many hexadecimal digits that are always the same for `what`.
pub(crate) fn digits(seed: u64, what: &str, length: usize) -> String {
    (0..).flat_map(|nth| format!("{:016x}", bits(seed, what, nth)).into_bytes()).map(char::from).take(length).collect()
}

/// 64 bits for the `nth` of `what`.
pub(crate) fn bits(seed: u64, what: &str, nth: u64) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    for byte in what.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut mixed = hash.wrapping_add(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_noise() {
        assert_eq!(bits(7, "cpu", 3), bits(7, "cpu", 3));
        assert_ne!(bits(7, "cpu", 3), bits(8, "cpu", 3));
        assert_ne!(bits(7, "cpu", 3), bits(7, "cpu", 4));
        assert_eq!(digits(1, "id", 64).len(), 64);
        let mean = (0..1000).map(|nth| noise(1, "mean", nth)).sum::<f64>() / 1000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }
}
