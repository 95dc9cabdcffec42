"""Outreach that somebody asks for: its types, and what counts as small."""

# As the seed names them; each is a kind of intervention.
RE_ENGAGEMENT, MOOD_SUPPORT, CELEBRATION = "re_engagement", "mood_support", "milestone_celebration"
TOPIC, FEATURE, CHECK_IN, DIGEST = "topic_follow_up", "feature_suggestion", "check_in", "weekly_digest"
TYPES = (RE_ENGAGEMENT, MOOD_SUPPORT, CELEBRATION, TOPIC, FEATURE, CHECK_IN, DIGEST)
# What is worth less than this goes out as part of a digest where several wait.
SMALL = 0.4
# From so many small ones on they are folded into one digest.
SEVERAL = 2
