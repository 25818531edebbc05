"""Two reports that differ by a few respondents: the owner is told, in the terminal, on the index page and in the log."""

from __future__ import annotations

import csv
import json
import shutil

import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.running.index import write_index
from analysis.running.releases import LOG, RELEASED, bases, days_that_clash, differences, given_out, noted, release
from analysis.running.reports import run_report
from analysis.study.folder import read_study
from here import in_this_process, run_here
from runs import files_of, spec, stand_in_notebook, tiny_study

CHANGE = "scale,label,n_pre,n_matched,n_schools,p\nvision,Visions,{n},{matched},6,.03\n"


def report(folder, n: object = 98, matched: object = 90, digest="1", day="2026-05-01", **tables):
    (folder / "tables").mkdir(parents=True)
    for name, text in {"change": CHANGE.format(n=n, matched=matched), **tables}.items():
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    manifest = {"digest": digest * 64, "time": f"{day}T10:00:00+00:00"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def log_of(folder) -> list[dict]:
    with (folder / LOG).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def study(tmp_path):
    return read_study(tiny_study(tmp_path / "study"))


def test_bases_are_counts_of_respondents_told_apart_by_what_stands_before_them(tmp_path):
    found = bases(report(
        tmp_path, item_answers="item,wave,value,label,n,share\ng,pre,f,Woman,7,.7\ng,pre,m,Man,3,.3\ng,post,f,Woman,5,1\n",
        reliability="scale,wave,n,n_items,alpha\nvision,pre,95,4,.8\n", linking="kind,n\nexact,80\nnear,10\n",
        change_by_school="scale,school,n\nvision,A,\nvision,B,12\n", empty="", pooled="scale,k,estimate\nvision,4,.2\n"))
    assert found == {
        ("change", "vision", "n_pre"): 98, ("change", "vision", "n_matched"): 90, ("linking", "", "n"): 90,
        ("item_answers", "g, pre", "n"): 10, ("item_answers", "g, post", "n"): 5,
        ("reliability", "vision, pre", "n"): 95, ("change_by_school", "vision, B", "n"): 12}


@pytest.mark.parametrize(("then", "now", "minimum", "told"), [
    (98, 97, 5, True), (94, 98, 5, True), (98, 98, 5, False), (98, 93, 5, False), (98, 97, 1, False), (98, 97, 2, True),
    (0, 3, 5, False), (3, 0, 5, False), ("", 97, 5, False), (98, "", 5, False)])
def test_a_base_that_differs_by_a_few_is_told_and_no_other(tmp_path, then, now, minimum, told):
    before, after = report(tmp_path / "then", then), report(tmp_path / "now", now, digest="2")
    found = differences(after, [before, tmp_path / "nowhere"], minimum)
    assert [(one.table, one.row, one.base, one.n_before, one.n, one.before, one.day_before) for one in found] == (
        [("change", "vision", "n_pre", then, now, "made", "2026-05-01")] if told else [])


def test_a_report_that_was_replaced_and_given_out_is_compared_once(tmp_path):
    copy = tmp_path / RELEASED / "countries" / "EE" / "2026-05-02-v1"
    one, copied = report(tmp_path / "one"), report(copy)
    older = report(copy.with_name("2026-04-01-v0"), 95, digest="0")
    now = report(tmp_path / "now", 97, digest="2")
    assert given_out(tmp_path, "countries/EE") == (copied, older)
    found = differences(now, [one, *given_out(tmp_path, "countries/EE")], 5)
    assert [(each.before, each.day_before) for each in found] == [("made", "2026-05-01"), ("given out", "2026-04-01")]


def test_the_log_and_the_index_tell_of_differences_as_long_as_the_report_lies_there(study, tmp_path):
    place = "countries/EE"
    folder = report(tmp_path / "out" / "study" / place, 97, digest="2")
    (folder / "report.html").touch()
    found = differences(folder, [report(tmp_path / "then")], 5)
    said = noted(study, "Estonia", folder, place, found)
    assert said == (
        "Estonia: bases differ by fewer than 5 from the report made on 2026-05-01, such as n_pre in change.csv: 98 then, "
        "97 now. Whoever had both could subtract them: publish only one of the two. private/release-log.csv lists them.")
    (row,) = log_of(study.folder)
    assert [row[name] for name in ("event", "report", "row", "base", "n", "n_before", "day_before", "note")] == [
        "differs", place, "vision", "n_pre", "97", "98", "2026-05-01", "publish only one of the two"]
    assert days_that_clash(study, folder, place) == ["2026-05-01"] and days_that_clash(study, folder, "countries/FI") == []
    page = write_index(study, tmp_path / "out").read_text(encoding="utf-8")
    assert "Publish only one of the two: this report, or the one of 2026-05-01" in page and "97" not in page
    saved = (study.folder / LOG).read_text(encoding="utf-8-sig").replace(",", ";")
    (study.folder / LOG).write_text(saved, encoding="cp1252")
    assert days_that_clash(study, folder, place) == ["2026-05-01"], "as a spreadsheet saved it"
    shutil.rmtree(folder)
    report(folder, digest="3")
    assert days_that_clash(study, folder, place) == []


def test_nothing_is_logged_where_nothing_differs(study, tmp_path):
    assert noted(study, "Estonia", report(tmp_path / "one"), "countries/EE", ()) == ""
    assert not (study.folder / LOG).exists()


def test_a_run_compares_the_report_with_the_one_it_replaces(tmp_path):
    notebook = stand_in_notebook(tmp_path / "report.ipynb")
    with in_this_process():
        assert run_report(spec("EE", notebook, tmp_path, formats=(), minimum=5)).differences == ()
        stand_in_notebook(notebook, "(tables / 'answers.csv').write_text('country,n\\nEE,8\\n')")
        (found,) = run_report(spec("EE", notebook, tmp_path, formats=(), minimum=5)).differences
    assert (found.table, found.row, found.n_before, found.n) == ("answers", "EE", 7, 8)


def test_releasing_keeps_the_tables_and_later_reports_are_compared_with_them(study, tmp_path):
    reports = tmp_path / "out" / "study"
    place = "countries/EE"
    report(reports / place)
    first = CliRunner().invoke(main, ["release", str(study.folder), "--out", str(tmp_path / "out")])
    assert first.exit_code == 0 and f"{place}: noted as given out on" in first.output
    (copy,) = given_out(study.folder, place)
    assert files_of(copy) == files_of(reports / place)
    assert [row["event"] for row in log_of(study.folder)] == ["given out"]
    again = CliRunner().invoke(main, ["release", str(study.folder), "--out", str(tmp_path / "out")])
    assert again.output == f"{place}: noted before.\n" and len(log_of(study.folder)) == 1
    shutil.rmtree(reports / place)
    report(reports / place, 97, digest="2")
    said = release(study, reports)
    assert "publish only one of the two" in said[1] and len(given_out(study.folder, place)) == 2


def test_releasing_without_a_report_is_one_sentence(study, tmp_path):
    ended = CliRunner().invoke(main, ["release", str(study.folder), "--out", str(tmp_path / "out")])
    assert ended.exit_code == 2 and "so nothing can be given out" in ended.stderr and "Traceback" not in ended.output


def test_a_withdrawn_teacher_is_told_in_the_terminal_and_on_the_index_page_and_the_report_is_made(tiny_run, tmp_path):
    folder, out = tmp_path / "study", tmp_path / "out"
    shutil.copytree(tiny_run.study, folder)
    shutil.copytree(tiny_run.reports / "countries", out / "study" / "countries")
    for wave in ("pre", "post"):
        raw = folder / "raw" / f"EE-{wave}.csv"
        header, _, *others = raw.read_text(encoding="utf-8").splitlines()
        raw.write_text("\n".join([header, *others]), encoding="utf-8")
    ended = run_here(folder, out, "--country", "EE", "--to", "html")
    assert ended.status == 0, ended.output
    assert "Estonia [pilot]: bases differ by fewer than 5 from the report made on" in " ".join(ended.output.split())
    assert "Publish only one of the two" in (out / "study" / "index.html").read_text(encoding="utf-8")
    rows = {(row["table"], row["row"], row["base"], row["n_before"], row["n"]) for row in log_of(folder)}
    assert ("change", "pedagogy", "n_matched", "23", "22") in rows
