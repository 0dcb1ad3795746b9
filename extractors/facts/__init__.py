"""The ground: ids, values, evidence, fields, records, measures and errors.

Everything above shares these words. Nothing here imports the rest of the project, touches a disk beyond the
packaged ontology, or knows how a paper is read.
"""
