//! Statistics that span three dimensions: an integral along each edge of a polyhedron.
//!
//! # Formula
//! The faces lie at distance q in the directions of the statistics and their opposites. With P₂ the two-sided tail of t, the radius R of
//! Z / S has P(R > r) = P₂(r) + 2 r f(r), f the density of t, and the integral over directions up to the angle θ from a face's foot is
//! elementary: 2π (P₂(q) − cos θ P₂(q / cos θ)) in all. An edge at the distance q d from the foot within the face is met at
//! q √(1 + d² / cos² ψ), where ψ is the angle around the foot from the edge's own. So, the sum over one face of each opposite pair,
//!
//! P(max |T| > q) = Σ (P₂(q) − 1/2π Σ_edges ∫ P₂(r) (q / r) dψ), r = q √(1 + d² / cos² ψ):
//!
//! Bonferroni's bound less what is counted twice. By parts, with A(ψ) = arcsin(sin ψ / √(1 + d²)) the integral of q / r,
//! each edge takes two tails and an integral of elementary functions, ∫ 2 A f(r) r' dψ. The derivative with respect to q needs ∫ f(r) dψ.
//!
//! Each edge belongs to two faces, seen from both at the same distance; it is taken once, with weight 2.

use std::f64::consts::{FRAC_PI_2, PI};

use super::super::distributions::{t_density, t_two_sided_p};
use super::factor::dot;
use super::plane::over_angle;
use super::{Direction, Tail};

/// An edge as it is seen from a face's foot, in units of the face's distance from the origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    /// Distance of the edge's line within the face: the tangent of half the angle between the two faces' directions.
    distance: f64,
    /// Angle around the face's foot at which the edge begins, from the foot of the edge's line.
    from: f64,
    /// And ends.
    to: f64,
}

/// A line within a face that the face does not reach beyond: x · normal ≤ distance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    normal: [f64; 2],
    distance: f64,
}

/// All edges, each once and without its opposite; `lines` is room for those around one face.
pub(super) fn fill_edges(edges: &mut Vec<Edge>, lines: &mut Vec<Line>, directions: &[Direction]) {
    edges.clear();
    for (face, direction) in directions.iter().enumerate() {
        let axes = across(direction);
        lines.clear();
        for other in directions.iter().enumerate().filter(|&(other, _)| other != face).map(|(_, other)| other) {
            lines.extend([1.0, -1.0].map(|sign| line(direction, &axes, other, sign)));
        }
        // Two lines for each other face; those of earlier faces have had their edges.
        for (place, own) in lines.iter().enumerate().skip(2 * face) {
            let Some([from, to]) = cut(own, lines, place) else { continue };
            let angle = |along: f64| along.atan2(own.distance);
            edges.push(Edge { distance: own.distance, from: angle(from), to: angle(to) });
        }
    }
}

/// Two directions at right angles to one and to each other.
fn across(direction: &Direction) -> [Direction; 2] {
    let [x, y, z] = *direction;
    // Away from the coordinate axis that is closest to the direction.
    let first = if x.abs() <= y.abs().min(z.abs()) {
        [0.0, z, -y]
    } else if y.abs() <= z.abs() {
        [-z, 0.0, x]
    } else {
        [y, -x, 0.0]
    };
    let length = dot(&first, &first).sqrt();
    let first = first.map(|a| a / length);
    let second = [y * first[2] - z * first[1], z * first[0] - x * first[2], x * first[1] - y * first[0]];
    [first, second]
}

/// Where the face at `direction` meets the one at `sign` · `other`.
fn line(direction: &Direction, axes: &[Direction; 2], other: &Direction, sign: f64) -> Line {
    let slopes = [sign * dot(&axes[0], other), sign * dot(&axes[1], other)];
    let length = slopes[0].hypot(slopes[1]);
    // tan(γ/2) for the angle γ between the two, without cancellation where γ is small.
    let cosine = sign * dot(direction, other);
    let distance = if cosine > 0.0 { length / (1.0 + cosine) } else { (1.0 - cosine) / length };
    Line { normal: slopes.map(|a| a / length), distance }
}

/// The stretch of a line that all others leave over, measured from its foot; nothing where they leave nothing.
fn cut(own: &Line, lines: &[Line], place: usize) -> Option<[f64; 2]> {
    let [x, y] = own.normal;
    let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
    for other in lines.iter().enumerate().filter(|&(other, _)| other != place).map(|(_, other)| other) {
        let along = other.normal[1] * x - other.normal[0] * y;
        let room = other.distance - own.distance * (other.normal[0] * x + other.normal[1] * y);
        if along > 0.0 {
            to = to.min(room / along);
        } else if along < 0.0 {
            from = from.max(room / along);
        } else if room < 0.0 {
            return None;
        }
    }
    (from < to).then_some([from, to])
}

/// P(max |T| > q) and its density for a polyhedron with these edges and `n_faces` pairs of faces; q > 0.
pub(super) fn tail(edges: &[Edge], n_faces: usize, q: f64, df: f64) -> Tail {
    let single = t_two_sided_p(q, df);
    if single == 0.0 {
        return Tail { p: 0.0, density: 0.0 };
    }
    let peak = t_density(0.0, df);
    let density = |t: f64| {
        let exponent = if df == f64::INFINITY { -0.5 * t * t } else { -0.5 * (df + 1.0) * (t * t / df).ln_1p() };
        peak * exponent.exp()
    };
    let mut sums = [0.0; 2];
    for edge in edges {
        for (sum, part) in sums.iter_mut().zip(edge_integrals([edge.distance, edge.from, edge.to], q, df, &density)) {
            *sum += part;
        }
    }
    let n_faces = n_faces as f64;
    Tail { p: n_faces * single - sums[0] / PI, density: 2.0 * (n_faces * density(q) - sums[1] / PI) }
}

/// ∫ P₂(r) (q / r) dψ and ∫ f(r) dψ along an edge, given by its distance and the angles of its ends; `density` is f.
pub(in super::super) fn edge_integrals(
    [distance, from, to]: [f64; 3],
    q: f64,
    df: f64,
    density: impl Fn(f64) -> f64,
) -> [f64; 2] {
    let square = distance * distance;
    let longest = (1.0 + square).sqrt();
    let at_end = |angle: f64| {
        if angle.abs() >= FRAC_PI_2 {
            return 0.0;
        }
        let cosine = angle.cos();
        let radius = q * (1.0 + square / (cosine * cosine)).sqrt();
        t_two_sided_p(radius, df) * (angle.sin() / longest).asin()
    };
    let reach = q * distance;
    let spread = (1.0 / (reach * reach) + (1.0 + 1.0 / square) / df).sqrt();
    let [by_parts, plain] = over_angle(from, to, spread, |angle| {
        let (sine, cosine) = angle.sin_cos();
        let secant_squared = 1.0 / (cosine * cosine);
        let longer = (1.0 + square * secant_squared).sqrt();
        let f = density(q * longer);
        let growth = q * square * secant_squared * sine / (cosine * longer);
        [(sine / longest).asin() * f * growth, f]
    });
    [at_end(to) - at_end(from) + 2.0 * by_parts, plain]
}
