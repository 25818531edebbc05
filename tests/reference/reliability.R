# Reliability by psych, lavaan and semTools. Run from this folder: Rscript reliability.R
suppressMessages({library(psych); library(lavaan); library(semTools)})
exact <- function(file, frame) {
  numbers <- sapply(frame, is.numeric)
  frame[numbers] <- lapply(frame[numbers], function(x)
    ifelse(is.na(x), "", formatC(x, digits = 17, format = "g", width = 1)))
  write.csv(frame, file, row.names = FALSE, quote = FALSE, fileEncoding = "UTF-8")
}

b <- bfi[1:200, 1:25]
for (item in c("A1", "C4", "C5", "E1", "E2")) b[[paste0(item, "r")]] <- 7 - b[[item]]
h <- HolzingerSwineford1939[, paste0("x", 1:9)]
set.seed(11)                           # three items whose one-factor solution is improper, by construction
target <- matrix(c(1, .9, .8, .9, 1, .5, .8, .5, 1), 3)
noise <- scale(matrix(rnorm(180), 60), scale = FALSE)
improper <- as.data.frame(noise %*% solve(chol(cov(noise))) %*% chol(target))
names(improper) <- paste0("w", 1:3)
pad <- function(frame, n) frame[seq_len(n), , drop = FALSE]
exact("reliability_inputs.csv", cbind(pad(b, 301), h, pad(improper, 301)))

scales <- list(
  agreeable = c("A1r", "A2", "A3", "A4", "A5"),
  agreeable_unreversed = c("A1", "A2", "A3", "A4", "A5"),
  conscientious = c("C1", "C2", "C3", "C4r", "C5r"),
  extraverted = c("E1r", "E2r", "E3", "E4", "E5"),
  twelve = c("A2", "A3", "A4", "A5", "E1r", "E2r", "E3", "E4", "E5", "C1", "C2", "C3"),
  visual = c("x1", "x2", "x3"),
  mental = paste0("x", 1:9),
  improper = c("w1", "w2", "w3")
)
data <- cbind(pad(b, 301), h, pad(improper, 301))
fits <- lapply(scales, function(items) {
  x <- na.omit(data[items])
  a <- suppressWarnings(psych::alpha(x, check.keys = FALSE))
  ci <- alpha.ci(a$total$raw_alpha, n.obs = nrow(x), n.var = ncol(x))
  # with free signs: the marker item's loading is not fixed; Gauss-Newton ends where the slope is 1e-15
  fit <- suppressWarnings(cfa(paste("f =~", paste(items, collapse = " + ")), x, std.lv = TRUE, optim.method = "GN",
                              optim.gn.tol.x = 1e-14, optim.gn.iter.max = 1000L))
  omega <- suppressMessages(suppressWarnings(compRelSEM(fit)))   # on the observed variance of the sum
  indices <- c("chisq", "df", "cfi", "rmsea", "srmr")
  list(total = data.frame(n = nrow(x), n_items = ncol(x), alpha = a$total$raw_alpha,
                          alpha_low = ci$lower.ci, alpha_high = ci$upper.ci, omega = as.numeric(omega),
                          as.list(setNames(as.numeric(fitMeasures(fit, indices)), indices)),
                          smallest_theta = min(diag(lavInspect(fit, "est")$theta))),
       items = data.frame(item = items, item_rest = a$item.stats$r.drop,
                          alpha_without = a$alpha.drop$raw_alpha))
})
exact("reliability.csv", do.call(rbind, lapply(names(fits), function(s) cbind(scale = s, fits[[s]]$total))))
exact("reliability_items.csv", do.call(rbind, lapply(names(fits), function(s) cbind(scale = s, fits[[s]]$items))))
