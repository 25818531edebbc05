# Who left, standardised: metafor and effectsize. Run from this folder: Rscript attrition.R
suppressMessages({library(metafor); library(effectsize)})
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
