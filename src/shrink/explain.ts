// What happened in one move, as a sentence in the paper's words, so that a shrunk scenario reads as a proof.
//
// Only what the move changed is explained: who became what, who voted for whom, which entries came or went, what a
// crash made a server forget.

import { counted } from '../base/text.ts';
import { nodeName, NOBODY, type NodeId } from '../base/ids.ts';
import type { Message, MessageKind } from '../protocol/message.ts';
import type { MessageOf } from '../protocol/messages/row.ts';
import { filled, formOf } from '../protocol/messages/text.ts';
import { changeText } from '../protocol/configuration.ts';
import { operationText } from '../protocol/operation.ts';
import type { TimerName } from '../protocol/timers.ts';
import { stepTable } from '../sim/step.ts';
import type { CallMove, Move } from './moves.ts';
import type { Transition, NodeSnapshotBefore } from './transition.ts';

/** The sentence of a move, without its full stop. */
export function sentenceOf(move: Move, transition: Transition | undefined): string {
  if (move.act === 'duplicate') {
    const { message } = move;
    return `The network makes a second copy of ${messageName(message)}`;
  }
  if (move.act === 'send') return `Somebody puts ${messageName(move.message)} on its way, which nobody sent`;
  if (move.act === 'answer') return 'The answer arrives at its client';
  if (transition === undefined) return '';
  const node = 'message' in move ? move.message.to : move.node;
  const facts = [...factsOf(move, node, transition), ...crashFacts(move, transition)];
  return `${nodeName(node)} ${listed(facts)}`;
}

function factsOf(move: Exclude<Move, { readonly act: 'send' }>, node: NodeId, transition: Transition): string[] {
  switch (move.act) {
    case 'deliver':
      return deliveryFacts(move.message, node, transition);
    case 'timer':
      return timeoutFacts[move.timer](transition);
    case 'durable':
      return ['has on its disk what it wrote', ...changes(node, transition)];
    case 'write-failed':
      return [`is told of a ${move.error} error, and stops`];
    case 'call':
      return callFacts(move, transition);
    case 'change-members':
      return [`is asked for other members: ${changeText(move.change)}`, ...changes(node, transition)];
    case 'transfer':
      return transferFacts(nodeName(move.target), transition);
    case 'crash':
      return ['crashes'];
    case 'duplicate':
    case 'answer':
      return [];
    case 'restart':
      return [`${stepTable.restart.outcome} ${stateWords(transition.after)}`];
    default:
      return [stepTable[move.act].outcome];
  }
}

// ── elections ────────────────────────────────────────────────────────────────────────────────────────────────────

const timeoutFacts: Readonly<Record<TimerName, (transition: Transition) => string[]>> = {
  election: electionFacts,
  heartbeat: heartbeatFacts,
  leaderContact: () => ['has heard no leader for the shortest election timeout'],
  quorumCheck: quorumCheckFacts,
  tick: tickFacts,
  catchUp: () => ['has waited long enough for a round of catching up'],
  transfer: () => ['waits no longer for the one that was to take over'],
  snapshot: () => ['has written its machine out'],
  lease: () => ['holds its lease no longer'],
};

function tickFacts({ before, after }: Transition): string[] {
  const becomes = after.role === before.role && after.term === before.term ? [] : [`becomes ${stateWords(after)}`];
  return ['is told that time has passed', ...becomes];
}

function quorumCheckFacts({ before, after }: Transition): string[] {
  if (before.role === 'leader' && after.role !== 'leader') return ['has no quorum of answers, and steps down'];
  return ['looks who has answered it'];
}

function electionFacts(transition: Transition): string[] {
  const { before, after } = transition;
  if (after.role === 'pre-candidate') {
    return ['times out', `asks whether it could win an election behind term ${after.term}`];
  }
  if (after.term === before.term) return ['times out'];
  const candidacy = ['times out', `becomes a candidate of term ${after.term}`, 'votes for itself'];
  if (after.role !== 'leader') return candidacy;
  return [...candidacy, `leads term ${after.term}: it is a majority alone`, ...logFacts(transition)];
}

/** How the logs of voter and candidate end, where they end differently: what section 5.4.1 compares. */
function logsApart({ lastLogIndex, lastLogTerm }: MessageOf<'RequestVote'>, { log }: NodeSnapshotBefore): string {
  const end = (index: number, term: number): string =>
    index === 0 ? 'is empty' : `ends with entry ${index} of term ${term}`;
  const [own, theirs] = [end(log.length, log.at(-1) ?? 0), end(lastLogIndex, lastLogTerm)];
  return own === theirs ? '' : `, whose log ${theirs}, its own ${own}`;
}

function voteFacts(message: MessageOf<'RequestVote'>, node: NodeId, transition: Transition): string[] {
  const { before, after, sent } = transition;
  const candidate = nodeName(message.from);
  const reply = sent.find((one) => one.kind === 'RequestVoteReply' && one.from === node);
  if (after.isUp && before.term < message.term && after.term < message.term) {
    return [
      `does not look at the request of ${candidate} for its vote in term ${message.term}, ${becauseItHears(before)}`,
    ];
  }
  const isGranted = reply?.kind === 'RequestVoteReply' ? reply.granted : after.votedFor === message.from;
  const isDeposed = before.role !== 'follower' && after.term > before.term;
  const steps = isDeposed ? [`steps down from term ${before.term}`] : [];
  if (isGranted) {
    return [...steps, `votes for ${candidate} in term ${message.term}${logsApart(message, before)}`, ...waits(reply)];
  }
  const refuses = `refuses ${candidate} its vote in term ${message.term}`;
  if (after.term > message.term) return [`${refuses}, for it is in term ${after.term}`];
  if (after.votedFor !== NOBODY) return [...steps, `${refuses}, for it voted for ${nodeName(after.votedFor)}`];
  return [...steps, `${refuses}, for its own log is newer`];
}

const waits = (reply: Message | undefined): string[] =>
  reply === undefined ? ['will say so when that is on its disk'] : [];

function voteReplyFacts(message: MessageOf<'RequestVoteReply'>, node: NodeId, transition: Transition): string[] {
  const { before, after } = transition;
  const age = message.term < after.term ? `, in term ${after.term} by now` : '';
  const again = transition.isAgain ? ' once more' : '';
  const vote = message.granted
    ? `receives the vote of ${nodeName(message.from)} for term ${message.term}${again}${age}`
    : `is refused the vote of ${nodeName(message.from)}`;
  if (before.role !== 'leader' && after.role === 'leader') {
    return [vote, `leads term ${after.term}`, ...logFacts(transition)];
  }
  return [vote, ...changes(node, transition)];
}

/** Why a server keeps the leader that it has. */
const becauseItHears = ({ role, term, heard }: NodeSnapshotBefore): string =>
  role === 'leader' ? `for it leads term ${term}` : `for it has just heard its leader ${nodeName(heard)}`;

function preVoteFacts(message: MessageOf<'PreVote'>, node: NodeId, { before, sent }: Transition): string[] {
  const asker = nodeName(message.from);
  const reply = sent.find((one) => one.kind === 'PreVoteReply' && one.from === node && one.to === message.from);
  const question = `is asked by ${asker} for a pre-vote in term ${message.term}`;
  if (reply?.kind !== 'PreVoteReply') return [question, 'gives no answer yet'];
  if (reply.granted) return [`would vote for ${asker} in the term behind ${message.term}`, 'says so'];
  const refuses = `refuses ${asker} its pre-vote in term ${message.term}`;
  if (before.term > message.term) return [`${refuses}, for it is in term ${before.term}`];
  if (before.role === 'leader' || (before.heard !== NOBODY && before.heard !== message.from)) {
    return [`${refuses}, ${becauseItHears(before)}`];
  }
  return [`${refuses}, for its own log is newer`];
}

function preVoteReplyFacts(message: MessageOf<'PreVoteReply'>, node: NodeId, transition: Transition): string[] {
  const { before, after } = transition;
  const again = transition.isAgain ? ' once more' : '';
  const voter = nodeName(message.from);
  const old = message.askedTerm < before.term ? ', an old one' : '';
  const vote = message.granted
    ? `receives the pre-vote of ${voter} for term ${message.askedTerm}${again}${old}`
    : `is refused the pre-vote of ${voter}${again}`;
  if (before.role === 'pre-candidate' && after.term > before.term && after.role !== 'follower') {
    return [vote, `becomes a candidate of term ${after.term}`, 'votes for itself'];
  }
  const learns = after.term > before.term ? [`learns of term ${after.term}`] : [];
  return [vote, ...learns, ...changes(node, transition)];
}

function transferFacts(target: string, { before, after, sent }: Transition): string[] {
  const asked = `is asked to hand over to ${target}`;
  if (before.role !== 'leader' || after.role !== 'leader') return [asked, 'takes no notice'];
  const tells = sent.some(({ kind }) => kind === 'TimeoutNow') ? [`tells ${target} to take over`] : [];
  return [asked, 'takes no more commands', ...tells];
}

function timeoutNowFacts({ from, term }: MessageOf<'TimeoutNow'>, node: NodeId, transition: Transition): string[] {
  const { before, after } = transition;
  const again = transition.isAgain ? ' once more' : '';
  const asked = `is told by ${nodeName(from)} to take over from term ${term}${again}`;
  if (after.term === before.term) return [asked, 'takes no notice'];
  if (after.role !== 'candidate' && after.role !== 'leader') return [asked, ...changes(node, transition)];
  return [asked, `becomes a candidate of term ${after.term}`, 'votes for itself'];
}

// ── replication ──────────────────────────────────────────────────────────────────────────────────────────────────

function heartbeatFacts({ sent }: Transition): string[] {
  const full = sent.find((one) => one.kind === 'AppendEntries' && one.entries.length > 0);
  if (full?.kind !== 'AppendEntries') return ['sends its heartbeats'];
  return [`sends its heartbeats, with ${entriesName(full.prevLogIndex + 1, full.prevLogIndex + full.entries.length)}`];
}

function appendFacts(message: MessageOf<'AppendEntries'>, node: NodeId, transition: Transition): string[] {
  const { before, after, sent } = transition;
  const leader = nodeName(message.from);
  if (message.term < before.term) return [`refuses an old request of ${leader}, who led term ${message.term}`];
  const reply = sent.find((one) => one.kind === 'AppendEntriesReply' && one.from === node);
  const isRefused = reply?.kind === 'AppendEntriesReply' && !reply.success;
  const again = transition.isAgain ? ' once more' : '';
  const what = message.entries.length === 0 ? 'a heartbeat' : messageName(message);
  const hears = `receives ${what}${message.entries.length === 0 ? ` of ${leader}` : ''}${again}`;
  const forgets =
    before.term === after.term && before.votedFor !== after.votedFor
      ? [`forgets that it voted for ${nodeName(before.votedFor)}`]
      : [];
  if (isRefused) {
    const place = `${message.prevLogIndex} of term ${message.prevLogTerm}`;
    return [hears, ...forgets, `refuses: it has no entry ${place} that precedes it`];
  }
  const facts = changes(node, transition);
  return [hears, ...forgets, ...facts];
}

function appendReplyFacts(message: MessageOf<'AppendEntriesReply'>, node: NodeId, transition: Transition): string[] {
  const { before, after } = transition;
  const follower = nodeName(message.from);
  const learns = message.term < before.term ? `learns from a reply of term ${message.term}` : 'learns';
  if (before.role === 'leader' && after.role === 'leader' && after.commitIndex > before.commitIndex) {
    const entries = entriesName(before.commitIndex + 1, after.commitIndex);
    return [`${learns} that ${follower} holds ${upTo(message.matchIndex)}`, `commits ${entries}`];
  }
  const learnt = message.success
    ? `${learns} that ${follower} holds ${upTo(message.matchIndex)}`
    : `${learns} that ${follower} refused what comes behind ${message.prevLogIndex}`;
  const next = transition.sent.find((one) => one.kind === 'AppendEntries' && one.to === message.from);
  if (next?.kind !== 'AppendEntries') return [learnt, ...changes(node, transition)];
  const last = next.prevLogIndex + next.entries.length;
  const sends = next.entries.length === 0 ? 'asks again' : `sends ${entriesName(next.prevLogIndex + 1, last)}`;
  return [learnt, ...changes(node, transition), sends];
}

/** A piece arrives: it is kept, refused, or the last one, with which the snapshot takes the place of the log. */
function installFacts(message: MessageOf<'InstallSnapshot'>, node: NodeId, transition: Transition): string[] {
  const { before, after, sent } = transition;
  const leader = nodeName(message.from);
  if (message.term < before.term) return [`refuses an old snapshot of ${leader}, who led term ${message.term}`];
  const reply = sent.find((one) => one.kind === 'InstallSnapshotReply' && one.from === node);
  const again = transition.isAgain ? ' once more' : '';
  const piece =
    message.offset === 0 && message.done ? 'a snapshot' : `a piece of a snapshot, from byte ${message.offset} on,`;
  const hears = `receives ${piece} of ${entriesName(1, message.lastIncludedIndex)} from ${leader}${again}`;
  if (after.snapshotIndex > before.snapshotIndex || after.commitIndex > before.commitIndex) {
    const waiting = reply === undefined ? ['will say so when that is on its disk'] : [];
    return [hears, ...changes(node, transition), ...waiting];
  }
  if (reply?.kind !== 'InstallSnapshotReply') return [hears, ...changes(node, transition)];
  if (reply.installed) return [hears, 'needs nothing of it'];
  return [hears, ...changes(node, transition), `asks for what comes from byte ${reply.nextOffset} on`];
}

function installReplyFacts(message: MessageOf<'InstallSnapshotReply'>, node: NodeId, transition: Transition): string[] {
  const follower = nodeName(message.from);
  const learns = message.installed
    ? `learns that ${follower} holds ${upTo(message.matchIndex)}`
    : `learns that ${follower} waits for byte ${message.nextOffset} of its snapshot`;
  const next = transition.sent.find((one) => one.kind === 'InstallSnapshot' && one.to === message.from);
  const sends = next?.kind === 'InstallSnapshot' ? [`sends what comes from byte ${next.offset} on`] : [];
  return [learns, ...changes(node, transition), ...sends];
}

function callFacts({ operation, client }: CallMove, transition: Transition): string[] {
  const command = `c${client + 1}’s ${operationText(operation)}`;
  if (transition.after.lastIndex === transition.before.lastIndex)
    return [`is asked for ${command}, and refuses: it does not lead`];
  const again = transition.isAgain ? ' again' : '';
  return [
    `takes ${command}${again} as entry ${transition.after.lastIndex} of term ${transition.after.term}`,
    ...commitFacts(transition),
  ];
}

// ── what changed ─────────────────────────────────────────────────────────────────────────────────────────────────

type DeliveryFacts<K extends MessageKind> = (message: MessageOf<K>, node: NodeId, transition: Transition) => string[];

/** Kinds about which there is more to say than that they came and what changed. */
const deliveryTable: { readonly [K in MessageKind]?: DeliveryFacts<K> } = {
  RequestVote: voteFacts,
  RequestVoteReply: voteReplyFacts,
  PreVote: preVoteFacts,
  PreVoteReply: preVoteReplyFacts,
  AppendEntries: appendFacts,
  AppendEntriesReply: appendReplyFacts,
  InstallSnapshot: installFacts,
  InstallSnapshotReply: installReplyFacts,
  TimeoutNow: timeoutNowFacts,
};

function deliveryFacts(message: Message, node: NodeId, transition: Transition): string[] {
  const factsOfKind = deliveryTable[message.kind] as DeliveryFacts<MessageKind> | undefined;
  if (factsOfKind !== undefined) return factsOfKind(message, node, transition);
  const again = transition.isAgain ? ' once more' : '';
  return [`receives ${messageName(message)}${again}`, ...changes(node, transition)];
}

/** What a move may change without being about it. */
function changes(node: NodeId, transition: Transition): string[] {
  const { before, after, sent } = transition;
  const facts: string[] = [];
  if (before.role === 'leader' && after.role !== 'leader') facts.push('steps down');
  if (before.role !== 'leader' && after.role === 'leader') facts.push(`leads term ${after.term}`);
  if (sent.some((one) => one.kind === 'RequestVote' && one.from === node))
    facts.push('asks the others for their votes');
  const reply = sent.find((one) => one.from === node && one.kind === 'RequestVoteReply' && one.granted);
  if (reply !== undefined) facts.push(`tells ${nodeName(reply.to)} of its vote`);
  return [...facts, ...logFacts(transition), ...commitFacts(transition)];
}

function logFacts({ before, after }: Transition): string[] {
  // What is gone is the same in both.
  let same = Math.min(Math.max(before.base, after.base), before.lastIndex, after.lastIndex);
  while (same < before.lastIndex && same < after.lastIndex && before.log[same] === after.log[same]) same++;
  const facts: string[] = [];
  if (after.snapshotIndex > before.snapshotIndex) {
    facts.push(`holds a snapshot of ${entriesName(1, after.snapshotIndex)}`);
  }
  if (same < before.lastIndex) facts.push(`cuts ${entriesName(same + 1, before.lastIndex)}`);
  same = Math.max(same, after.base);
  if (same < after.lastIndex) facts.push(`appends ${entriesName(same + 1, after.lastIndex)}`);
  return facts;
}

const commitFacts = ({ before, after }: Transition): string[] =>
  after.commitIndex > before.commitIndex ? [`commits ${entriesName(before.commitIndex + 1, after.commitIndex)}`] : [];

/** What a crash in this move made the server forget. */
function crashFacts(move: Move, { before, after }: Transition): string[] {
  if (after.isUp || !before.isUp || move.act === 'wipe') return [];
  const isCut = 'effects' in move && move.effects !== undefined;
  const facts = isCut ? [`crashes after ${counted(move.effects, 'effect')} of that`] : [];
  return [...facts, ...forgotten(move, before, after)];
}

function forgotten(move: Move, before: NodeSnapshotBefore, after: NodeSnapshotBefore): string[] {
  const meant = move.act === 'deliver' ? move.message : undefined;
  const vote = meant?.kind === 'RequestVote' ? { term: meant.term, votedFor: meant.from } : before;
  const lostVote = vote.votedFor !== NOBODY && (after.term < vote.term || after.votedFor !== vote.votedFor);
  const facts = lostVote ? [`forgets its vote for ${nodeName(vote.votedFor)} in term ${vote.term}`] : [];
  if (!lostVote && after.term < vote.term) facts.push(`forgets term ${vote.term}`);
  const last =
    meant?.kind === 'AppendEntries'
      ? Math.max(before.lastIndex, meant.prevLogIndex + meant.entries.length)
      : before.lastIndex;
  if (last > after.lastIndex) facts.push(`loses ${entriesName(after.lastIndex + 1, last)}`);
  return facts;
}

function stateWords({ term, votedFor, lastIndex }: NodeSnapshotBefore): string {
  const vote = votedFor === NOBODY ? 'without a vote' : `with its vote for ${nodeName(votedFor)}`;
  return `in term ${term}, ${vote}, ${lastIndex === 0 ? 'with an empty log' : `with ${entriesName(1, lastIndex)}`}`;
}

const messageName = (message: Message): string =>
  filled(formOf(message).name, message, (first, { length }) => entriesName(first, first + length - 1));

const entriesName = (first: number, last: number): string =>
  first >= last ? `entry ${last}` : `entries ${first} to ${last}`;

const upTo = (index: number): string =>
  index === 0 ? 'nothing yet' : index === 1 ? 'entry 1' : `entries 1 to ${index}`;

/** `a`, `a and b`, `a, b, and c`. */
function listed(facts: readonly string[]): string {
  if (facts.length < 2) return facts[0] ?? 'takes a step';
  const comma = facts.length > 2 ? ',' : '';
  return `${facts.slice(0, -1).join(', ')}${comma} and ${facts.at(-1) ?? ''}`;
}

// ── time runs ────────────────────────────────────────────────────────────────────────────────────────────────────

const REFUSALS_SHOWN = 2;

/** What became of a cluster that had all the time to recover; without its full stop. */
export function recoverySentence(time: string, sent: readonly Message[], leaders: readonly NodeId[]): string {
  const refusals = new Map<string, number>();
  for (const message of sent) {
    const refusal = refusalOf(message);
    if (refusal !== undefined) refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
  }
  const most = Array.from(refusals).toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const facts = most.slice(0, REFUSALS_SHOWN).map(([refusal, n]) => (n === 1 ? refusal : `${refusal} ${n} times`));
  const names = Array.from(new Set(leaders), nodeName);
  const elected = leaders.length === 0 ? 'no election is won' : `${listed(names)} win${names.length > 1 ? '' : 's'}`;
  const elections = leaders.length === 0 ? elected : `${elected} ${leaders.length > 1 ? 'elections' : 'an election'}`;
  return `The faults are over, and time runs for ${time}: ${listed([elections, ...facts])}`;
}

function refusalOf(message: Message): string | undefined {
  const { refusal } = formOf(message);
  return refusal === undefined ? undefined : filled(refusal, message, () => 'entries');
}
