// Events of a Raft server for `raft-sim validate`: one JSON object a line. Call these where the server changes, under
// the lock that guards its state, so that the events of one server stand in their order.
package events

import (
	"encoding/json"
	"io"
	"sync"
)

// Log writes what one server does.
type Log struct {
	mu     sync.Mutex
	server string
	out    *json.Encoder
}

// New says that the server starts, and which kinds of events it tells whenever they happen.
func New(server string, out io.Writer) *Log {
	log := &Log{server: server, out: json.NewEncoder(out)}
	tells := []string{"term", "vote", "role", "append", "truncate", "commit", "apply"}
	log.Event("restart", map[string]any{"tells": tells})
	return log
}

// Event writes one: "term" {term}, "vote" {term, for}, "role" {term, role}, "append" {index, term, command},
// "truncate" {index}, "commit" {index}, "apply" {index, command}, "snapshot" {index, term}.
func (l *Log) Event(kind string, fields map[string]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fields["server"], fields["event"] = l.server, kind
	_ = l.out.Encode(fields)
}
