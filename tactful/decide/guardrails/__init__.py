"""Rules that may forbid, one short file each; all are always asked."""
