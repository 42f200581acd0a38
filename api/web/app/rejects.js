// The table of rejected input rows, of a folder and of an upload.
import { h } from './dom.js';
import * as f from './format.js';
import { cell, cellOf, row, table, wide } from './tables.js';

export function rejectTable(rejects) {
  const lines = rejects.map((r) =>
    row(
      cell(r.file),
      cellOf('num', f.count(r.line)),
      cell(r.column),
      cell(r.reason),
      cell(h('code', { class: 'raw' }, r.raw)),
    ),
  );
  return wide('Rejected rows', table(['File', 'Line', 'Column', 'Reason', 'Row'], lines));
}
