import pytest
from drawn import WIDTHS, overlaps, texts

from analysis.figures import flow

KNOWN = flow.Flow(188, 142, 71, 25, {"by equal codes": 109, "by nearly equal codes": 8}, invited=205)


def test_every_number_stands_in_its_box_and_links_are_told_apart_by_kind():
    shown = texts(flow.figure(KNOWN))
    for number, what in (("205", "teachers invited"), ("188", "answered before"), ("117", "linked"), ("25", "only after")):
        assert shown[shown.index(what) - 1] == number
    assert "109 by equal codes" in shown and "8 by nearly equal codes" in shown


def test_one_kind_of_link_is_not_repeated_below_the_number():
    shown = texts(flow.figure(flow.Flow(10, 9, 2, 1, {"by equal codes": 8})))
    assert "8" in shown and not any("equal codes" in text for text in shown)


def test_the_share_of_those_who_answered_stands_only_where_the_number_invited_is_known():
    assert "92 % of those invited" in " ".join(texts(flow.figure(KNOWN)))
    aimed = flow.Flow(188, 142, 71, 25, {"by equal codes": 117}, aimed_at=205)
    shown = texts(flow.figure(aimed))
    assert "teachers aimed at" in shown and not any("%" in text for text in shown)
    assert not any("invited" in text or "aimed" in text for text in texts(flow.figure(flow.Flow(5, 5, 0, 0, {"a": 5}))))


def test_alt_text_says_the_same_numbers():
    text = flow.alt_text(KNOWN)
    for number in ("205 teachers were invited", "188 answered before", "142 after", "117 could be linked", "71 answered"):
        assert number in text


@WIDTHS
@pytest.mark.parametrize("numbers", [KNOWN, flow.Flow(12345, 12345, 1, 2, {"by equal codes": 12300, "near": 40})])
def test_no_text_covers_another_or_leaves_the_page(numbers, width):
    assert overlaps(flow.figure(numbers, heading="Flow", width=width, synthetic=True)) == []
