"""Settings of learning."""

from tactful.kernel.settings import Setting

ACROSS = Setting(
    "learn.across_organisations",
    False,
    "Whether what organisations learn starts from what all of them together have learned, and serves those who have "
    "learned nothing of their own. Off: nobody's data teach anything about anybody else's people.",
)

SETTINGS = (ACROSS,)
