// Navigation inside the page. Pages call go; main.js registers what renders the new address.

let render = () => {};

// onNavigate sets the function that go calls after it has changed the address.
export function onNavigate(callback) {
  render = callback;
}

// go navigates to a URL of the page.
export function go(url, { replace = false } = {}) {
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  render();
}
