"""The words that mails about accounts have from us, in Markdown with places."""

from csd_events.core.words import lazy_gettext as _
from csd_events.core.words import lazy_paragraphs
from csd_events.outbox.message import Wording

ACCOUNTS = _("Accounts and signing in")


def _wording(
    purpose: object,
    subject: object,
    heading: object,
    *body: object,
    link: str,
    also: str = "email",
) -> Wording:
    """Write down a kind.

    Args:
        link: What its button opens; the mail must hold one of the two.
        also: A name that this kind knows besides.
    """
    return Wording(
        group=ACCOUNTS,
        purpose=purpose,
        subject=subject,
        body=lazy_paragraphs(heading, "{greeting}", *body),
        values=frozenset({"association", "email", "greeting", "name", link, also}),
        blocks=frozenset({"button"}),
        needed=(("button", link),),
        per_event=False,
    )


WORDINGS = {
    "accounts.sign_up": _wording(
        _("To who signs up with an address that has no account."),
        _("Finish your account"),
        _("# Finish your account"),
        _(
            "One step is left: choose a password, or do without one, and your "
            "account is ready."
        ),
        "{button}",
        _("The link works once and holds for three days."),
        link="link",
    ),
    "accounts.known": _wording(
        _("To who signs up with an address that has an account."),
        _("You have an account already"),
        _("# You have an account already"),
        _("You asked for an account, and you have one. This link signs you in."),
        "{button}",
        _(
            "The link works once and holds for an hour. Your password works as "
            "well, if you have one."
        ),
        link="link",
    ),
    "accounts.sign_in": _wording(
        _("To who asks for a link to sign in."),
        _("Your link to sign in"),
        _("# Your link to sign in"),
        _("Here is the link you asked for. It opens a page whose button signs you in."),
        "{button}",
        _("It works once and holds for an hour."),
        link="link",
    ),
    "accounts.unknown": _wording(
        _("To who asks for a link to sign in with an address that has no account."),
        _("There is no account for this address"),
        _("# There is no account for this address"),
        _(
            "You asked to sign in, and no account goes by this address. You may "
            "have used another one, or you may make an account now."
        ),
        "{button}",
        _("To register for an event you need no account."),
        link="sign_up_link",
    ),
    "accounts.reset": _wording(
        _("To who has forgotten the password."),
        _("Choose a new password"),
        _("# Choose a new password"),
        _(
            "Open the page and choose a new password. You are signed in by that, "
            "and signed out everywhere else."
        ),
        "{button}",
        _(
            "The link works once and holds for an hour. Until you choose, your "
            "present password stays."
        ),
        link="link",
    ),
    "accounts.password_changed": _wording(
        _("To who has set a new password."),
        _("Your password was changed"),
        _("# Your password was changed"),
        _(
            "A new password was set for your account on {when}. Everywhere else you"
            " are signed out."
        ),
        _("If it was you, nothing is left to do."),
        _(
            "If it was not you, choose another password now: a link to do it comes "
            "to this address, and whoever is signed in is signed out."
        ),
        "{button}",
        link="reset_link",
        also="when",
    ),
    "accounts.new_address": _wording(
        _("To the new address of an account: is it theirs?"),
        _("Confirm your new address"),
        _("# Confirm your new address"),
        _(
            "Sign in to your account, open this page and press its button: this is "
            "the address of your account from then on. Your registrations come "
            "along."
        ),
        "{button}",
        _("The link works once and holds for three days. Until then nothing changes."),
        link="link",
    ),
    "accounts.address_asked": _wording(
        _("To the present address, when another is asked for."),
        _("Somebody asked to change your address"),
        _("# Somebody asked to change your address"),
        _(
            "Somebody who is signed in to your account asked to change its address."
            " Nothing has changed yet: the new address must be confirmed first, and"
            " we write to you again when it is."
        ),
        _(
            "If it was not you, choose a new password now: that signs everybody out"
            " and calls the change off."
        ),
        "{button}",
        link="reset_link",
    ),
    "accounts.address_changed": _wording(
        _("To the address that an account had, when it has another."),
        _("Your address was changed"),
        _("# Your address was changed"),
        _(
            "Your account and your registrations go by another address now. We "
            "write to that one from here on."
        ),
        _(
            "If it was not you, put it back: open the page and press its button. "
            "Everybody is signed out, and the present password no longer works."
        ),
        "{button}",
        _(
            "The link works once and holds for three days. If it was you, nothing "
            "is left to do."
        ),
        link="link",
    ),
    "accounts.closed": _wording(
        _("To who has closed their account."),
        _("Your account is closed"),
        _("# Your account is closed"),
        _("Your account is closed, as you asked. You cannot sign in any more."),
        _(
            "Your registrations stay. The links in their mails open them, and let "
            "you cancel."
        ),
        "{button}",
        _("You can make a new account with this address whenever you like."),
        link="events_link",
    ),
}
