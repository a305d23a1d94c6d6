// Package raftapi is what a lab's tests and services see of a Raft.
package raftapi

// Raft is one server.
type Raft interface {
	Start(command any) (index int, term int, isLeader bool)
	GetState() (term int, isLeader bool)
	Snapshot(index int, snapshot []byte)
	PersistBytes() int
}

// ApplyMsg is a committed entry, or a snapshot that stands for those up to its index.
type ApplyMsg struct {
	CommandValid bool
	Command      any
	CommandIndex int

	SnapshotValid bool
	Snapshot      []byte
	SnapshotTerm  int
	SnapshotIndex int
}
