// Building elements. All text goes in as text nodes: nothing in this page parses data as HTML.

/** h('td', { class: 'num', 'data-label': 'n' }, 'text', node, …); null children are left out, on… properties become listeners. */
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return add(element, children);
}

/** Text of a model or a question: isolated, so that its writing direction stays its own; control and direction characters are made visible. */
function said(text) {
  if (text === null || text === undefined) return h('span', { class: 'soft' }, '–');
  const visible = text.replace(/[\u0000-\u0008\u000b-\u001f]/g, c => String.fromCharCode(0x2400 + c.charCodeAt(0))).replace(/\u007f/g, '\u2421')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, c => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase()}⟩`);
  return visible === '' ? h('span', { class: 'soft' }, '(empty)') : h('bdi', { class: 'said' }, visible);
}

/** Said text with its `code`. */
function coded(text) { return text.split(/(`[^`]+`)/).filter(Boolean).map(part => (/^`[^`]+`$/.test(part) ? h('code', {}, said(part.slice(1, -1))) : said(part))); }

/** The catalogue's own **bold**, *emphasis* and `code`. */
function prose(text) {
  return text.split(/(\*\*[^*]+\*\*|\*[^*\s][^*]*\*|`[^`]+`)/).map(part =>
    part.startsWith('**') && part.length > 4 ? h('strong', {}, part.slice(2, -2))
      : part.startsWith('*') && part.length > 2 ? h('em', {}, part.slice(1, -1))
        : part.startsWith('`') && part.length > 2 ? h('code', {}, part.slice(1, -1)) : part);
}

/** Four significant digits at most, no exponent where none is needed. */
function num(value) {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';   // never a minus before it
  if (size !== 0 && size < 0.0005) return value.toExponential(1).replace('-', '\u2212').replace('e\u2212', 'e\u2212');
  return (size >= 1000 ? value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',') : size >= 100 ? value.toFixed(1) : size >= 10 ? value.toFixed(2) : value.toFixed(3)).replace('-', '\u2212');
}

/** A share as per cent with its interval: "67.9 % [66.2, 69.6]". */
function percent(e) {
  const of = share => (100 * share).toFixed(1).replace(/^-(?=0\.0$)/, '').replace('-', '\u2212');
  return e.lo === null || e.lo === undefined ? `${of(e.v)} % (point)` : `${of(e.v)} % [${of(e.lo)}, ${of(e.hi)}]`;
}

function count(value) { return value.toLocaleString('en-US'); }

/** "0.912 [0.88, 0.94]", or the value with "no interval". */
function interval(e) { return e.lo === null || e.lo === undefined ? `${num(e.v)} (point)` : `${num(e.v)} [${num(e.lo)}, ${num(e.hi)}]`; }

/** Words of a name in snake or kebab case. */
function words(name) { return name.replace(/_/g, ' '); }

const SHAPES = { NonInferior: '✓', Regressed: '✗', Undecided: '?', NotMeasured: '○' };
const WORDS = { NotRun: 'Not run', NonInferior: 'Not worse', NotMeasured: 'Not measured' };

function verdict(word) { return h('span', { class: `verdict ${word}` }, SHAPES[word] ? h('span', { 'aria-hidden': 'true' }, `${SHAPES[word]} `) : null, WORDS[word] || word); }

function empty(text) { return h('p', { class: 'empty' }, text); }

/** A table that becomes cards on a phone. head: texts or { text, num, node: shown in place of the text }; rows: arrays of cells; the first cell of a row is its header. */
function table(head, rows, options = {}) {
  const columns = head.map(column => typeof column === 'string' ? { text: column } : column);
  return h('div', { class: 'scroll' }, h('table', { class: options.class || 'fold' },
    options.caption ? h('caption', {}, options.caption) : null,
    h('thead', {}, h('tr', {}, columns.map(column => h('th', { scope: 'col', class: column.num ? 'num' : null }, column.node || column.text)))),
    h('tbody', {}, rows.map(row => h('tr', {}, row.map((cell, i) => i === 0
      ? h('th', { scope: 'row' }, cell) : h('td', { 'data-label': columns[i].text, class: columns[i].num ? 'num' : null }, cell)))))));
}
