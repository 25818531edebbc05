# Leaders' mean minus teachers' mean in each school, and t.test of the differences over schools.
# Run in this folder: Rscript perception_gap.R
set.seed(12)
schools <- LETTERS[1:6]
one <- function(school, who, n, level) data.frame(
  school = school, who = who, score = pmin(5, pmax(1, round(rnorm(n, level, 1)))))
answers <- do.call(rbind, Map(function(school, leaders, teachers, level) rbind(
  one(school, "leader", leaders, level + 0.8), one(school, "teacher", teachers, level)),
  schools, c(1, 2, 4, 1, 3, 2), c(5, 9, 12, 7, 6, 8), c(2.5, 3, 3.2, 2.8, 3.4, 3)))
means <- tapply(answers$score, answers[c("school", "who")], mean)
found <- t.test(means[, "leader"] - means[, "teacher"])
write.csv(answers, "perception_gap_answers.csv", row.names = FALSE, quote = FALSE)
write.csv(format(data.frame(
  gap = unname(found$estimate), se = found$stderr, df = unname(found$parameter), ci_low = found$conf.int[1],
  ci_high = found$conf.int[2], p = found$p.value), digits = 15), "perception_gap.csv", row.names = FALSE, quote = FALSE)
