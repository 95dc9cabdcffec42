"""What doors and the worker ask of the engine, one file each; `loop` is what most of them go through."""
