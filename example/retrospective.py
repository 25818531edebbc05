"""The retrospective ("then") survey: afterwards, Estonia's teachers say how they had taught before.

A short questionnaire of its own with the items of one scale. On each item a teacher puts the time before at, or one or
two steps below, the answer just given for the time after; true gains against it are therefore larger than against what
was said before, which is the response shift that such a survey is made to show.
"""

import numpy as np
import pandas as pd

from example.questionnaire import questionnaire

COUNTRY, SCALE = "EE", "pedagogy"
STEPS_LOWER = {0: 0.45, 1: 0.40, 2: 0.15}
"""How many steps lower the time before is put, with which probability."""
MINUTES_LATER = 3


def retrospective_sheets(sheets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One submission for each of the country's final submissions after the mentoring, in their order.

    Columns as in `sheets` (before they are placed); other questions are missing. Reversed items move the other way.
    """
    form = questionnaire()
    answered = sheets[(sheets["country"] == COUNTRY) & (sheets["wave"] == "post") & (sheets["teacher"] != "")]
    then = answered.drop_duplicates("teacher", keep="last").reset_index(drop=True)
    items = form.items_of(SCALE)
    lower = rng.choice(list(STEPS_LOWER), (len(then), len(items)), p=list(STEPS_LOWER.values()))
    for item, steps in zip(items, lower.T, strict=True):
        given = then[item].astype(float)
        moved = np.clip(given + (steps if form.reversed(item) else -steps), 1, 5)
        then[item] = moved.where(given > 0, given)
    for item in form.items:
        if item in then and item not in items:
            then[item] = np.nan if form.items[item]["kind"] in ("likert", "number") else None
    later = pd.Timedelta(minutes=MINUTES_LATER)
    return then.assign(wave="then", double="", time=then["time"] + later, submitted=then["time"] + later)
