"""The query language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.errors import QueryError
from watchlists.query import MAX_CHARACTERS, MAX_TERMS, parse
from watchlists.terms import Query

PIECES = [
    "gaza", "Mar-a-Lago", "20-point", "U.S.", "AT&T", "C++", "don't", "Trump's", "Київ", "#MeToo", "12:30", "🔥", "–",
    '"peace plan"', "“peace prize”", "« plan de paix »", "+putin", '-"peace prize"', "-golf", "–golf", "us",
    "(a | b c)", "( 'x' | \"y z\" )", "+(a | b)", "-(a b | c)", "(plain)", "title:ceasefire", 'title:"a b"',
    "title:(a | b)", "-title:x", "+title:y", "source:reuters", "-source:rt.com", "lang:es", "-lang:ru", "Live:",
]  # fmt: skip


def written(text: str) -> list[str]:
    return [str(clause) for clause in parse(text).clauses]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("donbas withdrawal", ["donbas", "withdrawal"]),
        ("20-point peace plan", ["20-point", "peace", "plan"]),
        ("U.S. tariffs on AT&T", ["U.S.", "tariffs", "on", "AT&T"]),
        ("C++ #MeToo don't", ["C++", "MeToo", "don't"]),
        ("Trump/Putin call", ["Trump", "Putin", "call"]),
        ("Trump - Putin – call", ["Trump", "Putin", "call"]),
        ("Live: Trump speaks", ["Live", "Trump", "speaks"]),
        ("kick-off at 12:30", ["kick-off", "at", "12:30"]),
        ("Bank of Japan (BOJ)", ["Bank", "of", "Japan", "BOJ"]),
        ("Донбасс вывод", ["Донбасс", "вывод"]),
        ("🔥 gaza !", ["gaza"]),
        ('"peace plan" gaza', ['"peace plan"', "gaza"]),
        ("“peace plan” „frieden“ «plan»", ['"peace plan"', '"frieden"', '"plan"']),
        ("+putin -golf", ["+putin", "-golf"]),
        ("putin –golf −tennis", ["putin", "-golf", "-tennis"]),
        ('x -"peace prize"', ["x", '-"peace prize"']),
        ("x (a b|c)", ["x", "(a b | c)"]),
        ("x -(a b | c) +(d | e)", ["x", "-(a b | c)", "+(d | e)"]),
        ("x -(a b)", ["x", "-(a b)"]),
        ("+(a b)", ["+a", "+b"]),
        ("TITLE:ceasefire title:(a | b)", ["title:ceasefire", "title:(a | b)"]),
        ("foo\"bar\"(baz)", ["foo", '"bar"', "baz"]),
        ("(🔥 gaza | rafah)", ["(gaza | rafah)"]),
        ("gaza (🔥)", ["gaza"]),
        ("gaza -", ["gaza"]),
    ],
)  # fmt: skip
def test_what_people_type_is_read(text: str, clauses: list[str]) -> None:
    """Words, phrases, signs, groups and fields are read; natural text needs no escaping."""
    assert written(text) == clauses


def test_scopes_and_strictness_are_kept_apart() -> None:
    """Scopes and strictness are no words to find; quotes of the value are not needed."""
    query = parse("STRICT: gaza source:Reuters -source:rt.com lang:es")
    assert query.strictness == "strict"
    assert [str(scope) for scope in query.scopes] == ["source:reuters", "-source:rt.com", "lang:es"]
    assert parse("gaza lang:ES, lang:en.").scopes == parse("gaza lang:es lang:en").scopes
    assert written("loose:gaza") == ["gaza"]
    assert parse("loose:gaza").strictness == "loose"
    assert parse("  gaza ").text == "gaza"


@pytest.mark.parametrize(
    "copied",
    ["www.Reuters.com", "https://reuters.com", "http://www.reuters.com/", "m.www.reuters.com:80", "reuters.com/,"],
)
def test_a_source_is_read_from_an_address(copied: str) -> None:
    """What stands in an address bar names the same site."""
    assert parse(f"gaza source:{copied}") == parse("gaza source:reuters.com")


def test_inside_quotes_strictness_is_text() -> None:
    """Only in front of everything does it say how strictly to match."""
    query = parse('strict: "the loose: end"')
    assert (query.strictness, [str(clause) for clause in query.clauses]) == ("strict", ['"the loose: end"'])


def test_ideas_and_exclusions() -> None:
    """What is wanted and what must not be there are told apart."""
    query = parse("a +b -c")
    assert [str(clause) for clause in query.ideas] == ["a", "+b"]
    assert [str(clause) for clause in query.exclusions] == ["-c"]


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "no word"),
        (" … 🔥 ", 0, "no word"),
        ("-golf", 0, "must not be there"),
        ("source:bbc", 0, "at least one word"),
        ("x" * (MAX_CHARACTERS + 1), MAX_CHARACTERS, "257 characters"),
        (" ".join("abcdefghijklmnopq"), 2 * MAX_TERMS, "16 words"),
        ('gaza "peace plan', 5, "“peace plan” is never closed"),
        ('gaza " ', 5, "never closed"),
        ("gaza “a very long sentence without end", 5, "…”"),
        ('gaza ""', 5, "no word between"),
        ("gaza (a | b", 5, "never closed"),
        ("gaza (-", 5, "never closed"),
        ("gaza (a | )", 5, "empty"),
        ("gaza a)", 6, "no opening"),
        ("a | b", 2, "round brackets"),
        ("(a (b | c))", 3, "inside brackets"),
        ("(a -b | c)", 3, "Write - in front"),
        ("(a title:b)", 3, "Write title: in front"),
        ("colour:red gaza", 0, "no field colour:"),
        ("gaza -colour:red", 6, "no field colour:"),
        ("gaza title:", 5, "Nothing follows title:"),
        ("gaza source: reuters", 5, "Nothing follows source:"),
        ("(title:)", 1, "Write title: in front"),
        ("gaza (title: truce)", 6, "Write title: in front"),
        ("gaza source:...", 12, "Nothing follows source:"),
        ('gaza source:"reuters"', 12, "without quotes"),
        ("gaza +source:reuters", 5, "Remove the +"),
        ("gaza strict:x", 5, "in front of everything"),
        ("gaza -🔥", 5, "no word in -🔥"),
        ("gaza title:(🔥)", 5, "no word in title:(🔥)"),
        ("gaza title:title:truce", 11, "remove title: or this title:"),
        ("gaza source:lang:es", 12, "remove source: or this lang:"),
        ("-title:strict:gaza truce", 7, "remove title: or this strict:"),
        ("loose:strict: gaza", 6, "strict: or loose: once"),
        (" Strict: strict:gaza", 9, "strict: or loose: once"),
        ("gaza source:https://www.bbc.co.uk/sport", 12, "without “/sport” behind it: source:bbc.co.uk"),
        ("gaza source:https://", 12, "Nothing follows source:"),
        ("gaza source:/sport", 12, "Nothing follows source:"),
    ],
)
def test_an_error_names_the_place_and_the_mend(text: str, position: int, says: str) -> None:
    """What cannot be read is an error with its place, a full sentence, and never a guess."""
    with pytest.raises(QueryError, match=r"^[A-Z]") as raised:
        parse(text)
    assert raised.value.position == position
    assert says in str(raised.value)


@given(st.lists(st.sampled_from(PIECES), max_size=7), st.sampled_from(["", "strict:", "loose: "]))
def test_the_text_of_a_query_reads_back(pieces: list[str], front: str) -> None:
    """Any query equals the query read from its own text, and so does its key."""
    query = read(front + " ".join(pieces))
    if query is not None:
        again = parse(str(query))
        assert again == query
        assert again.key == query.key
        assert str(again) == str(query)


@given(st.text(alphabet=st.sampled_from("abcé -–+|()\"“”«»:.'’&#/12🔥\n") | st.characters(), max_size=60))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    """No text makes the parser fail otherwise, the place lies within the text, and what is read reads back."""
    query = read(text)
    if query is not None:
        assert parse(str(query)) == query


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gaza  ceasefire", "CEASEFIRE gaza"),
        ("Orbán veto", "orban veto"),
        ("gaza ＋truce –golf", "gaza +truce -golf"),
        ("us tariffs", "U.S. tariffs"),
        ("gaza gaza truce", "truce gaza"),
        ("x (a b | c)", "x (C | B A)"),
        ("x (a)", "a x"),
        ("x -golf source:bbc", "-Golf x source:BBC"),
        ("“peace plan”", '"Peace-Plan"'),
        ("x -(a | a)", "x -a"),
        ("(a - b | c)", "(a b | c)"),
    ],
)
def test_queries_that_mean_the_same_have_one_key(one: str, other: str) -> None:
    """Case, accents, spaces, quotes and order of words do not make another query."""
    assert parse(one).key == parse(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("peace plan", '"peace plan"'),
        ("gaza", "+gaza"),
        ("gaza", "strict:gaza"),
        ("strict:gaza", "loose:gaza"),
        ("gaza truce", "gaza -truce"),
        ("title:gaza", "gaza"),
        ("gaza source:bbc", "gaza -source:bbc"),
        ("a (b | c)", "a b c"),
        ('"plan peace"', '"peace plan"'),
    ],
)
def test_queries_that_differ_have_other_keys(one: str, other: str) -> None:
    """Signs, quotes, fields, groups and strictness make another query."""
    assert parse(one).key != parse(other).key


def read(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError as error:
        place = error.position
    assert 0 <= place <= max(len(text), MAX_CHARACTERS)
    return None


@pytest.mark.parametrize(
    ("text", "sources"),
    [("fire", 1), ("fire sources:2", 2), ("sources:3 fire", 3), ("fire SOURCES:20", 20), ("fire sources:1", 1)],
)
def test_a_watch_may_ask_for_several_sources(text, sources):
    """Anywhere in the query; part of its meaning, and of its canonical text."""
    read = parse(text)
    assert read.sources == sources
    assert parse(str(read)) == read
    assert (read.key == parse("fire").key) is (sources == 1)


@pytest.mark.parametrize("text", ["fire sources:0", "fire sources:21", "fire -sources:2", "fire sources:two"])
def test_an_impossible_number_of_sources_is_an_error(text):
    """It names what may stand there."""
    with pytest.raises(QueryError, match="from 1 to 20"):
        parse(text)
