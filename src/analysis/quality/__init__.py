"""What the answers are like, before anything is computed from them."""
