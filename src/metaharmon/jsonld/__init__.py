"""JSON-LD (W3C Recommendation JSON-LD 1.1): records read by IRI, whatever a context calls a key, and written back as
they were.

`contexts` knows active contexts (pyld processes them), `terms` how a dialect sees its properties, `opened` the way
from a document to a tree of prefixed names, `closed` the way back, `documents` where the records of a document are,
`container` all of it as one two-way step before the rules.
"""
