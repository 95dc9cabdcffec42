"""Deciding in live sessions: the same candidates, guard rails and policies as for single people.

`rules` makes the rules, `choosing` chooses, `handlers` tell what each anomaly is a reason for.
"""
