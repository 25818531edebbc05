"""Each school's change: what the table holds, and which schools it must not show."""

from panels import country_results, random_rows


def table(folder, schools, **study):
    return country_results(folder, *random_rows(4, schools), **study).precise("change_by_school")


def test_a_school_s_mean_change_is_that_of_its_matched_teachers(tmp_path):
    results = country_results(tmp_path, *random_rows(4, {"One": (9, 6, 7), "Two": (8, 0, 5), "Six": (12, 5, 5)}))
    panel, made = results.panel, results.precise("change_by_school").query("scale == 'pedagogy'").set_index("school")
    changes = panel.scores["post"]["pedagogy"] - panel.scores["pre"]["pedagogy"]
    assert made["mean_change"].to_dict() == changes.groupby(panel.respondents["school"]).mean().dropna().to_dict()
    assert sorted(made["n"]) == [8, 9, 12] and made["overall"].nunique() == 1
    assert (made["ci_low"] <= made["estimate"]).all() and (made["estimate"] <= made["ci_high"]).all()


def test_schools_stand_as_letters_in_their_order_and_not_by_size_of_change(tmp_path):
    made = table(tmp_path, dict.fromkeys(("Tartu", "Rakvere", "Narva", "Valga"), (7, 6, 6)))
    assert made.query("scale == 'pedagogy'")["school"].tolist() == ["A", "B", "C", "D"]


def test_small_schools_are_joined_until_they_have_enough(tmp_path):
    made = table(tmp_path, {"Big": (12, 0, 0), "Large": (11, 0, 0), "Mid": (6, 0, 0), "Wide": (9, 0, 0), "Tiny": (3, 0, 0)},
                 settings='school_names = "show"').query("scale == 'pedagogy'").set_index("school")
    assert made.index.tolist() == ["Large", "Mid", "Wide", "other schools"] and made.loc["other schools", "n"] == 15
    assert made["mean_change"].notna().all() and made["estimate"].notna().tolist() == [True, True, True, False]


def test_a_school_in_which_all_changed_alike_is_joined_and_no_note_says_why(tmp_path):
    pre, post = random_rows(4, {"Big": (9, 5, 5), "Mid": (8, 5, 5), "Same": (7, 5, 5)})
    after = {row[0]: row for row in post}
    for row in pre:
        if row[1] == "Same" and row[0] in after:
            after[row[0]][2:] = row[2:]
    made = country_results(tmp_path, pre, post, settings='school_names = "show"').precise("change_by_school")
    assert made["school"].tolist() == ["Mid", "other schools"] * 2 and not made["note"].str.contains("vari|alike").any()


def test_where_all_schools_are_small_there_is_one_empty_row(tmp_path):
    made = table(tmp_path, dict.fromkeys("ABCD", (3, 2, 2))).query("scale == 'pedagogy'")
    assert made["school"].tolist() == ["other schools"] and made["mean_change"].isna().all()


def test_without_schools_the_table_is_empty(tmp_path):
    assert table(tmp_path, {"": (12, 3, 3)}).empty


def test_with_two_schools_their_own_means_stand_alone_and_the_note_says_why(tmp_path):
    made = table(tmp_path, {"One": (9, 0, 0), "Two": (9, 0, 0)})
    assert made["mean_change"].notna().all() and made["estimate"].isna().all()
    assert (made["note"] != "").all()
