//! TiKV's raft-rs (`raft` on crates.io) behind raft-sim, unmodified, as a child process that speaks in frames.
//!
//! Storage is asynchronous: each ready goes to the simulated disk with a ticket, and what raft-rs wants to say about it
//! leaves when the disk has it. The library draws election timeouts from the machine's chance, which nobody can seed: after
//! each call one takes its place that follows from the seed and what the server is.

use prost::Message as _;
use raft::eraftpb::{ConfState, Entry, HardState, Message, MessageType};
use raft::{storage::MemStorage, Config, RawNode, StateRole};
use raftsim::{Boot, Effects, Role, Server, State, System, Write};
use std::collections::VecDeque;

const TICK_MICROS: u32 = 10_000;

fn main() -> std::io::Result<()> {
    raftsim::serve(System {
        name: "raft-rs 0.7.0",
        shows: &["roles", "terms", "votes", "messages", "log", "commit", "disk"],
        tick_micros: TICK_MICROS,
        start: |boot, effects| Box::new(Tikv::new(boot, effects)),
    })
}

/// A ready whose write is on its way to the disk.
struct Waiting {
    ticket: u32,
    number: u64,
    messages: Vec<Message>,
}

struct Tikv {
    node: RawNode<MemStorage>,
    waiting: VecDeque<Waiting>,
    ticket: u32,
    /// Election timeouts, in ticks: the shortest, and how many there are.
    shortest: usize,
    spread: usize,
    seed: u32,
}

impl Tikv {
    fn new(b: Boot, effects: &mut Effects) -> Tikv {
        let voters = (1..=u64::from(b.nodes)).collect();
        let storage = MemStorage::new_with_conf_state(ConfState { voters, ..ConfState::default() });
        let entries: Vec<Entry> = (1..)
            .zip(&b.log)
            .map(|(index, e)| Entry { index, term: e.term.into(), data: e.data.clone(), ..Entry::default() })
            .collect();
        storage.wl().append(&entries).unwrap();
        if b.term > 0 {
            storage.wl().set_hardstate(HardState { term: b.term.into(), vote: b.vote.into(), commit: 0 });
        }
        let heartbeat_tick = (b.heartbeat_interval / TICK_MICROS).max(1) as usize;
        let shortest = ((b.election_min / TICK_MICROS) as usize).max(heartbeat_tick + 1);
        let spread = ((b.election_max.saturating_sub(b.election_min)) / TICK_MICROS).max(1) as usize;
        let config = Config {
            id: b.node.into(),
            election_tick: shortest,
            heartbeat_tick,
            min_election_tick: shortest,
            max_election_tick: shortest + spread,
            max_size_per_msg: 1 << 16,
            max_inflight_msgs: 64,
            pre_vote: b.pre_vote,
            check_quorum: b.check_quorum,
            ..Config::default()
        };
        let logger = slog::Logger::root(slog::Discard, slog::o!());
        let mut server = Tikv {
            node: RawNode::new(&config, storage, &logger).unwrap(),
            waiting: VecDeque::new(),
            ticket: 0,
            shortest,
            spread,
            seed: b.seed,
        };
        server.drain(effects);
        server
    }

    /// Does what raft-rs wants done, until it wants nothing more.
    fn drain(&mut self, effects: &mut Effects) {
        while self.node.has_ready() {
            let mut ready = self.node.ready();
            ready.messages().iter().for_each(|m| send(m, effects));
            let committed = ready.take_committed_entries();
            let messages = ready.take_persisted_messages();
            let number = ready.number();
            let is_write = ready.hs().is_some() || !ready.entries().is_empty();
            if is_write {
                self.write(ready.hs(), ready.entries(), effects);
            }
            if is_write || !messages.is_empty() && !self.waiting.is_empty() {
                // Messages wait behind the last write, their own or an older one.
                self.waiting.push_back(Waiting { ticket: self.ticket, number, messages });
                self.node.advance_append_async(ready);
            } else {
                self.node.advance_append_async(ready);
                if self.waiting.is_empty() {
                    self.node.on_persist_ready(number);
                }
                messages.iter().for_each(|m| send(m, effects));
            }
            for e in &committed {
                effects.apply(e.index as u32, e.term as u32, &e.data);
            }
            self.node.advance_apply();
        }
        let raft = &mut self.node.raft;
        let mut draw = self.seed ^ raft.term as u32 ^ (raft.leader_id as u32) << 24 ^ (raft.state as u32) << 28;
        for shift in [16, 15, 16] {
            draw = (draw ^ draw >> shift).wrapping_mul(0x7feb_352d);
        }
        raft.set_randomized_election_timeout(self.shortest + draw as usize % self.spread);
    }

    /// The library's own view changes at once; what is durable is the simulator's business.
    fn write(&mut self, head: Option<&HardState>, entries: &[Entry], effects: &mut Effects) {
        let mut storage = self.node.mut_store().wl();
        storage.append(entries).unwrap();
        if let Some(head) = head {
            storage.set_hardstate(head.clone());
        }
        drop(storage);
        self.ticket += 1;
        let written: Vec<raftsim::Entry> =
            entries.iter().map(|e| raftsim::Entry { term: e.term as u32, data: e.data.to_vec() }).collect();
        effects.write(Write {
            ticket: self.ticket,
            head: head.map(|h| (h.term as u32, h.vote as u32, &[][..])),
            from: entries.first().map_or(0, |e| e.index as u32),
            entries: &written,
        });
    }
}

impl Server for Tikv {
    fn tick(&mut self, effects: &mut Effects) {
        self.node.tick();
        self.drain(effects);
    }

    fn receive(&mut self, _: u32, message: &[u8], effects: &mut Effects) {
        let _ = self.node.step(Message::decode(message).unwrap()); // what does not fit is refused there
        self.drain(effects);
    }

    fn propose(&mut self, command: &[u8], effects: &mut Effects) {
        // A follower would send it on; a client goes to the leader itself.
        let leads = self.node.raft.state == StateRole::Leader;
        if !leads || self.node.propose(vec![], command.to_vec()).is_err() {
            effects.refuse(command, self.node.raft.leader_id as u32);
        }
        self.drain(effects);
    }

    fn written(&mut self, ticket: u32, effects: &mut Effects) {
        while self.waiting.front().is_some_and(|w| w.ticket <= ticket) {
            let Some(Waiting { number, messages, .. }) = self.waiting.pop_front() else { return };
            self.node.on_persist_ready(number);
            messages.iter().for_each(|m| send(m, effects));
        }
        self.drain(effects);
    }

    fn state(&self) -> State {
        let raft = &self.node.raft;
        State {
            role: match raft.state {
                StateRole::Follower => Role::Follower,
                StateRole::Candidate => Role::Candidate,
                StateRole::Leader => Role::Leader,
                StateRole::PreCandidate => Role::PreCandidate,
            },
            term: raft.term as u32,
            vote: raft.vote as u32,
            leader: raft.leader_id as u32,
            commit: raft.raft_log.committed as u32,
        }
    }
}

fn send(m: &Message, effects: &mut Effects) {
    let kind = m.msg_type();
    let reading = match kind {
        _ if m.reject => "refused".to_owned(),
        MessageType::MsgAppend => {
            format!("prev {}@{}, {} entries, commit {}", m.index, m.log_term, m.entries.len(), m.commit)
        }
        MessageType::MsgAppendResponse => format!("match {}", m.index),
        MessageType::MsgRequestVote | MessageType::MsgRequestPreVote => format!("last {}@{}", m.index, m.log_term),
        MessageType::MsgRequestVoteResponse | MessageType::MsgRequestPreVoteResponse => "granted".to_owned(),
        _ => format!("commit {}", m.commit),
    };
    // A pre-vote speaks of a term that its sender is not in.
    let is_pre = matches!(kind, MessageType::MsgRequestPreVote | MessageType::MsgRequestPreVoteResponse);
    effects.send(raftsim::Message {
        to: m.to as u32,
        bytes: &m.encode_to_vec(),
        name: &format!("{kind:?}"),
        reading: &reading,
        term: if is_pre { 0 } else { m.term as u32 },
        grants: kind == MessageType::MsgRequestVoteResponse && !m.reject,
        acknowledges: if kind == MessageType::MsgAppendResponse && !m.reject { m.index as u32 } else { 0 },
    });
}
