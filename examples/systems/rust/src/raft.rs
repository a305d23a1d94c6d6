//! A small Raft in Rust, behind raft-sim: sections 5.1 to 5.4 of the paper, every write durable at once.
//!
//!     cargo build --release
//!     raft-sim run --system ./target/release/raft --nodes 3
//!
//! Where the target is installed, it is a WebAssembly module as well:
//!
//!     cargo build --release --lib --target wasm32-unknown-unknown

use raftsim::{Boot, Effects, Entry, Message, Role, Server, State, System, Write};
use std::collections::HashSet;

const TICK_MICROS: u32 = 10_000;
const HEARTBEAT_TICKS: u32 = 4;
const ELECTION_TICKS: u32 = 15;
const BATCH: usize = 20;

pub const SYSTEM: System = System {
    name: "a small Raft in Rust",
    shows: &["roles", "terms", "votes", "messages", "log", "commit", "disk"],
    tick_micros: TICK_MICROS,
    start: |boot, _| Box::new(Raft::new(boot)),
};

raftsim::module!(SYSTEM);

/// What servers say to each other. On the wire: the kind, the fields as numbers, then the entries.
enum Word {
    Ask { last: u32, last_term: u32 },
    Vote { granted: bool },
    Append { before: u32, before_term: u32, commit: u32, entries: Vec<Entry> },
    Appended { ok: bool, index: u32 },
}

struct Raft {
    me: u32,
    nodes: u32,
    state: State,
    log: Vec<Entry>,
    applied: u32,
    elapsed: u32,
    patience: u32,
    chance: u32,
    votes: HashSet<u32>,
    /// By node, from 1.
    next: Vec<u32>,
    matched: Vec<u32>,
}

impl Raft {
    fn new(b: Boot) -> Raft {
        let places = b.nodes as usize + 1;
        let mut raft = Raft {
            me: b.node,
            nodes: b.nodes,
            state: State { term: b.term, vote: b.vote, ..State::default() },
            log: b.log,
            applied: 0,
            elapsed: 0,
            patience: 0,
            chance: b.seed | 1,
            votes: HashSet::new(),
            next: vec![1; places],
            matched: vec![0; places],
        };
        raft.wait();
        raft
    }

    fn wait(&mut self) {
        for shift in [13, 17, 5] {
            // xorshift32; the middle one goes the other way
            self.chance ^= if shift == 17 { self.chance >> shift } else { self.chance << shift };
        }
        (self.elapsed, self.patience) = (0, ELECTION_TICKS + self.chance % ELECTION_TICKS);
    }

    fn peers(&self) -> impl Iterator<Item = u32> {
        let me = self.me;
        (1..=self.nodes).filter(move |&peer| peer != me)
    }

    fn end(&self) -> u32 {
        self.log.len() as u32
    }

    fn term_at(&self, index: u32) -> u32 {
        if index == 0 { 0 } else { self.log[index as usize - 1].term }
    }

    // Elections (5.2)

    fn stand(&mut self, out: &mut Effects) {
        self.adopt(self.state.term + 1, self.me, out);
        (self.state.role, self.state.leader) = (Role::Candidate, 0);
        self.votes = HashSet::from([self.me]);
        self.wait();
        let (last, last_term) = (self.end(), self.term_at(self.end()));
        for peer in self.peers() {
            self.send(peer, Word::Ask { last, last_term }, out);
        }
        self.count(out);
    }

    fn count(&mut self, out: &mut Effects) {
        if self.votes.len() as u32 * 2 <= self.nodes {
            return;
        }
        (self.state.role, self.state.leader) = (Role::Leader, self.me);
        let next = self.end() + 1;
        self.next.fill(next);
        self.matched.fill(0);
        self.append(&[], out);
    }

    // Replication (5.3)

    fn append(&mut self, data: &[u8], out: &mut Effects) {
        self.log.push(Entry { term: self.state.term, data: data.to_vec() });
        self.write_from(self.end(), out);
        self.advance(out);
        self.replicate(out);
    }

    fn write_from(&self, from: u32, out: &mut Effects) {
        out.write(Write { from, entries: &self.log[from as usize - 1..], ..Write::default() });
    }

    fn replicate(&mut self, out: &mut Effects) {
        self.elapsed = 0;
        self.peers().for_each(|peer| self.replicate_to(peer, out));
    }

    fn replicate_to(&self, peer: u32, out: &mut Effects) {
        let before = self.next[peer as usize] - 1;
        let entries = self.log[before as usize..].iter().take(BATCH).cloned().collect();
        let word = Word::Append { before, before_term: self.term_at(before), commit: self.state.commit, entries };
        self.send(peer, word, out);
    }

    fn advance(&mut self, out: &mut Effects) {
        let mut durable: Vec<u32> = self.peers().map(|peer| self.matched[peer as usize]).collect();
        durable.push(self.end());
        durable.sort_unstable();
        let index = durable[(self.nodes as usize - 1) / 2];
        if self.term_at(index) == self.state.term {
            self.commit_to(index, out); // 5.4.2
        }
    }

    fn commit_to(&mut self, index: u32, out: &mut Effects) {
        self.state.commit = self.state.commit.max(index);
        while self.applied < self.state.commit {
            let Entry { term, data } = &self.log[self.applied as usize];
            self.applied += 1;
            out.apply(self.applied, *term, data);
        }
    }

    fn append_from(&mut self, from: u32, term: u32, word: (u32, u32, u32, Vec<Entry>), out: &mut Effects) {
        let (before, before_term, commit, entries) = word;
        if term < self.state.term {
            return self.send(from, Word::Appended { ok: false, index: self.end() }, out);
        }
        (self.state.role, self.state.leader) = (Role::Follower, from);
        self.wait();
        if before > self.end() || self.term_at(before) != before_term {
            let index = self.end().min(before.max(1) - 1);
            return self.send(from, Word::Appended { ok: false, index }, out);
        }
        let index = before + entries.len() as u32;
        let known = |(i, e): (usize, &Entry)| self.log.get(before as usize + i).is_some_and(|mine| mine.term == e.term);
        let same = entries.iter().enumerate().take_while(|&one| known(one)).count();
        if same < entries.len() {
            self.log.truncate(before as usize + same);
            self.log.extend_from_slice(&entries[same..]);
            self.write_from(before + same as u32 + 1, out);
        }
        self.commit_to(commit.min(index), out);
        self.send(from, Word::Appended { ok: true, index }, out);
    }

    // All servers (5.1)

    fn adopt(&mut self, term: u32, vote: u32, out: &mut Effects) {
        if (term, vote) != (self.state.term, self.state.vote) {
            (self.state.term, self.state.vote) = (term, vote);
            out.write(Write { head: Some((term, vote, &[])), ..Write::default() });
        }
    }

    fn send(&self, to: u32, word: Word, out: &mut Effects) {
        let term = self.state.term;
        let (mut grants, mut acknowledges) = (false, 0);
        let (name, reading, numbers, entries) = match word {
            Word::Ask { last, last_term } => {
                ("RequestVote", format!("last {last}@{last_term}"), [0, last, last_term, 0], vec![])
            }
            Word::Vote { granted } => {
                grants = granted;
                ("RequestVoteReply", format!("granted {granted}"), [1, granted as u32, 0, 0], vec![])
            }
            Word::Append { before, before_term, commit, entries } => {
                let reading = format!("prev {before}@{before_term}, {} entries, commit {commit}", entries.len());
                ("AppendEntries", reading, [2, before, before_term, commit], entries)
            }
            Word::Appended { ok, index } => {
                acknowledges = if ok { index } else { 0 };
                ("AppendEntriesReply", format!("{ok}, {index}"), [3, ok as u32, index, 0], vec![])
            }
        };
        let mut bytes = Vec::new();
        [term].iter().chain(&numbers).for_each(|number| bytes.extend(number.to_le_bytes()));
        for e in entries {
            bytes.extend(e.term.to_le_bytes());
            bytes.extend((e.data.len() as u32).to_le_bytes());
            bytes.extend(e.data);
        }
        out.send(Message { to, bytes: &bytes, name, reading: &reading, term, grants, acknowledges });
    }
}

/// The term of a message, and the rest of it.
fn read(mut bytes: &[u8]) -> (u32, Word) {
    let number = |bytes: &mut &[u8]| {
        let (head, rest) = bytes.split_at(4);
        *bytes = rest;
        u32::from_le_bytes(head.try_into().unwrap())
    };
    let [term, kind, a, b, c] = [(); 5].map(|()| number(&mut bytes));
    let word = match kind {
        0 => Word::Ask { last: a, last_term: b },
        1 => Word::Vote { granted: a != 0 },
        3 => Word::Appended { ok: a != 0, index: b },
        _ => {
            let mut entries = Vec::new();
            while !bytes.is_empty() {
                let (term, length) = (number(&mut bytes), number(&mut bytes) as usize);
                entries.push(Entry { term, data: bytes[..length].to_vec() });
                bytes = &bytes[length..];
            }
            Word::Append { before: a, before_term: b, commit: c, entries }
        }
    };
    (term, word)
}

impl Server for Raft {
    fn tick(&mut self, out: &mut Effects) {
        self.elapsed += 1;
        if self.state.role == Role::Leader && self.elapsed >= HEARTBEAT_TICKS {
            self.replicate(out);
        } else if self.state.role != Role::Leader && self.elapsed >= self.patience {
            self.stand(out);
        }
    }

    fn receive(&mut self, from: u32, message: &[u8], out: &mut Effects) {
        let (term, word) = read(message);
        if term > self.state.term {
            self.adopt(term, 0, out);
            (self.state.role, self.state.leader) = (Role::Follower, 0);
        }
        let is_current = term == self.state.term;
        match word {
            Word::Ask { last, last_term } => {
                let mine = (self.term_at(self.end()), self.end());
                let is_free = self.state.vote == 0 || self.state.vote == from;
                let granted = is_current && is_free && (last_term, last) >= mine;
                if granted {
                    self.adopt(term, from, out);
                    self.wait();
                }
                self.send(from, Word::Vote { granted }, out);
            }
            Word::Vote { granted } => {
                if self.state.role == Role::Candidate && is_current && granted {
                    self.votes.insert(from);
                    self.count(out);
                }
            }
            Word::Append { before, before_term, commit, entries } => {
                self.append_from(from, term, (before, before_term, commit, entries), out)
            }
            Word::Appended { ok, index } => {
                if self.state.role != Role::Leader || !is_current {
                    return;
                }
                let peer = from as usize;
                if ok {
                    self.matched[peer] = self.matched[peer].max(index);
                    self.next[peer] = self.matched[peer] + 1;
                    self.advance(out);
                } else {
                    self.next[peer] = (self.next[peer] - 1).min(index + 1).max(1);
                    self.replicate_to(from, out);
                }
            }
        }
    }

    fn propose(&mut self, command: &[u8], out: &mut Effects) {
        if self.state.role == Role::Leader {
            self.append(command, out);
        } else {
            out.refuse(command, self.state.leader);
        }
    }

    fn state(&self) -> State {
        self.state
    }
}
