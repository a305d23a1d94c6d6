//! Events of a Raft server for `raft-sim validate`: one JSON object a line. Call these where the server changes, while
//! its state is borrowed, so that the events of one server stand in their order. Needs no crate.

use std::io::Write;

/// Writes what one server does. Names of servers must need no escape in JSON.
pub struct Events<W: Write> {
    server: String,
    out: W,
}

impl<W: Write> Events<W> {
    /// Says that the server starts, and which kinds of events it tells whenever they happen.
    pub fn new(server: &str, out: W) -> Self {
        let mut events = Events { server: server.to_string(), out };
        events.write("restart", r#","tells":["term","vote","role","append","truncate","commit","apply"]"#);
        events
    }

    pub fn term(&mut self, term: u64) { self.write("term", &format!(r#","term":{term}"#)) }
    pub fn vote(&mut self, term: u64, whom: &str) { self.write("vote", &format!(r#","term":{term},"for":"{whom}""#)) }
    pub fn role(&mut self, term: u64, role: &str) { self.write("role", &format!(r#","term":{term},"role":"{role}""#)) }
    pub fn append(&mut self, index: u64, term: u64) {
        self.write("append", &format!(r#","index":{index},"term":{term}"#))
    }
    pub fn truncate(&mut self, index: u64) { self.write("truncate", &format!(r#","index":{index}"#)) }
    pub fn commit(&mut self, index: u64) { self.write("commit", &format!(r#","index":{index}"#)) }
    /// `command`: anything that is equal for equal commands, such as a hash.
    pub fn apply(&mut self, index: u64, command: u64) {
        self.write("apply", &format!(r#","index":{index},"command":{command}"#))
    }

    fn write(&mut self, event: &str, fields: &str) {
        let _ = writeln!(self.out, r#"{{"server":"{}","event":"{event}"{fields}}}"#, self.server);
        let _ = self.out.flush();
    }
}
