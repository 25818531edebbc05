"""The model of study.toml: its keys, what they may hold, and its issues as plain sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from analysis.study.settings_file import Place
from analysis.texts import listed, quoted, suggestion


def _smallest_change(given: object) -> float | dict[str, float]:
    def checked(number: object, scale: str = "") -> float:
        of = f" for “{scale}”" if scale else ""
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise ValueError(f"expected scale points{of}, a number such as 0.2; found {_shown(number)}.")
        if not (math.isfinite(number) and number > 0):
            raise ValueError(f"expected scale points{of} greater than 0; found {number}.")
        return float(number)

    if isinstance(given, dict):
        return {scale: checked(number, scale) for scale, number in given.items()}
    return checked(given)


def _template(given: object) -> str | dict[str, str]:
    found = given.values() if isinstance(given, dict) else [given]
    for file in found:
        if not (isinstance(file, str) and file.strip()):
            raise ValueError("expected a Word document such as “deliverable.docx”, or a table of such by country or "
                             f"language; found {_shown(file)}.")
    return given


_NONE_GIVEN = {
    "countries": "expected at least one country, such as [countries.EE].",
    "exports": "expected at least one [[exports]] block.",
}
KeyIssue = tuple[Place, str]
"""A key's place in study.toml and a sentence on what is wrong with it."""

_Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
_Titles = dict[Annotated[str, Field(pattern="^title_[a-z]{2,3}$")], _Text]
_Names = dict[Annotated[str, Field(pattern="^name_[a-z]{2,3}$")], _Text]
_IN_LANGUAGE = re.compile("(.+)_([a-z]{2,3})")
ASKED_BY_READERS = ("mentoring", "dates", "eligibility", "ethics", "consent", "data_availability", "citation")
"""What a reader of a report will ask about the study, as keys of [setting]."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Funding(_Table):
    """What every report prints about who paid."""

    statement: str = ""
    disclaimer: str = ""
    emblem: Literal["eu"] | None = None


class School(_Table):
    """A school: other spellings, how many teachers were invited, its part in the programme, its regional hub."""

    also: list[_Text] = []
    invited: Annotated[int, Field(ge=1)] | None = None
    role: Literal["mentoring", "mentored"] | None = None
    advanced: bool = False
    hub: _Text | None = None


class Country(_Table):
    """A country: its name (`name_ka` in Georgian, and so on), its planned sample, the first and last day of each survey's
    fieldwork, and its schools' spellings."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: _Names

    name: _Text
    target_schools: Annotated[int, Field(ge=1)] | None = None
    target_teachers: Annotated[int, Field(ge=1)] | None = None
    fieldwork: dict[Literal["pre", "post"], Annotated[list[date], Field(min_length=2, max_length=2)]] = {}
    schools: dict[str, School] = {}

    def name_in(self, language: str) -> str:
        """The name in a language; the one given for all languages where it has none of its own."""
        return self.model_extra.get(f"name_{language}", self.name)


class Export(_Table):
    """One raw file: as it serves one wave of a survey, or as the context of the respondents it names.

    A context file has a column for the item `school` or `code`, by which its other items join the respondents of its
    country; only a survey has a wave and a language. Raters' answers are a rubric: a row per rater and school.
    """

    country: str
    kind: Literal["survey", "context"] = "survey"
    wave: Literal["pre", "post", "then"] | None = None
    file: _Text
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None = None
    iteration: Annotated[int, Field(ge=1)] = 1
    respondents: Literal["teachers", "leaders", "mentors", "raters"] = "teachers"
    columns: dict[str, str] = {}

    @property
    def named(self) -> str:
        """The file and, of a survey, its wave, as messages name them."""
        return f"{self.file} ({self.wave})" if self.wave else self.file


class Settings(_Table):
    """study.toml. The title may stand there in further languages (`title_ka`), and so may each text of [setting]."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: _Titles

    title: _Text
    synthetic: bool = False
    codes: Literal["self-generated", "assigned"] = "self-generated"
    minimum_group: Annotated[int, Field(ge=1)] = 5
    minimum_answered: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.5
    smallest_change_of_interest: Annotated[float | dict[str, float] | None, BeforeValidator(_smallest_change)] = None
    primary_scales: list[str] | None = None
    tau_prior_scale: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.3
    languages: Annotated[list[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]], Field(min_length=1)] = ["en"]
    seed: Annotated[int, Field(ge=0)] = 20230630
    school_names: Literal["hide", "show"] = "hide"
    template: Annotated[str | dict[str, str] | None, BeforeValidator(_template)] = None
    funding: Funding = Funding()
    setting: dict[str, _Text] = {}
    brief: dict[str, _Text] = {}
    countries: dict[str, Country]
    exports: list[Export]

    def smallest_change(self, scale: str) -> float | None:
        """The smallest change of interest on a scale in scale points; None where none was declared."""
        declared = self.smallest_change_of_interest
        return declared.get(scale) if isinstance(declared, dict) else declared

    def template_of(self, country: str | None, language: str) -> str | None:
        """The Word template of a report, a path below the study folder; a country's own goes before a language's."""
        if isinstance(self.template, dict):
            return self.template.get(country, self.template.get(language))
        return self.template

    def title_in(self, language: str) -> str:
        """The title in a language; the one given for all languages where it has none of its own."""
        return self.model_extra.get(f"title_{language}", self.title)

    @property
    def surveys(self) -> list[Export]:
        """The exports of surveys."""
        return [export for export in self.exports if export.kind == "survey"]

    def keys_of(self, table: str) -> list[str]:
        """The keys of [setting] or [brief] without those that are another's text in a further language."""
        texts = getattr(self, table)
        known = {*texts, *ASKED_BY_READERS}
        translated = {key for key in texts if (of := _IN_LANGUAGE.fullmatch(key)) and of[1] in known}
        return [key for key in texts if key not in translated]

    @property
    def unsaid(self) -> list[str]:
        """What a reader will ask and [setting] doesn't say."""
        return [key for key in ASKED_BY_READERS if key not in self.setting]


def settings_or_issues(content: dict[str, Any]) -> tuple[Settings | None, list[int], list[KeyIssue]]:
    """The settings as far as they can be read, the places of their exports, and every issue.

    An optional key with an error counts as not given, an export with one as not there, so that what follows from the
    rest can still be checked; hence the places, counted from 0. The settings are None only if nothing is left.
    """
    issues = [((key,), missing) for key, missing in _NONE_GIVEN.items() if content.get(key) in ([], {})]
    places = list(range(len(content["exports"]))) if isinstance(content.get("exports"), list) else []
    for _ in range(3):
        try:
            return Settings.model_validate(content), places, issues
        except ValidationError as error:
            found = error.errors(include_url=False)
            unknown = {issue["loc"] for issue in found if _is_unknown(issue)}
            found = [issue for issue in found if _is_unknown(issue) or issue["loc"] not in unknown]
            issues += [(_place(issue, places), _sentence(issue)) for issue in found]
            spoiled = {issue["loc"][1] for issue in found if _spoils_export(issue)}
            content = _mended(content, found, spoiled)
            places = [place for i, place in enumerate(places) if i not in spoiled]
    return None, [], issues


def _place(issue: dict[str, Any], places: list[int]) -> Place:
    place = issue["loc"]
    if place[0] == "exports" and len(place) > 1:
        return ("exports", places[place[1]], *place[2:])
    return place


def _is_unknown(issue: dict[str, Any]) -> bool:
    """Whether the issue is a key that the table doesn't know; where a key may name a language, its pattern says so."""
    return issue["type"] == "extra_forbidden" or issue.get("ctx", {}).get("pattern", "").endswith("_[a-z]{2,3}$")


def _sentence(issue: dict[str, Any]) -> str:
    place, given, kind, limits = issue["loc"], issue["input"], issue["type"], issue.get("ctx", {})
    if _is_unknown(issue):
        key = str(place[-1])
        known = _known_keys(place[:-1])
        return f"unknown key; expected {listed(known, last='or', limit=20)}.{suggestion(key, known)}"
    if kind == "missing":
        return "this key is missing."
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", limits["expected"])
        near = suggestion(given, allowed) if isinstance(given, str) else ""
        return f"expected {listed(quoted(allowed), last='or')}; found {_shown(given)}.{near}"
    if kind == "value_error":
        return str(limits["error"])
    wanted = {
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "string_type": "a text in quotation marks",
        "list_type": "a list in [ ]",
        "dict_type": "a table",
        "model_type": "a table",
        "model_attributes_type": "a table",
        "greater_than_equal": f"{limits.get('ge', 0):g} or more",
        "less_than_equal": f"{limits.get('le', 0):g} or less",
        "greater_than": f"more than {limits.get('gt', 0):g}",
        "finite_number": "a finite number",
        "date_type": "a day such as 2023-05-31, without quotation marks",
        "too_short": "the first and the last day",
        "too_long": "the first and the last day",
        "string_too_short": "a text that is not empty",
        "string_pattern_mismatch": "a language such as “et” or “sv”"
        if place[-1] == "language"
        else "a text that is not empty",
    }.get(kind, issue["msg"])
    return f"expected {wanted}; found {_shown(given)}."


def _shown(given: object) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dict):
        return "a table"
    if isinstance(given, list):
        return "a list"
    return f"“{given}”" if isinstance(given, str) else str(given)


def _known_keys(place: tuple[str | int, ...]) -> list[str]:
    models: dict[int, Iterator[tuple[str, type[_Table]]]] = {
        0: [("", Settings)],
        1: [("funding", Funding)],
        2: [("countries", Country), ("exports", Export)],
        4: [("countries", School)],
    }
    return next(list(model.model_fields) for head, model in models[len(place)] if not head or place[0] == head)


def _mended(content: dict[str, Any], found: list[dict[str, Any]], spoiled: set[int]) -> dict[str, Any]:
    """The content without the keys that are at fault and without the exports that can't do without theirs."""
    needed = {"title": "?", "countries": {}, "exports": []}
    for issue in sorted(found, key=lambda issue: issue["loc"], reverse=True):
        content = _without(content, issue["loc"])
        if issue["loc"][0] == "countries" and issue["loc"][2:] == ("name",):
            content["countries"][issue["loc"][1]]["name"] = "?"
    content = needed | content
    if isinstance(content["exports"], list):
        content["exports"] = [block for i, block in enumerate(content["exports"]) if i not in spoiled]
    return content


def _spoils_export(issue: dict[str, Any]) -> bool:
    place = issue["loc"]
    if place[0] != "exports" or len(place) < 2:
        return False
    return len(place) == 2 or (issue["type"] != "extra_forbidden" and place[2] not in ("iteration", "respondents"))


def _without(content: Any, place: tuple[str | int, ...]) -> Any:
    """A copy of the content without what stands at the place; exports stay, lest others move."""
    head, *rest = place
    if isinstance(content, list):
        return [_without(value, tuple(rest)) if i == head and rest else value for i, value in enumerate(content)]
    if not isinstance(content, dict):
        return content
    if rest and isinstance(content.get(head), dict if head != "exports" else list):
        return {**content, head: _without(content[head], tuple(rest))}
    return {key: value for key, value in content.items() if key != head}
