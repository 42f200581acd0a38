// Which stores and which window a page is about. What the overview shows is remembered for the next visit.
import { h } from './dom.js';
import * as f from './format.js';
import { labelledSelect, windowPicker } from './parts.js';

const key = 'openhours-overview';

function remembered() {
  try {
    return new URLSearchParams(localStorage.getItem(key) ?? '');
  } catch {
    return new URLSearchParams();
  }
}

// chosenOf reads the choice from the address, or where that has none, what was chosen last (isRemembered). lost is a group that
// the report does not have.
export function chosenOf(query, report, attributes) {
  const isRemembered = ![...query.keys()].some((name) => ['attribute', 'value', 'window'].includes(name));
  const from = isRemembered ? remembered() : query;
  const windows = report.fleet.map((w) => w.time_window);
  const longest = report.fleet.reduce((a, b) => (b.open_seconds > a.open_seconds ? b : a)).time_window;
  const window = windows.includes(from.get('window')) ? from.get('window') : longest;
  const attribute = from.get('attribute') ?? '';
  const value = from.get('value') ?? '';
  if (!attribute) return { window, attribute: '', value: '' };
  const has = valuesOf(attributes.find((one) => one.attribute === attribute)).some(([one]) => one === value);
  return has
    ? { window, attribute, value, isRemembered }
    : { window, attribute: '', value: '', lost: `${attribute} = ${value}` };
}

// rememberedWindow is the one that the overview showed last, if it is one of those given.
export const rememberedWindow = (windows) => windows.find((name) => name === remembered().get('window'));

// keep puts a choice into the address and into the memory of the browser. All stores are no part of it.
export function keep({ window, attribute, value }) {
  const text = new URLSearchParams(attribute ? { attribute, value, window } : { window }).toString();
  history.replaceState(null, '', `/?${text}`);
  try {
    localStorage.setItem(key, text);
  } catch {
    // without storage the address has it
  }
}

// groupParams are those of a list of stores that is about the chosen group.
export const groupParams = ({ attribute, value }) => (attribute ? { attribute, value } : {});

export const groupName = ({ attribute, value }) =>
  attribute ? `${attribute} = ${value || 'without a value'}` : 'all stores';

// valuesOf are the groups of an attribute, as options of a menu.
function valuesOf(attribute) {
  if (!attribute) return [];
  const list = attribute.values
    .map((one) => [one.value, `${one.value} (${f.count(one.stores)})`])
    .sort(([a], [b]) => a.localeCompare(b));
  const without = attribute.stores_without;
  return without ? [...list, ['', `without a value (${f.count(without)})`]] : list;
}

// groupMenus are a menu of attributes and one of the values of the chosen one. pick is called with a change.
export function groupMenus(report, attributes, chosen, pick) {
  const grouped = attributes.filter((one) =>
    (report.attributes ?? []).some((a) => a.grouped && a.attribute === one.attribute),
  );
  const ofAttribute = (attribute) => {
    const values = valuesOf(grouped.find((one) => one.attribute === attribute));
    pick({ attribute, value: values[0]?.[0] ?? '' });
  };
  const attributeOptions = [['', 'All stores'], ...grouped.map(({ attribute }) => [attribute, `By ${attribute}`])];
  const values = valuesOf(grouped.find((one) => one.attribute === chosen.attribute));
  return [
    grouped.length > 0 &&
      labelledSelect('Stores', attributeOptions, chosen.attribute, ofAttribute, { id: 'group-attribute' }),
    chosen.attribute &&
      labelledSelect(chosen.attribute, values, chosen.value, (value) => pick({ value }), { id: 'group-value' }),
  ];
}

// windowMenu is the choice of a window, if there is one.
export const windowMenu = (windows, chosen, pick) =>
  windows.length > 1 &&
  h(
    'div',
    { class: 'field windows' },
    h('span', {}, 'Window'),
    windowPicker(windows, chosen.window, (window) => pick({ window })),
  );
