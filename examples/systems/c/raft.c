/* A small Raft in C, behind raft-sim: sections 5.1 to 5.4 of the paper, every write durable at once.
 *
 *   clang --target=wasm32-wasi -mexec-model=reactor -O2 -o raft.wasm raft.c raft_sim.c
 *   raft-sim run --system ./raft.wasm --nodes 3
 */
#include "raft_sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEARTBEAT_TICKS = 4, ELECTION_TICKS = 15, BATCH = 20, NODES_MAX = 64 };
enum { ASK, VOTE, APPEND, APPENDED };
static const char *const names[] = {"RequestVote", "RequestVoteReply", "AppendEntries", "AppendEntriesReply"};

/* On the wire: these numbers, then for each entry its term, its length and its bytes. */
typedef struct {
  uint32_t kind, term, index, index_term, commit, yes, count;
} message;

typedef struct {
  uint32_t me, nodes;
  rs_state is;
  rs_entry *log; /* index 1 is log[0]; the bytes are ours */
  uint32_t end, room, applied;
  uint32_t elapsed, patience, chance;
  bool votes[NODES_MAX + 1];
  uint32_t next[NODES_MAX + 1], match[NODES_MAX + 1];
} server;

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }
static uint32_t term_at(const server *s, uint32_t index) { return index == 0 ? 0 : s->log[index - 1].term; }

static void *some(size_t size) {
  void *fresh = calloc(1, size == 0 ? 1 : size);
  if (fresh == NULL) abort();
  return fresh;
}

static void push(server *s, uint32_t term, rs_bytes data) {
  if (s->end == s->room) {
    s->room = s->room * 2 + 16;
    s->log = realloc(s->log, s->room * sizeof *s->log);
    if (s->log == NULL) abort();
  }
  void *copy = some(data.length);
  if (data.length > 0) memcpy(copy, data.at, data.length);
  s->log[s->end++] = (rs_entry){term, {copy, data.length}};
}

static void cut(server *s, uint32_t end) {
  while (s->end > end) free((void *)s->log[--s->end].data.at);
}

static void wait_anew(server *s) {
  s->chance ^= s->chance << 13;
  s->chance ^= s->chance >> 17;
  s->chance ^= s->chance << 5;
  s->elapsed = 0;
  s->patience = ELECTION_TICKS + s->chance % ELECTION_TICKS;
}

static void become(server *s, uint32_t term, uint32_t vote) {
  if (term == s->is.term && vote == s->is.vote) return;
  s->is.term = term;
  s->is.vote = vote;
  rs_persist((rs_write){.head = true, .term = term, .vote = vote});
}

static void say(const server *s, uint32_t to, message m, const rs_entry *entries, const char *reading) {
  size_t length = sizeof m;
  for (uint32_t i = 0; i < m.count; i++) length += 8 + entries[i].data.length;
  uint8_t *bytes = some(length), *at = bytes + sizeof m;
  m.term = s->is.term;
  memcpy(bytes, &m, sizeof m);
  for (uint32_t i = 0; i < m.count; i++) {
    memcpy(at, &entries[i].term, 4);
    memcpy(at + 4, &entries[i].data.length, 4);
    memcpy(at + 8, entries[i].data.at, entries[i].data.length);
    at += 8 + entries[i].data.length;
  }
  rs_send((rs_message){.to = to,
                       .bytes = {bytes, (uint32_t)length},
                       .name = names[m.kind],
                       .reading = reading,
                       .term = m.term,
                       .grants = m.kind == VOTE && m.yes,
                       .acknowledges = m.kind == APPENDED && m.yes ? m.index : 0});
  free(bytes);
}

/* Replication (5.3) */

static void replicate_to(server *s, uint32_t peer) {
  char reading[96];
  uint32_t before = s->next[peer] - 1, count = smaller(BATCH, s->end - before);
  message m = {.kind = APPEND, .index = before, .index_term = term_at(s, before), .commit = s->is.commit, .count = count};
  snprintf(reading, sizeof reading, "prev %u@%u, %u entries, commit %u", (unsigned)before, (unsigned)m.index_term,
           (unsigned)count, (unsigned)m.commit);
  say(s, peer, m, s->log + before, reading);
}

static void replicate(server *s) {
  s->elapsed = 0;
  for (uint32_t peer = 1; peer <= s->nodes; peer++) {
    if (peer != s->me) replicate_to(s, peer);
  }
}

static void commit_to(server *s, uint32_t index) {
  s->is.commit = larger(s->is.commit, index);
  while (s->applied < s->is.commit) {
    const rs_entry *e = &s->log[s->applied++];
    rs_apply(s->applied, e->term, e->data);
  }
}

static void advance(server *s) {
  s->match[s->me] = s->end;
  for (uint32_t index = s->end; index > s->is.commit && term_at(s, index) == s->is.term; index--) { /* 5.4.2 */
    uint32_t count = 0;
    for (uint32_t node = 1; node <= s->nodes; node++) count += s->match[node] >= index;
    if (count * 2 > s->nodes) {
      commit_to(s, index);
      return;
    }
  }
}

static void append(server *s, rs_bytes data) {
  push(s, s->is.term, data);
  rs_persist((rs_write){.from = s->end, .entries = s->log + s->end - 1, .count = 1});
  advance(s);
  replicate(s);
}

/* Elections (5.2) */

static void count_votes(server *s) {
  uint32_t count = 0;
  for (uint32_t node = 1; node <= s->nodes; node++) count += s->votes[node];
  if (count * 2 <= s->nodes) return;
  s->is.role = RS_LEADER;
  s->is.leader = s->me;
  for (uint32_t node = 1; node <= s->nodes; node++) {
    s->next[node] = s->end + 1;
    s->match[node] = 0;
  }
  append(s, (rs_bytes){"", 0});
}

static void stand(server *s) {
  char reading[48];
  become(s, s->is.term + 1, s->me);
  s->is.role = RS_CANDIDATE;
  s->is.leader = 0;
  memset(s->votes, 0, sizeof s->votes);
  s->votes[s->me] = true;
  wait_anew(s);
  message m = {.kind = ASK, .index = s->end, .index_term = term_at(s, s->end)};
  snprintf(reading, sizeof reading, "last %u@%u", (unsigned)m.index, (unsigned)m.index_term);
  for (uint32_t peer = 1; peer <= s->nodes; peer++) {
    if (peer != s->me) say(s, peer, m, NULL, reading);
  }
  count_votes(s);
}

/* Messages */

static void answer(server *s, uint32_t to, bool yes, uint32_t index) {
  char reading[32];
  snprintf(reading, sizeof reading, yes ? "match %u" : "no, try %u", (unsigned)index);
  say(s, to, (message){.kind = APPENDED, .yes = yes, .index = index}, NULL, reading);
}

static void append_from(server *s, uint32_t from, const message *m, const uint8_t *at) {
  if (m->term < s->is.term) {
    answer(s, from, false, s->end);
    return;
  }
  s->is.role = RS_FOLLOWER;
  s->is.leader = from;
  wait_anew(s);
  if (m->index > s->end || term_at(s, m->index) != m->index_term) {
    answer(s, from, false, smaller(s->end, larger(m->index, 1) - 1));
    return;
  }
  uint32_t first = 0;
  for (uint32_t i = 1; i <= m->count; i++) {
    uint32_t term, length, index = m->index + i;
    memcpy(&term, at, 4);
    memcpy(&length, at + 4, 4);
    if (first == 0 && (index > s->end || term_at(s, index) != term)) {
      first = index;
      cut(s, index - 1);
    }
    if (first != 0) push(s, term, (rs_bytes){at + 8, length});
    at += 8 + length;
  }
  if (first != 0) rs_persist((rs_write){.from = first, .entries = s->log + first - 1, .count = s->end - first + 1});
  commit_to(s, smaller(m->commit, m->index + m->count));
  answer(s, from, true, m->index + m->count);
}

static void receive(void *self, uint32_t from, rs_bytes bytes) {
  server *s = self;
  message m;
  memcpy(&m, bytes.at, sizeof m);
  if (m.term > s->is.term) {
    become(s, m.term, 0);
    s->is.role = RS_FOLLOWER;
    s->is.leader = 0;
  }
  bool is_current = m.term == s->is.term;
  switch (m.kind) {
    case ASK: {
      uint32_t mine = term_at(s, s->end);
      bool is_fresh = m.index_term > mine || (m.index_term == mine && m.index >= s->end);
      bool yes = is_current && (s->is.vote == 0 || s->is.vote == from) && is_fresh;
      if (yes) {
        become(s, s->is.term, from);
        wait_anew(s);
      }
      say(s, from, (message){.kind = VOTE, .yes = yes}, NULL, yes ? "granted" : "refused");
      break;
    }
    case VOTE:
      if (s->is.role != RS_CANDIDATE || !is_current || !m.yes) return;
      s->votes[from] = true;
      count_votes(s);
      break;
    case APPEND:
      append_from(s, from, &m, (const uint8_t *)bytes.at + sizeof m);
      break;
    case APPENDED:
      if (s->is.role != RS_LEADER || !is_current) return;
      if (m.yes) {
        s->match[from] = larger(s->match[from], m.index);
        s->next[from] = s->match[from] + 1;
        advance(s);
      } else {
        s->next[from] = larger(1, smaller(s->next[from] - 1, m.index + 1));
        replicate_to(s, from);
      }
  }
}

/* Doors */

static void *start(const rs_boot *b) {
  server *s = some(sizeof *s);
  if (b->nodes > NODES_MAX) rs_halt("there are more than 64 servers");
  s->me = b->node;
  s->nodes = smaller(b->nodes, NODES_MAX);
  s->is.term = b->term;
  s->is.vote = b->vote;
  s->chance = b->seed | 1;
  for (uint32_t i = 0; i < b->log_length; i++) push(s, b->log[i].term, b->log[i].data);
  wait_anew(s);
  return s;
}

static void stop(void *self) {
  server *s = self;
  cut(s, 0);
  free(s->log);
  free(s);
}

static void tick(void *self) {
  server *s = self;
  s->elapsed++;
  if (s->is.role == RS_LEADER && s->elapsed >= HEARTBEAT_TICKS) {
    replicate(s);
  } else if (s->is.role != RS_LEADER && s->elapsed >= s->patience) {
    stand(s);
  }
}

static void propose(void *self, rs_bytes command) {
  server *s = self;
  if (s->is.role == RS_LEADER) {
    append(s, command);
  } else {
    rs_refuse(command, s->is.leader);
  }
}

static rs_state state(void *self) { return ((server *)self)->is; }

const rs_system raft_sim_system = {
    .name = "a small Raft in C",
    .shows = "roles terms votes messages log commit disk",
    .tick_micros = 10000,
    .start = start,
    .stop = stop,
    .tick = tick,
    .receive = receive,
    .propose = propose,
    .state = state,
};
