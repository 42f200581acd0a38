// The form that requests a report.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import { defaults, relativeWindows } from './facts.js';
import { plural, utc, windowName } from './format.js';
import { failure, live } from './parts.js';
import { dayEnd, moment, shownZone } from './shownzone.js';

const field = (id, label, help, input) =>
  h(
    'div',
    { class: 'col-sm-6 col-lg-4' },
    h('label', { class: 'form-label', for: id }, label),
    input,
    h('div', { class: 'form-text', id: `${id}-help` }, help),
    h('div', { class: 'invalid-feedback', id: `${id}-fault` }),
  );

const named = (id) => ({ id, name: id, 'aria-describedby': `${id}-help ${id}-fault` });
const control = 'form-control form-control-sm';
const textInput = (id, placeholder) => h('input', { class: control, ...named(id), placeholder, autocomplete: 'off' });
const textArea = (id, placeholder) => h('textarea', { class: control, ...named(id), rows: 3, placeholder });

function select(id, options) {
  const list = Object.entries(options).map(([value, text]) => h('option', { value }, text));
  return h('select', { class: 'form-select form-select-sm', ...named(id) }, list);
}

const textFields = ['as_of', 'max_gap', 'fresh_within', 'join_gap', 'collector_gap', 'target'];
const lengthFields = ['max_gap', 'fresh_within', 'join_gap', 'collector_gap'];

// triggerForm calls accepted with the server's answer. preset fills in the parameters of an earlier report.
export function triggerForm(accepted, { open = false, preset } = {}) {
  const errors = h('div', { 'aria-live': 'assertive' });
  const submit = h('button', { class: 'btn btn-primary', type: 'submit' }, icon('play'), ' Make a report');
  const about = h('span', { class: 'text-body-secondary small', id: 'about-report' });
  const details = h('details', { open, class: 'mt-2' }, h('summary', {}, 'Options'), options());
  const form = h(
    'form',
    { class: 'trigger', novalidate: true },
    h('div', { class: 'd-flex flex-wrap gap-3 align-items-center' }, submit, about),
    details,
    errors,
  );
  const input = (name) => form.querySelector(`#${name}`);
  if (preset) fillIn(preset, input);
  linkDates(input);
  const say = () => put(about, aboutText(parametersOf(input)));
  form.addEventListener('input', say);
  say();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    put(errors);
    for (const marked of form.querySelectorAll('.is-invalid')) marked.classList.remove('is-invalid');
    const parameters = parametersOf(input);
    const faults = lengthFaults(parameters);
    if (faults.length) {
      details.open = true;
      faults.forEach((fault) => markFault(fault, input));
      input(faults[0].field).focus();
      return;
    }
    submit.disabled = true;
    try {
      accepted(await api.trigger(parameters));
    } catch (error) {
      const fields = error.fields ?? [];
      details.open ||= fields.length > 0;
      const unmarked = fields.filter((fault) => !markFault(fault, input));
      const allMarked = fields.length > 0 && !unmarked.length;
      put(errors, allMarked ? h('p', { class: 'text-danger mt-2 mb-0' }, correctFields) : failure(error));
    } finally {
      submit.disabled = false;
    }
  });
  return form;
}

const listed = new Intl.ListFormat('en-GB');

// aboutText says what the report will be about. The time of as_of is explained at its field.
function aboutText({ stores, as_of: asOf, windows = defaults.windows }) {
  const names = windows
    .flatMap(({ name, dates, length }) => name || dates || length || [])
    .map((one) => windowName(one).toLowerCase());
  const where = stores ? plural(stores.length, 'store') : 'all stores';
  return `on ${where}, up to ${asOf ?? 'the latest observation'}, for: ${listed.format(names)}`;
}

const correctFields = 'Not submitted. Correct the fields marked above.';

// calendarMenu adds a window of the calendar to those that are written.
function calendarMenu() {
  const onchange = ({ target }) => {
    const text = target.form.querySelector('#windows');
    const lines = linesOf(text.value);
    if (target.value && !lines.includes(target.value)) text.value = [...lines, target.value].join('\n');
    target.value = '';
    text.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const list = relativeWindows.map((name) => h('option', { value: name }, windowName(name)));
  return h(
    'select',
    { class: 'form-select form-select-sm mt-1', 'aria-label': 'Add a calendar window', onchange },
    h('option', { value: '' }, 'Add a calendar window …'),
    list,
  );
}

const datePicker = () =>
  h('input', { type: 'date', class: 'form-control picker', id: 'as_of-date', 'aria-label': 'Pick a day' });

// linkDates puts a picked date into the text field of as_of, and says there which instant a date means.
function linkDates(input) {
  const [text, picker, means] = ['as_of', 'as_of-date', 'as_of-means'].map(input);
  const say = () => {
    const date = dateOf(text.value);
    const end = date && dayEnd(date);
    picker.value = end ? date : '';
    if (!end) {
      means.textContent = '';
      return;
    }
    const at = new Date(end).toISOString();
    const other = shownZone() === 'UTC' ? '' : `, which is ${utc(at)}`;
    means.textContent = `Up to the end of ${date} in ${shownZone()}: ${moment(at)}${other}.`;
  };
  text.addEventListener('input', say);
  picker.addEventListener('input', () => {
    text.value = picker.value;
    say();
  });
  live(means, say); // the zone may change
}

// instantOf is the as_of to send: a date alone means its end in the shown zone.
function instantOf(text) {
  const date = dateOf(text);
  const end = date && dayEnd(date);
  return end ? new Date(end).toISOString().replace('.000Z', 'Z') : text;
}

// valueOf is what to send for the text of a field: a percentage without the blank that people write before its sign.
const valueOf = { as_of: instantOf, target: (text) => text.replace(/\s+(?=%$)/, '') };

// dateOf reads a date alone, as it is or with the month first, as in the timestamps that are accepted.
function dateOf(text) {
  const [, month, day, year] = /^(\d\d?)\/(\d\d?)\/(\d{4})$/.exec(text.trim()) ?? [];
  return year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text.trim();
}

const options = () =>
  h(
    'div',
    { class: 'row g-3 pt-2' },
    field(
      'as_of',
      'As of',
      [
        'The report’s “now”: a date, which means the end of that day, or a time, in UTC unless it has an offset; ' +
          '3/11/2024 is 11 March. Later observations are ignored. ' +
          'Empty: the latest accepted observation.',
        h('span', { class: 'd-block fw-semibold', id: 'as_of-means', 'aria-live': 'polite' }),
      ],
      h('div', { class: 'input-group input-group-sm' }, textInput('as_of', '2024-10-14 22:00 UTC'), datePicker()),
    ),
    field(
      'interpolation',
      'Interpolation',
      'Which observation gives the status between two observations.',
      select('interpolation', { nearest: 'the nearest in time', previous: 'the previous', next: 'the next' }),
    ),
    field(
      'unobserved',
      'Unobserved sessions',
      'The status of a session without observations.',
      select('unobserved', { nearest: 'from the neighbouring sessions', unknown: 'unknown' }),
    ),
    field(
      'max_gap',
      'Max gap',
      'Time farther than this from an observation is unknown. Empty: no limit.',
      textInput('max_gap', '2h'),
    ),
    field(
      'fresh_within',
      'Fresh within',
      'Open time within this of an observation counts as covered.',
      textInput('fresh_within', defaults.fresh_within),
    ),
    field(
      'join_gap',
      'Join gap',
      'Gaps up to this long between openings count as open.',
      textInput('join_gap', defaults.join_gap),
    ),
    field(
      'collector_gap',
      'Collector gap',
      'Report gaps longer than this in which no store was observed.',
      textInput('collector_gap', defaults.collector_gap),
    ),
    field(
      'target',
      'Target',
      'Percentage of its open time that a store should be up, unless a targets file gives another. Empty: none.',
      textInput('target', '98'),
    ),
    field(
      'windows',
      'Windows',
      'One per line: a length as last_month=30d, or by each store’s clock yesterday, previous_month, october=2026-10, ' +
        '2026-W41 or 2026-10-01/2026-10-07. Empty: last hour, day and week.',
      [textArea('windows', defaults.windows.map(windowLine).join('\n')), calendarMenu()],
    ),
    field(
      'by',
      'Break down',
      'Adds files with the measures of each store by its local dates, or also by hour.',
      select('by', { '': 'no', date: 'by date', hour: 'by date and hour' }),
    ),
    field('stores', 'Stores', 'One id or exact name per line. Empty: all stores.', textArea('stores', '')),
    h(
      'div',
      { class: 'col-12' },
      h(
        'div',
        { class: 'form-check' },
        h('input', { class: 'form-check-input', type: 'checkbox', id: 'fresh' }),
        h('label', { class: 'form-check-label', for: 'fresh' }, 'Recompute even if an identical report exists'),
      ),
    ),
  );

function fillIn(parameters, input) {
  for (const name of ['interpolation', 'unobserved', 'by', ...textFields]) {
    if (parameters[name]) input(name).value = parameters[name];
  }
  const { windows, stores } = parameters;
  if (windows) input('windows').value = windows.map(windowLine).join('\n');
  if (stores) input('stores').value = stores.join('\n');
}

const windowLine = (w) => `${w.name}=${w.dates ?? w.length}`;

// windowOf reads name=value, or a value of the calendar alone, to which the server gives a name.
function windowOf(line) {
  const [first, second] = line.split('=').map((text) => text.trim());
  const value = second ?? first;
  const isLength = /^\d+ *[a-z]/i.test(value);
  return { ...(second !== undefined && { name: first }), ...(isLength ? { length: value } : { dates: value }) };
}

const linesOf = (text) => text.split('\n').filter((line) => line.trim() !== '');

function parametersOf(input) {
  const p = { interpolation: input('interpolation').value, unobserved: input('unobserved').value };
  for (const name of textFields) {
    const text = input(name).value.trim();
    if (text) p[name] = valueOf[name]?.(text) ?? text;
  }
  const by = input('by').value;
  if (by) p.by = by;
  const windows = linesOf(input('windows').value).map(windowOf);
  if (windows.length) p.windows = windows;
  const stores = linesOf(input('stores').value).map((line) => line.replace(/\r$/, ''));
  if (stores.length) p.stores = stores;
  if (input('fresh').checked) p.fresh = true;
  return p;
}

// lengthFaults finds every malformed length of a field; the server reports only the first, and judges windows.
function lengthFaults(p) {
  const isMalformed = (text) => !/^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/.test(text);
  return lengthFields
    .filter((name) => p[name] && isMalformed(p[name]))
    .map((name) => ({ field: name, detail: `“${p[name]}” is not a length. Examples: 90s, 45m, 1h30m, 7d` }));
}

// markFault shows a fault under its field. It returns false if the form has no field of that name.
function markFault(fault, input) {
  const group = ['window', 'store'].find((prefix) => fault.field.startsWith(prefix));
  const name = group ? `${group}s` : fault.field;
  const element = /^[a-z_]+$/.test(name) ? input(name) : null;
  if (!element) return false;
  element.classList.add('is-invalid');
  element.closest('.input-group')?.classList.add('is-invalid'); // the message stands after the group
  input(`${name}-fault`).textContent = fault.detail;
  return true;
}
