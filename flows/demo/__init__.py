"""Everything the demonstration needs, shipped in the wheel: sample papers and a stand-in for arXiv."""
