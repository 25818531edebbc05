"""What is true in the example: parameters, expected changes, and who is who."""

import pandas as pd

from analysis.example import parameters as p
from analysis.example.codes import comparable, one_edit_apart
from analysis.example.population import expected_change
from analysis.example.questionnaire import questionnaire

DESCRIPTION = {
    "seed": "The number all draws come from.",
    "parameters": "Of the generating model, in points of the latent score, before answers are rounded to whole "
    "numbers and cut to 1..5.",
    "change": "One entry per country and scale, post minus pre. `change_latent` is the mean change of the latent "
    "score over the schools of the country's school distribution. `change_score` is the expected change of the "
    "scale's score (mean of its items, reversed items turned), over teachers and schools drawn from the model, "
    "so after rounding, cutting and straight-lining: an interval for the change of a scale should cover this "
    "number. Missing answers, lost teachers, codes and school names are independent of it. A ceiling makes it "
    "smaller than the latent change. `school_change_sd` is the standard deviation of the schools' latent changes.",
    "links": "Every teacher who answered both waves. `row` is the row in the file as a spreadsheet shows it, the "
    "header being row 1; of double submissions it is the later one. `kind` says what an honest linking can do: "
    "exact (the same code after normalising; `slip` tells how it differs as written), near (one edit apart, and "
    "mutually the only such pair left in the school), ambiguous (one edit apart, but not the only one), different "
    "(further apart), no_code, no_school (in at least one wave). `set_aside` is true if a double submission with "
    "different answers cannot be decided by time.",
    "strangers": "Pairs of different teachers, one per wave, that look like a near link: linking them is wrong.",
    "pre_only": "Teachers who answered only before; with file, row and code as written.",
    "post_only": "Teachers who answered only after.",
    "doubles": "Teachers who submitted twice in a wave. identical: the same answers; later_complete: broken off, "
    "then complete; changed_mind: both complete, the later one counts; undecidable: both complete, and the "
    "times do not tell which came later. `kept` is the row that counts, or null.",
    "test_rows": "Rows with a code but no answer at all.",
    "counts": "Teachers per country: who answered before, after, both; and how often each kind of mess occurs.",
}


def true_values(sheets: pd.DataFrame, seed: int) -> dict:
    """The content of truth.json for placed answer sheets, as plain numbers, strings, lists and dicts."""
    answered = sheets[sheets["teacher"] != ""]
    final = answered.drop_duplicates(["teacher", "wave"], keep="last")
    pre = final[final["wave"] == "pre"].set_index("teacher")
    post = final[final["wave"] == "post"].set_index("teacher")
    links, strangers = _links(pre, post)
    return {
        "description": DESCRIPTION,
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
        "items": [
            {"item": item, "scale": scale, "shift": round(shift, 6), "loading": round(loading, 6)}
            for scale in form.scales
            for items in [form.items_of(scale)]
            for item, (shift, loading) in zip(items, p.item_shifts_and_loadings(len(items)), strict=True)
        ],
    }


def _changes() -> list[dict]:
    return [
        {
            "country": country,
            "scale": scale,
            "mean_pre_latent": p.MEAN_PRE[country][index],
            "change_latent": p.CHANGE[country][index],
            "school_change_sd": round(p.SCHOOL_CHANGE_VARIANCE[scale] ** 0.5, 6),
            "change_score": round(expected_change(country, scale), 6),
        }
        for country in p.COUNTRIES
        for index, scale in enumerate(p.CHANGE_SCALES)
    ]


def _links(pre: pd.DataFrame, post: pd.DataFrame) -> tuple[list[dict], list[dict]]:
    both = [teacher for teacher in sorted(pre.index) if teacher in post.index]
    kinds = {teacher: _kind_by_itself(pre.loc[teacher], post.loc[teacher]) for teacher in both}
    exact = {teacher for teacher, kind in kinds.items() if kind == "exact"}
    strangers = []
    for school in sorted(set(pre["school"]) - {""}):
        left = _left_over(pre, school, exact)
        right = _left_over(post, school, exact)
        edges = [(a, b) for a in left for b in right if one_edit_apart(left[a], right[b])]
        for a, b in edges:
            alone = sum(a == x for x, _ in edges) == 1 == sum(b == y for _, y in edges)
            if a == b:
                kinds[a] = "near" if alone else "ambiguous"
            elif alone:
                strangers.append({"school": school, "pre": _place(pre.loc[a]), "post": _place(post.loc[b])})
    links = [
        {
            "country": pre.at[teacher, "country"],
            "school": pre.at[teacher, "school"] or post.at[teacher, "school"],
            "teacher": teacher,
            "kind": kinds[teacher],
            "slip": post.at[teacher, "slip"] or pre.at[teacher, "slip"],
            "set_aside": "undecidable" in (pre.at[teacher, "double"], post.at[teacher, "double"]),
            "pre": _place(pre.loc[teacher]),
            "post": _place(post.loc[teacher]),
        }
        for teacher in both
    ]
    return links, strangers


def _kind_by_itself(pre: pd.Series, post: pd.Series) -> str:
    if not pre["code"] or not post["code"]:
        return "no_code"
    if not pre["school"] or not post["school"]:
        return "no_school"
    return "exact" if comparable(pre["code"]) == comparable(post["code"]) else "different"


def _left_over(wave: pd.DataFrame, school: str, exact: set[str]) -> dict[str, str]:
    """Normalised codes by teacher of a school's sheets that no exact link uses."""
    here = wave[(wave["school"] == school) & (wave["code"] != "")]
    return {t: comparable(code) for t, code in here["code"].items() if t not in exact}


def _place(sheet: pd.Series) -> dict:
    return {"file": sheet["file"], "row": int(sheet["row"]), "code": sheet["code"]}


def _single(wave: pd.DataFrame) -> list[dict]:
    return [
        {"country": sheet["country"], "school": sheet["school"], "teacher": teacher, **_place(sheet)}
        for teacher, sheet in wave.sort_index().iterrows()
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


def _tally(names) -> dict[str, int]:
    return {str(name): int(n) for name, n in pd.Series(list(names), dtype=object).value_counts().sort_index().items()}
