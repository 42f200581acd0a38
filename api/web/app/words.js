// The words beside numbers, with their explanations from the glossary of docs/definition.md: in a tooltip for pointers,
// keyboards and touch, and as a description for screen readers.
import { h, showTip } from './dom.js';
import { glossary } from './facts.js';

// explanation has the attributes that explain an element; none for a word that is not in the glossary.
export function explanation(word) {
  const text = glossary[word.toLowerCase()];
  if (!text) return {};
  const id = `word-${word.toLowerCase().replaceAll(' ', '-')}`;
  if (!document.getElementById(id)) document.body.append(h('p', { id, hidden: true }, text));
  return { 'data-tip': text, 'aria-describedby': id };
}

// term is a word that explains itself. Touch has no hover, and Enter brings back what Escape has closed.
export function term(text, word = text) {
  const onclick = ({ currentTarget: at }) => showTip(at.dataset.tip, at.getBoundingClientRect());
  return h('button', { type: 'button', class: 'term', ...explanation(word), onclick }, text);
}

// words explains the headings of a table that sort when they are pressed, or that narrow windows do not show.
export const words = (names, extra = '') =>
  h(
    'p',
    { class: `sub words ${extra}`.trim() },
    'Definitions: ',
    names.map((name, i) => [i > 0 && ', ', term(name.toLowerCase())]),
  );
