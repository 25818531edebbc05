# Adjusted p values by stats::p.adjust. Run from this folder: Rscript multiplicity.R
families <- list(
  ordinary = c(0.01, 0.04, 0.03, 0.005, 0.2),
  ties     = c(0.02, 0.02, 0.02, 0.9),
  missing  = c(0.012, NA, 0.04, 0.0004, NA, 0.7),
  bounds   = c(0, 1, 0.5, 1e-12),
  single   = 0.049
)
rows <- do.call(rbind, lapply(names(families), function(name) {
  p <- families[[name]]
  data.frame(family = name, p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))
}))
options(digits = 17)
write.csv(rows, "multiplicity.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
