"""Reading what offices write: words, codes, quarters, measures, legal basis, and amounts with their tolerance."""
