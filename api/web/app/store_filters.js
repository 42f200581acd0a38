// The filters of the list of stores: a form, and a chip for each that is active.
import { h, icon, put } from './dom.js';
import { storeStatuses } from './facts.js';
import * as f from './format.js';
import { entries, keepLines, valueOf, withoutAttribute, withValue } from './listing.js';
import { hasNames } from './names.js';
import * as parts from './parts.js';
import { verdictNames } from './targets.js';

const statuses = storeStatuses.map(({ name, title }) => [name, title]);
const without = '(none)';

// filterForm calls update with the change of each filter, and with typing while one is typed.
export function filterForm({ report, zones, attributes, params, update, order, windows, signal }) {
  const menu = (name, label, options) =>
    parts.labelledSelect(label, options, params[name], (chosen) => update({ [name]: chosen }), { 'data-name': name });
  const zoneNames = zones.map((z) => z.timezone).sort();
  return h(
    'form',
    { class: 'filters', 'aria-label': 'Filters', onsubmit: (event) => event.preventDefault() },
    h('div', { class: 'field' }, h('span', {}, 'Window'), windows),
    h(
      'label',
      { class: 'field grow', for: 'search' },
      h('span', {}, 'Search'),
      searchField(report, params, update, signal),
    ),
    menu('status', 'Status', [['', 'Any'], ...statuses]),
    report.targets?.length > 0 && menu('verdict', 'Verdict', [['', 'Any'], ...verdictNames]),
    menu('zone', 'Zone', [['', 'All zones'], ...zoneNames.map((name) => [name, name])]),
    order,
    attributes.length > 0 && attributeFilter(attributes, params, update),
  );
}

function searchField(report, params, update, signal) {
  const search = keepLines(
    h('input', {
      class: 'form-control form-control-sm',
      type: 'search',
      id: 'search',
      placeholder: hasNames(report)
        ? 'part of a name, an id or an attribute; or ids'
        : 'part of a store id, or several',
      value: params.search,
      autocomplete: 'off',
    }),
  );
  let timer;
  let isTyping = false; // the letters of one search are one step back
  const searchNow = () => {
    clearTimeout(timer);
    if (search.value === params.search) return;
    update({ search: search.value }, isTyping);
    isTyping = true;
  };
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(searchNow, 250);
  });
  search.addEventListener('change', () => {
    searchNow();
    isTyping = false;
  });
  signal.addEventListener('abort', () => clearTimeout(timer)); // or it would change the address of the next page
  return search;
}

// attributeFilter is a menu of attributes and one of the values of the chosen attribute. Each that has a value is a chip.
function attributeFilter(attributes, params, update) {
  const box = h('div', { class: 'field-pair' });
  const choose = (name) => {
    const attribute = attributes.find((a) => a.attribute === name);
    const names = attributes.map((a) => [a.attribute, a.attribute]);
    const pick = (chosen) => {
      if (!chosen && params.attribute.length) update({ attribute: [], value: [] });
      choose(chosen);
      box.querySelector('select').focus();
    };
    put(
      box,
      parts.labelledSelect('Attribute', [['', 'Any'], ...names], name, pick, { 'data-name': 'attribute' }),
      attribute && valueFilter(attribute, params, update),
    );
  };
  choose(params.attribute.at(-1) ?? '');
  return box;
}

function valueFilter({ attribute, total, stores_without: stores, values }, params, update) {
  const chosen = valueOf(params, attribute);
  const isChosen = chosen !== undefined;
  const pick = (value) => update(withValue(params, attribute, value));
  if (total > values.length) {
    const props = {
      class: 'form-control form-control-sm',
      value: chosen ?? '',
      placeholder: 'exact value',
    };
    const field = h('input', { ...props, onchange: (event) => pick(event.target.value.trim()) });
    return h('label', { class: 'field' }, h('span', {}, 'Value'), field);
  }
  const options = values.map((v) => [`=${v.value}`, `${v.value} (${f.count(v.stores)})`]);
  options.sort((a, b) => a[0].localeCompare(b[0], 'en', { numeric: true }));
  if (stores > 0) options.push(['=', `${without} (${f.count(stores)})`]);
  if (!isChosen) options.unshift(['', 'choose …']);
  const onchange = (picked) => picked && pick(picked.slice(1));
  return parts.labelledSelect('Value', options, isChosen ? `=${chosen}` : '', onchange, { 'data-name': 'value' });
}

// chips show the active filters; each can be removed. reset returns the address without one.
export function chips(params, reset) {
  const nameOf = (list, name) => list.find(([one]) => one === name)?.[1] ?? name;
  const ids = entries(params.search);
  const active = [
    params.search && [
      'Search',
      ids.length > 8 ? f.plural(ids.length, 'id or word', 'ids or words') : params.search,
      { search: '' },
    ],
    params.status && ['Status', nameOf(statuses, params.status), { status: '' }],
    params.verdict && ['Verdict', nameOf(verdictNames, params.verdict), { verdict: '' }],
    params.zone && ['Zone', params.zone, { zone: '' }],
    ...params.attribute.map((name, i) => [name, params.value[i] || without, withoutAttribute(params, name)]),
  ].filter(Boolean);
  if (!active.length) return null;
  const one = ([name, value, change]) => {
    const text = `${name}: ${value}`;
    const remove = h(
      'a',
      { href: reset(change), 'aria-label': `Remove ${text}`, 'data-tip': 'Remove this filter' },
      icon('xmark'),
    );
    return h('li', { class: 'chip' }, h('span', {}, text), remove);
  };
  return h('ul', { class: 'chips', 'aria-label': 'Active filters' }, active.map(one));
}
