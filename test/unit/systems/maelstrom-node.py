"""A node that speaks Maelstrom's messages: n1 holds the values, the others ask it. A thread each for reading and for
work, as real ones have. Its argument is a way in which it misbehaves."""

import json
import os
import queue
import sys
import threading

bug = sys.argv[1] if len(sys.argv) > 1 else None
lock = threading.Lock()
work = queue.Queue()
me = None
values = {}
asked, last = {}, 0


def say(dest, body):
    with lock:
        sys.stdout.write(json.dumps({"src": me, "dest": dest, "body": body}) + "\n")
        sys.stdout.flush()


def answer(body):
    key, kind = body["key"], body["type"]
    if kind == "write":
        values[key] = body["value"]
        return {"type": "write_ok"}
    if key not in values:
        return {"type": "error", "code": 20, "text": "no such key"}
    if kind == "read":
        return {"type": "read_ok", "value": values[key]}
    if values[key] != body["from"]:
        return {"type": "error", "code": 22, "text": "another value is there"}
    values[key] = body["to"]
    return {"type": "cas_ok"}


def act(src, body):
    global last
    kind = body["type"]
    if kind == "asked":
        say(src, {"type": "told", "of": body["of"], "body": answer(body["body"])})
    elif kind == "told":
        client, number = asked.pop(body["of"], (None, None))
        if client is not None:
            say(client, {**body["body"], "in_reply_to": number})
    elif bug == "invents" and kind == "read":
        say(src, {"type": "read_ok", "value": "nobody wrote this", "in_reply_to": body["msg_id"]})
    elif bug == "service":
        say("lin-kv", {"type": "read", "key": 1, "msg_id": 1})
    elif bug == "nonsense":
        print("debug: working", flush=True)
    elif bug == "dies":
        os._exit(7)
    elif me == "n1":
        say(src, {**answer(body), "in_reply_to": body["msg_id"]})
    else:
        last += 1
        asked[last] = (src, body["msg_id"])
        say("n1", {"type": "asked", "of": last, "body": body})


def worker():
    while True:
        act(*work.get())


threading.Thread(target=worker, daemon=True).start()
for line in sys.stdin:
    message = json.loads(line)
    if bug == "silent":
        continue
    if message["body"]["type"] == "init":
        me = message["body"]["node_id"]
        say(message["src"], {"type": "init_ok", "in_reply_to": message["body"]["msg_id"]})
    else:
        work.put((message["src"], message["body"]))
