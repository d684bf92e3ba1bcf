//! First and second derivatives of the likelihood by the elements of the covariance, by the formulas of [`super`].

use super::super::covariance::{element, n_elements};
use super::super::patterns::Patterns;
use super::{Objective, dot, multiply, sandwich};

impl Objective {
    /// Finds gradient and second derivatives where the likelihood was last evaluated. Where not `exact`, the trace of V P(k) V P(l)
    /// is replaced by what it is for complete data.
    pub fn differentiate(&mut self, patterns: &Patterns, exact: bool) {
        let (v, m) = (self.n_visits, n_elements(self.n_visits));
        let size = self.n_elements(patterns);
        self.find_middle(patterns);
        self.gradient.clear();
        self.gradient.resize(size, 0.0);
        self.hessian.clear();
        self.hessian.resize(size * size, 0.0);
        let per_visit = if self.restricted && !exact { self.columns_per_visit() } else { 0.0 };
        let all: usize = patterns.list.iter().map(|pattern| pattern.n).sum();
        let share = per_visit / all.max(1) as f64;
        let mut right = std::mem::take(&mut self.products);
        right.resize(v * v, 0.0);
        for (position, pattern) in patterns.list.iter().enumerate() {
            let range = position * v * v..(position + 1) * v * v;
            let (w, middle) = (&self.w[range.clone()], &self.middle[range]);
            let n = pattern.n as f64;
            let first = pattern.group * m;
            let lost = n * (1.0 + share);
            right
                .iter_mut()
                .zip(middle.iter().zip(w))
                .for_each(|(right, (middle, w))| *right = 2.0 * middle - lost * w);
            for a in pattern.visits() {
                for b in pattern.visits_to(a) {
                    let slope = n * w[a * v + b] - middle[a * v + b];
                    self.gradient[first + element(a, b)] += if a == b { slope } else { 2.0 * slope };
                    let row = &mut self.hessian[(first + element(a, b)) * size..][..size];
                    add_traces(&mut row[first..], pattern.bits, v, (a, b), w, &right);
                }
            }
        }
        self.products = right;
        if exact {
            self.find_slopes(patterns);
            self.find_images();
            self.find_h(patterns);
            if self.restricted {
                self.subtract_traces(size);
            }
            self.subtract_h(size);
        }
        mirror(&mut self.hessian, size);
    }

    /// Replaces the second derivatives by their expectation Σ n tr(Σ(k) w Σ(l) w), which is always positive definite.
    pub fn expect(&mut self, patterns: &Patterns) {
        let (v, m) = (self.n_visits, n_elements(self.n_visits));
        let size = self.n_elements(patterns);
        self.hessian.fill(0.0);
        let mut right = std::mem::take(&mut self.products);
        right.resize(v * v, 0.0);
        for (position, pattern) in patterns.list.iter().enumerate() {
            let w = &self.w[position * v * v..(position + 1) * v * v];
            right.iter_mut().zip(w).for_each(|(right, w)| *right = pattern.n as f64 * w);
            let first = pattern.group * m;
            for a in pattern.visits() {
                for b in pattern.visits_to(a) {
                    let row = &mut self.hessian[(first + element(a, b)) * size..][..size];
                    add_traces(&mut row[first..], pattern.bits, v, (a, b), w, &right);
                }
            }
        }
        self.products = right;
        mirror(&mut self.hessian, size);
    }

    /// w (E + F) w of each pattern.
    fn find_middle(&mut self, patterns: &Patterns) {
        let (v, q, p) = (self.n_visits, patterns.n_z, self.p);
        self.middle.clear();
        self.middle.resize(patterns.list.len() * v * v, 0.0);
        let mut inner = std::mem::take(&mut self.products);
        inner.resize(2 * v * v, 0.0);
        let (k, half) = inner.split_at_mut(v * v);
        for (position, pattern) in patterns.list.iter().enumerate() {
            let range = position * v * v..(position + 1) * v * v;
            k.copy_from_slice(&self.e[range.clone()]);
            if self.restricted {
                let zz = patterns.zz(position);
                for a in pattern.visits() {
                    for b in pattern.visits_to(a) {
                        let mut sum = 0.0;
                        for row in self.cells_at(a) {
                            let (v_row, zz_row) = (&self.v[row.column * p..][..p], &zz[row.z * q..][..q]);
                            let inner: f64 = self
                                .cells_at(b)
                                .iter()
                                .map(|cell| v_row[cell.column] * cell.factor * zz_row[cell.z])
                                .sum();
                            sum += row.factor * inner;
                        }
                        k[a * v + b] += sum;
                        k[b * v + a] = k[a * v + b];
                    }
                }
            }
            let w = &self.w[range.clone()];
            sandwich(w, k, v, half, &mut self.middle[range]);
        }
        self.products = inner;
    }

    /// P(k) of every element.
    fn find_slopes(&mut self, patterns: &Patterns) {
        let (v, p, q, m) = (self.n_visits, self.p, patterns.n_z, n_elements(self.n_visits));
        let mut slopes = std::mem::take(&mut self.slopes);
        slopes.clear();
        slopes.resize(self.n_elements(patterns) * p * p, 0.0);
        let mut inner = std::mem::take(&mut self.products);
        inner.resize(v * v, 0.0);
        for (position, pattern) in patterns.list.iter().enumerate() {
            let w = &self.w[position * v * v..(position + 1) * v * v];
            for a in pattern.visits() {
                for b in pattern.visits_to(a) {
                    let half = if a == b { 0.5 } else { 1.0 };
                    for row in 0..v {
                        for column in 0..v {
                            inner[row * v + column] =
                                half * (w[row * v + a] * w[b * v + column] + w[row * v + b] * w[a * v + column]);
                        }
                    }
                    let k = pattern.group * m + element(a, b);
                    let sum = &mut slopes[k * p * p..(k + 1) * p * p];
                    self.add_products(sum, pattern.visits(), &inner, patterns.zz(position), q);
                }
            }
        }
        (self.slopes, self.products) = (slopes, inner);
    }

    /// Subtracts tr(V P(k) V P(l)) from the lower triangle of the second derivatives.
    fn subtract_traces(&mut self, size: usize) {
        let square = self.p * self.p;
        for k in 0..size {
            let own = &self.images[k * square..(k + 1) * square];
            for l in 0..=k {
                self.hessian[k * size + l] -= lane_dot(own, &self.slopes[l * square..(l + 1) * square]);
            }
        }
    }

    /// h(k) = X'WΣ(k)Wr of every element.
    fn find_h(&mut self, patterns: &Patterns) {
        let (v, p, q, m) = (self.n_visits, self.p, patterns.n_z, n_elements(self.n_visits));
        let mut h = std::mem::take(&mut self.h);
        h.clear();
        h.resize(self.n_elements(patterns) * p, 0.0);
        let mut zu = std::mem::take(&mut self.products);
        zu.resize(q * v, 0.0);
        for (position, pattern) in patterns.list.iter().enumerate() {
            let w = &self.w[position * v * v..(position + 1) * v * v];
            let zr = &self.zr[position * q * v..(position + 1) * q * v];
            for k in 0..q {
                for b in 0..v {
                    zu[k * v + b] = (0..v).map(|visit| zr[k * v + visit] * w[visit * v + b]).sum();
                }
            }
            for a in pattern.visits() {
                for b in pattern.visits_to(a) {
                    let half = if a == b { 0.5 } else { 1.0 };
                    let k = pattern.group * m + element(a, b);
                    let h = &mut h[k * p..(k + 1) * p];
                    for visit in pattern.visits() {
                        let (wa, wb) = (half * w[visit * v + a], half * w[visit * v + b]);
                        for cell in self.cells_at(visit) {
                            h[cell.column] += cell.factor * (wa * zu[cell.z * v + b] + wb * zu[cell.z * v + a]);
                        }
                    }
                }
            }
        }
        (self.h, self.products) = (h, zu);
    }

    /// Subtracts 2 h(k)'V h(l) from the lower triangle of the second derivatives.
    fn subtract_h(&mut self, size: usize) {
        let p = self.p;
        let mut image = std::mem::take(&mut self.products);
        image.resize(p, 0.0);
        for k in 0..size {
            let own = &self.h[k * p..(k + 1) * p];
            image.iter_mut().zip(self.v.chunks_exact(p.max(1))).for_each(|(image, row)| *image = dot(row, own));
            for l in 0..=k {
                self.hessian[k * size + l] -= 2.0 * dot(&image, &self.h[l * p..(l + 1) * p]);
            }
        }
        self.products = image;
    }

    /// Finds the derivatives of V by the elements, V P(k) V, where [`Self::differentiate`] was last exact.
    fn find_images(&mut self) {
        let p = self.p;
        let square = (p * p).max(1);
        self.images.resize(self.slopes.len(), 0.0);
        self.products.resize(square, 0.0);
        for (image, slope) in self.images.chunks_exact_mut(square).zip(self.slopes.chunks_exact(square)) {
            multiply(&self.v, slope, p, &mut self.products);
            // V and the product are symmetric.
            for (row, half) in self.products.chunks_exact(p).take(p).enumerate() {
                for (column, v) in self.v.chunks_exact(p).enumerate().take(row + 1) {
                    let cell = lane_dot(half, v);
                    (image[row * p + column], image[column * p + row]) = (cell, cell);
                }
            }
        }
    }

    /// The derivatives of the covariance of two combinations of coefficients by the elements; few of their cells are not 0.
    pub fn derive(&self, row: &[f64], other: &[f64], out: &mut [f64]) {
        let p = self.p;
        out.fill(0.0);
        for (i, &a) in row.iter().enumerate().filter(|(_, a)| **a != 0.0) {
            for (j, &b) in other.iter().enumerate().filter(|(_, b)| **b != 0.0) {
                let weight = a * b;
                let images = self.images[i * p + j..].iter().step_by(p * p);
                out.iter_mut().zip(images).for_each(|(sum, image)| *sum += weight * image);
            }
        }
    }
}

/// Adds tr(Σ(k) w Σ(l) M) for one k = (a, b) and all l up to it, among the visits of a pattern; w and M symmetric.
fn add_traces(row: &mut [f64], bits: u32, v: usize, (a, b): (usize, usize), w: &[f64], m: &[f64]) {
    let (wa, wb) = (&w[a * v..(a + 1) * v], &w[b * v..(b + 1) * v]);
    let (ma, mb) = (&m[a * v..(a + 1) * v], &m[b * v..(b + 1) * v]);
    let own = if a == b { 0.5 } else { 1.0 };
    for c in (0..=a).filter(|c| bits >> c & 1 == 1) {
        let last = if c == a { b } else { c };
        for d in (0..=last).filter(|d| bits >> d & 1 == 1) {
            let half = if c == d { 0.5 * own } else { own };
            row[element(c, d)] += half * (wb[c] * ma[d] + wb[d] * ma[c] + wa[c] * mb[d] + wa[d] * mb[c]);
        }
    }
}

/// Copies the lower triangle to the upper one.
fn mirror(matrix: &mut [f64], order: usize) {
    for row in 0..order {
        for column in 0..row {
            matrix[column * order + row] = matrix[row * order + column];
        }
    }
}

/// Sum of products in four running sums.
fn lane_dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut lanes = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        (0..4).for_each(|lane| lanes[lane] += a[lane] * b[lane]);
    }
    lanes.iter().sum::<f64>() + dot(a_rest, b_rest)
}
