// A small Raft in Go, behind raft-sim: sections 5.1 to 5.4 of the paper, every write durable at once.
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -ldflags='-s -w' -o raft.wasm .
//	raft-sim run --system ./raft.wasm --nodes 3
package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"

	"raftsim.example/raftsim"
)

const (
	tickMicros     = 10_000
	heartbeatTicks = 4
	electionTicks  = 15
	batch          = 20
)

func init() {
	raftsim.Serve(raftsim.Description{
		Name:       "a small Raft in Go",
		Shows:      []string{"roles", "terms", "votes", "messages", "log", "commit", "disk"},
		TickMicros: tickMicros,
	}, func() raftsim.Server { return &server{} })
}

func main() {}

type entry = raftsim.Entry

// message is every kind of message in one; Kind says which fields mean something.
type message struct {
	Kind             string
	Term             uint32
	Index, IndexTerm uint32
	Entries          []entry
	Commit           uint32
	Yes              bool
}

// shown is what the server shows of itself, as its own fields.
type shown raftsim.State

type server struct {
	me, nodes int
	shown
	log               []entry
	applied           uint32
	elapsed, patience int
	votes             map[int]bool
	next, match       map[int]uint32
}

func (s *server) Start(b raftsim.Boot) {
	s.me, s.nodes, s.log = b.Node, b.Nodes, b.Log
	s.Term, s.Vote = b.Term, b.Vote
	s.wait()
}

func (s *server) wait() {
	more, _ := rand.Int(rand.Reader, big.NewInt(electionTicks)) // the seed's chance
	s.elapsed, s.patience = 0, electionTicks+int(more.Int64())
}

func (s *server) Timeout(int)    {}
func (s *server) Written(uint32) {}

func (s *server) State() raftsim.State { return raftsim.State(s.shown) }

func (s *server) Tick() {
	s.elapsed++
	if s.Role == raftsim.Leader && s.elapsed >= heartbeatTicks {
		s.replicate()
	} else if s.Role != raftsim.Leader && s.elapsed >= s.patience {
		s.stand()
	}
}

// Elections (5.2)

func (s *server) stand() {
	s.become(s.Term+1, s.me)
	s.Role, s.Leader, s.votes = raftsim.Candidate, 0, map[int]bool{s.me: true}
	s.wait()
	last, lastTerm := s.last()
	for _, peer := range s.peers() {
		s.send(peer, "RequestVote", fmt.Sprintf("last %d@%d", last, lastTerm), message{Index: last, IndexTerm: lastTerm}, raftsim.Message{})
	}
	s.count()
}

func (s *server) count() {
	if len(s.votes)*2 <= s.nodes {
		return
	}
	s.Role, s.Leader = raftsim.Leader, s.me
	s.next, s.match = map[int]uint32{}, map[int]uint32{}
	for _, peer := range s.peers() {
		s.next[peer] = uint32(len(s.log)) + 1
	}
	s.append(nil)
}

// Replication (5.3)

func (s *server) Propose(command []byte) {
	if s.Role == raftsim.Leader {
		s.append(command)
	} else {
		raftsim.Refuse(command, s.Leader)
	}
}

func (s *server) append(data []byte) {
	e := entry{Term: s.Term, Data: data}
	s.log = append(s.log, e)
	raftsim.Persist(raftsim.Write{From: uint32(len(s.log)), Entries: []entry{e}})
	s.advance()
	s.replicate()
}

func (s *server) replicate() {
	s.elapsed = 0
	for _, peer := range s.peers() {
		s.replicateTo(peer)
	}
}

func (s *server) replicateTo(peer int) {
	before := s.next[peer] - 1
	entries := s.log[before:min(int(before)+batch, len(s.log))]
	reading := fmt.Sprintf("prev %d@%d, %d entries, commit %d", before, s.termAt(before), len(entries), s.Commit)
	m := message{Index: before, IndexTerm: s.termAt(before), Entries: entries, Commit: s.Commit}
	s.send(peer, "AppendEntries", reading, m, raftsim.Message{})
}

func (s *server) advance() {
	durable := []uint32{uint32(len(s.log))}
	for _, peer := range s.peers() {
		durable = append(durable, s.match[peer])
	}
	slices.Sort(durable)
	if index := durable[(s.nodes-1)/2]; s.termAt(index) == s.Term { // 5.4.2
		s.commitTo(index)
	}
}

func (s *server) commitTo(index uint32) {
	s.Commit = max(s.Commit, index)
	for s.applied < s.Commit {
		e := s.log[s.applied]
		s.applied++
		raftsim.Apply(s.applied, e.Term, e.Data)
	}
}

// Messages

func (s *server) Receive(from int, bytes []byte) {
	var m message
	if err := json.Unmarshal(bytes, &m); err != nil {
		panic(err)
	}
	if m.Term > s.Term {
		s.become(m.Term, 0)
		s.Role, s.Leader = raftsim.Follower, 0
	}
	switch m.Kind {
	case "RequestVote":
		last, lastTerm := s.last()
		current := m.IndexTerm > lastTerm || m.IndexTerm == lastTerm && m.Index >= last
		granted := m.Term == s.Term && (s.Vote == 0 || s.Vote == from) && current
		if granted {
			s.become(s.Term, from)
			s.wait()
		}
		s.send(from, "RequestVoteReply", fmt.Sprint("granted ", granted), message{Yes: granted}, raftsim.Message{Grants: granted})
	case "RequestVoteReply":
		if s.Role == raftsim.Candidate && m.Term == s.Term && m.Yes {
			s.votes[from] = true
			s.count()
		}
	case "AppendEntries":
		s.appendFrom(from, m)
	case "AppendEntriesReply":
		if s.Role != raftsim.Leader || m.Term != s.Term {
			return
		}
		if m.Yes {
			s.match[from] = max(s.match[from], m.Index)
			s.next[from] = s.match[from] + 1
			s.advance()
		} else {
			s.next[from] = max(1, min(s.next[from]-1, m.Index+1))
			s.replicateTo(from)
		}
	}
}

func (s *server) appendFrom(from int, m message) {
	answer := func(ok bool, index uint32) {
		claims := raftsim.Message{}
		if ok {
			claims.Acknowledges = index
		}
		s.send(from, "AppendEntriesReply", fmt.Sprintf("%v, %d", ok, index), message{Yes: ok, Index: index}, claims)
	}
	if m.Term < s.Term {
		answer(false, uint32(len(s.log)))
		return
	}
	s.Role, s.Leader = raftsim.Follower, from
	s.wait()
	if m.Index > uint32(len(s.log)) || s.termAt(m.Index) != m.IndexTerm {
		answer(false, min(uint32(len(s.log)), max(m.Index, 1)-1))
		return
	}
	for i, e := range m.Entries {
		index := m.Index + uint32(i) + 1
		if index <= uint32(len(s.log)) && s.termAt(index) == e.Term {
			continue
		}
		s.log = append(s.log[:index-1:index-1], m.Entries[i:]...)
		raftsim.Persist(raftsim.Write{From: index, Entries: m.Entries[i:]})
		break
	}
	end := m.Index + uint32(len(m.Entries))
	s.commitTo(min(m.Commit, end))
	answer(true, end)
}

// All servers (5.1)

func (s *server) become(term uint32, vote int) {
	if term == s.Term && vote == s.Vote {
		return
	}
	s.Term, s.Vote = term, vote
	raftsim.Persist(raftsim.Write{Head: true, Term: term, Vote: vote})
}

func (s *server) send(to int, kind, reading string, m message, out raftsim.Message) {
	m.Kind, m.Term = kind, s.Term
	bytes, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	out.To, out.Bytes, out.Name, out.Reading, out.Term = to, bytes, kind, reading, s.Term
	raftsim.Send(out)
}

func (s *server) peers() (peers []int) {
	for i := 1; i <= s.nodes; i++ {
		if i != s.me {
			peers = append(peers, i)
		}
	}
	return peers
}

func (s *server) last() (index, term uint32) {
	index = uint32(len(s.log))
	return index, s.termAt(index)
}

func (s *server) termAt(index uint32) uint32 {
	if index == 0 {
		return 0
	}
	return s.log[index-1].Term
}
