"""The schema's history, one module a step, run by `db.engine.migrate`. A step that has been released is not edited."""
