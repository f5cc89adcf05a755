"""What could name somebody or open something never shows in a log, a trace or an error."""

import dataclasses
import importlib
import pkgutil

import pytest

import tipbridge

SENSITIVE = frozenset(
    {
        "password",
        "password_hash",
        "token",
        "wrapped_key",
        "birth",
        "birth_on",
        "birth_date",
        "first_name",
        "last_name",
        "screen_name",
        "account",
        "accounts",
        "other_accounts",
        "phones",
        "emails",
        "ips",
        "devices",
        "identifiers",
        "grounds",
        "school",
        "note",
    }
)

OTHERS_MEANT = frozenset(
    {
        "tipbridge.foundation.audit.store.Checkpoint",  # `note`: a signed note, made to be shown
        "tipbridge.foundation.storage.ground.Ground",  # `account`: of the operating system
    }
)


def models() -> list[type]:
    """Every dataclass of the product."""
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(tipbridge.__path__, "tipbridge."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and dataclasses.is_dataclass(value)
                and value.__module__.startswith("tipbridge.")
                and not value.__module__.startswith("tipbridge.demo.")  # draws made-up people
            ):
                found[f"{value.__module__}.{value.__qualname__}"] = value
    return [found[name] for name in sorted(found) if name not in OTHERS_MEANT]


@pytest.mark.parametrize(
    "model", models(), ids=lambda model: f"{model.__module__}.{model.__name__}"
)
def test_a_sensitive_field_is_left_out_of_the_text_of_its_value(model: type) -> None:
    shown = {
        field.name for field in dataclasses.fields(model) if field.repr and field.name in SENSITIVE
    }
    assert shown == set()
