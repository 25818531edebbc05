"""Tiny studies read, matched and scored, for tests of panels and of the sections' results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis import sections
from analysis.language import Language
from analysis.responses import read_responses
from analysis.scales import Panel, panel
from analysis.sections.results import Results, of_country
from analysis.study.folder import read_study
from support import study_folder, write_csv

HEADER = ["code", "school", "p1", "p2", "p3", "l1"]
SCHOOLS = {"A": (9, 5, 3), "B": (7, 2, 6), "C": (12, 4, 1), "D": (6, 1, 1)}


def tiny_panel(folder: Path, pre, post=None, *, header=HEADER, post_header=None, **study) -> Panel:
    """The panel of Estonia from rows below `header`; without `post` the study has one export.

    `study` goes to `support.study_folder`.
    """
    exports = [{"file": "raw/pre.csv", "wave": "pre"}]
    write_csv(folder / "raw" / "pre.csv", [header, *pre])
    if post is not None:
        exports.append({"file": "raw/post.csv", "wave": "post"})
        write_csv(folder / "raw" / "post.csv", [post_header or header, *post])
    read = read_study(study_folder(folder, exports, **study))
    return panel(read, read_responses(read), "EE")


def tiny_results(folder: Path, *sections, language: str = "en", **rows) -> Results:
    """The results of these sections on a tiny study, protected; `rows` go to `tiny_panel`."""
    return of_country(tiny_panel(folder, **rows), sections, Language(language))


def country_results(folder: Path, pre, post=None, **study) -> Results:
    """What a country's sections compute from `tiny_panel`, protected by its study's own policy."""
    return results_of(tiny_panel(folder, pre, post, **study))


def results_of(of: Panel, language: str = "en") -> Results:
    """What a country's sections compute from a panel."""
    return of_country(of, sections.COUNTRY, Language(language))


def random_rows(
    seed: int, schools: dict[str, tuple[int, int, int]], missing: float = 0.0
) -> tuple[list[list], list[list]]:
    """Rows of both waves: `schools` gives how many are linked, only before and only after in each school."""
    rng = np.random.default_rng(seed)
    pre, post = [], []
    for number, (school, (linked, before, after)) in enumerate(schools.items()):
        for teacher in range(linked + before + after):
            level = rng.normal(3, 0.8)
            waves = [pre, post] if teacher < linked else [pre] if teacher < linked + before else [post]
            for wave in waves:
                drawn = np.clip(np.round(level + rng.normal(0.3 * (wave is post), 0.8, 4)), 1, 5).astype(int)
                answers = ["" if rng.random() < missing else int(answer) for answer in drawn]
                answers[1] = answers[1] and 6 - answers[1]
                wave.append([f"{chr(97 + number)}{teacher:03d}x", school, *answers])
    return pre, post


def made(folder, schools=SCHOOLS, seed=1, missing=0.0, edit=None, **study):
    """Results on random answers and their rows as one frame: code, school, wave, l1 and pedagogy's score."""
    pre, post = random_rows(seed, schools, missing)
    if edit:
        edit(pre, post)
    results = country_results(folder, pre, post, **study)
    rows = pd.DataFrame(
        [[*row, wave] for wave, given in (("pre", pre), ("post", post)) for row in given],
        columns=[*HEADER, "wave"],
    ).replace("", np.nan)
    rows["p2"] = 6 - rows["p2"].astype(float)
    rows["pedagogy"] = rows[["p1", "p2", "p3"]].astype(float).mean(axis=1)
    rows["leadership"] = rows["l1"].astype(float)
    return results, rows
