// Upload: a file is first sent to be checked, and put in place only after somebody has seen what it holds.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { rejectTable } from './data.js';
import { failure } from './parts.js';

const sets = [
  ['status', 'status polls', /^store[ _-]status.*\.(csv|csv\.gz|csv\.zst|parquet)$/i, 'store_status'],
  ['hours', 'opening hours', /^(menu|business)[ _-]hours.*\.(csv|csv\.gz|csv\.zst|parquet)$/i, 'menu_hours'],
  ['zones', 'time zones', /^(timezones|bq[ _-]results).*\.(csv|csv\.gz|csv\.zst|parquet)$/i, 'timezones'],
];

const ending = (name) => /\.(csv|csv\.gz|csv\.zst|parquet)$/i.exec(name)?.[0].toLowerCase();

// uploads is the place to drop files on; changed is called after one was put in place.
export function uploads(most, changed) {
  const list = h('div', { 'aria-live': 'polite' });
  const take = (files) => {
    for (const file of files) list.append(upload(file, most(), changed));
  };
  const input = h('input', {
    type: 'file',
    multiple: true,
    class: 'visually-hidden',
    id: 'files',
    onchange: () => {
      take(input.files);
      input.value = '';
    },
  });
  const zone = h(
    'label',
    { class: 'drop', for: 'files' },
    icon('upload'),
    h('span', {}, h('strong', {}, 'Drop files here'), ' or ', h('span', { class: 'link' }, 'choose them')),
    h(
      'span',
      { class: 'sub' },
      'CSV (also .gz, .zst) or Parquet of status polls, opening hours or time zones. Each is checked first; nothing changes before you say so.',
    ),
  );
  let over = 0;
  const mark = (by) => {
    over = Math.max(0, over + by);
    zone.classList.toggle('over', over > 0);
  };
  zone.addEventListener('dragenter', (e) => {
    e.preventDefault();
    mark(1);
  });
  zone.addEventListener('dragover', (e) => e.preventDefault());
  zone.addEventListener('dragleave', () => mark(-1));
  zone.addEventListener('drop', (e) => {
    e.preventDefault();
    mark(-over);
    take(e.dataTransfer.files);
  });
  return [input, zone, list];
}

function upload(file, most, changed) {
  const box = h('div', { class: 'upload' });
  const known = sets.find(([, , pattern]) => pattern.test(file.name));
  const gone = () => box.remove();
  const discard = (text = 'Discard') =>
    h('button', { type: 'button', class: 'btn btn-sm btn-outline-secondary', onclick: gone }, text);
  const title = (set, name) =>
    h(
      'p',
      { class: 'mb-1' },
      h('strong', { class: 'text-break' }, file.name),
      h(
        'span',
        { class: 'sub' },
        ` ${f.bytes(file.size)}${set ? `, ${set[1]}` : ''}${name && name !== file.name ? `, as ${name}` : ''}`,
      ),
    );

  if (most && file.size > most)
    put(
      box,
      title(),
      h('p', { class: 'text-danger' }, `It is larger than the ${f.bytes(most)} that this server takes.`),
      discard('Put away'),
    );
  else if (known) check(known, file.name);
  else choose();
  return box;

  // choose asks what a file of another name holds.
  function choose() {
    const suffix = ending(file.name);
    if (!suffix) {
      put(
        box,
        title(),
        h('p', { class: 'text-danger' }, 'Its name ends neither in .csv, .csv.gz, .csv.zst nor .parquet.'),
        discard('Put away'),
      );
      return;
    }
    put(
      box,
      title(),
      h('p', {}, 'Its name is not that of a data set. What does it hold?'),
      h(
        'div',
        { class: 'd-flex flex-wrap gap-2' },
        sets.map((set) => {
          const stem = file.name.slice(0, -suffix.length).replace(/[^A-Za-z0-9._-]+/g, '_');
          const name = `${set[3]}_${stem}${suffix}`;
          return h(
            'button',
            {
              type: 'button',
              class: 'btn btn-sm btn-outline-primary',
              onclick: () => check(set, name),
              'data-tip': `it becomes ${name}`,
            },
            set[1],
          );
        }),
        discard(),
      ),
    );
  }

  async function send(set, name, options, doing) {
    const bar = h('div', { class: 'progress-bar' }),
      stop = new AbortController();
    const cancel = options.dryRun
      ? h(
          'button',
          {
            type: 'button',
            class: 'btn btn-sm btn-outline-secondary mt-2',
            onclick: () => {
              stop.abort();
              gone();
            },
          },
          'Cancel',
        )
      : null;
    options.signal = stop.signal;
    put(
      box,
      title(set, name),
      h('p', { class: 'sub mb-1' }, doing),
      h('div', { class: 'progress', role: 'progressbar', 'aria-label': doing }, bar),
      cancel,
    );
    return api.upload(set[0], name, file, options, (share) => {
      bar.style.setProperty('width', `${Math.round(share * 100)}%`);
    });
  }

  async function check(set, name) {
    try {
      const found = await send(set, name, { dryRun: true, mostRejects: 1_000_000_000 }, 'Checking …');
      const { before, others } = await beside(set, name, found);
      const fewer = before !== null && found.rows < before / 2,
        odd = found.rejected > 0 || found.rows === 0 || fewer;
      const place = h(
        'button',
        {
          type: 'button',
          class: `btn btn-sm ${odd ? 'btn-warning' : 'btn-primary'}`,
          onclick: () => store(set, name, found.rejected),
        },
        icon('circle-check'),
        found.replaced ? ' Replace the file that is there' : ' Put it in place',
        found.rejected ? ` without the ${f.plural(found.rejected, 'bad row')}` : '',
      );
      put(
        box,
        title(set, name),
        h(
          'p',
          { class: 'mb-2' },
          icon(odd ? 'triangle-exclamation' : 'circle-check'),
          found.rows === 0
            ? ' It holds a header and no row.'
            : ` ${f.plural(found.rows, 'row')}, ${found.rejected ? `${f.count(found.rejected)} of them rejected` : 'all good'}.`,
          ' Nothing has changed yet.',
          found.replaced
            ? [
                ' A file of this name is there and would be replaced',
                before === null ? '' : [': it has ', h('strong', {}, f.plural(before, 'row'))],
                '.',
              ]
            : '',
        ),
        others.length && set[0] !== 'status'
          ? h(
              'div',
              { class: 'notice mb-2' },
              icon('triangle-exclamation'),
              h(
                'div',
                {},
                `${others.map((o) => o.file).join(', ')} ${others.length === 1 ? 'is' : 'are'} there too. All files of ${set[1]} are read together: ${set[0] === 'hours' ? 'a store is open when either of them says so' : 'of two zones of a store the first by the alphabet counts'}.`,
              ),
            )
          : null,
        found.rejected
          ? h(
              'details',
              { open: true },
              h('summary', {}, 'The first rejected rows'),
              rejectTable(found.first_rejects ?? []),
            )
          : null,
        h(
          'div',
          { class: 'd-flex flex-wrap gap-2' },
          place,
          set[0] === 'status'
            ? null
            : others
                .filter((o) => ending(o.file) === ending(name))
                .map((o) =>
                  h(
                    'button',
                    { type: 'button', class: 'btn btn-sm btn-outline-primary', onclick: () => check(set, o.file) },
                    `Replace ${o.file} instead`,
                  ),
                ),
          discard(),
        ),
      );
      if (!odd) place.focus({ preventScroll: true });
    } catch (error) {
      refused(set, name, error);
    }
  }

  // beside tells the rows of the file that would be replaced, where they can be counted, and what else
  // the set has: one with few rows, or a second one, is most often a slip.
  async function beside(set, name, found) {
    const [{ files }, data] = await Promise.all([
      api.dataFiles(),
      found.replaced ? api.dataCheck().catch(() => null) : null,
    ]);
    return {
      before: data?.inputs?.find((file) => file.file === name)?.rows ?? null,
      others: files.filter((file) => file.set === set[0] && file.file !== name),
    };
  }

  async function store(set, name, rejected) {
    try {
      const stored = await send(set, name, { mostRejects: rejected }, 'Putting it in place …');
      put(
        box,
        title(set, name),
        h(
          'p',
          { class: 'mb-1' },
          icon('circle-check'),
          ` ${stored.replaced ? 'Replaced' : 'In place'}: ${f.plural(stored.rows, 'row')}. The next report sees it.`,
        ),
        discard('Put away'),
      );
      await changed();
    } catch (error) {
      refused(set, name, error);
    }
  }

  function refused(set, name, error) {
    if (error.name === 'AbortError') return;
    put(
      box,
      title(set, name),
      failure(error),
      error.rejects?.length ? rejectTable(error.rejects) : null,
      h(
        'div',
        { class: 'd-flex gap-2' },
        error.status
          ? null
          : h(
              'button',
              { type: 'button', class: 'btn btn-sm btn-outline-primary', onclick: () => check(set, name) },
              'Try again',
            ),
        discard('Put away'),
      ),
    );
  }
}
