"""What is true in the example: parameters, expected changes, and who is who."""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from example import parameters as p
from example.codes import comparable, one_edit_apart
from example.population import expected_answers, expected_change, mean_answer
from example.questionnaire import questionnaire
from example.retrospective import COUNTRY, SCALE, STEPS_LOWER


def true_values(sheets: pd.DataFrame, seed: int) -> dict:
    """The content of truth.json for placed answer sheets, as plain numbers, strings, lists and dicts."""
    later = (sheets["respondents"] == "teachers") & (sheets["iteration"] == 2)
    in_both = sheets[later & sheets["teacher"].isin(sheets.loc[sheets["iteration"] == 1, "teacher"])]
    sheets = sheets[(sheets["respondents"] == "teachers") & (sheets["iteration"] == 1) & (sheets["wave"] != "then")]
    answered = sheets[sheets["teacher"] != ""]
    final = answered.drop_duplicates(["teacher", "wave"], keep="last")
    pre = final[final["wave"] == "pre"].set_index("teacher")
    post = final[final["wave"] == "post"].set_index("teacher")
    links, strangers = _links(pre, post)
    return {
        "description": questionnaire().truth_description,
        "seed": seed,
        "parameters": _parameters(),
        "change": _changes(),
        "counts": _counts(answered, pre, post, links),
        "links": links,
        "strangers": strangers,
        "pre_only": _single(pre[~pre.index.isin(post.index)]),
        "post_only": _single(post[~post.index.isin(pre.index)]),
        "doubles": _doubles(answered),
        "test_rows": [
            {"file": row.file, "row": row.row, "code": row.code}
            for row in sheets[sheets["teacher"] == ""].itertuples()
        ],
        "leaders": _leaders(),
        "perceived": _perceived(),
        "mentors": _mentors(),
        "iteration_2": _second_iteration(),
        "in_both_iterations": [
            {"teacher": row.teacher, "school": row.school, "code": row.true_code}
            for row in in_both.drop_duplicates("teacher").sort_values("teacher").itertuples()
        ],
        "rubric": _rubric(),
        "dose": _dose(),
    }


def _parameters() -> dict:
    form = questionnaire()
    return {
        "school_variance": p.SCHOOL_VARIANCE,
        "teacher_variance": p.TEACHER_VARIANCE,
        "occasion_variance": p.OCCASION_VARIANCE,
        "item_noise_sd": p.ITEM_NOISE_SD,
        "shared_between_scales": p.SHARED_BETWEEN_SCALES,
        "school_change_variance": p.SCHOOL_CHANGE_VARIANCE,
        "change_per_sd_of_knowledge_appropriation": p.CHANGE_PER_APPROPRIATION,
        "change_per_hour_of_mentoring": 0.0,
        "straight_line_rate": p.STRAIGHT_LINE_RATE,
        "retrospective": {"country": COUNTRY, "scale": SCALE, "steps_lower_than_after": STEPS_LOWER},
        "items": [
            {"item": item, "scale": scale, "shift": round(shift, 6), "loading": round(loading, 6)}
            for scale in form.scales
            for items in [form.items_of(scale)]
            for item, (shift, loading) in zip(items, p.item_shifts_and_loadings(len(items)), strict=True)
        ],
    }


def _changes() -> list[dict]:
    return [{"country": country, **_change(country, scale)} for country in p.COUNTRIES for scale in p.CHANGE_SCALES]


def _change(group: str, scale: str) -> dict:
    index = p.CHANGE_SCALES.index(scale)
    return {
        "scale": scale,
        "mean_pre_latent": p.MEAN_PRE[group][index],
        "change_latent": p.CHANGE[group][index],
        "school_change_sd": round(p.SCHOOL_CHANGE_VARIANCE[scale] ** 0.5, 6),
        "change_score": round(expected_change(group, scale), 6),
    }


def _leaders() -> list[dict]:
    form = questionnaire()
    return [
        {"country": country, **_change(f"{country} leaders", scale), "gap_pre_score": round(_gap(country, scale), 6)}
        for country in p.LEADERS
        for scale in form.scales_of("leaders")
    ]


def _gap(country: str, scale: str) -> float:
    """How much higher leaders score than teachers before, straight-liners included."""
    leaders, teachers = (
        expected_answers(scale, p.MEAN_PRE[group][p.CHANGE_SCALES.index(scale)], p.latent_variance(scale, False))
        for group in (f"{country} leaders", country)
    )
    return (1 - p.STRAIGHT_LINE_RATE) * (sum(leaders) - sum(teachers)) / len(teachers)


def _perceived() -> list[dict]:
    straight = sum(answer * share for answer, share in p.STRAIGHT_LINE_ANSWERS.items())
    variance = p.PERCEIVED_SCHOOL_VARIANCE + p.PERCEIVED_TEACHER_VARIANCE
    return [
        {**_group(group), "item": item, "mean": round(mean + p.STRAIGHT_LINE_RATE * (straight - mean), 6)}
        for group, latent in p.PERCEIVED.items()
        for item, mean in zip(
            questionnaire().items_of("perceived"), expected_answers("perceived", latent, variance), strict=True
        )
    ]


def _group(group: str) -> dict:
    country, _, role = group.partition(" ")
    return {"country": country, "iteration": 2 if role else 1} | ({"role": role} if role else {})


def _mentors() -> list[dict]:
    form = questionnaire()
    return [
        {"item": item, "scale": scale, "mean": round(mean, 6)}
        for scale, latent in p.MENTORS_MEAN.items()
        for item, mean in zip(form.items_of(scale), expected_answers(scale, latent, p.MENTORS_SD**2), strict=True)
    ]


def _second_iteration() -> list[dict]:
    groups = dict.fromkeys(row["group"] for row in questionnaire().schools_of(2))
    return [{**_group(group), **_change(group, scale)} for group in groups for scale in p.CHANGE_SCALES]


def _rubric() -> dict:
    sd = (p.RUBRIC_SCHOOL_SD**2 + p.RUBRIC_RATER_SD**2) ** 0.5
    before, after = (mean_answer(p.RUBRIC_MEAN + change, sd) for change in (0.0, p.RUBRIC_CHANGE))
    return {
        "mean_pre_latent": p.RUBRIC_MEAN, "change_latent": p.RUBRIC_CHANGE, "school_sd": p.RUBRIC_SCHOOL_SD,
        "rater_sd": p.RUBRIC_RATER_SD, "mean_pre": round(before, 6), "change": round(after - before, 6),
    }  # fmt: skip


def _dose() -> list[dict]:
    """A dose that is a linear function of something normal plus noise: what change goes with it per unit."""
    per_use = p.TOOL_USES_PER_APPROPRIATION / (p.TOOL_USES_PER_APPROPRIATION**2 + p.TOOL_USES_NOISE_SD**2)
    variance = p.SCHOOL_CHANGE_VARIANCE["pedagogy"]
    per_session = p.SESSIONS_PER_CHANGE * variance / (p.SESSIONS_PER_CHANGE**2 * variance + p.SESSIONS_NOISE_SD**2)
    slopes = {("tool_uses", "EE"): {scale: per_use * slope for scale, slope in p.CHANGE_PER_APPROPRIATION.items()}}
    slopes |= {("sessions", country): {"pedagogy": per_session} for country in ("EE", "LT")}
    return [
        {"item": item, "country": country, "scale": scale, "slope_latent": round(slope, 6),
         "slope_score": round(slope * _score_per_latent(country, scale), 6)}
        for (item, country), by_scale in slopes.items()
        for scale, slope in by_scale.items()
    ]  # fmt: skip


def _score_per_latent(country: str, scale: str, step: float = 0.05) -> float:
    return (expected_change(country, scale, step) - expected_change(country, scale, -step)) / (2 * step)


def _links(pre: pd.DataFrame, post: pd.DataFrame) -> tuple[list[dict], list[dict]]:
    before, after = _identities(pre), _identities(post)
    both = sorted(before.keys() & after.keys())
    kinds = {teacher: _kind_by_itself(before[teacher], after[teacher]) for teacher in both}
    exact = {teacher for teacher, kind in kinds.items() if kind == "exact"}
    strangers = []
    for school in sorted(set(pre["school"]) - {""}):
        left, right = _left_over(before, school, exact), _left_over(after, school, exact)
        edges = [(a, b) for a in left for b in right if one_edit_apart(left[a], right[b])]
        for a, b in edges:
            alone = sum(a == x for x, _ in edges) == 1 == sum(b == y for _, y in edges)
            if a == b:
                kinds[a] = "near" if alone else "ambiguous"
            elif alone:
                strangers.append({"school": school, "pre": _place(before[a]), "post": _place(after[b])})
    links = [
        {
            "country": before[teacher]["country"],
            "school": before[teacher]["school"] or after[teacher]["school"],
            "teacher": teacher,
            "kind": kinds[teacher],
            "slip": after[teacher]["slip"] or before[teacher]["slip"],
            "set_aside": "undecidable" in (before[teacher]["double"], after[teacher]["double"]),
            "pre": _place(before[teacher]),
            "post": _place(after[teacher]),
        }
        for teacher in both
    ]
    return links, strangers


def _identities(wave: pd.DataFrame) -> dict[str, dict]:
    """What identifies a sheet, by teacher."""
    return wave[["country", "school", "code", "slip", "double", "file", "row"]].to_dict("index")


def _kind_by_itself(pre: dict, post: dict) -> str:
    if not pre["code"] or not post["code"]:
        return "no_code"
    if not pre["school"] or not post["school"]:
        return "no_school"
    return "exact" if comparable(pre["code"]) == comparable(post["code"]) else "different"


def _left_over(wave: dict[str, dict], school: str, exact: set[str]) -> dict[str, str]:
    """Normalised codes by teacher of a school's sheets that no exact link uses."""
    return {
        teacher: comparable(sheet["code"])
        for teacher, sheet in wave.items()
        if sheet["school"] == school and sheet["code"] and teacher not in exact
    }


def _place(sheet: dict) -> dict:
    return {"file": sheet["file"], "row": int(sheet["row"]), "code": sheet["code"]}


def _single(wave: pd.DataFrame) -> list[dict]:
    return [
        {"country": sheet["country"], "school": sheet["school"], "teacher": teacher, **_place(sheet)}
        for teacher, sheet in sorted(_identities(wave).items())
    ]


def _doubles(answered: pd.DataFrame) -> list[dict]:
    doubles = []
    for (teacher, wave), rows in answered[answered["double"] != ""].groupby(["teacher", "wave"], sort=True):
        last = rows.iloc[-1]
        doubles.append({
            "country": last["country"], "wave": wave, "teacher": teacher, "kind": last["double"],
            "file": last["file"], "rows": [int(row) for row in rows["row"]],
            "kept": None if last["double"] == "undecidable" else int(last["row"]),
        })  # fmt: skip
    return doubles


def _counts(answered: pd.DataFrame, pre: pd.DataFrame, post: pd.DataFrame, links: list[dict]) -> dict:
    counts = {}
    for country in p.COUNTRIES:
        before = set(pre.index[pre["country"] == country])
        after = set(post.index[post["country"] == country])
        here = answered[answered["country"] == country]
        counts[country] = {
            "n_pre": len(before),
            "n_post": len(after),
            "n_both": len(before & after),
            "links": _tally(link["kind"] for link in links if link["country"] == country),
            "slips": _tally(slip for slip in here["slip"] if slip),
            "other_school_spellings": int((here["school_written"] != here["school"]).sum()),
            "empty_schools": int((here["school"] == "").sum()),
            "straight_lines": int(here["straight_line"].sum()),
            "broken_off": int(here["broken_off"].sum()),
        }
    return counts


def _tally(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
