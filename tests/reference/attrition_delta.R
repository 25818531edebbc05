# Delta adjustment of a change: in closed form by search, and by multiple imputation with mice (some minutes).
#
# attrition_delta.csv: imputation, analysed with lme4 and clubSandwich.
# The scores after that those with a baseline lack are imputed from the baseline and the school (Bayesian linear
# regression), delta is added to what was imputed, and the completed data are pooled by Rubin's rules.
# `estimate`, `se`: of everyone with a baseline. `estimate_all`: with those seen only at follow-up beside them.
# Run in this folder: Rscript attrition_delta.R   (R 4.2.2, mice 3.15.0, lme4 1.1-31, clubSandwich 0.5.8)
suppressMessages({library(mice); library(lme4); library(clubSandwich)})

# attrition_closed_form.csv: delta of a matched change with schools (chickens' growth on diets). The mean change of matched
# and left is searched for the delta at which it, and the limit at the same distance as the matched change's, is 0.
weights <- subset(ChickWeight, Time %in% c(0, 2))
wide <- reshape(as.data.frame(weights), idvar = c("Chick", "Diet"), timevar = "Time", direction = "wide")
wide$change <- wide$weight.2 - wide$weight.0
wide <- wide[!is.na(wide$change), ]
fit <- lm(change ~ 1, wide)
bounds <- conf_int(fit, vcov = vcovCR(fit, cluster = wide$Diet, type = "CR2"), test = "Satterthwaite")
closed <- do.call(rbind, lapply(c(1, -1), function(sign) {
  m <- nrow(wide); u <- 23
  ends <- sort(sign * c(bounds$CI_L, bounds$CI_U)); change <- sign * bounds$beta
  combined <- function(delta, distance) weighted.mean(c(change, change + delta), c(m, u)) - distance
  search <- function(distance) uniroot(combined, c(-1000, 1000), distance = distance, tol = 1e-13)$root
  data.frame(change = change, low = ends[1], high = ends[2], n_matched = m, n_left = u,
             to_zero = search(0), interval_to_zero = search(change - if (sign > 0) ends[1] else ends[2]))
}))
closed[] <- lapply(closed, function(x) sprintf("%.17g", x))
write.csv(closed, "attrition_closed_form.csv", row.names = FALSE, quote = FALSE)

imputations <- 200

analysed <- function(d) {
  long <- rbind(data.frame(d, wave = 0, score = d$pre), data.frame(d, wave = 1, score = d$post))
  long <- long[!is.na(long$score), ]
  fit <- suppressMessages(lmer(score ~ wave + (1 | school) + (1 | teacher), long))
  test <- as.data.frame(coef_test(fit, vcov = "CR2", cluster = long$school, test = "Satterthwaite"))[2, ]
  c(test$beta, test$SE^2)
}

adjusted <- function(set, d, delta) {
  base <- d[!is.na(d$pre), ]
  late <- data.frame(school = factor(d$school), teacher = d$teacher, pre = d$pre, post = d$post)[is.na(d$pre), ]
  base <- data.frame(school = factor(base$school), teacher = base$teacher, pre = base$pre, post = base$post)
  predictors <- make.predictorMatrix(base)
  predictors[, "teacher"] <- 0
  add <- make.post(base)
  add["post"] <- paste("imp[[j]][, i] <- imp[[j]][, i] +", delta)
  imputed <- mice(base, m = imputations, method = c("", "", "", "norm"), predictorMatrix = predictors, post = add,
                  maxit = 1, seed = 20230630, printFlag = FALSE)
  completed <- complete(imputed, "all")
  of_base <- sapply(completed, analysed)
  of_all <- if (nrow(late)) sapply(completed, function(x) analysed(rbind(x, late))) else of_base
  data.frame(set = set, delta = delta, n_pre = nrow(base), n_matched = sum(!is.na(base$post)), n_late = nrow(late),
             estimate = mean(of_base[1, ]), se = sqrt(mean(of_base[2, ]) + (1 + 1 / imputations) * var(of_base[1, ])),
             estimate_all = mean(of_all[1, ]))
}

data <- read.csv("change_data.csv")
rows <- do.call(rbind, lapply(c("few_large", "twelve_schools"), function(set)
  do.call(rbind, lapply(c(0, -0.1, -0.3, -0.5), function(delta) adjusted(set, data[data$set == set, ], delta)))))
rows[-1] <- lapply(rows[-1], function(x) sprintf("%.15g", x))
write.csv(rows, "attrition_delta.csv", row.names = FALSE, quote = FALSE)
print(rows)
