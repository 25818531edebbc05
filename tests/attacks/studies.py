"""Small countries drawn at random, with everything that has ever given somebody away.

Schools of very unequal size, a few who are not matched, skipped items, schools not given or named by nobody, constants,
numbers of 0 and 1, lone predictors, near-unanimous answers, a retrospective survey that a few skip.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analysis.responses import read_responses
from analysis.scales import Panel, panel
from analysis.study.folder import read_study
from support import study_folder, write_csv

CHOICES = [["gender", "f", "", "Woman", ""], ["gender", "m", "", "Man", ""],
           ["role", "class", "", "Class teacher", ""], ["role", "subject", "", "Subject teacher", ""],
           ["role", "special", "", "Special teacher", ""]]
BACKGROUND = [
    ["gender", "", "choice", "gender", "no", "yes", "Gender", ""],
    ["role", "", "choice", "role", "no", "", "Role", ""],
    ["mentor", "", "number", "", "no", "yes", "Has been a mentor (0 or 1)", ""],
    ["years", "", "number", "", "no", "", "Years as a teacher", ""],
    ["visited", "", "number", "", "no", "", "Visited another school (0 or 1)", ""],
    ["hours", "", "number", "", "no", "", "Hours of mentoring", ""],
]
AFTER_ONLY = ("visited", "hours")
RETROSPECTIVE = 3


def drawn_study(folder: Path, seed: int, minimum: int = 5) -> Panel:
    """The panel of a country drawn at random; the same for a seed whatever the minimum."""
    rng = np.random.default_rng(seed)
    points = int(rng.choice([4, 5]))
    scales = {f"s{number}": int(rng.integers(1, 6)) for number in range(rng.integers(1, 5))}
    likert = [(f"{scale}i{number}", scale, bool(rng.random() < 0.2)) for scale, size in scales.items()
              for number in range(size)]
    header = ["code", "school", *(item for item, *_ in likert), *(row[0] for row in BACKGROUND)]
    pre, post = _rows(rng, points, likert)
    exports = []
    waves = [("pre", pre), ("post", post)]
    if seed % RETROSPECTIVE == 0:
        waves.append(("then", _recalled(np.random.default_rng([seed, 1]), points, post, len(likert))))
    for wave, rows in waves:
        kept = [place for place, name in enumerate(header) if wave == "post" or name not in AFTER_ONLY]
        write_csv(folder / "raw" / f"{wave}.csv",
                  [[header[place] for place in kept], *([row[place] for place in kept] for row in rows)])
        exports.append({"file": f"raw/{wave}.csv", "wave": wave})
    study = read_study(study_folder(
        folder, exports, settings=f'minimum_group = {minimum}\nsmallest_change_of_interest = 0.2\nschool_names = "show"',
        scales=[["scale", "label_en", "label_et", "instrument", "source"],
                *([scale, scale, "", "", ""] for scale in scales)],
        items=[["item", "scale", "kind", "answers", "reversed", "constant", "text_en", "text_et"],
               *([item, scale, "likert", "agree", "yes" if back else "no", "", f"Item {item}", ""]
                 for item, scale, back in likert), *BACKGROUND],
        answers=[["answers", "value", "code", "label_en", "label_et"],
                 *(["agree", str(value), "", f"Step {value}", ""] for value in range(1, points + 1)), *CHOICES]))
    return panel(study, read_responses(study), "EE")


def _rows(rng: np.random.Generator, points: int, likert: list[tuple[str, str, bool]]) -> tuple[list[list], list[list]]:
    """Rows of both surveys: code, school, the likert items, the background."""
    schools = int(rng.integers(2, 9))
    teachers = int(rng.integers(6, 61))
    sizes = rng.multinomial(teachers, rng.dirichlet(np.full(schools, 0.8)))
    alone = rng.choice([0.0, 0.03, 0.1, 0.3], 2)
    skipped = rng.choice([0.0, 0.0, 0.02, 0.08])
    no_school = rng.choice([0.0, 0.04, 1.0], p=[0.75, 0.15, 0.1])
    lone, noise = rng.random() < 0.3, rng.choice([0.2, 0.6, 1.0])
    level, rise = rng.uniform(1.5, points), rng.normal(0.2, 0.4)
    pre, post = [], []
    for number, size in enumerate(sizes):
        shift = rng.normal(0, 0.3)
        for teacher in range(size):
            only = rng.choice(3, p=[1 - min(alone.sum(), 0.9), *(alone / max(1, alone.sum() / 0.9))])
            own = level + shift + rng.normal(0, 0.5)
            code = f"{chr(97 + number)}{teacher:03d}zx"
            school = "" if rng.random() < no_school else chr(65 + number)
            about = [rng.choice(["f", "m"], p=[0.85, 0.15]), rng.choice(["class", "subject", "special"], p=[0.5, 0.4, 0.1]),
                     int(rng.random() < 0.15), int(rng.integers(1, 40))]
            after = [int(rng.random() < 0.1), 0 if lone else int(rng.integers(0, 30))]
            for wave, rows in ((0, pre), (1, post)):
                if only == 2 - wave:
                    continue
                answers = np.clip(np.round(own + rise * wave + rng.normal(0, noise, len(likert))), 1, points).astype(int)
                given = ["" if rng.random() < skipped else int(points + 1 - answer if back else answer)
                         for answer, (*_, back) in zip(answers, likert, strict=True)]
                rows.append([code, school, *given, *("" if rng.random() < skipped else cell for cell in about), *after])
    if lone and post:
        post[int(rng.integers(len(post)))][-1] = int(rng.integers(5, 60))
    return pre, post


def _recalled(rng: np.random.Generator, points: int, post: list[list], likert: int) -> list[list]:
    """Rows of a retrospective survey, by most of those who answered at follow-up."""
    silent = rng.choice([0.0, 0.03, 0.1, 0.3])
    return [[*row[:2], *rng.integers(1, points + 1, likert).tolist(), *row[2 + likert:]]
            for row in post if rng.random() >= silent]
