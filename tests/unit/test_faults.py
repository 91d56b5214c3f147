"""What keeps a feed from being read: kept in English, told in the language of the chat."""

import pytest

from watchlists import faults
from watchlists.i18n import speaking


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("The server cannot be reached.", "No se puede conectar con el servidor."),
        (faults.STATUS.format(status=503), "El servidor respondió con el estado 503."),
        (
            faults.UNREADABLE.format(reason="its compressed data is cut short"),
            "No se puede leer la respuesta: sus datos comprimidos están cortados.",
        ),
        (
            "This feed takes too long to read. That was the third time in a row, so it is polled no more.",
            "Se tarda demasiado en leer este feed. Era la tercera vez seguida, así que ya no se consulta.",
        ),
        (
            f"{faults.PRIVATE.format(host='10.0.0.5')} {faults.WAY_OUT.format(place='10.0.0.5:80')}",
            "10.0.0.5 no está en la internet pública. "
            "Quien lleva el bot y se fía puede añadir 10.0.0.5:80 a WIREWATCH_ALLOW_PRIVATE_FEEDS.",
        ),
        ("Nothing that we say. Really.", "Nothing that we say. Really."),
        ("", ""),
    ],
)
def test_a_fault_is_told_in_the_language_that_is_spoken(fault, said):
    """Sentence by sentence, with its data; in English as it is."""
    assert faults.said(fault) == fault
    with speaking("es"):
        assert faults.said(fault) == said
