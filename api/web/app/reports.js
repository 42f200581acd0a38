// Reports: ask for one, watch it, list all of them, pick two to compare.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { go } from './main.js';
import { confirmed, empty, failure, heading, progress, repeat, stateBadge } from './parts.js';
import { asked } from './asked.js';
import { triggerForm } from './trigger.js';

const final = (report) => ['complete', 'failed', 'cancelled'].includes(report.state);

export async function show(main, { query, signal }) {
  const state = query.get('state') ?? '',
    cursor = query.get('cursor') ?? '';
  const picked = new Set();
  const compare = h('button', {
    type: 'button',
    class: 'btn btn-sm btn-outline-secondary',
    disabled: true,
    onclick: () => {
      const [b, a] = [...picked].sort().reverse();
      go(`${api.reportPath(a)}/compare/${encodeURIComponent(b)}`);
    },
  });
  const list = h('div', {}),
    wrong = h('div', { 'aria-live': 'polite' });
  const sayPicked = () => {
    compare.disabled = picked.size !== 2;
    put(compare, icon('code-compare'), picked.size === 2 ? ' Compare the two' : ' Compare: pick two');
  };
  sayPicked();
  const states = h(
    'select',
    {
      class: 'form-select form-select-sm w-auto',
      'aria-label': 'State',
      onchange: (e) => go(e.target.value ? `/reports?state=${e.target.value}` : '/reports'),
    },
    [
      ['', 'All states'],
      ['queued', 'Waiting'],
      ['running', 'Running'],
      ['complete', 'Complete'],
      ['failed', 'Failed'],
      ['cancelled', 'Cancelled'],
    ].map(([v, t]) => h('option', { value: v, selected: v === state }, t)),
  );
  let working = false,
    pages;
  const rows = new Map(),
    body = h('tbody', {}); // rows stay while nothing changes: a question in one of them must not go away
  const table = h(
    'div',
    { class: 'table-responsive' },
    h(
      'table',
      { class: 'table table-sm dense reports' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Pick')),
          ['Report', 'State', 'Made', 'Took', 'Asked for'].map((t, i) =>
            h(
              'th',
              {
                scope: 'col',
                class: [null, null, 'd-none d-sm-table-cell'][i] ?? (i > 2 ? 'd-none d-md-table-cell' : null),
              },
              t,
            ),
          ),
          h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Do')),
        ),
      ),
      body,
    ),
  );
  const draw = async () => {
    const { reports, next } = await api.listReports({ state, cursor, limit: 50 }, signal);
    if (signal.aborted) return;
    working = reports.some((r) => !final(r));
    const seen = `${reports.length > 0} ${next}`;
    if (seen !== pages) put(list, reports.length ? table : nothing(), more(next));
    pages = seen;
    const wanted = reports.map((r) => {
      const key = JSON.stringify(r),
        known = rows.get(r.report_id);
      if (known?.key === key) return known.element;
      const element = row(r);
      known?.element.replaceWith(element);
      rows.set(r.report_id, { key, element });
      return element;
    });
    if (wanted.length !== body.children.length || wanted.some((element, i) => body.children[i] !== element))
      body.replaceChildren(...wanted);
    for (const made of body.querySelectorAll('[data-made]')) made.textContent = f.ago(made.dataset.made);
  };

  const nothing = () =>
    empty(
      state ? `No report is ${state}` : 'No report yet',
      state ? 'Other states may have some.' : 'The button above makes one of the files in the data folder.',
      state
        ? h('a', { class: 'btn btn-outline-secondary', href: '/reports' }, 'Show all')
        : h('a', { class: 'btn btn-outline-secondary', href: '/data' }, icon('database'), ' Look at the data'),
    );
  const more = (next) =>
    h(
      'div',
      { class: 'pager' },
      cursor
        ? h(
            'a',
            { class: 'btn btn-sm btn-outline-secondary', href: state ? `/reports?state=${state}` : '/reports' },
            'To the newest',
          )
        : null,
      next
        ? h(
            'a',
            {
              class: 'btn btn-sm btn-outline-secondary',
              href: `/reports?${new URLSearchParams({ ...(state && { state }), cursor: next })}`,
            },
            'Older ',
            icon('chevron-right'),
          )
        : null,
    );

  function row(r) {
    const took = r.started_at && r.finished_at ? (f.instant(r.finished_at) - f.instant(r.started_at)) / 1000 : null;
    const act = async () => {
      try {
        await api.removeReport(r.report_id);
        picked.delete(r.report_id);
        sayPicked();
        await draw();
      } catch (error) {
        put(wrong, failure(error));
      }
    };
    return h(
      'tr',
      {},
      h(
        'td',
        {},
        r.state === 'complete'
          ? h('input', {
              type: 'checkbox',
              class: 'form-check-input',
              'aria-label': `Compare report ${r.report_id}`,
              checked: picked.has(r.report_id),
              onchange: (e) => {
                if (e.target.checked) picked.add(r.report_id);
                else picked.delete(r.report_id);
                sayPicked();
              },
            })
          : null,
      ),
      h(
        'th',
        { scope: 'row' },
        h('a', { class: 'id', href: api.reportPath(r.report_id), 'data-tip': r.report_id }, f.reportName(r.report_id)),
        h('span', { class: 'sub d-sm-none', 'data-made': r.created_at }),
        asked(r.parameters) === 'the defaults' ? null : h('span', { class: 'sub d-md-none' }, asked(r.parameters)),
      ),
      h(
        'td',
        { class: 'state' },
        stateBadge(r.state),
        !final(r) ? progress(r) : null,
        r.state === 'failed' ? h('p', { class: 'small text-danger mb-0' }, r.error) : null,
      ),
      h(
        'td',
        { class: 'd-none d-sm-table-cell' },
        h('time', { datetime: r.created_at, 'data-tip': r.created_at, 'data-made': r.created_at }),
      ),
      h(
        'td',
        { class: 'num d-none d-md-table-cell' },
        took === null ? '' : took < 10 ? `${took.toFixed(1)} s` : f.length(took),
      ),
      h('td', { class: 'small d-none d-md-table-cell' }, asked(r.parameters)),
      h(
        'td',
        { class: 'text-end text-nowrap' },
        r.state === 'complete'
          ? [
              h(
                'a',
                {
                  class: 'btn btn-sm btn-link py-0',
                  href: api.fileURL(r.report_id, 'report.csv'),
                  download: true,
                  'data-tip': 'report.csv',
                },
                icon('download'),
                h('span', { class: 'visually-hidden' }, `Download report.csv of ${r.report_id}`),
              ),
            ]
          : null,
        final(r)
          ? confirmed('Remove', 'Really remove?', act, {
              'aria-label': `Remove report ${r.report_id}`,
              class: 'btn btn-sm btn-link py-0 text-danger',
            })
          : h(
              'button',
              {
                type: 'button',
                class: 'btn btn-sm btn-outline-danger',
                'aria-label': `Cancel report ${r.report_id}`,
                onclick: (e) => {
                  e.target.disabled = true;
                  act();
                },
              },
              'Cancel',
            ),
      ),
    );
  }

  put(
    main,
    heading('Reports'),
    h(
      'section',
      { class: 'panel', 'aria-label': 'New report' },
      triggerForm((accepted) => go(api.reportPath(accepted.report_id) + (accepted.reused ? '?reused=1' : ''))),
    ),
    wrong,
    h('div', { class: 'panel-head mt-3' }, states, compare),
    list,
  );
  await draw();
  repeat(() => (working ? 700 : 5000), signal, draw).catch((error) => put(wrong, failure(error)));
}
