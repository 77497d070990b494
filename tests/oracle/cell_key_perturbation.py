#!/usr/bin/env python3
"""The perturbation table and its look-up, by somebody else's hands.

The look-up is that of cell_key_perturbation, the package of the Office for National Statistics of the United Kingdom. It constructs no
tables, so the distribution of greatest entropy is found here another way than in Rust: with sixty decimal digits, and by Newton's method
on the variance instead of halving. Record keys of the package are 0 to 255, and a cell key is their sum modulo 256: the same place of the
distribution as that cell key times 2^24 of our 2^32.

Writes cell_key_perturbation.json beside itself. Run with Python 3.11; without -P it would import itself in place of the package:

    python3 -m venv venv
    venv/bin/pip install cell_key_perturbation==3.1.0 pandas==3.1.1
    venv/bin/python -P tests/oracle/cell_key_perturbation.py
"""

import contextlib
import io
import json
from decimal import Decimal, getcontext
from importlib.metadata import version
from pathlib import Path

import pandas
from cell_key_perturbation.create_perturbed_table import create_perturbed_table

getcontext().prec = 60
STEPS = 1 << 32
KEYS = 256
# From the least figure that is ever published; above 750 the package looks up the rows of 501 to 750 again.
SIZES = [10, 11, 250, 750, 751, 1001]


def probabilities(maximum, variance):
    """Of each noise from -maximum on: in proportion to exp(-rate k^2), of that variance."""
    squares = [Decimal(k * k) for k in range(-maximum, maximum + 1)]
    rate = 1 / (2 * Decimal(variance))
    for _ in range(60):
        weights = [(-rate * square).exp() for square in squares]
        whole = sum(weights)
        second = sum(w * s for w, s in zip(weights, squares)) / whole
        fourth = sum(w * s * s for w, s in zip(weights, squares)) / whole
        # The derivative of the variance by the rate is minus the variance of the square.
        rate += (second - variance) / (fourth - second * second)
    assert abs(second - variance) < Decimal(10) ** -50
    return [weight / whole for weight in weights]


def thresholds(parts):
    """Where each noise but the last ends, in steps of 2^-32."""
    below, ends = Decimal(0), []
    for part in parts[:-1]:
        below += part
        ends.append(int((below * STEPS).to_integral_value()))
    return ends


def looked_up(maximum, ends):
    """What the package adds to a figure of each cell key, for several sizes of figures."""
    noise = [sum(end <= key * (STEPS // KEYS) for end in ends) - maximum for key in range(KEYS)]
    table = pandas.DataFrame(
        [(size, key, noise[key]) for size in range(1, 751) for key in range(KEYS)], columns=["pcv", "ckey", "pvalue"]
    )
    vectors = []
    for size in SIZES:
        # A cell for each key: all its records have the key 0 but one.
        cells = pandas.DataFrame({"cell": [key for key in range(KEYS) for _ in range(size)]})
        cells["record_key"] = [key if at == 0 else 0 for key in range(KEYS) for at in range(size)]
        with contextlib.redirect_stdout(io.StringIO()):
            perturbed = create_perturbed_table(
                data=cells, ptable=table, geog=[], tab_vars=["cell"], record_key="record_key", threshold=0
            )
        for row in perturbed.itertuples():
            assert row.ckey == row.cell and row.pre_sdc_count == size
        vectors.append({"size": size, "perturbed": [int(count) for count in perturbed["count"]]})
    return vectors


def main():
    tables = []
    for maximum, variance in [(5, 2), (8, 4)]:
        ends = thresholds(probabilities(maximum, variance))
        tables.append(
            {"maximum": maximum, "variance": variance, "thresholds": ends, "vectors": looked_up(maximum, ends)}
        )
    made = {"cell_key_perturbation": version("cell_key_perturbation"), "pandas": version("pandas"), "tables": tables}
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(made) + "\n")


main()
