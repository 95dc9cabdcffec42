"""What is answered to events."""


def counted(accepted: int, duplicate: int, erased: int = 0) -> dict[str, int]:
    """So many were new, so many were there already, so many were of people who were erased."""
    return {"accepted": accepted, "duplicate": duplicate, "erased": erased}
