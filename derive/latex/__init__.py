"""LaTeX to terms and back."""
