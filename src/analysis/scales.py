"""From single answers to scale scores: one panel per country, a row per respondent and a score per wave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from analysis.linking.false_matches import false_matches
from analysis.linking.links import Decisions, Linked, link, normalised_code
from analysis.notes import Note, note
from analysis.pseudonyms import shown_schools
from analysis.responses import Responses, join_keys, joined_by
from analysis.statistics.careless import straight_liners
from analysis.study.categories import code_columns
from analysis.study.codebook import RESERVED, Codebook
from analysis.study.folder import Study
from analysis.study.populations import TEACHERS, THEN, WAVES, Population, populations
from analysis.study.settings import School


@dataclass(frozen=True)
class Panel:
    """One population of a country over both waves, and over the retrospective wave "then" if there is one.

    `respondents` has a row per respondent (school as reports show it, kind); `answers[wave]` has the same rows and a column
    per codebook item and per open answer's categories, likert answers already reversed where the codebook says
    so; `submitted[wave]` is when they answered; `scores[wave]` and `complete[wave]` (were all items answered?) have a
    column per scale. A respondent who did not answer in a wave has missing values there. `items[scale]` are the items
    a score rests on: those that both waves asked, or, where only one wave has the scale, all that it asked. `false_matches`
    estimates how many matches are false. `context` has the same rows as `respondents` and a
    column per item of the files that join them by school or code; `schools` a row per school as reports show it, with
    what study.toml declares: `role` and `hub` (empty if not given), `advanced` (bool), `invited`. `codes` has the code of
    each respondent in the form in which codes are compared, to find the same person in another iteration.
    """

    study: Study
    country: str
    linked: Linked
    answers: dict[str, pd.DataFrame]
    asked: dict[str, frozenset[str]]
    items: dict[str, list[str]]
    scores: dict[str, pd.DataFrame]
    complete: dict[str, pd.DataFrame]
    submitted: dict[str, pd.Series] = field(default_factory=dict)
    notices: tuple[Note, ...] = ()
    false_matches: pd.DataFrame = field(default_factory=pd.DataFrame)
    population: Population = TEACHERS
    context: pd.DataFrame = field(default_factory=pd.DataFrame)
    schools: pd.DataFrame = field(default_factory=pd.DataFrame)
    codes: pd.Series = field(default_factory=pd.Series)

    @property
    def name(self) -> str:
        return self.study.settings.countries[self.country].name

    @property
    def respondents(self) -> pd.DataFrame:
        return self.linked.respondents

    @cached_property
    def cluster(self) -> np.ndarray | None:
        """School of each respondent as an integer code, -1 where not given; None if no school is named."""
        codes, schools = pd.factorize(self.respondents["school"].replace("", None), sort=True)
        return codes if len(schools) else None

    @cached_property
    def school_names(self) -> np.ndarray:
        """The school of each code of `cluster`, as reports show it."""
        return np.unique(self.respondents["school"].replace("", None).dropna().to_numpy(str))

    @cached_property
    def in_clusters(self) -> np.ndarray:
        """Which respondents enter clustered estimates: those who gave a school, or all if none is named."""
        return np.ones(len(self.respondents), bool) if self.cluster is None else self.cluster >= 0

    def cluster_of(self, chosen: np.ndarray) -> np.ndarray | None:
        """The clusters of the chosen respondents; None if no school is named."""
        return None if self.cluster is None else self.cluster[chosen]

    @cached_property
    def waves_of(self) -> dict[str, list[str]]:
        """For each scale, which of pre and post asked at least one of its items."""
        codebook = self.study.codebook
        return {scale: [wave for wave in WAVES if self.asked[wave] & set(codebook.items_of(scale))]
                for scale in self.items}

    def as_asked(self, wave: str, items: list[str]) -> pd.DataFrame:
        """The likert answers to `items` as they were given, before reversing."""
        return reversed_answers(self.answers[wave][items], self.study.codebook)

    def part(self, chosen: np.ndarray) -> Self:
        """The same of the chosen respondents (bool, (n,)) alone."""
        def of(frames: dict) -> dict:
            return {wave: frame.loc[chosen].reset_index(drop=True) for wave, frame in frames.items()}

        respondents = self.respondents.loc[chosen].reset_index(drop=True)
        return replace(self, linked=replace(self.linked, respondents=respondents), answers=of(self.answers),
                       scores=of(self.scores), complete=of(self.complete), submitted=of(self.submitted),
                       context=self.context.loc[chosen].reset_index(drop=True),
                       codes=self.codes.loc[chosen].reset_index(drop=True))

    @property
    def compared_scales(self) -> list[str]:
        """The scales that can be compared, in codebook order: both waves asked at least one same item."""
        return [
            scale for scale, items in self.items.items()
            if items and all(set(items) <= self.asked[wave] for wave in WAVES)
        ]


def panel(study: Study, responses: Responses, country: str, population: Population = TEACHERS) -> Panel:
    """Link and score one population of a country.

    `responses` must contain the country. Answers of other respondents and iterations are left out, and a notice says so.
    """
    frame = responses.frame
    here = frame["country"] == country
    chosen = here & population.among(frame)
    codebook = study.codebook
    asked_here = responses.asked.loc[(responses.asked["country"] == country) & population.among(responses.asked)]
    asked = {wave: frozenset(asked_here.loc[asked_here["wave"] == wave, "item"]) for wave in (*WAVES, THEN)}
    answered = frame.loc[chosen]
    every_item = list(codebook.items.index)
    decisions = responses.decisions.of(country, population)
    constants = constant_kinds(codebook)
    linked = link(answered, every_item, study.settings.codes, constants=constants, decisions=decisions)
    chance = false_matches(answered, linked, study.settings.codes, constants)
    linked = replace(linked, respondents=linked.respondents.sort_values(["school", "pre", "post"], ignore_index=True))
    labels = linked.respondents["pre"].fillna(linked.respondents["post"]).to_numpy(int)
    codes = frame.loc[labels, "code"].set_axis(linked.respondents.index)
    context = _context(linked.respondents["school"], codes, study, responses, country, population)
    shown = shown_schools(study, frame, country, linked.respondents["school"])
    schools = _declared_schools(study, country, dict(zip(linked.respondents["school"], shown, strict=True)))
    linked = replace(linked, respondents=linked.respondents.assign(school=shown))
    rows = {wave: linked.respondents[wave] for wave in WAVES}
    if asked[THEN]:
        rows[THEN] = _then_rows(answered, every_item, study.settings.codes, decisions, rows["post"])

    items = {scale: scored_items(codebook, scale, asked) for scale in codebook.scales_of(population.respondents)}
    carried = [*every_item, *(column for column in code_columns(codebook) if column in frame.columns)]
    answers, scores, complete, submitted = {}, {}, {}, {}
    for wave, labels in rows.items():
        given = labels.dropna()
        taken = frame.loc[given.to_numpy(int), carried].set_axis(given.index)
        answers[wave] = reversed_answers(taken, codebook).reindex(labels.index)
        times = frame.loc[given.to_numpy(int), "submitted"].set_axis(given.index)
        submitted[wave] = times.reindex(labels.index)
        used = {scale: _asked_then(its, asked[THEN]) if wave == THEN else [i for i in its if i in asked[wave]]
                for scale, its in items.items()}
        scores[wave] = pd.DataFrame(
            {scale: score(answers[wave][its], study.settings.minimum_answered) for scale, its in used.items()},
            index=labels.index,
        )
        complete[wave] = pd.DataFrame(
            {scale: answers[wave][its].notna().all(axis=1) & bool(its) for scale, its in used.items()},
            index=labels.index,
        )
    return Panel(study, country, linked, answers, asked, items, scores, complete, submitted,
                 _notices(frame.loc[here], population, codebook, asked, items), chance, population,
                 context, schools, codes.map(lambda code: normalised_code(code, study.settings.codes)))


def _context(of_school: pd.Series, codes: pd.Series, study: Study, responses: Responses, country: str,
             population: Population) -> pd.DataFrame:
    """What the files of context tell of each respondent, by the real school or the code, as spellings are compared."""
    keys, columns = {"school": of_school, "code": codes}, {}
    for one in responses.context:
        if one.export.country != country or Population(one.export.respondents, one.export.iteration) != population:
            continue
        key = joined_by(one)
        told = one.frame.set_axis(join_keys(study, country, key, one.frame[key])).drop("", errors="ignore")
        for item in one.headers:
            if item not in RESERVED:
                columns[item] = join_keys(study, country, key, keys[key]).map(told[item])
    return pd.DataFrame(columns, index=codes.index)


def _declared_schools(study: Study, country: str, shown: dict[str, str]) -> pd.DataFrame:
    declared = study.settings.countries[country].schools
    rows = {letter: declared.get(name, School()) for name, letter in shown.items() if letter}
    return pd.DataFrame(
        {name: [getattr(school, name) for school in rows.values()] for name in ("role", "hub", "advanced", "invited")},
        index=pd.Index(rows, name="school"))


def constant_kinds(codebook: Codebook) -> dict[str, str]:
    """The kind of every item that does not change about a person, as the codebook's column `constant` says."""
    return codebook.items.loc[codebook.items["constant"], "kind"].to_dict()


def _then_rows(
    frame: pd.DataFrame, items: list[str], codes: str, decisions: Decisions, post: pd.Series
) -> pd.Series:
    """The retrospective answer that belongs to each later answer, linked by equal codes only."""
    both = frame.loc[frame["wave"].isin(["post", THEN])]
    waves = both["wave"].replace(THEN, "pre")
    counting = Decisions(decisions.answers)
    links = link(both.assign(wave=waves), items, codes, decisions=counting, near=False).respondents
    found = links.dropna(subset=["pre", "post"]).set_index("post")["pre"]
    return post.map(found).astype("Int64")


def _asked_then(items: list[str], asked: frozenset[str]) -> list[str]:
    """A retrospective score needs the very items of the other waves."""
    return items if set(items) <= asked else []


def straight_lined(panel: Panel) -> dict[str, pd.DataFrame]:
    """By wave, which respondents straight-lined the items of each scale (rows: respondents, columns: scales).

    Items with the same answer set are one page, as survey tools put them into one grid.
    """
    items = panel.study.codebook.items
    likert = items.loc[(items["kind"] == "likert") & (items["scale"] != "")]
    flagged = {}
    for wave in WAVES:
        marks = pd.DataFrame(False, index=panel.respondents.index, columns=list(panel.items))
        asked = likert.loc[likert.index.isin(panel.asked[wave])]
        for _set, page in asked.groupby("answers", sort=False):
            answers = panel.as_asked(wave, list(page.index)).to_numpy(float)
            marked = straight_liners(answers, page["reversed"].to_numpy(bool))
            marks.loc[:, page["scale"].unique()] |= marked[:, None]
        flagged[wave] = marks
    return flagged


def scored_items(codebook: Codebook, scale: str, asked: dict[str, frozenset[str]]) -> list[str]:
    """The scale's items that both waves asked; where only one wave asked any, those of that wave."""
    items = codebook.items_of(scale)
    waves = [[item for item in items if item in asked[wave]] for wave in WAVES]
    if all(waves):
        return [item for item in waves[0] if item in waves[1]]
    return waves[0] or waves[1]


def reversed_answers(answers: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The answers with every reversed likert item mirrored within the range of its answer set."""
    mirrored = answers.copy()
    for item in codebook.items.index[codebook.items["reversed"]].intersection(answers.columns):
        low, high = codebook.range(item)
        mirrored[item] = low + high - mirrored[item]
    return mirrored


def score(answers: pd.DataFrame, minimum_answered: float) -> pd.Series:
    """Mean of the answered items; missing where fewer than `minimum_answered` (a share) were answered."""
    if answers.shape[1] == 0:
        return pd.Series(np.nan, index=answers.index)
    answers = answers.astype(float)
    share = answers.notna().mean(axis=1)
    return answers.mean(axis=1).where((share > 0) & (share >= minimum_answered - 1e-12))


def _notices(frame, population, codebook, asked, items) -> tuple[Note, ...]:
    notices = []
    if len(populations(frame, population.respondents)) > 1:
        notices.append(note("iterations_read", iteration=population.iteration))
    answered = frame.loc[population.among(frame)]
    naming = [wave for wave in WAVES if (answered.loc[answered["wave"] == wave, "school"] != "").any()]
    if len(naming) == 1 and set(WAVES) <= set(answered["wave"]):
        notices.append(note("schools_at_baseline") if naming == ["pre"] else note("schools_at_follow_up"))
    for scale, used in items.items():
        every = codebook.items_of(scale)
        waves = [wave for wave in WAVES if asked[wave] & set(every)]
        if len(waves) == 1:
            notices.append(note("baseline_only", scale=scale) if waves == ["pre"] else note("follow_up_only", scale=scale))
        elif not waves:
            notices.append(note("never_asked", scale=scale))
        elif not used:
            notices.append(note("no_shared_item", scale=scale))
        elif len(used) < len(every):
            notices.append(note("shared_items", scale=scale, used=len(used), items=len(every)))
    return tuple(notices)
