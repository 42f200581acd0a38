// The search for stores in the bar at the top: of the report that the page shows, or else of the newest one.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { keepLines, listPath } from './listing.js';
import { isTyping } from './neighbours.js';
import { go } from './router.js';

const most = 8;

export function storeSearch() {
  const input = keepLines(
    h('input', {
      class: 'form-control form-control-sm',
      type: 'text',
      id: 'find',
      role: 'combobox',
      placeholder: 'Find stores (press /)',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-label': 'Find stores',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': 'found',
      'aria-keyshortcuts': '/',
    }),
  );
  const list = h('ul', { id: 'found', role: 'listbox', 'aria-label': 'Matching stores', hidden: true });
  const status = h('span', { class: 'visually-hidden', role: 'status' });
  const form = h(
    'form',
    { class: 'find', role: 'search', 'aria-label': 'All stores' },
    icon('magnifying-glass'),
    input,
    list,
    status,
  );
  const box = { form, input, list, status, options: [], active: -1 };
  let timer;
  let request = new AbortController();
  const stop = () => {
    clearTimeout(timer);
    request.abort();
    request = new AbortController();
  };
  const look = async () => {
    stop();
    const { signal } = request;
    const text = input.value.trim();
    if (!text) return show(box, []);
    try {
      const found = await matches(text, signal);
      if (signal.aborted) return null;
      return show(box, optionsOf(found, text), announcement(found));
    } catch (error) {
      if (error.name === 'AbortError') return null;
      return show(box, [], error.status === 404 ? 'There is no report yet.' : error.message);
    }
  };
  const leave = () => {
    stop();
    show(box, []);
    input.value = '';
    input.blur();
  };
  const open = async () => {
    const text = input.value.trim();
    if (!text) return;
    let chosen = box.options[box.active];
    if (!chosen) {
      stop();
      const found = await matches(text, request.signal);
      chosen = found.total === 1 && !found.missing_ids ? optionsOf(found, text)[0] : allOf(found, text);
    }
    leave();
    go(chosen.href);
  };
  input.addEventListener('input', () => {
    stop();
    timer = setTimeout(look, 200);
  });
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (box.options.length) activate(box, box.active + step);
    } else if (event.key === 'Escape') leave();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    open().catch((error) => error.name !== 'AbortError' && show(box, [], error.message));
  });
  list.addEventListener('mousedown', (event) => event.preventDefault()); // the field keeps its focus until the click
  list.addEventListener('click', (event) => {
    const i = [...list.children].indexOf(event.target.closest('[role=option]'));
    if (i < 0) return;
    const { href } = box.options[i];
    leave();
    go(href);
  });
  input.addEventListener('blur', () => {
    stop();
    show(box, []);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  return form;
}

// matches are the best matches for a text in the report of the page, or in the newest one.
async function matches(text, signal) {
  const query = { search: text, sort: 'match', limit: most };
  const [, first, second] = /^\/reports\/([^/]+)(?:\/compare\/([^/]+))?/.exec(location.pathname) ?? [];
  if (first) {
    try {
      const id = decodeURIComponent(second ?? first);
      return { id, ...(await api.stores(id, query, signal)) };
    } catch (error) {
      if (error.status !== 404 && error.status !== 409) throw error; // this report has no stores (yet)
    }
  }
  const { report_id: id } = await api.latest(signal);
  return { id, ...(await api.stores(id, query, signal)) };
}

function optionsOf(found, text) {
  const list = { search: text, sort: 'match' };
  const one = (store, at) => ({
    href: api.storePath(found.id, store.store_id, '', { ...list, at }),
    content: [
      h('span', { class: store.name ? 'store-name' : 'id' }, store.name || store.store_id),
      h(
        'span',
        { class: 'sub' },
        [store.name && store.store_id, matchingAttribute(store, text)].filter(Boolean).join(' · '),
      ),
    ],
  });
  const shown = found.stores.map(one);
  return found.total > shown.length ? [...shown, allOf(found, text)] : shown;
}

const allOf = ({ id, total }, text) => ({
  href: listPath(id, { search: text }),
  content: [`All ${f.plural(total, 'match', 'matches')}`],
});

// matchingAttribute is the attribute that has the text, unless the name or the id has it.
function matchingAttribute({ store_id: id, name, attributes }, text) {
  const has = (value) => value?.toLowerCase().includes(text.toLowerCase());
  if (has(id) || has(name)) return null;
  const found = Object.entries(attributes ?? {}).find(([, value]) => has(value));
  return found && `${found[0]}: ${found[1]}`;
}

function announcement({ total, stores }) {
  if (!total) return 'No matching stores';
  return total > stores.length
    ? `${f.count(stores.length)} of ${f.count(total)} matches`
    : f.plural(total, 'match', 'matches');
}

// show lists options, or the text that says why there are none.
function show(box, options, text = '') {
  box.options = options;
  box.active = -1;
  const lines = options.map(({ content }, i) =>
    h('li', { role: 'option', id: `found-${i}`, 'aria-selected': 'false' }, content),
  );
  put(box.list, lines);
  box.list.hidden = !options.length;
  box.input.setAttribute('aria-expanded', String(options.length > 0));
  box.input.removeAttribute('aria-activedescendant');
  put(box.status, text);
  box.status.classList.toggle('visually-hidden', options.length > 0 || !text);
}

function activate(box, at) {
  const n = box.options.length;
  box.active = (at + n) % n;
  [...box.list.children].forEach((line, i) => line.setAttribute('aria-selected', String(i === box.active)));
  const line = box.list.children[box.active];
  line.scrollIntoView({ block: 'nearest' });
  box.input.setAttribute('aria-activedescendant', line.id);
}
