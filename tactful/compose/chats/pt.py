"""Portuguese."""

WORDS = {
    "consent": "Abriste esta conversa pela tua própria ligação. A partir de agora podem chegar aqui mensagens para ti; "
    "STOP termina-as.",
    "linked": "Olá! A partir de agora podem chegar aqui mensagens para ti. Envia STOP quando quiseres, e não chega "
    "mais "
    "nada.",
    "already": "Esta conversa já é tua. Não é preciso fazer mais nada.",
    "link_over": "Esta ligação já foi usada ou é demasiado antiga. Abre uma nova na aplicação.",
    "stranger": "Olá! Ainda não sei quem és. Abre a ligação para esta conversa na aplicação que usas; até lá, nada do "
    "que escreves é guardado.",
    "stopped": "Feito. Não te é enviado mais nada, nem aqui nem noutro lado, nem o que já estava planeado. Se "
    "mudares de "
    "ideias, abre uma nova ligação na aplicação.",
    "quiet": "Combinado: nada te é enviado entre as {start} e as {end} do teu dia.",
    "not_quiet": "Combinado: já não tens horas de silêncio.",
    "quiet_unfit": "Não consegui ler isso. Escreve assim: /quiet 22:00-08:00, ou /quiet off.",
    "nothing_yet": "Ainda não te foi enviado nada.",
    "why": "Recebeste “{title}” porque:",
    "way_out": "Não é o que queres? /quiet 22:00-08:00 para horas de silêncio, /stop para terminar todas as mensagens.",
    "engaged": "Boa!",
    "snoozed": "Está bem, fica para mais tarde.",
    "dismissed": "Está bem, obrigado por dizeres.",
    "over": "Obrigado. Esta já passou.",
    "most_one": "Recebes no máximo 1 mensagem por dia.",
    "most": "Recebes no máximo {most} mensagens por dia.",
    "quiet_now": "Horas de silêncio: das {start} às {end} do teu dia.",
    "do_not_disturb": "Não incomodar está ligado: nada te é enviado.",
    "switched_off": "As mensagens nesta conversa estão desligadas.",
    "help": "/why – porque recebeste a última mensagem\n/quiet 22:00-08:00 – horas de silêncio, /quiet off para "
    "terminar\n"
    "/preferences – como és contactado\n/stop – não receber mais mensagens",
    "unknown": "Não consigo ler isso. /help diz o que entendo.",
    "trouble": "Agora não funcionou. Tenta outra vez daqui a pouco.",
}
