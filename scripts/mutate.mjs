// The single-point mutants of compiled files: what stands in the place of what, by TypeScript's own parser.
//
// Assertions are left alone, since one that is gone changes nothing as long as it holds; so are tables of plain data.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { SyntaxKind } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

const OTHERS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
};

/** Mutants of these files of a folder of compiled code, in the order of files and places. */
export function mutantsOf(folder, files) {
  const config = join(folder, 'tsconfig.mutants.json');
  const compilerOptions = { allowJs: true, checkJs: false, noEmit: true, module: 'nodenext', types: [] };
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  const api = new API({ cwd: folder });
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    return files.flatMap((file) => mutantsOfFile(folder, file, project.program.getSourceFile(join(folder, file))));
  } finally {
    api.close();
    rmSync(config);
  }
}

function mutantsOfFile(folder, file, source) {
  const { text } = source;
  const map = new SourceMap(JSON.parse(readFileSync(join(folder, `${file}.map`), 'utf8')));
  const found = [];
  const known = new Map();
  const textOf = (node) => text.slice(startOf(node), node.end);
  const startOf = (node) => node.getStart(source);

  function add(where, from, to, after) {
    const before = text.slice(from, to);
    const line = lineIn(text, from);
    const column = from - (text.lastIndexOf('\n', from - 1) + 1);
    const place = `${file.replace(/\.js$/, '.ts')} ${where}: \`${oneLine(before)}\` → \`${oneLine(after)}\``;
    const times = (known.get(place) ?? 0) + 1;
    known.set(place, times);
    const id = times === 1 ? place : `${place} (${times})`;
    found.push({ id, file, line: (map.findEntry(line - 1, column).originalLine ?? line - 1) + 1, from, to, after });
  }

  function walk(node, where) {
    const inside = nameOf(node) ?? where;
    if (node.kind === SyntaxKind.ImportDeclaration) return;
    if (node.kind === SyntaxKind.ExpressionStatement && textOf(node).startsWith('assert(')) return;
    mutate(node, inside);
    node.forEachChild((child) => walk(child, inside));
  }

  function mutate(node, where) {
    switch (node.kind) {
      case SyntaxKind.BinaryExpression: {
        const { operatorToken: sign } = node;
        for (const other of OTHERS[textOf(sign)] ?? []) add(where, startOf(node), node.end, swapped(node, sign, other));
        break;
      }
      case SyntaxKind.PrefixUnaryExpression:
        if (text[startOf(node)] === '!') add(where, startOf(node), node.end, textOf(node.operand));
        break;
      case SyntaxKind.TrueKeyword:
        add(where, startOf(node), node.end, 'false');
        break;
      case SyntaxKind.FalseKeyword:
        add(where, startOf(node), node.end, 'true');
        break;
      case SyntaxKind.NumericLiteral:
        add(where, startOf(node), node.end, textOf(node) === '1' ? '0' : String(Number(textOf(node)) + 1));
        break;
      case SyntaxKind.ConditionalExpression:
        add(where, startOf(node), node.end, textOf(node.whenTrue));
        add(where, startOf(node), node.end, textOf(node.whenFalse));
        break;
      case SyntaxKind.IfStatement:
        // Of one statement without a block it is the same to take away the statement.
        if (node.thenStatement.kind === SyntaxKind.Block) add(where, startOf(node), node.end, ';');
        break;
      case SyntaxKind.ExpressionStatement:
        if (!textOf(node).startsWith('super(')) add(where, startOf(node), node.end, ';');
        break;
      case SyntaxKind.ReturnStatement:
        // What a function ends with is no decision; what it returns early is.
        if (node.parent?.kind === SyntaxKind.IfStatement || isEarly(node)) add(where, startOf(node), node.end, ';');
        break;
      default:
    }
  }

  const swapped = (node, sign, other) =>
    text.slice(startOf(node), startOf(sign)) + other + text.slice(sign.end, node.end);

  function isEarly(node) {
    const statements = node.parent?.statements;
    return statements !== undefined && statements.at(-1) !== node;
  }

  walk(source, '');
  return found;
}

const NAMED = new Set([SyntaxKind.FunctionDeclaration, SyntaxKind.MethodDeclaration, SyntaxKind.GetAccessor]);

function nameOf(node) {
  if (node.kind === SyntaxKind.Constructor) return 'constructor';
  if (NAMED.has(node.kind) || node.kind === SyntaxKind.PropertyAssignment) return node.name?.text;
  return undefined;
}

const lineIn = (text, at) => text.slice(0, at).split('\n').length;

const TEXT_MAX = 70;

function oneLine(text) {
  const plain = text.replaceAll(/\s+/g, ' ');
  return plain.length > TEXT_MAX ? `${plain.slice(0, TEXT_MAX)}…` : plain;
}
