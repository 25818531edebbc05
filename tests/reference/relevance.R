# Equivalence and minimum detectable effect from base R's t distribution and t.test. Run from this folder: Rscript relevance.R
difference <- sleep$extra[sleep$group == 2] - sleep$extra[sleep$group == 1]
rows <- do.call(rbind, lapply(c(0.5, 1, 2, 2.5, 3), function(d) {
  wide <- t.test(difference); narrow <- t.test(difference, conf.level = 0.90)
  lower <- t.test(difference, mu = -d, alternative = "greater")$p.value
  upper <- t.test(difference, mu = d, alternative = "less")$p.value
  data.frame(d = d, estimate = mean(difference), se = wide$stderr, df = wide$parameter,
             low95 = wide$conf.int[1], high95 = wide$conf.int[2],
             low90 = narrow$conf.int[1], high90 = narrow$conf.int[2], tost_p = max(lower, upper),
             detectable = (qt(.975, wide$parameter) + qt(.80, wide$parameter)) * wide$stderr)
}))
# The interval of a standard deviation by inverting its chi-square test; that of the standard error is that over √n.
n <- length(difference)
limit <- function(p) uniroot(function(s) pchisq((n - 1) * var(difference) / s^2, n - 1) - p, c(.01, 100), tol = 1e-14)$root
rows <- do.call(rbind, lapply(split(rows, rows$d), function(row) {
  row$detectable_low <- row$detectable * limit(.975) / sd(difference)
  row$detectable_high <- row$detectable * limit(.025) / sd(difference)
  row
}))
rows[] <- lapply(rows, function(x) formatC(x, digits = 17, format = "g", width = 1))
write.csv(rows, "relevance.csv", row.names = FALSE, quote = FALSE, fileEncoding = "UTF-8")
