"""French."""

WORDS = {
    "consent": "Vous avez ouvert cette discussion par votre propre lien. Désormais des messages pour vous peuvent "
    "arriver ici ; STOP y met fin.",
    "linked": "Bonjour ! Désormais des messages pour vous peuvent arriver ici. Envoyez STOP quand vous voulez, et plus "
    "rien n'arrive.",
    "already": "Cette discussion est déjà la vôtre. Il n'y a rien de plus à faire.",
    "link_over": "Ce lien a déjà servi ou est trop ancien. Ouvrez-en un nouveau dans l'application.",
    "stranger": "Bonjour ! Je ne sais pas encore qui vous êtes. Ouvrez le lien vers cette discussion dans "
    "l'application "
    "que vous utilisez ; d'ici là, rien de ce que vous écrivez n'est conservé.",
    "stopped": "C'est fait. Plus rien ne vous est envoyé, ni ici ni ailleurs, pas même ce qui était déjà prévu. Si "
    "vous "
    "changez d'avis, ouvrez un nouveau lien dans l'application.",
    "quiet": "Entendu : rien ne vous est envoyé entre {start} et {end} de votre journée.",
    "not_quiet": "Entendu : vous n'avez plus d'heures de silence.",
    "quiet_unfit": "Je n'ai pas pu lire cela. Écrivez-le ainsi : /quiet 22:00-08:00, ou /quiet off.",
    "nothing_yet": "Rien ne vous a encore été envoyé.",
    "why": "Vous avez reçu « {title} » parce que :",
    "way_out": "Ce n'est pas ce que vous voulez ? /quiet 22:00-08:00 pour des heures de silence, /stop pour ne plus "
    "rien "
    "recevoir.",
    "engaged": "Très bien !",
    "snoozed": "D'accord, plus tard.",
    "dismissed": "D'accord, merci de l'avoir dit.",
    "over": "Merci. C'est déjà passé.",
    "most_one": "Vous recevez au plus 1 message par jour.",
    "most": "Vous recevez au plus {most} messages par jour.",
    "quiet_now": "Heures de silence : de {start} à {end} de votre journée.",
    "do_not_disturb": "Ne pas déranger est activé : rien ne vous est envoyé.",
    "switched_off": "Les messages dans cette discussion sont désactivés.",
    "help": "/why – pourquoi vous avez reçu le dernier message\n/quiet 22:00-08:00 – heures de silence, /quiet off "
    "pour y "
    "mettre fin\n/preferences – comment on vous joint\n/stop – plus de messages",
    "unknown": "Je ne peux pas lire cela. /help dit ce que je comprends.",
    "trouble": "Cela n'a pas marché à l'instant. Réessayez dans un moment.",
}
