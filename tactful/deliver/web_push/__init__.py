"""Web push: a notification of the browser, shown also while no page of the product is open.

reaches: people who allowed it, in each browser in which they did
promise: idempotent; the delivery's mark is its topic and its tag, so a copy takes the place of the first
way: pushed, by the push service that the browser chose
address: the subscription as the browser tells it, as JSON; its endpoint https, inside only if `web_push.private`
receipt: the address that the push service gave the message, or the status it answered with
limits: taken is not shown; about 3,900 bytes, longer words are cut; browsers show two buttons, some none
source: RFC 8030 (push), 8291 and 8188 (encryption), 8292 (VAPID); Declarative Web Push
"""

from tactful.deliver.web_push.channel import WebPush, key_for_browsers

__all__ = ["WebPush", "key_for_browsers"]
