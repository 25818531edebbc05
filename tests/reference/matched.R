# The estimators on matched respondents, and the partially overlapping t test, on every set of
# change_data.csv: matched.csv. The formulas of Derrick et al. (2017) and Bonett (2008) are written out.
# Run in this folder: Rscript matched.R   (R 4.2.2, clubSandwich 0.5.8)
suppressMessages(library(clubSandwich))

row <- function(set, method, estimate, se = NA, df = NA, low = NA, high = NA, p = NA)
  data.frame(set = set, method = method, estimate = estimate, se = se, df = df, low = low, high = high, p = p)

cr2 <- function(set, method, values, cluster, null = 0) {
  model <- lm(values ~ 1)
  test <- as.data.frame(coef_test(model, vcov = "CR2", cluster = cluster, test = "Satterthwaite"))
  t <- (test$beta - null) / test$SE
  half <- qt(0.975, test$df_Satt) * test$SE
  row(set, method, test$beta, test$SE, test$df_Satt, test$beta - half, test$beta + half,
      2 * pt(-abs(t), test$df_Satt))
}

of_t <- function(set, method, test)
  row(set, method, unname(test$estimate), test$stderr, unname(test$parameter), test$conf.int[1],
      test$conf.int[2], test$p.value)

overlapping <- function(set, pre, post) {
  linked <- !is.na(pre) & !is.na(post)
  a <- pre[!is.na(pre)]; b <- post[!is.na(post)]
  nc <- sum(linked); na <- length(a) - nc; nb <- length(b) - nc
  r <- if (nc > 1) cor(pre[linked], post[linked]) else 0
  va <- var(a) / length(a); vb <- var(b) / length(b)
  se <- sqrt(va + vb - 2 * r * nc * sd(a) * sd(b) / (length(a) * length(b)))
  gamma <- (va + vb)^2 / (va^2 / (length(a) - 1) + vb^2 / (length(b) - 1))
  df <- nc - 1 + (gamma - nc + 1) / (na + nb + 2 * nc) * (na + nb)
  if (nc < 2) df <- gamma
  d <- mean(b) - mean(a)
  half <- qt(0.975, df) * se
  row(set, "partially_overlapping_t", d, se, df, d - half, d + half, 2 * pt(-abs(d / se), df))
}

estimates <- function(set, d) {
  result <- overlapping(set, d$pre, d$post)
  d <- d[!is.na(d$pre) & !is.na(d$post), ]
  if (nrow(d) < 2) return(result)
  x <- d$pre; y <- d$post; change <- y - x; n <- nrow(d)
  schools <- length(unique(d$school))
  clustered <- schools > 1 && schools < n
  cluster <- if (clustered) d$school else seq_len(n)
  walsh <- outer(change, change, "+") / 2
  walsh <- walsh[lower.tri(walsh, TRUE)]
  tied <- any(duplicated(round(abs(change), 9))) || any(abs(change) < 1e-9)
  change9 <- round(change, 9)
  w <- suppressWarnings(wilcox.test(change9, exact = FALSE, conf.int = !tied, tol.root = 1e-12))
  unit <- (var(x) + var(y)) / 2
  dav <- mean(change) / sqrt(unit)
  spread <- n / (n - 1) * ((x - mean(x))^2 + (y - mean(y))^2) - (var(x) + var(y))
  psi <- dav + (change - mean(change)) / sqrt(unit) - dav / (4 * unit) * spread
  if (clustered) {
    effect <- cr2(set, "d_av", psi, cluster)
  } else {
    se <- sqrt(dav^2 * (var(x)^2 + var(y)^2 + 2 * cov(x, y)^2) / (8 * (n - 1) * unit^2) + var(change) / ((n - 1) * unit))
    effect <- row(set, "d_av", dav, se, Inf, dav - qnorm(0.975) * se, dav + qnorm(0.975) * se, 2 * pnorm(-abs(dav / se)))
  }
  result <- rbind(result,
    of_t(set, "matched_t", t.test(change)),
    cr2(set, "matched_cr2", change, cluster),
    row(set, "wilcoxon", median(walsh), low = if (tied) NA else w$conf.int[1],
        high = if (tied) NA else w$conf.int[2], p = w$p.value),
    effect,
    cr2(set, "d_z", mean(change) / sd(change) + (change - mean(change)) / sd(change) -
          mean(change) / (2 * sd(change)^3) * (n / (n - 1) * (change - mean(change))^2 - var(change)), cluster),
    cr2(set, "superiority", (1 + sign(change)) / 2, cluster, 0.5))
  if (schools > 1) {
    result <- rbind(result, of_t(set, "school_means_t", t.test(tapply(change, d$school, mean))))
  }
  if (clustered) {
    table <- anova(lm(change ~ factor(school), d))
    nj <- table(d$school)
    n0 <- (n - sum(nj^2) / n) / (schools - 1)
    msb <- table[1, "Mean Sq"]; msw <- table[2, "Mean Sq"]
    icc <- max(0, (msb - msw) / (msb + (n0 - 1) * msw))
    result <- rbind(result, row(set, "change_icc", icc),
                    row(set, "design_effect", 1 + (sum(nj^2) / n - 1) * icc))
  }
  result
}

data <- read.csv("change_data.csv")
sets <- split(data, factor(data$set, unique(data$set)))
result <- do.call(rbind, Map(estimates, names(sets), sets))
result[-(1:2)] <- lapply(result[-(1:2)], function(x) ifelse(is.na(x), "", sprintf("%.15g", x)))
write.csv(result, "matched.csv", row.names = FALSE, quote = FALSE)
