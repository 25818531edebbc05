"""What the cells of raw tables mean by the codebook."""
