"""Reports as JSON against the published schema, by an implementation of JSON Schema."""

import json

from jsonschema import Draft202012Validator


def check(reports, path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for folder in reports:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        error = next(validator.iter_errors(report), None)
        assert error is None, f"{folder.name}: {error.json_path}: {error.message}"
    return f"{len(reports)} reports are valid"
