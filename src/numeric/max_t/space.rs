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
//!
//! One side: with the faces in the directions of the statistics alone, the sum is 2 P(max T > q). The region beyond all faces does not
//! hold the origin, the tails P₂(q) around each foot cancel, and 2 P(max T < −q) = 1/π Σ ∫ P₂(r) (q / r) dψ over its own edges, each once.

use std::f64::consts::{FRAC_PI_2, PI};

use super::super::distributions::{t_density, t_two_sided_p};
use super::factor::dot;
use super::plane::over_angle;
use super::{Direction, Sides, Tail};
use crate::numeric::elementary::{asin, atan2, cos, exp, hypot, ln_1p, sin_cos};

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

impl Edge {
    /// Distance of its nearest point from the origin.
    fn shortest(&self) -> f64 {
        let nearest = cos(0.0_f64.clamp(self.from, self.to));
        (1.0 + self.distance * self.distance / (nearest * nearest)).sqrt()
    }
}

/// An edge whose nearest point has less than this share of the density at a face's foot is left out.
const NEGLIGIBLE: f64 = 1e-20;

/// A line within a face that the face does not reach beyond: x · normal ≤ distance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    normal: [f64; 2],
    distance: f64,
}

/// All edges, each once and for two sides without its opposite; or those of the region on the other side of all faces. `lines` is
/// room for those around one face.
pub(super) fn fill_edges(
    edges: &mut Vec<Edge>,
    lines: &mut Vec<Line>,
    directions: &[Direction],
    sides: Sides,
    region: Region,
) {
    edges.clear();
    for (face, direction) in directions.iter().enumerate() {
        let axes = across(direction);
        lines.clear();
        for other in directions.iter().enumerate().filter(|&(other, _)| other != face).map(|(_, other)| other) {
            lines.extend(sides.signs().iter().map(|&sign| line(direction, &axes, other, sign)));
        }
        // Those of earlier faces have had their edges.
        for (place, own) in lines.iter().enumerate().skip(sides.signs().len() * face) {
            let Some([from, to]) = cut(own, lines, place, region) else { continue };
            let angle = |along: f64| atan2(along, own.distance);
            edges.push(Edge { distance: own.distance, from: angle(from), to: angle(to) });
        }
    }
}

/// On which side of all faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    /// The polyhedron around the origin.
    Around,
    /// The one beyond all faces, which exists for one side only.
    Beyond,
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
    let length = hypot(slopes[0], slopes[1]);
    if length == 0.0 {
        // Opposite faces meet nowhere.
        return Line { normal: slopes, distance: f64::INFINITY };
    }
    // tan(γ/2) for the angle γ between the two, without cancellation where γ is small.
    let cosine = sign * dot(direction, other);
    let distance = if cosine > 0.0 { length / (1.0 + cosine) } else { (1.0 - cosine) / length };
    Line { normal: slopes.map(|a| a / length), distance }
}

/// The stretch of a line that all others leave over, measured from its foot; nothing where they leave nothing.
fn cut(own: &Line, lines: &[Line], place: usize, region: Region) -> Option<[f64; 2]> {
    if own.distance == f64::INFINITY {
        return None;
    }
    let sign = if region == Region::Around { 1.0 } else { -1.0 };
    let [x, y] = own.normal;
    let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
    for other in lines.iter().enumerate().filter(|&(other, _)| other != place).map(|(_, other)| other) {
        let along = sign * (other.normal[1] * x - other.normal[0] * y);
        let room = sign * (other.distance - own.distance * (other.normal[0] * x + other.normal[1] * y));
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

/// P(max |T| > q) and its density for a polyhedron with these edges and `n_faces` pairs of faces, q > 0; for the edges and faces of
/// one side, twice P(max T > q), q ≥ 0.
pub(super) fn tail(edges: &[Edge], n_faces: usize, q: f64, df: f64) -> Tail {
    let single = t_two_sided_p(q, df);
    if single == 0.0 {
        return Tail { p: 0.0, density: 0.0 };
    }
    let twice = over_edges(edges, q, df);
    let n_faces = n_faces as f64;
    Tail { p: n_faces * single - twice.p, density: 2.0 * n_faces * t_density(q, df) - twice.density }
}

/// Twice P(max T < −q) and its density, from the edges of the region beyond all faces of one side; q ≥ 0.
pub(super) fn below(edges: &[Edge], q: f64, df: f64) -> Tail {
    over_edges(edges, q, df)
}

/// 1/π times the sum of all edges' integrals ∫ P₂(r) (q / r) dψ, and minus its derivative with respect to q.
fn over_edges(edges: &[Edge], q: f64, df: f64) -> Tail {
    let peak = t_density(0.0, df);
    let density = |t: f64| {
        let exponent = if df == f64::INFINITY { -0.5 * t * t } else { -0.5 * (df + 1.0) * ln_1p(t * t / df) };
        peak * exp(exponent)
    };
    let mut sum = Tail::default();
    let least = NEGLIGIBLE * density(q);
    for edge in edges {
        if density(q * edge.shortest()) <= least {
            continue;
        }
        let [twice, plain] = edge_integrals([edge.distance, edge.from, edge.to], q, df, density);
        sum += Tail { p: twice / PI, density: 2.0 * plain / PI };
    }
    sum
}

/// ∫ P₂(r) (q / r) dψ and ∫ f(r) dψ along an edge, given by its distance and the angles of its ends; `density` is f.
pub(in super::super) fn edge_integrals(
    [distance, from, to]: [f64; 3],
    q: f64,
    df: f64,
    density: impl Fn(f64) -> f64 + Copy,
) -> [f64; 2] {
    if from <= -FRAC_PI_2 && to >= FRAC_PI_2 {
        return edge_integrals([distance, 0.0, FRAC_PI_2], q, df, density).map(|half| 2.0 * half);
    }
    let square = distance * distance;
    let longest = (1.0 + square).sqrt();
    // Where an edge goes on for ever, A is counted from there: for small q the tail falls from 1 to 0 at the very end.
    let shift = if to >= FRAC_PI_2 {
        asin(longest.recip())
    } else if from <= -FRAC_PI_2 {
        -asin(longest.recip())
    } else {
        0.0
    };
    let a = |sine: f64| asin(sine / longest) - shift;
    let at_end = |angle: f64| {
        if angle.abs() >= FRAC_PI_2 {
            return 0.0;
        }
        let (sine, cosine) = sin_cos(angle);
        t_two_sided_p(q * (1.0 + square / (cosine * cosine)).sqrt(), df) * a(sine)
    };
    let reach = q * distance;
    let spread = (1.0 / (reach * reach) + (1.0 + 1.0 / square) / df).sqrt();
    let [by_parts, plain] = over_angle(from, to, spread, |angle| {
        let (sine, cosine) = sin_cos(angle);
        let secant_squared = 1.0 / (cosine * cosine);
        let longer = (1.0 + square * secant_squared).sqrt();
        let f = density(q * longer);
        let growth = q * square * secant_squared * sine / (cosine * longer);
        [a(sine) * f * growth, f]
    });
    [at_end(to) - at_end(from) + 2.0 * by_parts, plain]
}
