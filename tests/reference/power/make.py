"""Power of the analysis of covariance in the reference job, by NumPy vectorised over replicates, with its own random numbers.

`python make.py` (needs numpy and scipy; a few seconds) writes power.csv into the folder it runs in.
"""

import csv

import numpy as np
from scipy import special

REPLICATES, SEED, BLOCK = 20_000, 7, 100
ARMS, PER_ARM = ["usual_care", "relaxation", "structural"], 134
WEEKS = [10, 26, 52]
CHANGE = np.array([[0, -2.0, -3.0, -3.5], [0, -4.5, -4.3, -4.0], [0, -4.2, -4.2, -3.9]])
LOST = np.array([0.05, 0.07, 0.10])
N = len(ARMS) * PER_ARM
CORRELATION = np.full((4, 4), 0.6) + 0.4 * np.eye(4)
FACTOR = np.linalg.cholesky(25.0 * CORRELATION)
MEANS = 10.5 + CHANGE[np.repeat(np.arange(3), PER_ARM)]


def generate(rng, count):
    y = rng.standard_normal((count, N, 4)) @ FACTOR.T + MEANS
    y = np.clip(np.rint(y), 0, 23)
    u = rng.random((count, N))
    return y, u[:, :, None] >= LOST


def p_values(y, observed):
    """Two-sided p of relaxation and structural against usual care: (replicates, visits, 2)."""
    shape = (y.shape[0], 3, PER_ARM)
    w = observed.astype(float).reshape(shape + (3,))
    base, out = y[:, :, 0].reshape(shape), y[:, :, 1:].reshape(shape + (3,)) * w
    n = w.sum(2)
    x_sum, y_sum = np.einsum("banv,ban->bav", w, base), out.sum(2)
    x_mean, y_mean = x_sum / n, y_sum / n
    s_xx = (np.einsum("banv,ban->bav", w, base**2) - x_sum * x_mean).sum(1)
    s_xy = (np.einsum("banv,ban->bav", out, base) - x_sum * y_mean).sum(1)
    s_yy = (np.einsum("banv,banv->bav", out, out) - y_sum * y_mean).sum(1)
    slope = s_xy / s_xx
    df = n.sum(1) - 4
    variance = (s_yy - slope * s_xy) / df
    adjusted = y_mean - slope[:, None] * x_mean
    p = []
    for arm in (1, 2):
        shift = x_mean[:, arm] - x_mean[:, 0]
        se = np.sqrt(variance * (1 / n[:, arm] + 1 / n[:, 0] + shift**2 / s_xx))
        t = (adjusted[:, arm] - adjusted[:, 0]) / se
        p.append(special.betainc(df / 2, 0.5, df / (df + t * t)))
    return np.stack(p, -1)


rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(SEED).spawn(1)[0]))
hits = np.zeros((3, 2), dtype=int)
for _ in range(REPLICATES // BLOCK):
    hits += (p_values(*generate(rng, BLOCK)) < 0.05).sum(0)
with open("power.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["contrast", "visit_week", "replicates", "rejected"])
    for visit, week in enumerate(WEEKS):
        for arm in (1, 2):
            writer.writerow([f"{ARMS[arm]} - {ARMS[0]}", week, REPLICATES, hits[visit, arm - 1]])
