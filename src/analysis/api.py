"""A study in a researcher's hands: nouns that give tidy frames, and `plot` for the figures of the reports."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis import sections
from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import protected
from analysis.errors import Issue, StudyError
from analysis.language import Language
from analysis.plots import distributions
from analysis.scales import Panel
from analysis.sections import across, change, items, participation, parts, robustness, schools, spread
from analysis.sections.results import AcrossResults, Results
from analysis.staging import Staging
from analysis.study.folder import read_study
from analysis.study.populations import TEACHERS, WAVES, Population
from analysis.texts import listed, suggestion

OWNER = Policy(1)


class OpenStudy:
    """A study folder that was read: its countries, and all of them together."""

    def __init__(self, folder: str | Path, language: str = "en"):
        self.study = read_study(folder, language)
        self._say = Language(self.study.codebook.language)

    @cached_property
    def staging(self) -> Staging:
        """The study's answers, read and matched when they are first asked for."""
        return Staging(self.study)

    @property
    def responses(self):
        """All exports as one frame, a row per respondent and wave (`analysis.responses.Responses`)."""
        return self.staging.responses

    @property
    def countries(self) -> list[str]:
        """The keys of the countries that have answers."""
        return self.staging.countries

    def panel(self, country: str, respondents: str = "teachers", iteration: int = 1, owner: bool = False) -> Country:
        """One country by its key or name: its teachers (or leaders, mentors, raters) of an iteration, matched and scored.

        As in its report, small groups are protected and numbers rounded; `owner=True` shows everything at full precision,
        for the study's owner only. Raises `StudyError` that names the countries there are.
        """
        key, population = self._key(country), Population(respondents, iteration)
        if population not in (there := self.staging.populations(key)):
            names = listed((f"{one.respondents}, iteration {one.iteration}" for one in there), last="or", limit=20)
            raise StudyError([Issue(f"{key} has no answers of {respondents} in iteration {iteration}; expected {names}.",
                                    "study.toml")])
        whole = self.staging.panel(key, population)
        others = self.staging.others(key) if population == TEACHERS else None
        return Country(whole, OWNER if owner else Policy.of(self.study), self._say, others)

    def _key(self, country: str) -> str:
        names = {key: self.study.settings.countries[key].name for key in self.countries}
        found = next((key for key, name in names.items() if country in (key, name)), None)
        if found is None:
            there = listed((f"{key} ({name})" for key, name in names.items()), last="or", limit=99)
            raise StudyError([Issue(f"there is no country “{country}” with answers; expected {there}."
                                    f"{suggestion(country, [*names, *names.values()])}", "study.toml")])
        return found

    @cached_property
    def across(self) -> AcrossResults:
        """All results of the report across countries."""
        countries = {key: self.panel(key).results for key in self.countries}
        return AcrossResults(self.study, countries, sections.ACROSS, self._say)

    def pooled(self) -> pd.DataFrame:
        """The change pooled over countries, a row per scale, as `pooled.csv`."""
        return self.across.table("pooled")

    def change(self) -> pd.DataFrame:
        """Every country's change, as `change_by_country.csv`."""
        return self.across.table("change_by_country")

    @property
    def plot(self) -> StudyPlots:
        """The figures of all countries together."""
        return StudyPlots(self.across)

    def report(self, country: str = "", to: str = "html", out: str | Path = "reports") -> Path:
        """Make the report of a country, or across countries, in the formats `to` (`html,docx`), and return its folder.

        Raises `StudyError` where there is no such country or format, or with what went wrong where it could not be made.
        """
        from analysis.running import FORMATS
        from analysis.running.reports import report_specs, run_report

        formats = tuple(_one_of("to", kind.strip(), {name: name for name in FORMATS}) for kind in to.split(","))
        chosen = [self._key(country)] if country else []
        spec, *_ = report_specs(self.study, Path(out), chosen, formats, not chosen, (self._say.code,))
        result = run_report(spec)
        if result.status == "failed":
            raise StudyError([Issue(f"{result.name}: {result.message}")])
        return result.folder

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{key}</td><td>{html.escape(self.study.settings.countries[key].name)}</td></tr>"
                       for key in self.countries)
        return f"<p><b>{html.escape(self.study.settings.title)}</b></p><table>{rows}</table>"


class Country:
    """One country's matched and scored respondents; every method gives a tidy frame, as the reports' tables have it."""

    def __init__(self, whole: Panel, policy: Policy, say: Language, others: Mapping[Population, Panel] | None = None):
        self._whole, self.policy = whole, policy
        self.results = Results(whole.study, protected(whole, policy), sections.COUNTRY, say, others)

    @property
    def panel(self):
        """The panel behind it: `respondents`, `answers[wave]`, `scores[wave]` (rows: respondents)."""
        return self.results.panel

    def participation(self) -> pd.DataFrame:
        """Respondents per school and wave; the row with an empty school is the total."""
        return self.results.table("participation")

    def linkage(self) -> pd.DataFrame:
        """How the answers were matched: `kind, n`."""
        return self.results.table("linking")

    def reliability(self, by: str = "scale") -> pd.DataFrame:
        """Alpha and omega per scale and wave, or (`by="item"`) each item's correlation with the rest."""
        return self.results.table(_one_of("by", by, {"scale": "reliability", "item": "item_reliability"}))

    def attrition(self) -> pd.DataFrame:
        """Unmatched against matched respondents at baseline, standardised."""
        return self.results.table("attrition")

    def items(self) -> pd.DataFrame:
        """Item by item: how many matched respondents improved, stayed and worsened."""
        return self.results.table("item_change")

    def answers(self, scale: str) -> pd.DataFrame:
        """How many gave each answer to the items of a scale, as asked, before and after."""
        table = self.results.table("item_answers")
        return table.loc[table["item"].isin(self.panel.items[_one_of("scale", scale, _same(self.panel.items))])]

    def spread(self) -> pd.DataFrame:
        """Which share of matched respondents scored lower, about the same and higher at follow-up, by scale."""
        return self.results.table("individual_changes")

    def change(self, by: str = "scale", method: str = "main") -> pd.DataFrame:
        """The change per scale; `by="school"` per school, `method="all"` by every method and sample."""
        table = _one_of("by", by, {"scale": "change", "school": "change_by_school"})
        return self.results.table(_one_of("method", method, {"main": table, "all": "sensitivity"}))

    def where(self, query: str) -> Country:
        """The respondents of a subgroup, by a query on background, context and school: `years >= 10 and gender == "f"`.

        A background question counts as answered at baseline, or else at follow-up. Raises `StudyError` where the query
        names something else.
        """
        background = self._background()
        try:
            chosen = background.eval(query).astype(bool).to_numpy()
        except Exception as error:
            raise StudyError([Issue(f"“{query}” can't be asked here ({error}); it may name "
                                        f"{listed(background.columns, limit=99)}.")]) from error
        if self.policy.small(chosen.sum()) or self.policy.small((~chosen).sum()):
            raise StudyError([Issue(f"“{query}” tells too few respondents apart from all others to be shown.")])
        return Country(self._whole.part(chosen), self.policy, self.results.say)

    def assuming(self, smallest_change: float | None = None, minimum_group: int | None = None) -> Country:
        """The same as if study.toml declared another smallest change of interest, in scale points, or minimum group."""
        whole, policy = self._whole, self.policy if minimum_group is None else Policy(minimum_group)
        if smallest_change is not None:
            settings = whole.study.settings.model_copy(update={"smallest_change_of_interest": smallest_change})
            whole = replace(whole, study=replace(whole.study, settings=settings))
        return Country(whole, policy, self.results.say)

    def tidy(self) -> pd.DataFrame:
        """A row per respondent, wave and scale: respondent, school, wave, scale, score, background questions and context.

        For pingouin, statsmodels and seaborn as they are; rows of persons, so for the study's owner only.
        """
        parts = [self.panel.scores[wave].rename_axis("respondent").reset_index()
                 .melt("respondent", var_name="scale", value_name="score").assign(wave=wave) for wave in WAVES]
        long = pd.concat(parts, ignore_index=True).dropna(subset="score")
        return long.merge(self._background().rename_axis("respondent").reset_index(), on="respondent")

    @property
    def plot(self) -> CountryPlots:
        """The figures of the country."""
        return CountryPlots(self.results)

    def _background(self) -> pd.DataFrame:
        items = self._whole.study.codebook.items
        asked = items.index[(items["scale"] == "") & items["kind"].isin(["choice", "number"])]
        answers = {item: self._whole.answers["pre"][item].combine_first(self._whole.answers["post"][item])
                   for item in asked}
        return pd.DataFrame(answers, index=self._whole.respondents.index).join(self._whole.context).assign(
            school=self._whole.respondents["school"])

    def _repr_html_(self) -> str:
        total = self.participation().iloc[-1]
        scales = ", ".join(html.escape(self.results.label(scale)) for scale in self.panel.compared_scales)
        return (f"<p><b>{html.escape(self.panel.name)}</b>: {total['n_pre']} at baseline, {total['n_post']} at follow-up, "
                f"{total['n_matched']} matched</p><p>{scales}</p>")


class CountryPlots:
    """The figures of one country; each method draws one and returns matplotlib's `Figure`."""

    def __init__(self, results: Results):
        self._results = results

    def figures(self, name: str, scale: str = "", wave: str = "") -> list[parts.Figure]:
        """The figures of a kind, with title, caption and alternative text; `draw(width)` gives matplotlib's `Figure`.

        `name`: participation, change, or of a scale items, schools, methods, distributions. Distributions show single
        respondents to the owner (of one `wave`, or of both), and who rose and fell to others. The list is empty where
        nothing can be shown.
        """
        kinds = {"participation": self._participation, "change": self._change, "items": self._items,
                 "schools": self._schools, "methods": self._methods, "distributions": self._distributions}
        kind, asked = kinds[_one_of("name", name, _same(kinds))], []
        if name not in ("participation", "change"):
            asked = [_one_of("scale", scale, _same(self._results.panel.items))]
        if wave:
            asked.append(_one_of("wave", wave, _same(WAVES)))
        return kind(*asked)

    def change(self, width: float = 6.3) -> Figure:
        """The change on every scale with its interval; `width` in inches."""
        return change.figure(self._results, "change", self._results.panel.compared_scales).draw(width)

    def schools(self, width: float = 6.3) -> Figure:
        """The partially pooled change of every school on the primary scales."""
        return schools.figure(self._results, self._results.study.primary_scales).draw(width)

    def _participation(self) -> list[parts.Figure]:
        shown = [participation.flow_figure(self._results)]
        if len(self._results.table("participation")) > 1:
            shown.append(participation.schools_figure(self._results))
        return shown

    def _change(self) -> list[parts.Figure]:
        scales = self._results.panel.compared_scales
        return [change.figure(self._results, "change", scales)] if scales else []

    def _items(self, scale: str) -> list[parts.Figure]:
        own = set(self._results.panel.items[scale])
        return [figure for figure in items.answers_figures(self._results) if own & set(figure.numbers["item"])]

    def _schools(self, scale: str) -> list[parts.Figure]:
        return [schools.figure(self._results, [scale])] if len(schools.drawable(self._results, [scale])) else []

    def _methods(self, scale: str) -> list[parts.Figure]:
        return [robustness.figure(self._results, [scale])] if scale in self._results.panel.compared_scales else []

    def _distributions(self, scale: str, *only: str) -> list[parts.Figure]:
        results, panel = self._results, self._results.panel
        if not results.policy.public:
            rows = results.table("individual_changes").dropna(subset=["higher"])
            rows = rows.loc[rows["scale"] == scale]
            return [spread.figure(results, rows)] if len(rows) else []
        label, waves = results.label(scale), only or panel.waves_of[scale]
        scores = pd.DataFrame({wave: panel.scores[wave][scale] for wave in waves}).dropna(how="all")
        names = {"pre": "baseline", "post": "follow-up"}
        found = [parts.Figure("distribution", label, "Each dot is a respondent, each line a matched one.",
                              f"Raincloud of {label}.", lambda width: distributions.one_scale(scores, names, label, width),
                              scores)] if len(scores) else []
        if len(panel.compared_scales) > 1:
            changes = (panel.scores["post"] - panel.scores["pre"])[panel.compared_scales].rename(columns=results.label)
            found.append(parts.Figure("correlations", "How the changes on the scales correlate",
                                      "Correlations of matched respondents' changes.", "Heat map of correlations.",
                                      lambda width: distributions.correlations(changes, width), changes.corr()))
        return found


class StudyPlots:
    """The figures of all countries together."""

    def __init__(self, results: AcrossResults):
        self._results = results

    def forest(self, scale: str = "", width: float = 6.3) -> Figure:
        """The change by country and pooled, on a scale (default: the first primary one)."""
        compared = {row: row for row in dict.fromkeys(self._results.table("change_by_country")["scale"])}
        chosen = _one_of("scale", scale or self._results.study.primary_scales[0], compared)
        return across.change.forest(self._results, chosen).draw(width)


def _same(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}


def _one_of(name: str, given: str, known: dict[str, str]) -> str:
    if given not in known:
        raise StudyError([Issue(f"{name}=“{given}” is not known; expected {listed(known, last='or')}."
                                    f"{suggestion(given, known)}")])
    return known[given]
