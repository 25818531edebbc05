"""Small countries drawn at random, with everything that has ever given somebody away.

Schools of very unequal size, a few who are not matched, skipped items, schools not given or named by nobody, constants,
numbers of 0 and 1, lone predictors, near-unanimous answers, a retrospective survey that a few skip. A drawn programme has
leaders, mentors, raters, a second iteration, perceived change and a file of context beside its teachers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analysis.responses import Responses, read_responses
from analysis.scales import Panel, panel
from analysis.study.folder import Study, read_study
from analysis.study.populations import Population, populations
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
USUAL, LARGER = (6, 61), (50, 200)


PROGRAMME_SCALES = [["felt", "felt", "", "", "", "", "s0"], ["model", "model", "", "", "", "mentors", ""],
                    ["levels", "levels", "", "", "", "raters", ""]]
PROGRAMME_ITEMS = [
    *([item, scale, "likert", "agree", "no", "", f"Item {item}", ""] for item, scale in (
        ("f1", "felt"), ("f2", "felt"), ("f3", "felt"), ("m1", "model"), ("m2", "model"), ("r1", "levels"),
        ("r2", "levels"))),
    ["course", "", "choice", "course", "no", "", "Kind of course", ""],
    ["sessions", "", "number", "", "no", "", "Sessions", ""]]
COURSES = ["blended", "online", "person"]


def drawn_study(folder: Path, seed: int, minimum: int = 5) -> Panel:
    """The panel of a country drawn at random; the same for a seed whatever the minimum."""
    study = _study(folder, seed, minimum)
    return panel(study, read_responses(study), "EE")


def drawn_programme(folder: Path, seed: int, minimum: int = 5) -> dict[Population, Panel]:
    """The panels of a larger country with a whole programme, by population, the teachers of iteration 1 among them."""
    study = _study(folder, seed, minimum, np.random.default_rng([seed, 2]))
    return panels(study, read_responses(study), "EE")


def panels(study: Study, responses: Responses, country: str) -> dict[Population, Panel]:
    """The panel of every population of a country."""
    here = responses.frame[responses.frame["country"] == country]
    found = [one for kind in here["respondents"].unique() for one in populations(here, kind)]
    return {one: panel(study, responses, country, one) for one in found}


def _study(folder: Path, seed: int, minimum: int, more: np.random.Generator | None = None) -> Study:
    """The study of a seed, with a programme where there is a generator to draw it from."""
    rng = np.random.default_rng(seed)
    points = int(rng.choice([4, 5]))
    scales = {f"s{number}": int(rng.integers(1, 6)) for number in range(rng.integers(1, 5))}
    likert = [(f"{scale}i{number}", scale, bool(rng.random() < 0.2)) for scale, size in scales.items()
              for number in range(size)]
    header = ["code", "school", *(item for item, *_ in likert), *(row[0] for row in BACKGROUND)]
    pre, post = _rows(rng, points, likert, LARGER if more else USUAL)
    exports = []
    waves = [("pre", pre), ("post", post)]
    if seed % RETROSPECTIVE == 0:
        waves.append(("then", _recalled(np.random.default_rng([seed, 1]), points, post, len(likert))))
    for wave, rows in waves:
        kept = [place for place, name in enumerate(header) if wave == "post" or name not in AFTER_ONLY]
        write_csv(folder / "raw" / f"{wave}.csv",
                  [[header[place] for place in kept], *([row[place] for place in kept] for row in rows)])
        exports.append({"file": f"raw/{wave}.csv", "wave": wave})
    exports += _programme(more, folder, points, likert, header, post) if more else []
    return read_study(study_folder(
        folder, exports, countries={"EE": f'name = "Estonia"\n{_parts(more) if more else ""}'},
        settings=f'minimum_group = {minimum}\nsmallest_change_of_interest = 0.2\nschool_names = "show"',
        scales=[["scale", "label_en", "label_et", "instrument", "source", "respondents", "perceived_change_of"],
                *([scale, scale, "", "", "", "teachers; leaders" if more and scale in ("s0", "s1") else "", ""]
                  for scale in scales), *(PROGRAMME_SCALES if more else [])],
        items=[["item", "scale", "kind", "answers", "reversed", "constant", "text_en", "text_et"],
               *([item, scale, "likert", "agree", "yes" if back else "no", "", f"Item {item}", ""]
                 for item, scale, back in likert), *BACKGROUND, *(PROGRAMME_ITEMS if more else [])],
        answers=[["answers", "value", "code", "label_en", "label_et"],
                 *(["agree", str(value), "", f"Step {value}", ""] for value in range(1, points + 1)), *CHOICES,
                 *(["course", value, "", value.title(), ""] for value in (COURSES if more else []))]))


def _parts(rng: np.random.Generator) -> str:
    """What study.toml declares of the schools."""
    return "\n".join(
        f'[countries.EE.schools."{chr(65 + number)}"]\nrole = "{rng.choice(["mentoring", "mentored"])}"\n'
        f'advanced = {str(bool(rng.random() < 0.4)).lower()}' for number in range(8))


def _programme(rng: np.random.Generator, folder: Path, points: int, likert: list[tuple[str, str, bool]], header: list[str],
               post: list[list]) -> list[dict]:
    """The exports of what is drawn beside the teachers' surveys; writes their files, and the follow-up anew."""
    exports = []

    def write(name: str, rows: list[list], **export) -> None:
        write_csv(folder / "raw" / f"{name}.csv", rows)
        exports.append({"file": f"raw/{name}.csv", **export})

    def answers(n: int) -> list:
        level = rng.uniform(1, points)
        given = np.clip(np.round(level + rng.normal(0, 0.7, n)), 1, points).astype(int)
        return [int(one) if rng.random() > 0.02 else "" for one in given]

    write_csv(folder / "raw" / "post.csv", [[*header, "f1", "f2", "f3"], *([*row, *answers(3)] for row in post)])
    own = [place for place, (_item, scale, _back) in enumerate(likert) if scale in ("s0", "s1")]
    items, schools = [likert[place][0] for place in own], sorted({row[1] for row in post if row[1]}) or ["A"]
    waves: list[list[list]] = [[], []]
    for number in range(rng.integers(8, 21)):
        school, only = rng.choice([*schools, ""]) if rng.random() < 0.05 else schools[number % len(schools)], rng.random()
        for wave, rows in enumerate(waves):
            if only > 0.2 or wave == (only > 0.1):
                rows.append([f"lead{number:02d}q", school, *answers(len(items))])
    for wave, rows in zip(("pre", "post"), waves, strict=True):
        write(f"leaders-{wave}", [["code", "school", *items], *rows], wave=wave, respondents="leaders")
    for wave, rows in zip(("pre", "post"), _rows(rng, points, likert, LARGER), strict=True):
        write(f"{wave}-2", [header[:2 + len(likert)], *(row[:2 + len(likert)] for row in rows)], wave=wave, iteration=2)
    write("mentors", [["code", "m1", "m2"], *([f"ment{at:02d}q", *answers(2)] for at in range(rng.integers(2, 16)))],
          wave="post", respondents="mentors")
    alike = rng.random() < 0.3
    for wave in ("pre", "post"):
        write(f"rubric-{wave}", [["code", "school", "r1", "r2"], *(
            [f"R{rater}", school, *([2 + (wave == "post")] * 2 if alike else answers(2))]
            for school in schools for rater in range(2))],
            wave=wave, respondents="raters")
    write("context", [["school", "course", "sessions"], *(
        [school, rng.choice(COURSES), int(rng.integers(2, 12))] for school in schools)], kind="context")
    return exports


def _rows(rng: np.random.Generator, points: int, likert: list[tuple[str, str, bool]],
          size: tuple[int, int]) -> tuple[list[list], list[list]]:
    """Rows of both surveys: code, school, the likert items, the background."""
    schools = int(rng.integers(2, 9))
    teachers = int(rng.integers(*size))
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
