"""The form by which a file comes in."""

from flask_wtf.file import FileField

from csd_events.core.forms import SessionForm
from csd_events.core.inputs import say
from csd_events.core.words import lazy_gettext as _


class FileForm(SessionForm):
    """The file of an import."""

    file = FileField(_("File"))

    def refuse(self, words: str) -> None:
        say(self.file, words)
