"""Tests of what is said: who gets which variant, whether all is well with it, and what can be said of it at any time.

`assigning` gives people variants, `ratio` finds out whether as many saw each as should have, `sequence` compares two
variants by intervals that hold however often they are looked at, and `verdicts` puts that into words.
"""
