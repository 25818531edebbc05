"""How many of the true pairs are linked and how many links are wrong, by seed; and how long linking takes.

Each seed draws the example study afresh, with its own slips, double submissions and missing codes, and then once more
with harder codes: a share of colleagues have neighbouring codes, in two countries the codes are digits that lose their
zeros in front when the second file passes through Excel, and slips are made without a look at anybody else's code.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from analysis.linking.links import LINKED_KINDS, Linked, link, normalised_code
from analysis.linking.near_codes import alone_on_both_sides, neighbours
from analysis.scales import constant_kinds
from analysis.study.folder import read_study
from analysis.study.populations import Population
from benchmarks.tables import markdown, write
from example import SEED, simulate
from example.codes import true_codes, written

SEEDS, PROCESSES = 20, 2
EXAMPLE = Path(__file__).parents[1] / "data" / "example"
NOT_ITEMS = {"country", "respondents", "iteration", "wave", "school", "code", "submitted", "language", "file", "row",
             "teacher"}
DIGITS, EXCEL = ("LT", "NO"), "LT"
TWINS = 0.1
SLIPS = {"missing": 0.03, "different": 0.04, "inserted": 0.02, "left out": 0.02, "replaced": 0.02, "swapped": 0.02,
         "case": 0.05, "look-alike": 0.05}
FOUND, WRONG = 0.95, 0.005
TEACHERS = 100_000


def hard_codes(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The frame with codes drawn afresh: neighbouring ones among colleagues, digits, zeros lost, slips of every kind."""
    about = frame.sort_values("school", ascending=False).drop_duplicates("teacher").sort_values("teacher")
    about = about[["teacher", "country", "school"]].reset_index(drop=True)
    language = about["country"].map({"EE": "et", "FI": "fi", "GE": "ka", "LT": "lt", "NO": "no"})
    codes = pd.Series(true_codes(about.assign(language=language), rng))
    digits = about["country"].isin(DIGITS)
    codes[digits] = [f"{rng.integers(1, 32):02d}{rng.integers(1, 13):02d}{rng.integers(1000):03d}"
                     for _ in range(digits.sum())]
    for _, school in about.groupby(["country", "school"]):
        for one, other in rng.permutation(school.index)[:2 * rng.binomial(len(school) // 2, TWINS)].reshape(-1, 2):
            codes[other] = _replaced(codes[one], rng)
    code_of = dict(zip(about["teacher"], codes, strict=True))
    slips = rng.choice([*SLIPS, ""], len(frame), p=[*SLIPS.values(), 1 - sum(SLIPS.values())])
    post = (frame["wave"] == "post").to_numpy()
    told = {key: code_of[key[0]] if not on else _slipped(code_of[key[0]], slip, rng)
            for key, slip, on in zip(zip(frame["teacher"], frame["wave"], strict=True), slips, post, strict=True)}
    new = [told[key] for key in zip(frame["teacher"], frame["wave"], strict=True)]
    through_excel = (frame["country"] == EXCEL).to_numpy() & post
    return frame.assign(code=[
        str(int(code)) if excel and code.isascii() and code.isdigit() else code
        for code, excel in zip(new, through_excel, strict=True)])


def _slipped(code: str, slip: str, rng: np.random.Generator) -> str:
    place = int(rng.integers(len(code)))
    if slip == "missing":
        return ""
    if slip == "different":
        return written(code, "different", set(), rng)
    if slip == "inserted":
        return code[:place] + str(rng.choice(list(code))) + code[place:]
    if slip == "left out":
        return code[:place] + code[place + 1:]
    if slip == "replaced":
        return _replaced(code, rng)
    if slip == "swapped":
        return code[:place] + code[place:place + 2][::-1] + code[place + 2:]
    if slip == "case":
        return code.lower()
    return code.replace("0", "O").replace("1", "l") if slip == "look-alike" else code


def _replaced(code: str, rng: np.random.Generator) -> str:
    place = int(rng.integers(len(code)))
    signs = "0123456789" if code[place].isdigit() else "აბგდევზთიკლმნ" if code[place] > "\u1000" else "ABEHKMNRSTUV"
    return code[:place] + str(rng.choice(list(signs.replace(code[place], "")))) + code[place + 1:]


def pairs_of_truth(frame: pd.DataFrame) -> tuple[set[tuple], set[tuple]]:
    """The pairs of answers of one teacher that could be linked, and all whose codes are equal or one slip apart.

    Linkable are equal codes and those one slip apart that nobody else's left-over answer of the school is near to.
    A teacher's last answer of a wave counts.
    """
    last = frame.sort_values(["submitted", "file", "row"]).drop_duplicates(["teacher", "wave"], keep="last")
    last = last.assign(key=last["code"].map(normalised_code))
    last = last.loc[(last["key"] != "") & (last["school"] != "")]
    sides = [last.loc[last["wave"] == wave].rename_axis("label").reset_index() for wave in ("pre", "post")]
    both = sides[0].merge(sides[1], on="teacher", suffixes=("_pre", "_post"))
    both = both.loc[both["school_pre"] == both["school_post"]]
    same = both["key_pre"] == both["key_post"]
    exact = set(zip(both.loc[same, "label_pre"], both.loc[same, "label_post"], strict=True))
    used = {label for pair in exact for label in pair}
    rest = last.loc[~last.index.isin(used), ["school", "key", "wave"]].rename(columns={"school": "block", "key": "code"})
    near = neighbours(rest.loc[rest["wave"] == "pre"], rest.loc[rest["wave"] == "post"])
    mine = (last["teacher"].reindex(near["left"]).to_numpy() == last["teacher"].reindex(near["right"]).to_numpy())
    alone = alone_on_both_sides(near) if len(near) else np.zeros(0, bool)
    own = set(near.loc[mine, ["left", "right"]].itertuples(index=False, name=None))
    unique = set(near.loc[mine & alone, ["left", "right"]].itertuples(index=False, name=None))
    return exact | unique, exact | own


def linked_pairs(linked: Linked, *kinds: str) -> set[tuple]:
    links = linked.respondents.loc[linked.respondents["kind"].isin(kinds or LINKED_KINDS), ["pre", "post"]]
    return set(links.astype(int).itertuples(index=False, name=None))


def countries_of(seed: int, codes: str) -> Iterator[pd.DataFrame]:
    frame, _ = simulate(seed)
    frame = frame.loc[Population().among(frame)].reset_index(drop=True)
    if codes == "hard":
        frame = hard_codes(frame, np.random.default_rng([seed, 4]))
    for _, country in frame.groupby("country"):
        yield country


def counts_of_seed(seed: int) -> list[dict]:
    """A row per kind of codes: what was linked, what could have been and what is wrong, over all countries."""
    constants = constant_kinds(read_study(EXAMPLE).codebook)
    rows = []
    for codes in ("example", "hard"):
        row = {"seed": seed, "codes": codes} | dict.fromkeys(
            ("linkable", "close", "exact", "near", "wrong_exact", "wrong_near", "found", "found_close"), 0)
        for country in countries_of(seed, codes):
            linked = link(country, [name for name in country if name not in NOT_ITEMS], constants=constants)
            teacher = country["teacher"]
            linkable, close = pairs_of_truth(country)
            for kind in LINKED_KINDS:
                pairs = linked_pairs(linked, kind)
                row[kind] += len(pairs)
                row[f"wrong_{kind}"] += sum(teacher[pre] != teacher[post] for pre, post in pairs)
            true = {(teacher[pre], teacher[post]) for pre, post in linked_pairs(linked)}
            set_aside = {teacher[label] for label in linked.duplicates.query("outcome == 'set aside'").index}
            for name, pairs in (("linkable", linkable), ("close", close)):
                owners = {teacher[pre] for pre, _ in pairs} - set_aside
                row[name] += len(owners)
                row[{"linkable": "found", "close": "found_close"}[name]] += sum((one, one) in true for one in owners)
        rows.append(row)
    return rows


def by_seed() -> pd.DataFrame:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        rows = [row for rows in pool.map(counts_of_seed, range(SEED, SEED + SEEDS)) for row in rows]
    table = pd.DataFrame(rows)
    table["share_found"] = table["found"] / table["linkable"]
    table["share_of_close_found"] = table["found_close"] / table["close"]
    table["share_wrong"] = (table["wrong_exact"] + table["wrong_near"]) / (table["exact"] + table["near"])
    return table


def large(schools: int, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of `TEACHERS` in so many schools: a tenth mistyped, a fifth missing in each wave, some submitted twice."""
    letters = np.array(list("abcdefghjkmnpqrstuvwxyz"))
    code = ["".join(row) for row in letters[rng.integers(0, len(letters), (TEACHERS, 4))]]
    code = [f"{word}{number:04d}" for word, number in zip(code, rng.integers(0, 10_000, TEACHERS), strict=True)]
    school = np.array([f"School {number}" for number in range(schools)] if schools else [""])
    of = school[rng.integers(0, max(schools, 1), TEACHERS)]
    waves = []
    for wave in ("pre", "post"):
        there = np.flatnonzero(rng.random(TEACHERS) < 0.8)
        twice = rng.choice(there, len(there) // 50)
        rows = np.concatenate([there, twice])
        slips = rng.random(len(rows)) < (0.1 if wave == "post" else 0)
        waves.append(pd.DataFrame({
            "wave": wave, "school": of[rows],
            "code": [_replaced(code[row].upper(), rng) if slip else code[row]
                     for row, slip in zip(rows, slips, strict=True)],
            "submitted": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 10**6, len(rows)), unit="s"),
            "file": f"{wave}.csv", "row": np.arange(2, len(rows) + 2), "teacher": rows,
            "subject": np.array(["a", "b", "c", "d"])[rows % 4],
            **{f"q{item}": rng.integers(1, 6, len(rows)).astype(float) for item in range(40)},
        }))
    return pd.concat(waves, ignore_index=True)


def timings() -> pd.DataFrame:
    rows = []
    for what, schools in (("in 3,000 schools", 3000), ("no school named", 0)):
        frame = large(schools, np.random.default_rng([SEED, schools]))
        items = [*(f"q{item}" for item in range(40)), "subject"]
        start = perf_counter()
        linked = link(frame, items, constants={"subject": "choice"})
        taken = perf_counter() - start
        teacher = frame["teacher"].to_numpy()
        wrong = sum(teacher[pre] != teacher[post] for pre, post in linked_pairs(linked))
        rows.append({"what": f"{TEACHERS:,} teachers, {what}", "answers": len(frame), "seconds": taken,
                     "exact": linked.counts["exact"], "near": linked.counts["near"], "wrong": wrong})
    return pd.DataFrame(rows)


def verdict(table: pd.DataFrame) -> str:
    short = table.loc[table["share_found"] < FOUND, ["seed", "codes"]]
    wrong = table.loc[table["share_wrong"] > WRONG, ["seed", "codes"]]

    def seeds(rows: pd.DataFrame) -> str:
        return ", ".join(f"{row.seed} ({row.codes})" for row in rows.itertuples()) or "none"

    return (f"Seeds with less than {FOUND:.0%} of the matchable pairs found: {seeds(short)}. Seeds with more than "
            f"{WRONG:.1%} of the matches false: {seeds(wrong)}.")


def main() -> None:
    table, timed = by_seed(), timings()
    shown = pd.DataFrame({
        "seed": table["seed"], "codes": table["codes"],
        "matchable pairs": table["linkable"], "found": [f"{share:.1%}" for share in table["share_found"]],
        "of all one edit apart": [f"{share:.1%}" for share in table["share_of_close_found"]],
        "matches": table["exact"] + table["near"], "approximate": table["near"],
        "false": table["wrong_exact"] + table["wrong_near"],
        "share false": [f"{share:.2%}" for share in table["share_wrong"]],
    })
    total = table.groupby("codes").sum(numeric_only=True)
    overall = "; ".join(
        f"{codes}: {row.found / row.linkable:.1%} found, {(row.wrong_exact + row.wrong_near) / (row.exact + row.near):.2%} "
        f"false ({int(row.wrong_near)} of {int(row.near)} approximate matches, {int(row.wrong_exact)} of {int(row.exact)} "
        "exact)"
        for codes, row in total.iterrows())
    seconds = pd.DataFrame({
        "what": timed["what"], "answers": timed["answers"].map("{:,}".format),
        "seconds": timed["seconds"].map("{:.1f}".format), "exact": timed["exact"].map("{:,}".format),
        "approximate": timed["near"].map("{:,}".format), "false": timed["wrong"],
    })
    text = (
        f"# Matching by codes\n\n{SEEDS} seeds from {SEED}; every country of the example study, once with its own codes "
        "and typing errors and once with harder ones. Matchable: equal codes, and codes one edit apart that no other "
        f"unmatched answer of the school is near to.\n\n{markdown(shown)}\n{verdict(table)} Together: {overall}.\n\n"
        f"## Time\n\n{markdown(seconds)}"
    )
    data = pd.concat([table, timed.rename(columns={"what": "codes"}).assign(seed=SEED)], ignore_index=True)
    write("linking", data, text)


if __name__ == "__main__":
    main()
