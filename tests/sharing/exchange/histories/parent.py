"""What every process of a history needs, loaded once in the process that all are forked from.

A door that was killed opens again within milliseconds, and is no less a process of its own.
"""

import importlib

import uvicorn
from fastapi import FastAPI

from tipbridge.web.language import Language
from tipbridge.web.shell import environment

for name in ("tests.sharing.exchange.histories.seeds", "tests.sharing.net", "uvicorn.loops.auto"):
    importlib.import_module(name)
for language in Language:
    environment(language)
uvicorn.Config(FastAPI(), lifespan="off").load()
