# Agreement of raters: psych::ICC, type ICC1 with its interval: raters.csv.
# Data: Shrout & Fleiss (1979), table 2 (six targets, four judges), and two raters of six schools.
# Run in this folder: Rscript raters.R   (R 4.2.2, psych 2.2.9)
suppressMessages(library(psych))
sets <- list(
  shrout_fleiss = rbind(c(9, 2, 5, 8), c(6, 1, 3, 2), c(8, 4, 6, 8), c(7, 1, 2, 6), c(10, 5, 6, 9), c(6, 2, 4, 7)),
  two_raters = rbind(c(2, 2), c(3, 3), c(1, 2), c(4, 3), c(2, 2), c(5, 4)),
  disagreeing = rbind(c(1, 4), c(3, 2), c(5, 1), c(2, 2), c(1, 5)))
result <- do.call(rbind, lapply(names(sets), function(name) {
  found <- ICC(sets[[name]], lmer = FALSE)$results[1, ]
  data.frame(set = name, icc = found$ICC, low = found$`lower bound`, high = found$`upper bound`)
}))
result[-1] <- lapply(result[-1], function(x) sprintf("%.15g", x))
write.csv(result, "raters.csv", row.names = FALSE, quote = FALSE)
print(result)
