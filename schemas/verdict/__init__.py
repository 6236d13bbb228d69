"""What a judgement concludes: verdicts of workbooks and URs, and the quality index."""
