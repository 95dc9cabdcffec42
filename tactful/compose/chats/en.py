"""English."""

WORDS = {
    "consent": "You opened this chat by your own link. From now on messages for you may come here; STOP ends them.",
    "linked": "Hello! Messages for you may come here from now on. Send STOP at any time, and nothing comes any more.",
    "already": "This chat is yours already. There is nothing more to do.",
    "link_over": "This link was used already, or is too old. Please open a new one in the app.",
    "stranger": "Hello! I do not know who you are yet. Please open the link to this chat in the app you use; "
    "nothing of what you write is kept until then.",
    "stopped": "Done. Nothing is sent to you any more, here or elsewhere, also not what was planned already. "
    "If you change your mind, open a new link in the app.",
    "quiet": "All right: nothing is sent to you between {start} and {end} of your day.",
    "not_quiet": "All right: you have no quiet hours any more.",
    "quiet_unfit": "I could not read that. Write it like this: /quiet 22:00-08:00, or /quiet off.",
    "nothing_yet": "Nothing was sent to you yet.",
    "why": "You got “{title}” because:",
    "way_out": "Not what you want? /quiet 22:00-08:00 for quiet hours, /stop to end all messages.",
    "engaged": "Good!",
    "snoozed": "All right, later then.",
    "dismissed": "All right, thank you for saying so.",
    "over": "Thank you. This one is over already.",
    "most_one": "You get at most 1 message a day.",
    "most": "You get at most {most} messages a day.",
    "quiet_now": "Quiet hours: {start} to {end} of your day.",
    "do_not_disturb": "Do not disturb is on: nothing is sent to you.",
    "switched_off": "Messages in this chat are switched off.",
    "help": "/why – why you got the last message\n/quiet 22:00-08:00 – quiet hours, /quiet off to end them\n"
    "/preferences – how you are reached\n/stop – no more messages",
    "unknown": "I cannot read that. /help says what I understand.",
    "trouble": "That did not work just now. Please try again in a moment.",
}
