"""The example study: its bytes, its files against its truth, its truth against a simulation of its own."""

import csv
import json
import tomllib
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from analysis.responses import read_responses
from analysis.study.folder import read_study
from analysis.study.populations import TEACHERS
from example import SEED, simulate, write_example
from example.codes import comparable, one_edit_apart, true_codes
from example.population import draw_population
from example.programme import (
    contexts,
    leader_sheets,
    mentor_sheets,
    perceived_answers,
    rubric_sheets,
    second_iteration_sheets,
)
from example.questionnaire import INSTRUMENT, questionnaire

COMMITTED = Path(__file__).parents[1] / "data" / "example"
LANGUAGES = ("en", "et", "fi", "sv", "ka", "lt", "no")


def files_of(folder: Path) -> dict[str, Path]:
    kept = {"study.toml", "README.md", "truth.json", "codebook", "raw"}
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] in kept
    }


def content(path: Path) -> object:
    """A file's bytes; of a workbook the bytes inside, which do not depend on the compression library."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def truth() -> dict:
    return json.loads((COMMITTED / "truth.json").read_text(encoding="utf-8"))


@cache
def raw_rows(file: str) -> list[dict]:
    """The rows below the header as dicts of header and cell, read with no code of the project."""
    path = COMMITTED / file
    if path.suffix == ".sav":
        return pyreadstat.read_sav(path, user_missing=True)[0].to_dict("records")
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return [dict(zip(header, row, strict=True)) for row in rows]
    encoding = {"raw/lithuania-pre.csv": "cp1257"}.get(file, "utf-8-sig")
    delimiter = ";" if "lithuania" in file else ","
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


@cache
def header_of(file: str, item: str) -> str:
    study = tomllib.loads((COMMITTED / "study.toml").read_text(encoding="utf-8"))
    blocks = [block for block in study["exports"] if block["file"] == file]
    return next((h for block in blocks for h, i in block["columns"].items() if i == item), item)


def raw_row(place: dict) -> dict:
    return raw_rows(place["file"])[place["row"] - 2]


def written_code(place: dict) -> str:
    return raw_row(place)[header_of(place["file"], "code")]


def test_writing_twice_gives_the_same_bytes(tmp_path):
    write_example(tmp_path / "one")
    write_example(tmp_path / "two")
    one, two = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name].read_bytes() != two[name].read_bytes()] == []


def test_the_committed_study_is_what_the_package_writes(tmp_path):
    write_example(tmp_path)
    fresh, committed = files_of(tmp_path), files_of(COMMITTED)
    assert fresh.keys() == committed.keys()
    assert [name for name in fresh if content(fresh[name]) != content(committed[name])] == []


def test_another_seed_gives_other_answers(tmp_path):
    write_example(tmp_path, seed=SEED + 1)
    assert (tmp_path / "raw/norway.sav").read_bytes() != (COMMITTED / "raw/norway.sav").read_bytes()


def test_the_spss_file_holds_a_fixed_creation_time():
    meta = pyreadstat.read_sav(COMMITTED / "raw/norway.sav", metadataonly=True)[1]
    assert meta.creation_time == datetime(2023, 6, 30, 12, 0, 0)


def test_the_study_is_smaller_than_two_megabytes():
    assert sum(path.stat().st_size for path in files_of(COMMITTED).values()) < 2_000_000


def test_size_is_32_schools_and_some_600_teachers():
    schools = pd.read_csv(INSTRUMENT / "schools.csv").query("iteration == 1")
    assert schools.groupby("country").size().to_dict() == {"EE": 6, "FI": 4, "GE": 5, "LT": 12, "NO": 5}
    people = sum(len(truth()[key]) for key in ("links", "pre_only", "post_only"))
    assert 580 <= people <= 640
    assert all(0.55 < n["n_both"] / n["n_pre"] < 0.85 for n in truth()["counts"].values())


def test_leaders_mentors_raters_and_a_second_iteration_answer_too():
    frame, _ = simulate()
    people = frame.groupby(["respondents", "iteration", "wave", "country"]).size()
    assert people["leaders", 1, "pre"].to_dict() == {"EE": 20, "FI": 5, "GE": 5, "LT": 12, "NO": 5}
    assert people["mentors", 1].to_dict() == {("post", "EE"): 10, ("post", "FI"): 2, ("post", "GE"): 12, ("post", "LT"): 3}
    assert people["raters", 1].to_dict() == {("pre", "EE"): 12, ("post", "EE"): 12}
    second = frame[frame["iteration"] == 2]
    assert second["school"].nunique() == 6 and 90 < second.loc[second["wave"] == "post", "teacher"].nunique() < 146
    in_both = set(second["teacher"]) & set(frame.loc[TEACHERS.among(frame), "teacher"])
    assert in_both == {entry["teacher"] for entry in truth()["in_both_iterations"]} and len(in_both) > 20
    codes = second.groupby("teacher")["code"].first()
    assert [entry for entry in truth()["in_both_iterations"] if codes[entry["teacher"]] != entry["code"]] == []


def test_the_first_iteration_s_teachers_answer_as_without_the_rest_of_the_programme():
    """Their number and sum, perceived change left out, are what they were when there was nothing else."""
    frame, _ = simulate()
    answers = frame.loc[TEACHERS.among(frame)].select_dtypes("number").drop(columns=["iteration", "row"])
    answers = answers.drop(columns=questionnaire().items_of("perceived"))
    assert (answers.notna().sum().sum(), answers.sum().sum()) == (35683, 125789)


def test_schools_of_the_population_are_those_of_the_study_file():
    form = questionnaire()
    declared = {(c, s) for c, country in form.study["countries"].items() for s in country["schools"]}
    assert declared == {(row["country"], row["school"]) for row in form.schools}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_and_distinct_in(language):
    form = questionnaire()
    texts = [item[f"text_{language}"] for item in form.items.values()]
    assert all(texts)
    assert len({text.casefold() for text in texts}) == len(texts)
    for rows in form.answers.values():
        meaning = {(row[f"label_{language}"], row["value"]) for row in rows}
        assert len({label for label, _ in meaning}) == len(meaning)


def test_every_code_in_the_truth_stands_in_its_row():
    places = [link[wave] for link in truth()["links"] for wave in ("pre", "post")]
    places += truth()["pre_only"] + truth()["post_only"] + truth()["test_rows"]
    assert len(places) > 1000
    assert [place for place in places if written_code(place) != place["code"]] == []


def test_every_row_belongs_to_one_teacher_or_is_a_test_row():
    rows = [
        (place["file"], place["row"], wave)
        for key, waves in (("links", ("pre", "post")), ("pre_only", ("pre",)), ("post_only", ("post",)))
        for entry in truth()[key]
        for wave in waves
        for place in [entry[wave] if key == "links" else entry]
    ]
    rows += [(d["file"], d["rows"][0], d["wave"]) for d in truth()["doubles"]]
    assert len(set(rows)) == len(rows)
    rows += [(entry["file"], entry["row"], "test") for entry in truth()["test_rows"]]
    for file in {file for file, _, _ in rows}:
        assert sorted({row for f, row, _ in rows if f == file}) == list(range(2, len(raw_rows(file)) + 2))


def test_link_kinds_follow_from_the_written_codes():
    for link in truth()["links"]:
        pre, post = comparable(link["pre"]["code"]), comparable(link["post"]["code"])
        if link["kind"] == "no_school":
            places = (link["pre"], link["post"])
            assert "" in [raw_row(place)[header_of(place["file"], "school")] for place in places]
        elif link["kind"] == "exact":
            assert pre == post
        elif link["kind"] in ("near", "ambiguous"):
            assert one_edit_apart(pre, post)
        elif link["kind"] == "no_code":
            assert "" in (pre, post)
        else:
            assert link["kind"] == "different" and pre != post and not one_edit_apart(pre, post)


def test_no_two_teachers_of_a_school_share_a_code():
    teachers = draw_population(np.random.default_rng(1)).teachers
    codes = [comparable(code) for code in true_codes(teachers, np.random.default_rng(2))]
    assert len(set(zip(teachers["school"], codes, strict=True))) == len(teachers)
    frame, _ = simulate()
    frame = frame[frame["respondents"] == "teachers"]
    coded = frame[(frame["code"] != "") & (frame["school"] != "")]
    owners = coded.groupby(["country", "school", coded["code"].map(comparable)])["teacher"].nunique()
    assert owners.max() == 1


def test_exact_share_of_written_codes_is_as_published_rates():
    kinds = pd.Series([link["kind"] for link in truth()["links"]]).value_counts(normalize=True)
    assert 0.7 < kinds["exact"] < 0.9
    assert 0.03 < kinds["near"] < 0.10


@pytest.mark.parametrize(
    ("mess", "least"),
    [
        ("missing", 10), ("mistyped", 15), ("different", 5), ("case", 5),
        ("space", 5), ("look_alike", 5), ("decomposed", 3), ("ambiguous", 2),
    ],
)  # fmt: skip
def test_codes_show_the_slip(mess, least):
    assert sum(n["slips"].get(mess, 0) for n in truth()["counts"].values()) >= least


def test_every_other_kind_of_mess_is_there():
    counts = truth()["counts"].values()
    assert {d["kind"] for d in truth()["doubles"]} == {
        "identical", "later_complete", "changed_mind", "undecidable",
    }  # fmt: skip
    assert sum(n["straight_lines"] for n in counts) >= 15
    assert sum(n["broken_off"] for n in counts) >= 5
    assert sum(n["other_school_spellings"] for n in counts) >= 100
    assert 3 <= sum(n["empty_schools"] for n in counts) <= 6
    assert len(truth()["test_rows"]) == 3
    assert len(truth()["pre_only"]) > 100
    assert len(truth()["post_only"]) > 10


def test_double_submissions_agree_only_where_they_are_called_identical():
    for double in truth()["doubles"]:
        own = {"id", "seed", "ipaddr", "Tunnus", "ID", "Aloitusaika", "Starttid"}
        own.add(header_of(double["file"], "submitted"))
        own.add(header_of(double["file"], "school"))
        first, second = (raw_rows(double["file"])[row - 2] for row in double["rows"])
        differing = [h for h in first if h not in own and first[h] != second[h]]
        assert bool(differing) == (double["kind"] != "identical")


def test_the_study_is_read_as_generated_and_without_complaint():
    frame, _ = simulate()
    keys = ["country", "wave", "file", "row"]
    read = read_responses(read_study(COMMITTED)).frame.sort_values(keys).reset_index(drop=True)
    expected = frame.drop(columns="teacher").sort_values(keys).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        read[expected.columns].astype(object), expected.astype(object), check_dtype=False
    )


def scores(frame: pd.DataFrame, scale: str) -> pd.Series:
    form = questionnaire()
    items = form.items_of(scale)
    turned = [6 - frame[item] if form.reversed(item) else frame[item] for item in items]
    return pd.concat(turned, axis=1).mean(axis=1)


@pytest.mark.parametrize("scale", ["vision", "leadership", "community", "pedagogy", "knowledge"])
def test_a_scale_is_as_reliable_as_such_scales_are(scale):
    frame, _ = simulate()
    form = questionnaire()
    items = form.items_of(scale)
    pre = frame.loc[TEACHERS.among(frame) & (frame["wave"] == "pre"), items].dropna()
    pre = pd.concat([6 - pre[item] if form.reversed(item) else pre[item] for item in items], axis=1)
    k = len(items)
    alpha = k / (k - 1) * (1 - pre.var().sum() / pre.sum(axis=1).var())
    assert 0.70 < alpha < 0.88
    assert pre.mean().between(2.3, 4.2).all()


def test_resources_stand_near_the_ceiling_in_estonia():
    frame, _ = simulate()
    pre = frame[TEACHERS.among(frame) & (frame["wave"] == "pre") & (frame["country"] == "EE")]
    assert (scores(pre, "resources") > 4.75).mean() > 0.15
    assert (scores(pre, "pedagogy") > 4.75).mean() < 0.02


def true_change(country: str, scale: str) -> dict:
    return next(c for c in truth()["change"] if (c["country"], c["scale"]) == (country, scale))


@pytest.mark.parametrize(
    ("country", "scale"),
    [("EE", "pedagogy"), ("EE", "resources"), ("GE", "pedagogy"), ("LT", "leadership"), ("FI", "knowledge")],
)
def test_expected_change_is_what_its_parameters_give_in_a_simulation_of_its_own(country, scale):
    true, p = true_change(country, scale), truth()["parameters"]
    rng = np.random.default_rng(7)
    n = 400_000
    lasting = rng.normal(0, np.sqrt(p["school_variance"] + p["teacher_variance"]), n)
    moved = true["change_latent"] + rng.normal(0, true["school_change_sd"], n)
    slope = p["change_per_sd_of_knowledge_appropriation"].get(scale, 0.0)
    moved += slope * rng.standard_normal(n)
    score = np.zeros((2, n))
    items = [item for item in p["items"] if item["scale"] == scale]
    for wave in (0, 1):
        deviation = lasting + rng.normal(0, np.sqrt(p["occasion_variance"]), n) + wave * moved
        for item in items:
            latent = true["mean_pre_latent"] + item["shift"] + item["loading"] * deviation
            latent += rng.normal(0, p["item_noise_sd"], n)
            score[wave] += np.clip(np.floor(latent + 0.5), 1, 5) / len(items)
    difference = score[1] - score[0]
    attentive = true["change_score"] / (1 - p["straight_line_rate"])
    assert abs(difference.mean() - attentive) < 4 * difference.std() / np.sqrt(n)
    assert difference.std() / np.sqrt(n) < 0.002


def test_changes_of_drawn_populations_average_to_the_expected_change():
    found = []
    for seed in range(24):
        population = draw_population(np.random.default_rng(seed))
        pre, post = (
            wave.set_index("teacher").select_dtypes("number").pipe(lambda x: x.mask(x < 0))
            for wave in (population.pre, population.post)
        )
        both = population.teachers.loc[population.teachers["pre"] & population.teachers["post"]]
        for scale in ("vision", "leadership", "community", "pedagogy", "knowledge", "resources"):
            change = scores(post, scale) - scores(pre, scale)
            by_country = change.reindex(both["teacher"]).groupby(both["country"].to_numpy()).mean()
            error = by_country - [true_change(country, scale)["change_score"] for country in by_country.index]
            found.append({"scale": scale, "error": error.mean()})
    errors = pd.DataFrame(found).groupby("scale")["error"]
    z = errors.mean() / (errors.std() / np.sqrt(24))
    assert (z.abs() < 4).all(), z.to_dict()


def test_declared_truths_hold_one_zero_one_negative_and_a_largest_change():
    change = pd.DataFrame(truth()["change"]).pivot(index="country", columns="scale", values="change_score")
    assert change["leadership"].abs().max() < 0.005
    assert (change["knowledge"] < -0.03).all()
    assert change.loc["EE"].idxmax() == "pedagogy"


SEEDS = 24


def answered(sheets: pd.DataFrame) -> pd.DataFrame:
    """Answers with the missing ones left out, reversed items turned."""
    form = questionnaire()
    likert = [item for item in form.likert if item in sheets]
    given = sheets[likert].astype(float).pipe(lambda x: x.mask(x < 0))
    return sheets.assign(**{item: 6 - given[item] if form.reversed(item) else given[item] for item in likert})


def changes(sheets: pd.DataFrame, scale: str) -> pd.Series:
    """Change of a scale's score by teacher, of those who answered twice."""
    score = answered(sheets).set_index(["teacher", "wave"])[questionnaire().items_of(scale)].mean(axis=1).unstack()
    return (score["post"] - score["pre"]).dropna()


def assert_averages_to(found: list, expected: float | list[float]) -> None:
    """Averages over seeds lie within four standard errors of what is expected."""
    errors = np.array(found, dtype=float) - expected
    z = errors.mean(axis=0) / (errors.std(axis=0, ddof=1) / np.sqrt(len(errors)))
    assert np.all(np.abs(z) < 4), z


def true_of(part: str, value: str, **chosen: object) -> float:
    return next(entry[value] for entry in truth()[part] if chosen.items() <= entry.items())


def test_leaders_change_and_their_distance_from_teachers_average_to_the_truth():
    scales = ("vision", "leadership", "knowledge")
    change, gap = [], []
    for seed in range(SEEDS):
        leaders = leader_sheets(np.random.default_rng([seed, 1]))
        leaders = leaders[leaders["country"] == "EE"]
        change.append([changes(leaders, scale).mean() for scale in scales])
        population = draw_population(np.random.default_rng([seed, 2]))
        estonians = population.teachers.loc[population.teachers["country"] == "EE", "teacher"]
        teachers = answered(population.pre[population.pre["teacher"].isin(estonians)])
        before = answered(leaders[leaders["wave"] == "pre"])
        items = [questionnaire().items_of(scale) for scale in scales]
        gap.append([before[its].mean(axis=1).mean() - teachers[its].mean(axis=1).mean() for its in items])
    assert_averages_to(change, [true_of("leaders", "change_score", country="EE", scale=scale) for scale in scales])
    assert_averages_to(gap, [true_of("leaders", "gap_pre_score", country="EE", scale=scale) for scale in scales])


def test_change_and_perceived_change_in_the_second_iteration_average_to_the_truth():
    first = placed_first()
    roles, change, perceived = ("mentoring", "mentored"), [], []
    for seed in range(SEEDS):
        sheets = second_iteration_sheets(first, np.random.default_rng([seed, 1])).reset_index(drop=True)
        sheets = sheets.join(perceived_answers(sheets, np.random.default_rng([seed, 2])))
        groups = [sheets[sheets["group"] == f"EE {role}"] for role in roles]
        change.append([changes(group, "pedagogy").mean() for group in groups])
        perceived.append([group["per1"].mean() for group in groups])
    chosen = [{"iteration": 2, "role": role} for role in roles]
    assert_averages_to(change, [true_of("iteration_2", "change_score", scale="pedagogy", **one) for one in chosen])
    assert_averages_to(perceived, [true_of("perceived", "mean", item="per1", **one) for one in chosen])


def placed_first() -> pd.DataFrame:
    """The first iteration's teachers as far as the second one must know them."""
    teachers = draw_population(np.random.default_rng(1)).teachers
    return teachers.assign(true_code=true_codes(teachers, np.random.default_rng(2)))


def test_mentors_and_raters_answers_average_to_the_truth():
    items = [entry["item"] for entry in truth()["mentors"]]
    mentors, levels = [], []
    for seed in range(SEEDS):
        mentors.append(mentor_sheets(np.random.default_rng([seed, 1]))[items].mean())
        rubric = rubric_sheets(np.random.default_rng([seed, 2])).set_index("wave")[questionnaire().items_of("rubric")]
        before, after = (rubric.loc[wave].mean(axis=None) for wave in ("pre", "post"))
        levels.append([before, after - before])
    assert_averages_to(mentors, [entry["mean"] for entry in truth()["mentors"]])
    assert_averages_to(levels, [truth()["rubric"][name] for name in ("mean_pre", "change")])


def test_change_goes_with_the_doses_as_the_truth_says():
    uses, sessions = [], []
    for seed in range(SEEDS):
        population = draw_population(np.random.default_rng([seed, 1]))
        teachers = population.teachers
        teachers["true_code"] = true_codes(teachers, np.random.default_rng([seed, 2]))
        tables = contexts(population, teachers, np.random.default_rng([seed, 3]))
        waves = pd.concat([population.pre.assign(wave="pre"), population.post.assign(wave="post")])
        change = teachers.set_index("teacher").join(changes(waves, "pedagogy").rename("change")).dropna(subset="change")
        log = change[change["country"] == "EE"].merge(
            tables["raw/estonia-tool-log.csv"], left_on="true_code", right_on="code")
        uses.append(np.polyfit(log["tool_uses"].astype(float), log["change"], 1)[0])
        schools = change[change["country"] == "LT"].merge(tables["raw/lithuania-schools.csv"], on="school")
        sessions.append(np.polyfit(schools["sessions"].astype(float), schools["change"], 1)[0])
    assert_averages_to(uses, true_of("dose", "slope_score", item="tool_uses", country="EE", scale="pedagogy"))
    assert_averages_to(sessions, true_of("dose", "slope_score", item="sessions", country="LT", scale="pedagogy"))
    assert np.mean(uses) > 0.004 and np.mean(sessions) > 0.02, "a dose that nothing goes with would show nothing"
