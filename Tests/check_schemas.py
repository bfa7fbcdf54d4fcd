#!/usr/bin/env python3
"""Hold every catalog file and every plugin against the JSON Schemas that editors use (draft 2020-12).

The loader has its own mind; this keeps the two from drifting apart. Exit 0: every file is valid, and every schema
refuses an unknown member.
"""
import json
import sys
from pathlib import Path

import jsonschema
import referencing

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "catalog" / "schema"


def registry():
    resources = []
    for path in SCHEMAS.glob("*.schema.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        resource = referencing.Resource.from_contents(schema)
        resources += [(path.name, resource), (schema.get("$id", path.name), resource)]
    return referencing.Registry().with_resources(resources)


def kind(path):
    name = path.relative_to(ROOT).as_posix()
    if name.startswith("plugins/"):
        return "plugin"
    if name.endswith(".cases.json"):
        return "cases"
    if "/offerings/" in name:
        return "offering"
    if name.endswith("/provider.json"):
        return "provider"
    return "model" if name.startswith("catalog/models/") else path.stem


def main():
    files = [p for p in sorted(ROOT.glob("catalog/**/*.json")) if SCHEMAS not in p.parents]
    files += sorted(ROOT.glob("plugins/*/plugin.json"))
    known, problems, validators = registry(), [], {}
    for path in files:
        name = kind(path)
        if name not in validators:
            schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
            validators[name] = jsonschema.Draft202012Validator(schema, registry=known)
        document = json.loads(path.read_text(encoding="utf-8"))
        for error in validators[name].iter_errors(document):
            problems.append(f"{path.relative_to(ROOT)}: {error.json_path}: {error.message[:200]}")
        stated = document.get("$schema")
        if stated is None or (path.parent / stated).resolve() != SCHEMAS / f"{name}.schema.json":
            problems.append(f"{path.relative_to(ROOT)}: $schema is {stated!r}, not the one of a {name}")
        if validators[name].is_valid({**document, "no_such_member": 1}):
            problems.append(f"{name}.schema.json: accepts an unknown member")
    for problem in sorted(set(problems))[:50]:
        print(problem)
    print(f"schemas: {len(files)} files of {len(validators)} kinds, {len(set(problems))} problems")
    sys.exit(1 if problems or len(files) < 100 else 0)


if __name__ == "__main__":
    main()
