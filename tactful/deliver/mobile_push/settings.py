"""Settings of mobile push."""

from tactful.kernel.settings import Agreement, Setting


def _address(url: str) -> str | None:
    fits = url.startswith("https://") and len(url) > len("https://") and not url.endswith("/")
    inside = url.startswith("http://127.0.0.1:")
    return None if fits or inside else "is not an address like https://fcm.googleapis.com"


def _complete(key: str, *others: str) -> str | None:
    return (
        "do not fit: either all of them are set or none" if len({bool(each) for each in (key, *others)}) > 1 else None
    )


FCM_ACCOUNT = Setting(
    "mobile_push.fcm_account",
    "",
    "The file of a service account that may send by FCM, as Google gives it. Empty: no FCM.",
)
FCM_URL = Setting("mobile_push.fcm_url", "https://fcm.googleapis.com", "Where FCM is.", check=_address)
APNS_KEY = Setting("mobile_push.apns_key", "", "The file (.p8) of a key for APNs, as Apple gives it. Empty: no APNs.")
APNS_KEY_ID = Setting("mobile_push.apns_key_id", "", "That key's id, 10 letters.")
APNS_TEAM = Setting("mobile_push.apns_team", "", "Your team's id with Apple, 10 letters.")
APNS_TOPIC = Setting("mobile_push.apns_topic", "", "Your app's bundle id.")
APNS_URL = Setting(
    "mobile_push.apns_url",
    "https://api.push.apple.com",
    "Where APNs is; https://api.sandbox.push.apple.com for apps that are being developed.",
    check=_address,
)
CA_FILE = Setting(
    "mobile_push.ca_file", "", "Certificates to trust, in a PEM file. Empty: those that this machine trusts anyway."
)
TIMEOUT = Setting("mobile_push.timeout", 10.0, "How long one answer may take.", unit="seconds", low=0.1, high=60)
PACE = Setting(
    "mobile_push.pace",
    200.0,
    "Notifications at most, of all workers together.",
    unit="per second",
    low=0.01,
    high=10_000,
)

AGREEMENTS = (Agreement((APNS_KEY, APNS_KEY_ID, APNS_TEAM, APNS_TOPIC), _complete),)
SETTINGS = (
    FCM_ACCOUNT, FCM_URL, APNS_KEY, APNS_KEY_ID, APNS_TEAM, APNS_TOPIC, APNS_URL, CA_FILE, TIMEOUT, PACE,
)  # fmt: skip
