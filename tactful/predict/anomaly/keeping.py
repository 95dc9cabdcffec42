"""State as bytes and back, exactly: sessions move between processes, and outlive them.

The bytes are MessagePack: a mark of the format, a print of the bank, the number of rows, and every array, little
endian. Nothing in them is ever run.
"""

import msgspec
import numpy as np

from tactful.kernel.errors import BadInput
from tactful.predict.anomaly.shapes import Bank
from tactful.predict.anomaly.state import NAMES, State

FORMAT = "tactful.anomaly.1"


class Kept(msgspec.Struct, frozen=True):
    """What the bytes hold. arrays: by name, with the type and the shape of a row."""

    format: str
    bank: str
    rows: int
    arrays: dict[str, tuple[str, list[int], bytes]]


def to_bytes(state: State, shapes: Bank) -> bytes:
    """The same state gives the same bytes."""
    arrays = {}
    for name in NAMES:
        array: np.ndarray = getattr(state, name)
        kind = array.dtype.newbyteorder("<")
        arrays[name] = (kind.str, list(array.shape[1:]), array.astype(kind, copy=False).tobytes())
    return msgspec.msgpack.encode(Kept(FORMAT, shapes.mark, state.size, arrays))


def from_bytes(kept: bytes, shapes: Bank, like: State) -> State:
    """The state that was kept. like: any state, for the types and shapes that arrays must have.

    raises: BadInput for bytes that are no state, or one of another version or other shapes.
    """
    try:
        found = msgspec.msgpack.decode(kept, type=Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadInput(f"This is no kept state of live sessions: {error}.") from None
    if (found.format, found.bank) != (FORMAT, shapes.mark):
        raise BadInput("This state was kept by another version, or with other shapes; begin these sessions anew.")
    return State(*(_array(found, name, getattr(like, name)) for name in NAMES))


def _array(found: Kept, name: str, like: np.ndarray) -> np.ndarray:
    kind, shape, data = found.arrays.get(name, ("", [], b""))
    wanted = (like.dtype.newbyteorder("<").str, list(like.shape[1:]))
    size = found.rows * int(np.prod(shape, dtype=np.int64)) * like.dtype.itemsize
    if (kind, shape) != wanted or len(data) != size or found.rows < 0:
        raise BadInput(f"This is no kept state of live sessions: {name} does not fit.")
    return np.frombuffer(data, np.dtype(kind)).reshape(found.rows, *shape).astype(like.dtype)
