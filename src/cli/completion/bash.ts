// The completion of bash: one function, a case for each command and each flag that has a value.
//
// It uses nothing but bash itself: no package for completion has to be there.

import { allNodes, wordsIn, type CompletionNode, type CompletionValues } from './tree.ts';

export function bashScript(root: CompletionNode): string {
  const nodes = allNodes(root);
  const paths = nodes.filter(({ path }) => path.length > 1).map((node) => `'${pathOf(node)}'`);
  return `# Completion of raft-sim for bash: source <(raft-sim completion bash)

_raft_sim() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} path= words= i
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${paths.join(' | ')}) path="$path \${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case "$path" in
${nodes.map(caseOf).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}

complete -o filenames -F _raft_sim raft-sim
`;
}

/** ` scenario run`: as the function puts it together. */
const pathOf = ({ path }: CompletionNode): string =>
  path
    .slice(1)
    .map((word) => ` ${word}`)
    .join('');

function caseOf(node: CompletionNode): string {
  const flags = node.flags.flatMap(({ names }) => names);
  const words = [...node.commands.map(({ path }) => path.at(-1) ?? ''), ...listed(node.values)];
  const valued = node.flags.flatMap(({ names, values }) =>
    values === undefined ? [] : [`        ${names.join(' | ')}) ${valueText(values)} ;;`],
  );
  const files = node.values === 'file' || node.values === 'folder' ? valueText(node.values) : 'words=';
  return [
    `    '${pathOf(node)}')`,
    `      case "$before" in`,
    ...valued,
    `        *)`,
    `          if [[ $word == -* ]]; then words='${wordsIn(flags).join(' ')}'`,
    `          else ${words.length > 0 ? `words='${wordsIn(words).join(' ')}'` : files}; fi ;;`,
    `      esac ;;`,
  ].join('\n');
}

const listed = (values: CompletionValues | undefined): readonly string[] =>
  values === undefined || typeof values === 'string' ? [] : values;

/** What completes a value: words are set, file names are given at once. */
function valueText(values: CompletionValues): string {
  switch (values) {
    case 'file':
      return `COMPREPLY=($(compgen -f -- "$word")); return`;
    case 'folder':
      return `COMPREPLY=($(compgen -d -- "$word")); return`;
    case 'text':
      return 'return';
    default:
      return `words='${wordsIn(values).join(' ')}'`;
  }
}
