"""Proves that the sandbox says that it runs no CloudFormation template."""

from __future__ import annotations

from .client import Provider

STACK = "aws:cloudformation/stack:Stack"


def test_a_stack_with_a_template_is_made_empty_and_says_so(aws: Provider) -> None:
    made = aws.create(STACK, {"name": "old", "templateBody": '{"Outputs": {"Address": {"Value": "1"}}}'})
    assert made.outputs["outputs"] == {}
    assert aws.warnings == [
        "the sandbox does not run CloudFormation templates: nothing in it is made, and `outputs` stays empty"
        " [aws/template-not-run; the sandbox's own limits]"
    ]
