// Package raftsim puts a Raft in Go behind raft-sim, as a WebAssembly module.
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o my.wasm .
//	raft-sim run --system ./my.wasm
//
// Call Serve in an init function of package main, with a function that makes a server. A module runs one server; raft-sim
// makes as many instances of it as there are servers, and a fresh one for each life of each. docs/adapters/wasm.md says
// what the bytes mean.
package raftsim

import (
	"encoding/binary"
	"math/rand"
	"sync"
	"time"
	"unsafe"
)

// Description is what a system says of itself before it runs.
type Description struct {
	// Name, with a version.
	Name string
	// Shows: roles, terms, votes, messages, log, commit, disk, timers; see docs/adapters/README.md.
	Shows []string
	// TickMicros is how often Tick is called, in microseconds of the server's clock; 0: it arms timers instead.
	TickMicros uint32
	// Goroutines: the server has goroutines and timers of its own; after each call they run until all of them wait.
	Goroutines bool
}

// Entry of a log; Data of a client's command is a short text.
type Entry struct {
	Term uint32
	Data []byte
}

// Boot is what a server finds when it starts. Nodes count from 1, times are microseconds.
type Boot struct {
	Node, Nodes                                 int
	ElectionMin, ElectionMax, HeartbeatInterval uint32
	PreVote, CheckQuorum                        bool
	Term                                        uint32
	Vote                                        int
	State                                       []byte
	Log                                         []Entry
}

// Message leaves a server; what stands beside its bytes are claims, each of which a promise may hold it to.
type Message struct {
	To            int
	Bytes         []byte
	Name, Reading string
	Term          uint32
	Grants        bool
	Acknowledges  uint32
}

// Write goes to the disk. Without a ticket it is durable at once; with one, Written comes later.
type Write struct {
	Ticket uint32
	// Head: Term, Vote and State are written, too.
	Head  bool
	Term  uint32
	Vote  int
	State []byte
	// From is where the first of Entries goes; everything from there on is cut. 0: the log stays as it is.
	From    uint32
	Entries []Entry
}

// State is what a server shows of itself.
type State struct {
	Role   Role
	Term   uint32
	Vote   int
	Leader int
	Commit uint32
}

// Role of a server.
type Role byte

// The roles.
const (
	Follower Role = iota
	Candidate
	Leader
	PreCandidate
)

// Timers that a server without ticks arms.
const (
	Election  = 0
	Heartbeat = 1
)

// Server is a Raft server. It is called by one goroutine.
type Server interface {
	Start(boot Boot)
	Tick()
	Timeout(timer int)
	Receive(from int, message []byte)
	Propose(command []byte)
	Written(ticket uint32)
	State() State
}

var (
	description Description
	make_       func() Server
	server      Server
	mutex       sync.Mutex
	in          []byte
	out         = make([]byte, 0, 1<<16)
	told        int // how much of out was the last answer
)

// Serve says what this module is; call it in an init function.
func Serve(d Description, make func() Server) { description, make_ = d, make }

// Send lets a message leave.
func Send(m Message) {
	mutex.Lock()
	defer mutex.Unlock()
	u8(1)
	u8(byte(m.To))
	flag(m.Grants)
	u32(m.Term)
	u32(m.Acknowledges)
	text(m.Name)
	text(m.Reading)
	bytes(m.Bytes)
}

// Persist writes to the disk.
func Persist(w Write) {
	mutex.Lock()
	defer mutex.Unlock()
	u8(2)
	u32(w.Ticket)
	flag(w.Head)
	u32(w.Term)
	u32(uint32(w.Vote))
	bytes(w.State)
	u32(w.From)
	u32(uint32(len(w.Entries)))
	for _, e := range w.Entries {
		u32(e.Term)
		bytes(e.Data)
	}
}

// Apply says that the entry at an index was committed, and is executed.
func Apply(index, term uint32, data []byte) {
	mutex.Lock()
	defer mutex.Unlock()
	u8(3)
	u32(index)
	u32(term)
	bytes(data)
}

// Refuse says that a command is not taken; leader 0: nobody knows who leads.
func Refuse(command []byte, leader int) {
	mutex.Lock()
	defer mutex.Unlock()
	u8(4)
	bytes(command)
	u32(uint32(leader))
}

// Arm starts a timer anew.
func Arm(timer int) { mutex.Lock(); u8(5); u8(byte(timer)); mutex.Unlock() }

// Disarm stops a timer.
func Disarm(timer int) { mutex.Lock(); u8(6); u8(byte(timer)); mutex.Unlock() }

// Halt says that the server stops by itself.
func Halt(reason string) { mutex.Lock(); u8(7); text(reason); mutex.Unlock() }

func u8(v byte)      { out = append(out, v) }
func u32(v uint32)   { out = binary.LittleEndian.AppendUint32(out, v) }
func bytes(v []byte) { u32(uint32(len(v))); out = append(out, v...) }
func text(v string)  { u32(uint32(len(v))); out = append(out, v...) }
func flag(v bool) {
	if v {
		u8(1)
	} else {
		u8(0)
	}
}

type reader struct{ b []byte }

func (r *reader) u32() uint32 {
	v := binary.LittleEndian.Uint32(r.b)
	r.b = r.b[4:]
	return v
}

func (r *reader) bytes() []byte {
	n := r.u32()
	v := append([]byte(nil), r.b[:n]...)
	r.b = r.b[n:]
	return v
}

//go:wasmexport raft_sim_version
func version() uint32 { return 1 }

//go:wasmexport raft_sim_input
func input(n uint32) unsafe.Pointer {
	if int(n) > len(in) || len(in) == 0 {
		in = make([]byte, max(int(n), 1<<16))
	}
	return unsafe.Pointer(&in[0])
}

//go:wasmexport raft_sim_answer
func answer() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(out)) }

// Instead of a time: more comes at this moment, and nothing is done before it.
const hold = 0xffff_ffff

type question struct {
	op   uint32
	body []byte
}

var held []question

//go:wasmexport raft_sim_call
func call(op, length, aheadMicros uint32) uint32 {
	mutex.Lock()
	out = append(out[:0], out[told:]...) // what goroutines wanted before this call had its turn is part of its answer
	mutex.Unlock()
	if op == 1 {
		u32(description.TickMicros)
		text(description.Name)
		u32(uint32(len(description.Shows)))
		for _, word := range description.Shows {
			text(word)
		}
		told = len(out)
		return uint32(told)
	}
	if aheadMicros == hold {
		held = append(held, question{op, append([]byte(nil), in[:length]...)})
		return state()
	}
	now := question{op, in[:length]}
	// What came together came on many connections: any of it may be seen first.
	rand.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
	for _, q := range held {
		do(q.op, &reader{q.body})
		settle()
	}
	held = held[:0]
	if description.Goroutines && aheadMicros > 0 {
		time.Sleep(time.Duration(aheadMicros) * time.Microsecond)
	}
	do(now.op, &reader{now.body})
	settle()
	return state()
}

// settle returns when everybody else waits.
func settle() {
	if description.Goroutines {
		time.Sleep(1)
	}
}

func state() uint32 {
	s := server.State()
	mutex.Lock()
	u8(8)
	u8(byte(s.Role))
	u32(s.Term)
	u32(uint32(s.Vote))
	u32(uint32(s.Leader))
	u32(s.Commit)
	told = len(out)
	mutex.Unlock()
	return uint32(told)
}

func do(op uint32, r *reader) {
	switch op {
	case 2:
		b := Boot{Node: int(r.u32()), Nodes: int(r.u32()), ElectionMin: r.u32(), ElectionMax: r.u32(), HeartbeatInterval: r.u32()}
		wishes := r.u32()
		b.PreVote, b.CheckQuorum = wishes&1 != 0, wishes&2 != 0
		b.Term, b.Vote, b.State = r.u32(), int(r.u32()), r.bytes()
		for n := r.u32(); n > 0; n-- {
			b.Log = append(b.Log, Entry{Term: r.u32(), Data: r.bytes()})
		}
		server = make_()
		server.Start(b)
	case 3:
		server.Tick()
	case 4:
		server.Timeout(int(r.u32()))
	case 5:
		from := int(r.u32())
		server.Receive(from, r.bytes())
	case 6:
		server.Propose(r.bytes())
	case 7:
		server.Written(r.u32())
	}
}
