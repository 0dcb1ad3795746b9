"""Reading papers for facts: bytes in, frozen values with their evidence out.

Documents, language, tables, rules, linking and confidence, over the shared ground of `extractors.facts`. No network, no
clock, no database, no Prefect: the same bytes give the same reading anywhere, in any process.
"""
