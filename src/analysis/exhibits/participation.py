"""Who took part: the flow from invitation to link, and the counts of each school."""

from __future__ import annotations

import pandas as pd

from analysis.study.settings import Country

from ..figures import flow, participation
from ..scales import Panel
from ..tables import Readable, readable
from ..tables.shape import whole
from ..words import _
from .exhibit import Exhibit, sentences, source


def flow_figure(panel: Panel, table: pd.DataFrame, linking: pd.DataFrame) -> Exhibit:
    """Invited, answered before, linked, answered after; from `participation.csv` and `linking.csv`."""
    settings = panel.study.settings
    country = settings.countries[panel.country]
    total, links = table.iloc[-1], linking.set_index("kind")["n"]
    invited = invited_teachers(country, panel.respondents["school"].replace("", None).nunique())
    named = {_("by equal codes"): int(links["exact"])}
    if links["near"]:
        named[_("by nearly equal codes")] = int(links["near"])
    drawn = flow.Flow(
        int(total["n_pre"]), int(total["n_post"]), int(total["n_pre_only"]), int(total["n_post_only"]), named, invited,
        None if invited is not None else country.target_teachers)
    steps = [
        ("invited", _("Teachers invited"), drawn.invited), ("aimed_at", _("Teachers aimed at"), drawn.aimed_at),
        ("n_pre", _("Answered before"), drawn.before), ("n_post", _("Answered after"), drawn.after),
        ("n_matched", _("Linked"), drawn.linked), ("exact", _("Linked by equal codes"), int(links["exact"])),
        ("near", _("Linked by nearly equal codes"), int(links["near"])),
        ("n_pre_only", _("Only before"), drawn.before_only), ("n_post_only", _("Only after"), drawn.after_only),
    ]
    known = [(step, text, n) for step, text, n in steps if n is not None]
    return Exhibit(
        "participant-flow", "participant-flow",
        lambda width: flow.figure(drawn, width=width, synthetic=settings.synthetic), flow.alt_text(drawn),
        pd.DataFrame([(step, n) for step, _text, n in known], columns=["step", "n"]),
        Readable([_("Step"), "n"], [[text, whole(n)] for _step, text, n in known]),
        details=sentences(_("The number of teachers invited is not known.") if invited is None else "",
                          source(panel.study, [panel.country])))


def invited_teachers(country: Country, n_schools: int) -> int | None:
    """How many teachers were invited in all; None unless study.toml says so of every school.

    `n_schools`: how many schools named themselves in the answers. Where that is more than study.toml names, some school's
    number is missing.
    """
    invited = [school.invited for school in country.schools.values()]
    return sum(invited) if invited and None not in invited and n_schools <= len(invited) else None


def participation_figure(panel: Panel, table: pd.DataFrame) -> Exhibit:
    """Who answered before, after and both times, by school; `table` is `participation.csv`."""
    settings = panel.study.settings
    country = settings.countries[panel.country]
    targets = {"target_schools": country.target_schools, "target_teachers": country.target_teachers}
    total = table.iloc[-1]
    return Exhibit(
        "participation", "participation",
        lambda width: participation.figure(table, **targets, width=width, synthetic=settings.synthetic),
        participation.alt_text(table, **targets), table.drop(columns="note"), readable("participation", table),
        details=sentences(
            _("n = {pre} teachers before and {post} after, {both} linked.", pre=whole(total["n_pre"]),
              post=whole(total["n_post"]), both=whole(total["n_matched"])),
            source(panel.study, [panel.country])))
