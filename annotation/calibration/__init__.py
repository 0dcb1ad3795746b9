"""Calibration: what makes confidence models of judged values, says how good they are, and refuses worse ones.

`fitting` makes a model of judgements, `proofs` the lower bounds that a promise is held against, `measures` and `trial`
the figures of models that had not seen the papers they judge. Fitting needs the extra `calibrate` (scikit-learn).
"""
