# Regressions with CR2 and Satterthwaite on matched changes of change_data.csv: regression.csv.
# The predictors are functions of the data that the test forms in the same way.
# Run in this folder: Rscript regression.R   (R 4.2.2, clubSandwich 0.5.8)
suppressMessages(library(clubSandwich))

coefficients_of <- function(set, design, y, X, cluster) {
  test <- as.data.frame(coef_test(lm(y ~ 0 + X), vcov = "CR2", cluster = cluster, test = "Satterthwaite"))
  data.frame(set = set, design = design, column = seq_along(test$beta) - 1, estimate = test$beta, se = test$SE,
             df = test$df_Satt, p = test$p_Satt)
}

regressions <- function(set, d) {
  d <- d[!is.na(d$pre) & !is.na(d$post), ]
  change <- d$post - d$pre
  rbind(
    coefficients_of(set, "pre", change, cbind(1, d$pre), d$school),
    coefficients_of(set, "pre_and_parity", change, cbind(1, d$pre, d$school %% 2), d$school),
    coefficients_of(set, "teacher", change, cbind(1000, d$teacher / 7, d$pre), d$teacher),
    coefficients_of(set, "within_school", change, cbind(d$pre, model.matrix(~ 0 + factor(d$school))), d$school)[1, ])
}

data <- read.csv("change_data.csv")
names <- c("few_large", "many_small", "three_schools", "twelve_schools")
result <- do.call(rbind, lapply(names, function(set) regressions(set, data[data$set == set, ])))
result[-(1:2)] <- lapply(result[-(1:2)], function(x) sprintf("%.15g", x))
write.csv(result, "regression.csv", row.names = FALSE, quote = FALSE)
print(result)
