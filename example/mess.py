"""What goes wrong between a teacher and an export: codes, school names, double and test submissions.

Everything here changes how an answer sheet is identified, never what a scale's true score is.
"""

import unicodedata

import numpy as np
import pandas as pd

from example.codes import comparable, slip_is_possible, true_codes, written
from example.parameters import CHANGE_SCALES
from example.population import Population, break_off
from example.questionnaire import questionnaire

SLIP_RATES = {
    "missing": 0.04, "mistyped": 0.06, "different": 0.04,
    "case": 0.05, "space": 0.03, "look_alike": 0.04, "decomposed": 0.06,
}  # fmt: skip
MISSING_CODE_RATE_PRE = 0.02
OTHER_SPELLING_RATE = 0.12
DECOMPOSED_SCHOOL_RATE = 0.04
WINDOWS_1257 = ("LT", "pre")
SIDE_BY_SIDE = "NO"
FIELD_WORK = {"pre": "2022-10-03", "post": "2023-05-08"}

# (country, wave): how many double submissions of each kind.
DOUBLES = {
    ("EE", "pre"): {"identical": 2, "later_complete": 1, "changed_mind": 1, "undecidable": 1},
    ("EE", "post"): {"identical": 1, "later_complete": 1},
    ("FI", "pre"): {"identical": 1},
    ("FI", "post"): {"later_complete": 1},
    ("GE", "pre"): {"identical": 1, "changed_mind": 1},
    ("GE", "post"): {"identical": 1, "later_complete": 1},
    ("LT", "pre"): {"identical": 2, "undecidable": 1},
    ("LT", "post"): {"identical": 1, "changed_mind": 1},
}
EMPTY_SCHOOLS = {("EE", "post"): 1, ("GE", "pre"): 1, ("LT", "pre"): 1, ("LT", "post"): 1}
TEST_ROWS = {("EE", "pre"): "TEST", ("FI", "pre"): "testi", ("LT", "post"): "test"}
CHANGED_ANSWERS = 6
MINUTES_BETWEEN = {"identical": 1, "later_complete": 25, "changed_mind": 1500, "undecidable": 0}
AMBIGUOUS_IN = ("EE", "LT")
MISSING_CODES_SIDE_BY_SIDE = 2


def answer_sheets(population: Population, rng: np.random.Generator) -> pd.DataFrame:
    """One row per submission, as it reaches the survey tools, in the order of submission.

    Beside the items: country, language, wave, teacher ("" in a test row), true_code, code (as written),
    slip, school (canonical, "" if not given), school_written, submitted (NaT if not recorded), time (true
    time of submission) and double (kind of double submission, "" if none; both rows carry it).
    """
    teachers = population.teachers.copy()
    teachers["true_code"] = true_codes(teachers, rng)
    siblings = _make_ambiguous_pairs(teachers)
    waves = []
    for wave, answers in (("pre", population.pre), ("post", population.post)):
        about = ["teacher", "country", "group", "language", "school", "true_code"]
        sheet = teachers[about].merge(answers, on="teacher", validate="one_to_one")
        sheet.insert(0, "wave", wave)
        sheet["time"] = times(len(sheet), FIELD_WORK[wave], rng)
        waves.append(sheet)
    sheets = pd.concat(waves, ignore_index=True)
    for teacher, subject in siblings["subject"].items():
        sheets.loc[sheets["teacher"] == teacher, "subject"] = subject
    _write_codes(sheets, siblings["dropped"], rng)
    sheets["double"] = ""
    sheets = _submit_twice(sheets, rng)
    _write_submission_times(sheets)
    _write_schools(sheets, rng)
    sheets = pd.concat([sheets, _test_rows(sheets)], ignore_index=True)
    return sheets.sort_values("time", kind="stable").reset_index(drop=True)


def _make_ambiguous_pairs(teachers: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Gives a pre-only teacher a code that differs from a colleague's in the last digit, in place.

    The colleague will leave that digit out afterwards, so that either could be meant. Returns the
    shared subject by teacher (`subject`) and the shortened code by teacher (`dropped`).
    """
    subject, dropped = {}, {}
    for country in AMBIGUOUS_IN:
        here = teachers[teachers["country"] == country]
        here = here[here["pre"]]
        school = here.groupby("school")["post"].agg(lambda post: len(post) if 0 < post.sum() < len(post) else 0).idxmax()
        here = here[here["school"] == school]
        colleague, left = here[here["post"]].index[0], here[~here["post"]].index[0]
        code = teachers.at[colleague, "true_code"]
        others = {comparable(other) for other in here["true_code"]}
        endings = [digit for digit in "23456" if comparable(code[:-1] + digit) not in others]
        teachers.at[left, "true_code"] = code[:-1] + endings[0]
        subject[teachers.at[left, "teacher"]] = teachers.at[colleague, "subject"]
        dropped[teachers.at[colleague, "teacher"]] = code[:-1]
    return {"subject": subject, "dropped": dropped}


def times(n: int, first_day: str, rng: np.random.Generator) -> pd.DatetimeIndex:
    """Times of submission on the workdays of three weeks, which begin on a Monday."""
    workday = rng.choice([0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18], n)
    seconds = workday * 86400 + rng.integers(8 * 3600, 18 * 3600, n)
    return pd.Timestamp(first_day) + pd.to_timedelta(seconds, unit="s")


def _write_codes(sheets: pd.DataFrame, dropped: dict[str, str], rng: np.random.Generator) -> None:
    taken: dict[str, set[str]] = {}
    for school, code in zip(sheets["school"], sheets["true_code"], strict=True):
        taken.setdefault(school, set()).add(comparable(code))
    in_pre = set(sheets.loc[sheets["wave"] == "pre", "teacher"])
    both = in_pre & set(sheets.loc[sheets["wave"] == "post", "teacher"])
    # Side by side in one file there is one code for both waves.
    joined = sorted(both & set(sheets.loc[sheets["country"] == SIDE_BY_SIDE, "teacher"]))
    uncoded = set(rng.choice(joined, MISSING_CODES_SIDE_BY_SIDE, replace=False))
    codes, slips = [], []
    for row in sheets.itertuples():
        slip, draw = "", rng.random()
        if row.country == SIDE_BY_SIDE:
            slip = "missing" if row.teacher in uncoded else ""
        elif row.wave == "pre":
            slip = "missing" if draw < MISSING_CODE_RATE_PRE and row.teacher not in dropped else ""
        elif row.teacher in dropped:
            slip = "ambiguous"
        elif row.teacher in both:
            steps = np.cumsum(list(SLIP_RATES.values()))
            chosen = int(np.searchsorted(steps, draw, side="right"))
            slip = list(SLIP_RATES)[chosen] if chosen < len(SLIP_RATES) else ""
            slip = slip if slip_is_possible(row.true_code, slip) else ""
        code = row.true_code
        if slip == "ambiguous":
            code = dropped[row.teacher]
        elif slip:
            code = written(code, slip, taken[row.school], rng)
        codes.append(code)
        slips.append(slip)
        taken[row.school].add(comparable(code))
    sheets["code"], sheets["slip"] = codes, slips


def _submit_twice(sheets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Adds double submissions: the given row stays as the later one, the earlier one is made from it."""
    form = questionnaire()
    items = [item for item in form.items if item in sheets and form.items[item]["kind"] != "text"]
    likert = [item for item in form.likert if item in sheets]
    before = [item for scale in CHANGE_SCALES for item in form.items_of(scale)]
    sheets = sheets.copy()
    extra = []
    for (country, wave), kinds in DOUBLES.items():
        here = sheets[(sheets["country"] == country) & (sheets["wave"] == wave) & (sheets["slip"] == "")]
        asked = [item for item in items if wave == "post" or here[item].notna().any()]
        substantive = (here[likert].isna() | (here[likert] > 0)).all(axis=1)
        complete = here[asked].notna().all(axis=1) & substantive
        candidates = here[complete & ~here["straight_line"]].index
        wanted = [kind for kind, n in kinds.items() for _ in range(n)]
        for index, kind in zip(rng.choice(candidates, len(wanted), replace=False), wanted, strict=True):
            sheets.at[index, "double"] = kind
            earlier = sheets.loc[[index]].reset_index(drop=True)
            earlier["time"] -= pd.Timedelta(minutes=MINUTES_BETWEEN[kind], seconds=int(rng.integers(5, 40)))
            if kind == "undecidable":
                earlier["time"] = sheets.at[index, "time"].floor("min")
            if kind == "later_complete":
                break_off(earlier, 0, 3)
            if kind in ("changed_mind", "undecidable"):
                for item in rng.choice(before, CHANGED_ANSWERS, replace=False):
                    answer = earlier.at[0, item]
                    earlier.at[0, item] = answer - 1 if answer > 1 else answer + 1
            extra.append(earlier)
    return pd.concat([sheets, *extra], ignore_index=True)


def _write_submission_times(sheets: pd.DataFrame) -> None:
    """The recorded time: to the minute in Lithuania, lost for the first of two in Estonia."""
    minutes = sheets["time"].dt.floor("min")
    sheets["submitted"] = sheets["time"].mask(sheets["country"] == "LT", minutes)
    lost = (sheets["country"] == "EE") & (sheets["double"] == "undecidable")
    first = sheets[lost].sort_values("time").drop_duplicates(["teacher", "wave"]).index
    sheets.loc[first, "submitted"] = pd.NaT


def _write_schools(sheets: pd.DataFrame, rng: np.random.Generator) -> None:
    form = questionnaire()
    draws, picks = rng.random(len(sheets)), rng.random(len(sheets))
    about = sheets[["country", "wave", "school", "teacher"]].itertuples(index=False, name=None)
    joined: dict[str, str] = {}
    names = []
    for (country, wave, school, teacher), draw, pick in zip(about, draws, picks, strict=True):
        others, name = form.spellings(country, school), school
        if draw < OTHER_SPELLING_RATE:
            name = others[int(pick * len(others))]
        elif draw < OTHER_SPELLING_RATE + DECOMPOSED_SCHOOL_RATE and (country, wave) != WINDOWS_1257:
            name = unicodedata.normalize("NFD", name)
        if country == SIDE_BY_SIDE:
            name = joined.setdefault(teacher, name)
        names.append(name)
    sheets["school_written"] = names
    _use_every_spelling(sheets)
    for (country, wave), n in EMPTY_SCHOOLS.items():
        here = (sheets["country"] == country) & (sheets["wave"] == wave)
        plain = (sheets[["slip", "double"]] == "").all(axis=1)
        canonical = sheets["school_written"] == sheets["school"]
        empty = rng.choice(sheets.index[here & plain & canonical], n, replace=False)
        sheets.loc[empty, ["school", "school_written"]] = ""


def _use_every_spelling(sheets: pd.DataFrame) -> None:
    """Lets one teacher write each spelling of study.toml that nobody wrote so far, in place."""
    form = questionnaire()
    for (country, school), rows in sheets.groupby(["country", "school"]):
        plain = list(dict.fromkeys(rows.loc[rows["school_written"] == school, "teacher"]))
        for spelling in form.spellings(country, school):
            if spelling not in set(rows["school_written"]):
                mine = (sheets["teacher"] == plain.pop(0)) & (sheets["country"] == country)
                sheets.loc[mine, "school_written"] = spelling


def _test_rows(sheets: pd.DataFrame) -> pd.DataFrame:
    """Rows that somebody who tried the form left behind: a code, no answers."""
    rows = []
    for (country, wave), code in TEST_ROWS.items():
        here = sheets[(sheets["country"] == country) & (sheets["wave"] == wave)]
        language = here["language"].iloc[0]
        rows.append({
            "country": country, "wave": wave, "language": language, "teacher": "", "school": "",
            "school_written": "", "true_code": "", "code": code, "slip": "", "double": "",
            "time": pd.Timestamp(FIELD_WORK[wave]) + pd.Timedelta(hours=7),
            "submitted": pd.Timestamp(FIELD_WORK[wave]) + pd.Timedelta(hours=7),
        })  # fmt: skip
    return pd.DataFrame(rows)
