def roll(sides: int) -> int:
    return sides - 1
