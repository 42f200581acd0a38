// Building blocks that several pages share.
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { moment } from './shownzone.js';

// Layout

export const heading = (text, ...more) => h('div', { class: 'heading' }, h('h1', { tabindex: '-1' }, text), more);
export const spacer = () => h('span', { class: 'flex-grow-1' });
export const sub = (...content) => h('span', { class: 'sub' }, content);
export const subline = (...content) => h('p', { class: 'sub' }, content);
export const panel = (...content) => h('div', { class: 'panel' }, content);
export const panelColumn = (width, ...content) => h('section', { class: width }, panel(content));
export const panelHead = (...content) => h('div', { class: 'panel-head' }, content);

export function crumbs(...links) {
  const separator = () => h('span', { 'aria-hidden': 'true' }, ' / ');
  return h(
    'nav',
    { 'aria-label': 'Breadcrumb', class: 'crumbs' },
    links.map(([href, text], i) => [i ? separator() : null, h('a', { href }, text)]),
  );
}

// callout is a highlighted message with an icon.
export const callout = (kind, name, ...content) =>
  h('div', { class: `notice ${kind}`.trim() }, icon(name), h('div', {}, content));

export function loading(text) {
  const spinner = h('span', { class: 'spinner-border spinner-border-sm', 'aria-hidden': 'true' });
  return h('div', { class: 'loading', role: 'status' }, spinner, ' ', text);
}

export const empty = (title, text, ...actions) =>
  h('div', { class: 'empty' }, h('p', { class: 'h5' }, title), h('p', { class: 'text-body-secondary' }, text), actions);

// failure shows an error, with the server's own message if there is one. Without a status it is marked as worth
// retrying when the server is back.
export function failure(error, again) {
  const fields = error.fields ?? [];
  const items = fields.map((field) => h('li', {}, field.detail));
  const request = error.requestID && error.status >= 500 ? ` (request ${error.requestID})` : '';
  return h(
    'div',
    { class: 'alert alert-danger', role: 'alert', 'data-failed': error.status ? null : 'yes' },
    h('p', { class: 'mb-1 fw-semibold' }, icon('circle-xmark'), ' ', failureTitle(error)),
    h('p', { class: 'mb-1' }, items.length > 1 ? h('ul', {}, items) : error.message, request),
    again
      ? h('button', { class: 'btn btn-sm btn-outline-light again', type: 'button', onclick: again }, 'Retry')
      : null,
  );
}

function failureTitle(error) {
  if (error.status) return error.title;
  return error.constructor.name === 'Unreachable' ? 'No response' : 'Unexpected error';
}

// Times

const redraws = new WeakMap();

// live draws an element now and at intervals while it is in the document, so that ages stay right on a page that is left
// open: every half minute, or every second.
export function live(element, draw, every = 'minute') {
  draw(element);
  redraws.set(element, draw);
  element.dataset.live = every;
  return element;
}

const redraw = (every) => () => {
  for (const element of document.querySelectorAll(`[data-live=${every}]`)) redraws.get(element)(element);
};

export function startClocks() {
  setInterval(redraw('minute'), 30_000);
  setInterval(redraw('second'), 1000);
  addEventListener('zonechange', redraw('minute'));
}

const ticking = (datetime, props, text) => {
  const draw = (element) => {
    if (element.textContent !== text()) element.textContent = text();
  };
  return live(h('time', { datetime, ...props }), draw, 'second');
};

export const ago = (instant) => ticking(instant, { 'data-tip': instant }, () => f.ago(instant));

// elapsed is how long something has lasted that goes on.
const elapsed = (instant) =>
  ticking(instant, { class: 'num' }, () => f.length(Math.max(0, Math.floor((Date.now() - f.instant(instant)) / 1000))));

// time is an instant in the zone that pages of the fleet show, or in the one given.
export const time = (text, zone) =>
  live(h('time', { datetime: text.replace(' ', 'T') }), (element) => {
    element.textContent = moment(text, zone);
    element.dataset.tip = `${text}\n${f.ago(text)}`;
  });

// datesOf says which dates a window of the calendar has; it is null for any other.
export function datesOf(report, window) {
  const found = report.window_dates?.find((one) => one.time_window === window);
  return (
    found &&
    h('span', { class: 'sub', 'data-tip': 'by each store’s clock' }, ` ${f.dates(found.first_date, found.last_date)}`)
  );
}

// Reports in progress

const states = {
  queued: { icon: 'hourglass-half', style: 'text-bg-secondary', text: 'waiting' },
  running: { icon: 'play', style: 'text-bg-info', text: 'running' },
  complete: { icon: 'circle-check', style: 'text-bg-success', text: 'complete' },
  failed: { icon: 'circle-xmark', style: 'text-bg-danger', text: 'failed' },
  cancelled: { icon: 'ban', style: 'text-bg-secondary', text: 'cancelled' },
};

export const isFinal = (report) => ['complete', 'failed', 'cancelled'].includes(report.state);

export const stateBadge = (state) =>
  h('span', { class: `badge ${states[state].style}` }, icon(states[state].icon), ' ', states[state].text);

// progress shows the place in the queue of a waiting report, or the step of a running one.
export function progress(report) {
  if (report.state === 'queued') {
    const ahead = report.waiting - 1;
    return h(
      'p',
      { class: 'mb-0' },
      ahead > 0 ? `${f.plural(ahead, 'report')} ahead in the queue` : 'Next in the queue',
      ', waiting for ',
      elapsed(report.created_at),
      '.',
    );
  }
  const { step = '', steps_done: done = 0, steps_total: total = 0 } = report.progress ?? {};
  const share = total ? Math.round((100 * done) / total) : 0;
  const label = {
    'aria-label': 'Progress of the report',
    'aria-valuenow': share,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  };
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'progress', role: 'progressbar', ...label },
      h('div', { class: 'progress-bar', style: { width: `${share}%` } }),
    ),
    h(
      'p',
      { class: 'small text-body-secondary mb-0 mt-1' },
      total ? `Step ${done} of ${total}: ${step.replaceAll('_', ' ')}` : 'Starting',
      report.started_at && [', running for ', elapsed(report.started_at)],
    ),
  );
}

// repeat calls a function at an interval until it returns false or the page is left. Errors other than a 4xx are
// taken for temporary.
export async function repeat(milliseconds, signal, call) {
  while (!signal.aborted) {
    await wait(typeof milliseconds === 'function' ? milliseconds() : milliseconds, signal);
    if (signal.aborted) return;
    try {
      if ((await call()) === false) return;
    } catch (error) {
      if (error.status && error.status < 500) throw error;
    }
  }
}

// wait resolves after a time, or at once when the page is left.
const wait = (milliseconds, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    const stop = () => {
      clearTimeout(timer);
      done();
    };
    signal.addEventListener('abort', stop, { once: true });
  });

// Controls

export const button = (style, onclick, content, props = {}) =>
  h('button', { type: 'button', class: `btn btn-sm btn-${style}`, onclick, ...props }, content);
export const linkButton = (style, href, ...content) => h('a', { class: `btn btn-sm btn-${style}`, href }, content);
export const bigLinkButton = (style, href, ...content) => h('a', { class: `btn btn-${style}`, href }, content);

export const downloadLink = (href, text, tip) =>
  h(
    'a',
    { href, class: 'btn btn-sm btn-outline-secondary', download: true, 'data-tip': tip },
    icon('download'),
    ' ',
    text,
  );

// csvLink is the download of a table.
export const csvLink = (href, tip) => downloadLink(href, 'CSV', tip);

// toggles is a row of buttons of which one is pressed; options are pairs of a value and a text.
export function toggles(label, options, chosen, pick) {
  const one = ([name, text]) =>
    h(
      'button',
      {
        type: 'button',
        class: `btn btn-outline-secondary${name === chosen ? ' active' : ''}`,
        'aria-pressed': String(name === chosen),
        onclick: () => pick(name),
      },
      text,
    );
  return h('div', { class: 'btn-group btn-group-sm', role: 'group', 'aria-label': label }, options.map(one));
}

// labelledSelect is a menu; options are pairs of a value and a text.
export function labelledSelect(label, options, chosen, change, props = {}) {
  const list = options.map(([value, text]) => h('option', { value, selected: value === chosen }, text));
  const onchange = (event) => change(event.target.value);
  return h(
    'label',
    { class: 'field' },
    h('span', {}, label),
    h('select', { class: 'form-select form-select-sm', ...props, onchange }, list),
  );
}

export function windowPicker(names, chosen, pick) {
  const options = names.map((name) => [name, f.windowName(name)]);
  return toggles('Window', options, chosen, pick);
}

export function pager(total, offset, limit, link) {
  const style = 'btn btn-sm btn-outline-secondary';
  const step = (enabled, at, rel, text, content) =>
    enabled
      ? h('a', { class: style, href: link(at), rel }, content)
      : h('span', { class: `${style} disabled`, 'aria-disabled': 'true' }, text);
  const [first, last] = [total ? offset + 1 : 0, Math.min(total, offset + limit)];
  const back = [icon('chevron-left'), ' Back '];
  const next = [' Next ', icon('chevron-right')];
  return h(
    'nav',
    { class: 'pager', 'aria-label': 'Pages' },
    step(offset > 0, Math.max(0, offset - limit), 'prev', 'Back', back),
    h('span', { class: 'num' }, `${f.count(first)} to ${f.count(last)} of ${f.count(total)}`),
    step(last < total, offset + limit, 'next', 'Next', next),
  );
}

const questionLasts = 20_000; // milliseconds

// confirmed is a button that acts on the second click, after showing a question.
export function confirmed(text, question, act, props = {}) {
  let asked = false;
  const label = props['aria-label'];
  const show = (content, name) => {
    put(element, content);
    if (label) element.setAttribute('aria-label', name);
  };
  const reset = () => {
    asked = false;
    element.disabled = false;
    show(text, label);
  };
  const onclick = async (event) => {
    if (event.detail > 1) return; // the second half of a double click does not confirm
    if (!asked) {
      asked = true;
      show(question, `${question} ${label}`);
      setTimeout(reset, questionLasts);
      return;
    }
    element.disabled = true;
    await act();
    reset();
  };
  const element = h('button', { type: 'button', class: 'btn btn-sm btn-outline-danger', ...props, onclick }, text);
  return element;
}
