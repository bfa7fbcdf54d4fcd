"""Catalogs that nobody wrote: offerings whose parameters and rules are made at random, of everything the format can say.

What the real catalog does not use is judged too: counts over several lists, negated conditions, rules in every element.
"""
import json

TEXT = "Because."
SOURCE = {"source": "page", "checked_on": "2026-11-21"}


class Inventor:
    def __init__(self, random):
        self.random = random

    def pick(self, *choices):
        return self.random.choice(choices)

    def odds(self, chance):
        return self.random.random() < chance

    # Parameters

    def parameter(self, depth=0):
        kinds = ["string", "string", "integer", "number", "boolean", "array", "array"] + ["object"] * (depth < 2)
        kind = self.pick(*kinds)
        spec = getattr(self, kind)(depth)
        if self.odds(0.95) or kind in ("object", "array"):
            spec = {"type": kind, **spec}
        if "default" in spec and self.odds(0.2):
            spec["on_invalid"] = "default"
        if self.odds(0.03):
            spec["unsupported"] = "Not here."
        return spec

    def string(self, _):
        form = self.random.random()
        if form < 0.4:
            values = self.random.sample(["a", "b", "c", "d", ""], self.pick(1, 2, 3))
            return {"enum": values, **({"default": values[0]} if self.odds(0.5) else {})}
        if form < 0.6:
            return {"format": "http-url"}
        spec = {}
        if self.odds(0.4):
            spec["minLength"] = self.pick(0, 1, 2)
        if self.odds(0.4):
            spec["maxLength"] = self.pick(2, 3, 8)
        if self.odds(0.2):
            spec["blank"] = self.pick("warn", "reject")
        return spec

    def number(self, _):
        spec = {}
        if self.odds(0.5):
            spec["minimum"] = self.pick(0, 1, 0.5, 2)
        if self.odds(0.5):
            spec["maximum"] = self.pick(4, 6.5, 8)
        if self.odds(0.4):
            spec["default"] = self.pick(2, 3, 4)
        return spec

    def integer(self, depth):
        if self.odds(0.4):
            values = self.random.sample([1, 2, 4, 6, 8], self.pick(1, 2, 3))
            return {"enum": values, **({"default": values[0]} if self.odds(0.5) else {})}
        return self.number(depth)

    def boolean(self, _):
        return {"default": self.odds(0.5)} if self.odds(0.5) else {}

    def array(self, depth):
        spec = {"items": self.parameter(depth + 1)}
        if self.odds(0.3):
            spec["minItems"] = self.pick(0, 1, 2)
        if self.odds(0.4):
            spec["maxItems"] = self.pick(2, 3, 4)
        return spec

    def object(self, depth):
        members = {name: self.parameter(depth + 1) for name in self.random.sample("xyz", self.pick(1, 2, 3))}
        spec = {"properties": members, "required": [name for name in members if self.odds(0.3)]}
        if self.odds(0.2):
            spec["additionalProperties"] = True
        return spec

    # Rules

    def paths(self, parameters):
        """Every name that a rule may use, with what it names."""
        found = []

        def walk(name, spec):
            found.append((name, spec))
            if spec.get("type") == "object":
                for member, inner in spec["properties"].items():
                    walk(f"{name}/{member}", inner)
            if spec.get("type") == "array":
                walk(f"{name}/*", spec["items"])

        for name, spec in parameters.items():
            walk(name, spec)
        return found

    def condition(self, paths, depth=0):
        form = self.random.random()
        if depth < 2 and form < 0.3:
            kind = self.pick("all", "any", "not")
            if kind == "not":
                return {"not": self.condition(paths, depth + 1)}
            return {kind: [self.condition(paths, depth + 1) for _ in range(self.pick(1, 2, 3))]}
        if form < 0.45:
            names = [name for name, _ in self.random.sample(paths, min(len(paths), self.pick(1, 2)))]
            word = self.pick("at_least", "at_most", "equals", "more_than", "less_than")
            return {"count": names, word: self.pick(0, 1, 2, 3)}
        name, spec = self.pick(*paths)
        values = self.values(spec)
        if form < 0.7 or not values:
            return {"parameter": name, "present": self.odds(0.6)}
        if spec.get("type") in ("integer", "number") and self.odds(0.5):
            return {"parameter": name, self.pick("at_least", "at_most", "more_than", "less_than"): self.pick(1, 2, 3.5, 4)}
        if self.odds(0.5):
            return {"parameter": name, "equals": self.pick(*values)}
        return {"parameter": name, "one_of": self.random.sample(values, min(len(values), 2))}

    def values(self, spec):
        """Some values that a parameter can have, for rules to name."""
        if "enum" in spec:
            return spec["enum"]
        kind = spec.get("type")
        if kind == "boolean":
            return [True, False]
        if kind in ("integer", "number"):
            low, high = spec.get("minimum", 0), spec.get("maximum", 9)
            return [value for value in (1, 2, 3, 4) if low <= value <= high]
        return []

    def consequence(self, paths):
        word = self.pick(
            "require", "forbid", "restrict", "restrict", "at_least_one", "exactly_one", "at_most_one", "exclusive",
            "total", "order", "ignored")
        some = [name for name, _ in self.random.sample(paths, min(len(paths), self.pick(1, 2, 3)))]
        if word == "restrict":
            name, spec = self.pick(*paths)
            return {"restrict": {"parameter": name, **self.bounds(spec)}}
        if word == "exclusive":
            pair = self.random.sample(paths, 2)
            return {"exclusive": [[pair[0][0]], [pair[1][0]] + some[:1]]}
        if word == "total":
            return {"total": {"of": some, **self.pick({"at_most": 2}, {"at_most": 3}, {"at_least": 1}, {"at_least": 2})}}
        if word == "order":
            numbers = [name for name, spec in paths if spec.get("type") in ("integer", "number")]
            return {"order": self.random.sample(numbers, 2)} if len(numbers) > 1 else {"ignored": some}
        elements = [name for name, _ in paths if "/*/" in name]
        if "one" in word and elements and self.odds(0.4):
            parent = self.pick(*elements).split("/*/")[0] + "/*/"
            some = [name for name in elements if name.startswith(parent)]
        return {word: some}

    def bounds(self, spec):
        values = self.values(spec)
        if values and self.odds(0.6):
            return {"enum": self.random.sample(values, 1)}
        kind = spec.get("type")
        if kind in ("integer", "number"):
            return self.pick({"minimum": 2}, {"maximum": 3}, {"minimum": 1, "maximum": 4})
        if kind == "array":
            return self.pick({"maxItems": 1}, {"minItems": 2})
        return self.pick({"maxLength": 1}, {"minLength": 2}, {"minLength": 1, "maxLength": 5})

    # Files

    def offering(self):
        parameters = {name: self.parameter() for name in self.random.sample("abcdefg", self.pick(3, 4, 5))}
        paths = self.paths(parameters)
        rules = []
        for number in range(self.pick(0, 1, 1, 2, 3) if len(paths) > 1 else 0):
            rule = {"id": f"r{number}", "text": TEXT, "then": self.consequence(paths)}
            if self.odds(0.7):
                rule["when"] = self.condition(paths)
            if self.odds(0.1):
                rule["severity"] = "warning"
            rules.append(rule)
        return {
            "models": {"lab/model": {}}, "operations": ["test"], "medium": "text", "source": "page",
            "parameters": parameters, "required": [name for name in parameters if self.odds(0.2)],
            "constraints": rules, "portable": {},
            "prices": [{"id": "p", "label": "p", "unit": "task", "rate": "1", "effective_from": "2026-11-21", **SOURCE}],
        }


def write_catalog(folder, random, count):
    """A catalog of so many offerings at three providers, whose requests have different shapes."""

    def write(path, document):
        path = folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document), encoding="utf-8")

    write("units.json", {"units": {"task": {"plural": "tasks", "about": "A task."}}})
    write("parameters.json", {"parameters": {}})
    write("models/lab/model.json", {"name": "Model", "medium": "text", "operations": ["test"]})
    model = {"model": {"type": "string"}}
    shapes = {
        "bare": {"model_at": None, "parameters_at": "", "envelope": {}, "required": []},
        "flat": {"model_at": "/model", "default_model": "o0", "parameters_at": "", "envelope": model, "required": []},
        "held": {"model_at": "/model", "parameters_at": "/input", "required": ["model"],
                 "envelope": {**model, "input": {"type": "object"}, "call": {"type": "string", "format": "http-url"}}},
    }
    inventor = Inventor(random)
    for id, shape in shapes.items():
        write(f"providers/{id}/provider.json", {
            "name": id, "plugin": id, "currency": "USD", "request": {**shape, "source": "page"},
            "pages": {"page": {"title": "Page", "checked_on": "2026-11-21"}},
        })
        for number in range(count // len(shapes)):
            write(f"providers/{id}/offerings/o{number}.json", {"name": f"o{number}", **inventor.offering()})
