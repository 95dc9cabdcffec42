"""Sending what leaves the product.

`wave` takes what is due, asks again and words it; `result` sends and notes; `through` does both until nothing is due.
"""

from tactful.uses.sending.through import Ways, send_due

__all__ = ["Ways", "send_due"]
