/* Puts a Raft in C behind raft-sim: as a WebAssembly module, or as a child process that speaks in frames.
 *
 *   clang --target=wasm32-wasi -mexec-model=reactor -O2 -o raft.wasm raft.c raft_sim.c
 *   cc -O2 -o raft raft.c raft_sim.c
 *   raft-sim run --system ./raft.wasm
 *
 * Define `raft_sim_system`. Nodes count from 1, 0 is nobody; times are microseconds. What a server wants it says by the
 * functions at the end, in order, while one of its own is running. docs/adapters/wasm.md and child.md say what the bytes
 * mean. A child holds many servers at once: what a server knows belongs into its own memory, and into no static variable.
 */
#ifndef RAFT_SIM_H
#define RAFT_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that somebody else owns: good until the function that was given them returns. */
typedef struct {
  const void *at;
  uint32_t length;
} rs_bytes;

typedef struct {
  uint32_t term;
  rs_bytes data; /* a client's command is a short text; empty: a no-op */
} rs_entry;

/* What a server finds when it starts. */
typedef struct {
  uint32_t node, nodes;
  uint32_t election_min, election_max, heartbeat_interval;
  bool pre_vote, check_quorum;
  uint32_t term, vote;
  rs_bytes state;
  const rs_entry *log; /* index 1 is log[0] */
  uint32_t log_length;
  uint32_t seed; /* the only chance that a server may have: another one in each life */
} rs_boot;

enum { RS_FOLLOWER, RS_CANDIDATE, RS_LEADER, RS_PRE_CANDIDATE };
enum { RS_ELECTION, RS_HEARTBEAT };

/* What a server shows of itself. */
typedef struct {
  uint32_t role, term, vote, leader, commit;
} rs_state;

/* What leaves a server; what stands beside its bytes are claims, each of which a promise may hold it to. */
typedef struct {
  uint32_t to;
  rs_bytes bytes;
  const char *name, *reading;
  uint32_t term;
  bool grants;
  uint32_t acknowledges;
} rs_message;

/* Goes to the disk: without a ticket it is durable at once; with one, `written` is called later. */
typedef struct {
  uint32_t ticket;
  bool head; /* term, vote and state are written, too */
  uint32_t term, vote;
  rs_bytes state;
  uint32_t from; /* where the first entry goes; everything from there on is cut. 0: the log stays as it is */
  const rs_entry *entries;
  uint32_t count;
} rs_write;

/* A system. A function that is NULL does nothing; `start`, `receive`, `propose` and `state` are needed. */
typedef struct {
  const char *name;     /* with a version; no quotes in it */
  const char *shows;    /* words between spaces: roles terms votes messages log commit disk timers */
  uint32_t tick_micros; /* how often `tick` is called; 0: the server arms timers instead */
  void *(*start)(const rs_boot *boot);
  void (*stop)(void *server);
  void (*tick)(void *server);
  void (*timeout)(void *server, int timer);
  void (*receive)(void *server, uint32_t from, rs_bytes message);
  void (*propose)(void *server, rs_bytes command);
  void (*written)(void *server, uint32_t ticket);
  rs_state (*state)(void *server);
} rs_system;

extern const rs_system raft_sim_system;

void rs_send(rs_message message);
void rs_persist(rs_write write);
void rs_apply(uint32_t index, uint32_t term, rs_bytes data); /* committed, and executed: in order, each once a life */
void rs_refuse(rs_bytes command, uint32_t leader);
void rs_arm(int timer);
void rs_disarm(int timer);
void rs_halt(const char *reason);
void rs_fail(const char *text); /* an exception of the server, which is a finding */

#endif
