// Which files a report reads: the sets and their columns, as the server describes them, and which set a file belongs to.
import * as api from './api.js';
import { h } from './dom.js';
import { downloadLink, sub } from './parts.js';
import { cellOf, responsive, row, shownFrom, table } from './tables.js';

// coded turns `words` in backquotes into code.
const coded = (text) => text.split('`').map((part, i) => (i % 2 ? h('code', {}, part) : part));

const isNeeded = (set, column) => {
  if (column.required) return 'yes';
  return set.addressed && column.name === 'store_id' ? 'or attribute and value' : 'no';
};

const headings = ['Column', 'Needed', 'Value', { text: 'Example', class: shownFrom('sm') }];

function columnRow(set, column) {
  const name = h('th', { scope: 'row' }, h('code', {}, column.name));
  if (column.aliases.length) name.append(h('span', { class: 'sub d-block' }, `or ${column.aliases.join(', ')}`));
  const example = cellOf(`text-break ${shownFrom('sm')}`, column.example);
  return row(name, cellOf('', isNeeded(set, column)), cellOf('text-break', coded(column.meaning)), example);
}

function describe(set, isOpen) {
  const others = 'Every other column is an attribute of the store, such as brand or city.';
  return h(
    'details',
    { class: 'set py-1', open: isOpen },
    h('summary', {}, set.title, sub(` ${set.file}${set.required ? ', needed' : ''}`)),
    responsive(
      table(
        headings,
        set.columns.map((column) => columnRow(set, column)),
        { extra: 'mb-2' },
      ),
    ),
    set.attributes && h('p', { class: 'sub' }, others),
    downloadLink(set.template, `Template ${set.file}`, 'a CSV file with the header and example rows'),
  );
}

// guide lists the sets. The first is open while there is no file of it.
export const guide = (sets, files) => [
  h('h2', {}, 'Which files'),
  h(
    'p',
    { class: 'sub' },
    'Columns may be in any order and case. Names may have more words, as in store_status_october.csv. ' +
      'Replace the example rows of a template with your own.',
  ),
  sets.map((set) => describe(set, set.required && !files.some((file) => file.set === set.set))),
];

const headBytes = 1 << 16;

// headerOf returns the column names of a CSV file, or none for one that the browser cannot look into.
async function headerOf(file) {
  const isPacked = /\.csv\.gz$/i.test(file.name);
  if (!isPacked && !/\.csv$/i.test(file.name)) return [];
  const head = file.slice(0, headBytes).stream();
  try {
    const reader = (isPacked ? head.pipeThrough(new DecompressionStream('gzip')) : head)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    const { value } = await reader.read();
    await reader.cancel();
    const line = (value ?? '').split(/[\r\n]/).find((text) => text.trim() !== '') ?? '';
    return line.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  } catch {
    return []; // damaged: the server says so when the file is checked
  }
}

const plain = (name) => name.toLowerCase().replace(/[ _-]/g, '');

// recognise returns the name of the set with most of a file's columns, as long as the file has all that the set needs.
// A single column, an id, tells nothing.
export async function recognise(file) {
  const [{ sets }, header] = await Promise.all([api.dataSets(), headerOf(file)]);
  const names = new Set(header.map(plain));
  const has = (column) => [column.name, ...column.aliases].some((name) => names.has(plain(name)));
  let best = { name: null, found: 1 };
  for (const set of sets) {
    const found = set.columns.filter(has).length;
    const isComplete = set.columns.every((column) => !column.required || has(column));
    if (isComplete && found > best.found) best = { name: set.set, found };
  }
  return best.name;
}
