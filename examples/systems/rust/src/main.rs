//! The Raft of `raft.rs` as a child process that speaks in frames.

fn main() -> std::io::Result<()> {
    raftsim::serve(raft::SYSTEM)
}
