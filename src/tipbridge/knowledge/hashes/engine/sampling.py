"""Every so many frames of a film, decoding as few of the others as gives the same pictures.

Of H.264 a decoder may leave out whole pictures that no other is made from (nal_ref_idc 0,
ITU-T H.264 7.4.1); often that is half of a film. Which number a frame has is known beforehand from
the times of all packets. Where anything about them is unusual, or a frame comes out that was not
expected, the film is decoded whole, from its beginning, so that the numbers are always those that
a whole decoding gives. So it is when the decoder has a word to say: it mends what is damaged from what
lies around, and would mend it otherwise when a picture was left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import av
import av.error
import av.logging
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

CODEC = "h264"
SETTLING_FRAMES = 48
"""So many are decoded whole first: by then a decoder knows how far frames are out of order."""
MOST_PACKETS = 1_000_000
_ALL, _NEEDED = "DEFAULT", "NONREF"


class NotAsPlanned(Exception):
    """What came out of the decoder is not what the packets promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The number of the frame of each packet, by its time, and which packets can be left out.

    Shape: `may_go` has a truth for each packet, in their own order.
    """

    numbers: dict[int, int]
    may_go: tuple[bool, ...]


def opened(source: BinaryIO) -> InputContainer:
    """The container, from its first byte; its video is decoded by one thread."""
    source.seek(0)
    container = av.open(source, "r", metadata_errors="replace")
    for stream in container.streams.video[:1]:
        stream.codec_context.thread_count = 1
    return container


def planned(container: InputContainer, step: int) -> Plan | None:
    """What can be left out when every `step`-th frame is wanted; None: the film is decoded whole.

    Shape: reads all packets, so the container has to be opened again after.
    """
    stream = container.streams.video[0]
    if stream.codec_context.name != CODEC or step == 1:
        return None
    packets: list[tuple[int, bool]] = []
    try:
        for packet in container.demux(stream):
            if packet.size == 0 and packet.pts is None:
                continue  # the end
            unusual = packet.is_corrupt or packet.is_discard or packet.pts is None
            if unusual or len(packets) == MOST_PACKETS:
                return None
            assert packet.pts is not None
            packets.append((packet.pts, packet.is_keyframe))
    except av.error.FFmpegError:
        return None
    return plan_of(packets, step)


def plan_of(packets: list[tuple[int, bool]], step: int) -> Plan | None:
    """The plan for packets of these times, key frames marked; None when two have the same time.

    A packet stays when it is wanted, among the first, a key frame, or shown before the key frame
    that it comes after: such a one may be made from what came before the film was cut.
    """
    numbers = {time: number for number, time in enumerate(sorted(time for time, _ in packets))}
    if len(numbers) != len(packets) or not packets or not packets[0][1]:
        return None
    may_go: list[bool] = []
    key_time = packets[0][0]
    for place, (time, is_key) in enumerate(packets):
        key_time = time if is_key else key_time
        settling = place < SETTLING_FRAMES or numbers[time] < SETTLING_FRAMES
        may_go.append(not settling and time > key_time and numbers[time] % step != 0)
    return Plan(numbers=numbers, may_go=tuple(may_go))


def wanted_frames(
    container: InputContainer, plan: Plan, step: int
) -> Iterator[tuple[int, VideoFrame]]:
    """Every `step`-th frame with its number.

    Errors: NotAsPlanned as soon as the frames are not those that the packets promised.
    """
    stream = container.streams.video[0]
    gone: set[int] = set()
    expected = 0
    packets = iter(container.demux(stream))
    for may_go in (*plan.may_go, False):
        packet = next(packets, None)
        if packet is None:
            raise NotAsPlanned
        if may_go:
            gone.add(_number(plan, packet.pts))
        stream.codec_context.skip_frame = _NEEDED if may_go else _ALL
        for frame in _decoded(packet):
            number = _number(plan, frame.pts)
            _claim_left_out(expected, number, gone)
            if frame.is_corrupt:
                raise NotAsPlanned
            expected = number + 1
            if number % step == 0:
                yield number, frame
    _claim_left_out(expected, len(plan.numbers), gone)


def _decoded(packet: "Packet[VideoStream]") -> list[VideoFrame]:
    """What comes out for one packet. Errors: NotAsPlanned when the decoder says anything of it."""
    level = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)  # "concealing …" is said at this one
    try:
        with av.logging.Capture() as said:
            frames = packet.decode()
    except av.error.FFmpegError as error:
        raise NotAsPlanned from error
    finally:
        av.logging.set_level(level)
    if said:
        raise NotAsPlanned
    return frames


def _number(plan: Plan, time: int | None) -> int:
    number = None if time is None else plan.numbers.get(time)
    if number is None:
        raise NotAsPlanned
    return number


def _claim_left_out(expected: int, number: int, gone: set[int]) -> None:
    """NotAsPlanned unless frames come in order and only those are missing that could go."""
    if number < expected or any(missing not in gone for missing in range(expected, number)):
        raise NotAsPlanned
    gone.difference_update(range(expected, number + 1))
