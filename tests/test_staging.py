"""What is staged in private/: equal to what is read anew, and never older than its study."""

from __future__ import annotations

import hmac
import os
import pickle
import stat

import pandas as pd
import pytest

from analysis import staging
from analysis.staging import FOLDER, Staging
from analysis.study.folder import read_study
from analysis.study.populations import Population
from support import study_folder, write_csv

HEADER = ["code", "school", "p1", "p2", "p3"]


@pytest.fixture
def folder(tmp_path):
    exports = []
    for country in ("EE", "FI"):
        for wave in ("pre", "post"):
            rows = [[f"c{n}x{n}", "AB"[n % 2], 1 + n % 5, 2 + (wave == "post"), 3 + (n + len(country + wave)) % 3]
                    for n in range(12 + (country == "FI"))]
            write_csv(tmp_path / "raw" / f"{country}-{wave}.csv", [HEADER, *rows])
            exports.append({"country": country, "file": f"raw/{country}-{wave}.csv", "wave": wave})
    leaders = [[f"l{n}", "A", 4, 5, 4] for n in range(6)]
    write_csv(tmp_path / "raw" / "leaders.csv", [HEADER, *leaders])
    exports.append({"country": "EE", "file": "raw/leaders.csv", "wave": "pre", "respondents": "leaders"})
    return study_folder(tmp_path, exports, countries={"EE": 'name = "Estonia"', "FI": 'name = "Finland"'})


def read_files(monkeypatch) -> list[str]:
    """The files that are coded from now on."""
    read, coded = [], staging.coded_of
    monkeypatch.setattr(staging, "coded_of", lambda study, export: read.append(export.file) or coded(study, export))
    return read


def staged(folder) -> Staging:
    first = Staging(read_study(folder))
    first.stage()
    return first


def test_what_is_staged_is_what_would_be_read(folder, monkeypatch):
    first = staged(folder)
    made = {population: first.panel("EE", population) for population in (Population(), Population("leaders"))}
    read, again = read_files(monkeypatch), Staging(read_study(folder))
    for population, one in made.items():
        other = again.panel("EE", population)
        assert one.study.settings == other.study.settings
        assert one.population == other.population == population
        for name in ("respondents", "false_matches"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
        for name in ("answers", "scores", "complete"):
            for wave, frame in getattr(one, name).items():
                pd.testing.assert_frame_equal(frame, getattr(other, name)[wave])
        assert (one.items, one.asked, one.notices, one.linked.counts) == (
            other.items, other.asked, other.notices, other.linked.counts)
    pd.testing.assert_frame_equal(first.responses.frame, again.responses.frame)
    assert again.responses.exports == first.responses.exports
    assert not read, "no file was read again"


def test_a_changed_file_has_its_country_read_again_and_no_other(folder, monkeypatch):
    staged(folder)
    path = folder / "raw" / "FI-post.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("c0x0,A,1", "c0x0,A,5"), encoding="utf-8")
    read = read_files(monkeypatch)
    again = Staging(read_study(folder))
    assert again.panel("FI").answers["post"]["p1"].max() == 5
    again.stage()
    assert sorted(set(read)) == ["raw/FI-post.csv", "raw/FI-pre.csv"]
    read.clear()
    assert Staging(read_study(folder)).countries == ["EE", "FI"] and not read


@pytest.mark.parametrize("change", [
    lambda folder: (folder / "study.toml").write_text(
        (folder / "study.toml").read_text(encoding="utf-8").replace("title", "seed = 4\ntitle"), "utf-8"),
    lambda folder: (folder / "codebook" / "scales.csv").write_bytes(
        (folder / "codebook" / "scales.csv").read_bytes().replace(b"\n", b"\r\n")),
    lambda folder: (folder / FOLDER / "EE").write_bytes((folder / FOLDER / "EE").read_bytes()[:-1] + b","),
    lambda folder: (folder / FOLDER / "EE").write_bytes(b""),
])
def test_nothing_staged_is_used_when_settings_codebook_or_the_file_itself_changed(folder, monkeypatch, change):
    staged(folder)
    change(folder)
    read = read_files(monkeypatch)
    Staging(read_study(folder)).panel("EE")
    assert "raw/EE-pre.csv" in read


def test_staging_reads_every_file_once(folder, monkeypatch):
    read = read_files(monkeypatch)
    first = staged(folder)
    first.panel("EE", Population("leaders"))
    assert sorted(read) == sorted(export.file for export in first.study.settings.exports)


def test_answers_keep_their_labels_when_another_country_changes(folder):
    before = staged(folder).panel("FI")
    path = folder / "raw" / "EE-pre.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:-2]) + "\n", encoding="utf-8")
    again = Staging(read_study(folder))
    labels = again.panel("FI").respondents["post"].dropna()
    assert labels.tolist() == before.respondents["post"].dropna().tolist()
    assert set(again.responses.frame.loc[labels.to_numpy(int), "file"]) == {"raw/FI-post.csv"}


def test_a_file_exchanged_while_it_was_read_is_not_staged(folder, monkeypatch):
    first = Staging(read_study(folder))
    assert len(first.responses.frame)
    write_csv(folder / "raw" / "EE-pre.csv", [HEADER, ["a1", "A", 1, 1, 1]])
    first.stage()
    assert {path.name for path in (folder / FOLDER).iterdir()} == {"FI"}


def test_a_signed_file_makes_nothing_but_records(folder, monkeypatch, tmp_path):
    first = staged(folder)

    class Hostile:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "made"),)

    content = pickle.dumps(Hostile())
    key = staging.private_key(first.study)
    signature = hmac.digest(key, first._made_of["EE"] + content, "sha256")
    (folder / FOLDER / "EE").write_bytes(signature + content)
    read = read_files(monkeypatch)
    Staging(read_study(folder)).panel("EE")
    assert not (tmp_path / "made").exists() and read


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_nobody_but_the_owner_can_read_what_is_staged(folder):
    staged(folder)
    assert stat.S_IMODE((folder / FOLDER).stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / FOLDER).iterdir()} == {0o600}
