"""The contract's tables as a reader sees them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from analysis.numerals import proportion
from analysis.questions.across import change_by_country, participation_by_country, pooled_half_normal_table, pooled_table
from analysis.questions.change import change_table
from analysis.questions.items import item_answers_table, item_change_table, numbers_table, scales_overview
from analysis.questions.measurement import reliability_table
from analysis.questions.participation import linking_table, participation_table
from analysis.questions.sensitivity import sensitivity_table
from analysis.tables import Notes, Readable, readable
from analysis.tables.shape import abbreviations, with_general_notes
from panels import random_rows, tiny_panel
from support import SCALES

SHAPES = {
    "ordinary": random_rows(1, {"A": (9, 5, 3), "B": (7, 2, 6), "C": (12, 4, 1)}),
    "no rows": ([], []),
    "one teacher": ([["a1", "S", 1, 2, 3, 4]], [["a1", "S", 2, 2, 3, 5]]),
    "only before": (random_rows(2, {"A": (0, 9, 0)})[0], []),
}


def tables(panel) -> dict[str, pd.DataFrame]:
    by_country = change_by_country({"EE": panel})
    return {
        "participation": participation_table(panel), "linking": linking_table(panel),
        "reliability": reliability_table(panel), "change": change_table(panel),
        "sensitivity": sensitivity_table(panel), "item_answers": item_answers_table(panel),
        "numbers": numbers_table(panel), "item_change": item_change_table(panel),
        "change_by_country": by_country, "pooled": pooled_table(by_country, panel.study),
        "pooled_half_normal": pooled_half_normal_table(by_country, panel.study),
        "participation_by_country": participation_by_country({"EE": panel}),
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_every_table_is_rectangular_text_without_a_missing_value_s_name(tmp_path, shape):
    for name, table in tables(tiny_panel(tmp_path, *SHAPES[shape])).items():
        made = readable(name, table)
        assert {len(row) for row in made.rows} <= {len(made.headings)}, name
        cells = [cell for row in made.rows for cell in row] + made.notes
        assert all(isinstance(cell, str) for cell in cells), name
        assert not {"nan", "None", "<NA>", ""} & {cell.split(" [")[0] for row in made.rows for cell in row[1:]}, name
        assert not [note for note in made.notes[1:] if note.startswith("Note.")], name
        assert len(set(made.notes)) == len(made.notes), name


def test_a_suppressed_cell_is_a_dash_and_its_note_stands_below(tmp_path):
    table = participation_table(tiny_panel(tmp_path, *SHAPES["ordinary"]))
    made = readable("participation", table)
    assert made.rows[-1][0] == "All schools" and made.rows[1][4] == "–"
    assert made.notes == ["Note. Dashes are groups of fewer than 5, or would give such a group away."]


def one_change(tmp_path, **values) -> Readable:
    table = change_table(tiny_panel(tmp_path, *SHAPES["ordinary"])).iloc[[0]]
    return readable("change", table.assign(**{"note": ""} | values))


def test_a_reader_sees_rounded_numbers_with_a_true_minus_and_the_interval_in_brackets(tmp_path):
    (row,) = one_change(
        tmp_path, change=-0.2049, ci_low=-0.404, ci_high=-0.0051, df=3.14159, p_adjusted=0.0312, mean_pre=3.0, sd_pre=0.5,
    ).rows
    assert row[0] == "Pedagogical practices" and row[4] == "3.00 (0.50)"
    assert row[6:9] == ["−0.20 [−0.40,\u00a0−0.01]", "3.1", ".031"]


def test_what_stands_in_brackets_is_never_broken_over_two_lines(tmp_path):
    made = one_change(tmp_path)
    inside = [part for text in (*made.headings, *made.rows[0]) for part in re.findall(r"\[[^]]*\]", text)]
    assert len(inside) == 4 and not [part for part in inside if " " in part]


def test_an_estimate_without_an_interval_stands_alone(tmp_path):
    (row,) = one_change(tmp_path, change=0.31, ci_low=np.nan, ci_high=np.nan, d_av=np.nan, d_av_low=np.nan).rows
    assert (row[6], row[9]) == ("0.31", "–")


def test_what_cannot_exceed_one_has_no_leading_zero(tmp_path):
    assert [proportion(value) for value in (0.654, -0.05, 1.0, 0.0, np.nan)] == [".65", "−.05", "1.00", ".00", "–"]
    table = reliability_table(tiny_panel(tmp_path, *SHAPES["ordinary"])).iloc[[0]].assign(
        alpha=0.654, alpha_low=-0.1, alpha_high=0.75, omega=0.9)
    assert readable("reliability", table).rows[0][4:] == [".65 [−.10,\u00a0.75]", ".90"]


@pytest.mark.parametrize("shape", SHAPES)
def test_all_numbers_of_a_column_have_the_same_decimals(tmp_path, shape):
    for name, table in tables(tiny_panel(tmp_path, *SHAPES[shape])).items():
        made = readable(name, table)
        for position, heading in enumerate(made.headings):
            if position not in made.text:
                cells = [row[position] for row in made.rows]
                decimals = {len(found) for cell in cells for found in re.findall(r"\.(\d+)", cell)}
                assert len(decimals) <= 1, (name, heading, cells)


def test_the_first_note_explains_abbreviations_and_dashes_and_marked_notes_follow(tmp_path):
    made = one_change(tmp_path, note="Three schools only.", df=np.nan)
    assert made.rows[0][0].endswith("ᵃ") and made.notes[1:] == ["ᵃ Three schools only."]
    assert made.notes[0].startswith("Note. n = number of teachers; SD = standard deviation; CI = confidence interval; df =")
    assert made.notes[0].endswith("A dash (–): not computed or not shown.")
    assert not [note for note in one_change(tmp_path / "full", df=3.0).notes if "dash" in note]


def test_every_abbreviation_that_is_explained_stands_in_some_heading(tmp_path):
    panel = tiny_panel(tmp_path, *SHAPES["ordinary"])
    explained = {short for name, table in tables(panel).items() for note in readable(name, table).notes[:1]
                 for short in abbreviations() if f"{short} = " in note}
    assert {"n", "SD", "CI", "df", "d_av", "τ²", "I²"} <= explained


def test_a_table_has_no_star_and_does_not_say_significant(tmp_path):
    for name, table in tables(tiny_panel(tmp_path, *SHAPES["ordinary"])).items():
        made = readable(name, table)
        text = " ".join([*made.headings, *made.notes, *(cell for row in made.rows for cell in row)]).lower()
        assert "*" not in text and "significan" not in text and "effect " not in text.replace("effect size", ""), name


def marked(*notes: str) -> Readable:
    """A table with a row for each note."""
    found = Notes()
    rows = [[f"row {number}" + found.mark(note), "1"] for number, note in enumerate(notes)]
    return with_general_notes(Readable(["Name", "Count"], rows, found.sentences))


def test_equal_notes_are_printed_once_under_one_mark_at_the_names_of_their_rows():
    made = marked("One.", "Two.", "One.", "", float("nan"))
    assert [name for name, _ in made.rows] == ["row 0ᵃ", "row 1ᵇ", "row 2ᵃ", "row 3", "row 4"]
    assert made.notes == ["ᵃ One.", "ᵇ Two."]


def test_each_sentence_of_the_notes_is_printed_once_and_marked_where_it_holds():
    made = marked("Few schools. Without 1 respondent.", "Without 1 respondent.", "Ley et al. 2020. 4.5 are zero.", "")
    assert [name for name, _ in made.rows] == ["row 0ᵃᵇ", "row 1ᵇ", "row 2ᶜᵈ", "row 3"]
    assert made.notes == ["ᵃ Few schools.", "ᵇ Without 1 respondent.", "ᶜ Ley et al. 2020.", "ᵈ 4.5 are zero."]


def test_a_note_on_every_row_is_a_note_on_the_table():
    made = marked("One.", "One.")
    assert made.rows == [["row 0", "1"], ["row 1", "1"]] and made.notes == ["Note. One."]
    assert marked("One.").notes == ["ᵃ One."]


def test_more_than_25_notes_have_marks_of_their_own():
    made = marked(*map(str, range(60)))
    assert len({name.partition(" ")[2].lstrip("0123456789") for name, _ in made.rows}) == 60


def test_labels_stand_for_the_names_of_scales_items_and_countries(tmp_path):
    panel = tiny_panel(tmp_path, *SHAPES["ordinary"])
    labels = {"pedagogy": "Pedagogical practices", "l1": "Leaders support me", "EE": "Estonia"}
    assert readable("reliability", reliability_table(panel), labels).rows[0][0] == "Pedagogical practices"
    assert readable("item_change", item_change_table(panel), labels).rows[-1][0].rstrip("ᵃᵇᶜ") == "Leaders support me"
    assert readable("change_by_country", change_by_country({"EE": panel}), labels).rows[0][1].rstrip("ᵃ") == "Estonia"


def test_the_scales_table_names_instruments_and_sources_once(tmp_path):
    scales = [SCALES[0], [*SCALES[1][:3], "Own survey", "Ley 2020"], [*SCALES[2][:3], "Own survey", "Ley 2020"]]
    panel = tiny_panel(tmp_path, *random_rows(1, {"A": (6, 0, 0)}), scales=scales)
    assert readable("scales", scales_overview(panel)).notes == [
        "Note. Pedagogical practices, Leadership: Own survey; Ley 2020."]
