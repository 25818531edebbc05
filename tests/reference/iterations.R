# The difference between the changes of two iterations, by nlme and clubSandwich: iterations_data.csv, iterations.csv.
# Both mixed models are fitted at once, each iteration with variance components of its own, so the contrast of the two
# waves' coefficients is that of separate fits and its CR2 standard error has the schools of both as clusters.
# Run in this folder: Rscript iterations.R   (R 4.2.2, nlme 3.1-162, clubSandwich 0.5.8)
suppressMessages({library(nlme); library(clubSandwich)})

simulate <- function(set, first, second, seed) {
  set.seed(seed)
  wave_of <- function(iteration, sizes, both) {
    school <- rep(as.integer(names(sizes)), sizes)
    n <- length(school)
    level <- 3 + levels[school] + rnorm(n, 0, 0.55)
    pre <- level + rnorm(n, 0, 0.5)
    post <- level + 0.2 + changes[school] + rnorm(n, 0, 0.5)
    kind <- sample(c("both", "pre", "post"), n, TRUE, c(0.6, 0.2, 0.2))
    pre[kind == "post"] <- NA
    post[kind == "pre"] <- NA
    data.frame(set = set, iteration = iteration, school = school, pre = round(pre, 4), post = round(post, 4))
  }
  levels <- rnorm(20, 0, 0.3)
  changes <- rnorm(20, 0, 0.25)
  rbind(wave_of(1, first), wave_of(2, second))
}

sizes <- function(schools, teachers) setNames(teachers, schools)
sets <- list(
  simulate("same_schools", sizes(1:6, c(25, 20, 18, 15, 12, 10)), sizes(1:6, c(12, 22, 10, 18, 15, 9)), 1),
  simulate("some_schools", sizes(1:5, c(25, 20, 18, 15, 12)), sizes(3:9, c(14, 16, 20, 8, 12, 9, 11)), 2),
  simulate("other_schools", sizes(1:4, c(25, 20, 18, 15)), sizes(5:10, c(14, 16, 20, 8, 12, 9)), 3)
)
data <- do.call(rbind, sets)
data$teacher <- seq_len(nrow(data))

fit <- function(set, d) {
  long <- rbind(data.frame(d, post_wave = 0, score = d$pre), data.frame(d, post_wave = 1, score = d$post))
  long <- long[!is.na(long$score), ]
  long$first <- as.numeric(long$iteration == 1)
  long$second <- as.numeric(long$iteration == 2)
  long$school <- factor(sprintf("%03d", long$school))  # nlme and clubSandwich must sort them alike
  long$teacher <- factor(sprintf("%04d", long$teacher))
  long <- long[order(long$school, long$teacher, long$post_wave), ]
  model <- lme(score ~ second * post_wave, data = long,
               random = list(school = pdDiag(~ 0 + first + second), teacher = pdDiag(~ 0 + first + second)),
               weights = varIdent(form = ~ 1 | iteration), method = "REML",
               control = lmeControl(maxIter = 500, msMaxIter = 500, tolerance = 1e-12, msTol = 1e-14, opt = "nlminb"))
  test <- as.data.frame(coef_test(model, vcov = "CR2", test = "Satterthwaite"))["second:post_wave", ]
  data.frame(set = set, difference = test$beta, se = test$SE, df = test$df_Satt, p = test$p_Satt)
}

result <- do.call(rbind, Map(fit, unique(data$set), split(data, factor(data$set, unique(data$set)))))
result[-1] <- lapply(result[-1], function(x) sprintf("%.15g", x))
write.csv(data, "iterations_data.csv", row.names = FALSE, na = "", quote = FALSE)
write.csv(result, "iterations.csv", row.names = FALSE, quote = FALSE)
print(result)
