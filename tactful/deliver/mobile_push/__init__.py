"""Mobile push: a notification of your own app, by Google (FCM) or by Apple (APNs).

reaches: people who have your app and allowed it
promise: idempotent; the delivery's mark is its collapse key, so a copy takes the place of the first
way: pushed, over kept HTTP/2 connections
address: `fcm:` and the registration token, or `apns:` and the device token in hexadecimal
receipt: the name that FCM gave the message, or the `apns-id`
limits: taken is not shown; 4 kB, longer words are cut; buttons are your app's to draw, with the mark that comes along
source: FCM HTTP v1; Apple, "Sending notification requests to APNs"; RFC 7523 (tokens of service accounts)
"""

from tactful.deliver.mobile_push.channel import MobilePush

__all__ = ["MobilePush"]
