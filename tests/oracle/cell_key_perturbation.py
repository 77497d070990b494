#!/usr/bin/env python3
"""An independent implementation of the perturbation table and its look-up.

The look-up is that of cell_key_perturbation, the package of the Office for National Statistics of the United Kingdom. The package makes
no tables. This script therefore computes the distribution of greatest entropy, in another way than Rust does: with sixty decimal digits,
and by Newton's method on the variance instead of halving. The package's record keys are 0 to 255, and a cell key is their sum modulo 256.
Multiplied by 2^24, it is the same place of the distribution as our cell key of 32 bits.

Writes cell_key_perturbation.json beside this file. Run it with Python 3.11; without -P it would import itself instead of the package:

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
# From the smallest figure that can be published. Above 750 the package reuses the rows of 501 to 750.
SIZES = [10, 11, 250, 750, 751, 1001]


def probabilities(maximum, variance):
    """The probability of each noise k from -maximum on: proportional to exp(-rate k^2), with that variance."""
    squares = [Decimal(k * k) for k in range(-maximum, maximum + 1)]
    rate = 1 / (2 * Decimal(variance))
    for _ in range(60):
        weights = [(-rate * square).exp() for square in squares]
        whole = sum(weights)
        second = sum(w * s for w, s in zip(weights, squares)) / whole
        fourth = sum(w * s * s for w, s in zip(weights, squares)) / whole
        # The derivative of the variance with respect to the rate is minus the variance of the square.
        rate += (second - variance) / (fourth - second * second)
    assert abs(second - variance) < Decimal(10) ** -50
    return [weight / whole for weight in weights]


def thresholds(parts):
    """Where the range of each noise except the last ends, in steps of 2^-32."""
    below, ends = Decimal(0), []
    for part in parts[:-1]:
        below += part
        ends.append(int((below * STEPS).to_integral_value()))
    return ends


def looked_up(maximum, ends):
    """The noise that the package adds for each cell key, for several sizes of figures."""
    noise = [sum(end <= key * (STEPS // KEYS) for end in ends) - maximum for key in range(KEYS)]
    table = pandas.DataFrame(
        [(size, key, noise[key]) for size in range(1, 751) for key in range(KEYS)], columns=["pcv", "ckey", "pvalue"]
    )
    vectors = []
    for size in SIZES:
        # One cell for each key: all its records except one have the key 0.
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
