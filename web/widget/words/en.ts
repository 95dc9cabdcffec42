// What the widget says, in English. Each part carries only its own words. {braces} are filled in.

export const core = {
  consentTitle: "A little help here?",
  consentText:
    "With your leave, this page notices what you read and for how long, so that help comes at the right moment. You can change your mind at any time.",
  yes: "Yes, help me",
  no: "No, thank you",
  later: "Later",
  dismiss: "Dismiss",
  why: "Why this?",
  fine: "All right",
  card: "For you",
  reach: "Press Alt+T to get there.",
  launch: "Quick actions",
};

export const cards = {
  open: "Open",
  do_start: "Start",
  do_resume: "Carry on",
  do_review: "Review",
  do_reflect: "Reflect",
  do_alternative: "Show me",
  do_milestones: "Show me",
};

export const palette = {
  label: "Quick actions",
  ask: "What would you like to do?",
  none: "Nothing fits. Try another word.",
  wait: "One moment …",
  away: "The suggestions cannot be had just now.",
  one: "1 action",
  many: "{n} actions",
  choose: "choose",
  run: "open",
  close: "close",
  today: "Your plan for today",
  milestones: "Your milestones",
  preferences: "How we may reach you",
};

export const help = {
  label: "Help",
  accept: "Show me",
  dismiss: "Not now",
};

export const live = {
  vote: "Vote",
  send: "Send",
  answer: "Your answer",
  left: "{n} s left",
  over: "Closed",
  one: "1 vote",
  many: "{n} votes",
  thanks: "Your vote counts. You may change it until the poll closes.",
  results: "Results come when the poll closes.",
  yours: "yours",
  late: "The poll was closed before your vote came.",
  close: "Close",
  poll: "Poll",
};

export const preferences = {
  title: "How we may reach you",
  lead: "You decide. What you choose holds from now on.",
  quietTitle: "Peace and quiet",
  dnd: "Do not disturb",
  dndHint: "Nothing comes unless you ask for it.",
  quiet: "Quiet hours",
  quietHint: "Nothing leaves the app in these hours, by your own clock.",
  from: "from",
  to: "to",
  most: "At most a day",
  mostHint: "How often we may speak up by ourselves.",
  fewer: "Fewer",
  more: "More",
  kinds: "What you would like to hear",
  channels: "Where",
  recent: "Shown to you lately",
  data: "Your data",
  presence: "Notice what I do on pages",
  presenceHint: "Without it, help cannot come at the right moment.",
  export: "Download my data",
  exported: "Your data have been downloaded.",
  forget: "Forget me …",
  forgetTitle: "Forget you for good?",
  forgetText: "Everything stored about you is deleted, and cannot be brought back.",
  forgetYes: "Forget me for good",
  forgetNo: "Keep everything",
  forgotten: "You have been forgotten.",
  save: "Save",
  saved: "Saved.",
  cancel: "Close",
  failed: "That did not work. Please try again in a moment.",
  unfit: "Please check this entry.",
  kind_morning_ritual: "A start to the day",
  kind_evening_reflection: "Looking back in the evening",
  kind_streak_preservation: "Keeping your run of days",
  kind_gentle_nudge: "A nudge to carry on",
  kind_alternative_approach: "Another way when you are stuck",
  kind_skill_refresh: "What you might forget",
  kind_milestone_celebration: "What you have reached",
  kind_optimal_timing_nudge: "A good moment to begin",
  kind_proactive_checkin: "Asking how you are doing",
  kind_emotional_support: "Words in a hard moment",
  kind_inline_help: "Help where you hesitate",
  kind_foreseen_help: "Help before something hard",
  channel_in_app: "On this page",
  channel_email: "E-mail",
  channel_web_push: "Browser notifications",
  channel_mobile_push: "Your phone",
  channel_telegram: "Telegram",
  channel_reddit: "Reddit",
};

export const why = {
  title: "Why you see this",
  wait: "One moment …",
  failed: "The reasons cannot be had just now.",
  close: "Close",
  change: "Change how we reach you",
  done: "Done.",
};

export const today = {
  title: "Today",
  plan: "Your plan",
  summary: "Your week",
  close: "Close",
};

export const milestones = {
  title: "Your milestones",
  wait: "One moment …",
  failed: "They cannot be had just now.",
  close: "Close",
  level: "Level",
  points: "Points",
  day: "day in a row",
  days: "days in a row",
  toNext: "{n} more points to level {level}",
  ahead: "Next",
  reached: "Reached",
  none: "The first one is not far away.",
  all: "All {n}",
};
