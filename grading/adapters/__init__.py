"""Adapters: the grader behind the interfaces of other programs; none is imported unless its program asks for it."""
