"""Single figures as files: names, captions, sizes, and that all of them are written or none."""

import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from analysis import figure_files
from analysis.api import OpenStudy
from analysis.cli import main
from analysis.figure_files import ChoiceError, write_figure_files
from runs import files_of, tiny_study


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The tiny study read in Estonian, and its answers."""
    return OpenStudy(tiny_study(tmp_path_factory.mktemp("single figures")), "et")


def test_names_tell_figure_country_language_and_size(tiny, tmp_path):
    files = write_figure_files(tiny, tmp_path, ["forest-pedagogy", "change"], sizes=["half"], formats=["pdf", "png"])
    assert sorted(path.name for path in files) == [
        "captions.csv", "captions.txt", "change-EE-et-half.pdf", "change-EE-et-half.png", "change-EE-et.csv",
        "change-FI-et-half.pdf", "change-FI-et-half.png", "change-FI-et.csv", "forest-pedagogy-et-half.pdf",
        "forest-pedagogy-et-half.png", "forest-pedagogy-et.csv"]
    with Image.open(tmp_path / "change-EE-et-half.png") as picture:
        assert picture.width == pytest.approx(80 / 25.4 * 300, abs=1)


def test_captions_keep_those_of_figures_made_before_and_drop_those_that_are_gone(tiny, tmp_path):
    write_figure_files(tiny, tmp_path, ["participant-flow"], ["EE"], formats=["svg"])
    write_figure_files(tiny, tmp_path, ["participation"], ["EE"], formats=["svg"])
    captions = pd.read_csv(tmp_path / "captions.csv").set_index("figure")
    assert list(captions.index) == ["participant-flow-EE-et-full", "participation-EE-et-full"]
    assert (captions["caption"].str.len() > 20).all() and (captions["alt"] != "").all()
    (tmp_path / "participant-flow-EE-et-full.svg").unlink()
    write_figure_files(tiny, tmp_path, ["participation"], ["EE"], formats=["svg"])
    assert list(pd.read_csv(tmp_path / "captions.csv")["figure"]) == ["participation-EE-et-full"]
    text = (tmp_path / "captions.txt").read_text(encoding="utf-8")
    assert captions.loc["participation-EE-et-full", "caption"] in text and "Alternative text: " in text


def test_the_same_choice_gives_the_same_bytes(tiny, tmp_path):
    for name in ("one", "two"):
        write_figure_files(tiny, tmp_path / name, ["change"], ["EE"])
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


@pytest.mark.parametrize(("choice", "option", "said"), [
    ({"figures": ["forst"]}, "figure", "Did you mean “forest”?"),
    ({"figures": ["forest-pedagogi"]}, "figure", "Did you mean “forest-pedagogy”?"),
    ({"figures": ["forest"], "countries": ["EE"]}, "figure", "there is no figure"),
    ({"countries": ["XX"]}, "country", "expected EE or FI"),
    ({"sizes": ["big"]}, "size", "expected full or half"),
    ({"formats": ["jpg"]}, "format", "expected svg, pdf or png"),
])
def test_a_wrong_choice_is_named_with_what_there_is_and_nothing_is_written(tiny, tmp_path, choice, option, said):
    with pytest.raises(ChoiceError) as raised:
        write_figure_files(tiny, tmp_path / "new", **choice)
    assert raised.value.option == option and said in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_captions_of_another_program_are_not_overwritten(tiny, tmp_path):
    (tmp_path / "captions.csv").write_text("figure,file,caption,alt\n", encoding="utf-8")
    with pytest.raises(ChoiceError, match="written by something else"):
        write_figure_files(tiny, tmp_path, ["change"], ["EE"])


def test_a_fault_while_drawing_leaves_the_folder_as_it_was(tiny, tmp_path, monkeypatch):
    write_figure_files(tiny, tmp_path / "out", ["change"], ["EE"], formats=["svg"])
    before, drawn = files_of(tmp_path), []

    def failing(*arguments, **settings):
        drawn.append(1)
        if len(drawn) == 2:
            raise RuntimeError("no")
        return {"svg": b"other"}

    monkeypatch.setattr(figure_files.plots, "rendered", failing)
    with pytest.raises(RuntimeError):
        write_figure_files(tiny, tmp_path / "out", ["change"], ["EE", "FI"], formats=["svg"])
    assert len(drawn) == 2 and files_of(tmp_path) == before


def test_a_file_that_cannot_be_replaced_leaves_all_others_as_they_were(tiny, tmp_path):
    out = tmp_path / "out"
    write_figure_files(tiny, out, ["change"], ["EE"], formats=["svg"])
    (out / "participation-EE-et.csv").mkdir(parents=True)
    before = files_of(tmp_path)
    with pytest.raises(figure_files.InUseError):
        write_figure_files(tiny, out, ["change", "participation"], ["EE"], formats=["svg"])
    assert files_of(tmp_path) == before


def test_the_command_writes_what_was_asked_for_and_a_wrong_name_ends_with_status_2(tiny, tmp_path):
    asked = ["figures", str(tiny.study.folder), "--figure", "change", "--country", "EE", "--format", "svg", "--out"]
    done = CliRunner().invoke(main, [*asked, str(tmp_path / "out")])
    assert done.exit_code == 0 and "Wrote 4 files" in done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "captions.csv", "captions.txt", "change-EE-en-full.svg", "change-EE-en.csv"}
    wrong = CliRunner().invoke(main, [*asked[:2], "--figure", "chnge", "--out", str(tmp_path / "none")])
    assert wrong.exit_code == 2 and "Did you mean “change”?" in wrong.output and not (tmp_path / "none").exists()
