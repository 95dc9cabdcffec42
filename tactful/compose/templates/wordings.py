"""Our own wordings: several for each kind, the plain ones first.

A wording may name facts in braces. It is used only for people of whom all of them are known, so
every kind has wordings without any. They are short, promise nothing and blame nobody.
"""

from tactful.kernel.records import Message

WORDINGS: dict[str, tuple[Message, ...]] = {
    "morning_ritual": (
        Message(
            "Good morning", "Ten quiet minutes now make the rest of the day easier. Where shall we start?", "start"
        ),
        Message("A small start", "One short task is waiting; it is done before the coffee gets cold.", "start"),
        Message(
            "Day {next_day} could start here",
            "You have come by {streak} days in a row. Today's step is small.",
            "start",
        ),
    ),
    "evening_reflection": (
        Message(
            "Before the day ends",
            "What was the one thing today that you want to keep? Note it in a sentence.",
            "reflect",
        ),
        Message("Looking back", "You were here today. Take two minutes to see what stuck and what did not.", "reflect"),
        Message("{streak} days in a row", "Today counts too. What would you like to remember of it?", "reflect"),
    ),
    "streak_preservation": (
        Message("Today is still open", "One short task before midnight keeps your run going.", "start"),
        Message(
            "Not much left of today", "Two minutes are enough to count. Tomorrow is another day either way.", "start"
        ),
        Message(
            "{streak} days so far",
            "Something small today and it becomes {next_day}. It also counts if it takes two minutes.",
            "start",
        ),
        Message(
            "Keep it or let it rest",
            "Your run of {streak} days ends at midnight. A short task keeps it, and a day off is fine too.",
            "start",
        ),
    ),
    "gentle_nudge": (
        Message(
            "There you are", "The place where you stopped is marked. Carry on, or pick something lighter.", "resume"
        ),
        Message("Something short", "No plan needed: here is one task that fits in five minutes.", "start"),
        Message("You once did {longest} days in a row", "It began with one day. This one would do.", "resume"),
    ),
    "alternative_approach": (
        Message(
            "Another way in",
            "When one more try does not help, a different angle often does. Pick one and see.",
            "alternative",
        ),
        Message(
            "Stuck is a place, not a verdict",
            "Leave what does not come for a moment: take it from another side, or go through it with somebody.",
            "alternative",
        ),
        Message(
            "Another way into {topic}",
            "When one more try does not help, a different angle often does. Pick one and see.",
            "alternative",
        ),
        Message("{topic}, differently", "{suggestion}", "alternative"),
        Message("{days_stuck} days at {topic}", "That is staying power. {suggestion}", "alternative"),
    ),
    "skill_refresh": (
        Message(
            "You knew this once",
            "Something you had learned is fading. A few minutes now save learning it again.",
            "review",
        ),
        Message(
            "A short look back",
            "Three questions about something you once knew well. Most of it is still there.",
            "review",
        ),
        Message("{skill} is fading", "You had it. A few minutes of practice bring it back.", "review"),
        Message(
            "{skill}, {days_unpractised} days later", "See how much is still there; a short round will do.", "review"
        ),
    ),
    "milestone_celebration": (
        Message("You reached a milestone", "Look at what you have done so far, and at what comes next.", "milestones"),
        Message(
            "Something to be glad of", "You have come further than you may think. It is written down.", "milestones"
        ),
        Message("{milestone}", "You did it. Take a moment to be glad of it.", "milestones"),
        Message("{milestone}: reached", "That is worth {points} points to you. Well done.", "milestones"),
        Message("You did it: {milestone}", "One step after the other has brought you here.", "milestones"),
        Message(
            "{milestone}, and {more} more", "{points} points in all, since we last told you. Well done.", "milestones"
        ),
    ),
    "re_engagement": (
        Message("Your place is kept", "Everything is as you left it. One short step is enough to be back.", "resume"),
        Message("No catching up needed", "Start with what is next; what you missed can wait.", "resume"),
        Message(
            "{days_away} days later", "Where you stopped is marked. Ten minutes would be a good beginning.", "resume"
        ),
        Message("Lighter than before?", "Tell us what was too much, and we make the next steps smaller.", "chat"),
    ),
    "mood_support": (
        Message(
            "That sounded hard", "You need not do anything today. If it helps, tell us what got in the way.", "chat"
        ),
        Message("One thing less", "What would make this easier? Say it, and we look for a way.", "chat"),
        Message("It can wait", "Nothing is lost if you leave it for today. We keep your place.", "resume"),
        Message("Something lighter", "If you want to go on all the same, here is a short and easy step.", "start"),
    ),
    "topic_follow_up": (
        Message("Picking up a thread", "You spoke of something a while ago. Shall we go on with it?", "topic"),
        Message(
            "Still on your mind?", "There is more to say about what you asked. Have a look when you like.", "topic"
        ),
        Message("More about {topic}", "You spoke of {topic}. Here is where it goes on.", "topic"),
        Message("{topic}: a next step", "It takes ten minutes and begins where you left off.", "topic"),
    ),
    "feature_suggestion": (
        Message(
            "Something you may not know", "There is a tool here that fits what you do. Try it once and see.", "feature"
        ),
        Message("A shorter way", "What you often do by hand can be done in one step.", "feature"),
        Message(
            "Have you seen {feature}?", "It fits how you work here. Try it once; it is easy to leave again.", "feature"
        ),
        Message("{feature}, in a minute", "A short look is enough to know whether it is for you.", "feature"),
    ),
    "check_in": (
        Message("How are things going?", "A short word is enough, and no answer is fine, too.", "chat"),
        Message(
            "Is it going as you hoped?", "If something should be different, this is a good moment to say so.", "chat"
        ),
        Message("Just asking", "Is there anything that we can make easier for you?", "chat"),
        Message("About {topic}", "How is it going with {topic}? Tell us what helps, and what does not.", "chat"),
    ),
    "weekly_digest": (
        Message(
            "A few small things", "They can wait, and here they are together. Look when you have a moment.", "digest"
        ),
        Message("Your week, in short", "Some things came together that may be of use to you.", "digest"),
        Message("Together instead of one by one", "Here is what there is for you: {items}.", "digest"),
        Message("For when you have a moment", "{items}. None of it is urgent.", "digest"),
    ),
    "optimal_timing_nudge": (
        Message("About your usual time", "Ten minutes now, and today is done. Where shall we start?", "start"),
        Message("A good hour for you", "Around now it tends to go well. One short task is enough.", "start"),
        Message("Now, or later today", "Nothing has been started yet today; one small step would do.", "start"),
        Message("Your hour, on day {next_day}", "You have come by {streak} days in a row. One short task?", "start"),
    ),
    "proactive_checkin": (
        Message(
            "How is it going?", "It has been quieter than usual. Is something in the way that we can take out?", "chat"
        ),
        Message("Too much, or too little?", "Say which, and we change what comes next.", "chat"),
        Message("Last here {days_away} days ago", "Your place is kept. Would a shorter way back in help?", "resume"),
    ),
    "emotional_support": (
        Message(
            "No pressure",
            "Some weeks are heavy. If you like, tell us what would help, or just let us know you are fine.",
            "chat",
        ),
        Message(
            "We kept your place",
            "Nothing is lost by a break. When you want to come back, we start with something easy.",
            "chat",
        ),
        Message("Talk to somebody?", "If it got hard, a person can look at it with you. One tap is enough.", "chat"),
    ),
}
