"""What happens in live sessions: listened to every second, decided, acted upon, and looked at afterwards.

`turn` decides about what was noticed, `acts` is how anything is done, `organising` what organisers do themselves.
"""
