"""One block of MD5 of many messages, written down as vector instructions.

Loops over lanes are left to the compiler everywhere else; of these it makes vectors that go through
memory at each step, at a fifth of the speed. Here the state stays in registers. Source: RFC 1321.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

WIDTH, GROUPS = 16, 2
LANES = WIDTH * GROUPS
"""Two vectors at each step, so that one goes on while the other waits."""
BLOCK_WORDS = 16
BEGIN = np.array([0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476], dtype=np.uint32)
_TURNS = ((7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21))
_ADDED = tuple(int(abs(math.sin(step + 1)) * 2**32) for step in range(64))
_ORDER = tuple(
    (factor * step + first) % 16
    for factor, first in ((1, 0), (5, 1), (3, 5), (7, 0))
    for step in range(16)
)

try:
    from llvmlite import ir
    from numba.core import types
    from numba.extending import intrinsic
except ImportError:  # without numba nothing is digested side by side
    ir = None


if TYPE_CHECKING or ir is None:

    def take_block(words: Any, at: Any, state: Any) -> None:
        """Take one block of each message into its state.

        Shape: `at` says where each lane's block begins in `words`; `state` is a row for each of MD5's
        four words, a column for each lane. The arrays lie in one piece.
        """

else:
    _WORD, _PLACE = ir.IntType(32), ir.IntType(64)
    _VECTOR = ir.VectorType(_WORD, WIDTH)

    def _all(value: int) -> Any:
        return ir.Constant(_VECTOR, [value] * WIDTH)

    def _shuffle(first: int) -> Any:
        """Elements of two vectors in turn, from here on."""
        pairs = [
            each for place in range(first, first + WIDTH // 2) for each in (place, WIDTH + place)
        ]
        return ir.Constant(_VECTOR, pairs)

    def _transposed(builder: Any, rows: list[Any]) -> list[Any]:
        """A vector for each word, from a vector for each message."""
        half = WIDTH // 2
        low, high = _shuffle(0), _shuffle(half)
        for _ in range(WIDTH.bit_length() - 1):
            rows = [
                builder.shuffle_vector(
                    rows[each // 2], rows[each // 2 + half], high if each & 1 else low
                )
                for each in range(WIDTH)
            ]
        return rows

    def _mixed(builder: Any, step: int, b: Any, c: Any, d: Any) -> Any:
        match step // 16:
            case 0:
                return builder.xor(d, builder.and_(b, builder.xor(c, d)))
            case 1:
                return builder.xor(c, builder.and_(d, builder.xor(b, c)))
            case 2:
                return builder.xor(builder.xor(b, c), d)
            case _:
                return builder.xor(c, builder.or_(b, builder.not_(d)))

    def _step(builder: Any, step: int, state: tuple[Any, ...], message: list[Any]) -> Any:
        a, b, c, d = state
        added = builder.add(message[_ORDER[step]], _all(_ADDED[step]))
        summed = builder.add(builder.add(a, added), _mixed(builder, step, b, c, d))
        bits = _all(_TURNS[step // 16][step & 3])
        turned = builder.call(_turn(builder.module), [summed, summed, bits])
        return d, builder.add(b, turned), b, c

    def _turn(module: Any) -> Any:
        name = f"llvm.fshl.v{WIDTH}i32"
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        return module.globals.get(name) or ir.Function(module, kind, name)

    def _message(builder: Any, words: Any, at: Any, group: int) -> list[Any]:
        rows = list[Any]()
        for lane in range(group * WIDTH, (group + 1) * WIDTH):
            begin = builder.load(builder.gep(at, [ir.Constant(_PLACE, lane)]))
            place = builder.bitcast(builder.gep(words, [begin]), _VECTOR.as_pointer())
            rows.append(builder.load(place, align=4))
        return _transposed(builder, rows)

    def _generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, at, state = (
            context.make_array(kind)(context, builder, value).data
            for kind, value in zip(signature.args, arguments, strict=True)
        )
        vectors = builder.bitcast(state, _VECTOR.as_pointer())
        places = [
            [builder.gep(vectors, [ir.Constant(_PLACE, row * GROUPS + group)]) for row in range(4)]
            for group in range(GROUPS)
        ]
        before = [[builder.load(each, align=4) for each in group] for group in places]
        messages = [_message(builder, words, at, group) for group in range(GROUPS)]
        after = [tuple(group) for group in before]
        for step in range(64):
            after = [_step(builder, step, after[group], messages[group]) for group in range(GROUPS)]
        for group, rows in enumerate(places):
            for row, place in enumerate(rows):
                builder.store(builder.add(before[group][row], after[group][row]), place, align=4)
        return context.get_dummy_value()

    @intrinsic
    def take_block(_context: Any, words: Any, at: Any, state: Any) -> Any:
        """Take one block of each message into its state."""
        return types.none(words, at, state), _generate
