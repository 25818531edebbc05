"""The folder `private/` and its key: for the owner alone, made once, and public only where nobody is to be protected."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from analysis.errors import StudyError
from analysis.study.folder import read_study
from analysis.study.private import KEY_FILE, keyed_digest, private_folder, private_key, put_private
from support import study_folder

MODES = pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")


def study_without_key(folder, settings=""):
    study_folder(folder, settings=settings)
    (folder / KEY_FILE).unlink()
    return read_study(folder)


def mode(path) -> int:
    return path.stat().st_mode & 0o777


@MODES
def test_nobody_but_its_owner_can_open_what_is_private(tmp_path):
    put_private("precise", tmp_path, "private/precise/EE/change.csv")
    paths = [tmp_path / "private", *(tmp_path / "private").rglob("*")]
    assert [mode(path) for path in paths] == [0o700, 0o700, 0o700, 0o600]
    private_key(study_without_key(tmp_path / "study"))
    assert mode(tmp_path / "study" / KEY_FILE) == 0o600


@MODES
def test_what_was_open_to_others_is_closed_but_not_what_a_link_leads_to(tmp_path):
    (tmp_path / "private").mkdir(mode=0o755)
    (tmp_path / "private" / "old.csv").write_text("codes", encoding="utf-8")
    (tmp_path / "elsewhere").write_text("another's", encoding="utf-8")
    (tmp_path / "elsewhere").chmod(0o644)
    (tmp_path / "private" / "link").symlink_to(tmp_path / "elsewhere")
    folder = private_folder(tmp_path)
    assert (mode(folder), mode(folder / "old.csv"), mode(tmp_path / "elsewhere")) == (0o700, 0o600, 0o644)


def test_a_key_is_made_once_whoever_asks_first_and_is_another_in_every_study(tmp_path):
    study = study_without_key(tmp_path / "one")
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: private_key(study), range(16)))
    assert len(keys) == 1 and len(keys.pop()) == 32
    assert {path.name for path in (tmp_path / "one" / "private").iterdir()} == {"key"}
    assert private_key(study) != private_key(study_without_key(tmp_path / "other"))


def test_the_key_of_a_synthetic_study_follows_from_its_seed_and_is_not_kept(tmp_path):
    one, same, other = (study_without_key(tmp_path / name, f"synthetic = true\nseed = {seed}\n")
                        for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert private_key(one) == private_key(same) != private_key(other)
    assert not (one.folder / KEY_FILE).exists()


@pytest.mark.parametrize("content", ["", "5e", "not a key", "é" * 64, "5e" * 31 + "x"])
def test_a_key_that_was_spoilt_is_told_with_what_to_do(tmp_path, content):
    study = read_study(study_folder(tmp_path))
    (tmp_path / KEY_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=r"private/key: expected the 64 digits that were written here\. Put them back"):
        private_key(study)


def test_a_key_that_can_not_be_kept_is_told(tmp_path):
    study = study_without_key(tmp_path)
    (tmp_path / "private").rmdir()
    (tmp_path / "private").write_text("", encoding="utf-8")
    with pytest.raises(StudyError, match=r"private/key: the study's key can't be kept here .*no report is made without"):
        private_key(study)


def test_a_keyed_digest_is_the_hmac_of_rfc_4231():
    assert keyed_digest(b"Jefe", b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
