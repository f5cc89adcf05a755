"""The fixtures that every other test stands on."""

from tests.nodes import add_unit
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import open_work


def test_a_node_opens_on_its_own_database(node, make_node, staff) -> None:
    other = make_node(node_id="kr.police", profiles=("police",))
    below = add_unit(node, "seoul")
    analyst = staff(node, Role.ANALYST)
    assert analyst.units == (1, below)
    assert staff(node, Role.EXAMINER, unit=below).units == (below,)
    with open_work(other, staff(other, Role.INVESTIGATOR)) as work:
        assert work.node.id == "kr.police"
