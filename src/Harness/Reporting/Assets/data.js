// The data of the page and how the rest reads it. Rows of metrics.json come as arrays, texts by their number.

const DATA = JSON.parse(document.getElementById('data').textContent);
const TEXTS = DATA.texts;
const SUBJECTS = DATA.subjects;
const CLAIMS = DATA.claims;

function row(array) {
  const [claim, measure, kind, layer, arm, v, lo, hi, level, n, groups, method] = array;
  return { claim: TEXTS[claim], measure: TEXTS[measure], kind: TEXTS[kind], layer, arm: arm === null ? null : TEXTS[arm], v, lo, hi, level, n, groups, method: TEXTS[method] };
}

for (const subject of SUBJECTS) {
  subject.rows = subject.rows.map(row);
  for (const found of subject.verdicts) found.deciding = found.deciding.map(row);
  for (const curve of subject.roc) curve.row = curve.row && row(curve.row);
}
if (DATA.comparison) {
  DATA.comparison.rows = DATA.comparison.rows.map(row);
  DATA.comparison.split.deciding = DATA.comparison.split.deciding.map(row);
}

/** Rows of a subject: rows('hidden-state-probe', { measure: 'auroc', arm: 'l2' }); a value may be a function. */
function rowsOf(subject, claim, where = {}) {
  return subject.rows.filter(each => each.claim === claim && Object.entries(where).every(([name, wanted]) => typeof wanted === 'function' ? wanted(each[name]) : each[name] === wanted));
}

const BY_NAME = new Map(CLAIMS.map(claim => [claim.id, claim]));

/** What is judged over all subjects at once has a row of its own. */
function overAll(claim) { return claim.id === 'architecture-split' && DATA.comparison; }

/** Whether a claim's verdict is the ledger's, over all its subjects: { ok, text }, or null where there is no ledger. */
function asExpected(claim) {
  const checks = DATA.ledger.filter(check => check.claim === claim.id), of = outcome => checks.filter(check => check.outcome === outcome).length;
  if (checks.length === 0) return null;
  const [changed, fresh] = [of('Differs'), of('New')];
  return changed + fresh === 0 ? { ok: true, text: '✓' } : { ok: false, text: [changed ? `${changed} changed` : '', fresh ? `${fresh} new` : ''].filter(Boolean).join(', ') };
}

function ledgerOf(claim, subject) { return DATA.ledger.find(check => check.claim === claim && check.subject === subject); }

/** A subject's verdict on a claim; architecture-split is the comparison's where there is one. */
function verdictOf(claim, subject) {
  if (claim === 'architecture-split' && DATA.comparison) return DATA.comparison.split;
  return subject.verdicts.find(found => found.claim === claim);
}

/** All subjects have as many layers: then layers are shown as such, else as depths from 0 to 1. */
const SAME_LAYERS = SUBJECTS.every(subject => subject.layers === SUBJECTS[0].layers);

/** Names that are told apart in little room. */
function short(subject) { return subject.name; }

const SIGNALS = {
  probe: 'linear probe', fusion: 'fusion of all signals', self_consistency: 'self-consistency S_SC', self_consistency_closed_form: 'self-consistency, closed form',
  first_token_probability: 'first-token probability', first_token_entropy: 'first-token entropy (negative)', first_token_margin: 'first-token margin', p_tok: 'P_tok', p_tok_without_end: 'P_tok without end token',
  attention_entropy: 'attention entropy H_s', k_dbscan: 'C_k (k_dbscan)', k_components: 'C_k (k_components)', image_mass: 'attention on the image',
};
/** Signals that rise with confidence; of the others that is what the claims ask about, or they are known to run the other way. */
const CONFIDENCE = ['probe', 'fusion', 'self_consistency', 'self_consistency_closed_form', 'first_token_probability', 'first_token_entropy', 'first_token_margin', 'p_tok', 'p_tok_without_end'];
function signal(name) { return SIGNALS[name] || words(name); }
