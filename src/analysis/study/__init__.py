"""A study folder: study.toml and the codebook, read and checked whole; `folder` has `Study` and `read_study`."""
