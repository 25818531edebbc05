"""Sentences made from the tables, so that text and numbers can't disagree.

Everything here returns Markdown. Names that come from the codebook are escaped.
"""

from .answered import duplicates, few_schools, who_answered, who_answered_across
from .change import change_sentence, change_sentences, no_school_shown, pooled_sentence, pooled_sentences
from .circumstances import association_sentences, delta_sentences, retrospective, who_left
from .links import how_linked, may_be_wrong
from .markdown import bulleted, plain
from .methods import design_sentence, disagreement_sentence, method_names, method_sentence, methods_agree

__all__ = [
    "association_sentences", "bulleted", "change_sentence", "change_sentences", "delta_sentences", "design_sentence",
    "disagreement_sentence", "duplicates", "few_schools", "how_linked", "may_be_wrong", "method_names",
    "method_sentence", "methods_agree", "no_school_shown", "plain", "pooled_sentence", "pooled_sentences", "retrospective",
    "who_answered", "who_answered_across", "who_left",
]
