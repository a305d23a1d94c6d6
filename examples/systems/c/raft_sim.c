/* The bytes between raft-sim and a Raft in C; see raft_sim.h. */
#include "raft_sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ── Answers ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static uint8_t *out;
static size_t out_length, out_room;

static void put(const void *at, size_t length) {
  if (out_length + length > out_room) {
    out_room = (out_length + length) * 2 + 4096;
    out = realloc(out, out_room);
    if (out == NULL) abort();
  }
  if (length > 0) memcpy(out + out_length, at, length);
  out_length += length;
}

static void u8(uint32_t value) {
  uint8_t byte = (uint8_t)value;
  put(&byte, 1);
}

static void u32(uint32_t value) {
  uint8_t four[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
  put(four, 4);
}

static void bytes(rs_bytes some) {
  u32(some.length);
  put(some.at, some.length);
}

static void text(const char *some) {
  bytes((rs_bytes){some, some == NULL ? 0 : (uint32_t)strlen(some)});
}

void rs_send(rs_message m) {
  u8(1);
  u8(m.to);
  u8(m.grants);
  u32(m.term);
  u32(m.acknowledges);
  text(m.name);
  text(m.reading);
  bytes(m.bytes);
}

void rs_persist(rs_write w) {
  u8(2);
  u32(w.ticket);
  u8(w.head);
  u32(w.term);
  u32(w.vote);
  bytes(w.state);
  u32(w.from);
  u32(w.count);
  for (uint32_t i = 0; i < w.count; i++) {
    u32(w.entries[i].term);
    bytes(w.entries[i].data);
  }
}

void rs_apply(uint32_t index, uint32_t term, rs_bytes data) {
  u8(3);
  u32(index);
  u32(term);
  bytes(data);
}

void rs_refuse(rs_bytes command, uint32_t leader) {
  u8(4);
  bytes(command);
  u32(leader);
}

void rs_arm(int timer) { u8(5), u8((uint32_t)timer); }
void rs_disarm(int timer) { u8(6), u8((uint32_t)timer); }
void rs_halt(const char *reason) { u8(7), text(reason); }
void rs_fail(const char *what) { u8(9), text(what); }

/* ── Questions ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static const uint8_t *at;

static uint32_t number(void) {
  uint32_t value = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
  at += 4;
  return value;
}

static rs_bytes some(void) {
  uint32_t length = number();
  rs_bytes found = {at, length};
  at += length;
  return found;
}

static void *started(void) {
  rs_boot b = {0};
  b.node = number();
  b.nodes = number();
  b.election_min = number();
  b.election_max = number();
  b.heartbeat_interval = number();
  uint32_t wishes = number();
  b.pre_vote = (wishes & 1) != 0;
  b.check_quorum = (wishes & 2) != 0;
  b.term = number();
  b.vote = number();
  b.state = some();
  b.log_length = number();
  rs_entry *log = calloc(b.log_length + 1, sizeof *log);
  if (log == NULL) abort();
  for (uint32_t i = 0; i < b.log_length; i++) {
    log[i].term = number();
    log[i].data = some();
  }
  b.log = log;
  b.seed = number();
  void *server = raft_sim_system.start(&b);
  free(log);
  return server;
}

enum { START = 2, TICK, TIMEOUT, RECEIVE, PROPOSE, WRITTEN, STOP, FORGET };

static void stopped(void **server) {
  if (*server != NULL && raft_sim_system.stop != NULL) raft_sim_system.stop(*server);
  *server = NULL;
}

static void acted(void **server, uint32_t question) {
  const rs_system *system = &raft_sim_system;
  if (question == START) {
    stopped(server);
    *server = started();
  }
  if (*server == NULL) {
    rs_fail("no such server");
    return;
  }
  if (question == TICK && system->tick != NULL) system->tick(*server);
  if (question == TIMEOUT && system->timeout != NULL) system->timeout(*server, (int)number());
  if (question == RECEIVE) {
    uint32_t from = number();
    system->receive(*server, from, some());
  }
  if (question == PROPOSE) system->propose(*server, some());
  if (question == WRITTEN && system->written != NULL) system->written(*server, number());
  rs_state state = system->state(*server);
  u8(8);
  u8(state.role);
  u32(state.term);
  u32(state.vote);
  u32(state.leader);
  u32(state.commit);
}

#ifdef __wasm__

#define EXPORT(name) __attribute__((export_name(#name))) uint32_t name

static uint8_t *in;
static uint32_t in_room;
static void *only;

EXPORT(raft_sim_version)(void) { return 1; }

EXPORT(raft_sim_input)(uint32_t length) {
  if (length > in_room || in == NULL) {
    in_room = length * 2 + 4096;
    free(in);
    in = malloc(in_room);
    if (in == NULL) abort();
  }
  return (uint32_t)(uintptr_t)in;
}

EXPORT(raft_sim_answer)(void) { return (uint32_t)(uintptr_t)out; }

EXPORT(raft_sim_call)(uint32_t question, uint32_t length, uint32_t ahead_micros) {
  (void)length, (void)ahead_micros;
  out_length = 0;
  at = in;
  if (question != 1) {
    acted(&only, question);
    return (uint32_t)out_length;
  }
  u32(raft_sim_system.tick_micros);
  text(raft_sim_system.name);
  uint32_t words = 0;
  const char *shows = raft_sim_system.shows;
  for (const char *c = shows; *c != 0; c++) words += *c != ' ' && (c[1] == ' ' || c[1] == 0);
  u32(words);
  for (const char *c = shows; words > 0; words--) {
    c += strspn(c, " ");
    uint32_t length_of_word = (uint32_t)strcspn(c, " ");
    bytes((rs_bytes){c, length_of_word});
    c += length_of_word;
  }
  return (uint32_t)out_length;
}

#else

/* One server of one cluster; as many as there are lie in a list. */
typedef struct house {
  uint32_t cluster, node;
  void *server;
  struct house *next;
} house;

static house *houses;

static house *house_of(uint32_t cluster, uint32_t node) {
  for (house *h = houses; h != NULL; h = h->next) {
    if (h->cluster == cluster && h->node == node) return h;
  }
  house *fresh = calloc(1, sizeof *fresh);
  if (fresh == NULL) abort();
  *fresh = (house){cluster, node, NULL, houses};
  return houses = fresh;
}

static void forgotten(uint32_t cluster) {
  for (house **link = &houses; *link != NULL;) {
    house *h = *link;
    if (h->cluster != cluster) {
      link = &h->next;
      continue;
    }
    stopped(&h->server);
    *link = h->next;
    free(h);
  }
}

static void greeted(void) {
  for (int c = getchar(); c != '\n' && c != EOF;) c = getchar();
  printf("{\"protocol\":1,\"name\":\"%s\",\"tickMicros\":%u,\"frames\":true,\"shows\":[", raft_sim_system.name,
         (unsigned)raft_sim_system.tick_micros);
  const char *before = "";
  for (const char *c = raft_sim_system.shows + strspn(raft_sim_system.shows, " "); *c != 0; before = ",") {
    int length = (int)strcspn(c, " ");
    printf("%s\"%.*s\"", before, length, c);
    c += length + (int)strspn(c + length, " ");
  }
  printf("]}\n");
  fflush(stdout);
}

int main(void) {
  uint8_t head[4];
  uint8_t *frame = NULL;
  size_t room = 0;
  greeted();
  while (fread(head, 1, 4, stdin) == 4) {
    at = head;
    uint32_t length = number();
    if (length > room) {
      room = length;
      free(frame);
      frame = malloc(room);
      if (frame == NULL) abort();
    }
    if (fread(frame, 1, length, stdin) != length) return 1;
    at = frame;
    uint32_t cluster = number(), node = number(), question = number();
    at += 8; /* the server's clock, which nobody here needs */
    out_length = 0;
    u32(0);
    if (question == FORGET) {
      forgotten(cluster);
    } else if (question == STOP) {
      stopped(&house_of(cluster, node)->server);
    } else {
      acted(&house_of(cluster, node)->server, question);
    }
    size_t end = out_length;
    out_length = 0;
    u32((uint32_t)(end - 4));
    fwrite(out, 1, end, stdout);
    fflush(stdout);
  }
  return 0;
}

#endif
