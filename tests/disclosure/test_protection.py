"""The protected sample: which answers leave a panel before anything is computed of it."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import protected
from panels import HEADER, random_rows, tiny_panel


def made(folder, *schools: tuple[int, int, int], minimum=5, edit=None, **study):
    """The panel as read and as protected; a school is its matched, its baseline-only and its follow-up-only teachers."""
    pre, post = random_rows(2, dict(zip("ABCDEFGH", schools, strict=False)))
    if edit:
        edit(pre, post)
    panel = tiny_panel(folder, pre, post, **study)
    return panel, protected(panel, Policy(minimum))


def classes(panel, of, name) -> list[int]:
    """How many are matched, baseline only, follow-up only."""
    pre, post = (of[wave][name].notna().to_numpy() for wave in ("pre", "post"))
    return [int(group.sum()) for group in (pre & post, pre & ~post, ~pre & post)]


@pytest.mark.parametrize(("school", "left"), [
    ((20, 6, 7), [20, 6, 7]), ((20, 4, 7), [20, 0, 7]), ((20, 6, 1), [20, 6, 0]), ((3, 6, 7), [0, 6, 7]),
    ((20, 0, 0), [20, 0, 0])])
def test_a_class_too_small_to_publish_leaves_every_scale_and_item(tmp_path, school, left):
    _panel, published = made(tmp_path, school)
    for of, names in ((published.scores, ["pedagogy", "leadership"]), (published.answers, HEADER[2:])):
        assert {tuple(classes(published, of, name)) for name in names} == {tuple(left)}
    assert (published.left == set()) == (list(school) == left)


def test_public_data_stay_as_they_are(tmp_path):
    panel, published = made(tmp_path, (20, 1, 1), minimum=1)
    assert all(published.scores[wave].equals(panel.scores[wave]) for wave in panel.scores) and not published.left


def test_the_panel_that_was_read_stays_as_it_was(tmp_path):
    panel, _published = made(tmp_path, (20, 1, 1))
    assert classes(panel, panel.scores, "pedagogy") == [20, 1, 1]


def skipping(*teachers: int):
    """Those, by their place among the matched of both surveys, skip the first item."""
    def edit(pre, post):
        for teacher in teachers:
            pre[teacher][2] = ""
    return edit


@pytest.mark.parametrize(("skippers", "stay"), [(1, 19), (4, 16), (5, 20)])
def test_a_few_who_skipped_an_item_leave_the_scale(tmp_path, skippers, stay):
    _panel, published = made(tmp_path, (20, 0, 0), edit=skipping(*range(skippers)))
    assert classes(published, published.scores, "pedagogy")[0] == stay


def test_a_few_without_a_school_leave(tmp_path):
    def edit(pre, post):
        for row in (pre[0], pre[1]):
            row[1] = ""
    _panel, published = made(tmp_path, (20, 8, 8), edit=edit)
    without = published.respondents["school"].eq("").to_numpy()
    assert without.any() and published.scores["pre"].loc[without, "pedagogy"].isna().all()


def test_an_item_that_all_answered_alike_leaves_with_another_to_cover_it(tmp_path):
    def edit(pre, post):
        for row in pre:
            row[2] = 3
    _panel, published = made(tmp_path, (20, 0, 0), edit=edit)
    gone = [item for item in HEADER[2:5] if published.answers["pre"][item].isna().all()]
    assert len(gone) == 2 and "p1" in gone and classes(published, published.scores, "pedagogy")[0] == 20


def test_a_scale_that_all_changed_alike_leaves_whole(tmp_path):
    def edit(pre, post):
        for before, after in zip(pre, post, strict=True):
            before[5], after[5] = 2, 3
    _panel, published = made(tmp_path, (20, 0, 0), edit=edit)
    assert classes(published, published.scores, "leadership") == [0, 0, 0] and "leadership" in published.left


def test_the_unmatched_who_all_gave_one_answer_leave(tmp_path):
    def edit(pre, post):
        for row in pre[20:]:
            row[5] = 4
    _panel, published = made(tmp_path, (20, 6, 6), edit=edit)
    assert classes(published, published.scores, "leadership") == [20, 0, 6]


def test_what_does_not_change_is_published_at_baseline_only(tmp_path):
    pre, post = random_rows(2, {"A": (20, 6, 6)})
    pre, post = ([[*row, "fm"[place % 2]] for place, row in enumerate(rows)] for rows in (pre, post))
    published = protected(tiny_panel(tmp_path, pre, post, header=[*HEADER, "gender"]))
    assert published.answers["pre"]["gender"].notna().sum() == 26 and published.answers["post"]["gender"].isna().all()


def test_any_two_classes_differ_by_nobody_or_enough_whoever_is_lacking(tmp_path):
    rng = np.random.default_rng(5)
    for draw in range(10):
        schools = [tuple(int(n) for n in rng.integers(0, [12, 4, 4])) for _school in range(4)]
        _panel, published = made(tmp_path / str(draw), *schools, (5, 1, 1))
        for name in ("pedagogy", "leadership"):
            assert not any(0 < n < 5 for n in classes(published, published.scores, name)), schools
