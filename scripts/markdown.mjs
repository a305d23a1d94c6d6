// Tables in Markdown.

const row = (...cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`;

export const table = (heads, rows) =>
  row(...heads) + row(...heads.map(() => '---')) + rows.map((cells) => row(...cells)).join('');
