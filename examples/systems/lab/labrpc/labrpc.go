// Package labrpc carries a lab's remote calls over raft-sim's network.
//
// A call and its reply are two messages, each of which may be late, lost or doubled there. Call returns false when no
// reply came within the patience, as in a lab.
package labrpc

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"strings"
	"sync"
	"time"
)

// Patience of a call, in virtual time.
const Patience = time.Second

// Frame is what goes over the wire.
type Frame struct {
	IsReply bool
	Call    int
	Method  string
	Body    []byte
}

// Network is what one server sees of the others.
type Network struct {
	mutex   sync.Mutex
	send    func(to int, frame Frame)
	last    int
	waiting map[int]chan []byte
	service reflect.Value
}

// MakeNetwork sends by a function; servers count from 0.
func MakeNetwork(send func(to int, frame Frame)) *Network {
	return &Network{send: send, waiting: map[int]chan []byte{}}
}

// End is the other end of a link.
func (n *Network) End(to int) *ClientEnd { return &ClientEnd{n, to} }

// Serve says whose methods are called.
func (n *Network) Serve(service any) { n.service = reflect.ValueOf(service) }

// ClientEnd calls methods of one server.
type ClientEnd struct {
	network *Network
	to      int
}

// Call blocks until the reply is there, or nobody waits for it any more.
func (e *ClientEnd) Call(method string, args, reply any) bool {
	n := e.network
	answer := make(chan []byte, 1)
	n.mutex.Lock()
	n.last++
	call := n.last
	n.waiting[call] = answer
	n.mutex.Unlock()
	defer func() {
		n.mutex.Lock()
		delete(n.waiting, call)
		n.mutex.Unlock()
	}()
	n.send(e.to, Frame{Call: call, Method: method, Body: encoded(args)})
	timer := time.NewTimer(Patience)
	defer timer.Stop()
	select {
	case body := <-answer:
		return gob.NewDecoder(bytes.NewReader(body)).Decode(reply) == nil
	case <-timer.C:
		return false
	}
}

// Receive takes a frame from the network.
func (n *Network) Receive(from int, frame Frame) {
	if frame.IsReply {
		n.mutex.Lock()
		answer := n.waiting[frame.Call]
		n.mutex.Unlock()
		select {
		case answer <- frame.Body: // a second reply, or one that nobody waits for, goes nowhere
		default:
		}
		return
	}
	go func() {
		name := frame.Method[strings.LastIndex(frame.Method, ".")+1:]
		method := n.service.MethodByName(name)
		if !method.IsValid() {
			panic("a call of the method " + frame.Method + ", which there is not")
		}
		args, reply := reflect.New(method.Type().In(0).Elem()), reflect.New(method.Type().In(1).Elem())
		if err := gob.NewDecoder(bytes.NewReader(frame.Body)).Decode(args.Interface()); err != nil {
			panic(err)
		}
		method.Call([]reflect.Value{args, reply})
		n.send(from, Frame{IsReply: true, Call: frame.Call, Method: frame.Method, Body: encoded(reply.Interface())})
	}()
}

func encoded(value any) []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(value); err != nil {
		panic(err)
	}
	return b.Bytes()
}
