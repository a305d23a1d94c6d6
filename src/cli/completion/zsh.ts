// The completion of zsh: the flags and arguments of each command as `_arguments` takes them.
//
// A command of commands hands on to the function of the one that was typed.

import { allNodes, wordsIn, type CompletionNode, type CompletionValues } from './tree.ts';

export function zshScript(root: CompletionNode): string {
  return `#compdef raft-sim
# Completion of raft-sim for zsh: source <(raft-sim completion zsh), behind compinit

${allNodes(root).map(functionOf).join('\n')}
compdef ${nameOf(root)} raft-sim
`;
}

const nameOf = ({ path }: CompletionNode): string => `_${path.join('_').replaceAll('-', '_')}`;

/** What zsh reads otherwise inside a specification. */
const specText = (text: string): string => text.replaceAll("'", "'\\''").replace(/[[\]:\\]/g, '\\$&');

function functionOf(node: CompletionNode): string {
  const specs = node.flags.map(({ names, meaning, values }) => {
    const value = values === undefined ? '' : `:value:${actionOf(values)}`;
    const about = `[${specText(meaning)}]${value}`;
    return names.length > 1 ? `'(${names.join(' ')})'{${names.join(',')}}'${about}'` : `'${names[0]}${about}'`;
  });
  if (node.commands.length === 0) {
    const argument = node.values === undefined ? [] : [`'*:argument:${actionOf(node.values)}'`];
    return block(node, [argumentsLine('', [...specs, ...argument])]);
  }
  const described = node.commands.map(({ path, summary }) => `'${path.at(-1)}:${specText(summary)}'`);
  return block(node, [
    'local state line',
    argumentsLine('-C ', [...specs, `'1:command:->command'`, `'*::argument:->argument'`]),
    'case $state in',
    '  command)',
    `    local -a commands=(${described.join(' ')})`,
    `    _describe command commands ;;`,
    '  argument)',
    '    case $line[1] in',
    ...node.commands.map((child) => `      ${child.path.at(-1)}) ${nameOf(child)} ;;`),
    '    esac ;;',
    'esac',
  ]);
}

const argumentsLine = (flags: string, specs: readonly string[]): string =>
  `_arguments ${flags}${specs.map((spec) => `\\\n    ${spec} `).join('')}`.trimEnd();

const block = (node: CompletionNode, lines: readonly string[]): string =>
  `${nameOf(node)}() {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;

function actionOf(values: CompletionValues): string {
  switch (values) {
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'text':
      return ' ';
    default:
      return `(${wordsIn(values).join(' ')})`;
  }
}
