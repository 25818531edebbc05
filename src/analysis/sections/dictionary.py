"""The data dictionary: what a row and each column of every table is. The annex prints it, datapackage.json has it."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.language import N_
from analysis.sections.parts import Block, Heading, Table
from analysis.sections.results import Results

ROWS = {
    "participation": N_("a school; the last row, with an empty school, is the total"),
    "linking": N_("a kind of match, or what became of an answer"),
    "false_matches": N_("a kind of match, and a rate at which two people's codes are alike by chance"),
    "rates": N_("a response or matching rate"),
    "analysed": N_("a scale that both surveys asked"),
    "attrition": N_("a scale, number or answer asked at baseline"),
    "attrition_by_school": N_("a school; the last row, with an empty school, is the total"),
    "attrition_delta": N_("a scale and an assumed difference"),
    "attrition_to_zero": N_("a scale"),
    "change": N_("a scale that both surveys asked"),
    "effect_sizes": N_("a scale and an effect size"),
    "individual_changes": N_("a scale"),
    "change_by_school": N_("a scale and a school"),
    "sensitivity": N_("a scale and a method or sample"),
    "robustness": N_("a scale and a sample"),
    "design": N_("a scale"),
    "association": N_("a scale and a predictor that only the follow-up asked"),
    "retrospective": N_("a scale and a contrast"),
    "scales": N_("a scale that a survey asked"),
    "reliability": N_("a scale and a survey"),
    "one_factor_fit": N_("a scale and a survey"),
    "item_reliability": N_("an item and a survey"),
    "ceiling": N_("a scale"),
    "item_answers": N_("an item, a survey and a possible answer"),
    "item_change": N_("an item"),
    "item_means": N_("an item"),
    "numbers": N_("a number item and a survey"),
    "open_answers": N_("an open question and a survey"),
    "open_answer_categories": N_("an open question, a survey and a category"),
    "participation_by_country": N_("a country"),
    "change_by_country": N_("a country and a scale"),
    "items_by_country": N_("an item and a country"),
    "pooled": N_("a scale"),
    "pooled_change": N_("a scale"),
    "pooled_half_normal": N_("a scale"),
    "equal_weight": N_("a scale"),
    "leave_one_out": N_("a scale and the country left out"),
}
COLUMNS = {
    "scale": N_("the scale's key in the codebook"), "item": N_("the item's key in the codebook"),
    "label": N_("its name in the report's language"), "school": N_("the school, by a letter unless names are shown"),
    "country": N_("the country's key"), "name": N_("the country's name"), "wave": N_("pre (baseline) or post (follow-up)"),
    "kind": N_("which kind of row"), "variable": N_("the scale or item"), "value": N_("the answer's value in the codebook"),
    "n": N_("respondents behind the row"), "n_pre": N_("respondents at baseline"), "n_post": N_("respondents at follow-up"),
    "n_matched": N_("respondents matched across both surveys"), "n_pre_only": N_("respondents at baseline only"),
    "n_post_only": N_("respondents at follow-up only"),
    "n_unmatched": N_("baseline respondents without a matched follow-up"),
    "n_respondents": N_("all respondents, matched or not"), "n_analysed": N_("respondents in the main estimate"),
    "n_not_analysed": N_("without a score or school, or in a class too small to publish; empty where few"),
    "n_smallest": N_("respondents of the smallest country"),
    "n_schools": N_("schools"), "n_items": N_("items"), "k": N_("countries"),
    "n_reversed": N_("reverse-scored items"), "waves": N_("the surveys that asked it: pre, post"),
    "minimum": N_("lowest possible answer"), "lowest": N_("its label"), "maximum": N_("highest possible answer"),
    "highest": N_("its label"), "instrument": N_("the instrument it is from"), "source": N_("where that is published"),
    "schools": N_("schools"), "left_out": N_("the country left out"),
    "mean": N_("mean"), "sd": N_("standard deviation"), "mean_pre": N_("baseline mean"), "sd_pre": N_("baseline SD"),
    "mean_post": N_("follow-up mean"), "sd_post": N_("follow-up SD"),
    "change": N_("change, follow-up minus baseline, in scale points"), "estimate": N_("the estimate"),
    "se": N_("its standard error"), "df": N_("degrees of freedom"), "ci_low": N_("lower end of the 95 % interval"),
    "ci_high": N_("upper end of the 95 % interval"), "p": N_("p value, two-sided"),
    "p_adjusted": N_("p value adjusted within its family"),
    "family": N_("primary (Holm) or exploratory (Benjamini-Hochberg)"),
    "d_av": N_("effect size of matched respondents"), "d_av_low": N_("lower end of its 95 % interval"),
    "d_av_high": N_("upper end of its 95 % interval"), "verdict": N_("against the smallest change of interest"),
    "method": N_("how it was estimated"), "note": N_("codes of notes; see the list of notes"),
    "threshold": N_("points from which a change counts as one"), "threshold_kind": N_("smallest or reliable change"),
    "lower": N_("share who scored lower"), "same": N_("share about the same"), "higher": N_("share who scored higher"),
    "effect_size": N_("its name"), "mean_change": N_("own mean change"),
    "overall": N_("the mean that schools are shrunk towards"),
    "smallest_change": N_("smallest change of interest"), "tost_p": N_("p value of the equivalence test"),
    "minimum_detectable_effect": N_("true change that four in five such studies find"),
    "minimum_detectable_low": N_("its lower end"), "minimum_detectable_high": N_("its upper end"),
    "icc_score": N_("share of the variance of scores between schools"),
    "icc_change": N_("share of the variance of changes between schools"),
    "design_effect": N_("variance inflation by schools"), "predictor": N_("what only the follow-up asked"),
    "predictor_label": N_("its name"), "slope": N_("difference in change per point of the predictor"),
    "comparison": N_("which two waves are compared"), "alpha": N_("Cronbach's alpha"),
    "alpha_low": N_("lower end of Feldt's interval"), "alpha_high": N_("upper end of Feldt's interval"),
    "omega": N_("McDonald's omega on the observed variance"), "chisq": N_("chi-square of the one-factor model"),
    "cfi": N_("comparative fit index"), "rmsea": N_("root mean square error of approximation"),
    "srmr": N_("standardised root mean square residual"), "item_rest": N_("corrected item-total correlation"),
    "alpha_without": N_("alpha if item deleted"), "share_at_maximum": N_("share with the highest score at baseline"),
    "share_could_not_rise": N_("the same of matched respondents"), "flagged": N_("over 15 %"),
    "share": N_("share of the respondents who answered"), "improved": N_("matched respondents who answered higher"),
    "worse": N_("matched respondents who answered lower"), "superiority": N_("chance of a higher answer, ties as half"),
    "superiority_low": N_("lower end of its 95 % interval"), "superiority_high": N_("upper end of its 95 % interval"),
    "median_length": N_("median length in characters, in steps of ten"), "category": N_("the category a person gave"),
    "difference": N_("standardised difference, unmatched minus matched"), "delta": N_("assumed further change in points"),
    "to_zero": N_("delta at which the change would be zero"),
    "interval_to_zero": N_("delta at which its interval would reach zero"), "rate": N_("which of which respondents"),
    "of": N_("the respondents that the share is of"), "matches": N_("matches of this kind"),
    "share_unmatched": N_("share of baseline respondents without a match"),
    "tau2": N_("variance of changes between countries"),
    "tau2_low": N_("lower end of its interval"), "tau2_high": N_("upper end of its interval"), "q": N_("Cochran's Q"),
    "tau": N_("standard deviation of changes between countries"), "tau_low": N_("lower end of its interval"),
    "tau_high": N_("upper end of its interval"), "tau_prior_scale": N_("scale of the half-normal prior on it"),
    "interval": N_("credible (with the prior) or confidence (without)"),
    "i2": N_("share of variation between countries, percent"), "prediction_low": N_("lower end of the prediction interval"),
    "prediction_high": N_("upper end of the prediction interval"), "compared": N_("pairs of codes of different people"),
    "alike": N_("those that would have been matched"), "within": N_("pairs within schools"),
    "expected": N_("false matches expected"), "expected_high": N_("the same at the rate's upper limit"),
}


def annex(results: Results) -> Iterator[Block]:
    """Every table of the report with its columns."""
    say = results.say
    rows = [[f"{name}.csv", say(ROWS.get(name, "")), ", ".join(results.table(name).columns)] for name in results.tables]
    used = dict.fromkeys(column for name in results.tables for column in results.table(name).columns)
    columns = [[column, say(COLUMNS.get(column, ""))] for column in used]
    yield Heading(say("Data dictionary"))
    yield Table("tables", say("The tables"), [say("File"), say("A row is"), say("Columns")], rows, [], [0, 1, 2])
    yield Table("columns", say("Their columns"), [say("Column"), say("Meaning")], columns, [], [0, 1])
