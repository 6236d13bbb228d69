"""From rule cards to findings: checks run, messages rendered, waivers applied."""
