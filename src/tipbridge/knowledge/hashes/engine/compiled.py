"""Which functions run as machine code: numba where it is there and wanted, else plain numpy.

The plain way gives equal results. `TIPBRIDGE_COMPILED=no` asks for it. Compiled code is kept in
`NUMBA_CACHE_DIR` when that is set, else beside the source or in the user's cache folder, whichever
can be written; where none can, it is compiled anew by each process. The folder must be as well
guarded as the program itself, for what lies in it is run.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from numpy.typing import NDArray

SWITCH = "TIPBRIDGE_COMPILED"
Function = TypeVar("Function", bound=Callable[..., Any])

try:
    import numba
    from llvmlite import ir
    from numba.core import types
    from numba.extending import intrinsic
except ImportError:  # a platform without numba: everything runs the plain way
    numba = None


def wanted() -> bool:
    """Whether kernels are to run as machine code in this process."""
    return numba is not None and os.environ.get(SWITCH, "yes") != "no"


def kernel(function: Function) -> Function:
    """Compile on first use, without the interpreter's lock, and keep the code for next time."""
    if numba is None:
        return function
    njit = cast("Any", numba.njit)
    try:
        return cast("Function", njit(function, nogil=True, cache=True))
    except RuntimeError:  # no folder to keep the code in
        return cast("Function", njit(function, nogil=True))


def inner(function: Function) -> Function:
    """Compile as a part of the kernels that call it."""
    if numba is None:
        return function
    return cast("Function", cast("Any", numba.njit)(function, inline="never", nogil=True))


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """A view of an array that nobody writes through; kernels are compiled for such views only."""
    view = array.view()
    view.flags.writeable = False
    return view


if TYPE_CHECKING or numba is None:

    def popcount(value: Any) -> Any:
        """The set bits of an unsigned integer."""
        return int(value).bit_count()

    def prefetch(array: Any, index: Any) -> None:
        """Ask for the memory at array[index] ahead of its use."""

else:

    @intrinsic
    def popcount(_context: Any, value: Any) -> Any:
        """LLVM's ctpop: one instruction, or a vector of them."""

        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.ctpop(arguments[0])

        return value(value), generate

    @intrinsic
    def prefetch(_context: Any, array: Any, index: Any) -> Any:
        """LLVM's prefetch of one element of a one-dimensional array, for reading."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            struct = context.make_array(signature.args[0])(context, builder, arguments[0])
            address = builder.gep(struct.data, [arguments[1]])
            pointer = ir.IntType(8).as_pointer()
            number = ir.IntType(32)
            function = builder.module.declare_intrinsic(
                "llvm.prefetch",
                (pointer,),
                ir.FunctionType(ir.VoidType(), [pointer, number, number, number]),
            )
            flags = [ir.Constant(number, each) for each in (0, 3, 1)]
            builder.call(function, [builder.bitcast(address, pointer), *flags])
            return context.get_dummy_value()

        return types.none(array, index), generate
