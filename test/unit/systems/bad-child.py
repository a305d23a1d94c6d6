"""A system that misbehaves from its tenth question on, in the way that its argument names."""

import json
import os
import sys

mode = sys.argv[1]
count = 0
for line in sys.stdin:
    question = json.loads(line)
    count += 1
    answer = {}
    if question["do"] == "hello":
        answer = {"protocol": 2 if mode == "version" else 1, "name": "bad", "tickMicros": 10_000}
        if mode == "shows":
            answer["shows"] = ["roles", "everything"]
    elif count > 10:
        if mode == "hang":
            while True:
                pass
        if mode == "die":
            print("boom", file=sys.stderr, flush=True)
            os._exit(3)
        if mode == "nonsense":
            print("hello world", flush=True)
            continue
        if mode == "giant":
            sys.stdout.write("x" * (40 << 20))
            sys.stdout.flush()
            continue
        if mode == "between":
            print("debug", flush=True)
        answer = {
            "self": {"effects": [{"send": question["node"], "message": 1}]},
            "nobody": {"effects": [{"send": 9, "message": 1}]},
            "text": {"effects": [{"send": "n2"}]},
            "effect": {"effects": [{"sned": 2}]},
            "order": {"effects": [{"apply": 5, "command": "x"}]},
            "log": {"effects": [{"write": {"from": 7, "entries": [{"term": 1, "data": "x"}]}}]},
            "role": {"state": {"role": "boss"}},
            "vote": {"state": {"role": "leader", "vote": 12}},
            "throw": {"error": "ValueError: oops"},
        }.get(mode, {})
    print(json.dumps(answer), flush=True)
