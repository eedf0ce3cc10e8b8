// The address names page, filters and opened question, so that a link leads a reader to what was seen: #questions?label=wrong&open=llava/world-17.

/** Names that pages had in reports of earlier versions: links to them still lead there. */
const FORMER = { samples: 'questions' };

/** { page, query } of the address. */
function address() {
  const hash = location.hash.slice(1), at = hash.indexOf('?');
  let page = '';
  try { page = decodeURIComponent(at < 0 ? hash : hash.slice(0, at)); } catch { page = ''; }
  return { page: FORMER[page] || page, query: new URLSearchParams(at < 0 ? '' : hash.slice(at + 1)) };
}

/** Changes parameters of the address without a step in the history; null and '' take one away. The page's own link keeps them, so that coming back finds them. */
function remember(page, changes) {
  const now = address();
  if ((now.page || 'overview') !== page) return;
  for (const [name, value] of Object.entries(changes)) if (value === null || value === '') now.query.delete(name); else now.query.set(name, value);
  now.query.sort();   // one address for one view
  const text = now.query.toString(), hash = `#${page}${text ? `?${text}` : ''}`;
  history.replaceState(null, '', hash);
  now.query.delete('open');
  for (const link of document.querySelectorAll('#nav a')) if (link.dataset.page === page) link.setAttribute('href', `#${page}${now.query.size ? `?${now.query}` : ''}`);
}
