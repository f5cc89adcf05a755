"""The lemma that near look-up stands on, by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.knowledge.hashes.engine import ring


@pytest.mark.parametrize("radius", range(ring.MOST_RADIUS + 1))
def test_budgets_add_up_to_the_radius(radius):
    """The one condition of the lemma: the budgets, one more each, make radius + 1."""
    assert sum(each + 1 for each in ring.own_budgets(radius)) == radius + 1
    assert set(ring.own_budgets(radius)) <= {-1, 0, 1, 2}


@st.composite
def within(draw: st.DrawFn) -> tuple[int, list[int]]:
    """A radius, and how many bits each band differs by, no more than the radius in all."""
    radius = draw(st.integers(0, ring.MOST_RADIUS))
    cuts = sorted(draw(st.lists(st.integers(0, radius), min_size=16, max_size=16)))
    bits = [high - low for low, high in zip([0, *cuts[:-1]], cuts, strict=True)]
    return radius, draw(st.permutations(bits))


@given(within())
def test_some_run_stays_within_its_budgets(case):
    radius, bits = case
    own, run = ring.own_budgets(radius), ring.run_budgets(radius)
    assert any(
        bits[i] <= own[i] and bits[i] + bits[(i + 1) % 16] + bits[(i + 2) % 16] <= run[i]
        for i in range(16)
    )


@pytest.mark.parametrize("radius", [0, 15, 31, 47])
def test_each_change_within_the_budget_is_probed_once(radius):
    plan = ring.plan(radius)
    masks = plan[3].tolist()
    assert len(set(masks)) == len(masks) == 137
    for band in range(16):
        probed = masks[: int(plan[2, band])]
        budget = ring.own_budgets(radius)[band]
        wanted = {mask for mask in range(1 << 16) if mask.bit_count() <= budget}
        assert set(probed) == wanted


@pytest.mark.parametrize("radius", [-1, 48, 256])
def test_a_radius_out_of_range_is_refused(radius):
    with pytest.raises(ValueError, match="0 to 47"):
        ring.own_budgets(radius)
