"""Agreement of raters, held against psych::ICC (tests/reference/raters.R)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.notes import note
from analysis.statistics.raters import rater_agreement

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference" / "raters.csv").set_index("set")
SETS = {
    "shrout_fleiss": [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    "two_raters": [[2, 2], [3, 3], [1, 2], [4, 3], [2, 2], [5, 4]],
    "disagreeing": [[1, 4], [3, 2], [5, 1], [2, 2], [1, 5]],
}


def agreement(table):
    table = np.array(table, float)
    return rater_agreement(table.ravel(), np.repeat(np.arange(len(table)), table.shape[1]))


@pytest.mark.parametrize("name", SETS)
def test_agreement_and_its_interval_are_those_of_psych(name):
    found, expected = agreement(SETS[name]), REFERENCE.loc[name]
    assert [found.estimate, found.low, found.high] == pytest.approx(expected.tolist(), abs=1e-9)


def test_a_subject_with_one_rating_says_nothing_of_agreement():
    alone = [*SETS["two_raters"], [5, np.nan]]
    assert agreement(alone) == agreement(SETS["two_raters"])


def test_raters_who_always_agree_leave_no_interval():
    found = agreement([[1, 1], [3, 3], [4, 4]])
    assert found.estimate == 1 and np.isnan([found.low, found.high]).all()


def test_without_two_raters_of_two_subjects_there_is_no_agreement():
    assert agreement([[1, 2]]).note == agreement([[1], [2], [3]]).note == (note("several_raters"),)
