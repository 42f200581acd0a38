// The form that asks for a report: sane defaults, options for who wants them.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import { failure } from './parts.js';

const field = (id, label, help, input) =>
  h(
    'div',
    { class: 'col-sm-6 col-lg-4' },
    h('label', { class: 'form-label', for: id }, label),
    input,
    h('div', { class: 'form-text', id: `${id}-help` }, help),
    h('div', { class: 'invalid-feedback', id: `${id}-fault` }),
  );
const text = (id, placeholder) =>
  h('input', {
    class: 'form-control form-control-sm',
    id,
    name: id,
    placeholder,
    autocomplete: 'off',
    'aria-describedby': `${id}-help ${id}-fault`,
  });
const select = (id, options) =>
  h(
    'select',
    { class: 'form-select form-select-sm', id, name: id, 'aria-describedby': `${id}-help ${id}-fault` },
    options.map(([v, t]) => h('option', { value: v }, t)),
  );
const area = (id, placeholder) =>
  h('textarea', {
    class: 'form-control form-control-sm',
    id,
    name: id,
    rows: 3,
    placeholder,
    'aria-describedby': `${id}-help ${id}-fault`,
  });

// triggerForm calls done with the answer of the server when a report was accepted.
export function triggerForm(done, { open = false, preset } = {}) {
  const faults = h('div', { 'aria-live': 'assertive' });
  const send = h('button', { class: 'btn btn-primary', type: 'submit' }, icon('play'), ' Make a report');
  const form = h(
    'form',
    { class: 'trigger', novalidate: true },
    h(
      'div',
      { class: 'd-flex flex-wrap gap-3 align-items-center' },
      send,
      h(
        'span',
        { class: 'text-body-secondary small' },
        'of all stores, up to the latest observation; for the last hour, day and week',
      ),
    ),
    h(
      'details',
      { open, class: 'mt-2' },
      h('summary', {}, 'Options'),
      h(
        'div',
        { class: 'row g-3 pt-2' },
        field(
          'as_of',
          'As of',
          'The report’s now. UTC where nothing else is said; 3/11/2024 is 11 March. Empty: the latest accepted observation. What was observed after it is ignored.',
          text('as_of', '2024-10-14 22:00 UTC'),
        ),
        field(
          'interpolation',
          'Interpolation',
          'Between two observations each instant takes the status of this one.',
          select('interpolation', [
            ['nearest', 'the nearest in time'],
            ['previous', 'the previous one'],
            ['next', 'the next one'],
          ]),
        ),
        field(
          'unobserved',
          'Sessions without observation',
          'What is said of a session in which the store was not observed.',
          select('unobserved', [
            ['nearest', 'as in the neighbouring sessions'],
            ['unknown', 'left unknown'],
          ]),
        ),
        field(
          'max_gap',
          'Max gap',
          'An observation reaches no farther than this, the rest is unknown. Empty: no limit.',
          text('max_gap', '2h'),
        ),
        field(
          'fresh_within',
          'Fresh within',
          'Open time within this of an observation counts as covered.',
          text('fresh_within', '1h'),
        ),
        field(
          'join_gap',
          'Join gap',
          'Openings with a hole of at most this are one session; the hole counts as open.',
          text('join_gap', '1m'),
        ),
        field(
          'collector_gap',
          'Collector gap',
          'Silence of all stores longer than this is said.',
          text('collector_gap', '2h'),
        ),
        field(
          'windows',
          'Windows',
          'A name and a length, one a line. Empty: last hour, day and week.',
          area('windows', 'last_hour=1h\nlast_day=1d\nlast_week=7d'),
        ),
        field('stores', 'Stores', 'Ids, one a line. Empty: all.', area('stores', '')),
        h(
          'div',
          { class: 'col-12' },
          h(
            'div',
            { class: 'form-check' },
            h('input', { class: 'form-check-input', type: 'checkbox', id: 'fresh' }),
            h(
              'label',
              { class: 'form-check-label', for: 'fresh' },
              'Make it anew also where an equal report of the same files is there',
            ),
          ),
        ),
      ),
    ),
    faults,
  );
  const input = (name) => form.querySelector(`#${name}`);
  if (preset) fillIn(preset, input);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    put(faults);
    for (const marked of form.querySelectorAll('.is-invalid')) marked.classList.remove('is-invalid');
    const p = parameters(input);
    const odd = oddLengths(p);
    if (odd.length) {
      form.querySelector('details').open = true;
      odd.forEach((fault) => markFault(fault, input));
      input(odd[0].field).focus();
      return;
    }
    send.disabled = true;
    try {
      done(await api.trigger(p));
    } catch (error) {
      form.querySelector('details').open ||= (error.fields ?? []).length > 0;
      const left = (error.fields ?? []).filter((fault) => !markFault(fault, input));
      put(
        faults,
        error.fields?.length && !left.length
          ? h('p', { class: 'text-danger mt-2 mb-0' }, 'Not sent: see the fields above.')
          : failure(error),
      );
    } finally {
      send.disabled = false;
    }
  });
  return form;
}

function fillIn(p, input) {
  for (const name of ['as_of', 'interpolation', 'unobserved', 'max_gap', 'fresh_within', 'join_gap', 'collector_gap'])
    if (p[name]) input(name).value = p[name];
  if (p.windows) input('windows').value = p.windows.map((w) => `${w.name}=${w.length}`).join('\n');
  if (p.stores) input('stores').value = p.stores.join('\n');
}

const lines = (value) => value.split('\n').filter((line) => line.trim() !== '');

function parameters(input) {
  const p = { interpolation: input('interpolation').value, unobserved: input('unobserved').value };
  for (const name of ['as_of', 'max_gap', 'fresh_within', 'join_gap', 'collector_gap'])
    if (input(name).value.trim()) p[name] = input(name).value.trim();
  const windows = lines(input('windows').value).map((line) => {
    const [name, length = ''] = line.split('=');
    return { name: name.trim(), length: length.trim() };
  });
  if (windows.length) p.windows = windows;
  const stores = lines(input('stores').value).map((line) => line.replace(/\r$/, ''));
  if (stores.length) p.stores = stores;
  if (input('fresh').checked) p.fresh = true;
  return p;
}

// oddLengths finds all that is no length at once; the server would name the first.
function oddLengths(p) {
  const odd = (text) => !/^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/.test(text);
  const say = (field, text) => ({ field, detail: `“${text}” is not a length: write it like 90s, 45m, 1h30m or 7d` });
  return [
    ...['max_gap', 'fresh_within', 'join_gap', 'collector_gap']
      .filter((name) => p[name] && odd(p[name]))
      .map((name) => say(name, p[name])),
    ...(p.windows ?? [])
      .filter((w) => odd(w.length))
      .map((w) => ({ field: 'windows', detail: `${w.name}: write a name and a length, such as last_month=30d` })),
  ];
}

// markFault puts what the server says beside its field, and tells whether there is one.
function markFault(fault, input) {
  const name = fault.field.startsWith('window') ? 'windows' : fault.field.startsWith('store') ? 'stores' : fault.field;
  const at = /^[a-z_]+$/.test(name) ? input(name) : null;
  if (!at) return false;
  at.classList.add('is-invalid');
  input(`${name}-fault`).textContent = fault.detail;
  return true;
}
