"""People and the catalogue."""

from tactful.api.address import Address

ROUTES: tuple[Address, ...] = ()
