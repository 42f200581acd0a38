// Pieces that several pages are made of.
import { h, icon, put } from './dom.js';
import * as f from './format.js';

// live draws an element now and every half minute as long as it is in the page: ages grow while nothing
// else changes, and a page may stay open for days.
const redraws = new WeakMap();
export function live(element, draw) {
  draw(element);
  redraws.set(element, draw);
  element.dataset.live = '';
  return element;
}
export const redraw = () => {
  for (const element of document.querySelectorAll('[data-live]')) redraws.get(element)(element);
};

export const ago = (text) =>
  live(h('time', { datetime: text, 'data-tip': text }), (element) => {
    element.textContent = f.ago(text);
  });

export const loading = (text) =>
  h(
    'div',
    { class: 'loading', role: 'status' },
    h('span', { class: 'spinner-border spinner-border-sm', 'aria-hidden': 'true' }),
    ' ',
    text,
  );

export const empty = (title, text, ...actions) =>
  h('div', { class: 'empty' }, h('p', { class: 'h5' }, title), h('p', { class: 'text-body-secondary' }, text), actions);

// failure says what happened, in the server's own words where it has some.
export function failure(error, again) {
  const lines =
    (error.fields ?? []).length > 1
      ? h(
          'ul',
          {},
          error.fields.map((e) => h('li', {}, e.detail)),
        )
      : null;
  const what = error.status ? error.title : error.constructor.name === 'Unreachable' ? 'No answer' : 'The page failed';
  return h(
    'div',
    { class: 'alert alert-danger', role: 'alert', 'data-failed': error.status ? null : 'yes' },
    h('p', { class: 'mb-1 fw-semibold' }, icon('circle-xmark'), ' ', what),
    h(
      'p',
      { class: 'mb-1' },
      lines ?? error.message,
      error.requestID && error.status >= 500 ? ` (request ${error.requestID})` : '',
    ),
    again
      ? h('button', { class: 'btn btn-sm btn-outline-light again', type: 'button', onclick: again }, 'Try again')
      : null,
  );
}

export const heading = (text, ...more) => h('div', { class: 'heading' }, h('h1', { tabindex: '-1' }, text), ...more);

export const crumbs = (...links) =>
  h(
    'nav',
    { 'aria-label': 'Where this page is', class: 'crumbs' },
    links.map(([href, text], i) => [i ? h('span', { 'aria-hidden': 'true' }, ' / ') : null, h('a', { href }, text)]),
  );

// wide holds a table that may be wider than the window, and that the keyboard could not scroll otherwise.
export const wide = (label, table) =>
  h('div', { class: 'table-responsive', tabindex: 0, role: 'region', 'aria-label': label }, table);

// value is a rounded text whose exact value shows when asked for.
export const value = (text, exact, props = {}) => h('span', { 'data-tip': exact, ...props }, text);
export const ratio = (n, digits) =>
  value(f.percent(n, digits), f.exactPercent(n), { class: n === null || n === undefined ? 'num muted' : 'num' });
export const hoursOf = (seconds) =>
  value(f.hours(seconds), f.exactSeconds(seconds), { class: seconds ? 'num' : 'num muted' });
export const lengthOf = (seconds) =>
  value(f.length(seconds), f.exactSeconds(seconds), { class: seconds ? 'num' : 'num muted' });
export const time = (text) =>
  h('time', { datetime: text.replace(' ', 'T'), 'data-tip': `${text}\n${f.ago(text)}` }, f.utc(text));

// splitBar shows how open time divides into up, down and unknown.
export function splitBar(m) {
  const open = m.open_seconds;
  const up = m.uptime_seconds,
    down = m.downtime_seconds,
    unknown = m.unknown_seconds;
  if (!open) return h('span', { class: 'muted small' }, 'closed all the time');
  const share = (n) => f.percent(n / open, 1);
  const label = `up ${share(up)}, down ${share(down)}, unknown ${share(unknown)} of ${f.length(open)} open`;
  const piece = (kind, n) => (n > 0 ? h('span', { class: `part ${kind}`, style: { 'flex-grow': n / open } }) : null);
  return h(
    'span',
    {
      class: 'split',
      role: 'img',
      'aria-label': label,
      'data-tip': label.replaceAll(', ', '\n').replace(' of ', '\nof '),
    },
    piece('up', up),
    piece('down', down),
    piece('unknown', unknown),
  );
}

// boundsTrack shows what the observations alone allow, and where the answer lies in it.
export function boundsTrack(low, high, answer, from = 0) {
  const place = (n) => `${Math.max(0, Math.min(100, ((n - from) / (1 - from)) * 100))}%`;
  const label = `The observations alone allow ${f.percent(low)} to ${f.percent(high)}`;
  return h(
    'span',
    {
      class: 'track',
      role: 'img',
      'aria-label': label,
      'data-tip': `${label}\n${f.exactPercent(low)} to ${f.exactPercent(high)}\nscale ${f.percent(from, 0)} to 100 %`,
    },
    h('span', {
      class: 'range',
      style: { left: place(low), width: `${Math.max(0.5, ((high - Math.max(low, from)) / (1 - from)) * 100)}%` },
    }),
    answer === null ? null : h('span', { class: 'answer', style: { left: place(answer) } }),
  );
}

const states = {
  queued: { icon: 'hourglass-half', style: 'text-bg-secondary', text: 'waiting' },
  running: { icon: 'play', style: 'text-bg-info', text: 'running' },
  complete: { icon: 'circle-check', style: 'text-bg-success', text: 'complete' },
  failed: { icon: 'circle-xmark', style: 'text-bg-danger', text: 'failed' },
  cancelled: { icon: 'ban', style: 'text-bg-secondary', text: 'cancelled' },
};
export const stateBadge = (state) =>
  h('span', { class: `badge ${states[state].style}` }, icon(states[state].icon), ' ', states[state].text);

// progress shows how far a report is: the steps are those of the server.
export function progress(report) {
  if (report.state === 'queued')
    return h(
      'p',
      { class: 'mb-0' },
      report.waiting > 1 ? `${report.waiting - 1} reports are before it.` : 'It is next in the queue.',
    );
  const { step = '', steps_done: done = 0, steps_total: total = 0 } = report.progress ?? {};
  const share = total ? Math.round((100 * done) / total) : 0;
  return h(
    'div',
    {},
    h(
      'div',
      {
        class: 'progress',
        role: 'progressbar',
        'aria-label': 'Progress of the report',
        'aria-valuenow': share,
        'aria-valuemin': 0,
        'aria-valuemax': 100,
      },
      h('div', { class: 'progress-bar', style: { width: `${share}%` } }),
    ),
    h(
      'p',
      { class: 'small text-body-secondary mb-0 mt-1' },
      total ? `Step ${done} of ${total}: ${step.replaceAll('_', ' ')}` : 'It starts.',
    ),
  );
}

// notices say at the top what a reader of the numbers should know first: their age, gaps of the collector.
export function notices(report) {
  let said;
  return live(h('section', { 'aria-label': 'Notices', class: 'notices' }), (section) => {
    const list = noticeList(report),
      text = list.map((one) => one.textContent).join();
    if (text === said) return; // what was opened in it stays open
    said = text;
    section.hidden = !list.length;
    put(section, list);
  });
}

function noticeList(report) {
  const list = [];
  const asOf = Date.now() - f.instant(report.as_of);
  const gap = f.lengthSeconds(report.parameters.collector_gap ?? '2h') * 1000;
  const findings = Object.fromEntries((report.quality?.findings ?? []).map((one) => [one.code, one]));
  const wanted = report.parameters.as_of;
  if (asOf > gap)
    list.push(
      notice(
        'clock',
        `The numbers are stale: they end ${f.age(asOf)} ago, at ${f.utc(report.as_of)}.`,
        wanted ? `The report was asked for as of ${wanted}.` : 'A new report of newer data brings them up to date.',
      ),
    );
  if (asOf < 0 && wanted)
    list.push(
      notice(
        'triangle-exclamation',
        `The numbers end in the future, ${f.age(-asOf)} from now, at ${f.utc(report.as_of)}: the report was asked for as of ${wanted}.`,
        'What is said of the time after the latest observation is filled in from it.',
      ),
    );
  for (const code of ['as_of_in_future', 'as_of_stands_alone'])
    if (findings[code])
      list.push(notice('triangle-exclamation', `${findings[code].title}: ${findings[code].examples.join(', ')}.`));
  const gaps = findings.collector_gaps;
  if (gaps)
    list.push(
      notice(
        'triangle-exclamation',
        `${f.plural(gaps.count, 'collector gap')}: ${gaps.count === 1 ? 'a stretch' : 'stretches'} in which no store at all was observed. The collector was down, not the stores; what is said of that time is filled in.`,
        gaps.examples?.length ? `The longest: ${gaps.examples[0].replaceAll(/\.\d+Z/g, 'Z')}.` : null,
        gaps.examples?.length > 1 ? gaps.examples : null,
        gaps.count,
      ),
    );
  return list;
}

function notice(name, text, more, examples, total) {
  return h(
    'div',
    { class: 'notice' },
    icon(name),
    h(
      'div',
      {},
      text,
      more ? h('span', { class: 'text-body-secondary' }, ` ${more}`) : null,
      examples?.length
        ? h(
            'details',
            {},
            h('summary', {}, examples.length < total ? `the longest ${examples.length}` : 'all of them'),
            h(
              'ul',
              { class: 'examples' },
              examples.map((e) => h('li', {}, e)),
            ),
          )
        : null,
    ),
  );
}

// findingList is every finding with its count and examples.
export function findingList(findings) {
  if (!findings?.length)
    return h(
      'p',
      { class: 'text-body-secondary' },
      icon('circle-check'),
      ' Nothing to say about the data: no row rejected, repeated or in conflict.',
    );
  return h(
    'ul',
    { class: 'findings' },
    findings.map((one) =>
      h(
        'li',
        { class: one.level },
        icon(one.level === 'warning' ? 'triangle-exclamation' : 'circle-info'),
        h(
          'div',
          {},
          one.code.startsWith('as_of') ? null : [h('span', { class: 'num fw-semibold' }, f.count(one.count)), ' × '],
          one.title,
          h('span', { class: 'visually-hidden' }, ` (${one.level})`),
          one.examples?.length
            ? h(
                'details',
                {},
                h('summary', {}, one.examples.length < one.count ? `${one.examples.length} examples` : 'examples'),
                h(
                  'ul',
                  { class: 'examples' },
                  one.examples.map((e) => h('li', {}, e)),
                ),
              )
            : null,
        ),
      ),
    ),
  );
}

export const downloadLink = (href, text, tip) =>
  h(
    'a',
    { href, class: 'btn btn-sm btn-outline-secondary', download: true, 'data-tip': tip },
    icon('download'),
    ' ',
    text,
  );

export function windowPicker(names, chosen, pick) {
  return h(
    'div',
    { class: 'btn-group btn-group-sm', role: 'group', 'aria-label': 'Window' },
    names.map((name) =>
      h(
        'button',
        {
          type: 'button',
          class: `btn btn-outline-secondary${name === chosen ? ' active' : ''}`,
          'aria-pressed': String(name === chosen),
          onclick: () => pick(name),
        },
        f.windowName(name),
      ),
    ),
  );
}

export function pager(total, offset, limit, link) {
  const from = total ? offset + 1 : 0,
    to = Math.min(total, offset + limit);
  const step = (text, name, at, enabled) =>
    enabled
      ? h(
          'a',
          { class: 'btn btn-sm btn-outline-secondary', href: link(at), rel: text === 'Next' ? 'next' : 'prev' },
          name === 'chevron-left' ? icon('chevron-left') : null,
          ` ${text} `,
          name === 'chevron-right' ? icon('chevron-right') : null,
        )
      : h('span', { class: 'btn btn-sm btn-outline-secondary disabled', 'aria-disabled': 'true' }, text);
  return h(
    'nav',
    { class: 'pager', 'aria-label': 'Pages' },
    step('Back', 'chevron-left', Math.max(0, offset - limit), offset > 0),
    h('span', { class: 'num' }, `${f.count(from)} to ${f.count(to)} of ${f.count(total)}`),
    step('Next', 'chevron-right', offset + limit, to < total),
  );
}

// confirmed is a button that asks once more before it acts.
export function confirmed(text, question, act, props = {}) {
  let sure = false;
  const label = props['aria-label'];
  const button = h(
    'button',
    {
      type: 'button',
      class: 'btn btn-sm btn-outline-danger',
      ...props,
      onclick: async (event) => {
        if (event.detail > 1) return; // the second half of a double click is no answer
        if (!sure) {
          sure = true;
          put(button, question);
          if (label) button.setAttribute('aria-label', `${question} ${label}`);
          setTimeout(reset, 5000);
          return;
        }
        button.disabled = true;
        await act();
        reset();
      },
    },
    text,
  );
  const reset = () => {
    sure = false;
    button.disabled = false;
    put(button, text);
    if (label) button.setAttribute('aria-label', label);
  };
  return button;
}

// repeat calls again and again until the page is left or it answers false; errors of the way are waited out.
export async function repeat(milliseconds, signal, call) {
  while (!signal.aborted) {
    await new Promise((done) => {
      const timer = setTimeout(done, typeof milliseconds === 'function' ? milliseconds() : milliseconds);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          done();
        },
        { once: true },
      );
    });
    if (signal.aborted) return;
    try {
      if ((await call()) === false) return;
    } catch (error) {
      if (error.status && error.status < 500) throw error;
    }
  }
}

// stacked makes rows of a table into blocks where the window is narrow: each value with its column's name.
export function stacked(table) {
  const names = [...table.querySelectorAll('thead th')].map((th) => th.textContent);
  for (const row of table.querySelectorAll('tbody tr'))
    [...row.children].forEach((cell, i) => {
      cell.dataset.label = names[i];
    });
  table.classList.add('stack');
  return table;
}
