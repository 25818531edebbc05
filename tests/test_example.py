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
from example import SEED, simulate, write_example
from example.codes import comparable, one_edit_apart, true_codes
from example.population import draw_population
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
    schools = pd.read_csv(INSTRUMENT / "schools.csv")
    assert schools.groupby("country").size().to_dict() == {"EE": 6, "FI": 4, "GE": 5, "LT": 12, "NO": 5}
    people = sum(len(truth()[key]) for key in ("links", "pre_only", "post_only"))
    assert 580 <= people <= 640
    assert all(0.55 < n["n_both"] / n["n_pre"] < 0.85 for n in truth()["counts"].values())


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
    pre = frame.loc[frame["wave"] == "pre", items].dropna()
    pre = pd.concat([6 - pre[item] if form.reversed(item) else pre[item] for item in items], axis=1)
    k = len(items)
    alpha = k / (k - 1) * (1 - pre.var().sum() / pre.sum(axis=1).var())
    assert 0.70 < alpha < 0.88
    assert pre.mean().between(2.3, 4.2).all()


def test_resources_stand_near_the_ceiling_in_estonia():
    frame, _ = simulate()
    pre = frame[(frame["wave"] == "pre") & (frame["country"] == "EE")]
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
