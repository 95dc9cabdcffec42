// What the widget says, in German; the same keys as in English.
import type * as en from "./en";

export const core: typeof en.core = {
  consentTitle: "Ein wenig Hilfe hier?",
  consentText:
    "Mit Ihrer Erlaubnis merkt sich diese Seite, was Sie wie lange lesen, damit Hilfe im richtigen Augenblick kommt. Sie können das jederzeit ändern.",
  yes: "Ja, gern",
  no: "Nein, danke",
  later: "Später",
  dismiss: "Ausblenden",
  why: "Warum das?",
  fine: "In Ordnung",
  card: "Für Sie",
  reach: "Mit Alt+T kommen Sie dorthin.",
  launch: "Schnellzugriff",
};

export const cards: typeof en.cards = {
  open: "Öffnen",
  do_start: "Anfangen",
  do_resume: "Weitermachen",
  do_review: "Auffrischen",
  do_reflect: "Zurückblicken",
  do_alternative: "Zeigen",
  do_milestones: "Zeigen",
};

export const palette: typeof en.palette = {
  label: "Schnellzugriff",
  ask: "Was möchten Sie tun?",
  none: "Nichts passt. Versuchen Sie ein anderes Wort.",
  wait: "Einen Augenblick …",
  away: "Die Vorschläge sind gerade nicht zu haben.",
  one: "1 Eintrag",
  many: "{n} Einträge",
  choose: "wählen",
  run: "öffnen",
  close: "schließen",
  today: "Ihr Plan für heute",
  milestones: "Ihre Meilensteine",
  preferences: "Wie wir Sie erreichen dürfen",
};

export const help: typeof en.help = {
  label: "Hilfe",
  accept: "Zeigen",
  dismiss: "Jetzt nicht",
};

export const live: typeof en.live = {
  vote: "Abstimmen",
  send: "Senden",
  answer: "Ihre Antwort",
  left: "noch {n} s",
  over: "Beendet",
  one: "1 Stimme",
  many: "{n} Stimmen",
  thanks: "Ihre Stimme zählt. Bis zum Ende können Sie sie ändern.",
  results: "Ergebnisse gibt es am Ende der Umfrage.",
  yours: "Ihre",
  late: "Die Umfrage war schon zu Ende.",
  close: "Schließen",
  poll: "Umfrage",
};

export const preferences: typeof en.preferences = {
  title: "Wie wir Sie erreichen dürfen",
  lead: "Sie entscheiden. Was Sie wählen, gilt ab sofort.",
  quietTitle: "Ruhe",
  dnd: "Nicht stören",
  dndHint: "Es kommt nur, wonach Sie selbst fragen.",
  quiet: "Ruhezeit",
  quietHint: "In dieser Zeit, nach Ihrer Uhr, verlässt nichts die App.",
  from: "von",
  to: "bis",
  most: "Höchstens am Tag",
  mostHint: "Wie oft wir uns von selbst melden dürfen.",
  fewer: "Weniger",
  more: "Mehr",
  kinds: "Wovon Sie hören möchten",
  channels: "Wo",
  recent: "Zuletzt gezeigt",
  data: "Ihre Daten",
  presence: "Bemerken, was ich auf Seiten tue",
  presenceHint: "Sonst kann Hilfe nicht im richtigen Augenblick kommen.",
  export: "Meine Daten herunterladen",
  exported: "Ihre Daten sind heruntergeladen.",
  forget: "Mich vergessen …",
  forgetTitle: "Sie für immer vergessen?",
  forgetText: "Alles, was über Sie gespeichert ist, wird gelöscht und ist nicht zurückzuholen.",
  forgetYes: "Für immer vergessen",
  forgetNo: "Alles behalten",
  forgotten: "Sie sind vergessen.",
  save: "Speichern",
  saved: "Gespeichert.",
  cancel: "Schließen",
  failed: "Das ging nicht. Bitte versuchen Sie es gleich noch einmal.",
  unfit: "Bitte prüfen Sie diese Angabe.",
  kind_morning_ritual: "Ein Anfang für den Tag",
  kind_evening_reflection: "Abends zurückblicken",
  kind_streak_preservation: "Ihre Reihe von Tagen halten",
  kind_gentle_nudge: "Ein Anstoß zum Weitermachen",
  kind_alternative_approach: "Ein anderer Weg, wenn es stockt",
  kind_skill_refresh: "Was Sie vergessen könnten",
  kind_milestone_celebration: "Was Sie erreicht haben",
  kind_optimal_timing_nudge: "Ein guter Augenblick zum Anfangen",
  kind_proactive_checkin: "Fragen, wie es Ihnen geht",
  kind_emotional_support: "Worte in schweren Stunden",
  kind_inline_help: "Hilfe, wo Sie zögern",
  kind_foreseen_help: "Hilfe vor etwas Schwerem",
  connect: "Verbinden",
  openChat: "Öffnen:",
  linked: "Verbunden. Ein neuer Link verlegt es.",
  linkHint: "Nachrichten kommen dorthin, wenn Sie einen Link öffnen.",
  channel_in_app: "Auf dieser Seite",
  channel_email: "E-Mail",
  channel_web_push: "Mitteilungen im Browser",
  channel_mobile_push: "Ihr Telefon",
  channel_telegram: "Telegram",
  channel_reddit: "Reddit",
};

export const why: typeof en.why = {
  title: "Warum Sie das sehen",
  wait: "Einen Augenblick …",
  failed: "Die Gründe sind gerade nicht zu haben.",
  close: "Schließen",
  change: "Ändern, wie wir Sie erreichen",
  done: "Erledigt.",
};

export const today: typeof en.today = {
  title: "Heute",
  plan: "Ihr Plan",
  summary: "Ihre Woche",
  close: "Schließen",
};

export const milestones: typeof en.milestones = {
  title: "Ihre Meilensteine",
  wait: "Einen Augenblick …",
  failed: "Sie sind gerade nicht zu haben.",
  close: "Schließen",
  level: "Stufe",
  points: "Punkte",
  day: "Tag in Folge",
  days: "Tage in Folge",
  toNext: "Noch {n} Punkte bis Stufe {level}",
  ahead: "Als Nächstes",
  reached: "Erreicht",
  none: "Der erste ist nicht weit.",
  all: "Alle {n}",
};
