// etcd's raft (go.etcd.io/raft/v3) behind raft-sim, unmodified.
//
// Storage is asynchronous: each append goes to the simulated disk with a ticket, and what etcd wants to say about it
// leaves when the disk has it. Time comes in ticks.
package main

import (
	"fmt"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"

	"raftsim.example/raftsim"
)

const tickMicros = 10_000

func init() {
	raft.SetLogger(silent{})
	raftsim.Serve(raftsim.Description{
		Name:       "etcd raft " + version,
		Shows:      []string{"roles", "terms", "votes", "messages", "log", "commit", "disk"},
		TickMicros: tickMicros,
	}, func() raftsim.Server { return &server{waiting: map[uint32]*pb.Message{}} })
}

func main() {}

type server struct {
	node    *raft.RawNode
	storage *raft.MemoryStorage
	ticket  uint32
	// Appends whose write is on its way to the disk, by ticket.
	waiting map[uint32]*pb.Message
}

func (s *server) Start(b raftsim.Boot) {
	s.storage = raft.NewMemoryStorage()
	members := &pb.ConfState{}
	for i := 1; i <= b.Nodes; i++ {
		members.Voters = append(members.Voters, uint64(i))
	}
	// A snapshot of nothing but the configuration; the log begins behind it.
	must(s.storage.ApplySnapshot(&pb.Snapshot{
		Metadata: &pb.SnapshotMetadata{ConfState: members, Index: proto.Uint64(0), Term: proto.Uint64(0)},
	}))
	if b.Term > 0 {
		must(s.storage.SetHardState(&pb.HardState{
			Term: proto.Uint64(uint64(b.Term)), Vote: proto.Uint64(uint64(b.Vote)), Commit: proto.Uint64(0),
		}))
	}
	entries := make([]*pb.Entry, len(b.Log))
	for i, e := range b.Log {
		kind := pb.EntryNormal
		entries[i] = &pb.Entry{Term: proto.Uint64(uint64(e.Term)), Index: proto.Uint64(uint64(i + 1)), Type: &kind, Data: e.Data}
	}
	must(s.storage.Append(entries))
	var err error
	s.node, err = raft.NewRawNode(&raft.Config{
		ID:                 uint64(b.Node),
		ElectionTick:       max(2, int(b.ElectionMin/tickMicros)),
		HeartbeatTick:      max(1, int(b.HeartbeatInterval/tickMicros)),
		Storage:            s.storage,
		MaxSizePerMsg:      1 << 16,
		MaxInflightMsgs:    64,
		AsyncStorageWrites: true,
		PreVote:            b.PreVote,
		CheckQuorum:        b.CheckQuorum,
		Logger:             silent{},
		// A client goes to the leader itself.
		DisableProposalForwarding: true,
	})
	must(err)
	s.drain()
}

func (s *server) Tick() { s.node.Tick(); s.drain() }

func (s *server) Timeout(int) {}

func (s *server) Receive(_ int, message []byte) {
	m := &pb.Message{}
	must(proto.Unmarshal(message, m))
	_ = s.node.Step(m) // what does not fit is refused there
	s.drain()
}

func (s *server) Propose(command []byte) {
	if err := s.node.Propose(command); err != nil {
		raftsim.Refuse(command, int(s.node.BasicStatus().Lead))
	}
	s.drain()
}

func (s *server) Written(ticket uint32) {
	m := s.waiting[ticket]
	delete(s.waiting, ticket)
	for _, reply := range m.Responses {
		if reply.GetTo() == s.node.BasicStatus().ID {
			_ = s.node.Step(reply)
		} else {
			send(reply)
		}
	}
	s.drain()
}

func (s *server) State() raftsim.State {
	status := s.node.BasicStatus()
	roles := map[raft.StateType]raftsim.Role{
		raft.StateFollower: raftsim.Follower, raft.StateCandidate: raftsim.Candidate,
		raft.StateLeader: raftsim.Leader, raft.StatePreCandidate: raftsim.PreCandidate,
	}
	return raftsim.State{
		Role: roles[status.RaftState], Term: uint32(status.GetTerm()), Vote: int(status.GetVote()),
		Leader: int(status.Lead), Commit: uint32(status.GetCommit()),
	}
}

// drain does what etcd wants done, until it wants nothing more.
func (s *server) drain() {
	for s.node.HasReady() {
		for _, m := range s.node.Ready().Messages {
			switch m.GetTo() {
			case raft.LocalAppendThread:
				s.append(m)
			case raft.LocalApplyThread:
				for _, e := range m.Entries {
					raftsim.Apply(uint32(e.GetIndex()), uint32(e.GetTerm()), e.Data)
				}
				for _, reply := range m.Responses {
					_ = s.node.Step(reply)
				}
			default:
				send(m)
			}
		}
	}
}

func (s *server) append(m *pb.Message) {
	must(s.storage.Append(m.Entries)) // its own view; what is durable is the simulator's business
	s.ticket++
	s.waiting[s.ticket] = m
	w := raftsim.Write{Ticket: s.ticket, Head: m.GetTerm() > 0, Term: uint32(m.GetTerm()), Vote: int(m.GetVote())}
	if len(m.Entries) > 0 {
		w.From = uint32(m.Entries[0].GetIndex())
	}
	for _, e := range m.Entries {
		w.Entries = append(w.Entries, raftsim.Entry{Term: uint32(e.GetTerm()), Data: e.Data})
	}
	raftsim.Persist(w)
}

func send(m *pb.Message) {
	bytes, err := proto.Marshal(m)
	must(err)
	out := raftsim.Message{To: int(m.GetTo()), Bytes: bytes, Name: m.GetType().String(), Reading: reading(m)}
	// What leads, grants or acknowledges vouches for its term. Who asks for votes does not: etcd lets questions leave
	// before the disk has the term, and its own vote counts only then. Nor do answers to heartbeats.
	switch m.GetType() {
	case pb.MsgApp, pb.MsgHeartbeat, pb.MsgAppResp, pb.MsgVoteResp, pb.MsgSnap:
		out.Term = uint32(m.GetTerm())
	}
	if !m.GetReject() {
		out.Grants = m.GetType() == pb.MsgVoteResp
		if m.GetType() == pb.MsgAppResp {
			out.Acknowledges = uint32(m.GetIndex())
		}
	}
	raftsim.Send(out)
}

func reading(m *pb.Message) string {
	switch {
	case m.GetReject():
		return "refused"
	case m.GetType() == pb.MsgApp:
		return fmt.Sprintf("prev %d@%d, %d entries, commit %d", m.GetIndex(), m.GetLogTerm(), len(m.Entries), m.GetCommit())
	case m.GetType() == pb.MsgAppResp:
		return fmt.Sprint("match ", m.GetIndex())
	case m.GetType() == pb.MsgVote, m.GetType() == pb.MsgPreVote:
		return fmt.Sprintf("last %d@%d", m.GetIndex(), m.GetLogTerm())
	case m.GetType() == pb.MsgVoteResp, m.GetType() == pb.MsgPreVoteResp:
		return "granted"
	}
	return fmt.Sprint("commit ", m.GetCommit())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

type silent struct{}

func (silent) Debug(...any)              {}
func (silent) Debugf(string, ...any)     {}
func (silent) Error(...any)              {}
func (silent) Errorf(string, ...any)     {}
func (silent) Info(...any)               {}
func (silent) Infof(string, ...any)      {}
func (silent) Warning(...any)            {}
func (silent) Warningf(string, ...any)   {}
func (silent) Fatal(v ...any)            { panic(fmt.Sprint(v...)) }
func (silent) Fatalf(f string, v ...any) { panic(fmt.Sprintf(f, v...)) }
func (silent) Panic(v ...any)            { panic(fmt.Sprint(v...)) }
func (silent) Panicf(f string, v ...any) { panic(fmt.Sprintf(f, v...)) }
