// The bar at the top: navigation, the search for stores and the theme switch.
import { h, icon, put } from './dom.js';
import { storeSearch } from './search.js';
import { isSignedIn, mayWrite, signOut } from './session.js';
import { choices, choose, chosen } from './shownzone.js';

export function topbar() {
  const link = (href, name, text) => h('a', { href, class: 'nav-link' }, icon(name), h('span', {}, text));
  put(
    document.getElementById('topbar'),
    h(
      'a',
      { href: '/', class: 'brand', 'aria-label': 'openhours, overview' },
      h('img', { src: '/app/favicon.svg', alt: '', width: 22, height: 22 }),
      h('span', {}, 'openhours'),
    ),
    h(
      'nav',
      { 'aria-label': 'Main' },
      link('/', 'gauge-high', 'Overview'),
      link('/reports', 'file-lines', 'Reports'),
      link('/data', 'database', 'Data'),
    ),
    h('span', { class: 'flex-grow-1' }),
    storeSearch(),
    h(
      'a',
      { class: 'btn btn-sm btn-link plain', href: '/docs', 'data-tip': 'API reference' },
      icon('book'),
      hidden('API'),
    ),
    h('span', { id: 'session' }),
    zoneChooser(),
    themeSwitch(),
  );
}

// drawSession shows whether this browser is signed in.
export function drawSession() {
  put(document.getElementById('session'), isSignedIn() && signOutButton());
}

function signOutButton() {
  const text = mayWrite() ? 'Sign out' : 'Sign out (you may read only)';
  return h(
    'button',
    { type: 'button', class: 'btn btn-sm btn-link plain', 'data-tip': text, onclick: () => signOut().catch(() => {}) },
    icon('right-from-bracket'),
    hidden(text),
  );
}

function zoneChooser() {
  const onchange = (event) => choose(event.target.value);
  const label = { 'aria-label': 'Times in', 'data-tip': 'the zone of times; a store’s page uses the store’s own' };
  return h(
    'select',
    { class: 'form-select form-select-sm zone', ...label, onchange },
    choices().map(([value, text]) => h('option', { value, selected: value === chosen() }, text)),
  );
}

const hidden = (text) => h('span', { class: 'visually-hidden' }, text);

// markNavigation highlights the link of the section that a path belongs to.
export function markNavigation(path) {
  for (const link of document.querySelectorAll('#topbar nav a')) {
    const here = link.pathname === '/' ? path === '/' : path.startsWith(link.pathname);
    link.classList.toggle('active', here);
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

// themeSwitch offers the theme that is not shown. theme.js keeps the choice.
function themeSwitch() {
  const other = () => (document.documentElement.dataset.bsTheme === 'light' ? 'dark' : 'light');
  const onclick = () => dispatchEvent(new CustomEvent('themechosen', { detail: other() }));
  const button = h('button', { class: 'btn btn-sm btn-link plain', type: 'button', onclick });
  const label = () => {
    const [name, text] = other() === 'dark' ? ['moon', 'Dark theme'] : ['sun', 'Light theme'];
    put(button, icon(name), hidden(text));
    button.dataset.tip = text;
  };
  label();
  addEventListener('themechange', label);
  return button;
}
