"""Review data on its way out and back: the log itself, Label Studio, spreadsheets, and pages for a paper's authors."""
