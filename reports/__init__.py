"""Reports: what a person sees of a result, on a terminal, on paper, in a browser and in files."""
