# Random-effects pooling by metafor. Run from this folder: Rscript meta.R
# The controls only tighten metafor's own searches, so that both sides stand at the same solution.
suppressMessages(library(metafor))

sets <- list(
  five      = list(y = c(.159, .018, .169, .087, .143),
                   v = c(.455^2/96, .403^2/82, .365^2/84, .255^2/50, .318^2/57)),
  alike     = list(y = c(.10, .11, .105, .098, .102),
                   v = c(.455^2/96, .403^2/82, .365^2/84, .255^2/50, .318^2/57)),
  four_far  = list(y = c(-.4, .1, .55, 1.2), v = c(.01, .02, .015, .04)),
  four_q_below_one = list(y = c(.30, .12, .26, .19), v = c(.02, .03, .01, .05)),
  twelve    = list(y = c(.31, -.05, .22, .47, .12, .02, .38, .27, -.11, .19, .33, .08),
                   v = c(.012, .020, .008, .031, .010, .017, .025, .009, .040, .014, .011, .022)),
  unequal   = list(y = c(.50, .05, .20, -.10, .35, .15), v = c(.0004, .09, .02, .0009, .25, .006)),
  wide_tau2 = list(y = c(-30, 10, 55, -70), v = c(1, 4, 2, 9)),
  equal_v   = list(y = c(.2, .5, -.1, .9), v = c(.03, .03, .03, .03)),
  one_sharp = list(y = c(.1, .2, .3, .4), v = c(1e-8, 1, 1, 1))
)

record <- function(set, left_out, y, v) {
  fit <- rma(y, v, method = "REML", test = "adhoc",
             control = list(threshold = 1e-14, maxiter = 100000, ll0check = FALSE))
  knha <- rma(y, v, method = "REML", test = "knha",
              control = list(threshold = 1e-14, maxiter = 100000, ll0check = FALSE))
  bounds <- confint(fit, control = list(tol = 1e-14, maxiter = 100000, tau2.max = 1e6))$random["tau^2", ]
  prediction <- predict(fit, pi.type = "riley")   # t(k - 2)
  data.frame(set = set, left_out = left_out, k = fit$k, estimate = c(fit$beta), se = fit$se, df = fit$ddf[1],
             low = fit$ci.lb, high = fit$ci.ub, p = fit$pval, tau2 = fit$tau2,
             tau2_low = bounds[["ci.lb"]], tau2_high = bounds[["ci.ub"]], q = fit$QE, i2 = fit$I2,
             prediction_low = prediction$pi.lb, prediction_high = prediction$pi.ub, se_knha = knha$se)
}

inputs <- do.call(rbind, lapply(names(sets), function(n) data.frame(set = n, y = sets[[n]]$y, v = sets[[n]]$v)))
rows <- do.call(rbind, lapply(names(sets), function(n) {
  y <- sets[[n]]$y; v <- sets[[n]]$v
  whole <- record(n, 0, y, v)
  if (length(y) < 5) return(whole)
  rbind(whole, do.call(rbind, lapply(seq_along(y), function(i) record(n, i, y[-i], v[-i]))))
}))
write <- function(frame, file) {
  numbers <- sapply(frame, is.numeric)
  frame[numbers] <- lapply(frame[numbers], function(x) formatC(x, digits = 17, format = "g"))
  write.csv(frame, file, row.names = FALSE, quote = FALSE, na = "", fileEncoding = "UTF-8")
}
write(inputs, "meta_inputs.csv")
write(rows, "meta.csv")

# The equal-weight mean: metafor's unweighted model gives estimate and SE; Welch's t-test its df for two means.
y <- sets$five$y; v <- sets$five$v
equal <- rma(y, v, method = "EE", weighted = FALSE)
a <- sleep$extra[sleep$group == 1]; b <- sleep$extra[sleep$group == 2]
write(data.frame(estimate = c(equal$beta), se = equal$se, sleep_mean_1 = mean(a), sleep_se_1 = sd(a) / sqrt(10),
                 sleep_mean_2 = mean(b), sleep_se_2 = sd(b) / sqrt(10), sleep_df = t.test(a, b)$parameter),
      "meta_equal_weights.csv")
