"""Widgets to look at a study with: every choice is a piece of Python, and what is shown is what that Python gives."""

from __future__ import annotations

import asyncio
import html
import json
from base64 import b64encode
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property

import ipywidgets
import nbformat
import pandas as pd
from IPython.display import DisplayHandle, display

from analysis import plots
from analysis.api import Country, OpenStudy
from analysis.disclosure.policy import as_published
from analysis.errors import StudyError
from analysis.language.notes import sentence
from analysis.notes import read
from analysis.sections import change
from analysis.sections.parts import Figure, wave_names
from analysis.sections.robustness import LEFT_OUT, MAIN, STRAIGHT, method_names
from analysis.sections.schools import school_name
from analysis.study.populations import TEACHERS, WAVES, Population
from analysis.study.private import PRIVATE, put_private
from notebook_documents.shapes import FIGURE_MIME

OWN_NOTEBOOK = "my-report.ipynb"
TABS = {
    "participation": "here.participation()",
    "change": 'here.change()[["scale", "n_matched", "change", "ci_low", "ci_high", "p_adjusted", "d_av", "verdict", '
              '"note"]]',
    "items": 'here.items().query({of_scale}).drop(columns="scale")',
    "schools": 'here.change(by="school").query({of_scale})[["school", "n", "mean_change", "estimate", "ci_low", "ci_high", '
               '"note"]]',
    "methods": 'here.change(method="all").query({of_scale})[["method", "n", "estimate", "ci_low", "ci_high", "df", "p", '
               '"note"]]',
    "distributions": 'here.spread().query({of_scale}).drop(columns=["scale", "label"])',
}
"""What each tab shows in numbers: an expression of `here`, the chosen respondents."""
OTHER_METHOD = 'here.change(method="all").query({of_method})[["scale", "n", "estimate", "ci_low", "ci_high", "p", "note"]]'
ONE_WAVE = 'here.answers({scale}).query({of_wave}).pivot(index="item", columns="value", values="n").reset_index()'
OF_ALL_SCALES = ("participation", "change")
COMPARING = ("change", "items", "schools", "methods")
STYLE = """<style>.explorer td, .explorer th {padding: 1px 8px; text-align: right}
.explorer td:first-child, .explorer th:first-child {text-align: left} .explorer img {max-width: 100%; display: block}
.explorer {line-height: 1.4}</style>"""


@dataclass(frozen=True)
class View:
    """What is looked at. Empty: both waves, all respondents, the numbers that study.toml declares."""

    country: str
    population: Population = TEACHERS
    scale: str = ""
    wave: str = ""
    where: str = ""
    method: str = MAIN
    smallest_change: float | None = None
    minimum_group: int | None = None
    owner: bool = False
    tab: str = "change"

    @property
    def here(self) -> str:
        """The chosen respondents, as an expression of `study`."""
        asked = [_text(self.country)]
        if self.population != TEACHERS:
            asked += [_text(self.population.respondents), str(self.population.iteration)]
        asked += ["owner=True"] * self.owner
        assumed = {"smallest_change": self.smallest_change, "minimum_group": None if self.owner else self.minimum_group}
        assumed = [f"{name}={value}" for name, value in assumed.items() if value is not None]
        return (f"study.panel({', '.join(asked)})" + f".assuming({', '.join(assumed)})" * bool(assumed)
                + f".where({_text(self.where)})" * bool(self.where))

    @property
    def figures(self) -> str:
        """The figures, as an expression of `here`."""
        asked = [self.tab] if self.tab in OF_ALL_SCALES else [self.tab, self.scale]
        asked += [self.wave] * bool(self.wave and self.tab == "distributions")
        return f"here.plot.figures({', '.join(map(_text, asked))})"

    @property
    def table(self) -> str:
        """The numbers, as an expression of `here`."""
        wanted = TABS[self.tab]
        if self.tab == "change" and self.method != MAIN:
            wanted = OTHER_METHOD
        if self.tab == "items" and self.wave:
            wanted = ONE_WAVE
        return wanted.format(scale=_text(self.scale), **{
            f"of_{name}": _text(f"{name} == {value!r}")
            for name, value in (("scale", self.scale), ("method", self.method), ("wave", self.wave))})

    @property
    def code(self) -> str:
        """The cell that shows the same, where `study` is read."""
        return (f"here = {self.here}\nfor figure in {self.figures}:\n    display(figure.draw(width=6.3))\n{self.table}")


class Explorer:
    """A study behind widgets. Shown by a notebook; without widgets (Papermill, documents) its first figure stands there.

    `country`: where to begin, a key of study.toml; empty: the first. Every country is computed ahead while nobody asks,
    statistics in a thread of the background, drawing in the kernel's own, since matplotlib's settings belong to all.
    """

    def __init__(self, study: OpenStudy, country: str = ""):
        self.study = study
        self._kept: dict[tuple[str, str], object] = {}
        self._drawn: dict[tuple[str, str], str] = {}
        self._seen: dict[str, int] = {}
        self._records: list[DisplayHandle] = []
        self._settling, self._ahead = False, None
        self.view = View(country or study.countries[0])
        self._follow()

    # what a view shows

    def here(self, view: View) -> Country:
        """The respondents of a view. Raises `StudyError` where they can't be asked for."""
        return self._value("", view.here, study=self.study)

    def figures(self, view: View) -> list[Figure]:
        """The figures of a view, not yet drawn."""
        return self._value(view.here, view.figures, here=self.here(view))

    def table(self, view: View) -> pd.DataFrame:
        """The numbers of a view."""
        return self._value(view.here, view.table, here=self.here(view))

    def _value(self, of: str, expression: str, **names):
        if (of, expression) not in self._kept:
            self._kept[of, expression] = eval(expression, names)  # of View alone: the very code that is shown
        return self._kept[of, expression]

    def page(self, view: View) -> str:
        """A view as HTML: how many are behind it, its figures, its numbers."""
        try:
            here, figures, table = self.here(view), self.figures(view), self.table(view)
        except StudyError as error:
            return "".join(f"<p>{html.escape(issue.message)}</p>" for issue in error.issues)
        said = "" if view.tab != "change" or view.scale not in here.panel.compared_scales else (
            f"<p>{html.escape(change.sentence(here.results, view.scale)).replace('**', '')}</p>")
        nothing = "" if figures else "<p>No figure: too few respondents, or too few schools, to show one.</p>"
        return f"{STYLE}<div class='explorer'><p>{base(here, view.scale)}</p>{said}{nothing}{self._images(view)}" \
               f"{numbers(here, table)}</div>"

    def _images(self, view: View) -> str:
        place = view.here, view.figures
        if place not in self._drawn:
            self._drawn[place] = "".join(_image(figure) for figure in self.figures(view))
        return self._drawn[place]

    # what was looked at

    def _count(self, view: View) -> None:
        if view.tab in COMPARING and not (view.tab == "items" and view.wave):
            with suppress(StudyError):
                self._seen[f"{view.here}: {view.table}"] = len(self.table(view))
            for handle in self._records:
                handle.update(self._record)

    @property
    def comparisons(self) -> int:
        """How many comparisons of follow-up with baseline were looked at so far."""
        return sum(self._seen.values())

    @property
    def _record(self) -> Record:
        views = "".join(f"\n- {n}: `{code}`" for code, n in self._seen.items())
        return Record(f"Comparisons looked at: **{self.comparisons}**. {_by_chance(self.comparisons)}\n{views}")

    def record(self) -> None:
        """Show what was looked at; the cell follows, and the notebook keeps it."""
        self._records.append(display(self._record, display_id=True))

    # widgets

    @cached_property
    def _controls(self) -> dict[str, ipywidgets.Widget]:
        settings, names = self.study.study.settings, wave_names(self.study._say)
        countries = [(settings.countries[key].name, key) for key in self.study.countries]
        declared = settings.smallest_change_of_interest
        return {
            "country": ipywidgets.Dropdown(options=countries, value=self.view.country, description="Country"),
            "population": ipywidgets.Dropdown(description="Population"),
            "scale": ipywidgets.Dropdown(description="Scale"),
            "wave": ipywidgets.Dropdown(options=[("both", ""), *((names[wave], wave) for wave in WAVES)],
                                        description="Wave"),
            "method": ipywidgets.Dropdown(description="Method"),
            "where": ipywidgets.Text(placeholder="all; for instance years >= 10", description="Subgroup",
                                     continuous_update=False),
            "smallest_change": ipywidgets.Text(description="Smallest change", continuous_update=False, placeholder=(
                "none declared" if declared is None else f"as declared ({declared})")),
            "minimum_group": ipywidgets.BoundedIntText(settings.minimum_group, min=1, max=1000, continuous_update=False,
                                                       description="Minimum group"),
            "owner": ipywidgets.ToggleButtons(options=[("as the reader sees it", False), ("as the owner sees it", True)],
                                                style={"button_width": "14em"}),
        }

    @cached_property
    def _widget(self) -> ipywidgets.Widget:
        self._pages = {tab: ipywidgets.HTML() for tab in TABS}
        self._tabs = ipywidgets.Tab(list(self._pages.values()), titles=[tab.capitalize() for tab in TABS],
                                    selected_index=list(TABS).index(self.view.tab))
        self._counted, self._code, self._done = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self._own = ipywidgets.Button(description="Into my report", tooltip=f"Adds this view to {PRIVATE}/{OWN_NOTEBOOK}")
        self._own.on_click(lambda _button: self._into_my_report())
        for name, control in self._controls.items():
            control.style.description_width = "9.5em" if name != "owner" else ""
            control.observe(self._changed, "value")
        self._tabs.observe(self._changed, "selected_index")
        choices = [control for name, control in self._controls.items() if name != "owner"]
        rows = ipywidgets.Layout(flex_flow="row wrap")
        self._show()
        return ipywidgets.VBox([
            ipywidgets.Box(choices, layout=rows), self._controls["owner"], self._tabs, self._counted,
            ipywidgets.Accordion([self._code], titles=["The code for this"]),
            ipywidgets.HBox([self._own, self._done])])

    def _changed(self, _event) -> None:
        if self._settling:
            return
        chosen = {name: control.value for name, control in self._controls.items()}
        try:
            smallest = chosen["smallest_change"].strip().replace(",", ".")
            chosen["smallest_change"] = float(smallest) if smallest else None
        except ValueError:
            self._page.value = "<p>The smallest change is a number of scale points, such as 0.2.</p>"
            return
        if chosen["minimum_group"] == self.study.study.settings.minimum_group:
            chosen["minimum_group"] = None
        self.view = View(**chosen, tab=list(TABS)[self._tabs.selected_index])
        self._follow()
        self._show()

    def _follow(self) -> None:
        """Let population and scale offer what the chosen country has, and keep what was chosen where it is there."""
        there = self.study.staging.populations(self.view.country)
        population = self.view.population if self.view.population in there else there[0]
        whole = self.here(View(self.view.country, population))
        scales = whole.panel.compared_scales or list(whole.panel.items)
        scale = self.view.scale if self.view.scale in scales else next(iter(scales), "")
        self.view = replace(self.view, population=population, scale=scale)
        with self._settled():
            _offer(self._controls["population"], [(f"{one.respondents}, iteration {one.iteration}", one) for one in there],
                   population)
            _offer(self._controls["scale"], [(whole.results.label(one), one) for one in scales] or [("none", "")], scale)
            _offer(self._controls["method"], [(name, code) for code, name in method_names(whole.results.say).items()
                                              if code not in (STRAIGHT, LEFT_OUT)], self.view.method)
            self._controls["minimum_group"].disabled = self.view.owner

    @contextmanager
    def _settled(self):
        self._settling = True
        yield
        self._settling = False

    @property
    def _page(self) -> ipywidgets.HTML:
        return self._pages[self.view.tab]

    def _show(self) -> None:
        try:
            self._page.value = self.page(self.view)
        except Exception as error:  # a page that stayed would be another choice's
            self._page.value = f"<p>This view failed: {html.escape(f'{type(error).__name__}: {error}')}</p>"
            raise
        self._count(self.view)
        self._code.value = f"<pre>{html.escape(self._reading() + self.view.code)}</pre>"
        self._counted.value = f"<p>Comparisons looked at: <b>{self.comparisons}</b>. {_by_chance(self.comparisons)}</p>"
        self._done.value = ""

    # computed ahead

    async def _compute_ahead(self) -> None:
        views = self._views()
        while view := await asyncio.to_thread(next, views, None):
            self._images(view)

    def _views(self):
        """What is likely asked for next, with its statistics computed: this tab in every country, then the other tabs."""
        first = self.view.tab
        for tab in sorted(TABS, key=lambda tab: tab != first):
            for country in self.study.countries:
                start = replace(View(country), owner=self.view.owner, tab=tab)
                scales = self.here(start).panel.compared_scales
                for scale in scales[:1] if tab in OF_ALL_SCALES else scales:
                    view = replace(start, scale=scale)
                    if self.figures(view) and len(self.table(view)):
                        yield view

    # into a notebook of one's own

    def _reading(self, folder: str = "") -> str:
        folder = folder or str(self.study.study.folder.resolve())
        return f"import analysis\n\nstudy = analysis.read_study({_text(folder)})\n"

    def _into_my_report(self) -> None:
        place = self.study.study.folder / PRIVATE / OWN_NOTEBOOK
        node = nbformat.read(place, 4) if place.exists() else nbformat.v4.new_notebook(cells=[
            nbformat.v4.new_markdown_cell(f"# {self.study.study.settings.title}"),
            nbformat.v4.new_code_cell(self._reading(".."))])
        try:
            here = self.here(self.view)
        except StudyError:
            return
        about = f"{here.panel.name}. {base(here, self.view.scale)}. {self.comparisons} comparisons were looked at before."
        node.cells += [nbformat.v4.new_markdown_cell(f"## {self.view.tab.capitalize()}\n\n{about}"),
                       nbformat.v4.new_code_cell(self.view.code)]
        put_private(nbformat.writes(node), self.study.study.folder, f"{PRIVATE}/{OWN_NOTEBOOK}")
        self._done.value = f"<p>Added to {html.escape(f'{PRIVATE}/{OWN_NOTEBOOK}')}.</p>"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = dict(self._widget._repr_mimebundle_())
        with suppress(StudyError):
            for figure in self.figures(self.view)[:1]:
                files = plots.rendered(figure.draw(plots.FULL), ("svg", "png"))
                bundle |= {"image/svg+xml": files["svg"].decode(), "image/png": b64encode(files["png"]).decode(),
                           FIGURE_MIME: {"subject": figure.title, "details": figure.caption, "alt": figure.alt}}
        if self._ahead is None:
            with suppress(RuntimeError):
                self._ahead = asyncio.get_running_loop().create_task(self._compute_ahead())
        return bundle


@dataclass(frozen=True)
class Record:
    """Markdown that a notebook keeps."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


def base(here: Country, scale: str) -> str:
    """How many respondents are behind what is shown of a scale."""
    rows, say = here.change().query("scale == @scale"), here.results.say
    if rows.empty:
        rows = here.participation().tail(1)
    row = rows.iloc[0]
    return f"n = {say.count(row['n_pre'])} at baseline, {say.count(row['n_post'])} at follow-up, " \
           f"{say.count(row['n_matched'])} matched" + (f", {row['n_schools']} schools" if "n_schools" in row else "")


def numbers(here: Country, table: pd.DataFrame) -> str:
    """A table as HTML: codes by their names, notes as sentences below it."""
    results, say = here.results, here.results.say
    names = {"scale": results.label, "item": results.item, "school": lambda school: school_name(school, say) or "all",
             "method": lambda method: method_names(say)[method], "wave": lambda wave: wave_names(say)[wave]}
    notes = dict.fromkeys(note for cell in table.get("note", ()) for note in read(cell))
    shown = table.assign(**{name: table[name].map(of) for name, of in names.items() if name in table})
    shown = shown.drop(columns=["note", "label"] if "scale" in shown and "label" in shown else ["note"], errors="ignore")
    digits = ".3f" if here.policy.public else "g"
    shown = as_published(shown).to_html(index=False, na_rep="–", border=0, float_format=lambda x: f"{x:{digits}}")
    return shown.replace("&lt;NA&gt;", "–") + "".join(f"<p>{html.escape(sentence(note, say))}</p>" for note in notes)


def _image(figure: Figure) -> str:
    svg = b64encode(plots.rendered(figure.draw(plots.FULL), ("svg",))["svg"]).decode()
    return f"<p><b>{html.escape(figure.title)}</b></p><img alt=\"{html.escape(figure.alt)}\" " \
           f"src=\"data:image/svg+xml;base64,{svg}\"><p>{html.escape(figure.caption)}</p>"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _by_chance(comparisons: int) -> str:
    return f"Even if nothing had changed, about {comparisons / 20:.1f} of them would have p < .05."


def _offer(control: ipywidgets.Dropdown, options: list, value) -> None:
    """Other options; the value is set again, since ipywidgets goes to the first one."""
    if list(control.options) != options:
        control.options = options
    control.value = value
