"""Where a long list is cut: into pages of a bounded size that change only where a row changes."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from starcert.pages.cuts import LEAST, MOST, MOST_BYTES, REACH, WHOLE, cuts, lot
from starcert.pages.outline import outline

LOTS = st.lists(st.integers(0, 10_000), min_size=WHOLE + 2, max_size=900)
DRAWN = st.integers(0, 2**32).map(lambda seed: [lot(f"{seed}-{n}") for n in range(700)])
SIZE = 700
LOT = -9043832422051821103


def pages(lots: list[int], size: int = SIZE) -> list[int]:
    """How many rows each page has."""
    return [stop - start for start, stop in pairwise((0, *cuts(lots, [size] * len(lots)), len(lots)))]


def is_natural(place: int, lots: list[int]) -> bool:
    """Whether the row has the greatest lot of all in reach, of equal ones the first."""
    before, after = lots[place - REACH : place], lots[place + 1 : place + 1 + REACH]
    return LEAST <= place <= len(lots) - LEAST and max(before) < lots[place] >= max(after)


def test_a_lot_depends_on_the_slug_alone() -> None:
    """On every machine and in every release: published addresses depend on it."""
    assert lot("99925SC00001R0M") == LOT
    assert -(2**63) <= lot("") < 2**63


@pytest.mark.parametrize(("count", "cut"), [(149, False), (150, False), (151, True)])
def test_a_list_is_cut_from_151_rows_on(count: int, cut: bool) -> None:
    """Where there is a place for it."""
    lots = [0] * count
    lots[75] = 1
    assert cuts(lots, [SIZE] * count) == [75] * cut


@pytest.mark.parametrize(("place", "cut"), [(32, False), (33, True), (167, True), (168, False)])
def test_a_page_has_at_least_33_rows(place: int, cut: bool) -> None:
    """The first and the last as well."""
    lots = [0] * 200
    lots[place] = 1
    assert cuts(lots, [SIZE] * 200) == [place] * cut


@pytest.mark.parametrize(("distance", "expected"), [(32, [70]), (33, [70, 103])])
def test_the_greatest_within_32_begins_a_page(distance: int, expected: list[int]) -> None:
    """A lesser one does so from the 33rd on."""
    lots = [0] * 190
    lots[70], lots[70 + distance] = 2, 1
    assert cuts(lots, [SIZE] * 190) == expected


def test_of_equal_lots_the_first_begins_a_page() -> None:
    """Lots of 64 bits hardly ever are."""
    lots = [0] * 190
    lots[70] = lots[80] = 1
    assert cuts(lots, [SIZE] * 190) == [70]


@pytest.mark.parametrize(("count", "pages_"), [(199, 1), (200, 1), (201, 2)])
def test_a_page_of_more_than_200_is_cut_by_force(count: int, pages_: int) -> None:
    """Lots that rise all the way have no place of their own."""
    assert len(pages(list(range(count)))) == pages_


@pytest.mark.parametrize(("size", "cut"), [(1_199, False), (1_200, False), (1_201, True)])
def test_a_page_of_more_than_180_kilobytes_is_cut_by_force(size: int, cut: bool) -> None:
    """150 rows of 1,200 bytes are as much as fits."""
    assert (len(pages([0] * 150, size)) > 1) == cut


@given(LOTS)
def test_the_greatest_in_reach_always_begin_pages(lots: list[int]) -> None:
    """As a slow look at every row says; what is cut besides was too long."""
    places = cuts(lots, [SIZE] * len(lots))
    natural = [place for place in range(len(lots)) if is_natural(place, lots)]
    assert set(natural) <= set(places)
    long = [(a, b) for a, b in pairwise((0, *natural, len(lots))) if b - a > MOST]
    assert all(any(a < place < b for a, b in long) for place in set(places) - set(natural))


@given(LOTS, st.integers(300, 2_700))
def test_pages_are_bounded(lots: list[int], size: int) -> None:
    """In rows from both sides, and in bytes."""
    for rows in pages(lots, size):
        assert LEAST <= rows <= MOST
        assert rows * size <= MOST_BYTES


@given(DRAWN, st.data())
def test_a_row_more_or_less_changes_the_cuts_around_it_alone(lots: list[int], data: st.DataObject) -> None:
    """Within 65 places, or from there to the next natural cut where a page was too long."""
    place = data.draw(st.integers(0, len(lots) - 1))
    fewer = lots[:place] + lots[place + 1 :]
    before = set(cuts(lots, [SIZE] * len(lots)))
    after = {at + (at >= place) for at in cuts(fewer, [SIZE] * len(fewer))}
    settled = [at for at in range(len(lots)) if is_natural(at, lots) and abs(at - place) > 2 * REACH + 1]
    low = max((at for at in settled if at < place), default=0)
    high = min((at for at in settled if at > place), default=len(lots))
    assert all(low < at < high for at in before ^ after)
    assume(max(pages(lots)) < 130)
    assert all(abs(at - place) <= 2 * REACH + 1 for at in before ^ after)


@given(DRAWN, DRAWN)
def test_cuts_are_the_same_whatever_came_before(one: list[int], other: list[int]) -> None:
    """Behind the first natural cut out of reach of the seam, nothing of the front matters."""
    whole = [*one, *other]
    alone = list(cuts(other, [SIZE] * len(other)))
    behind = [at - len(one) for at in cuts(whole, [SIZE] * len(whole)) if at > len(one)]
    seam = min((at for at in alone if is_natural(at, other) and at > 2 * REACH), default=len(other))
    assert [at for at in alone if at >= seam] == [at for at in behind if at >= seam]


@given(st.integers(0, 40_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, 1_000))))
def test_an_outline_holds_every_row_once_in_every_tier(drawn: tuple[int, int]) -> None:
    """Each tier covers the list; parts cover the tier below; no page has more than 200 lines; addresses are unique."""
    count, seed = drawn
    slugs = [f"{seed}-{n}" for n in range(count)]
    tiers = outline(slugs, [lot(slug) for slug in slugs], [SIZE] * count)
    assert [part.path for part in tiers[-1]] == [""]
    assert all(not leaf.parts and len(leaf.rows) <= MOST for leaf in tiers[0])
    paths = [part.path for tier in tiers for part in tier]
    assert len(set(paths)) == len(paths)
    for tier in tiers:
        assert list(accumulate((len(part.rows) for part in tier), initial=0))[-1] == count
        assert [part.next for part in tier] == [*(part.path for part in tier[1:]), None]
        assert [part.previous for part in tier] == [None, *(part.path for part in tier[:-1])]
    for below, tier in pairwise(tiers):
        assert [place for part in tier for place in part.parts] == list(range(len(below)))
        for part in tier:
            assert len(part.parts) <= MOST
            assert part.rows == range(below[part.parts[0]].rows.start, below[part.parts[-1]].rows.stop)
            assert all(below[place].ancestors == (*part.ancestors, part.path) for place in part.parts)
