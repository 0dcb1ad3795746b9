"""Pages that LaTeXML makes of papers, as paragraphs and tables."""
