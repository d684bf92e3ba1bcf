//! The colours of a heat map: viridis (Smith and van der Walt, 2015; dedicated to the public domain), which is even in lightness.

use super::super::theme::Colour;

/// Ten of its colours at equal steps, from the darkest to the lightest.
const STEPS: [Colour; 10] = [
    Colour(0x44, 0x01, 0x54),
    Colour(0x48, 0x28, 0x78),
    Colour(0x3e, 0x4a, 0x89),
    Colour(0x31, 0x68, 0x8e),
    Colour(0x26, 0x82, 0x8e),
    Colour(0x1f, 0x9e, 0x89),
    Colour(0x35, 0xb7, 0x79),
    Colour(0x6d, 0xcd, 0x59),
    Colour(0xb4, 0xde, 0x2c),
    Colour(0xfd, 0xe7, 0x25),
];

/// The colour at a share of the way, from 0 to 1.
pub(super) fn colour(share: f64) -> Colour {
    let place = share.clamp(0.0, 1.0) * (STEPS.len() - 1) as f64;
    let below = (place.floor() as usize).min(STEPS.len() - 2);
    STEPS[below].toward(STEPS[below + 1], place - below as f64)
}

/// Black or white, whichever stands out more: its contrast with any colour is at least 4.5.
pub(super) fn ink(ground: Colour) -> Colour {
    let (black, white) = (Colour(0, 0, 0), Colour(255, 255, 255));
    if black.contrast(ground) >= white.contrast(ground) { black } else { white }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lightness_rises_all_the_way_and_numbers_are_legible_everywhere() {
        let shades: Vec<Colour> = (0..=90).map(|step| colour(f64::from(step) / 90.0)).collect();
        assert!(shades.windows(2).all(|pair| pair[0].luminance() < pair[1].luminance()));
        assert!(shades.iter().all(|&own| ink(own).contrast(own) >= 4.5));
    }
}
