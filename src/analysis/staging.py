"""What was read, coded and matched, kept in the study's `private/staged/` until anything that it was made from changes.

A run stages every country once, and its notebooks, a process each, take what is there. Each file is signed with the
study's key together with the digests of all that it was made from; as the key comes with a folder from elsewhere, the
file may hold nothing but frames and records, and is read by an unpickler that makes nothing else.
"""

from __future__ import annotations

import hmac
import io
import json
import pickle
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property

import pandas as pd

from analysis.coding.exports import CodedExport
from analysis.errors import StudyError
from analysis.inputs import Inputs, declarations
from analysis.responses import Responses, coded_of, read_responses
from analysis.scales import Panel, panel
from analysis.study.folder import Study
from analysis.study.populations import TEACHERS, Population, populations
from analysis.study.private import PRIVATE, private_key, put_private
from analysis.study.settings import Export
from analysis.versions import code_digest

FOLDER = f"{PRIVATE}/staged"
SIGNATURE = 32
RECORDS = {
    "analysis.coding.exports": {"CodedExport"}, "analysis.linking.links": {"Linked"}, "analysis.notes": {"Note"},
    "analysis.scales": {"Panel"}, "analysis.staging": {"_Country"}, "analysis.study.populations": {"Population"},
    "builtins": {"slice"}, "collections": {"Counter"}, "numpy": {"dtype", "ndarray"},
    "numpy._core.multiarray": {"_reconstruct"},
    "pandas": {"DataFrame", "Index", "Int64Dtype", "RangeIndex", "Series", "StringDtype"},
    "pandas._libs.arrays": {"__pyx_unpickle_NDArrayBacked"}, "pandas._libs.internals": {"_unpickle_block"},
    "pandas.arrays": {"DatetimeArray", "IntegerArray", "StringArray"}, "pandas.core.indexes.base": {"_new_Index"},
    "pandas.core.internals.managers": {"BlockManager", "SingleBlockManager"},
}
"""What a kept file may hold, by module."""


@dataclass(frozen=True)
class _Country:
    """What is kept of one country: its coded exports, in the order of study.toml, and its panels."""

    exports: list[CodedExport]
    panels: dict[Population, Panel]


class Staging:
    """A study's answers: as they were staged where nothing changed since, else read anew."""

    def __init__(self, study: Study):
        self.study = study
        self._countries: dict[str, _Country | None] = {}
        self._panels: dict[tuple[str, Population], Panel] = {}
        self._made_of: dict[str, bytes] = {}
        self._exports: dict[int, CodedExport] = {}

    @cached_property
    def responses(self) -> Responses:
        """The responses of all countries. Raises `StudyError` with every issue about every export."""
        return read_responses(self.study, coded=self._coded)

    @property
    def countries(self) -> list[str]:
        """The countries that have answers, in the order of study.toml."""
        present = set(self.responses.frame["country"])
        return [key for key in self.study.settings.countries if key in present]

    def panel(self, country: str, population: Population = TEACHERS) -> Panel:
        """One population of a country, matched and scored. Raises `StudyError` with the issues of its exports."""
        place = country, population
        if place not in self._panels:
            kept = self._kept(country)
            found = kept.panels.get(population) if kept else None
            self._panels[place] = replace(found, study=self.study) if found else panel(
                self.study, read_responses(self.study, [country], self._coded), country, population)
        return self._panels[place]

    def populations(self, country: str) -> list[Population]:
        """Who has answers in a country: every kind of respondents, by iteration."""
        kept = self._kept(country)
        return sorted(kept.panels) if kept else _populations(self.responses.frame, country)

    def others(self, country: str) -> dict[Population, Panel]:
        """The panels of a country's populations beside the teachers of iteration 1."""
        return {population: self.panel(country, population) for population in self.populations(country)
                if population != TEACHERS}

    def stage(self) -> None:
        """Keep what is not kept yet, for the study's owner alone. A folder that can't be written keeps nothing."""
        frame = self.responses.frame
        for country in self.countries:
            if self._kept(country) or self._digests(country) != self._made_of[country]:
                continue
            panels = {population: replace(panel(self.study, self.responses, country, population), study=None)
                      for population in _populations(frame, country)}
            exports = [replace(self._coded(self.study, export), export=None)
                       for export in self.study.settings.exports if export.country == country]
            content = pickle.dumps(_Country(exports, panels))
            with suppress(OSError):
                put_private(self._signed(country, content) + content, self.study.folder, f"{FOLDER}/{country}")

    def _coded(self, study: Study, export: Export) -> CodedExport:
        """The export as it was kept, or read once."""
        at = study.settings.exports.index(export)
        if at not in self._exports:
            self._exports[at] = self._kept_export(study, export) or coded_of(study, export)
        return self._exports[at]

    def _kept_export(self, study: Study, export: Export) -> CodedExport | None:
        kept = self._kept(export.country)
        blocks = [block for block in study.settings.exports if block.country == export.country]
        return kept and replace(kept.exports[blocks.index(export)], export=export)

    def _kept(self, country: str) -> _Country | None:
        if country not in self._countries:
            self._countries[country] = None
            self._made_of[country] = self._digests(country)
            with suppress(OSError, pickle.UnpicklingError, StudyError):
                found = (self.study.folder / FOLDER / country).read_bytes()
                signature, content = found[:SIGNATURE], found[SIGNATURE:]
                if hmac.compare_digest(signature, self._signed(country, content)):
                    self._countries[country] = _Unpickler(io.BytesIO(content)).load()
        return self._countries[country]

    def _signed(self, country: str, content: bytes) -> bytes:
        return hmac.digest(private_key(self.study), self._made_of[country] + content, "sha256")

    def _digests(self, country: str) -> bytes:
        """Of all that a country's panels are made from, as it is now: files, settings as they are used, code."""
        files = {*declarations(self.study.folder),
                 *(export.file for export in self.study.settings.exports if export.country == country)}
        inputs = Inputs.of(self.study.folder, files, self.study.settings.countries, country, private_key(self.study))
        return json.dumps([code_digest(), self.study.settings.model_dump_json(), asdict(inputs)], sort_keys=True).encode()


def _populations(frame: pd.DataFrame, country: str) -> list[Population]:
    here = frame.loc[frame["country"] == country]
    return sorted(found for kind in here["respondents"].unique() for found in populations(here, kind))


class _Unpickler(pickle.Unpickler):
    """Makes what `RECORDS` names and nothing else. Source: the manual of `pickle`, "Restricting Globals"."""

    def find_class(self, module: str, name: str):
        if name not in RECORDS.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no record that is kept")
        return super().find_class(module, name)
