"""What every field of ours has in common."""

import re
from typing import Any, ClassVar

from django import forms

# "Enter the crime report reference, for example 2312345/26" asks for "the crime report reference".
_ASKED = re.compile(r"(?:Enter|Select) ((?:the|their|his|her|your|its|an?) [^,;]+)")


class Answer(forms.Field):
    """What every field has: a question, the words for what is asked, a hint, the sentence when it is missing."""

    called: ClassVar[str] = "your answer"
    asks: ClassVar[str] = "Enter"
    example: ClassVar[str] = ""

    def __init__(
        self,
        question: str = "",
        *,
        what: str = "",
        hint: str = "",
        missing: str = "",
        required: bool = True,
        **kwargs: Any,
    ) -> None:
        """Keep `what`, read out of `missing` where it is not given; word `missing` from it where that is not."""
        asked = _ASKED.match(missing)
        self.what = what or (asked[1] if asked else self.called)
        missing = missing or f"{self.asks} {self.what}{self.example and f', for example {self.example}'}"
        kwargs["error_messages"] = {"required": missing, **kwargs.get("error_messages", {})}
        super().__init__(label=question, help_text=hint, required=required, **kwargs)
