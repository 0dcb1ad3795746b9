"""Rules that read facts in sentences, one module a family of facts; each rule reads one habit of writing.

Rules see a sentence and propose values with their place. What a fact is said of, which facts make a run and which
model it belongs to is decided after them. Values in tables belong to `extractors.tables`, except for training runs,
whose tables need the same words (`rules.table_runs`).
"""
