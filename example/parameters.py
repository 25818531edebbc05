"""The true parameters of the example's population, in scale points on the 1-5 answer scale."""

COUNTRIES = ("EE", "FI", "GE", "LT", "NO")
LEADERS = {"EE": 20, "FI": 5, "GE": 5, "LT": 12, "NO": 5}
MENTORS = {"EE": 10, "FI": 2, "GE": 12, "LT": 3}
CHANGE_SCALES = ("vision", "leadership", "community", "pedagogy", "knowledge", "resources")
POST_ONLY_SCALES = ("maturation", "scaffolding", "appropriation")

# Mean of the latent score before the mentoring, per group in the order of CHANGE_SCALES. A group is a country's
# teachers, its leaders, or the teachers of the second iteration's mentoring or mentored schools.
MEAN_PRE = {
    "EE": (3.3, 3.5, 3.0, 2.9, 3.0, 4.4),
    "FI": (3.4, 3.3, 3.1, 3.1, 2.9, 4.5),
    "GE": (3.6, 3.7, 3.4, 3.0, 3.1, 3.7),
    "LT": (3.4, 3.5, 3.2, 3.0, 3.1, 4.2),
    "NO": (3.2, 3.3, 3.0, 3.2, 2.8, 4.5),
    "EE mentored": (3.2, 3.4, 2.9, 2.8, 2.9, 4.3),
    "EE mentoring": (3.6, 3.6, 3.4, 3.3, 3.1, 4.4),
}

# Mean change of the latent score over the schools of a group. Leadership does not change anywhere;
# school-level knowledge practices are judged more severely afterwards.
CHANGE = {
    "EE": (0.15, 0.0, 0.20, 0.30, -0.12, 0.10),
    "FI": (0.05, 0.0, 0.10, 0.15, -0.20, 0.05),
    "GE": (0.20, 0.0, 0.25, 0.45, -0.05, 0.30),
    "LT": (0.10, 0.0, 0.15, 0.20, -0.15, 0.10),
    "NO": (0.00, 0.0, 0.05, 0.10, -0.10, 0.00),
    "EE mentored": (0.10, 0.0, 0.15, 0.20, -0.05, 0.10),
    "EE mentoring": (0.05, 0.0, 0.10, 0.10, 0.00, 0.05),
}

# Leaders judge what the school does more kindly than teachers, and see more change in it; alike in all countries.
LEADERS_HIGHER = (0.40, 0.50, 0.0, 0.0, 0.30, 0.0)
LEADERS_CHANGE = (0.35, 0.15, 0.0, 0.0, 0.10, 0.0)
for _country in COUNTRIES:
    _means = zip(MEAN_PRE[_country], LEADERS_HIGHER, strict=True)
    MEAN_PRE[f"{_country} leaders"] = tuple(round(mean + higher, 6) for mean, higher in _means)
    CHANGE[f"{_country} leaders"] = LEADERS_CHANGE

# Mean of the latent answer on how much pedagogy changed, 3 being "about as much". Finland and Norway perceive more
# than they measure.
PERCEIVED = {"EE": 3.7, "FI": 3.8, "GE": 4.0, "LT": 3.5, "NO": 3.7, "EE mentored": 3.6, "EE mentoring": 3.4}
PERCEIVED_SCHOOL_VARIANCE, PERCEIVED_TEACHER_VARIANCE = 0.03, 0.25

MENTORS_MEAN, MENTORS_SD = {"model": 3.9, "support": 3.2}, 0.5
ADVICE_RATE = 0.8

# A school's levels on the six elements of the rubric, as two raters put them.
RATERS, RUBRIC_ELEMENTS = ("HK", "TR"), 6
RUBRIC_MEAN, RUBRIC_CHANGE = 2.4, 0.6
RUBRIC_SCHOOL_SD, RUBRIC_RATER_SD = 0.7, 0.4
"""Standard deviation between schools on an element, and of a rater's error."""

TOOL_USES, TOOL_USES_PER_APPROPRIATION, TOOL_USES_NOISE_SD = 30.0, 12.0, 5.0
"""Uses of digital tools in a month: they go with knowledge appropriation, and so with change on some scales."""
LOGGED = 0.85
SESSIONS, SESSIONS_PER_CHANGE, SESSIONS_NOISE_SD = 9.0, 15.0, 1.5
"""Mentoring sessions at a school: they go with the school's own change in pedagogy."""
PUPILS_PER_TEACHER = 11.0

RETURNING = 0.7
"""Share of the second iteration's teachers in mentoring schools who were asked in the first one, too."""

SCHOOL_VARIANCE = 0.03
SCHOOL_CHANGE_VARIANCE = dict(zip(CHANGE_SCALES, (0.03, 0.03, 0.04, 0.05, 0.03, 0.03), strict=True))
TEACHER_VARIANCE = 0.30
OCCASION_VARIANCE = 0.12
ITEM_NOISE_SD = 0.62
SHARED_BETWEEN_SCALES = 0.4
"""Share of the school's and of the teacher's variance that all scales have in common."""

CHANGE_PER_APPROPRIATION = {"community": 0.10, "pedagogy": 0.12}
"""Additional change per standard deviation of a teacher's knowledge appropriation; 0 on other scales."""

MEAN_POST_ONLY = {"maturation": 3.1, "scaffolding": 3.4, "appropriation": 3.3}
APPROPRIATION_LOADING = 0.55
POST_ONLY_OWN_SD = 0.35

STRAIGHT_LINE_RATE = 0.03
STRAIGHT_LINE_ANSWERS = {3: 0.4, 4: 0.4, 5: 0.2}

RESPONSE_PRE = 0.93
RESPONSE_POST_AFTER_PRE = 0.70
RESPONSE_POST_ONLY = 0.75
RESPONSE = (RESPONSE_PRE, RESPONSE_POST_AFTER_PRE, RESPONSE_POST_ONLY)
RESPONSE_OF_LEADERS = (1.0, 0.9, 1.0)
SCHOOL_RESPONSE_SD = 0.35
"""Standard deviation between schools of the logit of answering the post survey."""
LEAVING_PER_DECADE = 0.25
"""Increase of that logit per ten years of teaching above fifteen: newcomers are lost more often."""

SKIP_RATE = 0.02
DONT_KNOW_RATE = 0.015
NOT_APPLICABLE_RATE = 0.004
BREAK_OFF_RATE = 0.02


def item_shifts_and_loadings(n_items: int) -> list[tuple[float, float]]:
    """The (shift, loading) of each item of a scale; shifts average 0 and loadings average 1."""
    half = (n_items - 1) / 2
    order = [(3 * k) % n_items if n_items % 3 else (5 * k) % n_items for k in range(n_items)]
    return [(0.3 * (k - half) / half, 1 + 0.15 * (o - half) / half) for k, o in enumerate(order)]


def latent_variance(scale: str, post: bool) -> float:
    """Variance of the latent score over teachers of all schools of a country, before or after."""
    variance = SCHOOL_VARIANCE + TEACHER_VARIANCE + OCCASION_VARIANCE
    if post:
        variance += SCHOOL_CHANGE_VARIANCE[scale] + CHANGE_PER_APPROPRIATION.get(scale, 0.0) ** 2
    return variance
