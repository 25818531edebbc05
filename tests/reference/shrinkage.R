# Schools' mean changes drawn towards the mean of all, on the matched changes of change_data.csv: shrinkage.csv.
# estimate, overall, between, within: lme4. se_known: metafor's blup, the variances taken as known; se: with Prasad
# and Rao's third term for the variance between, twice, as under REML, and no more than that of the school's own mean.
# Run in this folder: Rscript shrinkage.R   (R 4.2.2, lme4 1.1-31, metafor 3.8-1)
suppressMessages({library(lme4); library(metafor)})

shrunken <- function(set, d) {
  d <- d[!is.na(d$pre) & !is.na(d$post), ]
  d$change <- d$post - d$pre
  fit <- lmer(change ~ 1 + (1 | school), d, REML = TRUE,
              control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12), check.conv.singular = "ignore"))
  v <- as.data.frame(VarCorr(fit))$vcov
  size <- tapply(d$change, d$school, length)
  own <- tapply(d$change, d$school, mean)
  error <- v[2] / size
  pulled <- blup(rma(yi = as.vector(own), vi = as.vector(error), tau2 = v[1]))
  g3 <- error^2 / (v[1] + error)^3 * 2 / sum((v[1] + error)^-2)
  data.frame(set = set, school = names(size), n = as.vector(size), own = as.vector(own),
             estimate = coef(fit)$school[names(size), 1], se_known = pulled$se,
             se = sqrt(pmin(pulled$se^2 + 2 * as.vector(g3), as.vector(error))), overall = fixef(fit)[[1]],
             overall_se = summary(fit)$coefficients[1, 2], between = v[1], within = v[2])
}

data <- read.csv("change_data.csv")
sets <- c("few_large", "many_small", "zero_school_variance", "three_schools", "all_linked", "twelve_schools")
result <- do.call(rbind, lapply(sets, function(set) shrunken(set, data[data$set == set, ])))
numbers <- sapply(result, is.numeric)
result[numbers] <- lapply(result[numbers], signif, 12)
write.csv(result, "shrinkage.csv", row.names = FALSE, quote = FALSE)
print(packageVersion("lme4")); print(packageVersion("metafor")); print(R.version.string)
print(unique(result[c("set", "between", "within")]))
