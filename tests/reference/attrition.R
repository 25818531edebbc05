# Who left: metafor, effectsize, and clubSandwich with a numerical search. Run from this folder: Rscript attrition.R
suppressMessages({library(metafor); library(effectsize); library(clubSandwich)})
exact <- function(file, frame) {
  numbers <- sapply(frame, is.numeric)
  frame[numbers] <- lapply(frame[numbers], function(x) formatC(x, digits = 17, format = "g", width = 1))
  write.csv(frame, file, row.names = FALSE, quote = FALSE, fileEncoding = "UTF-8")
}

groups <- function(name) switch(name,
  cars = list(left = mtcars$mpg[mtcars$am == 1], stayed = mtcars$mpg[mtcars$am == 0]),
  teeth = list(left = ToothGrowth$len[ToothGrowth$supp == "OJ"], stayed = ToothGrowth$len[ToothGrowth$supp == "VC"]),
  few = list(left = c(2.5, 4), stayed = c(3, 3.5, 3.25, 5, 4.75)))
names <- c("cars", "teeth", "few")
values <- do.call(rbind, lapply(names, function(n) {
  g <- groups(n)
  data.frame(data = n, group = rep(c("left", "stayed"), lengths(g)), value = unlist(g))
}))
exact("attrition_values.csv", values)
exact("attrition_means.csv", do.call(rbind, lapply(names, function(n) {
  g <- groups(n); a <- length(g$left); b <- length(g$stayed)
  e <- escalc("SMD", m1i = mean(g$left), sd1i = sd(g$left), n1i = a,
              m2i = mean(g$stayed), sd2i = sd(g$stayed), n2i = b, vtype = "LS")
  reach <- qt(.975, a + b - 2) * sqrt(c(e$vi))
  data.frame(data = n, estimate = c(e$yi), se = sqrt(c(e$vi)), low = c(e$yi) - reach, high = c(e$yi) + reach)
})))

tables <- list(c(12, 8, 20, 20), c(3, 27, 40, 61), c(0, 9, 25, 75), c(15, 0, 30, 30))
exact("attrition_shares.csv", do.call(rbind, lapply(tables, function(x) {
  h <- cohens_h(matrix(x, 2))
  data.frame(left_yes = x[1], left_no = x[2], stayed_yes = x[3], stayed_no = x[4],
             estimate = h$Cohens_h, low = h$CI_low, high = h$CI_high)
})))

# Tipping points of a matched change with schools (chickens' growth on diets), found by search.
weights <- subset(ChickWeight, Time %in% c(0, 2))
wide <- reshape(as.data.frame(weights), idvar = c("Chick", "Diet"), timevar = "Time", direction = "wide")
wide$change <- wide$weight.2 - wide$weight.0
wide <- wide[!is.na(wide$change), ]
fit <- lm(change ~ 1, wide)
bounds <- conf_int(fit, vcov = vcovCR(fit, cluster = wide$Diet, type = "CR2"), test = "Satterthwaite")
exact("attrition_tipping.csv", do.call(rbind, lapply(c(1, -1), function(sign) {
  m <- nrow(wide); u <- 23
  ends <- sort(sign * c(bounds$CI_L, bounds$CI_U)); change <- sign * bounds$beta
  combined <- function(x, value) weighted.mean(c(value, x), c(m, u))
  search <- function(value) uniroot(combined, c(-1000, 1000), value = value, tol = 1e-13)$root
  data.frame(change = change, low = ends[1], high = ends[2], n_matched = m, n_left = u,
             to_zero = search(change), interval_to_zero = search(if (sign > 0) ends[1] else ends[2]))
})))
