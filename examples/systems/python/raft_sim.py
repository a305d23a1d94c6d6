"""Puts a Raft behind raft-sim: one JSON object a line on stdin, one back on stdout.

A server is a class with `start`, `tick`, `receive` and `propose`; it says what it wants by the methods of `Server`.
Nothing else may be written to stdout. docs/adapters/child.md says what each line means.
"""

import json
import sys


class Server:
    """What a server of yours derives from: its identity, and what it may want."""

    def __init__(self, node, nodes, seed, question):
        self.node, self.nodes, self.seed, self.question = node, nodes, seed, question
        self.effects = []

    def send(self, to, message, **claims):
        """Claims: name, reading (texts), term, acknowledges (numbers), grants (True or False)."""
        self.effects.append({"send": to, "message": message, **claims})

    def write(self, **write):
        """term, vote, state; `start`: where the first of `entries` goes; `ticket`: told when it is durable."""
        if "start" in write:
            write["from"] = write.pop("start")
        self.effects.append({"write": write})

    def apply(self, index, command, term=0):
        self.effects.append({"apply": index, "command": command, "term": term})

    def refuse(self, command, leader=0):
        self.effects.append({"refuse": command, "leader": leader})

    # What a server of yours has beside these; `now` is its own clock, in microseconds.

    def start(self, disk, now):
        raise NotImplementedError

    def tick(self, now):
        pass

    def timeout(self, timer, now):
        pass

    def receive(self, sender, message, now):
        raise NotImplementedError

    def propose(self, command, now):
        raise NotImplementedError

    def written(self, ticket, now):
        pass

    def state(self):
        """role, term, vote, leader, commit: whatever of it the system said that it shows."""
        return None


def serve(make, name, shows=(), tick_micros=0):
    """Answers questions until stdin ends; `make` is the class of your server."""
    servers = {}
    for line in sys.stdin:
        question = json.loads(line)
        do = question["do"]
        if do == "hello":
            answer = {"protocol": 1, "name": name, "shows": list(shows), "tickMicros": tick_micros}
        elif do == "forget":
            servers = {key: server for key, server in servers.items() if key[0] != question["cluster"]}
            answer = {}
        elif do == "stop":
            servers.pop((question["cluster"], question["node"]), None)
            answer = {}
        else:
            answer = step(servers, make, do, question)
        sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
        sys.stdout.flush()


def step(servers, make, do, question):
    key, now = (question["cluster"], question["node"]), question["now"]
    try:
        if do == "start":
            servers[key] = make(question["node"], question["nodes"], question["seed"], question)
        server = servers[key]
        server.effects = []
        if do == "start":
            server.start(question["disk"], now)
        elif do == "tick":
            server.tick(now)
        elif do == "timeout":
            server.timeout(question["timer"], now)
        elif do == "receive":
            server.receive(question["from"], question["message"], now)
        elif do == "propose":
            server.propose(question["command"], now)
        elif do == "written":
            server.written(question["ticket"], now)
    except Exception as error:  # an exception of a server is a finding, and the child goes on
        return {"error": f"{type(error).__name__}: {error}"}
    state = server.state()
    return {"effects": server.effects} if state is None else {"effects": server.effects, "state": state}
