"""Mathematics of which nothing is declared: texts and answers without an assignment."""
