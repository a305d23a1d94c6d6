// Package raft is where a solution goes; this one is a plain Raft after the paper's Figure 2, without snapshots.
package raft

import (
	"bytes"
	"math/rand"
	"slices"
	"sync"
	"time"

	"6.5840/labgob"
	"6.5840/labrpc"
	"6.5840/raftapi"
	"6.5840/tester"
)

const (
	heartbeat   = 50 * time.Millisecond
	electionMin = 200 * time.Millisecond
	glance      = 10 * time.Millisecond
)

type role int

const (
	follower role = iota
	candidate
	leader
)

// LogEntry is an entry; its command is whatever a service gave to Start.
type LogEntry struct {
	Term    int
	Command any
}

// Raft is one server. The entry at index 0 is nobody's.
type Raft struct {
	mu        sync.Mutex
	peers     []*labrpc.ClientEnd
	persister *tester.Persister
	me        int
	role      role

	currentTerm int
	votedFor    int // -1: nobody
	log         []LogEntry

	commitIndex, lastApplied int
	nextIndex, matchIndex    []int
	deadline                 time.Time
	news                     *sync.Cond
}

// Make starts a server; what is committed goes to applyCh.
func Make(peers []*labrpc.ClientEnd, me int, persister *tester.Persister, applyCh chan raftapi.ApplyMsg) raftapi.Raft {
	rf := &Raft{peers: peers, me: me, persister: persister, votedFor: -1, log: []LogEntry{{}}}
	rf.news = sync.NewCond(&rf.mu)
	rf.restore(persister.ReadRaftState())
	rf.wait()
	go rf.watch()
	go rf.lead()
	go rf.apply(applyCh)
	return rf
}

// GetState says the term, and whether this server thinks that it leads.
func (rf *Raft) GetState() (int, bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	return rf.currentTerm, rf.role == leader
}

// Start begins to agree on a command, if this server leads.
func (rf *Raft) Start(command any) (int, int, bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if rf.role != leader {
		return -1, rf.currentTerm, false
	}
	rf.log = append(rf.log, LogEntry{rf.currentTerm, command})
	rf.persist()
	rf.advance()
	rf.replicate()
	return len(rf.log) - 1, rf.currentTerm, true
}

// Snapshot is not part of this solution.
func (rf *Raft) Snapshot(int, []byte) {}

// PersistBytes is how much is stored.
func (rf *Raft) PersistBytes() int { return rf.persister.RaftStateSize() }

func (rf *Raft) persist() {
	var b bytes.Buffer
	e := labgob.NewEncoder(&b)
	if e.Encode(rf.currentTerm) != nil || e.Encode(rf.votedFor) != nil || e.Encode(rf.log) != nil {
		panic("cannot store")
	}
	rf.persister.Save(b.Bytes(), nil)
}

func (rf *Raft) restore(state []byte) {
	if len(state) == 0 {
		return
	}
	d := labgob.NewDecoder(bytes.NewReader(state))
	if d.Decode(&rf.currentTerm) != nil || d.Decode(&rf.votedFor) != nil || d.Decode(&rf.log) != nil {
		panic("cannot read what was stored")
	}
}

// Elections (5.2)

func (rf *Raft) wait() {
	rf.deadline = time.Now().Add(electionMin + time.Duration(rand.Int63n(int64(electionMin))))
}

func (rf *Raft) watch() {
	for {
		time.Sleep(glance)
		rf.mu.Lock()
		if rf.role != leader && time.Now().After(rf.deadline) {
			rf.stand()
		}
		rf.mu.Unlock()
	}
}

// RequestVoteArgs asks for a vote.
type RequestVoteArgs struct{ Term, CandidateId, LastLogIndex, LastLogTerm int }

// RequestVoteReply gives it, or not.
type RequestVoteReply struct {
	Term        int
	VoteGranted bool
}

func (rf *Raft) stand() {
	rf.role, rf.votedFor = candidate, rf.me
	rf.currentTerm++
	rf.persist()
	rf.wait()
	votes := 1
	last := len(rf.log) - 1
	args := RequestVoteArgs{rf.currentTerm, rf.me, last, rf.log[last].Term}
	for peer := range rf.peers {
		if peer == rf.me {
			continue
		}
		go func() {
			var reply RequestVoteReply
			if !rf.peers[peer].Call("Raft.RequestVote", &args, &reply) {
				return
			}
			rf.mu.Lock()
			defer rf.mu.Unlock()
			rf.hear(reply.Term)
			if rf.role != candidate || rf.currentTerm != args.Term || !reply.VoteGranted {
				return
			}
			if votes++; votes*2 > len(rf.peers) {
				rf.win()
			}
		}()
	}
	if len(rf.peers) == 1 {
		rf.win()
	}
}

func (rf *Raft) win() {
	rf.role = leader
	rf.nextIndex, rf.matchIndex = make([]int, len(rf.peers)), make([]int, len(rf.peers))
	for peer := range rf.peers {
		rf.nextIndex[peer] = len(rf.log)
	}
	rf.replicate()
}

// hear follows a newer term (5.1).
func (rf *Raft) hear(term int) {
	if term > rf.currentTerm {
		rf.currentTerm, rf.votedFor, rf.role = term, -1, follower
		rf.persist()
	}
}

// RequestVote is called by candidates.
func (rf *Raft) RequestVote(args *RequestVoteArgs, reply *RequestVoteReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.hear(args.Term)
	last := len(rf.log) - 1
	isFresh := args.LastLogTerm > rf.log[last].Term || args.LastLogTerm == rf.log[last].Term && args.LastLogIndex >= last
	isFree := rf.votedFor == -1 || rf.votedFor == args.CandidateId
	if args.Term == rf.currentTerm && isFree && isFresh {
		rf.votedFor = args.CandidateId
		rf.persist()
		rf.wait()
		reply.VoteGranted = true
	}
	reply.Term = rf.currentTerm
}

// Replication (5.3)

func (rf *Raft) lead() {
	for {
		time.Sleep(heartbeat)
		rf.mu.Lock()
		if rf.role == leader {
			rf.replicate()
		}
		rf.mu.Unlock()
	}
}

// AppendEntriesArgs brings entries.
type AppendEntriesArgs struct {
	Term, LeaderId, PrevLogIndex, PrevLogTerm, LeaderCommit int
	Entries                                                 []LogEntry
}

// AppendEntriesReply says whether they fit; if not, Next is where to try.
type AppendEntriesReply struct {
	Term, Next int
	Success    bool
}

func (rf *Raft) replicate() {
	for peer := range rf.peers {
		if peer == rf.me {
			continue
		}
		before := rf.nextIndex[peer] - 1
		args := AppendEntriesArgs{rf.currentTerm, rf.me, before, rf.log[before].Term, rf.commitIndex, slices.Clone(rf.log[before+1:])}
		go func() {
			var reply AppendEntriesReply
			if !rf.peers[peer].Call("Raft.AppendEntries", &args, &reply) {
				return
			}
			rf.mu.Lock()
			defer rf.mu.Unlock()
			rf.hear(reply.Term)
			if rf.role != leader || rf.currentTerm != args.Term {
				return
			}
			if reply.Success {
				rf.matchIndex[peer] = max(rf.matchIndex[peer], args.PrevLogIndex+len(args.Entries))
				rf.nextIndex[peer] = rf.matchIndex[peer] + 1
				rf.advance()
			} else {
				rf.nextIndex[peer] = max(1, min(rf.nextIndex[peer]-1, reply.Next))
			}
		}()
	}
}

func (rf *Raft) advance() {
	rf.matchIndex[rf.me] = len(rf.log) - 1
	durable := slices.Sorted(slices.Values(rf.matchIndex))
	index := durable[(len(rf.peers)-1)/2]
	if index > rf.commitIndex && rf.log[index].Term == rf.currentTerm { // 5.4.2
		rf.commitIndex = index
		rf.news.Broadcast()
	}
}

// AppendEntries is called by leaders.
func (rf *Raft) AppendEntries(args *AppendEntriesArgs, reply *AppendEntriesReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.hear(args.Term)
	reply.Term, reply.Next = rf.currentTerm, len(rf.log)
	if args.Term < rf.currentTerm {
		return
	}
	rf.role = follower
	rf.wait()
	if args.PrevLogIndex >= len(rf.log) {
		return
	}
	if rf.log[args.PrevLogIndex].Term != args.PrevLogTerm {
		reply.Next = args.PrevLogIndex
		return
	}
	for i, e := range args.Entries {
		at := args.PrevLogIndex + 1 + i
		if at < len(rf.log) && rf.log[at].Term == e.Term {
			continue
		}
		rf.log = append(rf.log[:at:at], args.Entries[i:]...)
		rf.persist()
		break
	}
	if end := min(args.LeaderCommit, args.PrevLogIndex+len(args.Entries)); end > rf.commitIndex {
		rf.commitIndex = end
		rf.news.Broadcast()
	}
	reply.Success = true
}

func (rf *Raft) apply(applyCh chan raftapi.ApplyMsg) {
	for {
		rf.mu.Lock()
		for rf.lastApplied >= rf.commitIndex {
			rf.news.Wait()
		}
		rf.lastApplied++
		m := raftapi.ApplyMsg{CommandValid: true, CommandIndex: rf.lastApplied, Command: rf.log[rf.lastApplied].Command}
		rf.mu.Unlock()
		applyCh <- m
	}
}
