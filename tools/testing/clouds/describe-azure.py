"""Reads Azure's Python packages as text and writes what they say of its management API as JSON.

usage: describe-azure.py DIRECTORY FILE

operations: method, path, version of the API, names of query parameters and headers, model of the body
models:     by name, of ContainerService: base, and by their names on the wire the fields with type, required, readOnly
enums:      by name, of ContainerService: the known values
"""

import ast
import json
import sys
from pathlib import Path

SERVICES = {
    "authorization/v2022_04_01": False,
    "compute": False,
    "containerservice": True,
    "network": False,
    "resource/resources": False,
    "resource/subscriptions": False,
}


def text_of(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def operation_of(function):
    """A builder of requests, as the generator of the packages writes them."""
    operation = {"name": function.name[len("build_") : -len("_request")], "query": [], "headers": []}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id == "_url":
                paths = [text for text in map(text_of, ast.walk(node.value)) if text and text.startswith("/")]
                if paths:
                    operation["path"] = paths[0]
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                kind = {"_params": "query", "_headers": "headers"}.get(target.value.id)
                if kind and text_of(target.slice):
                    operation[kind].append(text_of(target.slice))
        if isinstance(node, ast.Call):
            arguments = [text_of(argument) for argument in node.args]
            if arguments and arguments[0] == "api-version" and len(arguments) == 2:
                operation["apiVersion"] = arguments[1]
            for keyword in node.keywords:
                if keyword.arg == "method" and text_of(keyword.value):
                    operation["method"] = text_of(keyword.value)
    return operation


def bodies_of(tree):
    """By the name of a builder: the model of the body, from the operations' signatures."""
    bodies = {}
    for group in tree.body:
        if not isinstance(group, ast.ClassDef) or not group.name.endswith("Operations"):
            continue
        prefix = snake(group.name[: -len("Operations")])
        for method in group.body:
            if not isinstance(method, ast.FunctionDef):
                continue
            name = method.name[len("begin_") :] if method.name.startswith("begin_") else method.name
            for argument in method.args.args:
                annotation = argument.annotation
                if isinstance(annotation, ast.Attribute) and getattr(annotation.value, "id", "") == "_models":
                    bodies[f"{prefix}_{name}"] = annotation.attr
    return bodies


def type_of(node):
    """{"optional": T}, {"list": T}, {"map": T}, {"model": name}, {"enum": name}, or the name of a plain type"""
    if text_of(node):
        node = ast.parse(text_of(node), mode="eval").body
    if isinstance(node, ast.Attribute):
        return {"model": node.attr} if getattr(node.value, "id", "") == "_models" else node.attr
    if isinstance(node, ast.Name):
        return node.id
    of = node.slice
    parts = of.elts if isinstance(of, ast.Tuple) else [of]
    kind = node.value.id
    if kind == "Optional":
        return {"optional": type_of(of)}
    if kind in ("list", "List"):
        return {"list": type_of(of)}
    if kind in ("dict", "Dict"):
        return {"map": type_of(parts[1])}
    if kind == "Union":
        return {"enum": type_of(parts[1])["model"]}
    if kind == "Literal":
        return {"literal": text_of(parts[0]) or ast.unparse(parts[0])}
    raise ValueError(ast.unparse(node))


def model_of(definition):
    fields = {}
    for node in definition.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.value, ast.Call):
            continue
        if getattr(node.value.func, "id", "") not in ("rest_field", "rest_discriminator"):
            continue
        keywords = {keyword.arg: keyword.value for keyword in node.value.keywords}
        found = type_of(node.annotation)
        optional = isinstance(found, dict) and "optional" in found
        read_only = "visibility" in keywords and ast.literal_eval(keywords["visibility"]) == ["read"]
        field = {"type": found["optional"] if optional else found}
        if read_only:
            field["readOnly"] = True
        elif not optional:
            field["required"] = True
        fields[text_of(keywords.get("name")) or node.target.id] = field
    bases = [base.id for base in definition.bases if isinstance(base, ast.Name) and base.id != "_Model"]
    return {"bases": bases, "fields": fields}


def enum_of(definition):
    return [text_of(node.value) for node in definition.body if isinstance(node, ast.Assign) and text_of(node.value)]


def parse(path):
    return ast.parse(path.read_text())


def main(directory, target):
    description = {"operations": [], "models": {}, "enums": {}}
    for service, with_models in SERVICES.items():
        package = Path(directory) / "azure" / "mgmt" / service
        for path in sorted((package / "operations").glob("*operations.py")):
            tree = parse(path)
            bodies = bodies_of(tree) if with_models else {}
            # The older ones have a file for each group of operations.
            group = path.stem.strip("_").removesuffix("operations")
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("build_") and node.name.endswith("_request"):
                    operation = operation_of(node)
                    body = bodies.get(operation["name"])
                    operation["name"] = f"{service.split('/')[0]} {group}{operation['name']}"
                    if body and operation["method"] in ("PUT", "POST", "PATCH"):
                        operation["body"] = body
                    description["operations"].append(operation)
        if not with_models:
            continue
        for node in parse(package / "models" / "_models.py").body:
            if isinstance(node, ast.ClassDef):
                description["models"][node.name] = model_of(node)
        for node in parse(package / "models" / "_enums.py").body:
            if isinstance(node, ast.ClassDef):
                description["enums"][node.name] = enum_of(node)
    Path(target).write_text(json.dumps(description))


main(*sys.argv[1:])
