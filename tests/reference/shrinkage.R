# Schools' mean changes drawn towards the mean of all, on the matched changes of change_data.csv: shrinkage.csv.
# Given the standard deviation t between schools: predictions and standard errors of metafor's blup and the restricted
# likelihood of metafor's rma, the variances within taken as lm's. Averaged over t with a flat prior by Simpson's rule on
# t = scale * tan(angle); limits of the mixture of t distributions by uniroot.
# between: lme4's variance between schools, for which blup and lme4 must agree (stops if not).
# Run in this folder: Rscript shrinkage.R   (R 4.2.2, lme4 1.1-31, metafor 3.8-1; about a minute)
suppressMessages({library(lme4); library(metafor)})
POINTS <- 801

shrunken <- function(set, d) {
  d <- d[!is.na(d$pre) & !is.na(d$post) & d$school != "", ]
  d$change <- d$post - d$pre
  size <- tapply(d$change, d$school, length)
  own <- as.vector(tapply(d$change, d$school, mean))
  plain <- lm(change ~ factor(school), d)
  error <- as.vector(summary(plain)$sigma^2 / size)

  fit <- lmer(change ~ 1 + (1 | school), d, REML = TRUE,
              control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12), check.conv.singular = "ignore"))
  v <- as.data.frame(VarCorr(fit))$vcov
  given <- blup(rma(yi = own, vi = as.vector(v[2] / size), tau2 = v[1]))
  stopifnot(max(abs(given$pred - coef(fit)$school[names(size), 1])) < 1e-6)

  angle <- seq(0, pi / 2, length.out = POINTS)
  spread <- sqrt(mean(error)) * tan(angle)
  spread[POINTS] <- 1e5 * sqrt(mean(error))
  points <- lapply(seq_len(POINTS), function(i) {
    m <- rma(yi = own, vi = error, tau2 = spread[i]^2, method = "REML")
    b <- blup(m)
    list(like = as.numeric(logLik(m)), mean = b$pred, se = b$se, overall = as.numeric(m$beta))
  })
  simpson <- c(1, rep(c(4, 2), length.out = POINTS - 2), 1)
  like <- sapply(points, `[[`, "like")
  # dt = scale / cos(angle)^2: at the last point the limit, since cos^2 and the likelihood both go to 0
  share <- simpson * exp(like - max(like)) * (1 + (spread / sqrt(mean(error)))^2)
  share <- share / sum(share)
  mean_at <- sapply(points, `[[`, "mean")
  se_at <- sapply(points, `[[`, "se")
  limit <- function(j, p) uniroot(function(x) sum(share * pt((x - mean_at[j, ]) / se_at[j, ], plain$df.residual)) - p,
                                  own[j] + c(-20, 20) * sqrt(max(error)), tol = 1e-13)$root
  data.frame(set = set, school = names(size), n = as.vector(size), own = own,
             estimate = as.vector(mean_at %*% share),
             low = sapply(seq_along(own), limit, p = 0.025), high = sapply(seq_along(own), limit, p = 0.975),
             overall = sum(share * sapply(points, `[[`, "overall")), between = v[1], within = error[1] * size[[1]])
}

data <- read.csv("change_data.csv")
sets <- c("few_large", "many_small", "zero_school_variance", "three_schools", "all_linked", "twelve_schools")
result <- do.call(rbind, lapply(sets, function(set) shrunken(set, data[data$set == set, ])))
numbers <- sapply(result, is.numeric)
result[numbers] <- lapply(result[numbers], signif, 12)
write.csv(result, "shrinkage.csv", row.names = FALSE, quote = FALSE)
print(packageVersion("lme4")); print(packageVersion("metafor")); print(R.version.string)
print(unique(result[c("set", "between", "within")]))
