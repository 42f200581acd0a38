// Data: what lies in the folder, how fresh it is, what is wrong with it; files come in by drag and drop.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { ago, confirmed, empty, failure, findingList, heading, live, loading, time, wide } from './parts.js';
import { uploads } from './upload.js';

const sets = { status: 'status polls', hours: 'opening hours', zones: 'time zones', '': 'not read' };

export async function show(main, { signal }) {
  const fresh = h('div', { 'aria-live': 'polite' }),
    files = h('div', {}),
    quality = h('div', {});
  let most = 0;
  const draw = async () => {
    const found = await api.dataFiles(signal);
    most = found.max_upload_bytes;
    put(files, fileTable(found.files, null, draw));
    put(quality, loading('Reading the files …'));
    put(fresh);
    try {
      const check = await api.dataCheck(signal);
      if (signal.aborted) return;
      put(
        fresh,
        live(h('div', {}), (element) => put(element, freshness(check))),
      );
      put(files, fileTable(found.files, check, draw));
      put(quality, findings(check));
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (error.status !== 409) {
        put(quality, failure(error, draw));
        return;
      }
      const has = (set) => found.files.some((file) => file.set === set);
      put(
        fresh,
        empty(
          has('status')
            ? 'The data cannot be read'
            : has('hours') || has('zones')
              ? 'A status file is missing'
              : 'No data yet',
          `${error.message[0].toUpperCase()}${error.message.slice(1)}.`,
        ),
      );
      put(
        quality,
        h(
          'p',
          { class: 'text-body-secondary' },
          has('status') ? 'Findings come when the files can be read.' : 'Findings come with the first status file.',
        ),
      );
    }
  };
  put(
    main,
    heading(
      'Data',
      h('p', { class: 'sub' }, 'the input files of the next report'),
      h('span', { class: 'flex-grow-1' }),
      h('a', { class: 'btn btn-sm btn-primary', href: '/reports' }, icon('play'), ' Make a report'),
    ),
    fresh,
    h(
      'section',
      { class: 'panel', 'aria-label': 'Upload' },
      uploads(() => most, draw),
    ),
    h(
      'div',
      { class: 'row g-3' },
      h('section', { class: 'col-lg-7' }, h('div', { class: 'panel' }, h('h2', {}, 'Files'), files)),
      h('section', { class: 'col-lg-5' }, h('div', { class: 'panel' }, h('h2', {}, 'Findings'), quality)),
    ),
  );
  await draw();
}

function freshness(check) {
  if (!check.as_of)
    return h(
      'div',
      { class: 'notice' },
      icon('triangle-exclamation'),
      h('div', {}, 'No accepted observation in any status file: a report needs as_of.'),
    );
  const age = Date.now() - f.instant(check.as_of);
  const stale = age > 2 * 3600e3;
  return h(
    'div',
    { class: stale ? 'notice mb-3' : 'notice info mb-3' },
    icon(stale ? 'clock' : 'circle-check'),
    h(
      'div',
      {},
      stale ? 'The data is stale: its ' : 'Its ',
      'latest observation is ',
      h('strong', {}, age < 0 ? `${f.age(-age)} in the future` : `${f.age(age)} old`),
      ', of ',
      time(check.as_of),
      '.',
    ),
  );
}

function fileTable(files, check, again) {
  if (!files.length) return h('p', { class: 'text-body-secondary mb-0' }, 'The folder is empty.');
  const wrong = h('div', {});
  const read = Object.fromEntries((check?.inputs ?? []).map((file) => [file.file, file]));
  const hints = Object.fromEntries((check?.unread_files ?? []).map((file) => [file.file, file.hint]));
  const remove = (file) => async () => {
    try {
      await api.removeFile(file.set, file.file);
      await again();
    } catch (error) {
      put(wrong, failure(error));
    }
  };
  return [
    wrong,
    h(
      'div',
      { class: 'table-responsive' },
      h(
        'table',
        { class: 'table table-sm dense mb-0' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['File', 'Set', 'Rows', 'Rejected', 'Size', 'Changed', ''].map((t, i) =>
              h(
                'th',
                {
                  scope: 'col',
                  class:
                    [i > 1 && i < 5 ? 'text-end' : '', i === 1 || i === 4 || i === 5 ? 'd-none d-sm-table-cell' : '']
                      .join(' ')
                      .trim() || null,
                },
                t || h('span', { class: 'visually-hidden' }, 'Do'),
              ),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          files.map((file) => {
            const seen = read[file.file];
            return h(
              'tr',
              {},
              h(
                'th',
                { scope: 'row', class: 'name' },
                file.file,
                h('span', { class: 'sub d-sm-none' }, sets[file.set]),
                hints[file.file] ? h('span', { class: 'sub d-block' }, hints[file.file]) : null,
              ),
              h('td', { class: 'd-none d-sm-table-cell' }, sets[file.set]),
              h('td', { class: 'text-end num' }, seen ? f.count(seen.rows) : ''),
              h(
                'td',
                { class: `text-end num ${seen?.rejected ? 'text-down' : 'muted'}` },
                seen ? f.count(seen.rejected) : '',
              ),
              h(
                'td',
                { class: 'text-end num d-none d-sm-table-cell', 'data-tip': `${f.count(file.bytes)} bytes` },
                f.bytes(file.bytes),
              ),
              h('td', { class: 'd-none d-sm-table-cell' }, ago(file.modified_at)),
              h(
                'td',
                { class: 'text-end' },
                file.set && !file.file.includes('/')
                  ? confirmed('Delete', 'Really delete?', remove(file), {
                      'aria-label': `Delete ${file.file}`,
                      class: 'btn btn-sm btn-link py-0 text-danger',
                    })
                  : null,
              ),
            );
          }),
        ),
      ),
    ),
  ];
}

function findings(check) {
  return [
    h(
      'p',
      { class: 'sub' },
      `${f.count(check.quality.rows_read)} rows read, ${f.count(check.quality.rows_rejected)} rejected`,
    ),
    findingList(check.quality.findings),
    check.first_rejects?.length
      ? h('details', {}, h('summary', {}, 'The first rejected rows'), rejectTable(check.first_rejects))
      : null,
  ];
}

export function rejectTable(rejects) {
  return wide(
    'Rejected rows',
    h(
      'table',
      { class: 'table table-sm dense' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['File', 'Line', 'Column', 'Reason', 'Row'].map((t) => h('th', { scope: 'col' }, t)),
        ),
      ),
      h(
        'tbody',
        {},
        rejects.map((r) =>
          h(
            'tr',
            {},
            h('td', {}, r.file),
            h('td', { class: 'num' }, f.count(r.line)),
            h('td', {}, r.column),
            h('td', {}, r.reason),
            h('td', {}, h('code', { class: 'raw' }, r.raw)),
          ),
        ),
      ),
    ),
  );
}
