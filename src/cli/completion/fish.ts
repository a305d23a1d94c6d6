// The completion of fish: a line for each command and each flag, with the condition under which it is offered.
//
// Fish shows the meaning of each beside it.

import { allNodes, wordsIn, type CompletionFlag, type CompletionNode, type CompletionValues } from './tree.ts';

export function fishScript(root: CompletionNode): string {
  return `# Completion of raft-sim for fish: ~/.config/fish/completions/raft-sim.fish

complete -c raft-sim -f
${allNodes(root)
  .flatMap((node) => linesOf(node, root))
  .join('\n')}
`;
}

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** True where the words typed so far lead to this command, to none below it, and to none elsewhere of the same name. */
function conditionOf({ path, commands }: CompletionNode, root: CompletionNode): string {
  const [, first, second] = path;
  if (first === undefined) return '__fish_use_subcommand';
  const parents = root.commands.filter((node) => node.commands.some((child) => child.path.at(-1) === first));
  const others = [...commands, ...(second === undefined ? parents : [])].map((node) => node.path.at(-1) ?? '');
  const seen = path.slice(1).map((word) => `__fish_seen_subcommand_from ${word}`);
  return [...seen, ...(others.length === 0 ? [] : [`not __fish_seen_subcommand_from ${others.join(' ')}`])].join(
    '; and ',
  );
}

function linesOf(node: CompletionNode, root: CompletionNode): string[] {
  const under = `complete -c raft-sim -n ${quoted(conditionOf(node, root))}`;
  const commands = node.commands.map(({ path, summary }) => `${under} -a ${path.at(-1)} -d ${quoted(summary)}`);
  const { values } = node;
  const argument = values === undefined || values === 'text' ? [] : [`${under} ${valueText(values)}`];
  return [...commands, ...argument, ...node.flags.map((flag) => `${under} ${flagText(flag)}`)];
}

function flagText({ names, meaning, values }: CompletionFlag): string {
  const forms = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = values === undefined ? [] : values === 'text' ? ['-x'] : ['-r', valueText(values)];
  return [...forms, ...value, '-d', quoted(meaning)].join(' ');
}

function valueText(values: CompletionValues): string {
  switch (values) {
    case 'file':
      return '-F';
    case 'folder':
      return `-a '(__fish_complete_directories)'`;
    case 'text':
      return '';
    default:
      return `-a ${quoted(wordsIn(values).join(' '))}`;
  }
}
