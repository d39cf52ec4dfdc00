"""Random variables: what is proved of their laws makes a relation about them one between numbers."""
