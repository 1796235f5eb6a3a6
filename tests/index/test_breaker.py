"""When a server is asked again that did not answer."""

from __future__ import annotations

from tests.chroma_server import Clock

from citeworthy.index.breaker import Breaker


def test_all_calls_pass_while_all_is_well() -> None:
    breaker = Breaker(Clock())
    assert breaker.allows()
    assert not breaker.succeeded()
    assert breaker.allows()


def test_after_a_failure_one_call_tries_after_longer_and_longer_times() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    assert breaker.failed()
    for wait_s in (2, 4, 8, 16, 32, 60, 60):
        clock.seconds += wait_s - 0.1
        assert not breaker.allows()
        clock.seconds += 0.1
        assert breaker.allows()
        assert not breaker.allows()  # another, meanwhile
        assert not breaker.failed()  # known already


def test_a_success_lets_all_pass_again_and_starts_anew() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed()
    breaker.failed()
    assert breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()
    assert breaker.failed()
    clock.seconds += 2
    assert breaker.allows()


def test_a_trial_that_never_ends_does_not_shut_the_others_out_for_good() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed()
    clock.seconds += 2
    assert breaker.allows()
    clock.seconds += 2
    assert breaker.allows()
