"""study.toml: what it may say, and one sentence per issue."""

from __future__ import annotations

import pytest
from docx import Document

from analysis.study.folder import read_study
from analysis.study.settings import Settings
from support import COUNTRY, EXPORT, issues, study_folder, with_settings


def test_a_study_has_the_contracts_defaults(tmp_path):
    settings = read_study(study_folder(tmp_path)).settings
    assert (settings.synthetic, settings.codes, settings.minimum_group) == (False, "self-generated", 5)
    assert (settings.minimum_answered, settings.exports[0].iteration) == (0.5, 1)
    assert settings.exports[0].respondents == "teachers" and settings.tau_prior_scale == 0.3
    assert settings.smallest_change("pedagogy") is None


def test_all_keys_of_the_contract_are_read(tmp_path):
    folder = study_folder(
        tmp_path,
        settings="synthetic = true\ncodes = 'assigned'\nminimum_group = 3\nminimum_answered = 1\n"
        "primary_scales = ['pedagogy']\ntau_prior_scale = 1\nseed = 7\nsmallest_change_of_interest = {pedagogy = 0.3}\n"
        "[funding]\nstatement = 'S'\ndisclaimer = 'D'\nemblem = 'eu'",
        countries={
            "EE": 'name = "Estonia"\ntarget_schools = 6\ntarget_teachers = 205\n'
            '[countries.EE.schools."Rakvere"]\nalso = ["Rakvere kool"]'
        },
    )
    study = read_study(folder)
    settings = study.settings
    assert settings.synthetic and settings.codes == "assigned" and settings.seed == 7
    assert settings.tau_prior_scale == 1
    assert settings.smallest_change("pedagogy") == 0.3 and settings.smallest_change("leadership") is None
    assert settings.countries["EE"].schools["Rakvere"].also == ["Rakvere kool"]
    assert settings.funding.emblem == "eu" and study.primary_scales == ["pedagogy"]


def test_one_smallest_change_holds_for_every_scale(tmp_path):
    settings = read_study(study_folder(tmp_path, settings="smallest_change_of_interest = 0.2")).settings
    assert settings.smallest_change("leadership") == 0.2


def test_without_declared_primary_scales_all_are_primary(tmp_path):
    assert read_study(study_folder(tmp_path)).primary_scales == ["pedagogy", "leadership"]


def test_the_retrospective_wave_is_accepted(tmp_path):
    study = read_study(study_folder(tmp_path, [{"file": "raw/then.csv", "wave": "then"}]))
    assert study.settings.exports[0].wave == "then"


def test_a_byte_order_mark_before_study_toml_does_no_harm(tmp_path):
    folder = study_folder(tmp_path)
    path = folder / "study.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_study(folder).settings.title == "A study"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            "minimum_goup = 5",
            "study.toml, row 2: minimum_goup: unknown key; expected title, synthetic, codes, "
            "minimum_group, minimum_answered, smallest_change_of_interest, primary_scales, tau_prior_scale, "
            "languages, seed, school_names, template, funding, setting, brief, countries or "
            "exports. Did you mean “minimum_group”?",
        ),
        ("minimum_group = 0", "study.toml, row 2: minimum_group: expected 1 or more; found 0."),
        ("minimum_group = '5'", "study.toml, row 2: minimum_group: expected a whole number; found “5”."),
        ("minimum_group = true", "study.toml, row 2: minimum_group: expected a whole number; found true."),
        ("minimum_answered = 0", "study.toml, row 2: minimum_answered: expected more than 0; found 0."),
        ("minimum_answered = 1.5", "study.toml, row 2: minimum_answered: expected 1 or less; found 1.5."),
        ("minimum_answered = nan", "study.toml, row 2: minimum_answered: expected a finite number; found nan."),
        ("tau_prior_scale = 0", "study.toml, row 2: tau_prior_scale: expected more than 0; found 0."),
        ("tau_prior_scale = inf", "study.toml, row 2: tau_prior_scale: expected a finite number; found inf."),
        ("synthetic = 'yes'", "study.toml, row 2: synthetic: expected true or false; found “yes”."),
        (
            "codes = 'asigned'",
            "study.toml, row 2: codes: expected “self-generated” or “assigned”; found “asigned”. "
            "Did you mean “assigned”?",
        ),
        ("seed = 1.5", "study.toml, row 2: seed: expected a whole number; found 1.5."),
        (
            "primary_scales = 'pedagogy'",
            "study.toml, row 2: primary_scales: expected a list in [ ]; found “pedagogy”.",
        ),
        (
            "primary_scales = ['pedagog']",
            "study.toml, row 2: primary_scales: the codebook has no scale “pedagog”. Did you mean “pedagogy”?",
        ),
        (
            "primary_scales = ['pedagogy', 'pedagogy']",
            "study.toml, row 2: primary_scales: “pedagogy” stands there 2 times.",
        ),
        (
            "smallest_change_of_interest = 0",
            "study.toml, row 2: smallest_change_of_interest: expected scale points greater than 0; found 0.",
        ),
        (
            "smallest_change_of_interest = 'x'",
            "study.toml, row 2: smallest_change_of_interest: expected scale points, a "
            "number such as 0.2; found “x”.",
        ),
        (
            "smallest_change_of_interest = {x = 1}",
            "study.toml, row 2: smallest_change_of_interest: the codebook has no scale “x”.",
        ),
        (
            "smallest_change_of_interest = {pedagogy = -1}",
            "study.toml, row 2: smallest_change_of_interest: expected scale "
            "points for “pedagogy” greater than 0; found -1.",
        ),
        ("template = 'x.docx'", "study.toml, row 2: template: the file “x.docx” is missing."),
        ("[template]\nEE = 'x.docx'", "study.toml, row 3: template.EE: the file “x.docx” is missing."),
        (
            "[template]\net = 'x.docx'",
            "study.toml, row 3: template.et: expected a country or one of the reports' languages, EE or en.",
        ),
        (
            "template = 5",
            "study.toml, row 2: template: expected a Word document such as “deliverable.docx”, or a table of such by "
            "country or language; found 5.",
        ),
        ("funding = 'EU'", "study.toml, row 2: funding: expected a table; found “EU”."),
        ("[funding]\nemblem = 'eu-flag'", "study.toml, row 3: funding.emblem: expected “eu”; found “eu-flag”."),
        (
            "[funding]\nstatment = ''",
            "study.toml, row 3: funding.statment: unknown key; expected statement, disclaimer or "
            "emblem. Did you mean “statement”?",
        ),
    ],
)
def test_a_faulty_setting_is_one_sentence(tmp_path, settings, sentence):
    assert issues(study_folder(tmp_path, settings=settings)) == [sentence]


@pytest.mark.parametrize(
    ("country", "sentence"),
    [
        (
            'name = "Estonia"\ntarget_schols = 6',
            "study.toml, row 5: countries.EE.target_schols: unknown key; expected name, "
            "target_schools, target_teachers, fieldwork or schools. Did you mean “target_schools”?",
        ),
        ("target_schools = 6", "study.toml, row 3: countries.EE.name: this key is missing."),
        ('name = ""', "study.toml, row 4: countries.EE.name: expected a text that is not empty; found “”."),
        (
            'name = "E"\nschool_names = "x.csv"',
            "study.toml, row 5: countries.EE.school_names: unknown key; expected name, target_schools, "
            "target_teachers, fieldwork or schools. Did you mean “schools”?",
        ),
        (
            'name = "E"\n[countries.EE.schools.A]\nrole = "mentor"',
            "study.toml, row 6: countries.EE.schools.A.role: expected “mentoring” or “mentored”; found “mentor”. "
            "Did you mean “mentored”?",
        ),
        (
            'name = "E"\n[countries.EE.schools."A b"]\naslo = []',
            'study.toml, row 6: countries.EE.schools."A b".aslo: unknown key; expected also, invited, role, advanced or '
            "hub. Did you mean “also”?",
        ),
        (
            'name = "E"\n[countries.EE.schools.A]\nalso = ["X"]\n[countries.EE.schools.B]\nalso = ["x "]',
            "study.toml, row 7: countries.EE.schools.B: the spelling “x” belongs to “A” already.",
        ),
    ],
)
def test_a_faulty_country_is_one_sentence(tmp_path, country, sentence):
    assert issues(study_folder(tmp_path, countries={"EE": country})) == [sentence]


@pytest.mark.parametrize("key", ["1A", "A_B", "A" * 21, "Ä"])
def test_a_country_key_is_letters_digits_and_hyphens(tmp_path, key):
    folder = study_folder(tmp_path, [{"country": key, "file": "a.csv"}], countries={f'"{key}"': 'name = "X"'})
    (said,) = issues(folder)
    assert "a country's key has 1 to 20 letters" in said


@pytest.mark.parametrize("key", ["CON", "nul", "Com1", "LPT9"])
def test_a_country_key_is_no_windows_device(tmp_path, key):
    folder = study_folder(tmp_path, [{"country": key, "file": "a.csv"}], countries={key: 'name = "X"'})
    (said,) = issues(folder)
    assert "no folder can have this name on Windows" in said


def test_country_keys_differ_by_more_than_capital_letters(tmp_path):
    folder = study_folder(
        tmp_path,
        [{"file": "a.csv"}, {"file": "b.csv", "country": "ee"}],
        countries={"EE": 'name = "X"', "ee": 'name = "Y"'},
    )
    assert issues(folder) == ["study.toml, row 5: countries.ee: differs from “EE” only by capital letters."]


@pytest.mark.parametrize(
    ("export", "row", "sentence"),
    [
        (
            {"wave": "pree"},
            7, "wave: expected “pre”, “post” or “then”; found “pree”. Did you mean “pre”?",
        ),
        ({"country": "EF"}, 6, "country: there is no part [countries.EF]; expected EE."),
        ({"iteration": 0}, 10, "iteration: expected 1 or more; found 0."),
        (
            {"respondents": "pupils"},
            10, "respondents: expected “teachers”, “leaders”, “mentors” or “raters”; found “pupils”.",
        ),
        (
            {"language": "Estonian"},
            8, "language: expected a language such as “et” or “sv”; found “Estonian”.",
        ),
        (
            {"flie": "x"},
            10, "flie: unknown key; expected country, kind, wave, file, language, iteration, respondents "
            "or columns. Did you mean “file”?",
        ),
        (
            {"file": "../x.csv"},
            9, "file: “../x.csv” leads out of the study folder; exports lie inside it.",
        ),
        (
            {"file": "/x.csv"},
            9, "file: expected a path inside the study folder, such as raw/answers.csv; found "
            "“/x.csv”.",
        ),
        (
            {"file": "C:/x.csv"},
            9, "file: expected a path inside the study folder, such as raw/answers.csv; "
            "found “C:/x.csv”.",
        ),
        ({"file": "raw\\x.csv"}, 9, "file: write / instead of \\; found “raw\\x.csv”."),
        (
            {"columns": {"Kood": "cod"}},
            11, "columns.Kood: the codebook has no item “cod”; expected one of its items, or one of code, school, "
            "submitted, language, or item:answer for one option of a multichoice item. Did you mean “code”?",
        ),
        (
            {"columns": {"A": "p1", "B": "p1"}},
            12, "columns.B: “A” is “p1” already; expected one header per item.",
        ),
        (
            {"columns": {"A": "p1:1"}},
            11, "columns.A: only a multichoice item has a column per answer; “p1” is likert.",
        ),
        (
            {"columns": {"A": "tools:pen"}},
            11, "columns.A: “pen” is no value of “tools”; expected tablet, board or phone.",
        ),
        ({"columns": {"Õ A": "p1", "õ  a": "p2"}}, 12, 'columns."õ  a": “Õ A” is the same header.'),
    ],
)
def test_a_faulty_export_is_one_sentence(tmp_path, export, row, sentence):
    folder = study_folder(
        tmp_path, [{"file": "raw/pre.csv", **export}, {"file": "raw/post.csv", "wave": "post"}]
    )
    file = export.get("file", "raw/pre.csv")
    assert issues(folder) == [f"study.toml, row {row}: [[exports]] block 1 ({file}), {sentence}"]


def test_a_link_out_of_the_study_folder_is_an_error(tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("code,p1\n", encoding="utf-8")
    folder = study_folder(tmp_path / "study")
    try:
        (folder / "raw" / "pre.csv").symlink_to(outside)
    except OSError:
        pytest.skip("no links here")
    assert issues(folder) == [
        "study.toml, row 9: [[exports]] block 1 (raw/pre.csv), file: “raw/pre.csv” leads out of the study folder; "
        "exports lie inside it."
    ]


def test_the_same_block_twice_is_an_error_since_it_would_count_rows_twice(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv"}, {"file": "raw/pre.csv"}])
    (said,) = issues(folder)
    assert said.startswith("study.toml, row 11: [[exports]] block 2 (raw/pre.csv): “raw/pre.csv” is given twice")


def test_a_wave_may_come_in_several_files(tmp_path):
    folder = study_folder(
        tmp_path, [{"file": "raw/fi.csv", "language": "fi"}, {"file": "raw/sv.csv", "language": "sv"}]
    )
    assert len(read_study(folder).settings.exports) == 2


def test_a_country_without_exports_is_a_warning(tmp_path):
    folder = study_folder(tmp_path, countries={"EE": 'name = "Estonia"', "NO": 'name = "Norway"'})
    assert read_study(folder).warnings == (
        "study.toml: NO (Norway) is declared but no export belongs to it, so it has no report.",
    )


def test_missing_keys_are_named(tmp_path):
    assert issues(with_settings(tmp_path, "synthetic = true")) == [
        "study.toml: title: this key is missing.",
        "study.toml: countries: this key is missing.",
        "study.toml: exports: this key is missing.",
    ]


def test_an_error_in_the_toml_names_its_line(tmp_path):
    assert issues(with_settings(tmp_path, 'title = "x"\nseed 3\n')) == [
        "study.toml, row 2: this is not valid TOML: Expected '=' after a key in a key/value pair."
    ]


def test_a_study_toml_in_another_encoding_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path)
    (folder / "study.toml").write_bytes('title = "Õ"'.encode("cp1257"))
    assert issues(folder) == ["study.toml: the file is not in UTF-8; save it in this encoding."]


def test_a_missing_folder_and_a_missing_study_toml_are_said(tmp_path):
    (said,) = issues(tmp_path / "nowhere")
    assert said.startswith("there is no study folder")
    folder = study_folder(tmp_path / "study")
    (folder / "study.toml").unlink()
    (said,) = issues(folder)
    assert said.startswith("study.toml: the file is missing")


def test_errors_of_study_toml_and_codebook_come_all_at_once(tmp_path):
    folder = with_settings(
        tmp_path,
        f'title = ""\nminimum_group = 0\nprimary_scales = ["x"]\n{COUNTRY}targets = 1\n{EXPORT}iteration '
        "= 0\n"
        f"{EXPORT.replace('EE', 'XX')}{EXPORT.replace('pre', 'later', 1)}",
    )
    (folder / "codebook" / "scales.csv").write_text("scale,label_en\npedagogy,P\n", encoding="utf-8")
    said = issues(folder)
    for part in (
        "title: expected a text",
        "minimum_group: expected 1",
        "countries.EE.targets: unknown",
        "[[exports]] block 1 (raw/pre.csv), iteration: expected 1",
        "[[exports]] block 3 (raw/pre.csv), wave: expected",
        "there is no part [countries.XX]",
        "no scale “x”",
        "there is no scale “leadership”",
    ):
        assert sum(part in one for one in said) == 1, part
    assert len(said) == 8


def test_a_template_that_is_no_word_document_is_told_before_a_run(tmp_path):
    folder = study_folder(tmp_path, [{"file": "a.csv"}], settings='template = "ours.docx"\n')
    (folder / "ours.docx").write_text("a text", encoding="utf-8")
    (said,) = [one for one in issues(folder) if "template" in one]
    assert "ours.docx is no Word document; expected a .docx" in said


def test_a_template_with_text_and_no_mark_for_the_report_is_a_warning(tmp_path):
    folder = study_folder(tmp_path, [{"file": "a.csv"}], settings='template = { EE = "text.docx", en = "marked.docx" }\n')
    for name, text in (("text.docx", "A chapter"), ("marked.docx", "{{ Report }}")):
        made = Document()
        made.add_paragraph("Introduction")
        made.add_paragraph(text)
        made.save(str(folder / name))
    assert list(read_study(folder).warnings) == [
        "study.toml, row 2: template.EE: “text.docx” has text but no paragraph {{ report }}, so the report goes to its "
        "end."]


def test_a_country_s_own_template_goes_before_that_of_a_language():
    of = Settings.model_construct(template={"EE": "estonian.docx", "ka": "georgian.docx"}).template_of
    assert [of("EE", "ka"), of("FI", "ka"), of(None, "ka"), of("FI", "en")] == [
        "estonian.docx", "georgian.docx", "georgian.docx", None]
    assert Settings.model_construct(template="one.docx").template_of(None, "en") == "one.docx"


def test_errors_in_a_later_block_keep_its_number(tmp_path):
    folder = study_folder(tmp_path, [{"file": "a.csv", "wave": "x"}, {"file": "b.csv", "country": "XX"}])
    sentence = "row 12: [[exports]] block 2 (b.csv), country: there is no part [countries.XX]"
    assert any(sentence in said for said in issues(folder))
