"""How answers were matched, and how many matches may be false."""

from __future__ import annotations

from analysis.language import Language
from analysis.sections import matching
from analysis.sections.parts import Table, Text
from analysis.sections.results import of_country
from panels import random_rows, tiny_results
from reviews import a_study, decide, panel_of

KINDS = "exact near ambiguous pre_only post_only duplicate_identical duplicate_conflicting no_code".split()
LARGE = {"Tartu": (9, 6, 7), "Rakvere": (12, 5, 8), "Õru": (6, 0, 9)}


def results_of(folder, pre, post, **study):
    return tiny_results(folder, matching, pre=pre, post=post, **study)


def text_of(results):
    return " ".join(block.markdown for block in matching.annex(results) if isinstance(block, Text))


def test_linking_has_a_row_per_kind(tmp_path):
    pre, post = random_rows(1, LARGE)
    pre[0][0] = post[4][0] = ""
    found = results_of(tmp_path, [*pre, pre[1]], post, settings='codes = "assigned"\n')
    table = found.table("linking")
    assert list(table.columns) == ["kind", "n"] and table["kind"].tolist() == KINDS
    assert table["n"].tolist() == [25, 0, 0, 13, 26, 1, 0, 2]
    shown = next(block for block in matching.annex(found) if isinstance(block, Table))
    assert [row[1] for row in shown.rows] == ["25", "13", "26", "1", "2"]


def test_the_rule_is_that_of_the_codes(tmp_path):
    made, given = (text_of(results_of(tmp_path / codes, *random_rows(1, LARGE), settings=f'codes = "{codes}"\n'))
                   for codes in ("self-generated", "assigned"))
    assert "edit distance of one" in made and "edit distance" not in given and "Codes were assigned" in given


def test_contradicting_submissions_are_explained_where_there_are_any(tmp_path):
    pre, post = random_rows(1, LARGE)
    again = [*pre[0][:2], *(6 - answer for answer in pre[0][2:])]
    assert "contradict each other" not in text_of(results_of(tmp_path / "none", pre, post))
    assert "contradict each other" in text_of(results_of(tmp_path / "two", [*pre, again], post))


def test_numbers_of_pairs_are_published_by_their_first_digit_and_kept_precise_for_the_owner(tmp_path):
    found = results_of(tmp_path / "protected", *random_rows(1, LARGE))
    precise, published = found.precise("false_matches"), found.table("false_matches")
    assert precise["compared"].iloc[0] == 38 * 51 - (15 * 16 + 17 * 20 + 6 * 15)
    assert published["compared"].iloc[0] == 1000 and published["matches"].tolist() == precise["matches"].tolist()
    public = results_of(tmp_path / "public", *random_rows(1, LARGE), settings="minimum_group = 1\n")
    assert public.table("false_matches")["compared"].tolist() == precise["compared"].tolist()


def test_false_matches_of_one_school_are_not_estimated(tmp_path):
    assert "can't be estimated" in text_of(results_of(tmp_path, *random_rows(1, {"Tartu": (9, 6, 7)})))


def test_a_clerical_review_is_told(tmp_path):
    decide(a_study(tmp_path / "a"), {("4", "3"): "no"})
    decided, not_decided = (text_of(of_country(panel_of(folder), [matching], Language())) for folder in (
        tmp_path / "a", a_study(tmp_path / "b", settings='codes = "assigned"\n')))
    assert "a person decided on 1 pair or double submission" in decided and "clerical" not in not_decided
