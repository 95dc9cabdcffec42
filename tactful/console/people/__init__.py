"""Who needs us? People by risk, one person's story, what would be decided about them, and why something was."""

from tactful.console.pages import Question
from tactful.console.people import addressed, deciding, one, rights, roster

QUESTION = Question("people", "Who needs us?", "people")
PARTS = (*roster.PARTS, *one.PARTS, *deciding.PARTS, *rights.PARTS, *addressed.PARTS)
