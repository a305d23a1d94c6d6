// hashicorp/raft behind raft-sim, unmodified, with its goroutines and timers.
//
// The transport hands RPCs to the simulated network and waits for their answers; the stores write to the simulated disk
// and wait until it is done. So a main loop that waits for its disk, while heartbeats take the fast path, is what it is
// in production.
package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"raftsim.example/raftsim"
)

const tickMicros = 5_000

func init() {
	raftsim.Serve(raftsim.Description{
		Name: "hashicorp/raft " + version,
		// Messages claim nothing, since their terms are on the disk only after the answer was made up.
		Shows:      []string{"roles", "terms", "log", "commit", "disk"},
		TickMicros: tickMicros,
		Goroutines: true,
	}, func() raftsim.Server { return &server{} })
}

func main() {}

type server struct {
	raft      *raft.Raft
	transport *transport
	store     *store
	nodes     int
}

func address(node int) raft.ServerAddress { return raft.ServerAddress(fmt.Sprint("n", node)) }

func nodeOf[T ~string](address T) int {
	var node int
	_, _ = fmt.Sscanf(string(address), "n%d", &node)
	return node
}

func (s *server) Start(b raftsim.Boot) {
	s.nodes = b.Nodes
	members := raft.Configuration{}
	for i := 1; i <= b.Nodes; i++ {
		members.Servers = append(members.Servers, raft.Server{ID: raft.ServerID(address(i)), Address: address(i)})
	}
	c := raft.DefaultConfig()
	c.LocalID = raft.ServerID(address(b.Node))
	c.HeartbeatTimeout = time.Duration(b.ElectionMin) * time.Microsecond
	c.ElectionTimeout = c.HeartbeatTimeout
	c.LeaderLeaseTimeout = c.HeartbeatTimeout / 2
	c.CommitTimeout = time.Duration(b.HeartbeatInterval) * time.Microsecond / 2
	c.PreVoteDisabled = !b.PreVote
	c.Logger = hclog.NewNullLogger()
	s.transport = newTransport(b.Node)
	s.store = newStore(b)
	snapshots := raft.NewInmemSnapshotStore()
	// Booting ends before anything else begins: what it writes is durable at once.
	s.store.isSynchronous = true
	if b.Term == 0 {
		must(raft.BootstrapCluster(c, s.store, s.store, snapshots, s.transport, members))
	}
	var err error
	s.raft, err = raft.NewRaft(c, machine{}, s.store, s.store, snapshots, s.transport)
	must(err)
	s.store.isSynchronous = false
	// Where term and vote are kept may be another, faster store than that of the log: in half of the lives it is.
	s.store.isFastForKeys = rand.Intn(2) == 0
}

func (s *server) Tick()       {}
func (s *server) Timeout(int) {}

func (s *server) Receive(from int, message []byte) { s.transport.receive(from, message) }

func (s *server) Propose(command []byte) {
	// A main loop that waits for its disk takes no command, and a call must come back.
	go func() {
		err := s.raft.Apply(command, 0).Error()
		if errors.Is(err, raft.ErrNotLeader) || errors.Is(err, raft.ErrLeadershipTransferInProgress) {
			_, id := s.raft.LeaderWithID()
			raftsim.Refuse(command, nodeOf(id))
		}
		// Lost leadership, and anything else: whether it takes effect is not known.
	}()
}

func (s *server) Written(ticket uint32) { s.store.written(ticket) }

func (s *server) State() raftsim.State {
	roles := map[raft.RaftState]raftsim.Role{
		raft.Follower: raftsim.Follower, raft.Candidate: raftsim.Candidate, raft.Leader: raftsim.Leader,
		raft.Shutdown: raftsim.Follower,
	}
	_, leader := s.raft.LeaderWithID()
	return raftsim.State{
		Role: roles[s.raft.State()], Term: uint32(s.raft.CurrentTerm()), Vote: s.store.vote(),
		Leader: nodeOf(leader), Commit: uint32(s.raft.CommitIndex()),
	}
}

// machine tells what is applied; the simulator executes it.
type machine struct{}

func (machine) Apply(l *raft.Log) any {
	raftsim.Apply(uint32(l.Index), uint32(l.Term), l.Data)
	return nil
}
func (machine) Snapshot() (raft.FSMSnapshot, error) { return nil, errors.New("no snapshots here") }
func (machine) Restore(io.ReadCloser) error         { return errors.New("no snapshots here") }

// store keeps what the disk holds in memory, too, and waits for the disk whenever raft waits for its store.
type store struct {
	*raft.InmemStore
	mutex         sync.Mutex
	isSynchronous bool
	isFastForKeys bool
	ticket        uint32
	waiting       map[uint32]chan struct{}
	keys          map[string][]byte
}

func newStore(b raftsim.Boot) *store {
	s := &store{InmemStore: raft.NewInmemStore(), waiting: map[uint32]chan struct{}{}, keys: map[string][]byte{}}
	if len(b.State) > 0 {
		must(json.Unmarshal(b.State, &s.keys))
	}
	logs := make([]*raft.Log, len(b.Log))
	for i, e := range b.Log {
		logs[i] = &raft.Log{Index: uint64(i + 1), Term: uint64(e.Term), Data: e.Data}
		if e.Data[0] != clientCommand {
			logs[i].Type, logs[i].Data = raft.LogType(e.Data[0]-'A'), e.Data[1:]
		}
	}
	must(s.InmemStore.StoreLogs(logs))
	return s
}

// A client's command begins with it.
const clientCommand = 'c'

// dataOf is what an entry carries: a client's command as it is, anything else behind a letter for its type.
func dataOf(l *raft.Log) []byte {
	if l.Type == raft.LogCommand {
		return l.Data
	}
	return append([]byte{'A' + byte(l.Type)}, l.Data...)
}

func (s *store) write(w raftsim.Write) {
	s.mutex.Lock()
	if s.isSynchronous || (w.Head && s.isFastForKeys) {
		s.mutex.Unlock()
		raftsim.Persist(w)
		return
	}
	s.ticket++
	w.Ticket = s.ticket
	done := make(chan struct{})
	s.waiting[w.Ticket] = done
	s.mutex.Unlock()
	raftsim.Persist(w)
	<-done
}

func (s *store) written(ticket uint32) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	close(s.waiting[ticket])
	delete(s.waiting, ticket)
}

func (s *store) StoreLog(l *raft.Log) error { return s.StoreLogs([]*raft.Log{l}) }

func (s *store) StoreLogs(logs []*raft.Log) error {
	w := raftsim.Write{From: uint32(logs[0].Index)}
	for _, l := range logs {
		w.Entries = append(w.Entries, raftsim.Entry{Term: uint32(l.Term), Data: dataOf(l)})
	}
	s.write(w)
	return s.InmemStore.StoreLogs(logs)
}

func (s *store) DeleteRange(first, last uint64) error {
	s.write(raftsim.Write{From: uint32(first)})
	return s.InmemStore.DeleteRange(first, last)
}

func (s *store) Set(key, value []byte) error {
	s.mutex.Lock()
	s.keys[string(key)] = value
	state, err := json.Marshal(s.keys)
	must(err)
	term, vote := s.head()
	s.mutex.Unlock()
	s.write(raftsim.Write{Head: true, Term: term, Vote: vote, State: state})
	return nil
}

func (s *store) Get(key []byte) ([]byte, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if value, ok := s.keys[string(key)]; ok {
		return value, nil
	}
	return nil, errors.New("not found")
}

func (s *store) SetUint64(key []byte, value uint64) error {
	return s.Set(key, binary.BigEndian.AppendUint64(nil, value))
}

func (s *store) GetUint64(key []byte) (uint64, error) {
	value, err := s.Get(key)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(value), nil
}

// head is the term and the vote that the keys hold; a vote of another term is none.
func (s *store) head() (term uint32, vote int) {
	number := func(key string) uint32 {
		if value := s.keys[key]; len(value) == 8 {
			return uint32(binary.BigEndian.Uint64(value))
		}
		return 0
	}
	term = number("CurrentTerm")
	if number("LastVoteTerm") == term {
		vote = nodeOf(string(s.keys["LastVoteCand"]))
	}
	return term, vote
}

func (s *store) vote() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	_, vote := s.head()
	return vote
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
