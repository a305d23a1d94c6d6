// Three servers of etcd's raft in one program, which trace what they do: go run -tags with_tla . > good.ndjson
// With any argument server 2 forgets its term and its vote when it restarts: go run -tags with_tla . bug > bad.ndjson
package main

import (
	"encoding/json"
	"os"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

type tracer struct{ out *json.Encoder }

func (t tracer) TraceEvent(e *raft.TracingEvent) {
	_ = t.out.Encode(map[string]any{"tag": "trace", "event": e})
}

type server struct {
	node *raft.RawNode
	disk *raft.MemoryStorage
}

func start(id uint64, disk *raft.MemoryStorage) *raft.RawNode {
	node, err := raft.NewRawNode(&raft.Config{
		ID: id, ElectionTick: 10, HeartbeatTick: 1, MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 16,
		Storage: disk, TraceLogger: tracer{json.NewEncoder(os.Stdout)},
	})
	if err != nil {
		panic(err)
	}
	return node
}

func main() {
	forget := len(os.Args) > 1 // the planted bug: a restarted server has forgotten term and vote
	servers := map[uint64]*server{}
	for id := uint64(1); id <= 3; id++ {
		disk := raft.NewMemoryStorage()
		members := pb.ConfState{Voters: []uint64{1, 2, 3}}
		_ = disk.ApplySnapshot(pb.Snapshot{Metadata: pb.SnapshotMetadata{Index: 1, Term: 1, ConfState: members}})
		servers[id] = &server{start(id, disk), disk}
	}
	var way []pb.Message
	settle := func(isLost func(pb.Message) bool) {
		for round := 0; round < 200; round++ {
			for id := uint64(1); id <= 3; id++ {
				s := servers[id]
				for s.node.HasReady() {
					ready := s.node.Ready()
					if !raft.IsEmptyHardState(ready.HardState) && !(forget && id == 2) {
						_ = s.disk.SetHardState(ready.HardState)
					}
					_ = s.disk.Append(ready.Entries)
					way = append(way, ready.Messages...)
					s.node.Advance(ready)
				}
			}
			now := way
			way = nil
			for _, m := range now {
				if s := servers[m.To]; s != nil && !isLost(m) {
					_ = s.node.Step(m)
				}
			}
		}
	}
	none := func(pb.Message) bool { return false }
	_ = servers[1].node.Campaign()
	// Only server 2 hears of it, and its vote is lost; then it restarts.
	settle(func(m pb.Message) bool { return m.To == 3 || m.From == 3 || m.Type == pb.MsgVoteResp })
	servers[2].node = start(2, servers[2].disk)
	_ = servers[3].node.Campaign()
	settle(none)
	for i := 0; i < 5; i++ {
		for id := uint64(1); id <= 3; id++ {
			_ = servers[id].node.Propose([]byte{byte(i)})
		}
		settle(none)
	}
}
