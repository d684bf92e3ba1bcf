"""Tail probabilities and quantiles at 40 digits of working precision, where doubles from R or SciPy would not judge closely enough.

`python make.py` (needs mpmath and scipy) writes t_tail.csv, t_quantile.csv and f_tail.csv into the folder it runs in.
A tail is the integral of the density over the logarithm of the point, in steps that follow the density's own decay. Up to
10,000 degrees of freedom each is held against mpmath's incomplete beta function and must agree to 25 digits.
"""

import csv

import mpmath as mp
from scipy import special

mp.mp.dps = 40
# At 10,000 linger changes its method; its neighbours show whether the change can be seen.
T_DF = [1, 2, 3, 4, 5, 7, 10, 15, 30, 61.37, 100, 199, 398, 1000, 3000, 9999, 10000, 10001, 30000, 1e5, 1e6, 1e7, 1e8]
T = [1e-6, 0.01, 0.3, 1.0, 1.96, 2.5, 4.0, 8.0, 15.0, 30.0]
ALPHA = [0.9, 0.5, 0.2, 0.1, 0.05, 0.025, 0.01, 1e-3, 1e-6, 1e-10]
F_DF1 = [1, 2, 3, 4, 5, 11]
F_DF2 = [2, 5, 12, 61.37, 396, 5000, 1e5, 1e7]
F = [0.01, 0.3, 1.0, 2.0, 3.31, 7.0, 25.0, 80.0]


def f_upper(f, df1, df2):
    """P(F > f)."""
    a, b = df1 / 2, df2 / 2
    constant = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)

    def density(s):
        odds = df1 * mp.exp(s) / df2
        return mp.exp(constant + a * mp.log(odds) - (a + b) * mp.log1p(odds))

    total, here = mp.mpf(0), mp.log(f)
    while True:
        odds = df1 * mp.exp(here) / df2
        rate = abs(a - (a + b) * odds / (1 + odds))
        there = here + 2 / max(rate, 1)
        # The quadrature's own tolerance is absolute, so its integrand is scaled to 1 where the step begins.
        scale = density(here)
        part = scale * mp.quad(lambda s: density(s) / scale, [here, there], method="gauss-legendre")
        total, here = total + part, there
        if rate > 1 / mp.mpf(4) and part < total * mp.mpf(10) ** -42 and odds * df2 / df1 > 1:
            return total


def t_two_sided(t, df):
    """P(|T| > |t|)."""
    return f_upper(t * t, mp.mpf(1), df)


def f_upper_by_beta(f, df1, df2):
    return mp.betainc(df2 / 2, df1 / 2, 0, df2 / (df2 + df1 * f), regularized=True)


def t_density(t, df):
    constant = mp.exp(mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2)) / mp.sqrt(df * mp.pi)
    return constant * mp.exp(-(df + 1) / 2 * mp.log1p(t * t / df))


def t_quantile(alpha, df):
    """The value that |T| exceeds with probability alpha: Newton steps from SciPy's."""
    quantile = -mp.mpf(special.stdtrit(float(df), float(alpha) / 2) if df <= 1e4 else special.ndtri(float(alpha) / 2))
    for _ in range(20):
        p = f_upper_by_beta(quantile**2, mp.mpf(1), df) if df <= 10000 else t_two_sided(quantile, df)
        step = (p - alpha) / (2 * t_density(quantile, df))
        quantile += step
        if abs(step) < mp.mpf(10) ** -15 * quantile:
            return quantile
    raise AssertionError((df, alpha))


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[repr(float(x)) for x in row[:-1]] + [mp.nstr(row[-1], 20)] for row in rows])


def checked(value, f, df1, df2):
    if df2 <= 10000:
        other = f_upper_by_beta(f, df1, df2)
        assert abs(value / other - 1) < mp.mpf(10) ** -25, (value, other, f, df1, df2)
    return value


def main():
    numbers = lambda values: [mp.mpf(value) for value in values]
    tails = [(df, t, checked(t_two_sided(t, df), t * t, mp.mpf(1), df)) for df in numbers(T_DF) for t in numbers(T)]
    # Below the smallest normal double there is nothing to compare.
    write("t_tail.csv", ["df", "t", "two_sided_p"], [row for row in tails if row[-1] > mp.mpf(10) ** -300])
    quantiles = [(df, alpha, t_quantile(alpha, df)) for df in numbers(T_DF) for alpha in numbers(ALPHA)]
    write("t_quantile.csv", ["df", "alpha", "quantile"], quantiles)
    places = [(df1, df2, f) for df1 in numbers(F_DF1) for df2 in numbers(F_DF2) for f in numbers(F)]
    tails = [(df1, df2, f, checked(f_upper(f, df1, df2), f, df1, df2)) for df1, df2, f in places]
    write("f_tail.csv", ["df1", "df2", "f", "upper_p"], [row for row in tails if row[-1] > mp.mpf(10) ** -300])


main()
