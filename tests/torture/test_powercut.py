"""A few power cuts of what `make torture` does with hundreds (docs/torture.md)."""

from pathlib import Path

from tests.torture.powercut import Cuts, cut_power


def test_no_acknowledged_state_is_lost_when_the_power_goes(tmp_path: Path) -> None:
    assert cut_power(tmp_path / "disk", 1, cuts=40) == Cuts(cuts=40, lost=0, corrupt=0)


def test_the_rig_sees_the_loss_where_nothing_is_synced_in_time(tmp_path: Path) -> None:
    """With synchronous = NORMAL a commit is not durable: what held above is the pragma's doing."""
    assert cut_power(tmp_path / "disk", 1, cuts=40, synchronous="NORMAL").lost > 10
