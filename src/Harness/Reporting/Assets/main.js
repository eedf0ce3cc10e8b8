// Pages and the way between them: the hash names one, the browser's history works. A page is built when it is first opened, and all are before printing.

// What a report has nothing for has no page. Questions and attention maps are for looking around in: paper does without them.
const PAGES = [
  { id: 'overview', name: 'Overview', build: overview },
  DATA.gate ? { id: 'gate', name: 'Metrics and flips', build: gatePage } : null,
  DATA.ledger.length ? { id: 'ledger', name: 'Ledger', build: ledgerPage } : null,
  DATA.history.length ? { id: 'history', name: 'History', build: historyPage } : null,
  ...CLAIMS.map(claim => ({ id: `claim/${claim.id}`, name: claim.id, claim: true, build: () => claimPage(claim) })),
  { id: 'questions', name: 'Questions', build: questionBrowser, screen: true },
  { id: 'attention', name: 'Attention', build: attentionPage, screen: true },
  { id: 'facts', name: 'Run facts', build: factsPage },
].filter(Boolean);

function openPage(page) {
  if (!page.element) {
    page.content = page.build();
    page.element = h('section', { class: `page${page.claim ? ' claim' : ''}`, 'data-page': page.id }, page.content);
    // In the order of PAGES, whatever was opened first: paper has them so.
    const after = PAGES.slice(PAGES.indexOf(page) + 1).find(other => other.element);
    document.getElementById('main').insertBefore(page.element, after ? after.element : null);
  }
  return page.element;
}

function route(initial) {
  const { page: wanted, query } = address();
  const page = PAGES.find(each => each.id === wanted) || PAGES[0];
  openPage(page);
  for (const each of PAGES) if (each.element) each.element.hidden = each !== page;
  for (const link of document.querySelectorAll('#nav a')) {
    const here = link.dataset.page === page.id || (page.claim && link.dataset.page === 'overview');
    if (here) link.setAttribute('aria-current', page.claim ? 'true' : 'page'); else link.removeAttribute('aria-current');
  }
  if (page.content.apply) page.content.apply(query);
  // The first page is short: all of it is drawn at once, so that a capture of the whole page is whole.
  if (page === PAGES[0]) for (const canvas of page.element.querySelectorAll('.plot canvas')) canvas.entry.draw();
  if (initial !== true) { scrollTo(0, 0); document.getElementById('main').focus({ preventScroll: true }); }
  openFromAddress(query, page.content.rows && page.content.rows());
}

document.getElementById('title').textContent = DATA.title;
document.getElementById('skip').addEventListener('click', event => { event.preventDefault(); document.getElementById('main').focus(); });
add(document.getElementById('nav'), PAGES.filter(page => !page.claim).map(page => h('a', { href: `#${page.id}`, 'data-page': page.id }, page.name)));
document.querySelectorAll('noscript').forEach(element => element.remove());
THEME.label();
addEventListener('hashchange', route);
route(true);

// Paper gets every page that reads as text, in light colours, with every chart drawn at a size that reads well there.
addEventListener('beforeprint', () => {
  THEME.before = document.documentElement.dataset.theme;
  THEME.printing = true;
  document.documentElement.dataset.theme = 'light';
  document.documentElement.dataset.printing = 'true';
  for (const page of PAGES) if (!page.screen) { openPage(page); page.element.hidden = false; } else if (page.element) page.element.hidden = true;
  for (const entry of CHARTS) { entry.draw(); entry.redraw(); }
});
addEventListener('afterprint', () => {
  THEME.printing = false;
  delete document.documentElement.dataset.printing;
  if (THEME.before) document.documentElement.dataset.theme = THEME.before; else delete document.documentElement.dataset.theme;
  route(true);
  THEME.changed();
});
document.documentElement.dataset.ready = 'true';
