"""What is legal in a query and most likely means something else to the person who wrote it: a sentence for each."""

import re

from watchlists.i18n import _
from watchlists.query import QUOTES
from watchlists.terms import Query

# ISO 639-1, and languages that feeds name by three letters because there are no two.
_LISTED = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl
    nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv
    sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    ast ceb ckb fil fur gsw haw hmn kab nds sco tet yue
"""
_CODES = frozenset(_LISTED.split())
_QUOTED = re.compile(f"[{QUOTES}][^{QUOTES}]*[{QUOTES}]")
_NOT = re.compile(r'(?<![^\s(|])NOT\s+(\w+|"…")')
_OR = re.compile(r'(?:(\w+|"…")\s+)?(?<![^\s(|])OR\s+(\w+|"…")')
_ALONE = re.compile(r"(?<!\S)([-+])\s+(\w+)")


def hints(query: Query) -> tuple[str, ...]:
    """Full sentences for words of other query languages, for a sign with a space behind it, for a strange `lang:`."""
    asked = _QUOTED.sub('"…"', query.text)
    said = []
    if found := _NOT.search(asked):
        text = _("NOT is a word like any other here. For what must not be there write a minus: -{word}")
        said.append(text.format(word=found[1]))
    if found := _OR.search(asked):
        text = _(
            "OR is a word like any other here. "
            "Write alternatives in brackets, with a line between them: ({first} | {second})"
        )
        said.append(text.format(first=found[1] or "…", second=found[2]))
    if found := _ALONE.search(asked):
        text = (
            _("A + with a space behind it says nothing. If {word} must be there: +{word}")
            if found[1] == "+"
            else _("A - with a space behind it says nothing. If {word} must not be there: -{word}")
        )
        said.append(text.format(word=found[2]))
    codes = dict.fromkeys(scope.value for scope in query.scopes if scope.field == "lang")
    strange = _("“{code}” is no code that feeds give their language by. They say en, es, uk: lang:en")
    said += [strange.format(code=code) for code in codes if code.split("-")[0] not in _CODES]
    return tuple(said)
