"""The command line: what it says, how it ends, and that an error leaves nothing behind."""

from __future__ import annotations

import filecmp
import json
import re
import shutil
import signal
import tomllib

import docx
import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.running import workers
from analysis.running.reports import Result
from here import run_here
from runs import PROJECT, analysis, files_of, tiny_study
from support import PRE, study_folder, write_csv

COMMANDS = ("run", "check", "explore", "new", "example")


def ends(*arguments, status: int = 2):
    """What the command says on its error channel (or, if nothing stands there, on the other)."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return (status and result.stderr) or result.stdout


@pytest.fixture
def study(tmp_path):
    folder = study_folder(tmp_path / "study", [{"file": "raw/pre.csv"}, {"file": "raw/post.csv", "wave": "post"}])
    write_csv(folder / "raw" / "pre.csv", PRE)
    write_csv(folder / "raw" / "post.csv", PRE)
    return folder


def missing_file(folder):
    (folder / "raw" / "post.csv").unlink()
    return "raw/post.csv: the file is missing."


def unknown_label(folder):
    write_csv(folder / "raw" / "post.csv", [PRE[0], ["AB12", "Rakvere", "Agre", "5", "3", "2"]])
    return "raw/post.csv, row 2, column “p1”: "


def out_of_range(folder):
    write_csv(folder / "raw" / "post.csv", [PRE[0], ["AB12", "Rakvere", "6", "5", "3", "2"]])
    return "raw/post.csv, row 2, column “p1”: "


def mistyped_key(folder):
    path = folder / "study.toml"
    path.write_text("minimum_grup = 4\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    return "study.toml, row 1: minimum_grup: "


def empty_file(folder):
    (folder / "raw" / "post.csv").write_bytes(b"")
    return "raw/post.csv: the file is empty"


def binary_file(folder):
    (folder / "raw" / "post.csv").write_bytes(bytes(range(256)))
    return "raw/post.csv: this is not a text file"


def contradictory_codebook(folder):
    path = folder / "codebook" / "answers.csv"
    path.write_text(path.read_text(encoding="utf-8") + "agree,4,,Disagree,\r\n", encoding="utf-8", newline="")
    return "codebook/answers.csv, row "


def missing_codebook(folder):
    shutil.rmtree(folder / "codebook")
    return "codebook"


ERRORS = [missing_file, unknown_label, out_of_range, mistyped_key, empty_file, binary_file, contradictory_codebook,
          missing_codebook]


@pytest.mark.parametrize("spoilt", ERRORS)
def test_an_error_in_the_study_is_a_sentence_and_no_report_is_written(study, tmp_path, spoilt):
    expected = spoilt(study)
    before = files_of(tmp_path)
    said = ends("run", study, "--out", tmp_path / "out").strip().splitlines()
    assert said[0].startswith(expected)
    count = len(said) - 2
    assert said[-1] == f"{count} error{'s' if count > 1 else ''} found; nothing was written."
    assert files_of(tmp_path) == before and not (tmp_path / "out").exists()


@pytest.mark.parametrize("spoilt", ERRORS)
def test_the_checker_tells_an_error_below_the_name_of_its_file_and_writes_nothing(study, tmp_path, spoilt):
    file, place = re.fullmatch(r"([^:,]*)(?:[,:] )?(.*?)(?:: )?", spoilt(study)).groups()
    before = files_of(tmp_path)
    first, second, *_ = ends("check", study).splitlines()
    assert re.fullmatch(rf"{re.escape(file)}[^:]*: [1-9] errors?", first) and second.startswith(f"- {place}")
    assert files_of(tmp_path) == before


def test_check_as_json_prints_one_object_and_ends_as_check_does(study):
    assert json.loads(ends("check", study, "--json", status=0))["ok"] is True
    place = unknown_label(study)
    said = json.loads(ends("check", study, "--json"))
    assert said["ok"] is False and place.startswith(said["issues"][0]["file"])


def test_every_error_is_told_at_once(study):
    assert [spoilt(study) for spoilt in (missing_file, mistyped_key, contradictory_codebook)]
    said = ends("check", study)
    for place in ("study.toml", "codebook/answers.csv"):
        assert place in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--country", "EEE"], "the study has no country “EEE”; it has EE. Did you mean “EE”?"),
        (["--country", "ee"], "the study has no country “ee”; it has EE. Did you mean “EE”?"),
        (["--forse"], "'--force'"),
        (["--to", "odt"], "“odt” is not a format this version writes; expected html"),
        (["--to", ""], "“” is not a format this version writes; expected html"),
        (["--jobs", "0"], "0 is not in the range x>=1."),
    ],
)
def test_a_mistyped_option_is_told_with_a_suggestion_and_nothing_is_written(study, tmp_path, arguments, sentence):
    said = ends("run", study, "--out", tmp_path / "out", *arguments)
    assert sentence in " ".join(said.split())
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_is_a_file_is_told(study, tmp_path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    assert "is a file" in ends("run", study, "--out", tmp_path / "out")


def test_a_mistyped_command_is_told_with_a_suggestion():
    assert "No such command “chek”. Did you mean “check”?" in ends("chek")


@pytest.mark.parametrize("command", ["run", "check", "explore"])
def test_a_study_folder_that_is_not_there_is_one_sentence(tmp_path, command):
    said = ends(command, tmp_path / "nowhere")
    assert " ".join(said.split()).startswith("there is no study folder “") and "\n1 error found" in said
    assert not list(tmp_path.iterdir())


def test_verify_asks_for_the_study_of_reports_that_have_no_namesake_in_data(tmp_path):
    (tmp_path / "no-such-study").mkdir()
    said = " ".join(ends("verify", tmp_path / "no-such-study").split())
    assert "Invalid value for --study: there is no folder" in said
    assert said.endswith("name the study that the reports were made of.")


def test_a_country_without_exports_can_not_be_asked_for(tmp_path):
    folder = study_folder(tmp_path / "study", countries={"EE": 'name = "Estonia"', "FI": 'name = "Finland"'})
    write_csv(folder / "raw" / "pre.csv", PRE)
    said = ends("run", folder, "--country", "FI", "--out", tmp_path / "out")
    assert said.startswith("study.toml: country FI has no [[exports]], so there is nothing to report.")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_holds_an_example(command):
    said = ends(command, "--help", status=0)
    assert "Example" in said and f"analysis {command}" in said.split("Example")[1]
    assert command in ends("--help", status=0)


def test_check_tells_what_the_data_look_like_and_writes_nothing(tmp_path):
    folder = tiny_study(tmp_path / "study")
    before = files_of(tmp_path)
    said = ends("check", folder, status=0)
    for words in ("raw/EE-pre.csv", "UTF-8", "School 0", "Nothing is wrong with the study.", "not asked  tools"):
        assert words in said, words
    assert files_of(tmp_path) == before


def test_check_works_on_a_console_that_lacks_letters(tmp_path):
    folder = study_folder(tmp_path / "ქართული", settings='title = "ქართული"\n')
    write_csv(folder / "raw" / "pre.csv", PRE)
    ended = analysis("check", folder, cwd=tmp_path, PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    assert ended.returncode == 0 and "Nothing is wrong" in ended.stdout and not ended.stderr


def test_a_new_study_passes_the_checker_once_the_raw_files_are_there(tmp_path):
    folder = tmp_path / "minu uuring"
    said = ends("new", folder, status=0)
    assert "analysis check" in said
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "codebook", "private", "raw", "study.toml"]
    assert "raw/estonia-pre.csv: 1 error\n- the file is missing." in ends("check", folder)

    headers = ["id", "submitdate", "lastpage", "startlanguage", "Sinu kood", "Kool", "P1", "P2", "P3", "years"]
    rows = [[n, "2022-10-03 09:13:54", 2, "et", f"AB{n:02d}", "Rakvere", "A1", "A5", "A6", 7 + n] for n in range(8)]
    for wave in ("pre", "post"):
        rows[0][6] = "A1" if wave == "pre" else "A2"
        write_csv(folder / "raw" / f"estonia-{wave}.csv", [headers, *rows], encoding="utf-8-sig")
    said = ends("check", folder, status=0)
    assert "Nothing is wrong with the study." in said and "Rakvere" in said


def test_the_remarks_of_a_new_study_are_settings_that_are_valid_when_taken_in(tmp_path):
    folder = tmp_path / "new"
    ends("new", folder, status=0)
    lines = (folder / "study.toml").read_text(encoding="utf-8").splitlines()
    taken_in = [line.removeprefix("# ") for line in lines if " = " in line or line.startswith(("[", "# ["))]
    (folder / "study.toml").write_text("\n".join(taken_in), encoding="utf-8")
    docx.Document().save(folder / "deliverable.docx")
    keys = tomllib.loads("\n".join(taken_in)).keys()
    assert {"funding", "template", "school_names", "primary_scales", "smallest_change_of_interest"} <= keys
    said = ends("check", folder).splitlines()
    assert [line for line in said if line.startswith("raw/")] == [
        "raw/estonia-pre.csv: 1 error", "raw/estonia-post.csv: 1 error", "raw/estonia-leaders-pre.csv: 1 error"]


@pytest.mark.parametrize("command", ["new", "example"])
def test_a_folder_with_something_in_it_is_never_written_into(tmp_path, command):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert "is already there and not empty" in " ".join(ends(command, tmp_path).split())
    assert "is already there and not empty" in " ".join(ends(command, tmp_path / "mine.txt").split())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_example_is_written_as_it_is_committed(tmp_path):
    ends("example", tmp_path / "again", status=0)
    committed = PROJECT / "data" / "example"
    names = [name for name in files_of(committed) if not name.startswith(("private/", "."))]
    same, different, lost = filecmp.cmpfiles(committed, tmp_path / "again", names, shallow=False)
    assert not different and not lost and len(same) == len(files_of(tmp_path / "again"))


def test_an_error_of_the_program_is_owned_up_to_and_shown_whole_only_when_asked(study, monkeypatch):
    def broken(folder):
        try:
            return {}["AB" + "12CD"]
        except KeyError as error:
            raise ValueError(f"could not convert: {error}") from error

    monkeypatch.setattr("analysis.checking.inspection.inspected", broken)
    said = " ".join(ends("check", study, status=1).split())
    assert "an error of its own: ValueError: could not convert: … Please" in said
    shown = CliRunner().invoke(main, ["--debug", "check", str(study)])
    assert shown.exit_code == 1 and shown.stderr.count(", in broken") == 2
    assert "KeyError" in shown.stderr and "ValueError" in shown.stderr
    assert "AB12CD" not in shown.stderr


@pytest.fixture
def run_of(tmp_path, monkeypatch):
    """Runs of the tiny study that make no report, as if each was made at once and those of `fails` failed; the last run's
    specs stand in `run_of.specs`."""
    folder = tiny_study(tmp_path / "study")

    def run(*arguments, fails=(), kept=()):
        def made(specs, jobs, force, on_step):
            run.specs = specs
            return [Result(one.key, one.name, "failed", 1.0, "ValueError: [x]") if one.key in fails
                    else Result(one.key, one.name, "made", 1.0, folder=one.folder, kept=kept) for one in specs]

        monkeypatch.setattr(workers, "run_reports", made)
        return CliRunner().invoke(main, ["run", str(folder), "--out", str(tmp_path / "out"), *arguments])

    run.folder = folder
    return run


def test_exit_status_is_1_and_the_others_are_made_when_a_report_fails(run_of):
    result = run_of(fails=["FI"])
    assert result.exit_code == 1
    assert "Suomi & Åland: ValueError: [x]" in result.stderr
    assert "Estonia [pilot]" in result.stdout and "countries/EE" in result.stdout
    assert "countries/FI" not in result.stdout


def test_a_run_ends_with_the_surveys_that_seem_to_be_swapped(run_of):
    path = run_of.folder / "raw" / "FI-post.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2022-10-03", "2022-03-03"), encoding="utf-8")
    result = run_of()
    last = result.stdout.rstrip().splitlines()[-1]
    assert result.exit_code == 0 and last.startswith("Suomi & Åland: the two surveys seem to be swapped: 23 of 23 matched")


@pytest.mark.parametrize(("declared", "asked", "spoken"), [
    ("", [], ("en",)),
    ("", ["--language", "et"], ("en", "et")),
    ('languages = ["en", "et"]\n', [], ("en", "et")),
    ('languages = ["et", "en"]\n', ["--language", "en", "--language", "et"], ("et", "en")),
])
def test_reports_are_in_the_study_s_first_language_and_in_those_asked_for(run_of, declared, asked, spoken):
    settings = run_of.folder / "study.toml"
    settings.write_text(declared + settings.read_text(encoding="utf-8"), encoding="utf-8")
    assert run_of("--country", "EE", *asked).exit_code == 0
    assert [spec.languages for spec in run_of.specs] == [spoken]


def test_a_language_that_the_codebook_lacks_is_told_before_any_report(run_of):
    result = run_of("--language", "sv")
    assert result.exit_code == 2 and "no texts in “sv”; expected en or et" in result.stderr and not hasattr(run_of, "specs")


def test_a_run_says_which_files_of_others_it_kept(run_of):
    result = run_of("--country", "EE", kept=("minutes.txt", "report.et.pdf"))
    assert "Estonia [pilot]: kept minutes.txt and report.et.pdf, which this run did not make." in result.stdout


def test_a_second_run_finds_everything_up_to_date(tiny_run):
    before = {path: path.stat().st_mtime_ns for path in tiny_run.reports.rglob("report.html")}
    ended = run_here(tiny_run.study, tiny_run.reports.parent)
    assert ended.status == 0 and ended.output.count(": up to date") == 5
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_exploring_happens_on_a_copy_in_the_private_folder_that_is_kept(study, monkeypatch):
    started = []
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("analysis.exploring.explore", lambda *given: started.append(given) or 0)
    ends("explore", study, status=0)
    signal.signal(signal.SIGINT, before)
    notebook = study / "private" / "explore.ipynb"
    assert started == [(notebook, study, None, True)] and '\\"..\\")' in notebook.read_text(encoding="utf-8")
    notebook.write_text("mine", encoding="utf-8")
    ends("explore", study, status=0)
    signal.signal(signal.SIGINT, before)
    assert notebook.read_text(encoding="utf-8") == "mine"


def test_the_example_is_written_afresh_over_itself_and_over_nothing_else(tmp_path):
    folder = tmp_path / "example"
    ends("example", folder, status=0)
    study = (folder / "study.toml").read_bytes()
    (folder / "study.toml").write_text("spoilt", encoding="utf-8")
    ends("example", folder, status=0)
    assert (folder / "study.toml").read_bytes() == study
    (folder / "truth.json").unlink()
    ends("example", folder, status=2)


@pytest.mark.parametrize("arguments", [
    ["{study}", "--country", "XX", "YY"], ["--country", "XX", "YY", "{study}"], ["--country", "XX", "{study}"],
    ["{study}", "--country", "XX", "--jobs", "1", "--country", "YY"], ["--country", "XX", "YY", "--force", "{study}"],
])
def test_several_countries_may_follow_one_option(study, arguments):
    """XX is none of the study's, so the command ends with the study read and the first country named."""
    said = ends("run", *(argument.format(study=study) for argument in arguments))
    assert "the study has no country “XX”" in said


def test_each_country_after_the_option_is_taken(study):
    assert "the study has no country “YY”" in ends("run", study, "--country", "EE", "YY")
