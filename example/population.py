"""The population of the example: schools, teachers and their answers, drawn from known parameters.

The latent score of teacher i in school j on a scale is

    before:  mean + school_j + teacher_i + occasion
    after:   mean + school_j + teacher_i + occasion' + change + school_change_j + slope * appropriation_i

with independent normal terms. An item's answer is `mean + shift + loading * (score - mean) + noise`,
rounded to the nearest whole number and cut to 1..5; reversed items are written as 6 minus that.
Whether somebody answers depends on the school and on the years of teaching, never on a score.
"""

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
import pandas as pd

from example import parameters as p
from example.questionnaire import questionnaire

DONT_KNOW = -1.0
NOT_APPLICABLE = -2.0


@dataclass(frozen=True)
class Population:
    """`teachers`: one row per teacher; `pre` and `post`: their answers, one row per teacher who answered.

    A teacher's true scores hang on `group` (of `parameters`), `appropriation` (standardised) and `school_change` (of
    pedagogy, beyond the group's mean).

    Likert answers are raw codes (reversed items are not turned), nan where skipped, and
    `DONT_KNOW` or `NOT_APPLICABLE`.
    """

    teachers: pd.DataFrame
    pre: pd.DataFrame
    post: pd.DataFrame


@cache
def expected_change(group: str, scale: str, more: float = 0.0) -> float:
    """The expected change of a scale's score (mean of items, reversed items turned), in scale points.

    `more` is added to the group's change of the latent score.

    Closed form: an item's latent answer is normal, so the mean of its rounded and cut answer is
    `1 + sum over t in (1.5, 2.5, 3.5, 4.5) of P(latent > t)`. Straight-liners score the same on
    average in both waves, so they shrink the change by their share.
    """
    index = p.CHANGE_SCALES.index(scale)
    mean, change = p.MEAN_PRE[group][index], p.CHANGE[group][index] + more
    after = expected_answers(scale, mean, p.latent_variance(scale, True), change)
    before = expected_answers(scale, mean, p.latent_variance(scale, False))
    return (1 - p.STRAIGHT_LINE_RATE) * (sum(after) - sum(before)) / len(after)


def expected_answers(scale: str, mean: float, variance: float, change: float = 0.0) -> list[float]:
    """The expected answer to each item of a scale, reversed items turned, of those who do not straight-line."""
    items = p.item_shifts_and_loadings(len(questionnaire().items_of(scale)))
    return [mean_answer(mean + shift + loading * change, (loading**2 * variance + p.ITEM_NOISE_SD**2) ** 0.5)
            for shift, loading in items]


def mean_answer(mean: float, sd: float) -> float:
    """The expected value of a normal answer that is rounded and cut to 1..5."""
    normal = NormalDist(mean, sd)
    return 1 + sum(1 - normal.cdf(threshold) for threshold in (1.5, 2.5, 3.5, 4.5))


def draw_population(
    rng: np.random.Generator, schools: list[dict] | None = None, response: tuple[float, float, float] = p.RESPONSE
) -> Population:
    """Draws the schools' and teachers' true scores, and the answers of those who answered.

    `schools` are rows as in schools.csv, those of the first iteration if not given; `response` are the chances to
    answer before, after if before, and after only.
    """
    form = questionnaire()
    schools = pd.DataFrame(form.schools_of(1) if schools is None else schools)
    sizes = schools["teachers"].astype(int).to_numpy()
    of_school = np.repeat(np.arange(len(schools)), sizes)
    teachers = schools[["country", "group", "school", "language"]].iloc[of_school].reset_index(drop=True)
    n = len(teachers)
    teachers.insert(0, "teacher", [f"T{number:03d}" for number in range(1, n + 1)])
    teachers["subject"] = rng.choice(form.values("subject"), n, p=(0.26, 0.24, 0.14, 0.12, 0.20, 0.04))
    teachers["role"] = rng.choice(form.values("role"), n, p=(0.82, 0.14, 0.04))
    teachers["years"] = np.minimum(rng.gamma(2.2, 7.5, n).round(), 45.0)
    appropriation = rng.standard_normal(n)
    _draw_participation(teachers, of_school, response, rng)

    teachers["appropriation"] = appropriation
    before, after = _latent_scores(teachers, of_school, appropriation, rng)
    waves = {}
    for wave, score in (("pre", before), ("post", after)):
        answers = {"teacher": teachers["teacher"].to_numpy()}
        for index, scale in enumerate(p.CHANGE_SCALES):
            mean = np.array([p.MEAN_PRE[group][index] for group in teachers["group"]])
            answers |= item_answers(scale, mean, score[:, index] - mean, rng)
        if wave == "post":
            for scale in p.POST_ONLY_SCALES:
                own = rng.normal(0, p.POST_ONLY_OWN_SD, n)
                deviation = p.APPROPRIATION_LOADING * appropriation + own
                answers |= item_answers(scale, np.full(n, p.MEAN_POST_ONLY[scale]), deviation, rng)
        frame = pd.DataFrame(answers)
        _draw_straight_lines(frame, rng)
        _draw_background(frame, teachers, wave, rng)
        _draw_missing_answers(frame, rng)
        waves[wave] = frame[teachers[wave].to_numpy()].reset_index(drop=True)
    return Population(teachers, waves["pre"], waves["post"])


def _draw_participation(
    teachers: pd.DataFrame, of_school: np.ndarray, response: tuple[float, float, float], rng: np.random.Generator
) -> None:
    n = len(teachers)
    before, after_before, after_only = response
    logit = np.log(after_before / (1 - after_before))
    logit = logit + rng.normal(0, p.SCHOOL_RESPONSE_SD, of_school.max() + 1)[of_school]
    logit = logit + p.LEAVING_PER_DECADE * (teachers["years"].to_numpy() - 15) / 10
    teachers["pre"] = rng.random(n) < before
    stays = rng.random(n) < 1 / (1 + np.exp(-logit))
    teachers["post"] = np.where(teachers["pre"], stays, rng.random(n) < after_only)


def _latent_scores(
    teachers: pd.DataFrame, of_school: np.ndarray, appropriation: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Latent scores before and after, each (teachers, scales); notes `school_change` in `teachers`."""
    n, n_schools, n_scales = len(teachers), of_school.max() + 1, len(p.CHANGE_SCALES)
    mean = np.array([p.MEAN_PRE[group] for group in teachers["group"]])
    change = np.array([p.CHANGE[group] for group in teachers["group"]])
    school_change_sd = np.sqrt([p.SCHOOL_CHANGE_VARIANCE[scale] for scale in p.CHANGE_SCALES])
    slope = np.array([p.CHANGE_PER_APPROPRIATION.get(scale, 0.0) for scale in p.CHANGE_SCALES])
    school = _shared_normal(n_schools, n_scales, rng) * p.SCHOOL_VARIANCE**0.5
    school_change = _shared_normal(n_schools, n_scales, rng) * school_change_sd
    teachers["school_change"] = school_change[of_school, p.CHANGE_SCALES.index("pedagogy")]
    teacher = _shared_normal(n, n_scales, rng) * p.TEACHER_VARIANCE**0.5
    occasion = rng.normal(0, p.OCCASION_VARIANCE**0.5, (2, n, n_scales))
    lasting = mean + school[of_school] + teacher
    after = lasting + occasion[1] + change + school_change[of_school] + slope * appropriation[:, None]
    return lasting + occasion[0], after


def _shared_normal(n: int, n_scales: int, rng: np.random.Generator) -> np.ndarray:
    """Standard normal terms (n, n_scales) that share a part between the scales."""
    common, own = rng.standard_normal((n, 1)), rng.standard_normal((n, n_scales))
    return p.SHARED_BETWEEN_SCALES**0.5 * common + (1 - p.SHARED_BETWEEN_SCALES) ** 0.5 * own


def item_answers(
    scale: str, mean: np.ndarray, deviation: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Raw answers to each item of a scale, from respondents' latent scores `mean + deviation`."""
    form = questionnaire()
    items = form.items_of(scale)
    answers = {}
    for item, (shift, loading) in zip(items, p.item_shifts_and_loadings(len(items)), strict=True):
        latent = mean + shift + loading * deviation + rng.normal(0, p.ITEM_NOISE_SD, len(mean))
        answer = np.clip(np.round(latent), 1, 5)
        answers[item] = 6 - answer if form.reversed(item) else answer
    return answers


def _draw_straight_lines(frame: pd.DataFrame, rng: np.random.Generator) -> None:
    """A few respondents tick the same answer throughout, reversed items included."""
    likert = [item for item in questionnaire().likert if item in frame]
    straight = rng.random(len(frame)) < p.STRAIGHT_LINE_RATE
    answer = rng.choice(
        list(p.STRAIGHT_LINE_ANSWERS), len(frame), p=list(p.STRAIGHT_LINE_ANSWERS.values())
    ).astype(float)
    frame.loc[straight, likert] = np.repeat(answer[straight, None], len(likert), axis=1)
    frame["straight_line"] = straight


def _draw_background(
    frame: pd.DataFrame, teachers: pd.DataFrame, wave: str, rng: np.random.Generator
) -> None:
    form, n = questionnaire(), len(frame)
    for item in ("subject", "role", "years"):
        frame[item] = teachers[item].to_numpy()
    tools = [value for value in form.values("tools") if value != "none"]
    likely = np.array((0.75, 0.7, 0.6, 0.45, 0.12)) + (0.05 if wave == "post" else 0.0)
    ticked = rng.random((n, len(tools))) < likely
    frame["tools"] = [
        ";".join(tool for tool, tick in zip(tools, row, strict=True) if tick) or "none" for row in ticked
    ]
    if wave == "post":
        frame["hours"] = np.clip((2 * rng.gamma(4, 2, n)).round() / 2, 0.5, 30)
        said = rng.random(n) < 0.35
        pick = rng.random(n)
        texts = [form.comments[language] for language in teachers["language"]]
        frame["comment"] = [
            text[int(x * len(text))] if s else None for text, s, x in zip(texts, said, pick, strict=True)
        ]


def _draw_missing_answers(frame: pd.DataFrame, rng: np.random.Generator) -> None:
    form, n = questionnaire(), len(frame)
    likert = [item for item in form.likert if item in frame]
    ordinary = ~frame["straight_line"].to_numpy()[:, None]
    draw = rng.random((n, len(likert)))
    values = frame[likert].to_numpy()
    limits = np.cumsum((p.SKIP_RATE, p.DONT_KNOW_RATE, p.NOT_APPLICABLE_RATE))
    values = np.where(ordinary & (draw < limits[2]), NOT_APPLICABLE, values)
    values = np.where(ordinary & (draw < limits[1]), DONT_KNOW, values)
    values = np.where(ordinary & (draw < limits[0]), np.nan, values)
    frame[likert] = values
    for item in ("subject", "role", "years", "tools", "hours"):
        if item in frame:
            skipped = rng.random(n) < p.SKIP_RATE
            frame[item] = frame[item].mask(skipped, np.nan if form.items[item]["kind"] == "number" else None)
    stops = np.flatnonzero(rng.random(n) < p.BREAK_OFF_RATE)
    for row, page in zip(stops, rng.integers(2, len(p.CHANGE_SCALES), len(stops)), strict=True):
        break_off(frame, row, page)
    frame["broken_off"] = np.isin(np.arange(n), stops)


def break_off(frame: pd.DataFrame, row: int, page: int) -> None:
    """Blanks what a respondent who stopped before the given page (scale) never saw, in place."""
    form = questionnaire()
    pages = [form.items_of(scale) for scale in form.scales]
    background = [item for item, entry in form.items.items() if not entry["scale"]]
    unseen = [item for items in pages[page:] for item in items] + background
    unseen = [item for item in unseen if item in frame]
    numeric = [item for item in unseen if form.items[item]["kind"] in ("likert", "number")]
    frame.loc[row, numeric] = np.nan
    frame.loc[row, [item for item in unseen if item not in numeric]] = None
