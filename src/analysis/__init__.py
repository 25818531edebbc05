"""Change between baseline and follow-up surveys, with honest uncertainty.

    study = analysis.read_study("data/example")     study.toml and codebook, checked whole
    ee = study.panel("EE")                          one country: read, matched, scored, protected as in its report
    ee.change()                                     the main estimates, a row per scale
    ee.change(by="school"); ee.change(method="all"); ee.where("years >= 10").change()
    ee.tidy()                                       a row per respondent, wave and scale, for other packages
    ee.plot.change(); study.pooled(); study.plot.forest(); study.report("EE", to="docx")
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import StudyError

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # before numpy: its threads make small matrices several times slower

if TYPE_CHECKING:
    from analysis.api import OpenStudy

__all__ = ["StudyError", "read_study"]


def read_study(folder: str | Path = "data/example", language: str = "en") -> OpenStudy:
    """The study in a folder, its labels in `language`; raises `StudyError` with everything that is wrong in it."""
    from analysis.api import OpenStudy

    return OpenStudy(folder, language)
