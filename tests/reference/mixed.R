# The main estimate by lme4 and clubSandwich on every set of change_data.csv: mixed.csv.
# Run in this folder: Rscript mixed.R   (R 4.2.2, lme4 1.1-31, clubSandwich 0.5.8)
suppressMessages({library(lme4); library(clubSandwich)})

fit <- function(set, d) {
  long <- rbind(data.frame(d, post_wave = 0, score = d$pre), data.frame(d, post_wave = 1, score = d$post))
  long <- long[!is.na(long$score), ]
  has_schools <- !all(is.na(d$school)) && length(unique(d$school)) > 1
  linked <- any(!is.na(d$pre) & !is.na(d$post))
  one_each <- has_schools && !any(duplicated(d$school))
  cluster <- if (has_schools) long$school else long$teacher
  formula <- if (!has_schools || one_each) score ~ post_wave + (1 | teacher)
    else if (!linked) score ~ post_wave + (1 | school)
    else score ~ post_wave + (1 | school) + (1 | teacher)

  quiet <- function(optimizer, start, ...) suppressMessages(suppressWarnings(lmer(
    formula, long, start = start,
    control = lmerControl(optimizer = optimizer, optCtrl = list(...), check.conv.singular = "ignore"))))
  best <- quiet("bobyqa", NULL, rhobeg = 0.2, rhoend = 1e-12, maxfun = 1e5)
  second <- quiet("nloptwrap", NULL, algorithm = "NLOPT_LN_NELDERMEAD", xtol_rel = 1e-12, xtol_abs = 1e-12,
                  ftol_abs = 0, ftol_rel = 0, maxeval = 1e5)
  apart <- max(abs(getME(best, "theta") - getME(second, "theta")))
  if (REMLcrit(second) < REMLcrit(best)) best <- second
  test <- as.data.frame(coef_test(best, vcov = "CR2", cluster = cluster, test = "Satterthwaite"))[2, ]
  variances <- as.data.frame(VarCorr(best))
  component <- function(group) {
    value <- variances$vcov[variances$grp == group]
    if (length(value)) value else NA
  }
  data.frame(set = set, change = test$beta, se = test$SE, df = test$df_Satt, p = test$p_Satt,
             var_school = component("school"), var_teacher = component("teacher"),
             var_residual = component("Residual"), theta_apart = apart)
}

data <- read.csv("change_data.csv")
sets <- split(data, factor(data$set, unique(data$set)))
result <- do.call(rbind, Map(fit, names(sets), sets))
result[-1] <- lapply(result[-1], function(x) ifelse(is.na(x), "", sprintf("%.15g", x)))
write.csv(result, "mixed.csv", row.names = FALSE, quote = FALSE)
print(result)
