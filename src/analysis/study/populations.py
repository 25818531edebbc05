"""Who is asked, and when: the surveys of one iteration of the programme among one kind of respondents."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

WAVES = ("pre", "post")
THEN = "then"


@dataclass(frozen=True, order=True)
class Population:
    """One kind of respondents (teachers, leaders, mentors) in one iteration of the programme."""

    respondents: str = "teachers"
    iteration: int = 1

    def among(self, frame: pd.DataFrame) -> pd.Series:
        """Which rows of a frame with the columns `respondents` and `iteration` are theirs (bool)."""
        return (frame["respondents"] == self.respondents) & (frame["iteration"] == self.iteration)


TEACHERS = Population()


def are_teachers(frame: pd.DataFrame) -> pd.Series:
    """Which rows of a frame with the column `respondents` are teachers' (bool), of whatever iteration."""
    return frame["respondents"] == TEACHERS.respondents


def populations(frame: pd.DataFrame, respondents: str = TEACHERS.respondents) -> list[Population]:
    """The populations of one kind of respondents that a frame has answers of, by iteration."""
    return [Population(respondents, int(iteration))
            for iteration in sorted(frame.loc[frame["respondents"] == respondents, "iteration"].unique())]
