"""The rest of the programme: leaders, mentors, a second iteration, perceived change, a rubric, files of context.

Each draws from a generator of its own, so that the first iteration's teachers answer as they do without it. There is no
mess here: whoever answers twice writes the same code. Leaders and the second iteration's teachers are drawn as
`population` draws teachers, as groups of their own; who takes part in both iterations keeps the code, not the scores.
"""

import numpy as np
import pandas as pd

from example import parameters as p
from example.codes import comparable, true_codes
from example.mess import FIELD_WORK, times
from example.population import Population, draw_population, item_answers
from example.questionnaire import questionnaire

FIELD_WORK_2 = {"pre": "2023-10-02", "post": "2024-05-06"}


def leader_sheets(rng: np.random.Generator) -> pd.DataFrame:
    """Leaders' submissions, columns as in `mess.answer_sheets`; all answered before."""
    schools = _spread(p.LEADERS, " leaders")
    population = draw_population(rng, schools, p.RESPONSE_OF_LEADERS)
    people = population.teachers
    people["teacher"] = "L" + people["teacher"].str[1:]
    people["true_code"] = true_codes(people, rng)
    form = questionnaire()
    items = [item for scale in form.scales_of("leaders") for item in form.items_of(scale)]
    waves = {}
    for wave, answers in (("pre", population.pre), ("post", population.post)):
        answers["teacher"] = "L" + answers["teacher"].str[1:]
        waves[wave] = answers[["teacher", *items]]
    return _submitted(people, waves, "leaders", 1, FIELD_WORK, rng)


def second_iteration_sheets(first: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The second iteration's submissions; `first` are the first one's, of whom some answer again."""
    form = questionnaire()
    earlier = first[(first["teacher"] != "") & (first["country"] == "EE")].drop_duplicates("teacher").set_index("teacher")
    population = draw_population(rng, form.schools_of(2))
    people = population.teachers
    known = {}
    for school, here in people.groupby("school"):
        before = earlier.index[earlier["school"] == school][: round(p.RETURNING * len(here))]
        known |= dict(zip(here["teacher"], before, strict=False))
    names = {name: known.get(name, "S" + name[1:]) for name in people["teacher"]}
    taken = frozenset(zip(earlier["school"], earlier["true_code"].map(comparable), strict=True))
    people["teacher"] = people["teacher"].map(names)
    codes = pd.Series(true_codes(people, rng, taken), index=people.index)
    people["true_code"] = people["teacher"].map(earlier["true_code"]).fillna(codes)
    waves = {"pre": population.pre, "post": population.post}
    for answers in waves.values():
        answers["teacher"] = answers["teacher"].map(names)
        subject = answers["teacher"].map(earlier["subject"]).fillna(answers["subject"])
        answers["subject"] = subject.where(answers["subject"].notna(), None)
    return _submitted(people, waves, "teachers", 2, FIELD_WORK_2, rng)


def mentor_sheets(rng: np.random.Generator) -> pd.DataFrame:
    """Mentors' submissions after the mentoring, one of the schools they worked with each."""
    form = questionnaire()
    people = pd.DataFrame([row for row in _spread(p.MENTORS, " mentors") for _ in range(row["teachers"])])
    n = len(people)
    people.insert(0, "teacher", [f"M{number:03d}" for number in range(1, n + 1)])
    people["true_code"] = true_codes(people, rng)
    answers = {"teacher": people["teacher"]}
    for scale, mean in p.MENTORS_MEAN.items():
        answers |= item_answers(scale, np.full(n, mean), rng.normal(0, p.MENTORS_SD, n), rng)
    said, pick = rng.random(n) < p.ADVICE_RATE, rng.random(n)
    advice = [form.advice[language] for language in people["language"]]
    advice = [text[int(x * len(text))] if s else {} for text, s, x in zip(advice, said, pick, strict=True)]
    answers["advice"] = [each.get("text") for each in advice]
    answers["advice_code"] = [each.get("categories") for each in advice]
    return _submitted(people, {"post": pd.DataFrame(answers)}, "mentors", 1, FIELD_WORK, rng)


def rubric_sheets(rng: np.random.Generator) -> pd.DataFrame:
    """Two raters' levels of each Estonian school on the six elements, before and after."""
    items = questionnaire().items_of("rubric")
    schools = pd.DataFrame([row for row in questionnaire().schools_of(1) if row["country"] == "EE"])
    level = p.RUBRIC_MEAN + rng.normal(0, p.RUBRIC_SCHOOL_SD, (len(schools), len(items)))
    people = schools.loc[np.repeat(schools.index, len(p.RATERS))].reset_index(drop=True)
    people["true_code"] = p.RATERS * len(schools)
    people.insert(0, "teacher", people["true_code"] + people["school"])
    waves = {}
    for wave, change in (("pre", 0.0), ("post", p.RUBRIC_CHANGE)):
        rated = np.repeat(level + change, len(p.RATERS), axis=0)
        rated = np.clip(np.round(rated + rng.normal(0, p.RUBRIC_RATER_SD, rated.shape)), 1, 5)
        waves[wave] = pd.DataFrame(rated, columns=items).assign(teacher=people["teacher"])
    return _submitted(people, waves, "raters", 1, FIELD_WORK, rng)


def perceived_answers(sheets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Teachers' answers on perceived change: a column per item, rows as in `sheets`, missing where not asked.

    Someone who submitted twice answers alike; who broke off before never saw the items; who ticks one answer
    throughout ticks it here.
    """
    form = questionnaire()
    asked = sheets[(sheets["respondents"] == "teachers") & (sheets["wave"] == "post") & (sheets["teacher"] != "")]
    people = asked.drop_duplicates(["teacher", "iteration"]).set_index(["teacher", "iteration"])
    of_school, schools = pd.factorize(people["group"] + people["school"])
    n = len(people)
    deviation = rng.normal(0, p.PERCEIVED_SCHOOL_VARIANCE**0.5, len(schools))[of_school]
    deviation += rng.normal(0, p.PERCEIVED_TEACHER_VARIANCE**0.5, n)
    mean = people["group"].map(p.PERCEIVED).to_numpy()
    answers = pd.DataFrame(item_answers("perceived", mean, deviation, rng), index=people.index)
    answers = answers.mask(rng.random(answers.shape) < p.SKIP_RATE)
    found = answers.loc[pd.MultiIndex.from_frame(asked[["teacher", "iteration"]])].set_axis(asked.index)
    found = found.mask(asked[form.items_of("appropriation")].isna().all(axis=1))
    return found.mask(asked["straight_line"].astype(bool), asked["mat1"], axis=0).reindex(sheets.index)


def contexts(population: Population, first: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """By file, what is known of schools and, from a log, of teachers: the items as columns, `school` or `code` first."""
    teachers = population.teachers
    tables = {}
    for country, file in (("EE", "raw/estonia-schools.csv"), ("LT", "raw/lithuania-schools.csv")):
        schools = teachers[teachers["country"] == country].groupby("school", sort=False)
        n = schools.ngroups
        sessions = p.SESSIONS + p.SESSIONS_PER_CHANGE * schools["school_change"].first().to_numpy()
        tables[file] = pd.DataFrame({
            "school": list(schools.groups),
            "sessions": np.round(sessions + rng.normal(0, p.SESSIONS_NOISE_SD, n)).clip(1).astype(int),
            "course": rng.permutation(np.resize(questionnaire().values("course"), n)),
            "pupils": np.round(p.PUPILS_PER_TEACHER * schools.size().to_numpy() * rng.uniform(0.9, 1.1, n)).astype(int),
        })  # fmt: skip
    log = first[first["teacher"] != ""].drop_duplicates("teacher").set_index("teacher")["true_code"]
    log = log[teachers.loc[teachers["country"] == "EE", "teacher"].loc[lambda name: name.isin(log.index)]]
    log = log[~log.map(comparable).duplicated(keep=False)]
    log = log[rng.random(len(log)) < p.LOGGED]
    appropriation = teachers.set_index("teacher").loc[log.index, "appropriation"].to_numpy()
    uses = p.TOOL_USES + p.TOOL_USES_PER_APPROPRIATION * appropriation + rng.normal(0, p.TOOL_USES_NOISE_SD, len(log))
    uses = np.round(uses).clip(0).astype(int)
    tables["raw/estonia-tool-log.csv"] = pd.DataFrame({"code": log, "tool_uses": uses}).sort_values("code")
    return tables


def _spread(people: dict[str, int], group: str) -> list[dict]:
    """The first iteration's schools with so many people of a country spread over them; schools without any left out."""
    rows = []
    for country, n in people.items():
        schools = [row for row in questionnaire().schools_of(1) if row["country"] == country]
        shares = [n // len(schools) + (k < n % len(schools)) for k in range(len(schools))]
        rows += [row | {"teachers": share, "group": f"{country}{group}"}
                 for row, share in zip(schools, shares, strict=True) if share]
    return rows


def _submitted(
    people: pd.DataFrame, waves: dict[str, pd.DataFrame], respondents: str, iteration: int, field_work: dict[str, str],
    rng: np.random.Generator,
) -> pd.DataFrame:
    about = people[["teacher", "country", "group", "language", "school", "true_code"]]
    sheets = []
    for wave, answers in waves.items():
        sheet = about.merge(answers, on="teacher", validate="one_to_one")
        time = times(len(sheet), field_work[wave], rng)
        sheets.append(sheet.assign(
            wave=wave, respondents=respondents, iteration=iteration, code=sheet["true_code"], slip="", double="",
            school_written=sheet["school"], time=time, submitted=time))
    return pd.concat(sheets).sort_values("time", kind="stable")
