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

const headBytes = 1 << 18; // a block of .zst has up to 128 KiB
const magicBytes = 4;
const magic = 0x50415231; // PAR1
const mostFooterBytes = 15 << 20; // the server takes 16 MiB
const tailBytes = 8; // of a Parquet file: the length of its footer, and the magic number again

// partWithColumns is what names the columns of a file: its beginning, or of a Parquet file what lies around its rows.
async function partWithColumns(file) {
  if (!/\.parquet$/i.test(file.name) || file.size < magicBytes + tailBytes) return file.slice(0, headBytes);
  const tail = new DataView(await file.slice(-tailBytes).arrayBuffer());
  const footerBytes = tail.getUint32(0, true);
  if (tail.getUint32(magicBytes) !== magic || footerBytes > mostFooterBytes) return file.slice(0, headBytes);
  return new Blob([file.slice(0, magicBytes), file.slice(-tailBytes - footerBytes)]);
}

// recognise returns the name of the set that a file has the columns of; empty if there is none.
export const recognise = async (file) => (await api.recognise(file.name, await partWithColumns(file))).set;
