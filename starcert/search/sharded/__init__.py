"""Sharded: the search index of a large register, in files of which a query loads few and a change makes few anew.

Its files follow from the set of entries alone. The way to them has three `steps`, and the first two can be taken in any
number of processes. To import this package imports none of its modules: a build that makes no index need not wait.
"""
