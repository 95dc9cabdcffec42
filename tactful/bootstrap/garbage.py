"""How often a process looks for garbage."""

import gc


def collect_seldom() -> None:
    """Look for garbage in cycles less often, and never among what was there from the beginning.

    Batches of events make many objects and no cycles: the default looked so often that reading a batch took twice as
    long, and each full look stopped live sessions for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
