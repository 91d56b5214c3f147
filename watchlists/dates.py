"""Days by the names that the spoken language has for months and weekdays: `3 Mar`, `3 Mar 2026`, `Tue`."""

from datetime import date

from watchlists.i18n import N_, _

MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def short(day: date) -> str:
    """The day without its year."""
    return f"{day.day} {_(MONTHS[day.month - 1])}"


def full(day: date) -> str:
    """The day with its year."""
    return f"{short(day)} {day.year}"


def weekday(day: date) -> str:
    """The weekday alone."""
    return _(WEEKDAYS[day.weekday()])
