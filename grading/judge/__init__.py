"""From a part that was read to its verdict: part ← steps ← relation ← outcome ← scalar, in a growing context.

``part`` weighs the relations of a part and the result it arrives at, ``steps`` judges them in their order,
``relation`` each one in the ``context`` of what is given and introduced before it, ``outcome`` two sides with random
variables, ``scalar`` two numbers. ``laws`` and ``open`` are the ideas that need several files.
"""
