"""The closed set of lenses: two-way changes of value, as plain frozen classes.

`base` is the protocol; value lenses change one raw value, cell lenses several together, `ListOf` wraps a value lens.
Parsing the words of the mapping language is not done here.
"""
