"""Report folders: whole or not at all, made again only when something changed, and with all that the contract lists."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from datetime import datetime

import nbformat
import pandas as pd
import pytest
from docx import Document
from pypdf import PdfReader

from analysis import sections
from analysis.cli import FORMATS
from analysis.linking.decisions import REVIEW_FILE
from analysis.running.execution import KILLED
from analysis.running.index import write_index
from analysis.running.reports import report_specs, run_report
from analysis.running.workers import run_reports
from analysis.study.folder import read_study
from here import in_this_process
from runs import files_of, spec, stand_in_notebook, tiny_study
from support import study_folder, write_csv

CHANGE = ("scale, label, n_pre, n_post, n_matched, n_schools, mean_pre, sd_pre, mean_post, sd_post, change, se, df, "
          "ci_low, ci_high, p, p_adjusted, family, d_av, d_av_low, d_av_high, verdict, method, note")
COUNTRY_TABLES = {
    "participation": "school, n_pre, n_post, n_matched, n_pre_only, n_post_only, note",
    "linking": "kind, n",
    "reliability": "scale, wave, n, n_items, alpha, alpha_low, alpha_high, omega, note",
    "change": CHANGE,
    "sensitivity": "scale, method, n, estimate, se, df, ci_low, ci_high, p, note",
    "item_answers": "item, wave, value, label, n, share",
    "item_change": "item, scale, n, improved, same, worse, superiority, superiority_low, superiority_high, p, "
                   "p_adjusted, note",
    "numbers": "item, wave, n, mean, sd, note",
    "one_factor_fit": "scale, wave, n, n_items, chisq, df, cfi, rmsea, srmr, note",
    "attrition_delta": "scale, delta, change, se, df, ci_low, ci_high",
}
ACROSS_TABLES = {
    "change_by_country": f"country, {CHANGE}",
    "pooled": "scale, k, estimate, se, df, ci_low, ci_high, p, tau2, tau2_low, tau2_high, q, i2, prediction_low, "
              "prediction_high, method, note",
    "pooled_half_normal": "scale, k, estimate, mean, ci_low, ci_high, tau, tau_low, tau_high, prediction_low, "
                          "prediction_high, tau_prior_scale, method, note",
}
PROGRAMME = {"leaders_change", "perception_gap", "mentor_answers", "perceived", "iterations", "change_by_role",
             "change_by_group", "rubric"}
METHODS = {"mixed_cr2", "matched_cr2", "matched_t", "wilcoxon", "partially_overlapping_t", "school_means_t",
           "exact_codes_only", "complete_answers_only"}
LINKS = ["exact", "near", "ambiguous", "pre_only", "post_only", "duplicate_identical", "duplicate_conflicting",
         "no_code"]


@pytest.fixture
def notebook(tmp_path):
    """A notebook that stands in for a report's; no kernel is started for it in this process."""
    with in_this_process():
        yield stand_in_notebook(tmp_path / "report.ipynb")


def table(folder, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "tables" / f"{name}.csv", keep_default_na=False, na_values=[""])


def test_a_run_makes_every_report_and_the_index_and_says_so(tiny_run):
    assert tiny_run.status == 0, tiny_run.output
    assert "Traceback" not in tiny_run.output and "Warning" not in tiny_run.output
    for part in ("report.html", "annex.html"):
        made = {path.parent.relative_to(tiny_run.reports).as_posix() for path in tiny_run.reports.rglob(part)}
        assert made == {"across-countries", "data-quality", "countries/EE", "countries/FI", "countries/LT"}
    assert (tiny_run.reports / "index.html").exists()
    assert not list(tiny_run.reports.rglob(".*")), "no temporary folder is left"
    assert not list(tiny_run.cwd.iterdir()), "nothing is written where the user stands"
    assert "Estonia [pilot]: What changed" in tiny_run.output, "a line per country and step"


@pytest.mark.parametrize("country", ["EE", "FI", "LT"])
def test_a_country_report_has_every_file_and_table_of_the_contract(tiny_run, country):
    folder = tiny_run.reports / "countries" / country
    there = {path.name for path in folder.iterdir()}
    assert there == {*(f"{part}.{kind}" for part in ("report", "annex") for kind in FORMATS), "notebook.ipynb",
                     "manifest.json", "datapackage.json", "figures", "tables", "tables.xlsx"}
    for name, columns in COUNTRY_TABLES.items():
        assert list(table(folder, name).columns) == columns.split(", "), name
    figures = sorted(path.stem for path in (folder / "figures").glob("*.svg"))
    assert figures and figures == sorted(path.stem for path in (folder / "figures").glob("*.png"))


def test_the_report_across_countries_has_every_table_of_the_contract(tiny_run):
    folder = tiny_run.reports / "across-countries"
    for name, columns in ACROSS_TABLES.items():
        assert list(table(folder, name).columns) == columns.split(", "), name
    assert list(dict.fromkeys(table(folder, "change_by_country")["country"]))[:2] == ["EE", "FI"]


@pytest.mark.parametrize(("place", "there"), [("countries/EE", "change"), ("across-countries", "change_by_country")])
def test_a_study_of_teachers_alone_has_no_file_of_the_rest_of_a_programme(tiny_run, place, there):
    folder = tiny_run.reports / place
    saved, annex = {path.stem for path in (folder / "tables").glob("*.csv")}, (folder / "annex.html").read_text("utf-8")
    absent = {name for section in (*sections.COUNTRY, *sections.ACROSS) if hasattr(section, "present")
              for name in section.ESTIMATES}
    assert absent >= PROGRAMME and there in saved and f"{there}.csv" in annex
    assert not saved & absent and not [name for name in absent if f"{name}.csv" in annex]


def test_the_tables_have_the_rows_of_the_contract(tiny_run):
    folder = tiny_run.reports / "countries" / "EE"
    total = table(folder, "participation").iloc[-1]
    assert pd.isna(total["school"]) and total.tolist()[1:6] == [24, 23, 23, 1, 0]
    linking = table(folder, "linking").set_index("kind")["n"]
    assert list(linking.index) == LINKS and linking["exact"] == 23 and linking["pre_only"] == 1
    sensitivity = table(folder, "sensitivity")
    assert set(sensitivity["scale"]) == {"pedagogy", "leadership"} and set(sensitivity["method"]) >= METHODS
    answers = table(folder, "item_answers")
    assert set(answers["item"]) == {"p1", "p2", "p3", "l1", "gender"}, "no text, no number, nothing not asked"
    assert answers.groupby(["item", "wave"]).size()["p1", "pre"] == 5, "a row per value, zeros too"
    assert table(folder, "numbers")["n"].tolist() == [23, 23], "a class of one left what is published"


def test_every_figure_has_its_caption_and_description_beside_it(tiny_run):
    folder = tiny_run.reports / "countries" / "EE" / "figures"
    captions = pd.read_csv(folder / "captions.csv").set_index("file")
    assert set(captions.index) == {path.name for path in folder.glob("*.png")}
    assert captions["alt"].str.len().min() > 20 and (captions["caption"] != "").all()
    first = captions["figure"].tolist().index(1, 1)
    assert captions["figure"].tolist() == [*range(1, first + 1), *range(1, len(captions) - first + 1)], "report and annex"


def test_the_workbook_holds_every_table(tiny_run):
    folder = tiny_run.reports / "countries" / "FI"
    sheets = pd.read_excel(folder / "tables.xlsx", sheet_name=None, engine="calamine")
    contents, _ = sheets.pop("contents"), sheets.pop("as in the report")
    assert set(sheets) == set(contents["sheet"]) == {path.stem[:31] for path in (folder / "tables").glob("*.csv")}
    assert "Change on the primary scales, in scale points" in set(contents["what"])
    change = table(folder, "change")
    assert list(sheets["change"].columns) == list(change.columns)
    assert sheets["change"]["change"].tolist() == pytest.approx(change["change"].tolist(), rel=1e-14)


@pytest.mark.parametrize("place", ["countries/EE", "countries/LT", "across-countries"])
def test_the_owner_has_every_table_at_full_precision_in_the_columns_of_the_published_one(tiny_run, place):
    published, precise = tiny_run.reports / place / "tables", tiny_run.study / "private" / "precise" / place.split("/")[-1]
    assert {path.name for path in precise.iterdir()} == {path.name for path in published.glob("*.csv")}
    for path in published.glob("*.csv"):
        one, other = (pd.read_csv(folder / path.name) for folder in (published, precise))
        assert list(one.columns) == list(other.columns) and len(one) == len(other), path.name
    if place == "countries/EE":
        change = [pd.read_csv(folder / "change.csv")["change"] for folder in (published, precise)]
        assert (change[0] == change[1].round(1)).all() and (change[0] != change[1]).all(), "24 respondents: one decimal"


def test_no_published_file_has_a_p_of_0(tiny_run):
    for path in tiny_run.reports.rglob("*.csv"):
        read = pd.read_csv(path, dtype=str, keep_default_na=False)
        for name in {"p", "p_adjusted", "tost_p"} & set(read.columns):
            assert not {"0", "0.0"} & set(read[name]), (path.name, name)


def test_a_country_without_an_answer_yet_has_a_report_that_says_so(tiny_run):
    folder = tiny_run.reports / "countries" / "LT"
    assert "No answers have come in yet." in (folder / "report.html").read_text(encoding="utf-8")
    assert table(folder, "participation").iloc[-1].tolist()[1:6] == [0] * 5


def without(content: bytes, told: tuple[str, ...]) -> bytes:
    for time in told:
        content = content.replace(time.encode(), b"")
    return content


def test_two_runs_differ_in_nothing_but_the_time_they_tell(tiny_run, tmp_path):
    (again,) = report_specs(read_study(tiny_run.study), tmp_path, ["EE"], FORMATS, False)
    with in_this_process():
        assert run_report(again).status == "made"
    first, second = files_of(tiny_run.reports / "countries" / "EE"), files_of(again.folder)
    assert first.keys() == second.keys()
    times = [json.loads(files["manifest.json"])["time"] for files in (first, second)]
    told = [(time, datetime.fromisoformat(time).strftime("%Y-%m-%d at %H:%M")) for time in times]
    for name in sorted(name for name in first if not name.endswith((".docx", ".pdf")) and name != "manifest.json"):
        one, other = (files[name] if name.endswith((".png", ".xlsx")) else without(files[name], which)
                      for files, which in zip((first, second), told, strict=True))
        assert one == other, name


def test_a_report_is_made_again_only_when_something_changed(tmp_path, notebook):
    def status(**changes):
        return run_report(dataclasses.replace(one, **changes)).status

    one = spec("EE", notebook, tmp_path)
    assert status() == "made"
    assert status() == "current"
    assert run_report(one, force=True).status == "made"
    (one.study / "raw" / "a.csv").write_text("other answers", encoding="utf-8")
    one = spec("EE", notebook, tmp_path)
    assert status() == "made", "another input"
    (one.folder / "tables" / "answers.csv").write_text("damaged", encoding="utf-8")
    assert status() == "made", "a damaged table"
    (one.folder / "report.html").unlink()
    assert status() == "made", "a missing document"
    stand_in_notebook(notebook, "'changed'")
    assert status() == "made", "another notebook"
    assert status() == "current"


def test_documents_in_several_languages_lie_beside_each_other_and_a_later_run_removes_none(tmp_path, notebook):
    stand_in_notebook(notebook, "language")
    both = spec("EE", notebook, tmp_path, languages=("en", "et"))
    assert run_report(both).status == "made"
    documents = {"report.html", "annex.html", "report.et.html", "annex.et.html"}
    assert {path.name for path in both.folder.glob("*.html")} == documents
    for suffix, language in (("", "en"), (".et", "et")):
        assert f'lang="{language}"' in (both.folder / f"report{suffix}.html").read_text(encoding="utf-8")
    before = files_of(both.folder)
    result = run_report(spec("EE", notebook, tmp_path))
    assert (result.status, set(result.kept)) == ("made", {"report.et.html", "annex.et.html"})
    after = files_of(both.folder)
    assert {name: after[name] for name in result.kept} == {name: before[name] for name in result.kept}
    assert not set(result.kept) & json.loads(after["manifest.json"])["files"].keys(), "this run did not make them"
    assert set(run_report(spec("EE", notebook, tmp_path), force=True).kept) == {"report.et.html", "annex.et.html"}


def test_a_file_that_somebody_edited_or_added_is_kept(tmp_path, notebook):
    one = spec("EE", notebook, tmp_path)
    assert run_report(one).kept == ()
    made = (one.folder / "report.html").read_bytes()
    (one.folder / "report.html").write_text("with remarks", encoding="utf-8")
    os.utime(one.folder / "report.html", (1772409600 + 43200, 1772409600 + 43200))  # 2026-03-02
    (one.folder / "minutes.txt").write_text("of a meeting", encoding="utf-8")
    for _run in range(2):
        result = run_report(one, force=True)
        assert set(result.kept) == {"minutes.txt", "report (edited 2026-03-02).html"}
        assert (one.folder / "report (edited 2026-03-02).html").read_text(encoding="utf-8") == "with remarks"
        assert len((one.folder / "report.html").read_bytes()) == len(made)
    assert run_report(one).status == "current", "what others added makes no report old"


@pytest.mark.parametrize("exchange", ["write_text('others')", "unlink()"])
def test_a_file_that_is_exchanged_during_the_run_fails_the_report_with_a_sentence(tmp_path, notebook, exchange):
    one = spec("EE", notebook, tmp_path)
    stand_in_notebook(notebook, f"(Path(study_folder) / 'raw' / 'a.csv').{exchange}")
    result = run_report(one)
    assert (result.status, result.message) == ("failed", "raw/a.csv changed while the report was made; run again.")
    assert not one.folder.exists()


def test_a_decision_on_links_that_changes_during_the_run_fails_the_report_with_a_sentence(tiny_run, tmp_path, notebook):
    folder = tmp_path / "study"
    shutil.copytree(tiny_run.study, folder)
    study = read_study(folder)
    (one,) = report_specs(study, tmp_path / "out", ["EE"], ("html",), False)
    review = [["country", "iteration", "file_pre", "row_pre", "file_post", "row_post", "decision", "check"],
              ["EE", 1, "raw/EE-pre.csv", 2, "", "", "yes", "bcdfghjk.bcdfghjk"]]
    write_csv(tmp_path / "review.csv", review)
    stand_in_notebook(notebook, f"(Path({str(tmp_path)!r}) / 'review.csv').rename({str(folder / REVIEW_FILE)!r})")
    parameters = {"study_folder": str(folder), "country": "EE"}
    result = run_report(dataclasses.replace(one, notebook=notebook, parameters=parameters))
    assert result.message == f"{REVIEW_FILE} changed while the report was made; run again."


def test_a_failing_country_keeps_its_previous_report_and_stops_no_other(tmp_path, notebook):
    specs = [spec(key, notebook, tmp_path) for key in ("EE", "FI")]
    assert [run_report(each).status for each in specs] == ["made", "made"]
    before = files_of(specs[1].folder)
    stand_in_notebook(notebook, "if country == 'FI':\n    raise ValueError('no such thing')")
    told: list[tuple[str, str]] = []
    made, failed = run_reports(specs, 2, False, lambda *step: told.append(step))
    assert (made.status, failed.status) == ("made", "failed")
    assert failed.message == "ValueError: no such thing (under “The middle”)" and "raise ValueError" in failed.detail
    assert files_of(specs[1].folder) == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["EE", "FI"]
    assert ("EE", "made") in told and ("FI", "failed") in told and ("FI", "The middle") in told


@pytest.mark.skipif(os.name == "nt", reason="ends a process as only POSIX systems do")
def test_a_worker_that_dies_fails_only_its_own_report(tmp_path, notebook):
    stand_in_notebook(notebook, "import os, signal, time\nif country == 'FI':\n"
                                "    os.kill(os.getppid(), signal.SIGKILL)\n    time.sleep(60)")
    failed, made = run_reports([spec(key, notebook, tmp_path) for key in ("FI", "EE")], 1, False)
    assert (failed.status, made.status) == ("failed", "made")
    assert failed.message == f"{KILLED}."
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["EE"]


def test_a_report_that_can_not_be_put_in_place_leaves_the_previous_one(tmp_path, notebook, monkeypatch):
    one = spec("EE", notebook, tmp_path)
    assert run_report(one).status == "made"
    before = files_of(one.folder)

    def refused(path, target):
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(type(one.folder), "rename", refused)
    result = run_report(one, force=True)
    assert result.status == "failed" and "close the programs that have one of its files open" in result.message
    assert files_of(one.folder) == before and [path.name for path in (tmp_path / "out").iterdir()] == ["EE"]


def test_a_codebook_in_one_workbook_is_an_input_like_any_other(tiny_run, tmp_path):
    study = read_study(tiny_run.study)
    folder = tmp_path / "study"
    shutil.copytree(tiny_run.study, folder)
    (folder / "codebook.xlsx").write_bytes(b"a workbook")
    moved = dataclasses.replace(study, folder=folder)
    (one,) = report_specs(moved, tmp_path, ["EE"], ("html",), False)
    assert {"study.toml", "codebook.xlsx", "codebook/items.csv", "raw/EE-pre.csv"} <= one.inputs.files.keys()
    assert one.folder == tmp_path / "study" / "countries" / "EE"


def test_the_executed_notebook_is_kept_and_had_no_error(tiny_run):
    for path in tiny_run.reports.rglob("notebook.ipynb"):
        node = nbformat.read(path, as_version=4)
        nbformat.validate(node)
        outputs = [output for cell in node.cells for output in cell.get("outputs", [])]
        assert outputs and {output["output_type"] for output in outputs} <= {"display_data", "execute_result"}
        assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4


def test_a_report_takes_the_template_of_its_country_and_language(tmp_path):
    study = tiny_study(tmp_path / "study")
    settings = study / "study.toml"
    settings.write_text('languages = ["en", "ka"]\ntemplate = { EE = "estonian.docx", ka = "georgian.docx" }\n'
                        + settings.read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("estonian.docx", "georgian.docx"):
        Document().save(str(study / name))
    specs = {one.key: one for one in report_specs(
        read_study(study), tmp_path / "out", ["EE", "FI"], ("docx",), True, ("en", "ka"))}
    chosen = {key: {language: path.name for language, path in one.templates.items()} for key, one in specs.items()}
    assert chosen["EE"] == {"en": "estonian.docx", "ka": "estonian.docx"}
    assert chosen["FI"] == chosen["across-countries"] == {"ka": "georgian.docx"}
    assert "estonian.docx" in specs["EE"].inputs.files and "estonian.docx" not in specs["FI"].inputs.files


def test_a_study_of_several_countries_with_advice_gets_a_brief_of_two_pages(tmp_path):
    study = read_study(tiny_study(tmp_path / "study", '[brief]\nrecommendations = "- Mentor whole schools."\n'))
    (one,) = [one for one in report_specs(study, tmp_path / "out", [], ("pdf", "html"), True) if one.key == "brief"]
    with in_this_process():
        assert run_report(one).status == "made"
    assert len(PdfReader(one.folder / "report.pdf").pages) <= 2
    assert [path.name for path in (one.folder / "figures").glob("*.svg")] == ["brief.svg"]
    assert 'href="brief/report.html"' in write_index(study, tmp_path / "out").read_text(encoding="utf-8")
    alone = read_study(study_folder(tmp_path / "alone", settings='[brief]\npolicy = "Mentor whole schools."\n'))
    assert "brief" not in {one.key for one in report_specs(alone, tmp_path, ["EE"], ("pdf",), True)}
