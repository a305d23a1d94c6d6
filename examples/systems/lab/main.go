// A Raft in the shape of MIT's 6.5840 labs behind raft-sim, on virtual time: Make, labrpc, Persister, applyCh.
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -ldflags='-s -w' -o lab.wasm .
//	raft-sim run --system ./lab.wasm --nodes 3
//
// Put a solution in the place of the folder raft; it runs unmodified, with its goroutines, sleeps and timers. What the
// lab's interface does not show (logs, votes, commit indexes) is not judged.
package main

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"6.5840/labgob"
	"6.5840/labrpc"
	"6.5840/raft"
	"6.5840/raftapi"
	"6.5840/tester"
	"raftsim.example/raftsim"
)

// How late what a goroutine wants may be noticed.
const tickMicros = 5_000

func init() {
	labgob.Register("")
	raftsim.Serve(raftsim.Description{
		Name:       "a lab's Raft in Go",
		Shows:      []string{"roles", "terms"},
		TickMicros: tickMicros,
		Goroutines: true,
	}, func() raftsim.Server { return &server{} })
}

func main() {}

// What a save holds; the disk keeps it as one text.
type saved struct{ State, Snapshot []byte }

type server struct {
	node    raftapi.Raft
	network *labrpc.Network
}

func (s *server) Start(b raftsim.Boot) {
	var disk saved
	if len(b.State) > 0 {
		must(gob.NewDecoder(bytes.NewReader(b.State)).Decode(&disk))
	}
	persister := tester.MakePersister(disk.State, disk.Snapshot)
	persister.OnSave = func(state, snapshot []byte) {
		var all bytes.Buffer
		must(gob.NewEncoder(&all).Encode(saved{state, snapshot}))
		// Term and vote are somewhere in what the lab encodes.
		raftsim.Persist(raftsim.Write{Head: true, State: all.Bytes()})
	}
	s.network = labrpc.MakeNetwork(func(to int, frame labrpc.Frame) {
		var all bytes.Buffer
		must(gob.NewEncoder(&all).Encode(frame))
		name, reading := frame.Method, "call"
		if frame.IsReply {
			name, reading = name+" reply", fmt.Sprint("to call ", frame.Call)
		}
		raftsim.Send(raftsim.Message{To: to + 1, Bytes: all.Bytes(), Name: name, Reading: reading})
	})
	peers := make([]*labrpc.ClientEnd, b.Nodes)
	for i := range peers {
		peers[i] = s.network.End(i)
	}
	applied := make(chan raftapi.ApplyMsg)
	go func() {
		for m := range applied {
			if m.CommandValid {
				raftsim.Apply(uint32(m.CommandIndex), 0, []byte(fmt.Sprint(m.Command)))
			}
		}
	}()
	s.node = raft.Make(peers, b.Node-1, persister, applied)
	s.network.Serve(s.node)
}

func (s *server) Tick()          {}
func (s *server) Timeout(int)    {}
func (s *server) Written(uint32) {}

func (s *server) Receive(from int, message []byte) {
	var frame labrpc.Frame
	must(gob.NewDecoder(bytes.NewReader(message)).Decode(&frame))
	s.network.Receive(from-1, frame)
}

func (s *server) Propose(command []byte) {
	if _, _, leads := s.node.Start(string(command)); !leads {
		raftsim.Refuse(command, 0)
	}
}

func (s *server) State() raftsim.State {
	term, leads := s.node.GetState()
	state := raftsim.State{Term: uint32(term)}
	if leads {
		state.Role = raftsim.Leader
	}
	return state
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
