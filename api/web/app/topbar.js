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
    menu(
      h(
        'a',
        { class: 'btn btn-sm btn-link plain', href: '/docs', 'data-tip': 'API reference' },
        icon('book'),
        label('API'),
      ),
      h('span', { id: 'session' }),
      zoneChooser(),
      themeSwitch(),
    ),
  );
}

// menu shows its items in the bar or, on phones, below a button.
function menu(...items) {
  const list = h('div', { class: 'tools', id: 'tools' }, items);
  const props = { type: 'button', class: 'btn btn-sm btn-link plain more', 'aria-controls': 'tools' };
  const button = h('button', { ...props, 'aria-expanded': 'false' }, icon('bars'), hidden('Menu'));
  const isOpen = () => button.getAttribute('aria-expanded') === 'true';
  const show = (open) => {
    button.setAttribute('aria-expanded', String(open));
    list.classList.toggle('open', open);
  };
  button.addEventListener('click', () => show(!isOpen()));
  const isInside = (element) => button.contains(element) || list.contains(element);
  document.addEventListener('click', ({ target }) => isInside(target) || show(false));
  list.addEventListener('focusout', ({ relatedTarget: to }) => to && !isInside(to) && show(false));
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !isOpen()) return;
    if (list.contains(document.activeElement)) button.focus();
    show(false);
  });
  return [button, list];
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
    label(text),
  );
}

function zoneChooser() {
  const onchange = (event) => choose(event.target.value);
  const about = { 'aria-label': 'Times in', 'data-tip': 'the zone of times; a store’s page uses the store’s own' };
  return h(
    'select',
    { class: 'form-select form-select-sm zone', ...about, onchange },
    choices().map(([value, text]) => h('option', { value, selected: value === chosen() }, text)),
  );
}

const hidden = (text) => h('span', { class: 'visually-hidden' }, text);
const label = (text) => h('span', { class: 'visually-hidden tool-label' }, text); // shown in the menu alone

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
  const draw = () => {
    const [name, text] = other() === 'dark' ? ['moon', 'Dark theme'] : ['sun', 'Light theme'];
    put(button, icon(name), label(text));
    button.dataset.tip = text;
  };
  draw();
  addEventListener('themechange', draw);
  return button;
}
