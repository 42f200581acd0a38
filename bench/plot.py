"""Plots time against rows, log-log, as an image and as text."""

from measure import spread

NAMES = {
    "report": "openhours",
    "scan": "DuckDB, scan alone",
    "polars": "Polars",
    "pandas": "pandas",
    "sqlite": "SQLite",
    "loop": "pandas, loop",
}
MARKERS = {"report": "o", "scan": "x", "polars": "p", "pandas": "v", "sqlite": "s", "loop": "l"}
COLOURS = {
    "report": "#0b62a4",
    "scan": "#777777",
    "polars": "#c2410c",
    "pandas": "#15803d",
    "sqlite": "#7e22ce",
    "loop": "#a16207",
}


def series_of(result):
    """name -> [(polls, median, minimum, maximum)], ordered by polls."""
    series = {}
    for entry in result["cases"]:
        group, _, *variant = entry["id"].split("/")
        if "samples" not in entry or group not in ("report", "peers"):
            continue
        names = {"report": lambda s: s, "scan": lambda s: s["scan"]} if group == "report" else {variant[0]: lambda s: s}
        for name, of in names.items():
            wall = spread([of(sample)["wall_seconds"] for sample in entry["samples"]])
            series.setdefault(name, []).append((entry["data"]["polls"], wall["median"], wall["least"], wall["most"]))
    return {name: sorted(series[name]) for name in NAMES if name in series}


def draw(result, source, path):
    """Writes the image; `source` is stored in it to identify the result."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter, NullLocator

    series = series_of(result)
    figure, axes = pyplot.subplots(figsize=(8, 5.2), dpi=120)
    for name, points in series.items():
        polls, median, least, most = zip(*points, strict=True)
        errors = [[m - low for _, m, low, _ in points], [high - m for _, m, _, high in points]]
        axes.errorbar(
            polls,
            median,
            yerr=errors,
            label=NAMES[name],
            color=COLOURS[name],
            marker="o",
            markersize=5,
            capsize=3,
            linestyle="--" if name == "scan" else "-",
            linewidth=2 if name == "report" else 1.3,
        )
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="polls",
        ylabel="seconds, whole process",
        title="Time of a report, median and spread",
    )
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xticks(sorted({point[0] for points in series.values() for point in points}))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: in_words(value)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.grid(True, which="major", color="#dddddd")
    axes.legend(frameon=False)
    figure.text(0.995, 0.005, "XL is read from Parquet, all else from CSV", ha="right", fontsize=7, color="#777777")
    figure.tight_layout()
    figure.savefig(path, metadata={"Source": source, "Software": None})
    pyplot.close(figure)


def in_words(polls):
    for unit, word in ((1e6, " M"), (1e3, " k")):
        if polls >= unit:
            return f"{polls / unit:.3g}{word}"
    return f"{polls:g}"


def text(result):
    """The same plot as text."""
    import plotext

    plotext.clear_figure()
    plotext.plot_size(92, 24)
    plotext.theme("clear")
    plotext.xscale("log")
    plotext.yscale("log")
    every = []
    for name, points in series_of(result).items():
        polls, median, *_ = zip(*points, strict=True)
        every += points
        plotext.plot(polls, median, marker="·")
        plotext.scatter(polls, median, marker=MARKERS[name])
    ticks = [10.0**n for n in range(-2, 5)]
    low, high = min(p[1] for p in every), max(p[1] for p in every)
    ticks = [t for t in ticks if low <= t <= high]
    plotext.yticks(ticks, [f"{t:g} s" for t in ticks])
    scales = sorted({p[0] for p in every})
    plotext.xticks(scales, [in_words(n) for n in scales])
    plotext.xlabel("polls")
    lines = [line.rstrip() for line in plotext.uncolorize(plotext.build()).splitlines()]
    key = ", ".join(f"{MARKERS[name]} {NAMES[name]}" for name in series_of(result))
    return "\n".join([*lines, "", key])
