// The ledger: what was expected of every claim and subject, what was found, and why; what differs comes first.

const WEIGHT = { Differs: 0, New: 1, AsExpected: 2 };

/** The figures: in full where they matter, folded where all is as expected. */
function foundBecause(check) {
  const text = [h('span', { class: 'small' }, coded(check.reason)), check.settle ? h('span', { class: 'claimtext' }, 'To decide it: ', coded(check.settle)) : null];
  return check.outcome === 'AsExpected' ? h('details', {}, h('summary', {}, 'figures'), text) : text;
}

function ledgerPage() {
  const place = check => CLAIMS.findIndex(claim => claim.id === check.claim);
  const checks = [...DATA.ledger].sort((a, b) => WEIGHT[a.outcome] - WEIGHT[b.outcome] || place(a) - place(b));
  const differing = checks.filter(check => check.outcome !== 'AsExpected').length;
  const state = check => (check.outcome === 'AsExpected' ? h('span', { class: 'soft' }, '✓') : h('span', { class: 'differs' }, check.outcome === 'New' ? 'new' : 'changed'));
  return h('div', {}, h('h2', {}, differing ? `${count(differing)} of ${count(checks.length)} verdicts differ from the ledger` : `All ${count(checks.length)} verdicts are as the ledger expects`),
    h('p', { class: 'soft small' }, 'The ledger holds the verdict that each claim is known to get for each subject, with the reason that was written down when it was accepted. A run that finds another one fails. “published”: taken from the study and not yet reproduced.'),
    table(['claim', 'subject', 'expected', 'found', 'as expected', 'reason in the ledger', 'found because'], checks.map(check => [h('a', { href: `#claim/${check.claim}` }, check.claim), said(check.subject === 'all' ? 'all subjects' : check.subject),
      check.expected ? verdict(check.expected) : h('span', { class: 'soft' }, 'no entry'), verdict(check.found), state(check), check.why ? [said(check.why), check.source === 'measured' ? null : h('span', { class: 'soft' }, ` (${check.source})`)] : '–',
      foundBecause(check)]), { class: 'fold ledger' }));
}
