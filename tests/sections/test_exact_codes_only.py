"""The row of `sensitivity.csv` that undoes the matches of unequal codes, and when it repeats the main estimate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.scales import Panel
from analysis.statistics.mixed import mixed_change
from panels import results_of, tiny_panel

NUMBERS = ["estimate", "se", "df", "ci_low", "ci_high", "p"]
SIGNS = "bcdefghjkmnpqrstuvwxyz"


def rows_with_typing_errors(errors: int) -> tuple[list[list], list[list]]:
    """44 teachers of 4 schools with codes far apart; the first `errors` mistype theirs afterwards."""
    draw = np.random.default_rng(3)
    pre, post = [], []
    for teacher in range(44):
        code = SIGNS[teacher % 22] * 3 + SIGNS[(teacher * 5) % 22] * 3
        level = draw.integers(2, 5)
        for wave in (pre, post):
            answers = np.clip(level + draw.integers(-1, 2, 4), 1, 5).tolist()
            wave.append([code, f"School {teacher % 4}", *answers])
        if teacher < errors:
            post[-1][0] = f"{code}9"
    return pre, post


def table_of(folder, errors: int) -> tuple[pd.DataFrame, Panel]:
    made = tiny_panel(folder, *rows_with_typing_errors(errors))
    assert made.linked.counts["near"] == errors and made.linked.counts["exact"] == 44 - errors
    return results_of(made).precise("sensitivity").query("scale == 'leadership'").set_index("method"), made


def test_teachers_whose_codes_are_nearly_equal_count_as_two(tmp_path):
    table, made = table_of(tmp_path, 6)
    near = (made.respondents["kind"] == "near").to_numpy()
    pre, post = (made.scores[wave]["leadership"].to_numpy() for wave in ("pre", "post"))
    apart = mixed_change(
        np.r_[pre, np.full(6, np.nan)], np.r_[np.where(near, np.nan, post), post[near]],
        np.r_[made.cluster, made.cluster[near]])
    exact = table.loc["exact_codes_only"]
    assert exact[NUMBERS].tolist() == pytest.approx(
        [apart.estimate, apart.se, apart.df, apart.low, apart.high, apart.p], rel=1e-9)
    assert exact["estimate"] != pytest.approx(table.loc["mixed_cr2", "estimate"], rel=1e-9)
    assert exact["n"] == 50


@pytest.mark.parametrize("errors", [1, 4])
def test_a_few_nearly_equal_codes_repeat_the_main_estimate_and_say_so(tmp_path, errors):
    table, _ = table_of(tmp_path, errors)
    exact = table.loc["exact_codes_only"]
    assert exact[NUMBERS].tolist() == table.loc["mixed_cr2", NUMBERS].tolist() and "repeated" in exact["note"]
    assert table.loc["mixed_cr2", NUMBERS].notna().all() and exact["n"] == table.loc["mixed_cr2", "n"]
