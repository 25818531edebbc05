"""Which answers are taken for one respondent's, and what becomes of the others."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.linking.links import KINDS, Decisions, link, normalised_code
from analysis.responses import read_responses
from analysis.scales import constant_kinds
from analysis.study.folder import read_study
from analysis.study.populations import TEACHERS

ITEMS = ["a", "b"]
EXAMPLE = Path(__file__).parents[2] / "data" / "example"


def answers(*rows) -> pd.DataFrame:
    """Rows of wave, school, code and, if wanted, the answers to a and b and a time."""
    filled = [(*row, *(1.0, 2.0, None)[len(row) - 3 :]) for row in rows]
    frame = pd.DataFrame(filled, columns=["wave", "school", "code", *ITEMS, "submitted"])
    frame["submitted"] = pd.to_datetime(frame["submitted"])
    return frame.assign(file="f.csv", row=range(2, len(frame) + 2))


def pairs(linked) -> set[tuple[int, int]]:
    exact = linked.respondents.query("kind == 'exact'")
    return set(zip(exact["pre"], exact["post"], strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AB12", "ab12"),
        (" ab12\t", "ab12"),
        ("ＡＢ１２", "ab12"),
        ("Õ\u0308", "õ\u0308"),
        ("a\u0308b", "äb"),
        ("straße", "STRASSE"),
        ("\u10dd12", "\u1c9d12"),
        ("Σας", "σασ"),
        ("ol1", "0i1"),
        ("O0lI", "00il"),
    ],
)
def test_codes_that_differ_in_form_only_are_equal(one, other):
    assert normalised_code(one) == normalised_code(other)


def test_georgian_letters_stay_mkhedruli():
    assert normalised_code("ნი07თბ2") == "ნი07თბ2"


@pytest.mark.parametrize(("one", "other"), [("ab12", "ab13"), ("ab12", "ab1"), ("ö1", "o1"), ("ab12", "ba12")])
def test_codes_one_edit_apart_differ(one, other):
    assert normalised_code(one) != normalised_code(other)


def test_serial_numbers_keep_look_alikes_apart_but_not_case():
    assert normalised_code("I1", "assigned") != normalised_code("L1", "assigned")
    assert normalised_code("O1", "assigned") != normalised_code("01", "assigned")
    assert normalised_code("a1 ", "assigned") == normalised_code("A1", "assigned")


def test_equal_codes_of_one_school_link_and_the_others_answered_once():
    linked = link(answers(("pre", "S", "A1"), ("pre", "S", "b2"), ("post", "S", "a1"), ("post", "S", "c3")), ITEMS)
    assert pairs(linked) == {(0, 2)}
    assert linked.respondents["kind"].tolist().count("pre_only") == 1
    assert linked.counts == dict.fromkeys(KINDS, 0) | {"exact": 1, "pre_only": 1, "post_only": 1}


def test_equal_codes_of_two_schools_never_link():
    linked = link(answers(("pre", "S", "a1"), ("post", "T", "a1"), ("post", "", "a1")), ITEMS)
    assert pairs(linked) == set() and linked.counts["post_only"] == 2


def test_without_any_school_equal_codes_link():
    assert pairs(link(answers(("pre", "", "a1"), ("post", "", "a1")), ITEMS)) == {(0, 1)}


def test_look_alike_codes_link_if_self_generated_only():
    frame = answers(("pre", "S", "o1"), ("post", "S", "0l"))
    assert pairs(link(frame, ITEMS)) == {(0, 1)}
    assert pairs(link(frame, ITEMS, "assigned")) == set()


def test_answers_without_a_code_are_never_linked_nor_taken_for_duplicates():
    linked = link(answers(("pre", "S", ""), ("pre", "S", "  "), ("post", "S", "")), ITEMS)
    assert len(linked.respondents) == 3
    assert linked.counts == dict.fromkeys(KINDS, 0) | {"pre_only": 2, "post_only": 1, "no_code": 3}


def test_identical_submissions_collapse_into_one():
    linked = link(
        answers(("pre", "S", "a1"), ("pre", "S", "A1"), ("pre", "S", "a1"), ("post", "S", "a1")), ITEMS
    )
    assert len(linked.respondents) == 1 and linked.counts["exact"] == 1
    assert linked.counts["duplicate_identical"] == 2 and linked.counts["duplicate_conflicting"] == 0


def test_identical_submissions_with_the_same_answer_missing_collapse():
    linked = link(answers(("pre", "S", "a1", 1.0, None), ("pre", "S", "a1", 1.0, None)), ITEMS)
    assert len(linked.respondents) == 1 and linked.counts["duplicate_identical"] == 1


def test_conflicting_submissions_without_a_time_are_all_set_aside():
    linked = link(answers(("pre", "S", "a1"), ("pre", "S", "a1", 5.0), ("post", "S", "a1")), ITEMS)
    assert linked.counts == dict.fromkeys(KINDS, 0) | {"post_only": 1, "duplicate_conflicting": 2}
    assert linked.respondents["pre"].isna().all()


def test_of_conflicting_submissions_the_latest_counts_if_it_is_as_complete():
    linked = link(
        answers(
            ("pre", "S", "a1", 1.0, 4.0, "2023-02-02"),
            ("pre", "S", "a1", 1.0, None, "2023-02-01"),
            ("post", "S", "a1"),
        ),
        ITEMS,
    )
    assert pairs(linked) == {(0, 2)} and linked.counts["duplicate_conflicting"] == 1


def test_a_broken_off_response_without_a_time_gives_way_to_the_submitted_one():
    linked = link(
        answers(
            ("pre", "S", "a1", 1.0, None, None),
            ("pre", "S", "a1", 3.0, 4.0, "2023-02-01"),
            ("post", "S", "a1"),
        ),
        ITEMS,
    )
    assert pairs(linked) == {(1, 2)} and linked.counts["duplicate_conflicting"] == 1


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(("pre", "S", "a1", 1.0, None, "2023-02-02"), id="later but less complete"),
        pytest.param(("pre", "S", "a1", 1.0, 4.0, "2023-02-01"), id="same time"),
        pytest.param(("pre", "S", "a1", 1.0, 4.0, None), id="time not known"),
    ],
)
def test_conflicting_submissions_that_time_cannot_decide_are_set_aside(second):
    linked = link(answers(("pre", "S", "a1", 2.0, 2.0, "2023-02-01"), second), ITEMS)
    assert linked.respondents.empty and linked.counts["duplicate_conflicting"] == 2


def test_who_returned_to_the_first_answers_counts_with_them():
    linked = link(
        answers(
            ("pre", "S", "a1", 1.0, 1.0, "2023-02-01"),
            ("pre", "S", "a1", 5.0, 5.0, "2023-02-02"),
            ("pre", "S", "a1", 1.0, 1.0, "2023-02-03"),
        ),
        ITEMS,
    )
    assert linked.respondents["pre"].tolist() == [2]
    assert (linked.counts["duplicate_identical"], linked.counts["duplicate_conflicting"]) == (1, 1)


def test_the_same_code_in_two_schools_or_waves_is_no_duplicate():
    linked = link(answers(("pre", "S", "a1", 1.0), ("pre", "T", "a1", 2.0), ("post", "S", "a1", 3.0)), ITEMS)
    assert len(linked.respondents) == 2 and linked.counts["duplicate_conflicting"] == 0


def test_row_order_does_not_matter():
    frame = answers(
        ("pre", "S", "a1"), ("post", "S", "A1"), ("pre", "S", "b1"), ("pre", "T", "a1", 3.0, 3.0, "2023-01-02"),
        ("pre", "T", "a1", 4.0, 4.0, "2023-01-03"), ("post", "T", "a1"), ("post", "T", ""),
    )
    one, other = link(frame, ITEMS), link(frame.sample(frac=1, random_state=3), ITEMS)
    pd.testing.assert_frame_equal(one.respondents, other.respondents)
    assert one.counts == other.counts and pairs(one) == {(0, 1), (4, 5)}


def test_any_index_labels_will_do():
    frame = answers(("pre", "S", "a1"), ("post", "S", "a1")).set_axis([70, 9])
    assert pairs(link(frame, ITEMS)) == {(70, 9)}


def test_a_wave_for_looking_back_is_left_out():
    linked = link(answers(("pre", "S", "a1"), ("then", "S", "a1"), ("then", "S", "b1")), ITEMS)
    assert len(linked.respondents) == 1 and linked.counts["duplicate_conflicting"] == 0


@pytest.mark.parametrize("rows", [(), (("pre", "S", "a1"),), (("post", "", ""),)])
def test_no_row_or_one_is_linked_without_error(rows):
    linked = link(answers(*rows), ITEMS)
    assert list(linked.respondents.columns) == ["school", "kind", "pre", "post"]
    assert len(linked.respondents) == len(rows) and sum(linked.counts.values()) >= len(rows)


def test_every_answer_is_in_one_respondent_or_counted_as_double():
    frame = answers(
        ("pre", "S", "a1"), ("pre", "S", "a1"), ("pre", "S", "b1", 1.0), ("pre", "S", "b1", 2.0),
        ("pre", "S", ""), ("post", "S", "a1"), ("post", "S", "z9"), ("post", "T", ""),
    )
    linked = link(frame, ITEMS)
    counted = linked.respondents[["pre", "post"]].notna().sum().sum()
    assert counted + linked.counts["duplicate_identical"] + linked.counts["duplicate_conflicting"] == len(frame)


NEAR = {"subject": "choice", "born": "number", "taught": "multichoice", "place": "text"}


def people(*rows) -> pd.DataFrame:
    """Rows of wave, school, code and, if wanted, answers to the constant items as a mapping."""
    frame = answers(*(row[:3] for row in rows))
    for item in NEAR:
        frame[item] = pd.Series([row[3].get(item) if len(row) > 3 else None for row in rows], dtype=object)
    return frame


def near(*rows, **options) -> list[tuple[int, int, str, str]]:
    linked = link(people(*rows), ITEMS, constants=NEAR, **options)
    assert linked.counts["near"] == (linked.respondents["kind"] == "near").sum() == (linked.pairs["kind"] == "near").sum()
    return list(linked.pairs[["pre", "post", "kind", "reason"]].itertuples(index=False, name=None))


def test_nearly_equal_codes_link_if_nothing_else_is_as_near():
    rows = ("pre", "S", "AB12CD"), ("post", "S", "ab21cd"), ("pre", "S", "XY99ZZ"), ("post", "S", "QQ55RR")
    assert near(*rows) == [(0, 1, "near", "edit")]
    assert link(people(*rows), ITEMS).counts == dict.fromkeys(KINDS, 0) | {"near": 1, "pre_only": 1, "post_only": 1}


def test_equal_codes_go_before_nearly_equal_ones():
    assert near(("pre", "S", "ab12cd"), ("post", "S", "ab12cd")) == []
    both = near(("pre", "S", "ab12cd"), ("pre", "S", "ab13cd"), ("post", "S", "ab12cd"))
    assert both == []


def test_two_codes_as_near_are_ambiguous_and_counted_as_the_links_they_could_be():
    rows = ("pre", "S", "ab12cd"), ("pre", "S", "ab13cd"), ("post", "S", "ab1cd")
    assert near(*rows) == [(0, 2, "ambiguous", "several"), (1, 2, "ambiguous", "several")]
    assert link(people(*rows), ITEMS).counts["ambiguous"] == 1


def test_a_linked_colleagues_code_that_is_as_near_forbids_the_link():
    twins = ("pre", "S", "ab12cd"), ("post", "S", "ab12cd"), ("pre", "S", "ab13cd"), ("post", "S", "ab14cd")
    assert near(*twins) == [(2, 3, "ambiguous", "beside")]
    assert near(twins[2], twins[3]) == [(0, 1, "near", "edit")]


def test_a_code_set_aside_for_contradicting_submissions_forbids_a_link_to_a_code_like_it():
    rows = [("pre", "S", "ab12cd"), ("pre", "S", "ab12cd"), ("post", "S", "ab12cd"), ("pre", "S", "ab13cd")]
    frame = people(*rows)
    frame.loc[0, "a"] = 5.0
    linked = link(frame, ITEMS)
    assert linked.counts["near"] == 0 and linked.counts["duplicate_conflicting"] == 2
    assert linked.pairs["reason"].tolist() == ["beside"]


def test_codes_of_few_signs_do_not_link_when_one_sign_differs():
    assert near(("pre", "S", "ab12"), ("post", "S", "ab13")) == [(0, 1, "ambiguous", "short")]
    assert near(("pre", "S", "ab12"), ("post", "S", "ab123")) == [(0, 1, "near", "edit")]


def test_zeros_that_a_spreadsheet_dropped_link_however_many():
    assert near(("pre", "S", "0012"), ("post", "S", "12")) == [(0, 1, "near", "edit")]
    assert near(("pre", "S", "0012"), ("pre", "S", "012"), ("post", "S", "12")) == [
        (0, 2, "ambiguous", "several"), (1, 2, "ambiguous", "several")]


def test_nearly_equal_codes_of_two_schools_or_of_no_school_never_link():
    assert near(("pre", "S", "ab12cd"), ("post", "T", "ab13cd"), ("post", "", "ab14cd")) == []
    assert near(("pre", "", "ab12cd"), ("post", "", "ab13cd")) == [(0, 1, "near", "edit")]


def test_codes_that_were_handed_out_link_only_if_equal():
    assert near(("pre", "S", "ab12cd"), ("post", "S", "ab13cd"), codes="assigned") == []
    assert near(("pre", "S", "ab12cd"), ("post", "S", "ab13cd"), near=False) == []


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ({"subject": "m"}, {"subject": "m"}, "near"),
        ({"subject": "m"}, {"subject": "l"}, "ambiguous"),
        ({"subject": "m"}, {}, "near"),
        ({"born": 1970.0}, {"born": 1971.0}, "near"),
        ({"born": 1970.0}, {"born": 1972.0}, "ambiguous"),
        ({"taught": "m;p"}, {"taught": "p"}, "near"),
        ({"taught": "m;p"}, {"taught": "l"}, "ambiguous"),
        ({"taught": ""}, {"taught": ""}, "near"),
        ({"place": "Tartu"}, {"place": "Rakvere"}, "near"),
    ],
)
def test_an_answer_that_cannot_change_and_does_forbids_the_link(before, after, outcome):
    assert near(("pre", "S", "ab12cd", before), ("post", "S", "ab13cd", after))[0][2] == outcome


def test_what_agrees_and_what_contradicts_is_told():
    frame = people(("pre", "S", "ab12cd", {"subject": "m", "born": 1970.0, "place": " tartu"}),
                   ("post", "S", "ab13cd", {"subject": "m", "born": 1990.0, "place": "Tartu"}))
    pair = link(frame, ITEMS, constants=NEAR).pairs.iloc[0]
    assert (pair["agrees"], pair["contradicts"], pair["reason"]) == (("subject", "place"), ("born",), "contradicts")


def test_equal_codes_whose_constant_answers_contradict_stay_linked_and_are_listed():
    rows = ("pre", "S", "ab12cd", {"subject": "m"}), ("post", "S", "ab12cd", {"subject": "l"})
    linked = link(people(*rows), ITEMS, constants=NEAR)
    assert linked.counts["exact"] == 1 and linked.pairs[["pre", "post", "kind"]].to_numpy().tolist() == [[0, 1, "exact"]]


def test_near_links_do_not_depend_on_the_order_of_rows():
    draw = np.random.default_rng(2)
    rows = [(wave, f"S{school}", "".join(draw.choice(list("abc12"), 5)))
            for wave in ("pre", "post") for school in range(3) for _ in range(30)]
    frame = people(*rows)
    one, other = (link(some, ITEMS) for some in (frame, frame.sample(frac=1, random_state=1)))
    assert one.counts == other.counts and one.counts["near"] and one.counts["ambiguous"]
    pd.testing.assert_frame_equal(one.respondents, other.respondents)


def test_a_person_can_link_forbid_and_choose():
    twins = people(("pre", "S", "ab12cd"), ("pre", "S", "ab13cd"), ("post", "S", "ab1cd"), ("post", "S", "zz99zz"))
    chosen = link(twins, ITEMS, decisions=Decisions(pairs={(0, 2): True}))
    assert chosen.respondents.query("kind == 'near'")[["pre", "post"]].to_numpy().tolist() == [[0, 2]]
    forbidden = link(twins, ITEMS, decisions=Decisions(pairs={(0, 2): False}))
    assert forbidden.respondents.query("kind == 'near'")[["pre", "post"]].to_numpy().tolist() == [[1, 2]]
    far = link(twins, ITEMS, decisions=Decisions(pairs={(0, 3): True}))
    assert [0, 3] in far.respondents[["pre", "post"]].to_numpy(object).tolist()
    equal = people(("pre", "S", "ab12cd"), ("post", "S", "ab12cd"))
    assert link(equal, ITEMS, decisions=Decisions(pairs={(0, 1): False})).counts["exact"] == 0
    assert link(equal, ITEMS, decisions=Decisions(pairs={(0, 1): True})).counts["exact"] == 1


@pytest.mark.parametrize(
    ("decided", "kept", "identical", "conflicting"),
    [({}, [], 0, 3), ({0: True}, [0], 0, 2), ({1: False, 2: False}, [0], 0, 2), ({0: False}, [], 0, 3)],
)
def test_a_person_can_choose_among_contradicting_submissions(decided, kept, identical, conflicting):
    frame = answers(("pre", "S", "a1", 1.0), ("pre", "S", "a1", 2.0), ("pre", "S", "a1", 3.0))
    linked = link(frame, ITEMS, decisions=Decisions(decided))
    assert linked.respondents["pre"].tolist() == kept
    assert (linked.counts["duplicate_identical"], linked.counts["duplicate_conflicting"]) == (identical, conflicting)


def test_a_chosen_submission_counts_and_its_twin_repeats_it():
    frame = answers(("pre", "S", "a1", 1.0), ("pre", "S", "a1", 1.0), ("pre", "S", "a1", 3.0, 2.0, "2023-05-05"))
    linked = link(frame, ITEMS, decisions=Decisions({0: True}))
    assert linked.respondents["pre"].tolist() == [0]
    assert (linked.counts["duplicate_identical"], linked.counts["duplicate_conflicting"]) == (1, 1)


def test_the_example_s_linkable_pairs_are_found_and_hardly_a_link_is_wrong():
    study = read_study(EXAMPLE)
    frame = read_responses(study).frame
    truth = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))
    linkable = {tuple((each[wave]["file"], each[wave]["row"]) for wave in ("pre", "post")) for each in truth["links"]
                if each["kind"] in ("exact", "near") and not each["set_aside"]}
    true = {tuple((each[wave]["file"], each[wave]["row"]) for wave in ("pre", "post")) for each in truth["links"]}
    found = set()
    for country in study.settings.countries:
        here = frame.loc[(frame["country"] == country) & TEACHERS.among(frame)]
        linked = link(here, list(study.codebook.items.index), constants=constant_kinds(study.codebook)).respondents
        for pair in linked.dropna().itertuples():
            found.add(tuple((here.at[label, "file"], int(here.at[label, "row"])) for label in (pair.pre, pair.post)))
    assert len(found & linkable) >= 0.95 * len(linkable) > 300
    assert len(found - true) <= 0.005 * len(found)
