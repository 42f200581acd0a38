// The only module that creates elements. Data becomes text nodes; nothing is parsed as markup.

// h creates an HTML element: h('a', { href: '/', class: 'x', onclick: f, style: { width: '3%' } }, 'text', child)
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

// s creates an SVG element.
export function s(tag, props, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...present(children));
  return element;
}

// present flattens nested lists and drops null, undefined and false, so that callers can write `condition && child`.
const present = (children) => children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);

// put replaces the children of an element.
export function put(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

export function icon(name) {
  return s(
    'svg',
    { class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    s('use', { href: `/vendor/icons.svg#${name}` }),
  );
}

let tip;

// startTips shows the data-tip attribute of the element under the pointer or with keyboard focus.
export function startTips() {
  tip = h('div', { class: 'tip', role: 'tooltip', id: 'tip', hidden: true });
  document.body.append(tip);
  const tipped = (event) => event.target.closest?.('[data-tip]');
  document.addEventListener('pointerover', (e) => {
    const at = tipped(e);
    if (at) showTip(at.dataset.tip, at.getBoundingClientRect());
    else hideTip();
  });
  document.addEventListener('focusin', (e) => {
    const at = tipped(e);
    if (at && at.matches(':focus-visible')) showTip(at.dataset.tip, at.getBoundingClientRect());
  });
  document.addEventListener('focusout', hideTip);
  document.addEventListener('scroll', hideTip, { passive: true });
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') hideTip();
  });
}

// showTip places a text of one or more lines above or below a rectangle, inside the window.
export function showTip(text, box) {
  tip.textContent = text;
  tip.hidden = false;
  const size = tip.getBoundingClientRect();
  const centred = box.left + box.width / 2 - size.width / 2;
  const rightmost = document.documentElement.clientWidth - size.width - 6;
  const x = Math.max(6, Math.min(centred, rightmost));
  const above = box.top - size.height - 8;
  tip.style.setProperty('left', `${x}px`);
  tip.style.setProperty('top', `${above > 4 ? above : box.bottom + 8}px`);
}

export function hideTip() {
  tip.hidden = true;
}
