"""Importing and using metaharmon opens no socket, not even a local one, and imports nothing that would."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest

import shipped
import sockets
from metaharmon.files.jsontext import dumps

WATCHED = """
import json, sys
opened = []
def hook(event, args):
    if event in EVENTS:
        opened.append(event)
sys.addaudithook(hook)
CODE
print(json.dumps([opened, sorted(m for m in ("requests", "urllib3", "aiohttp") if m in sys.modules)]))
"""
USE = """
import metaharmon as mh
from metaharmon.files.jsontext import loads
d = mh.load(NAME)
for text in RECORDS:
    record = loads(text, "record")
    d.reading(record, explain=True)
    mh.translator(d, d)(record)
mh.check(MAPPING)
"""


def _watched(code: str) -> tuple[list[str], list[str]]:
    """The sockets that some code opens in a process of its own, and the modules that it imports of those that would."""
    whole = WATCHED.replace("EVENTS", repr(set(sockets.EVENTS))).replace("CODE", code)
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True)
    opened, modules = json.loads(done.stdout.splitlines()[-1])
    return opened, modules


def _use(name: str) -> str:
    records = [dumps(record) for record in shipped.example_records(name)]
    assert records
    mapping = str(shipped.MAPPINGS / f"{name}.yaml")
    return USE.replace("NAME", repr(name)).replace("RECORDS", repr(records)).replace("MAPPING", repr(mapping))


def test_the_hook_sees_a_socket() -> None:
    """What holds the whole suite does see one."""
    socket.socket().close()
    assert any(one.startswith("socket.__new__") for one in sockets.taken())
    with sockets.allowed():
        socket.socket().close()
    assert sockets.taken() == []


def test_every_module_is_imported_without_a_socket() -> None:
    code = """
import importlib, pkgutil, metaharmon
for module in pkgutil.walk_packages(metaharmon.__path__, "metaharmon."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
    assert _watched(code) == ([], [])


@pytest.mark.parametrize("name", ["cn-hangzhou", "ckan", "dataocean-sheet"])
def test_using_a_dialect_opens_no_socket(name: str) -> None:
    assert _watched(_use(name)) == ([], [])


@pytest.mark.parametrize("name", ["dcat-ap-3", "croissant-1.1", "schema-org"])
def test_using_a_dialect_of_json_ld_opens_no_socket(name: str) -> None:
    pytest.importorskip("pyld")
    assert _watched(_use(name)) == ([], [])


def test_a_host_program_finds_the_loader_of_pyld() -> None:
    """Its loader of the web is made when it is first needed, not when metaharmon imports pyld."""
    pytest.importorskip("pyld")
    code = (
        "import sys, metaharmon as mh;"
        "record = {'@context': 'https://schema.org/', '@type': 'Dataset', 'name': 'x'};"
        "mh.load('schema-org').read(record);"
        "from pyld import jsonld; assert 'requests' not in sys.modules;"
        "jsonld.requests_document_loader = lambda: lambda url, options=None: ('asked', url);"
        "assert jsonld.get_document_loader()('https://a.example/') == ('asked', 'https://a.example/');"
        "assert jsonld.get_document_loader()('https://b.example/') == ('asked', 'https://b.example/');"
        "import pyld.documentloader.requests"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
