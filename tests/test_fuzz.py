"""Whatever bytes a partner sends: an answer or an error, never a traceback.

`ANALYSIS_FUZZ=10000` in the environment tries so many inputs per reader instead of the few of a usual run.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import StudyError
from analysis.responses import read_responses
from analysis.study.folder import read_study
from support import PRE, study_folder, write_csv, write_sav, write_xlsx
from survey_exports import native
from survey_exports.native import UnreadableError

TRIES = int(os.environ.get("ANALYSIS_FUZZ", "0"))
PIECES = [
    b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b";", b",", b"\t", b"\n", b"\r", b"\r\n", b"=", b"[",
    b"]]", b"{", b"}", b"\\u0000", b'"""', b"#", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"\xed\xa0\x80",
    b"\xf4\x8f\xbf\xbf", b"1e999", b"-0", b"nan", b"inf", b"9" * 400, b"code", b"school", b"p1", b"EE", b"pre",
    b"agree", b"likert", b"text_en", b"label_en", b"yes", b"p1:1", b"tools:tablet", b"\x85", b"\x1a", b"\x80", b"<>&",
    b"../", b"CON", b"C:\\", b"\xe1\x83\x90", b"0001", b"2022-13-45", b"99/99/9999", b"24:61", b'{"ImportId":"a"}',
    b"sep=;\n", b"A1", b"N/A", b"-oth-",
]
NUMBERS = [b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\0\0\0\x80", b"\0\0\0\0", b"\x01\0\0\0", b"\0\0\0\x10"]


def tries(usual: int):
    return settings(
        max_examples=TRIES or usual, deadline=None, derandomize=not TRIES, database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@st.composite
def mutated(draw, whole: bytes, pieces=tuple(PIECES)):
    """The bytes with a few places changed, cut, doubled or swapped for what is known to trouble readers."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.sampled_from([0, 1, 2, 4, 16, 200]))
        new = draw(st.one_of(st.sampled_from(pieces), st.binary(max_size=4), st.just(bytes(content[at:at + length]) * 2)))
        content[at:at + length] = new
    return bytes(content)


def tried(folder: Path) -> None:
    """Read the study in `folder`; only a StudyError with sentences may come out."""
    try:
        read_responses(read_study(folder))
    except StudyError as error:
        assert error.issues
        for issue in error.issues:
            assert issue.message.strip() and "Traceback" not in issue.message


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = study_folder(tmp_path_factory.mktemp("fuzzed") / "study", settings='seed = 1\nprimary_scales = ["pedagogy"]\n')
    write_csv(folder / "raw" / "pre.csv", PRE)
    return folder


@pytest.mark.parametrize(
    "name", ["raw/pre.csv", "study.toml", "codebook/scales.csv", "codebook/items.csv", "codebook/answers.csv"])
def test_a_text_file_with_any_bytes_in_it_is_read_or_complained_of(whole, tmp_path, name):
    folder = shutil.copytree(whole, tmp_path / "study")
    usual = (folder / name).read_bytes()

    @tries(60)
    @given(st.one_of(mutated(usual), st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join)))
    def check(content):
        (folder / name).write_bytes(content)
        tried(folder)

    check()


def within_this_process(kind: str, path: Path, **options):
    """What a reader of another process would answer, without the time to start one."""
    try:
        state, result = {"workbook": native._workbook, "spss": native._spss}[kind](str(path), **options)
    except BaseException as error:
        raise UnreadableError(" ".join(str(error).split()) or type(error).__name__) from None
    if state != "read":
        raise UnreadableError(result, locked=state == "locked")
    return result


@pytest.mark.parametrize("name", ["raw/pre.xlsx", "codebook/codebook.xlsx"])
def test_a_workbook_with_any_bytes_in_its_parts_is_read_or_complained_of(whole, tmp_path, monkeypatch, name):
    folder = study_folder(tmp_path / "study", [{"file": "raw/pre.xlsx"}])
    write_xlsx(folder / "raw" / "pre.xlsx", PRE)
    if name.startswith("codebook"):
        from support import ANSWERS, ITEMS, SCALES

        shutil.rmtree(folder / "codebook")
        write_xlsx(folder / name, {"scales": SCALES, "items": ITEMS, "answers": ANSWERS})
    monkeypatch.setattr(native, "_apart", within_this_process)
    usual = (folder / name).read_bytes()
    repacked = unpacked(usual)

    @tries(25)
    @given(st.one_of(mutated(usual), st.sampled_from(sorted(repacked)).flatmap(
        lambda part: mutated(repacked[part]).map(lambda content: packed(repacked | {part: content})))))
    def check(content):
        (folder / name).write_bytes(content)
        tried(folder)

    check()


def unpacked(content: bytes) -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return stream.getvalue()


def test_an_spss_file_with_any_bytes_in_it_is_read_or_complained_of(tmp_path):
    folder = study_folder(tmp_path / "study", [{"file": "raw/pre.sav"}])
    columns = {name: [row[place] for row in PRE[1:]] for place, name in enumerate(PRE[0])}
    columns["p1"] = [1.0, 2.0]
    path = write_sav(folder / "raw" / "pre.sav", columns, variable_value_labels={"p1": {1.0: "Strongly disagree"}})
    usual = path.read_bytes()

    @tries(4)
    @given(mutated(usual, tuple(NUMBERS)))
    def check(content):
        path.write_bytes(content)
        tried(folder)

    check()


def test_a_file_that_crashes_its_reader_is_one_sentence(tmp_path, monkeypatch):
    folder = study_folder(tmp_path / "study", [{"file": "raw/pre.sav"}])
    write_sav(folder / "raw" / "pre.sav", {"p1": [1.0, 2.0]})
    crash = tmp_path / "sitecustomize.py"
    crash.write_text("import os, sys\nif 'survey_exports.native' in sys.orig_argv:\n    os.abort()\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(StudyError) as raised:
        read_responses(read_study(folder))
    assert str(raised.value) == (
        "raw/pre.sav: the SPSS file can't be read (its reader broke down over it; it is damaged or far too large).")
    assert pyreadstat.read_sav(str(folder / "raw" / "pre.sav"))[0].shape == (2, 1)
