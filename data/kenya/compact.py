#!/usr/bin/env python3
"""Makes facilities.json from the national register's own JSON files.

    python3 compact.py REGISTER.json... > facilities.json

Keeps nine fields, one facility a line, in the order of the codes, so that a new register shows as a readable diff and
the same input always gives the same bytes. The values stay as the register has them; only the services are sorted, and
of the moment of entry the day is kept.
"""

import json
import sys

SOURCE = "Kenya Master Health Facility List, Ministry of Health (KMHFL, now KMHFR)"
FIELDS = (
    "code",
    "name",
    "keph_level_name",
    "county_name",
    "sub_county_name",
    "operation_status_name",
    "closed",
    "created",
    "service_names",
)


def compact(row):
    """The nine fields of one facility."""
    kept = {field: row[field] for field in FIELDS}
    kept["created"] = kept["created"][:10]
    kept["service_names"] = sorted(kept["service_names"])
    return kept


def order(row):
    """By code; what has none yet comes last, by county and name."""
    return (row["code"] is None, str(row["code"] or ""), row["county_name"], row["name"])


def main(paths):
    if not paths:
        sys.exit("Name at least one of the register's JSON files.")
    rows = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            rows.extend(compact(row) for row in json.load(file)["results"])
    rows.sort(key=order)
    codes = [row["code"] for row in rows if row["code"] is not None]
    if len(codes) != len(set(codes)):
        sys.exit("A code stands in the files twice; keep one row of each.")

    def text(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    lines = ",\n".join(text(row) for row in rows)
    out = f'{{"source":{text(SOURCE)},"results":[\n{lines}\n]}}\n'
    sys.stdout.buffer.write(out.encode("utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
