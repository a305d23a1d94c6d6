// Package tester holds what a lab's server keeps over a crash.
package tester

import "bytes"

// Persister is the disk of one server: what Save has stored is there when the server starts anew.
type Persister struct {
	state, snapshot []byte
	// OnSave is told what is stored, before Save returns.
	OnSave func(state, snapshot []byte)
}

// MakePersister starts with what an earlier life has stored.
func MakePersister(state, snapshot []byte) *Persister {
	return &Persister{state: state, snapshot: snapshot}
}

// ReadRaftState is what the server stored last.
func (p *Persister) ReadRaftState() []byte { return bytes.Clone(p.state) }

// RaftStateSize is its length.
func (p *Persister) RaftStateSize() int { return len(p.state) }

// ReadSnapshot is the snapshot that was stored last.
func (p *Persister) ReadSnapshot() []byte { return bytes.Clone(p.snapshot) }

// SnapshotSize is its length.
func (p *Persister) SnapshotSize() int { return len(p.snapshot) }

// Save stores both at once.
func (p *Persister) Save(state, snapshot []byte) {
	p.state, p.snapshot = bytes.Clone(state), bytes.Clone(snapshot)
	if p.OnSave != nil {
		p.OnSave(p.state, p.snapshot)
	}
}
