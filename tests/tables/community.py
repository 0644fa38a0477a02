"""The community table by SQL over Parquet, by two engines, against the one that copact made."""

import json
import math
import re

import datafusion
import duckdb

NEAR = 1e-9
COUNTS = {"groups": "groups_founded", "teams": "teams", "active": "groups_active",
          "joined": "joined", "left": "left_again", "net": "net", "memberships": "memberships",
          "minutes": "minutes", "attendances": "attendances", "goals_due": "goals_due",
          "goals_met": "goals_met"}


def check(samples, sql):
    text = sql.read_text(encoding="utf-8")
    said = []
    for folder in ["lived", "drawn", "late"]:
        table = json.loads((samples / folder / "community.json").read_text(encoding="utf-8"))
        assert table["groups"] >= 50, folder
        figures = {compare(table, ask(samples / folder, text)) for ask in [duck, fusion]}
        said.append(f"{folder} {table['groups']} groups, {table['panel']} of the panel, "
                    f"{figures.pop()} figures")
        assert not figures, "one engine was asked less than the other"
    return "; ".join(said)


def duck(folder, text):
    engine = duckdb.connect()
    files = str(folder / "*.parquet").replace("'", "''")
    engine.execute(f"CREATE VIEW group_quarters AS SELECT * FROM read_parquet('{files}')")
    engine.execute(text)

    def ask(query):
        found = engine.execute(query)
        names = [one[0] for one in found.description]
        return [dict(zip(names, row)) for row in found.fetchall()]
    return ask


def fusion(folder, text):
    engine = datafusion.SessionContext()

    def ask(query):
        return [row for batch in engine.sql(query).collect() for row in batch.to_pylist()]
    place = str(folder).replace("'", "''")
    ask(f"CREATE EXTERNAL TABLE group_quarters STORED AS PARQUET LOCATION '{place}/'")
    # It takes one statement at a time.
    for statement in re.sub("--.*", "", text).split(";"):
        if statement.strip():
            ask(statement)
    return ask


def compare(table, ask):
    """Counts exactly, ratios to 1e-9."""
    assert not ask("SELECT * FROM twice")
    compared = whole(table, ask("SELECT * FROM community")[0])
    totals = {(one["of_groups"], one["quarter"]): one for one in ask("SELECT * FROM totals")}
    levels = {(one["of_groups"], one["quarter"], one["level"]): one["groups_at_it"]
              for one in ask("SELECT * FROM levels")}
    for groups, key in [("all", "totals"), ("panel", "panel_totals")]:
        for total in table[key]:
            compared += one_total(total, totals.pop((groups, total["quarter"])))
            for level, count in total["levels"].items():
                assert levels.pop((groups, total["quarter"], level)) == count, total
                compared += 1
    assert not totals and not levels
    spreads = {(one["quarter"], one["id"]): one for one in ask("SELECT * FROM spreads")}
    for spread in table["spreads"]:
        found = spreads.pop((spread["quarter"], spread["id"]), None)
        assert (found is None) == (spread["groups"] == 0), spread
        if found is None:
            continue
        assert spread["groups"] == found["groups_with_it"], spread
        for key, other in [("lower", "lower_quartile"), ("median", "median_ratio"),
                           ("upper", "upper_quartile")]:
            near(spread[key], found[other])
        compared += 4
    assert not spreads
    return compared


def whole(table, found):
    pairs = [(table["groups"], "groups_all"), (table["teams"], "teams"), (table["panel"], "panel")]
    pairs += [(table["minutes"][key], key) for key in ["rise", "not_shown", "fall"]]
    for ours, key in pairs:
        assert ours == found[key], (key, ours, found[key])
    return len(pairs)


def one_total(total, found):
    pairs = [(total[key], other) for key, other in COUNTS.items()]
    pairs += [(total["j2"]["num"], "j2_num"), (total["j2"]["den"], "j2_den")]
    for ours, key in pairs:
        assert ours == found[key], (total["quarter"], key, ours, found[key])
    near(total["j2"]["value"], found["j2"])
    return len(pairs) + 1


def near(ours, theirs):
    if ours is None or theirs is None:
        assert ours is theirs, (ours, theirs)
    else:
        assert math.isclose(ours, theirs, rel_tol=0, abs_tol=NEAR), (ours, theirs)
