"""What a reader will ask about a study, and study.toml doesn't say."""

from __future__ import annotations

from analysis.study.folder import read_study
from analysis.study.settings import ASKED_BY_READERS
from support import study_folder


def unsaid(folder, setting):
    return read_study(study_folder(folder, countries={"EE": f'name = "Estonia"\n{setting}'})).settings.unsaid


def test_what_the_setting_leaves_open_is_known_by_its_keys(tmp_path):
    said = '[setting]\nmentoring = "m"\nethics = "e"\nconsent_et = "n"\n'
    assert unsaid(tmp_path, said) == ["dates", "eligibility", "consent", "data_availability", "citation"]


def test_nothing_is_open_where_all_is_said(tmp_path):
    assert unsaid(tmp_path, "[setting]\n" + "\n".join(f'{key} = "x"' for key in ASKED_BY_READERS)) == []
    assert unsaid(tmp_path, "") == list(ASKED_BY_READERS)
