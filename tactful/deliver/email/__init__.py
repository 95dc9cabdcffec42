"""E-mail: a letter in text and HTML, handed to a mail server of your own.

reaches: people, in their mailbox
promise: at most once; mail servers do not know a copy, so a letter that was cut off is in doubt
way: pushed, over a few connections that are kept
address: a bare mailbox such as ana@example.org; the domain in the letters that names are looked up by
receipt: what the mail server said when it took the letter, its queue id in most cases
limits: taken is not delivered; what comes back later is read by `bounce`
source: RFC 5321 and 3463 (SMTP, codes), RFC 8058 (one-click way out), RFC 3464 and 5965 (what comes back)
"""

from tactful.deliver.email.bounces import Bounce, bounce
from tactful.deliver.email.channel import Email

__all__ = ["Bounce", "Email", "bounce"]
