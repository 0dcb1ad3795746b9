"""Reading documents: bytes in, a `Document` with pages, paragraphs, captions, tables and boxes out. Pure."""
