// Package labgob encodes what a solution keeps and sends, by the names that labs have for it.
package labgob

import (
	"encoding/gob"
	"io"
)

// LabEncoder writes values.
type LabEncoder = gob.Encoder

// LabDecoder reads them.
type LabDecoder = gob.Decoder

// NewEncoder writes to w.
func NewEncoder(w io.Writer) *LabEncoder { return gob.NewEncoder(w) }

// NewDecoder reads from r.
func NewDecoder(r io.Reader) *LabDecoder { return gob.NewDecoder(r) }

// Register makes a type known that stands behind an interface.
func Register(value any) { gob.Register(value) }
