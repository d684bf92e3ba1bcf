#!/usr/bin/env python3
"""The reference job in NumPy, all replicates of a block at once: three arms of 134, four visits, dropout; per replicate three visits
with two contrasts each, by three methods. Prints processor seconds per replicate and the shares of p < 0.05 as JSON.

    python3 reference_job.py [replicates] [seed] [replicates in a block] [processes]

Needs NumPy and SciPy.
"""

import json
import multiprocessing
import os
import sys
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
import numpy as np
from scipy import special

arguments = [int(argument) for argument in sys.argv[1:]]
N_REPLICATES, SEED, BLOCK, N_PROCESSES = arguments + [1000, 1, 100, 1][len(arguments) :]

PER_ARM, N_ARMS, N_VISITS = 134, 3, 4
N = PER_ARM * N_ARMS
# Usual care, relaxation, structural.
CHANGE = np.array([[0, -2.0, -3.0, -3.5], [0, -4.5, -4.3, -4.0], [0, -4.2, -4.2, -3.9]])
# Cumulative shares lost by the visits after baseline.
LOST = np.array([0.05, 0.07, 0.10])
# Standard deviation 5, correlation 0.6.
FACTOR = np.linalg.cholesky(25.0 * (0.6 + 0.4 * np.eye(N_VISITS)))
ARM = np.repeat(np.arange(N_ARMS), PER_ARM)
MEAN = 10.5 + CHANGE[ARM]
ARM_COLUMNS = np.stack([ARM == 1, ARM == 2], -1).astype(float)
Z = 1.959963984540054


def generate(rng, n_replicates):
    """Scores (replicate, participant, visit), and who is seen at the visits after baseline."""
    scores = rng.standard_normal((n_replicates, N, N_VISITS)) @ FACTOR.T
    scores += MEAN
    np.rint(scores, out=scores)
    np.clip(scores, 0, 23, out=scores)
    seen = rng.random((n_replicates, N))[:, :, None] >= LOST
    return scores, seen


def normal_p(z):
    return special.erfc(np.abs(z) / np.sqrt(2.0))


def interval(estimate, std_error, critical=Z):
    return estimate - critical * std_error, estimate + critical * std_error


def design(baseline):
    """Intercept, baseline and arms."""
    x = np.empty((*baseline.shape, 4))
    x[..., 0], x[..., 1], x[..., 2:] = 1, baseline, ARM_COLUMNS
    return x


def ancova(scores, seen):
    """Analysis of covariance at each visit in closed form; p-values (replicate, visit, contrast)."""
    n_replicates = len(scores)
    by_arm = (n_replicates, N_ARMS, PER_ARM, 3)
    mask = seen.astype(float).reshape(by_arm)
    y = scores[:, :, 1:].reshape(by_arm) * mask
    x = scores[:, :, 0].reshape(by_arm[:3])
    n = mask.sum(2)
    sum_x, sum_y = np.einsum("banv,ban->bav", mask, x), y.sum(2)
    mean_x, mean_y = sum_x / n, sum_y / n
    xx = (np.einsum("banv,ban->bav", mask, x * x) - sum_x * mean_x).sum(1)
    xy = (np.einsum("banv,ban->bav", y, x) - sum_x * mean_y).sum(1)
    yy = (np.einsum("banv,banv->bav", y, y) - sum_y * mean_y).sum(1)
    slope, df = xy / xx, n.sum(1) - 4.0
    variance = (yy - slope * xy) / df
    adjusted = mean_y - slope[:, None] * mean_x
    against_usual_care = lambda means: (means[:, 1:] - means[:, :1]).transpose(0, 2, 1)
    estimate, dx = against_usual_care(adjusted), against_usual_care(mean_x)
    of_means = (1 / n[:, 1:] + 1 / n[:, :1]).transpose(0, 2, 1)
    std_error = np.sqrt(variance[..., None] * (of_means + dx**2 / xx[..., None]))
    t = estimate / std_error
    df = np.broadcast_to(df[..., None], t.shape)
    interval(estimate, std_error, special.stdtrit(df, 0.975))
    return special.betainc(df / 2, 0.5, df / (df + t * t))


def modified_poisson(scores, seen):
    """Responders by at least 3 points: modified Poisson regression at each visit, HC0; p-values."""
    x = design(scores[:, :, 0] - 10.0)
    x_turned = x.transpose(0, 2, 1)
    p = np.empty((len(scores), 3, 2))
    for visit in range(3):
        mask = seen[:, :, visit].astype(float)
        responded = (scores[:, :, 0] - scores[:, :, visit + 1] >= 3) * mask
        beta = np.zeros((len(scores), 4))
        beta[:, 0] = np.log(responded.sum(1) / mask.sum(1))
        expected = lambda: np.exp((x @ beta[..., None])[..., 0]) * mask
        for _ in range(25):
            mu = expected()
            step = np.linalg.solve(x_turned @ (x * mu[..., None]), x_turned @ (responded - mu)[..., None])[..., 0]
            beta += step
            if np.abs(step).max() < 1e-9:
                break
        mu = expected()
        bread = np.linalg.inv(x_turned @ (x * mu[..., None]))
        covariance = bread @ (x_turned @ (x * ((responded - mu) ** 2)[..., None])) @ bread
        estimate = beta[:, 2:]
        std_error = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)[:, 2:])
        np.exp(interval(estimate, std_error))
        p[:, visit] = normal_p(estimate / std_error)
    return p


def gee(scores, seen):
    """Generalised estimating equations of all visits, baseline and arms at each, exchangeable, with the sandwich; p-values.

    The inverse working correlation of somebody seen at m visits is (I - c J) / (1 - a), c = a / (1 + (m - 1) a).
    """
    n_replicates = len(scores)
    mask = seen.astype(float)
    x = design(scores[:, :, 0])
    x_turned = x.transpose(0, 2, 1)
    y = scores[:, :, 1:] * mask
    m = mask.sum(2)
    n_seen, n_pairs = mask.sum((1, 2)), (m * (m - 1) / 2).sum(1)
    own = [slice(4 * visit, 4 * visit + 4) for visit in range(3)]
    correlation, beta = np.zeros(n_replicates), None
    share = lambda: correlation[:, None] / (1 + (m - 1) * correlation[:, None])
    for _ in range(30):
        c, total = share(), y.sum(2)
        left, right = np.zeros((n_replicates, 12, 12)), np.zeros((n_replicates, 12, 1))
        for j in range(3):
            right[:, own[j]] = x_turned @ (mask[:, :, j] * (y[:, :, j] - c * total))[..., None]
            for k in range(j, 3):
                weight = mask[:, :, j] * mask[:, :, k] * ((j == k) - c)
                block = x_turned @ (x * weight[..., None])
                left[:, own[j], own[k]] = block
                if k > j:
                    left[:, own[k], own[j]] = block.transpose(0, 2, 1)
        new = np.linalg.solve(left, right)[..., 0]
        change = np.inf if beta is None else np.abs(new - beta).max()
        beta = new
        residual = np.empty_like(y)
        for j in range(3):
            residual[:, :, j] = (y[:, :, j] - (x @ beta[:, own[j], None])[..., 0]) * mask[:, :, j]
        squares, total = (residual * residual).sum(2), residual.sum(2)
        correlation = ((total * total - squares) / 2).sum(1) / n_pairs / (squares.sum(1) / n_seen)
        if change < 1e-8:
            break
    c, bread = share(), np.linalg.inv(left)
    score = np.empty((n_replicates, N, 12))
    for j in range(3):
        score[:, :, own[j]] = x * (mask[:, :, j] * (residual[:, :, j] - c * total))[..., None]
    covariance = bread @ (score.transpose(0, 2, 1) @ score) @ bread
    contrasts = np.array([[2, 3], [6, 7], [10, 11]])
    estimate = beta[:, contrasts]
    std_error = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)[:, contrasts])
    interval(estimate, std_error)
    return normal_p(estimate / std_error)


METHODS = {"ancova": ancova, "gee": gee, "modified_poisson": modified_poisson}


def run(job):
    n_replicates, seed = job
    rng = np.random.Generator(np.random.SFC64(seed))
    seconds = dict.fromkeys(["generate", *METHODS], 0.0)
    rejected = {method: np.zeros((3, 2)) for method in METHODS}
    for start in range(0, n_replicates, BLOCK):
        at = time.process_time()
        scores, seen = generate(rng, min(BLOCK, n_replicates - start))
        seconds["generate"] += time.process_time() - at
        for method, p_values in METHODS.items():
            at = time.process_time()
            rejected[method] += (p_values(scores, seen) < 0.05).sum(0)
            seconds[method] += time.process_time() - at
    return seconds, rejected


def main():
    seeds = np.random.SeedSequence(SEED).spawn(N_PROCESSES)
    shares = [N_REPLICATES // N_PROCESSES + (i < N_REPLICATES % N_PROCESSES) for i in range(N_PROCESSES)]
    jobs = list(zip(shares, seeds))
    if N_PROCESSES == 1:
        results = [run(jobs[0])]
    else:
        with multiprocessing.get_context("fork").Pool(N_PROCESSES) as pool:
            results = pool.map(run, jobs, chunksize=1)
    total = lambda part, key: sum(result[part][key] for result in results) / N_REPLICATES
    print(json.dumps({
        "replicates": N_REPLICATES,
        "seconds_per_replicate": {stage: total(0, stage) for stage in results[0][0]},
        "rejected": {method: total(1, method).round(5).tolist() for method in METHODS},
    }))


if __name__ == "__main__":
    main()
