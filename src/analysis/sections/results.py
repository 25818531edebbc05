"""All results of one report, each table computed when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from types import ModuleType
from typing import Any

import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import ProtectedPanel, protected
from analysis.language import Language
from analysis.language.notes import of_scales
from analysis.scales import Panel
from analysis.sections.parts import Column, Figure, Table, table
from analysis.study.folder import Study
from analysis.study.populations import Population

ALPHA = 0.05


class Results:
    """What one country's sections compute and show.

    `panel` is the protected sample of the teachers of iteration 1, `of(population)` the results of another population, from
    its own protected sample; `say` the language. `precise` gives a table unrounded, for decisions and further
    computing; `table` the same as it is published, for every number that is shown. Of `sections`, those with a function
    `present` are there only where it says so. `unprotected` are the other populations' panels as they were matched.
    """

    def __init__(self, study: Study, panel: ProtectedPanel | None, sections: Iterable[ModuleType], say: Language,
                 others: Mapping[Population, Panel] | None = None):
        self.study, self.panel, self.say = study, panel, say
        self.unprotected = dict(others or {})
        self.policy = Policy.of(study) if panel is None else panel.policy
        self.sections = tuple(section for section in sections
                              if not hasattr(section, "present") or section.present(self))
        self._estimates: dict[str, Callable[[Results], pd.DataFrame]] = {
            name: estimate for section in self.sections for name, estimate in getattr(section, "ESTIMATES", {}).items()}
        self._derived: dict[str, Callable[[Results], pd.DataFrame]] = {
            name: derived for section in self.sections for name, derived in getattr(section, "PUBLISHED", {}).items()}
        self._optional = {name for section in self.sections if hasattr(section, "present")
                          for name in getattr(section, "ESTIMATES", {})}
        self._precise: dict[str, pd.DataFrame] = {}
        self._published: dict[str, pd.DataFrame] = {}
        self._once: dict[object, object] = {}

    @property
    def populations(self) -> list[Population]:
        """The populations that have answers beside the teachers of iteration 1, leaders first."""
        return sorted(self.unprotected)

    def of(self, population: Population) -> Results | None:
        """The results of another population of the country, by the same policy; None if it has no answers."""
        if population not in self.populations:
            return None
        return self.once(type(self)._of, population)

    def _of(self, population: Population) -> Results:
        return Results(self.study, protected(self.unprotected[population], self.policy), self.sections, self.say)

    @property
    def tables(self) -> list[str]:
        """The names of all tables that the report's sections compute."""
        return list(self._estimates)

    def saves(self, name: str) -> bool:
        """Whether a table has a file: one of a section that a study may lack only if it has a row."""
        return name in self._estimates and not (name in self._optional and self.table(name).empty)

    def precise(self, name: str) -> pd.DataFrame:
        """A table at full precision, of the protected sample."""
        if name not in self._precise:
            self._precise[name] = self._estimates[name](self)
        return self._precise[name]

    def table(self, name: str) -> pd.DataFrame:
        """A table as it is published."""
        if name not in self._published:
            derived = self._derived.get(name)
            self._published[name] = self.policy.rounded(derived(self) if derived else self.precise(name))
        return self._published[name]

    def once(self, function: Callable[..., Any], *arguments: Hashable) -> Any:
        """`function(self, *arguments)`, computed when it is first asked for."""
        key = function, *arguments
        if key not in self._once:
            self._once[key] = function(self, *arguments)
        return self._once[key]

    def shown(self, name: str, title: str, columns: list[Column], rows: pd.DataFrame | None = None, general: str = "",
              label: str = "") -> Table:
        """A table for reading from the published one, or from some of its `rows`; `label` if it stands twice."""
        rows = self.table(name) if rows is None else rows
        return table(label or name, title, rows, columns, self.say, self.policy, general)

    def label(self, scale: str) -> str:
        """A scale's name in the report's language."""
        return self.study.codebook.label(scale)

    def item(self, item: str) -> str:
        """An item's text, which says so where it is reverse-scored."""
        text = self.study.codebook.text(item)
        reverse = self.study.codebook.items.loc[item, "reversed"]
        return self.say("{item} (reverse-scored)", item=text) if reverse else text

    def notices(self, *codes: str) -> str:
        """What the panel's notices of these codes say."""
        return " ".join(of_scales((each for each in self.panel.notices if each.code in codes), self.label, self.say))

    @property
    def synthetic(self) -> str:
        """The mark of figures on invented data; empty for real data."""
        return self.say("synthetic data") if self.study.settings.synthetic else ""

    @property
    def name(self) -> str:
        """The country's name, in the report's language where study.toml has it."""
        return "" if self.panel is None else self.study.settings.countries[self.panel.country].name_in(self.say.code)

    @property
    def title(self) -> str:
        """The study's title, in the report's language where study.toml has it."""
        return self.study.settings.title_in(self.say.code)

    def own_text(self, table: str, key: str) -> str:
        """What [setting] or [brief] says of a key, in Markdown; empty where it says nothing.

        The text without a language is in the default one of the reports; where another is asked for, it stands in and is
        counted with the messages that lack a translation.
        """
        texts, own = getattr(self.study.settings, table), f"{key}_{self.say.code}"
        if key in texts and own not in texts and self.say.code != self.study.settings.languages[0]:
            self.say.missing.add(f"[{table}] {own}")
        return texts.get(own, texts.get(key, ""))


class AcrossResults(Results):
    """What all countries together show; `countries` are their own results, by key."""

    def __init__(self, study: Study, countries: dict[str, Results], sections: Iterable[ModuleType], say: Language):
        self.countries = countries
        super().__init__(study, None, sections, say)

    @property
    def populations(self) -> list[Population]:
        """The populations beside the teachers of iteration 1 that have answers in any country."""
        return sorted({population for one in self.countries.values() for population in one.populations})

    def _of(self, population: Population) -> AcrossResults:
        countries = {key: one.of(population) for key, one in self.countries.items() if population in one.populations}
        return AcrossResults(self.study, countries, self.sections, self.say)


def of_country(panel: Panel, sections: Iterable[ModuleType], say: Language,
               others: Mapping[Population, Panel] | None = None) -> Results:
    """The results of one country from its panels, protected by the study's own policy."""
    return Results(panel.study, protected(panel), sections, say, others)


__all__ = ["AcrossResults", "Figure", "Results", "of_country"]
