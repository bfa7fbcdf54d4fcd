#!/usr/bin/env python3
"""Let two validators that we did not write judge ours.

Every offering is exported to JSON Schema. Requests are made from the catalog's own cases and changed at random: members
dropped, added and replaced, by values at and beyond every bound, of wrong types, alone and together. Each is put to
`faregate validate --batch`, to jsonschema and to jsonschema-rs. They must agree, unless the only rules that the request
breaks by our verdict are listed in the schema's x-faregate-unsaid.

    judge.py FAREGATE [--count 200000] [--seed 1] [--catalog FOLDER | --invented OFFERINGS] [--show 10]

Exit 0: no unexplained disagreement.
"""
import argparse
import collections
import copy
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jsonschema
import jsonschema_rs

import invent

ROOT = Path(__file__).resolve().parents[2]
DATE = "2026-11-21"
ADDRESS = "https://example.com/a.png"
ADDRESSES = [
    ADDRESS, "http://a", "HTTPS://EXAMPLE.COM/A.PNG", "https://example.com:8443/a", "https://example.com:/a",
    "https://example.com:65535", "https://example.com:65536", "https://example.com:00080/", "http://[::1]:80/a",
    "http://[]", "http://[::1", "http://[::1]a", "https://u:p@h.example/a@b", "https://@", "https://user@:80",
    "https://münchen.example/ä", "https://example.com.", "https://example..com", "https://.a", "https://.", "https://",
    "https:///a", "ftp://example.com", "example.com", "", " ", "https://example.com/a b", "https://example.com/a\n",
    "https://example.com\n", "https://example.com/\u007f", "https://example.com/\u0085", "https://a[b/", "https://a]/",
    "https://example.com?x=1", "https://example.com#x", "https://a:1:2", "https://a:b", "https://a|b", "https://a\\b",
    "https://a/{id}", "https://a\u0301.example/", "https://\u0301.example/", "https://a.\u0301/", "https://a:\u0661/",
    "data:image/png;base64,AAAA", "http:\u2044\u2044a",
]
TEXTS = ["", " ", "\n", "\t \u00a0", "\u3000", "\u200b", "\ufeff", "\u0085", " \u0301", "\r\n", "a", "@Image9 and @Element4", "é" * 3, "e\u0301", "👩‍👩‍👧‍👦"]
NUMBERS = [0, -1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 16, 0.5, 8.0, 8.5, -0.0, 1e20, 2**53, 2**63, -2**63, 10**30, 1e-9, 100, 101]
ODD = [None, True, False, 0, 1, "", "x", [], {}, [[]], [{}], [""], [None], 1.5, "8", "true"]


class Offering:
    def __init__(self, path):
        self.schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(self.schema)
        self.provider = self.schema["x-faregate-provider"]
        self.model = self.schema["x-faregate-model"]
        self.unsaid = {note["rule"] for note in self.schema["x-faregate-unsaid"]}
        self.python = jsonschema.Draft202012Validator(self.schema)
        self.rust = jsonschema_rs.Draft202012Validator(self.schema)
        self.values = constants(self.schema)
        self.bases = []

    def read_cases(self, catalog):
        path = catalog / "providers" / self.provider / "offerings" / (self.model + ".cases.json")
        if path.exists():
            self.bases = [case["body"] for case in json.loads(path.read_text(encoding="utf-8"))["cases"]]
        self.bases = [base for base in self.bases if isinstance(base, dict)]


def constants(schema):
    """Every value that some rule names."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            if "const" in node:
                found.append(node["const"])
            found.extend(node.get("enum", []) if isinstance(node.get("enum"), list) else [])
            if "default" in node:
                found.append(node["default"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk({key: value for key, value in schema.items() if not key.startswith("x-")})
    return found or ["x"]


class Maker:
    """Makes requests of schemas and cases. A seed decides which."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def value(self, schema, depth=0):
        """A value for a parameter: mostly a good one, often at a bound, sometimes just beyond it."""
        pick = self.random.random()
        if pick < 0.04 or schema is True or "not" in schema and "$ref" not in schema:
            return copy.deepcopy(self.random.choice(ODD))
        if "const" in schema:
            return copy.deepcopy(schema["const"])
        if "enum" in schema and pick < 0.92:
            return copy.deepcopy(self.random.choice(schema["enum"]))
        if "$ref" in schema:
            return ADDRESS if pick < 0.7 else self.random.choice(ADDRESSES)
        kind = schema.get("type", self.random.choice(["string", "integer", "object", "array"]))
        if kind == "string":
            return self.text(schema)
        if kind in ("integer", "number"):
            return self.number(schema, kind)
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "array":
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(self.length(schema))]
        return self.members(schema, depth)

    def members(self, schema, depth):
        made = {}
        for name, member in schema.get("properties", {}).items():
            odds = 0.95 if name in schema.get("required", []) else 0.4
            if "not" in member and "$ref" not in member:
                odds = 0.02
            if depth < 5 and self.random.random() < odds:
                made[name] = self.value(member, depth + 1)
        if self.random.random() < 0.03:
            made["unheard_of"] = 1
        return made

    def text(self, schema):
        bounds = [schema[word] for word in ("minLength", "maxLength") if word in schema]
        if bounds and self.random.random() < 0.3:
            return self.random.choice("aé👍") * max(0, self.random.choice(bounds) + self.random.choice([-1, 0, 1]))
        return self.random.choice(TEXTS) if self.random.random() < 0.4 else "A barn owl at dawn"

    def number(self, schema, kind):
        bounds = [schema[word] for word in ("minimum", "maximum") if word in schema]
        pick = self.random.random()
        if bounds and pick < 0.6:
            if len(bounds) == 2 and pick < 0.35:
                low, high = bounds
                return self.random.randint(int(low), int(high)) if high - low >= 1 else low
            return self.random.choice(bounds) + self.random.choice([-1, 0, 1, 0.5, 0.0])
        return self.random.choice(NUMBERS)

    def length(self, schema):
        bounds = [schema[word] for word in ("minItems", "maxItems") if word in schema]
        if bounds and self.random.random() < 0.4:
            return min(30, max(0, self.random.choice(bounds) + self.random.choice([-1, 0, 1])))
        return self.random.choice([0, 1, 1, 1, 2, 2, 3, 4, 5])

    def mutant(self, offering):
        """A request: one of the cases, or a new one, with up to four changes."""
        if offering.bases and self.random.random() < 0.75:
            body = copy.deepcopy(self.random.choice(offering.bases))
        else:
            body = self.members(offering.schema, 0)
        for _ in range(self.random.choice([0, 1, 1, 1, 2, 2, 3, 4])):
            self.change(body, offering)
        if self.random.random() < 0.002:
            return copy.deepcopy(self.random.choice(ODD))
        return body

    def change(self, body, offering):
        spot, schema = self.spot(body, offering.schema)
        known = schema.get("properties", {}) if isinstance(schema, dict) else {}
        if isinstance(spot, list):
            items = schema.get("items", {}) if isinstance(schema, dict) else {}
            action = self.random.random()
            if spot and action < 0.3:
                spot.pop(self.random.randrange(len(spot)))
            elif spot and action < 0.5:
                spot[self.random.randrange(len(spot))] = self.value(items)
            else:
                spot.extend(self.value(items) for _ in range(self.random.choice([1, 1, 2, 3, 5])))
            return
        action = self.random.random()
        names = list(known) or ["x"]
        if spot and action < 0.2:
            del spot[self.random.choice(list(spot))]
        elif spot and action < 0.3:
            spot[self.random.choice(list(spot))] = copy.deepcopy(self.random.choice(offering.values))
        elif spot and action < 0.36:
            spot[self.random.choice(list(spot))] = copy.deepcopy(self.random.choice(ODD))
        elif action < 0.38:
            spot[self.random.choice(["unheard_of", "Prompt", "input", "prompt", "model"])] = self.random.choice(["x", 1, {}])
        else:
            name = self.random.choice(names)
            spot[name] = self.value(known.get(name, {}))

    def spot(self, body, schema):
        """An object or an array inside a request, and what is said of it."""
        spots = []

        def walk(value, schema, weight):
            schema = schema if isinstance(schema, dict) else {}
            if isinstance(value, dict):
                spots.append((value, schema, weight))
                for name, member in value.items():
                    walk(member, schema.get("properties", {}).get(name, {}), 5 if weight < 2 else 2)
            elif isinstance(value, list):
                spots.append((value, schema, 2))
                for element in value:
                    walk(element, schema.get("items", {}), 2)

        walk(body, schema, 1)
        chosen = self.random.choices(spots, weights=[spot[2] for spot in spots])[0]
        return chosen[0], chosen[1]


def requests(offerings, count, seed):
    """As many requests for every offering, the cases themselves among them."""
    maker = Maker(seed)
    made = [(offering, body) for offering in offerings for body in offering.bases]
    index = 0
    while len(made) < count:
        offering = offerings[index % len(offerings)]
        made.append((offering, maker.mutant(offering)))
        index += 1
    return made


def verdicts(faregate, catalog, made):
    """Our verdicts, in order."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as lines:
        for number, (offering, body) in enumerate(made):
            request = {"id": number, "provider": offering.provider, "model": offering.model, "body": body}
            lines.write(json.dumps(request) + "\n")
        lines.seek(0)
        command = [faregate, "validate", "--batch", "--date", DATE, "--catalog", str(catalog)]
        with subprocess.Popen(command, stdin=lines, stdout=subprocess.PIPE, encoding="utf-8") as process:
            for number, line in enumerate(process.stdout):
                answer = json.loads(line)
                assert answer.get("id") == number, f"line {number}: {line[:200]}"
                errors = [finding for finding in answer["diagnostics"] if finding["severity"] == "error"]
                assert answer["valid"] == (not errors)
                yield errors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("faregate")
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--catalog", type=Path, default=ROOT / "catalog")
    parser.add_argument("--invented", type=int, default=0, help="judge a catalog of so many offerings made at random")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    start = time.monotonic()
    if not options.invented:
        return sys.exit(judge(options, start))
    with tempfile.TemporaryDirectory() as folder:
        options.catalog = Path(folder)
        write_sound_catalog(options)
        sys.exit(judge(options, start))


def write_sound_catalog(options):
    """A catalog made at random, without the offerings that contradict themselves."""
    invent.write_catalog(options.catalog, random.Random(options.seed), options.invented)
    command = [options.faregate, "catalog", "lint", "--format", "json", str(options.catalog)]
    for _ in range(3):
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        problems = json.loads(done.stdout)["problems"]
        # Nobody invents plugins: that a provider's is missing says nothing about what it sells.
        for file in {problem["file"] for problem in problems if "/offerings/" in problem["file"]}:
            (options.catalog / file).unlink()


def judge(options, start):
    """Prints what was found. Whether there was an unexplained disagreement."""
    with tempfile.TemporaryDirectory() as folder:
        command = [options.faregate, "catalog", "export", "--as", "json-schema", "-o", folder]
        subprocess.run(command + ["--catalog", str(options.catalog)], check=True, stderr=subprocess.DEVNULL)
        offerings = [Offering(path) for path in sorted(Path(folder).rglob("*.schema.json"))]
    for offering in offerings:
        offering.read_cases(options.catalog)
    made = requests(offerings, options.count, options.seed)
    tally, shown, decisive = collections.Counter(), collections.Counter(), set()
    for (offering, body), errors in zip(made, verdicts(options.faregate, options.catalog, made), strict=True):
        ours = not errors
        python = offering.python.is_valid(body)
        rust = offering.rust.is_valid(body)
        tally["valid" if ours else "invalid"] += 1
        fired = {error.get("rule") or error["code"] for error in errors}
        if len(fired) == 1:
            # Were the rule not in the schema, the validators would disagree here.
            decisive.update((offering.provider, offering.model, rule) for rule in fired)
        if ours == python == rust:
            continue
        if fired and fired <= offering.unsaid and python and rust:
            tally["explained"] += 1
            continue
        tally["unexplained"] += 1
        key = (offering.model, tuple(sorted(fired)))
        shown[key] += 1
        if shown[key] <= 1 and len(shown) <= options.show:
            print(f"{offering.provider} {offering.model}: ours {ours}, jsonschema {python}, jsonschema-rs {rust}")
            print("   ", json.dumps(body, ensure_ascii=False)[:1500])
            for error in errors[:3]:
                print("   ", error.get("rule") or error["code"], error["path"], error["message"][:200])
            for error in list(offering.python.iter_errors(body))[:2]:
                print("    jsonschema:", error.json_path, "/".join(map(str, error.absolute_schema_path)), error.message[:200])
    rules = {
        (offering.provider, offering.model, rule["title"])
        for offering in offerings for rule in offering.schema.get("allOf", []) if "title" in rule}
    print(
        f"judge: {len(made)} requests for {len(offerings)} offerings, {tally['valid']} valid and {tally['invalid']} "
        f"invalid; {len(rules & decisive)} of {len(rules)} rules alone decided one; {tally['explained']} disagreements "
        f"explained, {tally['unexplained']} not; seed {options.seed}, {time.monotonic() - start:.0f} s")
    if options.count >= 100_000:
        for rule in sorted(rules - decisive):
            print("judge: never decided alone:", *rule)
    return 1 if tally["unexplained"] else 0


if __name__ == "__main__":
    main()
