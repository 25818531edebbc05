# Shares at the maximum, on real answers (psych::bfi). Run from this folder: Rscript ceiling.R
suppressMessages(library(psych))
x <- bfi[1:150, 1:10]
x[5, ] <- 4; x[6, ] <- c(2, 2, 2, NA, 2, 2, 2, 2, 3, 3); x[7, ] <- NA
write.csv(x, "ceiling_answers.csv", row.names = FALSE, quote = FALSE, na = "", fileEncoding = "UTF-8")

pre <- x$A3; post <- x$A5
post[which(post == 3)] <- NA           # some answered only before
at <- function(v) mean(v == 6)
write.csv(data.frame(n = sum(!is.na(pre)), share = at(pre[!is.na(pre)]),
                     n_matched = sum(!is.na(pre) & !is.na(post)),
                     share_could_not_rise = at(pre[!is.na(pre) & !is.na(post)])) |>
            lapply(formatC, digits = 17, format = "g", width = 1) |> as.data.frame(),
          "ceiling.csv", row.names = FALSE, quote = FALSE, fileEncoding = "UTF-8")
