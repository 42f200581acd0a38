// The contrast of what can be pressed, in the states that axe does not see: hovered, pressed and disabled.

// faint lists the buttons and links whose text has less contrast with its ground than 4.5 to 1 in any of its states.
export async function faint(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument', { depth: 0 });
  const selector = 'a, button, summary, .btn, .badge, label.link';
  const { nodeIds } = await session.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector });
  const found = [];
  for (const state of [[], ['hover'], ['hover', 'active']]) {
    const force = (nodeId) => session.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses: state });
    await Promise.all(nodeIds.map(force));
    const bad = await page.evaluate(measure, selector);
    found.push(...bad.map((text) => `${state.join(' and ') || 'at rest'}: ${text}`));
  }
  await session.detach();
  return [...new Set(found)];
}

function measure(selector) {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  // over paints a colour on another and returns what is seen, as red, green and blue
  const over = (colour, opacity, [r, g, b]) => {
    canvas.globalAlpha = 1;
    canvas.fillStyle = `rgb(${r} ${g} ${b})`;
    canvas.fillRect(0, 0, 1, 1);
    canvas.globalAlpha = opacity;
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const { backgroundColor, opacity } = getComputedStyle(element);
    return over(backgroundColor, Number(opacity), ground(element.parentElement));
  };
  const bad = [];
  for (const element of document.querySelectorAll(selector)) {
    if (!element.checkVisibility() || !(element.innerText.trim() || element.querySelector('svg'))) continue;
    const { color, opacity } = getComputedStyle(element);
    const behind = ground(element);
    const lights = [luminance(over(color, Number(opacity), behind)), luminance(behind)].sort((a, b) => b - a);
    const ratio = (lights[0] + 0.05) / (lights[1] + 0.05);
    if (ratio < 4.5) bad.push(`${element.innerText.trim()} (${element.className}) ${ratio.toFixed(2)}`);
  }
  return [...new Set(bad)];
}
