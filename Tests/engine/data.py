"""Market data as files: such as the engine plays, and such as it must refuse, with the line to blame."""

BARS = "timestamp,open,high,low,close,volume\n"
BAR = "2022-01-03 09:30:00.000000,100.0,101.5,99.5,101.0,1200.25\n"
QUOTE = "20200102 093000065,1.12120,1.12172,0\n"


def bars(count: int) -> str:
    """A market that goes up and down by half a point."""
    rows = []
    for minute in range(count):
        base = 100 + 5 * (minute % 7) - 3 * (minute % 5)
        time = f"2022-01-03 {9 + minute // 60:02}:{minute % 60:02}:00.000000"
        rows.append(f"{time},{base}.0,{base + 1}.5,{base - 1}.5,{base}.5,{1000 + minute}.123456789\n")
    return BARS + "".join(rows)


def quotes(count: int) -> str:
    return "".join(
        f"20200102 09{at // 60:02}{at % 60:02}065,1.1{2120 + 3 * (at % 11)},1.1{2172 + 2 * (at % 7)},\n"
        if at % 2
        else f"20200102 09{at // 60:02}{at % 60:02}065,1.1{2120 + at % 5},1.1{2160 + at % 5},0\n"
        for at in range(count)
    )


# What is wrong, the file, and what must be said of it besides its name.
MALFORMED = (
    ("nothing in it", "", "has no rows"),
    ("a header and no rows", BARS, "has no rows"),
    ("another header", BARS.replace("volume", "size") + BAR, "line 1: "),
    ("a column too few", BARS + BAR.replace(",1200.25", ""), "line 2: volume is missing"),
    ("a column too many", BARS + BAR + BAR.replace("\n", ",7\n"), "line 3: there is more"),
    ("no number", BARS + BAR.replace("101.5", "1O1.5"), "line 2: high is"),
    ("an exponent", BARS + BAR.replace("99.5", "9.95e1"), "line 2: low is"),
    ("an empty price", BARS + BAR.replace("100.0", ""), "line 2: open is"),
    ("a price of zero", QUOTE.replace("1.12120", "0.00000"), "line 1: bid is not above 0"),
    ("a negative price", QUOTE.replace("1.12120", "-1.12120"), "line 1: bid is not above 0"),
    ("more decimals than are kept", QUOTE.replace("1.12120", "1.1212000001"), "line 1: bid has more than"),
    ("a price that is too large", QUOTE.replace("1.12172", "99999999999999"), "line 1: ask has more than"),
    ("high below the close", BARS + BAR.replace("101.5", "100.5"), "line 2: open and close"),
    ("a crossed quote", QUOTE + QUOTE.replace("1.12172", "1.12120"), "line 2: the bid is not below"),
    ("a negative size", QUOTE.replace(",0\n", ",-1\n"), "line 1: size is negative"),
    ("no such day", BARS + BAR.replace("2022-01-03", "2022-02-29"), "line 2: "),
    ("no such hour", QUOTE.replace("093000065", "243000065"), "line 1: "),
    ("a time of another form", QUOTE.replace("20200102 ", "2020-01-02 "), "line 1: "),
    ("time that goes back", QUOTE + QUOTE.replace("093000065", "093000064"), "line 2: its time is before"),
    ("an empty line", BARS + BAR + "\n" + BAR, "line 3: "),
    ("lines that end otherwise", QUOTE.replace("\n", "\r\n"), "line 1: "),
)
