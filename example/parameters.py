"""The true parameters of the example's population, in scale points on the 1-5 answer scale."""

COUNTRIES = ("EE", "FI", "GE", "LT", "NO")
CHANGE_SCALES = ("vision", "leadership", "community", "pedagogy", "knowledge", "resources")
POST_ONLY_SCALES = ("maturation", "scaffolding", "appropriation")

# Mean of the latent score before the mentoring, per country in the order of CHANGE_SCALES.
MEAN_PRE = {
    "EE": (3.3, 3.5, 3.0, 2.9, 3.0, 4.4),
    "FI": (3.4, 3.3, 3.1, 3.1, 2.9, 4.5),
    "GE": (3.6, 3.7, 3.4, 3.0, 3.1, 3.7),
    "LT": (3.4, 3.5, 3.2, 3.0, 3.1, 4.2),
    "NO": (3.2, 3.3, 3.0, 3.2, 2.8, 4.5),
}

# Mean change of the latent score over the schools of a country. Leadership does not change anywhere;
# school-level knowledge practices are judged more severely afterwards.
CHANGE = {
    "EE": (0.15, 0.0, 0.20, 0.30, -0.12, 0.10),
    "FI": (0.05, 0.0, 0.10, 0.15, -0.20, 0.05),
    "GE": (0.20, 0.0, 0.25, 0.45, -0.05, 0.30),
    "LT": (0.10, 0.0, 0.15, 0.20, -0.15, 0.10),
    "NO": (0.00, 0.0, 0.05, 0.10, -0.10, 0.00),
}

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
