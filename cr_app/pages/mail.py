"""Messages in the demo: one line each on the console, so that they do not drown the sign-ins printed there."""

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend


class OneLineOnConsole(EmailBackend):
    """Prints to whom, what about and the link, instead of the whole message."""

    def write_message(self, message: EmailMessage) -> None:
        """Write one line."""
        links = [word for word in str(message.body).split() if word.startswith(("http://", "https://"))]
        self.stream.write(" ".join(["Mail to", ", ".join(message.to), f"({message.subject})", *links]) + "\n")
