"""The words everybody shares, as frozen records. Standard library only."""
