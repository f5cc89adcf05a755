"""The standard generalised forms: address prefixes and age bands."""

import ipaddress

from tipbridge.foundation.base.errors import Invalid

_BAND_STARTS = (0, 10, 14, 19, 30, 40, 50, 60, 70)


def ip_prefix(address: str) -> str:
    """The /24 (IPv4) or /48 (IPv6) that holds `address`.

    Errors: Invalid when it is no address.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError as error:
        raise Invalid("Not an IP address.") from error
    length = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{length}", strict=False))


def age_band(years: int) -> dict[str, int | None]:
    """The band that holds `years`, as {from, to}; the last band has no end.

    Unit: completed years, both ends included.
    """
    index = max(i for i, start in enumerate(_BAND_STARTS) if start <= max(years, 0))
    last = index + 1 == len(_BAND_STARTS)
    return {"from": _BAND_STARTS[index], "to": None if last else _BAND_STARTS[index + 1] - 1}
