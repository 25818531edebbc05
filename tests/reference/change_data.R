# Simulated answers of two waves in the shapes the change estimators must bear: change_data.csv.
# set, school ("" where there is none), teacher, pre, post (empty where missing). Scores are means of items.
# Run in this folder: Rscript change_data.R

simulate <- function(set, sizes, linked, sd_school = 0.3, sd_change = 0.2, digits = 4, seed = 1) {
  set.seed(seed)
  school <- rep(seq_along(sizes), sizes)
  n <- length(school)
  level <- 3 + rnorm(length(sizes), 0, sd_school)[school] + rnorm(n, 0, 0.55)
  pre <- level + rnorm(n, 0, 0.5)
  post <- level + 0.25 + rnorm(length(sizes), 0, sd_change)[school] + rnorm(n, 0, 0.5)
  kind <- sample(c("both", "pre", "post"), n, TRUE, c(linked, (1 - linked) / 2, (1 - linked) / 2))
  if (linked %in% c(0, 1)) kind <- if (linked == 1) rep("both", n) else rep_len(c("pre", "post"), n)
  pre[kind == "post"] <- NA
  post[kind == "pre"] <- NA
  data.frame(set = set, school = school, teacher = seq_len(n), pre = round(pre, digits), post = round(post, digits))
}

sets <- list(
  simulate("few_large", c(40, 30, 25, 20, 15), 0.6, seed = 11),
  simulate("many_small", rep(c(1, 2, 2, 1, 3), 9), 0.7, sd_school = 0.5, seed = 12),
  simulate("zero_school_variance", c(12, 20, 9, 15, 11, 14, 10, 13), 0.6, sd_school = 0, sd_change = 0.1, seed = 5),
  simulate("zero_teacher_variance", c(10, 8, 12, 9, 11, 7), 0.8, seed = 14),
  simulate("one_school", 45, 0.6, seed = 15),
  simulate("two_schools", c(25, 14), 0.7, seed = 16),
  simulate("three_schools", c(12, 30, 18), 0.7, seed = 17),
  simulate("one_teacher_per_school", rep(1, 40), 0.7, seed = 18),
  simulate("all_linked", c(20, 8, 15, 12, 4, 6), 1, digits = 1, seed = 20),
  simulate("mostly_single", c(20, 18, 15, 22, 14, 16), 0.15, seed = 21),
  simulate("unlinked", c(20, 18, 15, 22, 14, 16), 0, seed = 22),
  simulate("few_answers", c(3, 2, 3, 2), 0.75, seed = 24),
  simulate("twelve_schools", c(30, 26, 22, 20, 18, 15, 12, 10, 9, 8, 6, 5), 0.6, digits = 1, seed = 25)
)
data <- do.call(rbind, sets)
# Independent answers within a teacher: the teacher variance is estimated as zero.
one <- data$set == "zero_teacher_variance"
set.seed(99)
data$post[one] <- ifelse(is.na(data$post[one]), NA, round(6.2 - data$pre[one] + rnorm(sum(one), 0, 0.9), 4))
no_school <- simulate("no_school", 60, 0.6, seed = 19)
no_school$school <- NA
data <- rbind(data, no_school)
data <- data[!(is.na(data$pre) & is.na(data$post)), ]
write.csv(data, "change_data.csv", row.names = FALSE, na = "", quote = FALSE)
