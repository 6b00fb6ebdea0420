"""
Figures of statsmodels and scipy that ours are held against: `python3 test/compare/statistics/reference.py` writes
`reference.json` beside itself. On Debian: `apt-get install python3-statsmodels`, then `/usr/bin/python3`.
"""

import json
import random
from itertools import product
from pathlib import Path

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportion_confint,
    proportions_chisquare,
    samplesize_proportions_2indep_onetail,
)

ALPHAS = [0.05, 0.01, 0.001]
COUNTS = [(0, 7), (1, 12), (3, 41), (27, 100), (50, 100), (199, 200), (431, 1003), (10, 10), (12, 24000)]


def wilson():
    for (count, n), alpha in product(COUNTS, ALPHAS):
        low, high = proportion_confint(count, n, alpha=alpha, method="wilson")
        yield {"count": count, "n": n, "alpha": alpha, "low": low, "high": high}


def differences():
    pairs = [((27, 100), (50, 100)), ((3, 41), (12, 55)), ((1, 12), (3, 41)), ((431, 1003), (27, 100)),
             ((5, 500), (90, 4500)), ((199, 200), (190, 200)), ((1, 10), (9, 10))]
    for ((a, m), (b, n)), alpha in product(pairs, ALPHAS):
        given = {"a": [a, m], "b": [b, n], "alpha": alpha}
        # Wald's limits are another method: they stand beside for what is said of them.
        for method in ["newcomb", "wald"]:
            low, high = confint_proportions_2indep(a, m, b, n, compare="diff", method=method, alpha=alpha)
            given[method] = {"low": low, "high": high}
        yield given


def power():
    for (rate, effect), ratio, n, alpha in product([(0.3, 0.1), (0.05, 0.03), (0.5, -0.1)], [1, 0.25, 3],
                                                   [80, 400], [0.05, 0.01]):
        # One side only, as planning counts it: a difference in the wrong direction is not found.
        found = power_proportions_2indep(abs(effect), rate if effect > 0 else 1 - rate, n, ratio=ratio, alpha=alpha / 2,
                                         alternative="larger", return_results=False)
        yield {"rate": rate, "effect": effect, "armUnits": n, "baselineUnits": n * ratio, "alpha": alpha,
               "power": float(found)}


def sizes():
    for (rate, effect), power_wanted in product([(0.3, 0.1), (0.05, 0.03), (0.5, 0.02)], [0.8, 0.9]):
        n = samplesize_proportions_2indep_onetail(effect, rate, power_wanted, ratio=1, alpha=0.05,
                                                  alternative="two-sided")
        yield {"rate": rate, "effect": effect, "power": power_wanted, "alpha": 0.05, "unitsOfArm": float(n)}


def sample_ratios():
    for units, shares in [([520, 480], [1, 1]), ([1000, 850], [1, 1]), ([905, 95], [9, 1]), ([33, 41, 26], [1, 1, 1]),
                          ([3000, 2000, 990], [3, 2, 1]), ([5000, 6000], [1, 1])]:
        expected = np.array(shares) / sum(shares) * sum(units)
        statistic, p = stats.chisquare(units, expected)
        yield {"units": units, "shares": shares, "chiSquare": statistic, "p": p}


def kinds():
    for counts, sizes in [([31, 12], [400, 380]), ([90, 141], [1000, 1000]), ([15, 25, 40], [300, 310, 500])]:
        statistic, p, _ = proportions_chisquare(counts, sizes)
        yield {"counts": counts, "sizes": sizes, "p": p}


def ranks():
    for a, b in [([1] * 90 + [2] * 10, [1] * 70 + [2] * 30), ([1] * 50 + [2] * 9 + [7], [1] * 40 + [3] * 3)]:
        yield {"a": a, "b": b, "p": stats.kruskal(a, b).pvalue}


def clusters(draw, persons, least, most):
    """Persons of an arm with several answers each, some of them alike."""
    rows = []
    for arm, rate in [(0, 0.3), (1, 0.45)]:
        for person in range(persons):
            habit = draw.random()
            for _ in range(draw.randint(least, most)):
                chance = habit if draw.random() < 0.5 else draw.random()
                rows.append((arm, arm * persons + person, int(chance < rate)))
    return np.array(rows)


def clustered():
    """
    Least squares of the answer on the arm. The sandwich adds up the squared sums of persons as they are; Mancl and
    DeRouen's divides each person's sum by 1 - h, h the person's share of the arm's rows, before it is squared. Ours, Bell
    and McCaffrey's, divides the square by 1 - h.
    """
    draw = random.Random(20)
    for persons, least, most in [(12, 4, 4), (60, 3, 3), (12, 1, 3), (40, 1, 8), (150, 1, 2)]:
        rows = clusters(draw, persons, least, most)
        arm, person, yes = rows.T
        fitted = sm.OLS(yes, sm.add_constant(arm)).fit()
        robust = fitted.get_robustcov_results(cov_type="cluster", groups=person, use_correction=False)
        gee = sm.GEE(yes, sm.add_constant(arm), groups=person, family=sm.families.Gaussian(),
                     cov_struct=sm.cov_struct.Independence()).fit(cov_type="bias_reduced")
        yield {
            "ordersOfPerson": [least, most],
            "arm": arm.tolist(), "person": person.tolist(), "yes": yes.tolist(),
            "effect": float(robust.params[1]),
            "sandwich": [float(each) for each in robust.bse],
            "manclDeRouen": [float(each) for each in gee.bse],
        }


def superiorities():
    draw = random.Random(21)
    for m, n, ties in [(30, 40, False), (120, 55, True), (300, 300, True)]:
        a = [draw.expovariate(1 / 70) for _ in range(m)]
        b = [draw.expovariate(1 / 60) for _ in range(n)]
        if ties:
            a, b = [float(round(x / 20)) for x in a], [float(round(x / 20)) for x in b]
        found = rank_compare_2indep(np.array(a), np.array(b))
        yield {"a": a, "b": b, "value": float(found.prob1), "standardError": float(np.sqrt(found.var_prob))}


def medians():
    """Quantiles of type 7, and ranks of the sign test."""
    draw = random.Random(22)
    for n in [11, 40, 333]:
        values = [draw.expovariate(1 / 70) for _ in range(n)]
        yield {"values": values, "median": float(np.median(values)),
               "quartiles": [float(q) for q in np.quantile(values, [0.25, 0.75])]}


def quantiles():
    for p in [1e-9, 1e-4, 0.001, 0.025, 0.3, 0.5, 0.9, 0.999]:
        yield {"p": p, "normal": stats.norm.ppf(p)}


def written(value):
    if isinstance(value, dict):
        return {key: written(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(each) for each in value]
    return float(value) if isinstance(value, np.floating) else value


def lines(rows):
    """One row a line, so that a change can be read."""
    return "[\n" + ",\n".join(f"    {json.dumps(written(row))}" for row in rows) + "\n  ]"


by = {"statsmodels": statsmodels.__version__, "scipy": scipy.__version__}
tables = [wilson, differences, power, sizes, sample_ratios, kinds, ranks, clustered, superiorities, medians, quantiles]
groups = [f'  "by": {json.dumps(by)}', *(f'  "{rows.__name__}": {lines(rows())}' for rows in tables)]
Path(__file__).with_name("reference.json").write_text("{\n" + ",\n".join(groups) + "\n}\n")
