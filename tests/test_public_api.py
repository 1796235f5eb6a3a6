from __future__ import annotations

import doctest
import re
from importlib.resources import files
from pathlib import Path

import citeworthy


def test_all_is_what_can_be_imported() -> None:
    assert sorted(citeworthy.__all__, key=str.lower) == citeworthy.__all__
    assert len(citeworthy.__all__) <= 20
    for name in citeworthy.__all__:
        assert getattr(citeworthy, name).__name__ == name
        assert getattr(citeworthy, name).__doc__
    assert files("citeworthy").joinpath("py.typed").is_file()


def test_the_examples_of_the_package_run_and_name_all_that_is_public(my_library: Path) -> None:
    assert my_library.is_dir()
    told = doctest.testmod(citeworthy)
    assert told.attempted >= 10
    assert not told.failed
    assert all(re.search(rf"\b{name}s?\b", citeworthy.__doc__ or "") for name in citeworthy.__all__)
