// What a reader has folded away, until it says something else.
const key = 'openhours-folded';
const most = 50; // the oldest are forgotten

// hash tells texts apart: 32 bits of FNV-1a.
function hash(text) {
  let n = 0x811c9dc5;
  for (const letter of text) n = Math.imul(n ^ letter.codePointAt(0), 0x01000193);
  return (n >>> 0).toString(36);
}

function stored() {
  try {
    const list = JSON.parse(localStorage.getItem(key));
    return Array.isArray(list) ? list : [];
  } catch {
    return []; // no storage, or something else wrote to it
  }
}

function store(list) {
  try {
    localStorage.setItem(key, JSON.stringify(list.slice(-most)));
  } catch {
    // without storage it comes back with the next page
  }
}

export const isFolded = (text) => stored().includes(hash(text));
export const fold = (text) => store([...stored(), hash(text)]);
export function unfold(texts) {
  const shown = texts.map(hash);
  store(stored().filter((one) => !shown.includes(one)));
}
