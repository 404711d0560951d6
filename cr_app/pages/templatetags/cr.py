"""The three tags that our crispy pack needs: a field as a question, the problems of a form, its only question."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context

from cr_app.pages import questions

register = template.Library()


@register.simple_tag(takes_context=True)
def question(context: Context, field: BoundField) -> questions.Question:
    """Return the field as a question; it is the page's heading where the page said so (`heading_field`)."""
    return questions.question_of(field, is_heading=bool(field.name) and context.get("heading_field") == field.name)


@register.simple_tag
def problems(form: forms.BaseForm | None) -> tuple[questions.Problem, ...]:
    """Return the lines of the error summary; none for a page without a form."""
    return questions.problems_of(form) if form else ()


@register.simple_tag
def only_question(form: forms.BaseForm | None) -> str:
    """Return the name of the form's only question, or ""."""
    return questions.heading_field(form) if form else ""
