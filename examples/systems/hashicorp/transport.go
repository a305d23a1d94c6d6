package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"raftsim.example/raftsim"
)

// An RPC takes as long as a network may: then it has failed.
const rpcTimeout = 500 * time.Millisecond

// packet is a request (Kind is its name) or the answer to one (Kind is empty).
type packet struct {
	ID    uint64
	Kind  string
	Body  json.RawMessage
	Error string
}

type transport struct {
	node      int
	mutex     sync.Mutex
	next      uint64
	waiting   map[uint64]chan packet
	requests  chan raft.RPC
	heartbeat func(raft.RPC)
}

func newTransport(node int) *transport {
	return &transport{node: node, waiting: map[uint64]chan packet{}, requests: make(chan raft.RPC)}
}

func (t *transport) Consumer() <-chan raft.RPC                               { return t.requests }
func (t *transport) LocalAddr() raft.ServerAddress                           { return address(t.node) }
func (t *transport) EncodePeer(_ raft.ServerID, a raft.ServerAddress) []byte { return []byte(a) }
func (t *transport) DecodePeer(b []byte) raft.ServerAddress                  { return raft.ServerAddress(b) }
func (t *transport) SetHeartbeatHandler(handle func(raft.RPC))               { t.heartbeat = handle }
func (t *transport) AppendEntriesPipeline(raft.ServerID, raft.ServerAddress) (raft.AppendPipeline, error) {
	return nil, raft.ErrPipelineReplicationNotSupported
}

func (t *transport) AppendEntries(_ raft.ServerID, to raft.ServerAddress, q *raft.AppendEntriesRequest, r *raft.AppendEntriesResponse) error {
	reading := fmt.Sprintf("term %d, prev %d@%d, %d entries, commit %d", q.Term, q.PrevLogEntry, q.PrevLogTerm, len(q.Entries), q.LeaderCommitIndex)
	return t.call(to, "AppendEntries", reading, q, r)
}

func (t *transport) RequestVote(_ raft.ServerID, to raft.ServerAddress, q *raft.RequestVoteRequest, r *raft.RequestVoteResponse) error {
	return t.call(to, "RequestVote", fmt.Sprintf("term %d, last %d@%d", q.Term, q.LastLogIndex, q.LastLogTerm), q, r)
}

func (t *transport) RequestPreVote(_ raft.ServerID, to raft.ServerAddress, q *raft.RequestPreVoteRequest, r *raft.RequestPreVoteResponse) error {
	return t.call(to, "RequestPreVote", fmt.Sprintf("term %d, last %d@%d", q.Term, q.LastLogIndex, q.LastLogTerm), q, r)
}

func (t *transport) TimeoutNow(_ raft.ServerID, to raft.ServerAddress, q *raft.TimeoutNowRequest, r *raft.TimeoutNowResponse) error {
	return t.call(to, "TimeoutNow", "", q, r)
}

func (t *transport) InstallSnapshot(raft.ServerID, raft.ServerAddress, *raft.InstallSnapshotRequest, *raft.InstallSnapshotResponse, io.Reader) error {
	return errors.New("no snapshots here")
}

func (t *transport) call(to raft.ServerAddress, kind, reading string, request, response any) error {
	t.mutex.Lock()
	t.next++
	id := t.next
	answer := make(chan packet, 1)
	t.waiting[id] = answer
	t.mutex.Unlock()
	send(nodeOf(to), kind, reading, packet{ID: id, Kind: kind, Body: encoded(request)})
	timeout := time.NewTimer(rpcTimeout)
	defer timeout.Stop()
	select {
	case p := <-answer:
		if p.Error != "" {
			return errors.New(p.Error)
		}
		return json.Unmarshal(p.Body, response)
	case <-timeout.C:
		t.mutex.Lock()
		delete(t.waiting, id)
		t.mutex.Unlock()
		return errors.New("timeout")
	}
}

func (t *transport) receive(from int, message []byte) {
	var p packet
	must(json.Unmarshal(message, &p))
	if p.Kind == "" {
		t.mutex.Lock()
		answer := t.waiting[p.ID]
		delete(t.waiting, p.ID)
		t.mutex.Unlock()
		if answer != nil {
			answer <- p
		}
		return
	}
	responses := make(chan raft.RPCResponse, 1)
	rpc := raft.RPC{RespChan: responses, Command: decoded(p)}
	go func() {
		if t.heartbeat != nil && isHeartbeat(rpc.Command) {
			t.heartbeat(rpc)
		} else {
			t.requests <- rpc
		}
		response := <-responses
		answer := packet{ID: p.ID, Body: encoded(response.Response)}
		if response.Error != nil {
			answer.Error = response.Error.Error()
		}
		send(from, p.Kind+"Reply", readingOf(response.Response), answer)
	}()
}

// isHeartbeat: what the network transport of the package sends down the fast path, too.
func isHeartbeat(command any) bool {
	q, ok := command.(*raft.AppendEntriesRequest)
	return ok && q.Term != 0 && q.PrevLogEntry == 0 && q.PrevLogTerm == 0 && len(q.Entries) == 0 && q.LeaderCommitIndex == 0
}

func decoded(p packet) any {
	commands := map[string]any{
		"AppendEntries": &raft.AppendEntriesRequest{}, "RequestVote": &raft.RequestVoteRequest{},
		"RequestPreVote": &raft.RequestPreVoteRequest{}, "TimeoutNow": &raft.TimeoutNowRequest{},
	}
	command := commands[p.Kind]
	must(json.Unmarshal(p.Body, command))
	return command
}

func readingOf(response any) string {
	switch r := response.(type) {
	case *raft.AppendEntriesResponse:
		return fmt.Sprintf("term %d, success %v, last %d", r.Term, r.Success, r.LastLog)
	case *raft.RequestVoteResponse:
		return fmt.Sprintf("term %d, granted %v", r.Term, r.Granted)
	case *raft.RequestPreVoteResponse:
		return fmt.Sprintf("term %d, granted %v", r.Term, r.Granted)
	}
	return ""
}

func encoded(value any) json.RawMessage {
	bytes, err := json.Marshal(value)
	must(err)
	return bytes
}

func send(to int, name, reading string, p packet) {
	raftsim.Send(raftsim.Message{To: to, Bytes: encoded(p), Name: name, Reading: reading})
}
