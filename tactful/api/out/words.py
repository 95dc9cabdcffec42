"""What the page says, by language; English where ours has none."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Messages from {organisation}",
        "on": "You get messages from {organisation} outside the product. One tap ends that, at once and everywhere.",
        "off": "You get no messages from {organisation} outside the product any more. Nothing that waited is sent.",
        "stop": "Stop all messages",
        "only": "Stop only this channel ({channel})",
        "allow": "Allow messages again",
        "unknown": "This link is not known any more. Nobody gets messages through it.",
    },
    "de": {
        "title": "Nachrichten von {organisation}",
        "on": "Du bekommst Nachrichten von {organisation} außerhalb des Produkts. Ein Tippen beendet das, überall.",
        "off": "Du bekommst keine Nachrichten von {organisation} außerhalb des Produkts mehr, auch keine wartenden.",
        "stop": "Alle Nachrichten beenden",
        "only": "Nur diesen Kanal beenden ({channel})",
        "allow": "Nachrichten wieder erlauben",
        "unknown": "Dieser Link ist nicht mehr bekannt. Niemand bekommt darüber Nachrichten.",
    },
    "es": {
        "title": "Mensajes de {organisation}",
        "on": "Recibes mensajes de {organisation} fuera del producto. Un toque los detiene en todas partes.",
        "off": "Ya no recibes mensajes de {organisation} fuera del producto. Lo que estaba pendiente no se envía.",
        "stop": "Detener todos los mensajes",
        "only": "Detener solo este canal ({channel})",
        "allow": "Permitir mensajes de nuevo",
        "unknown": "Este enlace ya no se conoce. Nadie recibe mensajes por él.",
    },
    "fr": {
        "title": "Messages de {organisation}",
        "on": "Vous recevez des messages de {organisation} hors du produit. Un geste y met fin partout.",
        "off": "Vous ne recevez plus de messages de {organisation} hors du produit. Ce qui attendait n'est pas envoyé.",
        "stop": "Arrêter tous les messages",
        "only": "Arrêter seulement ce canal ({channel})",
        "allow": "Autoriser de nouveau les messages",
        "unknown": "Ce lien n'est plus connu. Personne ne reçoit de messages par lui.",
    },
    "pt": {
        "title": "Mensagens de {organisation}",
        "on": "Recebe mensagens de {organisation} fora do produto. Um toque acaba com isso, já e em todo o lado.",
        "off": "Já não recebe mensagens de {organisation} fora do produto. O que estava à espera não é enviado.",
        "stop": "Parar todas as mensagens",
        "only": "Parar só este canal ({channel})",
        "allow": "Permitir mensagens outra vez",
        "unknown": "Esta ligação já não é conhecida. Ninguém recebe mensagens por ela.",
    },
}


def language(locale: str) -> str:
    """The language we say it in.

    >>> language("pt-BR"), language("ja")
    ('pt', 'en')
    """
    primary = locale.partition("-")[0].lower()
    return primary if primary in WORDS else "en"
