// The frame of the page: navigation, theme, token, connection; each path has its module.
import * as api from './api.js';
import { h, icon, put, startTips, hideTip } from './dom.js';
import { failure, heading, loading, redraw } from './parts.js';

const routes = [
  [/^\/$/, () => import('./overview.js'), 'Overview'],
  [/^\/reports$/, () => import('./reports.js'), 'Reports'],
  [/^\/reports\/([^/]+)$/, () => import('./report.js'), 'Report'],
  [/^\/reports\/([^/]+)\/stores$/, () => import('./stores.js'), 'Stores'],
  [/^\/reports\/([^/]+)\/stores\/([^/]+)$/, () => import('./store.js'), 'Store'],
  [/^\/reports\/([^/]+)\/compare\/([^/]+)$/, () => import('./compare.js'), 'Compare reports'],
  [/^\/data$/, () => import('./data.js'), 'Data'],
];

const main = document.getElementById('main');
const banner = document.getElementById('banner');
let leave = new AbortController();

// go shows another path; what the page before still waited for is given up.
export function go(url, { replace = false } = {}) {
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  show(true);
}

let first = true;
async function show(moved) {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  hideTip();
  const path = location.pathname.replace(/(.)\/+$/, '$1');
  markNavigation(path);
  const found = routes
    .map(([pattern, load, title]) => ({ match: pattern.exec(path), load, title }))
    .find((r) => r.match);
  const args = found && decoded(found.match.slice(1));
  if (!args) {
    document.title = 'No such page · openhours';
    put(main, heading('No such page'), h('p', {}, `Nothing is at ${path}.`), elsewhere());
    return;
  }
  document.title = `${found.title} · openhours`;
  if (moved) {
    put(main, loading('Reading …'));
    scrollTo(0, 0);
  }
  try {
    const page = await found.load().catch(unloaded);
    if (signal.aborted) return;
    await page.show(main, { args, query: new URLSearchParams(location.search), signal, title: setTitle });
    if (moved && !first && !signal.aborted) main.querySelector('h1')?.focus({ preventScroll: true }); // a new window begins with the link that skips
    first = false;
  } catch (error) {
    if (error.name === 'AbortError' || signal.aborted) return;
    if (!(error instanceof api.ApiError || error instanceof api.Unreachable)) console.error(error);
    // what the server refuses it refuses again: another page helps
    if (error.status && error.status < 500)
      put(main, heading(found.title), failure(error), elsewhere(location.search && path));
    else put(main, heading(found.title), failure(error, again));
  }
}

// decoded is null where an address is not well formed.
function decoded(parts) {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return null;
  }
}

const elsewhere = (whole) =>
  h(
    'p',
    {},
    whole ? [h('a', { href: whole }, 'This page without what stands after the “?”'), ' · '] : null,
    h('a', { href: '/' }, 'Overview'),
    ' · ',
    h('a', { href: '/reports' }, 'Reports'),
  );

// unloaded says of a module that did not come whether the server is away. Some browsers do not ask for
// a module twice: only a new page does.
let reload = false;
async function unloaded(error) {
  reload = true;
  await api.health();
  throw error;
}

const again = () => (reload ? location.reload() : show(true));

const setTitle = (text) => {
  document.title = `${text} · openhours`;
};

function markNavigation(path) {
  for (const link of document.querySelectorAll('#topbar nav a')) {
    const here = link.pathname === '/' ? path === '/' : path.startsWith(link.pathname);
    link.classList.toggle('active', here);
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function topbar() {
  const theme = h('button', {
    class: 'btn btn-sm btn-link plain',
    type: 'button',
    onclick: () => setTheme(light() ? 'dark' : 'light'),
  });
  const light = () => document.documentElement.dataset.bsTheme === 'light';
  const label = () => {
    put(
      theme,
      icon(light() ? 'moon' : 'sun'),
      h('span', { class: 'visually-hidden' }, light() ? 'Dark theme' : 'Light theme'),
    );
    theme.dataset.tip = light() ? 'Dark theme' : 'Light theme';
  };
  const setTheme = (name) => {
    document.documentElement.dataset.bsTheme = name;
    try {
      localStorage.setItem('openhours-theme', name);
    } catch {
      /* then it lasts until the page goes */
    }
    label();
    dispatchEvent(new Event('themechange'));
  };
  label();
  let shown; // paper is white
  addEventListener('beforeprint', () => {
    shown = document.documentElement.dataset.bsTheme;
    document.documentElement.dataset.bsTheme = 'light';
  });
  addEventListener('afterprint', () => {
    document.documentElement.dataset.bsTheme = shown;
  });
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
    h(
      'a',
      { class: 'btn btn-sm btn-link plain', href: '/docs', 'data-tip': 'The API' },
      icon('book'),
      h('span', { class: 'visually-hidden' }, 'The API'),
    ),
    theme,
  );
}

// follow takes links inside the page, and downloads where a token has to go with them.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (
    !link ||
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey ||
    link.target
  )
    return;
  if (link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname) {
    // the link that skips; a new fragment would be a step of the history
    event.preventDefault();
    document.querySelector(link.hash)?.focus();
    return;
  }
  if (link.pathname.startsWith('/api/')) {
    if (!api.hasToken()) return;
    event.preventDefault();
    link.classList.add('disabled');
    api
      .download(link.pathname + link.search)
      .catch((error) => say(failure(error)))
      .finally(() => link.classList.remove('disabled'));
    return;
  }
  if (link.protocol === 'blob:' || !routes.some(([pattern]) => pattern.test(link.pathname))) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
addEventListener('popstate', () => show(true));

function say(...content) {
  put(banner, ...content);
}

// A server that goes away is said so, and asked again until it is back.
let asking;
api.connection.addEventListener('lost', () => {
  say(
    h(
      'div',
      { class: 'alert alert-warning lost', role: 'status' },
      icon('plug-circle-xmark'),
      ' The server does not answer. What is shown may be old; the page asks again every two seconds.',
    ),
  );
  clearInterval(asking);
  asking = setInterval(() => api.health().catch(() => {}), 2000);
});
api.connection.addEventListener('back', () => {
  clearInterval(asking);
  say(h('div', { class: 'alert alert-success lost', role: 'status' }, icon('circle-check'), ' The server is back.'));
  setTimeout(() => {
    if (banner.querySelector('.alert-success')) say();
  }, 4000);
  for (const failed of main.querySelectorAll('[data-failed]')) {
    if (failed.closest('form, .upload')) continue; // what was filled in stays; it is sent by who filled it in
    const button = failed.querySelector('.again');
    if (!button) {
      again();
      return;
    }
    button.click();
  }
});

// A server with tokens is asked with one; it stays in this tab.
let asked = false;
api.connection.addEventListener('token', () => {
  if (asked) return;
  asked = true;
  const input = h('input', {
    class: 'form-control',
    type: 'password',
    id: 'token',
    required: true,
    autocomplete: 'current-password',
  });
  const dialog = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'token-title' },
    h(
      'form',
      {
        method: 'dialog',
        onsubmit: () => {
          api.setToken(input.value.trim());
        },
      },
      h('h2', { id: 'token-title', class: 'h5' }, icon('key'), ' This server asks for a token'),
      h(
        'p',
        { class: 'text-body-secondary' },
        api.hasToken() ? 'The token that was given is not one of this server. ' : '',
        'Ask whoever runs it for one. It is kept in this tab only.',
      ),
      h('label', { class: 'form-label', for: 'token' }, 'Token'),
      input,
      h('button', { class: 'btn btn-primary mt-3', type: 'submit' }, 'Go on'),
    ),
  );
  dialog.addEventListener('close', () => {
    asked = false;
    dialog.remove();
    if (api.hasToken()) show(true);
  });
  document.body.append(dialog);
  dialog.showModal();
});

topbar();
startTips();
setInterval(redraw, 30_000);
show(true);
