import citeworthy


def test_all_is_what_can_be_imported() -> None:
    assert sorted(citeworthy.__all__, key=str.lower) == citeworthy.__all__
    assert len(citeworthy.__all__) <= 20
    for name in citeworthy.__all__:
        assert getattr(citeworthy, name).__name__ == name
