"""What the interpreter and generated code share: cells, lists, residue, the account.

The rules of mapping language sections 1, 4.6 and 5 stand here once; the two engines only walk a plan differently.
"""
