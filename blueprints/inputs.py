"""`In[T]`: a setting that takes a plain value, validated now, or a Pulumi `Output`, checked when it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, cast

from pulumi import Output
from pydantic import GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from blueprints.errors import Problem, SettingsError

T = TypeVar("T")


@dataclass(frozen=True)
class AllowOutput:
    """Marker that lets an `Output` through a field's validation and validates its value once it is known."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)

        def validate(
            value: Any, inner: core_schema.ValidatorFunctionWrapHandler, info: core_schema.ValidationInfo
        ) -> Any:
            if isinstance(value, Output):
                return _checked_when_known(cast("Output[Any]", value), schema, source, info.field_name or "value")
            return inner(value)

        def serialize(value: Any, inner: core_schema.SerializerFunctionWrapHandler) -> Any:
            return cast("Any", value) if isinstance(value, Output) else inner(value)

        return core_schema.with_info_wrap_validator_function(
            validate,
            schema,
            serialization=core_schema.wrap_serializer_function_ser_schema(serialize, schema=core_schema.any_schema()),
        )


def _checked_when_known(output: Output[Any], schema: CoreSchema, source: Any, field: str) -> Output[Any]:
    def check(value: Any) -> Any:
        # Built on use, not with the class: most programs pass few outputs and a validator takes milliseconds.
        # A settings class is known to its own schema only by reference, so it is looked up by its type instead.
        by_reference = schema["type"] == "definition-ref"
        try:
            if by_reference:
                return TypeAdapter(source).validate_python(value)
            return SchemaValidator(schema).validate_python(value)
        except ValidationError as error:
            raise SettingsError(
                [Problem(field, detail["msg"], "pass an output whose value meets this") for detail in error.errors()],
                subject=f"the value of an output passed as `{field}`",
            ) from None

    return output.apply(check)


if TYPE_CHECKING:
    In = Union[T, Output[T]]  # noqa: UP007  # a generic alias cannot be written with | before Python 3.12
else:
    In = Annotated[T, AllowOutput()]


def is_known(value: object) -> bool:
    """Whether a settings value is plain, so that a rule may look at it now."""
    return not isinstance(value, Output)
