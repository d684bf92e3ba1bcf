//! Where an increasing function passes through zero: Newton steps held inside what is already known.

/// Functions here are inverted in scales on which they are nearly straight: a handful of steps suffice, bisection included.
const MAX_STEPS: u32 = 200;

/// A Newton step of this relative size leaves an error of about its square, which is below the last digit.
const SMALL_STEP: f64 = 1e-9;

/// The zero of an increasing function that gives its value and its slope, within `limits` (which may be infinite).
///
/// Starts at `start`; the first steps are no longer than `reach`, which doubles as long as it is used up. Where Newton's step
/// leaves the interval that is known to hold the zero, the interval is halved. At a limit the zero may lie on or beyond it: then
/// the limit is approached. NaN where the function is NaN.
pub fn of_increasing(start: f64, mut reach: f64, limits: [f64; 2], mut function: impl FnMut(f64) -> (f64, f64)) -> f64 {
    let [mut low, mut high] = limits;
    if low.is_nan() || high.is_nan() || low > high || reach.is_nan() {
        return f64::NAN;
    }
    let mut x = start.clamp(low, high);
    for _ in 0..MAX_STEPS {
        let (value, slope) = function(x);
        if value == 0.0 {
            return x;
        }
        if value > 0.0 {
            high = x;
        } else if value < 0.0 {
            low = x;
        } else {
            return f64::NAN;
        }
        let newton = -value / slope;
        let mut step = if newton.is_nan() { reach.copysign(-value) } else { newton.clamp(-reach, reach) };
        let exact = step == newton;
        if !exact {
            reach *= 2.0;
        }
        let mut next = x + step;
        if exact && step.abs() <= SMALL_STEP * next.abs() {
            return next.clamp(low, high);
        }
        if !(next > low && next < high) {
            if low.is_infinite() || high.is_infinite() {
                // A limit was overstepped while the other is unknown: go half the way to the nearer one.
                let nearer = if low.is_finite() { low } else { high };
                next = if nearer.is_finite() { 0.5 * (x + nearer) } else { next };
            } else {
                next = 0.5 * (low + high);
            }
            step = next - x;
            if step.abs() <= f64::EPSILON * next.abs() {
                return next;
            }
        }
        x = next;
    }
    x
}
