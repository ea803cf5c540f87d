"""A made-up district's returns: the files that eight communes and a police base union might have sent in.

Everything is invented and deterministic, so that every figure the warehouse shows for it can be known
beforehand. The generator knows forms only as paper; it imports nothing of the warehouse, which is thereby
tested against something that was not written with its own code.
"""
