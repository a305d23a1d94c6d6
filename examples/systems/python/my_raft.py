"""A small Raft in Python, behind raft-sim: raft-sim run --system 'python3 examples/systems/python/my_raft.py'

Sections 5.1 to 5.4 of the paper. Time is counted in ticks of ten milliseconds; every write is durable before the
server goes on. `--bug NAME` makes it wrong on purpose: see BUGS.
"""

import random
import sys

from raft_sim import Server, serve

TICK_MICROS = 10_000
HEARTBEAT_TICKS = 4
ELECTION_TICKS = (15, 30)
BATCH = 20
BUGS = {
    "forgets-vote": "a vote is not on the disk when it is told (Figure 2)",
    "no-log-check": "a vote goes to a candidate whose log is behind (5.4.1)",
    "commits-older-term": "a leader commits an entry of an older term by counting (5.4.2, Figure 8)",
}
bug = sys.argv[sys.argv.index("--bug") + 1] if "--bug" in sys.argv else None


class Raft(Server):
    def start(self, disk, now):
        self.random = random.Random(self.seed)
        self.term, self.vote = disk["term"], disk["vote"]
        self.log = [(entry["term"], entry["data"]) for entry in disk["log"]]
        self.role, self.leader, self.commit, self.applied = "follower", 0, 0, 0
        self.wait()

    def state(self):
        return {"role": self.role, "term": self.term, "vote": self.vote, "leader": self.leader, "commit": self.commit}

    # Time

    def wait(self):
        self.elapsed, self.patience = 0, self.random.randint(*ELECTION_TICKS)

    def tick(self, now):
        self.elapsed += 1
        if self.role == "leader" and self.elapsed >= HEARTBEAT_TICKS:
            self.replicate()
        elif self.role != "leader" and self.elapsed >= self.patience:
            self.stand()

    # Elections (5.2)

    def stand(self):
        self.become(self.term + 1, vote=self.node)
        self.role, self.votes = "candidate", {self.node}
        self.wait()
        for peer in self.peers():
            last, last_term = self.last()
            message = {"kind": "ask", "term": self.term, "last": last, "lastTerm": last_term}
            self.send(peer, message, name="RequestVote", reading=f"last {last}@{last_term}", term=self.term)
        self.count()

    def on_ask(self, sender, m):
        free = self.vote in (0, sender)
        current = bug == "no-log-check" or (m["lastTerm"], m["last"]) >= self.last()[::-1]
        granted = m["term"] == self.term and free and current
        if granted:
            self.become(self.term, vote=sender)
            self.wait()
        self.send(sender, {"kind": "vote", "term": self.term, "granted": granted}, name="RequestVoteReply",
                  reading="granted" if granted else "refused", term=self.term, grants=granted)

    def on_vote(self, sender, m):
        if self.role == "candidate" and m["term"] == self.term and m["granted"]:
            self.votes.add(sender)
            self.count()

    def count(self):
        if len(self.votes) * 2 <= self.nodes:
            return
        self.role, self.leader = "leader", self.node
        self.next = {peer: len(self.log) + 1 for peer in self.peers()}
        self.match = {peer: 0 for peer in self.peers()}
        self.append("")

    # Replication (5.3)

    def propose(self, command, now):
        if self.role == "leader":
            self.append(command)
        else:
            self.refuse(command, self.leader)

    def append(self, command):
        self.log.append((self.term, command))
        self.write(start=len(self.log), entries=[{"term": self.term, "data": command}])
        self.advance()
        self.replicate()

    def replicate(self):
        self.elapsed = 0
        for peer in self.peers():
            self.replicate_to(peer)

    def replicate_to(self, peer):
        before = self.next[peer] - 1
        entries = self.log[before:before + BATCH]
        message = {"kind": "append", "term": self.term, "before": before, "beforeTerm": self.term_at(before),
                   "entries": entries, "commit": self.commit}
        reading = f"prev {before}@{self.term_at(before)} {len(entries)} entries commit {self.commit}"
        self.send(peer, message, name="AppendEntries", reading=reading, term=self.term)

    def on_append(self, sender, m):
        if m["term"] < self.term:
            return self.answer(sender, False, len(self.log))
        self.role, self.leader = "follower", sender
        self.wait()
        before = m["before"]
        if before > len(self.log) or self.term_at(before) != m["beforeTerm"]:
            return self.answer(sender, False, min(len(self.log), before - 1))
        for i, (term, command) in enumerate(m["entries"]):
            index = before + i + 1
            if index <= len(self.log) and self.term_at(index) == term:
                continue
            added = [tuple(entry) for entry in m["entries"][i:]]
            self.log[index - 1:] = added
            self.write(start=index, entries=[{"term": term, "data": data} for term, data in added])
            break
        end = before + len(m["entries"])
        self.commit_to(min(m["commit"], end))
        self.answer(sender, True, end)

    def answer(self, sender, ok, index):
        message = {"kind": "appended", "term": self.term, "ok": ok, "index": index}
        self.send(sender, message, name="AppendEntriesReply", reading=f"match {index}" if ok else f"no, try {index}",
                  term=self.term, acknowledges=index if ok else 0)

    def on_appended(self, sender, m):
        if self.role != "leader" or m["term"] != self.term:
            return
        if m["ok"]:
            self.match[sender] = max(self.match[sender], m["index"])
            self.next[sender] = self.match[sender] + 1
            self.advance()
        else:
            self.next[sender] = max(1, min(self.next[sender] - 1, m["index"] + 1))
            self.replicate_to(sender)

    def advance(self):
        durable = sorted([*self.match.values(), len(self.log)])[(self.nodes - 1) // 2]
        if bug == "commits-older-term" or self.term_at(durable) == self.term:  # 5.4.2
            self.commit_to(durable)

    def commit_to(self, index):
        self.commit = max(self.commit, index)
        while self.applied < self.commit:
            self.applied += 1
            term, command = self.log[self.applied - 1]
            self.apply(self.applied, command, term)

    # All servers

    def receive(self, sender, m, now):
        if m["term"] > self.term:
            self.become(m["term"], vote=0)
            self.role, self.leader = "follower", 0
        {"ask": self.on_ask, "vote": self.on_vote, "append": self.on_append, "appended": self.on_appended}[m["kind"]](sender, m)

    def become(self, term, vote):
        if (term, vote) == (self.term, self.vote):
            return
        forgotten = bug == "forgets-vote" and term == self.term
        self.term, self.vote = term, vote
        if not forgotten:
            self.write(term=term, vote=vote)

    def peers(self):
        return [peer for peer in range(1, self.nodes + 1) if peer != self.node]

    def last(self):
        return len(self.log), self.term_at(len(self.log))

    def term_at(self, index):
        return self.log[index - 1][0] if index > 0 else 0


if __name__ == "__main__":
    serve(Raft, "a small Raft in Python", tick_micros=TICK_MICROS,
          shows=("roles", "terms", "votes", "messages", "log", "commit", "disk"))
