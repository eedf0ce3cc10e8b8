// Pages and the way between them: the hash names one, the browser's history works. A page is built when it is first opened, and all are before printing.

const PAGES = [
  { id: 'overview', name: 'Overview', build: overview },
  ...CLAIMS.map(claim => ({ id: `claim/${claim.id}`, name: claim.id, claim: true, build: () => claimPage(claim) })),
  { id: 'samples', name: 'Samples', build: sampleBrowser },
  { id: 'attention', name: 'Attention', build: attentionPage },
  { id: 'gate', name: DATA.gate ? `Gate and flips` : 'Gate', build: gatePage },
  { id: 'facts', name: 'Run facts', build: factsPage },
];

function openPage(page) {
  if (!page.element) {
    page.element = h('section', { class: `page${page.claim ? ' claim' : ''}`, 'data-page': page.id }, page.build());
    // In the order of PAGES, whatever was opened first: paper has them so.
    const after = PAGES.slice(PAGES.indexOf(page) + 1).find(other => other.element);
    document.getElementById('main').insertBefore(page.element, after ? after.element : null);
  }
  return page.element;
}

function route(initial) {
  let wanted = '';
  try { wanted = decodeURIComponent(location.hash.slice(1)); } catch { wanted = ''; }
  const page = PAGES.find(each => each.id === wanted) || PAGES[0];
  openPage(page);
  for (const each of PAGES) if (each.element) each.element.hidden = each !== page;
  for (const link of document.querySelectorAll('#nav a')) {
    const here = link.hash === `#${page.id}` || (page.claim && link.hash === '#overview');
    if (here) link.setAttribute('aria-current', page.claim ? 'true' : 'page'); else link.removeAttribute('aria-current');
  }
  if (initial !== true) { scrollTo(0, 0); document.getElementById('main').focus({ preventScroll: true }); }
}

document.getElementById('title').textContent = DATA.title;
document.getElementById('skip').addEventListener('click', event => { event.preventDefault(); document.getElementById('main').focus(); });
add(document.getElementById('nav'), PAGES.filter(page => !page.claim).map(page => h('a', { href: `#${page.id}` }, page.name)));
document.querySelectorAll('noscript').forEach(element => element.remove());
THEME.label();
addEventListener('hashchange', route);
route(true);

// Paper gets every page, in light colours, with every chart drawn at a size that reads well there.
addEventListener('beforeprint', () => {
  THEME.before = document.documentElement.dataset.theme;
  THEME.printing = true;
  document.documentElement.dataset.theme = 'light';
  document.documentElement.dataset.printing = 'true';
  for (const page of PAGES) { openPage(page); page.element.hidden = false; }
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
