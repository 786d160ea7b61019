"""Arrow's arrays of numbers as numpy's and back, over the same memory: Arrow's own ways load pandas, which is slow."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# Arrow's own pool keeps what it has freed.
pa.set_memory_pool(pa.system_memory_pool())


def numbers_of(array: Any) -> NDArray[Any]:
    """Arrow's whole numbers, of which none is null."""
    kind = np.dtype(str(array.type))
    return np.frombuffer(array.buffers()[1] or b"", kind, len(array), array.offset * kind.itemsize)


def truths_of(array: Any) -> NDArray[np.bool_]:
    """Arrow's truths, of which none is null."""
    return numbers_of(pc.cast(array, pa.uint8())).astype(bool)


def arrow_of(array: NDArray[Any], kind: Any) -> Any:
    """Whole numbers as Arrow's of some kind."""
    return pa.Array.from_buffers(kind, len(array), [None, pa.py_buffer(np.ascontiguousarray(array, str(kind)))])
