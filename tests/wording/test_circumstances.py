"""Sentences on what goes with the change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.questions.association import ASSOCIATION_COLUMNS
from analysis.wording.circumstances import association_sentences


def test_a_later_survey_without_questions_of_its_own_is_not_said_to_have_too_few_teachers():
    empty = pd.DataFrame(columns=ASSOCIATION_COLUMNS)
    unknown = pd.DataFrame([dict.fromkeys(ASSOCIATION_COLUMNS, np.nan)])
    assert association_sentences(empty, {}) == [
        "The later survey asked nothing of its own that a change could be compared with."]
    assert association_sentences(unknown, {}) == ["Too few linked teachers for an association."]
