"""Noncentral t and F probabilities at 70 digits of working precision.

`python make_noncentral.py` (needs mpmath) writes noncentral_t.csv and noncentral_f.csv into the folder it runs in. Both are the
classical series of central beta tails; these follow from the first by their recurrence, whose cancellation 70 digits can bear.
"""

import csv

import mpmath as mp

mp.mp.dps = 70
DF = ["0.7", "1", "2", "3.5", "10", "61.37", "396", "10000", "1e6"]
NCP = ["-30", "-3", "0", "0.5", "2.8", "10", "37", "40", "100"]
# t lies at these numbers of standard deviations (nearly) from the noncentrality.
AWAY = ["-6", "-2", "-0.3", "1", "3"]
F_DF1 = ["1", "2", "3", "7"]
F_DF2 = ["2", "12", "61.37", "396", "10000"]
LAMBDA = ["0", "0.5", "10", "100", "2000"]
F_TIMES = ["0.3", "0.9", "1", "1.2", "2"]


def beta_below(a, b, x):
    """P(X <= x) for a beta variable."""
    if b <= 5000:
        return mp.betainc(a, b, 0, x, regularized=True)
    constant = mp.exp(mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b))
    ends = [mp.mpf(0)]
    while ends[-1] < x:
        ends.append(min(x, ends[-1] + 2 / (a + b) ** mp.mpf(1) / 1))
        if len(ends) > 200:
            ends.append(x)
    # The substitution x = y^2 takes away the singularity at 0 of half-integer a.
    roots = [mp.sqrt(end) for end in ends]
    return constant * mp.quad(lambda y: 2 * y ** (2 * a - 1) * (1 - y * y) ** (b - 1), roots)


def tails(a, b, x, n):
    """I_x(a + j, b) for j = 0 ... n - 1."""
    value = beta_below(a, b, x)
    term = mp.exp(a * mp.log(x) + b * mp.log1p(-x) + mp.loggamma(a + b) - mp.loggamma(a + 1) - mp.loggamma(b))
    values = []
    for j in range(n):
        values.append(value)
        value -= term
        term *= x * (a + j + b) / (a + j + 1)
    return values


def n_terms(mean):
    return int(mean + 20 * mp.sqrt(mean) + 80)


def t_cdf(t, df, ncp):
    if t < 0:
        return 1 - t_cdf(-t, df, -ncp)
    if t == 0:
        return mp.ncdf(-ncp)
    half = ncp * ncp / 2
    n, x = n_terms(half), t * t / (t * t + df)
    halves, wholes = tails(mp.mpf(1) / 2, df / 2, x, n), tails(mp.mpf(1), df / 2, x, n)
    p, q, total = mp.exp(-half), ncp / mp.sqrt(2) * mp.exp(-half) / mp.gamma(mp.mpf(3) / 2), mp.mpf(0)
    for j in range(n):
        total += p * halves[j] + q * wholes[j]
        p *= half / (j + 1)
        q *= half / (j + mp.mpf(3) / 2)
    return mp.ncdf(-ncp) + total / 2


def f_cdf(f, df1, df2, lam):
    half = lam / 2
    n, weight, total = n_terms(half), mp.exp(-half), mp.mpf(0)
    for j, tail in enumerate(tails(df1 / 2, df2 / 2, df1 * f / (df1 * f + df2), n)):
        total += weight * tail
        weight *= half / (j + 1)
    return total


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[repr(float(x)) for x in row[:-1]] + [mp.nstr(row[-1], 20)] for row in rows])


def exact(x):
    """The double that will be read back from the table."""
    return mp.mpf(float(x))


def main():
    rows = []
    for df in map(exact, DF):
        for ncp in map(exact, NCP):
            for away in map(mp.mpf, AWAY):
                t = exact(round(float(ncp + away * mp.sqrt(1 + ncp * ncp / (2 * df))), 3))
                rows.append((df, ncp, t, t_cdf(t, df, ncp)))
    write("noncentral_t.csv", ["df", "ncp", "t", "cdf"], rows)
    rows = []
    for df1 in map(exact, F_DF1):
        for df2 in map(exact, F_DF2):
            for lam in map(exact, LAMBDA):
                for times in map(mp.mpf, F_TIMES):
                    f = exact(round(float(times * (1 + lam / df1)), 3))
                    rows.append((df1, df2, lam, f, f_cdf(f, df1, df2, lam)))
    write("noncentral_f.csv", ["df1", "df2", "lambda", "f", "cdf"], rows)


main()
