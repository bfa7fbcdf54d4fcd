#!/usr/bin/env python3
"""Put the parameter part of the validator through the official JSON-Schema-Test-Suite (draft 2020-12).

Every schema of the suite that speaks of keywords which a catalog knows becomes an offering with one parameter, `value`;
every test of it a request. A test that does not apply is counted under its reason.

    suite.py FAREGATE SDIST    the suite is carried by the source distribution of jsonschema

Exit 0: every test that applies gives the verdict of the suite.
"""
import collections
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

KEYWORDS = [
    "type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "items",
    "properties", "required", "additionalProperties",
]
NOTES = {"$schema", "$comment", "title", "description"}
TYPES = {"string", "integer", "number", "boolean", "object", "array"}
OBJECT_WORDS = {"properties", "required", "additionalProperties"}


class NotApplicable(Exception):
    """Why a schema or a test is outside what a catalog can say."""


def parameter(schema):
    """A schema as a parameter of a catalog."""
    if schema is True:
        return {}
    if schema is False:
        return {"unsupported": "Never."}
    for word in schema:
        if word not in KEYWORDS and word not in NOTES:
            raise NotApplicable(f"the keyword {word} is none of a catalog's")
    if "\\u0000" in json.dumps(schema):
        raise NotApplicable("no text holds a NUL")
    made = {word: value for word, value in schema.items() if word not in NOTES}
    kind = made.get("type")
    if isinstance(kind, list):
        raise NotApplicable("a parameter has one type, not a list of them")
    if kind == "null":
        raise NotApplicable("no parameter is null")
    if OBJECT_WORDS & made.keys() and kind is None:
        made["type"] = kind = "object"
    if kind == "object":
        made.setdefault("additionalProperties", True)
        if not isinstance(made["additionalProperties"], bool):
            raise NotApplicable("members that are not listed are let through or refused, never described")
        made["properties"] = {name: parameter(member) for name, member in made.get("properties", {}).items()}
        for name in made.get("required", []):
            made["properties"].setdefault(name, {})
    if "items" in made:
        made["items"] = parameter(made["items"])
    return made


def check_data(schema, data):
    """Notes the tests whose data a catalog reads otherwise, by its documented rules."""
    if isinstance(schema, bool):
        return
    if OBJECT_WORDS & schema.keys() and "type" not in schema and not isinstance(data, dict):
        raise NotApplicable("only an object has members, and a parameter with members is an object")
    if data == [] and ("enum" in schema or "const" in schema or schema.get("items") is False):
        raise NotApplicable("an optional list that is empty counts as absent")
    for name, member in schema.get("properties", {}).items():
        if isinstance(data, dict) and name in data:
            if name in schema.get("required", []) and data[name] in ("", []):
                raise NotApplicable("a required text or list is not empty")
            check_data(member, data[name])
    if "items" in schema and isinstance(data, list):
        for element in data:
            if element in ("", []):
                raise NotApplicable("an element is not empty text and not an empty list")
            check_data(schema["items"], element)


def groups(sdist):
    """Every group of the suite's files on our keywords, by file."""
    with tarfile.open(sdist) as archive:
        for member in archive.getmembers():
            path = Path(member.name)
            if path.parts[1:4] == ("json", "tests", "draft2020-12") and path.stem in KEYWORDS and len(path.parts) == 5:
                for group in json.load(archive.extractfile(member)):
                    yield path.stem, group


def write(path, document):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")


def write_catalog(folder, offerings):
    source = {"source": "suite", "checked_on": "2026-11-21"}
    write(folder / "units.json", {"units": {"task": {"plural": "tasks", "about": "A task."}}})
    write(folder / "parameters.json", {"parameters": {}})
    write(folder / "models/suite/model.json", {"name": "Model", "medium": "text", "operations": ["test"]})
    write(folder / "providers/suite/provider.json", {
        "name": "Suite", "plugin": "suite", "currency": "USD",
        "pages": {"suite": {"title": "JSON-Schema-Test-Suite", "checked_on": "2026-11-21"}},
        "request": {"model_at": None, "parameters_at": "", "envelope": {}, "required": [], "source": "suite"},
    })
    for name, spec in offerings.items():
        write(folder / f"providers/suite/offerings/{name}.json", {
            "name": name, "models": {"suite/model": {}}, "operations": ["test"], "medium": "text", "source": "suite",
            "parameters": {"value": spec}, "required": [], "constraints": [], "portable": {},
            "prices": [{"id": "p", "label": "p", "unit": "task", "rate": "1", "effective_from": "2026-11-21", **source}],
        })


def main():
    faregate, sdist = sys.argv[1:3]
    offerings, tests, left_out, files = {}, [], collections.Counter(), set()
    for stem, group in groups(sdist):
        files.add(stem)
        try:
            spec = parameter(group["schema"])
        except NotApplicable as reason:
            left_out[str(reason)] += len(group["tests"])
            continue
        name = f"{stem}-{len(offerings)}"
        offerings[name] = spec
        for test in group["tests"]:
            try:
                check_data(group["schema"], test["data"])
            except NotApplicable as reason:
                left_out[str(reason)] += 1
            else:
                tests.append((name, group["description"], test))
    with tempfile.TemporaryDirectory() as folder:
        write_catalog(Path(folder), offerings)
        lines = "".join(
            json.dumps({"id": number, "provider": "suite", "model": name, "body": {"value": test["data"]}}) + "\n"
            for number, (name, _, test) in enumerate(tests))
        done = subprocess.run(
            [faregate, "validate", "--batch", "--catalog", folder], input=lines, stdout=subprocess.PIPE, text=True,
            check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = abs(len(answers) - len(tests))
    for (name, description, test), answer in zip(tests, answers):
        if answer["valid"] != test["valid"]:
            wrong += 1
            print(f"{name}, {description}, {test['description']}: {json.dumps(test['data'])} is valid {answer['valid']}")
            for finding in answer["diagnostics"][:2]:
                print("   ", finding["code"], finding["message"][:160])
    for reason, count in sorted(left_out.items(), key=lambda entry: -entry[1]):
        print(f"suite: {count} tests do not apply: {reason}")
    print(
        f"suite: {len(tests)} tests of {len(offerings)} schemas in {len(files)} files, {wrong} with another verdict; "
        f"{sum(left_out.values())} do not apply")
    sys.exit(1 if wrong or len(tests) < 100 else 0)


if __name__ == "__main__":
    main()
