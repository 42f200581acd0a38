// Data: the input files, their age and findings, and upload.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import { defaults, sets } from './facts.js';
import { findingList } from './findings.js';
import * as f from './format.js';
import * as parts from './parts.js';
import { ago, time } from './parts.js';
import { rejectTable } from './rejects.js';
import { go } from './router.js';
import { forWriters, mayWrite } from './session.js';
import { guide } from './sets.js';
import { cellOf, numeric, responsive, row, shownFrom, table } from './tables.js';
import { isAhead, monthFirst, uploads } from './upload.js';

const titleOf = (name) => sets.find((set) => set.name === name)?.title ?? 'not read';
const staleAfter = f.lengthSeconds(defaults.collector_gap) * 1000; // milliseconds

export async function show(main, { signal }) {
  const age = h('div', { 'aria-live': 'polite' });
  const files = h('div', {});
  const quality = h('div', {});
  const which = h('section', { class: 'panel mt-3', 'aria-label': 'Which files' });
  const errors = h('div', { 'aria-live': 'assertive' });
  let maxUploadBytes = 0;
  const draw = async () => {
    const [found, { sets: described }] = await Promise.all([api.dataFiles(signal), api.dataSets(signal)]);
    maxUploadBytes = found.max_upload_bytes;
    const listed = fileTable(found.files, draw);
    put(files, listed.element, deletedFiles(found.deleted, draw));
    if (!which.hasChildNodes()) put(which, guide(described, found.files));
    put(quality, parts.loading('Reading the files …'));
    put(age);
    try {
      const check = await api.dataCheck(signal);
      if (signal.aborted) return;
      put(
        age,
        parts.live(h('div', {}), (element) => put(element, dataAge(check))),
      );
      listed.fill(check);
      put(quality, findings(check));
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (error.status === 409) {
        put(age, unreadable(found.files, error));
        const hasStatus = found.files.some((file) => file.set === 'status');
        const text = hasStatus
          ? 'Findings appear when the files can be read.'
          : 'Findings appear with the first status file.';
        put(quality, h('p', { class: 'text-body-secondary' }, text));
      } else put(quality, parts.failure(error, draw));
    }
  };
  put(
    main,
    parts.heading(
      'Data',
      parts.subline('input files for the next report'),
      parts.spacer(),
      mayWrite() && parts.button('primary', () => makeReport(errors), [icon('play'), ' Make a report']),
    ),
    errors,
    age,
    h(
      'section',
      { class: 'panel', 'aria-label': 'Upload' },
      forWriters('Uploading files', () => uploads(() => maxUploadBytes, draw)),
    ),
    h(
      'div',
      { class: 'row g-3' },
      parts.panelColumn('col-lg-7', h('h2', {}, 'Files'), files),
      parts.panelColumn('col-lg-5', h('h2', {}, 'Findings'), quality),
    ),
    which,
  );
  await draw();
}

async function makeReport(errors) {
  try {
    const { report_id: id } = await api.trigger({});
    go(api.reportPath(id));
  } catch (error) {
    put(errors, parts.failure(error));
  }
}

// unreadable explains why no report can be made from these files.
function unreadable(files, error) {
  const has = (set) => files.some((file) => file.set === set);
  const partial = files.some((file) => file.set);
  const title = has('status') ? 'The data cannot be read' : partial ? 'No status file' : 'No data yet';
  return parts.empty(title, `${error.message[0].toUpperCase()}${error.message.slice(1)}.`);
}

function dataAge(check) {
  if (!check.as_of) {
    const text = 'No status file has a valid observation, so a report needs as_of.';
    return parts.callout('', 'triangle-exclamation', text);
  }
  const age = Date.now() - f.instant(check.as_of);
  const isStale = age > staleAfter;
  const isWrong = isAhead(check.as_of);
  const text = age < 0 ? `${f.age(-age)} in the future` : `${f.age(age)} old`;
  return parts.callout(
    isStale || isWrong ? 'mb-3' : 'info mb-3',
    isWrong ? 'triangle-exclamation' : isStale ? 'clock' : 'circle-check',
    isWrong ? 'The data may be wrong: the ' : isStale ? 'The data is stale: the ' : 'The ',
    'latest observation is ',
    h('strong', {}, text),
    ', from ',
    time(check.as_of),
    isWrong ? `. ${monthFirst}` : '.',
  );
}

const headings = [
  'File',
  { text: 'Set', class: shownFrom('sm') },
  numeric('Rows'),
  numeric('Rejected'),
  numeric('Size', 'sm'),
  { text: 'Modified', class: shownFrom('sm') },
  { hidden: 'Actions' },
];

// fileTable lists the files. fill adds what a check found to its rows, which stay as they are: somebody may be about to
// confirm that a file is deleted.
function fileTable(files, changed) {
  if (!files.length) {
    const text = 'The folder is empty.';
    return { element: h('p', { class: 'text-body-secondary mb-0' }, text), fill: () => {} };
  }
  const errors = h('div', {});
  const remove = async (file) => {
    try {
      await api.removeFile(file.set, file.file);
      await changed();
    } catch (error) {
      put(errors, parts.failure(error));
    }
  };
  const lines = files.map((file) => fileRow(file, () => remove(file)));
  const rows = lines.map((line) => line.element);
  return {
    element: h('div', {}, errors, responsive(table(headings, rows, { extra: 'mb-0' }))),
    fill: (check) => {
      const read = Object.fromEntries(check.inputs.map((file) => [file.file, file]));
      const hints = Object.fromEntries((check.unread_files ?? []).map((file) => [file.file, file.hint]));
      files.forEach((file, i) => lines[i].fill(read[file.file], hints[file.file]));
    },
  };
}

// deletedFiles offers to bring back what was deleted since the last report.
function deletedFiles(deleted, changed) {
  const errors = h('div', { 'aria-live': 'assertive' });
  const restore = async (file) => {
    try {
      await api.restoreFile(file.set, file.file);
      await changed();
    } catch (error) {
      put(errors, parts.failure(error));
    }
  };
  const line = (file) =>
    h(
      'p',
      { class: 'deleted mb-1' },
      `${file.file} was deleted. `,
      parts.button('outline-primary', () => restore(file), 'Undo', { 'aria-label': `Undo: restore ${file.file}` }),
    );
  const until = 'Undo brings a file back until the next report is requested or a file of the same name is uploaded.';
  return h(
    'div',
    { 'aria-live': 'polite' },
    deleted.length > 0 && h('div', { class: 'mt-3' }, deleted.map(line), parts.subline(until)),
    errors,
  );
}

function fileRow(file, remove) {
  const isDeletable = mayWrite() && file.set && !file.file.includes('/');
  const props = { 'aria-label': `Delete ${file.file}`, class: 'btn btn-sm btn-link py-0 text-danger' };
  const name = h('th', { scope: 'row', class: 'name' }, file.file);
  name.append(h('span', { class: 'sub d-sm-none' }, titleOf(file.set)));
  const rows = cellOf('text-end num');
  const rejected = cellOf('text-end num');
  const element = row(
    name,
    cellOf(shownFrom('sm'), titleOf(file.set)),
    rows,
    rejected,
    h(
      'td',
      { class: `text-end num ${shownFrom('sm')}`, 'data-tip': `${f.count(file.bytes)} bytes` },
      f.bytes(file.bytes),
    ),
    cellOf(shownFrom('sm'), ago(file.modified_at)),
    cellOf('text-end', isDeletable && parts.confirmed('Delete', 'Really delete?', remove, props)),
  );
  const fill = (read, hint) => {
    if (hint) name.append(h('span', { class: 'sub d-block' }, hint));
    if (!read) return;
    put(rows, f.count(read.rows));
    put(rejected, f.count(read.rejected));
    rejected.classList.add(read.rejected ? 'text-down' : 'muted');
  };
  return { element, fill };
}

function findings(check) {
  const { rows_read: read, rows_rejected: rejected, findings: list } = check.quality;
  return [
    parts.subline(`${f.count(read)} rows read, ${f.count(rejected)} rejected`),
    findingList(list),
    check.first_rejects?.length > 0 &&
      h('details', {}, h('summary', {}, 'First rejected rows'), rejectTable(check.first_rejects)),
  ];
}
