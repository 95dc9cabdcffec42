"""Reasons to consider an intervention, one short file each."""
