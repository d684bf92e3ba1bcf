//! The exponential function in a form that becomes vector instructions, for loops over many numbers.
//!
//! # Formula
//! With n the whole number nearest to x / ln 2 and r = x − n ln 2, |r| ≤ ½ ln 2: eˣ − 1 = 2ⁿ (eʳ − 1) + (2ⁿ − 1), the first bracket
//! by its Taylor series up to r¹⁴, whose remainder is below 10⁻¹⁸ of it. There is no branch and no table.
//!
//! # References
//! Muller JM. Elementary Functions, 3rd ed., 2016, § 11.3 (argument reduction in two parts).
//!
//! # Checked against
//! `tests/it/independent/exponential.rs`: the library's `exp_m1`, and powers of two.

use std::f64::consts::LOG2_E;

/// eˣ − 1 for x ≤ 0, to 4 units in the last place; anything above 0 counts as 0.
#[inline(always)]
pub fn exp_m1_below_zero(x: f64) -> f64 {
    let above = if x < LOWEST { LOWEST } else { x };
    let x = if above > 0.0 { 0.0 } else { above };
    let shifted = x * LOG2_E + WHOLE;
    let n = shifted - WHOLE;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let tail = INVERSE_FACTORIALS.iter().rev().fold(INVERSE_FACTORIAL_OF_14, |sum, coefficient| sum * r + coefficient);
    let series = r + r * r * tail;
    // The lowest bits of `shifted` are n, so that this moves the exponent of 1 by n.
    let power = f64::from_bits(1.0_f64.to_bits().wrapping_add(shifted.to_bits() << 52));
    power * series + (power - 1.0)
}

/// eˣ, to 4 units in the last place; arguments beyond ±700 count as ±700.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let above = if x < -LARGEST { -LARGEST } else { x };
    let x = if above > LARGEST { LARGEST } else { above };
    let shifted = x * LOG2_E + WHOLE;
    let n = shifted - WHOLE;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    // Beside 1 the terms after r¹³ are nothing.
    let [terms @ .., last] = INVERSE_FACTORIALS;
    let tail = terms.iter().rev().fold(last, |sum, coefficient| sum * r + coefficient);
    let series = r + r * r * tail;
    let power = f64::from_bits(1.0_f64.to_bits().wrapping_add(shifted.to_bits() << 52));
    power * series + power
}

/// Neither e⁷⁰⁰ nor its inverse leaves the range of a double.
const LARGEST: f64 = 700.0;

/// Below this, eˣ − 1 is −1 to the last digit.
const LOWEST: f64 = -40.0;

/// Adding and subtracting 1.5 · 2⁵² rounds to the nearest whole number: beyond it a double has no fraction left.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// ln 2 in two parts: the first has so few digits that its multiples by whole numbers are exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// 1/14!.
const INVERSE_FACTORIAL_OF_14: f64 = 1.0 / 87_178_291_200.0;

/// 1/2!, 1/3!, …, 1/13!.
const INVERSE_FACTORIALS: [f64; 12] = [
    1.0 / 2.0,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5_040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];
