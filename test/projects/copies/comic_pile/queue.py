import dice


def first(comics: list[str]) -> str | None:
    return comics[dice.roll(len(comics))] if comics else None
