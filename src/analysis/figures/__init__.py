"""One module per figure, each with the same skeleton.

`figure(...)` returns a matplotlib Figure, `alt_text(...)` says in a sentence or two what it shows, and
`grid(...)` with `grid_alt_text(...)` draw small multiples where many scales meet. Nothing is estimated here
and nothing is saved; `style.save` writes a figure. Numbers that are nan leave their place empty with a
small grey text.
"""
