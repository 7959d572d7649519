"""What `weakness` of an emitted app/settings.py says. stdin: its text and values, in JSON; stdout: a list, in JSON."""

import json
import sys

given = json.load(sys.stdin)
settings: dict[str, object] = {"__name__": "settings"}
exec(compile(given["settings"], "settings.py", "exec"), settings)
print(json.dumps([settings["weakness"](value) or "" for value in given["values"]]))
