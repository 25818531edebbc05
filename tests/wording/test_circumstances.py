"""Sentences on what goes with the change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.questions.association import ASSOCIATION_COLUMNS
from analysis.wording.circumstances import association_sentences, delta_sentences


def test_a_later_survey_without_questions_of_its_own_is_not_said_to_have_too_few_teachers():
    empty = pd.DataFrame(columns=ASSOCIATION_COLUMNS)
    unknown = pd.DataFrame([dict.fromkeys(ASSOCIATION_COLUMNS, np.nan)])
    assert association_sentences(empty, {}) == [
        "The later survey asked nothing of its own that a change could be compared with."]
    assert association_sentences(unknown, {}) == ["Too few linked teachers for an association."]


def test_the_deltas_for_no_change_are_told_only_where_they_exist():
    table = pd.DataFrame({"label": ["One", "Two", "Three"], "change": [0.2, 0.1, np.nan], "to_zero": [-0.6, -0.4, np.nan],
                          "interval_to_zero": [-0.15, np.nan, np.nan]})
    assert delta_sentences(table) == [
        "**One**: the change of +0.20 points would be zero at a delta of −0.60, and its interval would reach "
        "zero at −0.15.",
        "**Two**: the change of +0.10 points would be zero at a delta of −0.40; its interval includes zero already."]
