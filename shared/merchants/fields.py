"""The fields of the merchants' commands, with what each may hold."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from shared.kernel.wire import Command

UNCHANGED: Any = Field(default_factory=lambda: None)
"""The default in a PATCH: a field that is left out stays as it is. `sent` tells which ones were not."""

Name = Annotated[str, Field(min_length=1, max_length=120)]
Brand = Annotated[str, Field(min_length=1, max_length=120)]
ExternalId = Annotated[str, Field(min_length=1, max_length=128)]
PaymentAccount = Annotated[
    str,
    Field(
        max_length=64, pattern=r"^acct_[A-Za-z0-9]+$", description="The seller's own account at the payment processor"
    ),
]
CardTerminal = Annotated[bool, Field(description="The store's own terminal also takes cards at the door")]
Jurisdiction = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z]{2}$", description="ISO 3166-2: US-TX")]
RegionId = Annotated[str, Field(min_length=1, max_length=64)]
StoreAddress = Annotated[str, Field(min_length=1, max_length=300)]
PrepMinutes = Annotated[int, Field(ge=0, le=240)]
RadiusM = Annotated[int, Field(ge=100, le=80_000)]
Description = Annotated[str, Field(max_length=2_000)]
Category = Annotated[str, Field(min_length=1, max_length=60)]
PriceMinor = Annotated[int, Field(ge=0, le=10_000_000)]
Currency = Literal["USD"]
TaxBps = Annotated[int, Field(ge=0, le=5_000, description="Basis points: 825 is 8.25 %")]
WeightG = Annotated[int, Field(ge=1, le=100_000)]
AuthorizationReference = Annotated[str, Field(min_length=1, max_length=120)]
Stock = Annotated[int, Field(ge=0, le=10_000_000)]

LocalTime = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


def _spans_time(opening: tuple[str, str]) -> tuple[str, str]:
    opens, closes = opening
    if opens in (closes, "24:00"):
        raise ValueError("an opening needs a closing other than itself; all day is 00:00 to 24:00")
    return opening


Openings = Annotated[
    list[Annotated[tuple[LocalTime, LocalTime], AfterValidator(_spans_time)]], Field(default_factory=list, max_length=4)
]


class Hours(Command):
    """Local opening times by weekday; a day that is left out is closed. A closing before its opening is the next day's."""

    mon: Openings
    tue: Openings
    wed: Openings
    thu: Openings
    fri: Openings
    sat: Openings
    sun: Openings


def stored(command: Command) -> dict[str, Any]:
    """All fields as the columns that hold them: a position becomes `lat` and `lng`."""
    return _columns(command.model_dump(mode="json"))


def sent(command: Command) -> dict[str, Any]:
    """The fields that the caller did send, as the columns that hold them."""
    return _columns(command.model_dump(mode="json", include=command.model_fields_set))


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    position = fields.pop("position", {})
    return {**fields, **position}
