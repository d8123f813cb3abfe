"""The shapes at the edges: what comes in is strict, what goes out is frozen."""

from pydantic import BaseModel, ConfigDict, Field

from shared.kernel.positions import Position


class Command(BaseModel):
    """A request body: unknown fields are refused, values are never coerced."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True, str_strip_whitespace=True)


class Query(BaseModel):
    """Query parameters: text from the URL, so numbers and booleans are read from it."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class PositionModel(BaseModel):
    """WGS 84 degrees, in a command or in a view."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True, frozen=True)

    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)

    def position(self) -> Position:
        return Position(self.lat, self.lng)
