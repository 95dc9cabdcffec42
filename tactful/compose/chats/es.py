"""Spanish."""

WORDS = {
    "consent": "Abriste este chat con tu propio enlace. A partir de ahora pueden llegar aquí mensajes para ti; STOP "
    "los "
    "termina.",
    "linked": "¡Hola! A partir de ahora pueden llegar aquí mensajes para ti. Envía STOP cuando quieras, y no llegará "
    "nada más.",
    "already": "Este chat ya es tuyo. No hay que hacer nada más.",
    "link_over": "Este enlace ya se usó o es demasiado antiguo. Abre uno nuevo en la aplicación.",
    "stranger": "¡Hola! Todavía no sé quién eres. Abre el enlace a este chat en la aplicación que usas; hasta entonces "
    "no se guarda nada de lo que escribes.",
    "stopped": "Hecho. No se te envía nada más, ni aquí ni en otro sitio, tampoco lo que ya estaba previsto. Si "
    "cambias "
    "de idea, abre un enlace nuevo en la aplicación.",
    "quiet": "De acuerdo: no se te envía nada entre las {start} y las {end} de tu día.",
    "not_quiet": "De acuerdo: ya no tienes horas de silencio.",
    "quiet_unfit": "No pude leer eso. Escríbelo así: /quiet 22:00-08:00, o /quiet off.",
    "nothing_yet": "Todavía no se te ha enviado nada.",
    "why": "Recibiste “{title}” porque:",
    "way_out": "¿No es lo que quieres? /quiet 22:00-08:00 para horas de silencio, /stop para terminar todos los "
    "mensajes.",
    "engaged": "¡Bien!",
    "snoozed": "De acuerdo, más tarde.",
    "dismissed": "De acuerdo, gracias por decirlo.",
    "over": "Gracias. Esto ya pasó.",
    "most_one": "Recibes como máximo 1 mensaje al día.",
    "most": "Recibes como máximo {most} mensajes al día.",
    "quiet_now": "Horas de silencio: de {start} a {end} de tu día.",
    "do_not_disturb": "No molestar está activado: no se te envía nada.",
    "switched_off": "Los mensajes en este chat están desactivados.",
    "help": "/why – por qué recibiste el último mensaje\n/quiet 22:00-08:00 – horas de silencio, /quiet off para "
    "terminarlas\n/preferences – cómo se te contacta\n/stop – no más mensajes",
    "unknown": "No puedo leer eso. /help dice lo que entiendo.",
    "trouble": "Ahora no ha funcionado. Inténtalo de nuevo en un momento.",
}
