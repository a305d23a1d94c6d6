"""A system that misbehaves from its tenth question on, in the way that its argument names."""

import json
import os
import sys
import time

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
        if mode in ("claims", "commit"):
            answer["shows"] = ["roles", "log", "commit"]
        if mode == "boot":
            while True:
                pass
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
        if mode == "64-mib":
            sys.stdout.write('{"x":"' + "x" * (64 << 20) + '"}\n')
            sys.stdout.flush()
            continue
        if mode in ("fork", "fork-and-die") and count == 11 and os.fork() == 0:
            time.sleep(3)  # and holds the pipes open
            os._exit(0)
        if mode == "fork-and-die":
            os._exit(4)
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
    if mode == "commit" and question["do"] not in ("hello", "stop", "forget"):
        answer = {"state": {"role": "leader" if count > 10 else "follower", "term": 1, "commit": 5 if count > 10 else 0}}
    print(json.dumps(answer), flush=True)
