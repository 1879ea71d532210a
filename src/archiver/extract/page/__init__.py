"""HTML pages: parsed once, walked once.

    text -- html: safe to parse? -- tree -- parts: what is what -- walk + scribe --> lines, anchors, notices
    lines --> blocks (text), links, and the claims of `extract.dates`

`html` is the reader; `parts`, `selectors`, `words` and `titles` say what an element is; `elements` what the walk does
at it; `lists` and `starts` what a page is about; `lines` what all that comes to. Pure.
"""
