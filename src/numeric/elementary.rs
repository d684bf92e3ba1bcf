//! The one door to elementary and special functions that no processor has: everything outside goes through here.
//!
//! The same functions of the standard library are the platform's own: their last digits differ from one operating system, and from
//! one version of it, to the next. Those of the library `libm` are compiled with the program, so that a number is the same on every
//! platform, in a page as in a terminal, to the last digit. (+, −, ×, ÷, √, the nearest whole number and the fused product are exact by
//! IEEE 754 and need no door.) A lint refuses the platform's functions anywhere else (`clippy.toml`).
//!
//! # References
//! musl libc, from which `libm` has been translated: errors below 1 unit in the last place (`pow` 0.55, `exp` 0.53, `log` 0.52).
//!
//! # Checked against
//! `tests/it/independent/elementary.rs`: the platform's functions, identities, and numbers of mpmath.

/// The natural logarithm of x.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x), exact for x near 0.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// The logarithm of x to the base 10; whole for whole powers of 10.
#[inline]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// The logarithm of x to the base 2.
#[inline]
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// eˣ. (In loops over many numbers: [`super::exponential`].)
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// eˣ − 1, exact for x near 0.
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// 2ˣ.
#[inline]
pub fn exp2(x: f64) -> f64 {
    libm::exp2(x)
}

/// xʸ.
#[inline]
pub fn powf(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// √(x² + y²), without overflow on the way.
#[inline]
pub fn hypot(x: f64, y: f64) -> f64 {
    libm::hypot(x, y)
}

/// The sine of x radians.
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// The cosine of x radians.
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Sine and cosine of x radians.
#[inline]
pub fn sin_cos(x: f64) -> (f64, f64) {
    libm::sincos(x)
}

/// The angle in radians, −π/2 to π/2, whose sine is x.
#[inline]
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// The angle in radians, 0 to π, whose cosine is x.
#[inline]
pub fn acos(x: f64) -> f64 {
    libm::acos(x)
}

/// The angle in radians, −π to π, of the point (x, y) seen from the origin: `atan2(y, x)`.
#[inline]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// ln |Γ(x)|.
#[inline]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The complementary error function, 2/√π ∫ₓ^∞ exp(−t²) dt.
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}
