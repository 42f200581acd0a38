// Which stores and which window the overview is about: in the address, and remembered for the next visit.
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

// chosenOf reads the choice from the address, or where that has none, what was chosen last. lost is a group that the report
// does not have.
export function chosenOf(query, report, attributes) {
  const from = [...query.keys()].some((name) => ['attribute', 'value', 'window'].includes(name)) ? query : remembered();
  const windows = report.fleet.map((w) => w.time_window);
  const longest = report.fleet.reduce((a, b) => (b.open_seconds > a.open_seconds ? b : a)).time_window;
  const window = windows.includes(from.get('window')) ? from.get('window') : longest;
  const attribute = from.get('attribute') ?? '';
  const value = from.get('value') ?? '';
  if (!attribute) return { window, attribute: '', value: '' };
  const has = valuesOf(attributes.find((one) => one.attribute === attribute)).some(([one]) => one === value);
  return has ? { window, attribute, value } : { window, attribute: '', value: '', lost: `${attribute} = ${value}` };
}

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

// chooser has a menu of attributes, one of the values of the chosen one, and the windows. pick is called with a change.
export function chooser(report, attributes, chosen, pick) {
  const windows = report.fleet.map((w) => w.time_window);
  const grouped = attributes.filter((one) =>
    (report.attributes ?? []).some((a) => a.grouped && a.attribute === one.attribute),
  );
  const ofAttribute = (attribute) => {
    const values = valuesOf(grouped.find((one) => one.attribute === attribute));
    pick({ attribute, value: values[0]?.[0] ?? '' });
  };
  const attributeOptions = [['', 'All stores'], ...grouped.map(({ attribute }) => [attribute, `By ${attribute}`])];
  const values = valuesOf(grouped.find((one) => one.attribute === chosen.attribute));
  return h(
    'div',
    { class: 'filters' },
    grouped.length > 0 &&
      labelledSelect('Stores', attributeOptions, chosen.attribute, ofAttribute, { id: 'overview-attribute' }),
    chosen.attribute &&
      labelledSelect(chosen.attribute, values, chosen.value, (value) => pick({ value }), { id: 'overview-value' }),
    windows.length > 1 &&
      h(
        'div',
        { class: 'field windows' },
        h('span', {}, 'Window'),
        windowPicker(windows, chosen.window, (window) => pick({ window })),
      ),
  );
}
