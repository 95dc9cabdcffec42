"""Pictures as SVG that scales without its words: places are shares of the drawing, in percent.

Each is worked out here from figures alone and drawn by a macro of the same name in `templates/pictures.html`; none
needs a script, none has a style of its own, and each stands beside a table of the same figures.
"""
