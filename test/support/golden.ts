// Golden scripts of one node: commands, a rule of three dashes, and what the node does, in the notation of the tests.
//
// A script is a text of blocks. Lines that begin with # are comments; a block ends with an empty line. Playing a script
// writes it again with what really happened below each rule, so that a golden file is compared and rewritten as a whole.
// A script knows one node and its own host; nothing here may reach into the node but through test/support/node.ts.

import { InvariantError } from '../../src/base/errors.ts';
import { defaultNodeOptions, type NodeOptions } from '../../src/raft/options.ts';
import { node, recovered, restart, type NodeSpec, type NodeView, type TestNode } from './node.ts';

export const RULE = '---';

type Mutable<Type> = { -readonly [name in keyof Type]: Type[name] };

const NODE = /^(n\d) of (\d): (follower|candidate|leader)(?:, (.*))?$/;
const RESTART = /^(n\d) of (\d): from disk (term .*)$/;
const REPEATED = /^(\d+) times (.*)$/;

/** Plays a script and returns it with the output that the node gave; a line that is no command is an error. */
export function playScript(script: string, file: string): string {
  const player = new ScriptPlayer();
  let line = 1;
  const blocks = script.trimEnd().split('\n\n');
  const played = blocks.map((block) => {
    const lines = block.split('\n');
    const first = line;
    line += lines.length + 1;
    return playBlock(player, lines, (i) => `${file}:${first + i}`);
  });
  return `${played.join('\n\n')}\n`;
}

/** The commands of a block with their output; what stood below the rule before is left out. */
function playBlock(player: ScriptPlayer, lines: readonly string[], where: (i: number) => string): string {
  const rule = lines.indexOf(RULE);
  const head = rule === -1 ? lines : lines.slice(0, rule);
  const output = head.flatMap((line, i) => (line.startsWith('#') ? [] : player.play(line, where(i))));
  if (head.every((line) => line.startsWith('#'))) return head.join('\n');
  return [...head, RULE, ...(output.length === 0 ? ['nothing'] : output)].join('\n');
}

class ScriptPlayer {
  private node: TestNode | undefined = undefined;

  /** One command; what came of it, a line each. */
  play(command: string, where: string): string[] {
    const [, id, nodes, role, more = ''] = NODE.exec(command) ?? [];
    if (id !== undefined) {
      const spec = { id, nodes: Number(nodes), role: role as NodeView['role'] };
      this.node = node({ ...spec, ...specOf(more, where) });
      return [stateText(this.node.view)];
    }
    const [, name, of, disk = ''] = RESTART.exec(command) ?? [];
    if (name !== undefined) {
      this.node = restart({ id: name, nodes: Number(of) }, recovered(disk));
      return [stateText(this.node.view)];
    }
    if (this.node === undefined) throw new Error(`${where}: no node yet, expected 'n1 of 3: follower, …'`);
    const [, times, repeated] = REPEATED.exec(command) ?? [];
    if (repeated !== undefined) return Array.from({ length: Number(times) }, () => this.act(repeated, where)).flat();
    return this.act(command, where);
  }

  private act(command: string, where: string): string[] {
    const made = this.node as TestNode;
    if (command === 'state') return [stateText(made.view)];
    const [, peer] = /^progress (n\d)$/.exec(command) ?? [];
    if (peer !== undefined) return [`${peer}: ${made.progress(peer)}`];
    const before = made.view;
    try {
      const effects = command === 'all written' ? made.writeAll() : made.on(command);
      const change = changeText(before, made.view);
      const lines = effects === 'nothing' ? [] : effects.split('; ').map((line) => line.replace(/^send /, '→ '));
      return change === '' ? lines : [`⇒ ${change}`, ...lines];
    } catch (error) {
      if (error instanceof InvariantError) return [`throws: ${error.message}`];
      throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Reads `term 3, vote n2, log 1 1 2, matched n2 3 n3 1, inflightMax 2`. */
function specOf(text: string, where: string): NodeSpec {
  const spec: Mutable<NodeSpec> = {};
  const options: Record<string, unknown> = {};
  for (const phrase of text === '' ? [] : text.split(', ')) {
    const [, word = '', rest = ''] = /^(\w+) (.+)$/.exec(phrase) ?? [];
    if (word === 'term' || word === 'commit') spec[word] = Number(rest);
    else if (word === 'vote' || word === 'log' || word === 'leader') spec[word] = rest;
    else if (word === 'matched') spec.matched = matchedOf(rest);
    else if (Object.hasOwn(defaultNodeOptions, word)) options[word] = optionOf(word as keyof NodeOptions, rest);
    else throw new Error(`${where}: '${phrase}' says nothing of a node`);
  }
  return { ...spec, options };
}

function optionOf(name: keyof NodeOptions, text: string): unknown {
  const usual = defaultNodeOptions[name];
  if (typeof usual === 'boolean') return text === 'true';
  return typeof usual === 'number' ? Number(text) : text;
}

const matchedOf = (text: string): Record<string, number> =>
  Object.fromEntries([...text.matchAll(/(n\d) (\d+)/g)].map(([, peer = '', index]) => [peer, Number(index)] as const));

function stateText({ role, term, vote, leader, log, commit, durable }: NodeView): string {
  const followed = leader === 'nobody' || role === 'leader' ? '' : `, follows ${leader}`;
  return `${role} of term ${term}, vote ${vote}${followed}, log [${log.map((at) => (at === 0 ? '.' : at)).join(' ')}], durable ${durable}, commit ${commit}`;
}

const range = (from: number, to: number): string => (from === to ? `${from}` : `${from}..${to}`);

/** What a node became, in the words of docs/notation.md: only what changed. */
function changeText(before: NodeView, after: NodeView): string {
  const words: string[] = [];
  if (after.role !== before.role) words.push(`${after.role} of term ${after.term}`);
  else if (after.term !== before.term) words.push(`term ${after.term}`);
  if (after.vote !== before.vote) words.push(`vote ${after.vote}`);
  if (after.leader !== before.leader && after.leader !== 'nobody' && after.role !== 'leader') {
    words.push(`follows ${after.leader}`);
  }
  // What a snapshot stands for is not cut.
  const kept = before.log.findIndex((term, i) => term !== after.log[i] && after.log[i] !== 0);
  if (kept !== -1) words.push(`cut ${range(kept + 1, before.log.length)}`);
  if (kept !== -1 || after.log.length !== before.log.length) {
    words.push(`log ${after.log.length}@${after.log.at(-1) ?? 0}`);
  }
  if (after.commit !== before.commit) words.push(`commit ${after.commit}`);
  return words.join(', ');
}
