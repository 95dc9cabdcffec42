"""Sentences about what was decided and done, what they answered, and what others said to it."""

from typing import Any

from tactful.console.painting import words
from tactful.console.people.sentences import Body, Clock, Sentence, at, kind, listed, suggested
from tactful.console.times import instant
from tactful.decide.considered import rails_of

RESPONSES = {"engaged": ("took up", "good"), "dismissed": ("dismissed", "plain"), "ignored": ("ignored", "plain"),
             "snoozed": ("put off", "plain")}  # fmt: skip
RESULTS = {
    "acted": "Decided: {}.",
    "deferred": "Decided: {}, to wait until {}.",
    "shadow": "Decided on record only: {}.",
    "lost": "Decided: {}, but another decision was quicker.",
}


def decided(body: Body, local: Clock) -> Sentence:
    """A decision of the ledger."""
    if body["result"] in RESULTS:
        due = f"{local(at(body['due_at'])):%A %H:%M}" if body["due_at"] else "later"
        tone = "calm" if body["result"] != "lost" else "plain"
        return RESULTS[body["result"]].format(kind(body["chosen"]), due), tone, _considered(body)
    if not body["kinds"]:
        return "Decided: nothing. There was no reason to reach out.", "plain", ""
    return "Decided: nothing.", "plain", _considered(body)


def _considered(body: Body) -> str:
    told = []
    for name, bits in zip(body["kinds"], body["verdicts"], strict=True):
        rails = [words(rail.name) for number, rail in enumerate(rails_of(body["kinds"])) if bits >> number & 1]
        if rails:
            told.append(f"{kind(name).capitalize()} was withheld by {listed(rails)}.")
    return " ".join(told)


def shown(body: Body, _: Clock) -> Sentence:
    """They saw something."""
    return f"Saw {kind(body['kind'])}{_through(body)}.", "calm", _quoted(body)


def answered(body: Body, _: Clock) -> Sentence:
    """They answered it."""
    did, tone = RESPONSES[body["response"]]
    return f"They {did} {kind(body['kind'])}.", tone, _quoted(body)


def withdrawn(body: Body, _: Clock) -> Sentence:
    """It was taken back unseen."""
    return f"{kind(body['kind']).capitalize()} was withdrawn unseen.", "plain", body["because"] or ""


def expired(body: Body, _: Clock) -> Sentence:
    """Its time was over."""
    what = kind(body["kind"]).capitalize()
    return (
        (f"{what} was seen and never answered." if body["shown"] else f"{what} expired before they saw it."),
        "plain",
        "",
    )


DELIVERIES = {"sent": ("was sent", "calm"), "refused": ("was refused", "bad"), "sending": ("is being sent", "plain"),
              "unknown": ("may have been sent: the channel never said", "warn")}  # fmt: skip


def delivered(body: Body, _: Clock) -> Sentence:
    """A channel took it, or would not."""
    did, tone = DELIVERIES[body["state"]]
    return f"{kind(body['kind']).capitalize()} {did} by {words(body['channel'])}.", tone, body["error"] or ""


def hinted(body: Body, _: Clock) -> Sentence:
    """They saw help where they were."""
    return f"Saw help on {body['page']}, because of {words(body['reason'])}.", "calm", _quoted(body)


def hint_answered(body: Body, _: Clock) -> Sentence:
    """They answered it."""
    accepted = body["response"] == "accepted"
    return f"They {body['response']} the help.", "good" if accepted else "plain", _quoted(body)


def taken(body: Body, _: Clock) -> Sentence:
    """They took what was suggested."""
    return f"Took what was suggested about {body['skill']}.", "good", suggested(body)


def returned(body: Body, _: Clock) -> Sentence:
    """They came back after somebody reached out."""
    after = f"The engine had reached out on {instant(at(body['after']))}." if body["after"] else ""
    return "Came back.", "good", after


def alerted(body: Body, _: Clock) -> Sentence:
    """An educator was told."""
    held = "It was held, as they had enough for the day." if body["state"] == "held" else ""
    return f"Alert to {body['educator']}: risk is critical ({body['score']:.2f}).", "critical", held


def alert_closed(body: Body, _: Clock) -> Sentence:
    """An alert was answered, or over."""
    return (
        f"The alert to {body['educator']} was closed by {body['by'] or 'the engine'}.",
        "plain",
        body["because"] or "",
    )


def flagged(body: Body, _: Clock) -> Sentence:
    """Somebody who knows them says otherwise."""
    until = f"It counts until {instant(at(body['until']))}."
    return f"{body['by']} said that they are not leaving.", "low", f"{body['note']} {until}".strip()


def preferred(body: Body, _: Clock) -> Sentence:
    """They said how they want to be reached."""
    changes = [f"{words(name)}: {_wish(was)} to {_wish(now)}" for name, (was, now) in body.items()]
    return "Changed how they want to be reached.", "plain", "; ".join(changes)


def consented(body: Body, _: Clock) -> Sentence:
    """They agreed to something, or took it back."""
    did, tone = {True: ("Agreed to", "good"), False: ("Said no to", "high")}.get(body["given"], ("Took back", "plain"))
    source = {"product": "as your product told", "person": "by themselves"}.get(body["source"], words(body["source"]))
    way = source if body["source"] in ("product", "person") else f"by {source}"
    return f"{did} {words(body['purpose'])}, {way}.", tone, f"“{body['wording']}”" if body["wording"] else ""


def acted(body: Body, _: Clock) -> Sentence:
    """Somebody did something to the engine that was about them."""
    more = "; ".join(f"{words(name)}: {value}" for name, value in body["detail"].items() if name != "user_id")
    return f"{body['actor']}: {body['act']}.", "plain", more


def _wish(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return listed([words(str(each)) for each in value]) if value else "none"
    return str(value)


def _quoted(body: Body) -> str:
    return f"“{body['title']}” {body['message']}".strip() if body["title"] else ""


def _through(body: Body) -> str:
    return "" if body["channel"] == "in_app" else f" by {words(body['channel'])}"
