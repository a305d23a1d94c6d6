//! Puts a Raft in Rust behind raft-sim: as a child process that speaks in frames, or as a WebAssembly module.
//!
//!     cargo build --release && raft-sim run --system ./target/release/raft
//!
//! Implement [`Server`] and say what it is by [`System`]. A child calls [`serve`] in `main`; a module has
//! `raftsim::module!(SYSTEM);` in its library. docs/adapters/child.md and wasm.md say what the bytes mean. A server must
//! have no clock, thread or random number of its own that decides anything: [`Boot::seed`] is its chance.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// What a system says of itself before it runs.
#[derive(Clone, Copy)]
pub struct System {
    /// With a version; no quotes in it.
    pub name: &'static str,
    /// roles, terms, votes, messages, log, commit, disk, timers; see docs/adapters/README.md.
    pub shows: &'static [&'static str],
    /// How often `tick` is called, in microseconds of the server's clock; 0: it arms timers instead.
    pub tick_micros: u32,
    /// A server boots.
    pub start: fn(Boot, &mut Effects) -> Box<dyn Server>,
}

/// A server; nodes count from 1. What it wants, it says by its effects, in order.
pub trait Server {
    fn tick(&mut self, _: &mut Effects) {}
    fn timeout(&mut self, _: Timer, _: &mut Effects) {}
    /// A message may come late, twice, out of order, or never.
    fn receive(&mut self, from: u32, message: &[u8], effects: &mut Effects);
    fn propose(&mut self, command: &[u8], effects: &mut Effects);
    /// A write with a ticket is durable, and so are those before it.
    fn written(&mut self, _ticket: u32, _: &mut Effects) {}
    fn state(&self) -> State;
}

/// An entry of a log; `data` of a client's command is a short text, empty for a no-op.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    pub term: u32,
    pub data: Vec<u8>,
}

/// What a server finds when it starts; times are microseconds.
#[derive(Clone, Debug, Default)]
pub struct Boot {
    pub node: u32,
    pub nodes: u32,
    pub election_min: u32,
    pub election_max: u32,
    pub heartbeat_interval: u32,
    pub pre_vote: bool,
    pub check_quorum: bool,
    pub term: u32,
    /// 0: nobody.
    pub vote: u32,
    pub state: Vec<u8>,
    pub log: Vec<Entry>,
    /// The only chance that a server may have: another one in each life.
    pub seed: u32,
}

/// What leaves a server; what stands beside its bytes are claims, each of which a promise may hold it to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Message<'a> {
    pub to: u32,
    pub bytes: &'a [u8],
    pub name: &'a str,
    pub reading: &'a str,
    pub term: u32,
    pub grants: bool,
    pub acknowledges: u32,
}

/// Goes to the disk: without a ticket it is durable at once; with one, `written` comes later.
#[derive(Clone, Copy, Debug, Default)]
pub struct Write<'a> {
    pub ticket: u32,
    /// Term, vote and a state of yours.
    pub head: Option<(u32, u32, &'a [u8])>,
    /// Where the first of `entries` goes; everything from there on is cut. 0: the log stays as it is.
    pub from: u32,
    pub entries: &'a [Entry],
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    Follower = 0,
    Candidate = 1,
    Leader = 2,
    PreCandidate = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    Election = 0,
    Heartbeat = 1,
}

/// What a server shows of itself; 0 is nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    pub role: Role,
    pub term: u32,
    pub vote: u32,
    pub leader: u32,
    pub commit: u32,
}

/// What a server wants, in order.
#[derive(Default)]
pub struct Effects(Vec<u8>);

impl Effects {
    pub fn send(&mut self, m: Message) {
        self.0.extend([1, m.to as u8, m.grants as u8]);
        self.u32(m.term);
        self.u32(m.acknowledges);
        self.bytes(m.name.as_bytes());
        self.bytes(m.reading.as_bytes());
        self.bytes(m.bytes);
    }

    pub fn write(&mut self, w: Write) {
        let (term, vote, state) = w.head.unwrap_or_default();
        self.0.push(2);
        self.u32(w.ticket);
        self.0.push(w.head.is_some() as u8);
        self.u32(term);
        self.u32(vote);
        self.bytes(state);
        self.u32(w.from);
        self.u32(w.entries.len() as u32);
        for e in w.entries {
            self.u32(e.term);
            self.bytes(&e.data);
        }
    }

    /// The entry at an index was committed, and is executed: in order, each once a life.
    pub fn apply(&mut self, index: u32, term: u32, data: &[u8]) {
        self.0.push(3);
        self.u32(index);
        self.u32(term);
        self.bytes(data);
    }

    /// A command is not taken; leader 0: nobody knows who leads.
    pub fn refuse(&mut self, command: &[u8], leader: u32) {
        self.0.push(4);
        self.bytes(command);
        self.u32(leader);
    }

    pub fn arm(&mut self, timer: Timer) {
        self.0.extend([5, timer as u8]);
    }

    pub fn disarm(&mut self, timer: Timer) {
        self.0.extend([6, timer as u8]);
    }

    /// The server stops by itself, as after a disk that failed.
    pub fn halt(&mut self, reason: &str) {
        self.0.push(7);
        self.bytes(reason.as_bytes());
    }

    fn state(&mut self, s: State) {
        self.0.extend([8, s.role as u8]);
        for value in [s.term, s.vote, s.leader, s.commit] {
            self.u32(value);
        }
    }

    fn error(&mut self, text: &str) {
        self.0.push(9);
        self.bytes(text.as_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.u32(bytes.len() as u32);
        self.0.extend(bytes);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn u32(&mut self) -> u32 {
        let (head, rest) = self.0.split_at(4);
        self.0 = rest;
        u32::from_le_bytes(head.try_into().unwrap())
    }

    fn bytes(&mut self) -> &'a [u8] {
        let n = self.u32() as usize;
        let (head, rest) = self.0.split_at(n);
        self.0 = rest;
        head
    }

    fn boot(&mut self) -> Boot {
        let mut b = Boot { node: self.u32(), nodes: self.u32(), ..Boot::default() };
        (b.election_min, b.election_max, b.heartbeat_interval) = (self.u32(), self.u32(), self.u32());
        let wishes = self.u32();
        (b.pre_vote, b.check_quorum) = (wishes & 1 != 0, wishes & 2 != 0);
        (b.term, b.vote, b.state) = (self.u32(), self.u32(), self.bytes().to_vec());
        for _ in 0..self.u32() {
            b.log.push(Entry { term: self.u32(), data: self.bytes().to_vec() });
        }
        b.seed = self.u32();
        b
    }
}

const START: u32 = 2;
const STOP: u32 = 8;
const FORGET: u32 = 9;

/// Acts on one question.
fn answer(system: &System, server: &mut Option<Box<dyn Server>>, question: u32, body: &[u8], out: &mut Effects) {
    let mut r = Reader(body);
    if question == START {
        *server = Some((system.start)(r.boot(), out));
    }
    let Some(server) = server else { return out.error("no such server") };
    match question {
        3 => server.tick(out),
        4 => server.timeout(if r.u32() == 0 { Timer::Election } else { Timer::Heartbeat }, out),
        5 => {
            let from = r.u32();
            server.receive(from, r.bytes(), out)
        }
        6 => server.propose(r.bytes(), out),
        7 => server.written(r.u32(), out),
        _ => {}
    }
    out.state(server.state());
}

/// Answers questions over stdin and stdout until stdin ends. A panic of a server is a finding, and the child goes on.
pub fn serve(system: System) -> io::Result<()> {
    let mut input = BufReader::new(io::stdin().lock());
    let mut output = io::stdout().lock();
    input.read_line(&mut String::new())?;
    let System { name, shows, tick_micros, .. } = system;
    writeln!(output, r#"{{"protocol":1,"name":"{name}","shows":{shows:?},"tickMicros":{tick_micros},"frames":true}}"#)?;
    output.flush()?;
    let mut servers: HashMap<(u32, u32), Option<Box<dyn Server>>> = HashMap::new();
    let mut length = [0; 4];
    let mut frame = Vec::new();
    while input.read_exact(&mut length).is_ok() {
        frame.resize(u32::from_le_bytes(length) as usize, 0);
        input.read_exact(&mut frame)?;
        let mut r = Reader(&frame);
        let (cluster, node, question, _now_low, _now_high) = (r.u32(), r.u32(), r.u32(), r.u32(), r.u32());
        let mut out = Effects(vec![0; 4]);
        match question {
            STOP => drop(servers.remove(&(cluster, node))),
            FORGET => servers.retain(|key, _| key.0 != cluster),
            _ => {
                let server = servers.entry((cluster, node)).or_default();
                let done = catch_unwind(AssertUnwindSafe(|| answer(&system, server, question, r.0, &mut out)));
                if let Err(panic) = done {
                    let text = panic.downcast_ref::<String>().map(String::as_str);
                    out.error(text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a panic"));
                }
            }
        }
        let bytes = (out.0.len() as u32 - 4).to_le_bytes();
        out.0[..4].copy_from_slice(&bytes);
        output.write_all(&out.0)?;
        output.flush()?;
    }
    Ok(())
}

/// What a module keeps between two calls.
#[doc(hidden)]
#[derive(Default)]
pub struct Module {
    server: Option<Box<dyn Server>>,
    input: Vec<u8>,
    out: Effects,
}

impl Module {
    pub fn input(&mut self, length: u32) -> *mut u8 {
        self.input.resize(length as usize, 0);
        self.input.as_mut_ptr()
    }

    pub fn call(&mut self, system: &System, question: u32) -> u32 {
        self.out.0.clear();
        if question == 1 {
            self.out.u32(system.tick_micros);
            self.out.bytes(system.name.as_bytes());
            self.out.u32(system.shows.len() as u32);
            system.shows.iter().for_each(|word| self.out.bytes(word.as_bytes()));
        } else {
            answer(system, &mut self.server, question, &self.input, &mut self.out);
        }
        self.out.0.len() as u32
    }

    pub fn answer(&self) -> *const u8 {
        self.out.0.as_ptr()
    }
}

/// Makes a library a WebAssembly module; elsewhere it does nothing.
#[macro_export]
macro_rules! module {
    ($system:expr) => {
        #[cfg(target_arch = "wasm32")]
        mod raftsim_module {
            use super::*;
            thread_local!(static MODULE: std::cell::RefCell<$crate::Module> = Default::default());
            #[no_mangle]
            extern "C" fn raft_sim_version() -> u32 { 1 }
            #[no_mangle]
            extern "C" fn raft_sim_input(length: u32) -> *mut u8 { MODULE.with(|m| m.borrow_mut().input(length)) }
            #[no_mangle]
            extern "C" fn raft_sim_call(question: u32, _: u32, _: u32) -> u32 {
                MODULE.with(|m| m.borrow_mut().call(&$system, question))
            }
            #[no_mangle]
            extern "C" fn raft_sim_answer() -> *const u8 { MODULE.with(|m| m.borrow().answer()) }
        }
    };
}
