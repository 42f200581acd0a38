// Sets the theme before the first paint, so that no page flashes in another one: what the switch chose or, until it is
// used, what the system prefers. Paper is light. Other windows follow.
(() => {
  const root = document.documentElement.dataset;
  const system = matchMedia('(prefers-color-scheme: light)');
  const key = 'openhours-theme';
  let chosen = null;
  let isPrinting = false;

  const show = () => {
    const theme = isPrinting ? 'light' : (chosen ?? (system.matches ? 'light' : 'dark'));
    if (root.bsTheme === theme) return;
    root.bsTheme = theme;
    dispatchEvent(new Event('themechange'));
  };
  const choose = (theme) => {
    chosen = ['light', 'dark'].includes(theme) ? theme : null;
    show();
  };
  const print = (now) => {
    isPrinting = now;
    show();
  };

  try {
    choose(localStorage.getItem(key));
  } catch {
    show(); // without storage a choice lasts until the page is closed
  }
  system.addEventListener('change', show);
  addEventListener('storage', (event) => {
    if (event.key === key) choose(event.newValue);
  });
  addEventListener('themechosen', ({ detail }) => {
    try {
      localStorage.setItem(key, detail);
    } catch {
      // see above
    }
    choose(detail);
  });
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
})();
