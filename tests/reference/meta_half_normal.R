# Pooling with a half-normal prior on tau by R's integrate on the posterior itself: meta_half_normal.csv.
# Run in this folder, after meta.R: Rscript meta_half_normal.R   (R 4.2.2)
inputs <- read.csv("meta_inputs.csv")
schools <- data.frame(set = "eight_schools", y = c(28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16),
                      v = c(14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6)^2)   # Rubin (1981)

pooled <- function(set, y, v, scale) {
  given <- function(tau) { w <- 1 / (v + tau^2); c(sum(w * y) / sum(w), 1 / sum(w), sum(log(w))) }
  log_density <- function(tau) sapply(tau, function(t) {
    g <- given(t)
    # the joint density of y, mu integrated out: k normal densities at mu = g[1] times the normal integral over mu
    sum(dnorm(y, g[1], sqrt(v + t^2), log = TRUE)) + 0.5 * log(2 * pi * g[2]) + dnorm(t, 0, scale, log = TRUE)
  })
  ends <- c(0, max(13 * scale, 2 * diff(range(y))) * 2^(-24:1))
  top <- max(log_density(unlist(lapply(2:length(ends), function(i) seq(ends[i - 1], ends[i], length.out = 20)))))
  over <- function(f, to = Inf) {
    cut <- c(ends[ends < to], min(to, max(ends)))
    sum(sapply(2:length(cut), function(i) integrate(f, cut[i - 1], cut[i], rel.tol = 1e-11, abs.tol = 1e-300,
                                                    subdivisions = 1000, stop.on.error = FALSE)$value))
  }
  density <- function(t) exp(log_density(t) - top)
  total <- over(density)
  of_mu <- function(x, further) over(function(t) density(t) * sapply(t, function(s) {
    g <- given(s); pnorm(x, g[1], sqrt(g[2] + further * s^2)) })) / total
  root <- function(f, p, from, to) uniroot(function(x) f(x) - p, c(from, to), tol = 1e-12 * max(abs(c(from, to))))$root
  wide <- c(min(y) - 20 * sqrt(max(v)) - 15 * scale, max(y) + 20 * sqrt(max(v)) + 15 * scale)
  mu <- function(p, further = 0) root(function(x) of_mu(x, further), p, wide[1], wide[2])
  tau <- function(p) root(function(x) over(density, x) / total, p, max(ends) * 1e-7, max(ends) / 2)
  data.frame(set = set, scale = scale, estimate = mu(.5),
             mean = over(function(t) density(t) * sapply(t, function(s) given(s)[1])) / total,
             low = mu(.025), high = mu(.975), tau = tau(.5), tau_low = tau(.025), tau_high = tau(.975),
             prediction_low = mu(.025, 1), prediction_high = mu(.975, 1))
}

data <- rbind(inputs, schools)
cases <- list(list("five", .3), list("five", .1), list("alike", .3), list("four_far", .3), list("four_q_below_one", .3),
              list("twelve", .3), list("unequal", .3), list("equal_v", 1), list("wide_tau2", 20),
              list("eight_schools", 25))
rows <- do.call(rbind, lapply(cases, function(case) {
  d <- data[data$set == case[[1]], ]
  pooled(case[[1]], d$y, d$v, case[[2]])
}))
print(rows)
rows[-1] <- lapply(rows[-1], function(x) sprintf("%.15g", x))
write.csv(rows, "meta_half_normal.csv", row.names = FALSE, quote = FALSE)
