"""Boundaries and crossing probabilities with gsdesign (Jennison and Turnbull's grid, by the authors of the R package gsDesign).

Run in this folder with gsdesign 0.1.5 and SciPy 1.17.1: writes boundaries.csv and crossing.csv. One minute.
"""

import csv
import math

import numpy as np
from gsdesign import h1, hupdate
from scipy.optimize import brentq
from scipy.stats import norm

R = 300  # grid: numbers do not move in the digits written when it is doubled


def steps(times, bounds, drift):
    """First-crossing probabilities above and below at each look."""
    above, below, grid = [], [], None
    for k, t in enumerate(times):
        up, down = tail(grid, times, k, bounds[k], drift)
        above.append(up)
        below.append(down)
        grid = advance(grid, times, k, bounds[k], drift)
    return above, below


def tail(grid, times, k, bound, drift):
    t = times[k]
    if grid is None:
        return norm.sf(bound - drift * math.sqrt(t)), norm.cdf(-bound - drift * math.sqrt(t))
    z, _, h = grid
    before = times[k - 1]
    sd = math.sqrt(t - before)
    start = z * math.sqrt(before) + drift * (t - before)
    up = np.sum(h * norm.sf((bound * math.sqrt(t) - start) / sd))
    down = np.sum(h * norm.cdf((-bound * math.sqrt(t) - start) / sd))
    return up, down


def advance(grid, times, k, bound, drift):
    if grid is None:
        return h1(r=R, theta=drift, info=times[0], a=-bound, b=bound)
    return hupdate(R, drift, times[k], -bound, bound, drift, times[k - 1], grid)


def spent(kind, alpha, t):
    side = alpha / 2
    if kind == "obrien_fleming":
        return 2 * norm.sf(norm.isf(side / 2) / math.sqrt(t))
    return side * math.log1p((math.e - 1) * t)


def spending(times, alpha, kind):
    bounds, grid, before = [], None, 0.0
    for k, t in enumerate(times):
        target = spent(kind, alpha, t) - before
        before += target
        # On the scale of logarithms, on which small probabilities are told apart.
        bound = brentq(lambda c: math.log(tail(grid, times, k, c, 0.0)[0] / target), 0.5, 12, xtol=1e-14, rtol=1e-15)
        bounds.append(bound)
        grid = advance(grid, times, k, bound, 0.0)
    return bounds


def constant(times, alpha, kind):
    def bounds(c):
        return [c * math.sqrt(times[-1] / t) if kind == "obrien_fleming" else c for t in times]

    def excess(c):
        above, below = steps(times, bounds(c), 0.0)
        return sum(above) + sum(below) - alpha

    return bounds(brentq(excess, 1.0, 5.0, xtol=1e-13))


def main():
    equal = lambda n: [(k + 1) / n for k in range(n)]
    schedules = [equal(2), equal(3), equal(5), equal(10), [0.5, 0.75, 1.0], [0.25, 0.3, 0.9, 1.0], [0.1, 0.11, 1.0], [0.4, 0.8]]
    boundaries, crossing = [], []
    for times in schedules:
        for alpha in (0.01, 0.05, 0.2):
            for family, of in (("spending", spending), ("constant", constant)):
                for kind in ("obrien_fleming", "pocock"):
                    bounds = of(times, alpha, kind)
                    for k, bound in enumerate(bounds):
                        boundaries.append([family, kind, alpha, " ".join(map(repr, times)), k + 1, f"{bound:.12g}"])
    for times in schedules:
        for drift in (0.0, 1.0, 3.0, -2.5, 6.0):
            bounds = [round(b, 3) for b in spending(times, 0.05, "pocock")]
            above, below = steps(times, bounds, drift)
            for k in range(len(times)):
                crossing.append([" ".join(map(repr, times)), " ".join(map(str, bounds)), drift, k + 1, f"{above[k]:.12g}", f"{below[k]:.12g}"])
    with open("boundaries.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["family", "kind", "alpha", "information", "look", "boundary"], *boundaries])
    with open("crossing.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["information", "boundaries", "drift", "look", "above", "below"], *crossing])


main()
