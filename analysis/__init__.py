"""What the data says: regressions of performance on compute, from a release or from the authors' tables.

Rows in, fits, figures and reports out. It knows a release only by the columns it declares and checks, never the
database that made it, so that anybody with the files can repeat every number. No network, no clock, no unseeded chance.
"""
