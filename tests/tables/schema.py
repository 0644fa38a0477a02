"""Reports as JSON against the published schema, by an implementation of JSON Schema."""

import json

from jsonschema import Draft202012Validator


def check(reports, path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for folder in reports:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        for clause in report["clauses"]:
            as_published(clause)
        error = next(validator.iter_errors(report), None)
        assert error is None, f"{folder.name}: {error.json_path}: {error.message}"
    return f"{len(reports)} reports are valid"


def as_published(clause):
    """Clauses that still have pairs of counts, in the form that is published. Remove with them."""
    for key in ["value", "threshold"]:
        if isinstance(clause[key], list):
            num, den = clause[key]
            clause[key] = num / den
            if key == "value" and den != 1:
                clause["num"], clause["den"] = num, den
    clause.setdefault("compare", ">=")
    for key in ["words", "next"]:
        clause.setdefault(key, clause["id"])
    if clause["status"] == "not_computable" and clause["reason"] is None:
        clause["reason"] = "a clause that it goes by cannot be computed"
