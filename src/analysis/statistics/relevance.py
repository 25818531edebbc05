"""Whether a change matters, and how small a change the study could have seen."""

from __future__ import annotations

from math import isfinite, nan

from scipy.stats import t

from analysis.statistics.estimate import Estimate

RELEVANT = "relevant change"
TOO_SMALL = "change too small to matter"
EQUIVALENT = "equivalent"
INCONCLUSIVE = "inconclusive"


def verdict(estimate: Estimate, smallest_change: float | None) -> str:
    """What the interval of a change says about the smallest change of interest, in the estimate's points.

    "relevant change": the 95 % interval lies wholly beyond +d or -d. "change too small to matter": the 90 %
    interval lies inside ±d and the 95 % interval excludes 0. "equivalent": the 90 % interval lies inside and
    the 95 % interval includes 0. Otherwise "inconclusive". An empty text if there is no smallest change or
    the estimate has no standard error with degrees of freedom. Both intervals are t intervals from the
    estimate's own standard error and df. Raises ValueError if the smallest change is not positive.

    Source: Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics (two one-sided tests);
    Lakens (2017), Social Psychological and Personality Science.
    """
    d = _bound(smallest_change)
    if not (isfinite(d) and _has_interval(estimate)):
        return ""
    low, high = _interval(estimate, 0.95)
    if low > d or high < -d:
        return RELEVANT
    narrow_low, narrow_high = _interval(estimate, 0.90)
    if -d < narrow_low and narrow_high < d:
        return EQUIVALENT if low <= 0 <= high else TOO_SMALL
    return INCONCLUSIVE


def tost_p(estimate: Estimate, smallest_change: float | None) -> float:
    """p value of the equivalence test: the larger of two one-sided t tests against -d and +d.

    It is below .05 exactly if the 90 % interval lies inside ±d. nan where `verdict` is empty.
    Raises ValueError if the smallest change is not positive. Source: Schuirmann (1987).
    """
    d = _bound(smallest_change)
    if not (isfinite(d) and _has_interval(estimate)):
        return nan
    above_lower = t.sf((estimate.estimate + d) / estimate.se, estimate.df)
    below_upper = t.cdf((estimate.estimate - d) / estimate.se, estimate.df)
    return float(max(above_lower, below_upper))


def minimal_detectable_change(estimate: Estimate) -> float:
    """The true change that a study with this standard error finds with 80 % power at 5 %, two-sided.

    (t.975 + t.80) · SE with the estimate's df, in the estimate's points; nan without a standard error and df.
    It describes the design, not the result; power is by the shifted t distribution.
    Source: Bloom (1995), Evaluation Review.
    """
    if not _has_interval(estimate):
        return nan
    return float((t.ppf(0.975, estimate.df) + t.ppf(0.80, estimate.df)) * estimate.se)


def _bound(smallest_change: float | None) -> float:
    d = nan if smallest_change is None else float(smallest_change)
    if d <= 0:
        raise ValueError(f"A smallest change of interest is a positive number, not {smallest_change}.")
    return d


def _has_interval(estimate: Estimate) -> bool:
    return estimate.exists and isfinite(estimate.se) and estimate.se > 0 and estimate.df > 0


def _interval(estimate: Estimate, level: float) -> tuple[float, float]:
    reach = float(t.ppf(0.5 + level / 2, estimate.df)) * estimate.se
    return estimate.estimate - reach, estimate.estimate + reach
