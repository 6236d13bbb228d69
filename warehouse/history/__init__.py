"""Earlier quarters and other workbooks, as history rules need them, and applying those rules."""
