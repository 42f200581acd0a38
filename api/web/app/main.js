// Entry point: maps paths to pages, and follows links without reloading.
import * as api from './api.js';
import { watchConnection } from './connection.js';
import { h, hideTip, put, startTips } from './dom.js';
import { failure, heading, loading, startClocks } from './parts.js';
import { fitOnPaper } from './print.js';
import { go, onNavigate } from './router.js';
import { askForToken, loadSession, mayRead, session } from './session.js';
import { drawSession, markNavigation, topbar } from './topbar.js';

const routes = [
  [/^\/$/, () => import('./overview.js'), 'Overview'],
  [/^\/reports$/, () => import('./reports.js'), 'Reports'],
  [/^\/reports\/([^/]+)$/, () => import('./report.js'), 'Report'],
  [/^\/reports\/([^/]+)\/stores$/, () => import('./stores.js'), 'Stores'],
  [/^\/reports\/([^/]+)\/stores\/([^/]+)$/, () => import('./store.js'), 'Store'],
  [/^\/reports\/([^/]+)\/store$/, () => import('./store.js'), 'Store'],
  [/^\/reports\/([^/]+)\/compare\/([^/]+)$/, () => import('./compare.js'), 'Compare reports'],
  [/^\/data$/, () => import('./data.js'), 'Data'],
];

const main = document.getElementById('main');
let leave = new AbortController();
let isFirstPage = true;

// show renders the page of the current address and aborts the requests of the page before it.
async function show(moved) {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  hideTip();
  const path = location.pathname.replace(/(.)\/+$/, '$1');
  markNavigation(path);
  const found = match(path);
  setTitle(found?.title ?? 'Page not found');
  if (!found) {
    put(main, heading('Page not found'), h('p', {}, `There is no page at ${path}.`), elsewhere());
    return;
  }
  if (!mayRead()) {
    signInFirst();
    return;
  }
  if (moved) {
    put(main, loading('Loading …'));
    scrollTo(0, 0);
  }
  try {
    const page = await found.load().catch(moduleMissing);
    if (signal.aborted) return;
    await page.show(main, {
      args: found.args,
      query: new URLSearchParams(location.search),
      signal,
      title: setTitle,
    });
    // in a new window focus stays at the top, so that Tab reaches the skip link first
    if (moved && !isFirstPage && !signal.aborted) main.querySelector('h1')?.focus({ preventScroll: true });
    isFirstPage = false;
  } catch (error) {
    if (error.name === 'AbortError' || signal.aborted) return;
    if (!(error instanceof api.ApiError || error instanceof api.Unreachable)) console.error(error);
    // retrying does not help after a 4xx
    if (error.status && error.status < 500) {
      put(main, heading(found.title), failure(error), elsewhere(location.search && path));
    } else put(main, heading(found.title), failure(error, retry));
  }
}

function signInFirst() {
  const button = h('button', { type: 'button', class: 'btn btn-primary', onclick: askForToken }, 'Sign in');
  put(main, heading('Sign in'), h('p', {}, 'This server shows its reports to those who have a token.'), button);
  askForToken();
}

// match returns the route of a path with its decoded arguments, or null.
function match(path) {
  for (const [pattern, load, title] of routes) {
    const parts = pattern.exec(path);
    if (!parts) continue;
    try {
      return { load, title, args: parts.slice(1).map(decodeURIComponent) };
    } catch {
      return null; // malformed escapes
    }
  }
  return null;
}

// elsewhere links to pages that work; bare is the path without its query, if it had one.
const elsewhere = (bare) =>
  h(
    'p',
    {},
    bare ? [h('a', { href: bare }, 'This page without its query parameters'), ' · '] : null,
    h('a', { href: '/' }, 'Overview'),
    ' · ',
    h('a', { href: '/reports' }, 'Reports'),
  );

// moduleMissing handles a page module that did not load. Some browsers never request a failed module again, so that
// only a reload helps.
let mustReload = false;
async function moduleMissing(error) {
  mustReload = true;
  await api.health(); // throws Unreachable if the server is down
  throw error;
}

const retry = () => (mustReload ? location.reload() : show(true));

function setTitle(text) {
  document.title = `${text} · openhours`;
}

// retryFailed repeats what failed while the server was down. Forms and uploads are left to the user.
function retryFailed() {
  for (const failed of main.querySelectorAll('[data-failed]')) {
    if (failed.closest('form, .upload')) continue;
    const button = failed.querySelector('.again');
    if (!button) {
      retry();
      return;
    }
    button.click();
  }
}

// followLink handles clicks on links inside the page.
function followLink(event) {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || link.target) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname) {
    event.preventDefault(); // the skip link: moves focus without a history entry
    document.querySelector(link.hash)?.focus();
    return;
  }
  if (link.protocol === 'blob:' || !routes.some(([pattern]) => pattern.test(link.pathname))) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

document.addEventListener('click', followLink);
addEventListener('popstate', () => show(true));
onNavigate(() => show(true));
watchConnection(retryFailed);
api.connection.addEventListener('token', () => loadSession().then(askForToken, () => {}));
session.addEventListener('change', () => {
  drawSession();
  show(true);
});
topbar();
startTips();
startClocks();
fitOnPaper();
await loadSession().catch(() => {}); // the first page says that the server does not answer
drawSession();
show(true);
