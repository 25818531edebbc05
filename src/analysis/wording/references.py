"""What the methods paragraph cites."""

REFERENCES = {
    "bates": "Bates, D., Mächler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models using lme4. "
             "Journal of Statistical Software, 67(1).",
    "bell": "Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with "
            "multi-stage samples. Survey Methodology, 28, 169–181.",
    "benjamini": "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal "
                 "Statistical Society B, 57, 289–300.",
    "bloom": "Bloom, H. S. (1995). Minimum detectable effects: A simple way to report the statistical power of "
             "experimental designs. Evaluation Review, 19, 547–556.",
    "bonett": "Bonett, D. G. (2008). Confidence intervals for standardized linear contrasts of means. Psychological "
              "Methods, 13, 99–109.",
    "carpenter": "Carpenter, J. R., & Kenward, M. G. (2013). Multiple imputation and its application. Wiley.",
    "derrick": "Derrick, B., Russ, B., Toher, D., & White, P. (2017). Test statistics for the comparison of means for "
               "two samples that include both paired and independent observations. Journal of Modern Applied "
               "Statistical Methods, 16, 137–157.",
    "feldt": "Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha. "
             "Applied Psychological Measurement, 11, 93–103.",
    "grissom": "Grissom, R. J., & Kim, J. J. (2012). Effect sizes for research (2nd ed.). Routledge.",
    "hartung": "Hartung, J., & Knapp, G. (2001). On tests of the overall treatment effect in meta-analysis with "
               "normally distributed responses. Statistics in Medicine, 20, 1771–1782.",
    "higgins": "Higgins, J. P. T., Thompson, S. G., & Spiegelhalter, D. J. (2009). A re-evaluation of random-effects "
               "meta-analysis. Journal of the Royal Statistical Society A, 172, 137–159.",
    "holm": "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of "
            "Statistics, 6, 65–70.",
    "howard": "Howard, G. S. (1980). Response-shift bias: A problem in evaluating interventions with pre/post "
              "self-reports. Evaluation Review, 4, 93–106.",
    "hundepool": "Hundepool, A., Domingo-Ferrer, J., Franconi, L., Giessing, S., Nordholt, E. S., Spicer, K., & de Wolf, "
                 "P.-P. (2012). Statistical disclosure control. Wiley.",
    "lakens": "Lakens, D. (2017). Equivalence tests: A practical primer for t tests, correlations, and meta-analyses. "
              "Social Psychological and Personality Science, 8, 355–362.",
    "mcdonald": "McDonald, R. P. (1999). Test theory: A unified treatment. Erlbaum.",
    "pustejovsky": "Pustejovsky, J. E., & Tipton, E. (2018). Small-sample methods for cluster-robust variance "
                   "estimation and hypothesis testing in fixed effects models. Journal of Business & Economic "
                   "Statistics, 36, 672–683.",
    "rover20": "Röver, C. (2020). Bayesian random-effects meta-analysis using the bayesmeta R package. Journal of "
               "Statistical Software, 93(6).",
    "rover": "Röver, C., Knapp, G., & Friede, T. (2015). Hartung-Knapp-Sidik-Jonkman approach and its modification for "
             "random-effects meta-analysis with few studies. BMC Medical Research Methodology, 15, 99.",
    "viechtbauer5": "Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the "
                    "random-effects model. Journal of Educational and Behavioral Statistics, 30, 261–293.",
    "viechtbauer7": "Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. "
                    "Statistics in Medicine, 26, 37–52.",
}
