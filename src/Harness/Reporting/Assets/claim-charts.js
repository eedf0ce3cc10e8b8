// Which figures a claim's page shows. Every one is drawn from rows of metrics.json or from curves over samples.jsonl.

const CHART = {};

function layerAxis() {
  // A little room at both ends, so that marks of the first and last layer are whole.
  const last = SUBJECTS[0].layers - 1;
  return SAME_LAYERS ? { label: 'layer', min: -0.03 * last, max: 1.03 * last, at: steps(SUBJECTS[0].layers) } : { label: 'relative depth l / (L − 1)', min: -0.03, max: 1.03, at: [0, 0.2, 0.4, 0.6, 0.8, 1] };
}
function steps(layers) { const each = Math.max(1, Math.ceil(layers / 12)); return Array.from({ length: Math.ceil(layers / each) }, (_, i) => i * each); }
function depth(subject, layer) { return SAME_LAYERS ? layer : layer / Math.max(1, subject.layers - 1); }

/** A line per subject of a measure by layer. */
function byLayer(claim, where, options = {}) {
  return SUBJECTS.map((subject, i) => ({ label: subject.name, style: i, band: true, points: rowsOf(subject, claim, { layer: layer => layer !== null, ...where }).sort((a, b) => a.layer - b.layer)
    .map(each => ({ x: depth(subject, each.layer), y: each.v, lo: each.lo, hi: each.hi, n: each.n, what: `layer ${each.layer}` })), ...options }));
}

CHART.curve = curve => curve.x.map((x, i) => ({ x, y: curve.y[i] }));
CHART.area = curve => {
  const e = curve.row;
  return e ? `AUROC ${interval(e)}, n = ${count(e.n)}` : `AUROC ${num(curve.area)} (no interval in metrics.json), n = ${count(curve.n)}`;
};
const ROC_AXES = { x: { label: 'wrong answers ranked above (false positive rate)', min: 0, max: 1 }, y: { label: 'right answers ranked above', min: 0, max: 1 }, reference: [{ diagonal: true }] };

/** ROC of one signal, a line per subject. */
CHART.rocOf = (name, title) => chart({ ...ROC_AXES, title: title || `ROC of the ${signal(name)}`, table: false,
  caption: `${SUBJECTS.flatMap(subject => subject.roc.filter(curve => curve.signal === name).slice(0, 1).map(curve => curve.of)).slice(0, 1).join('')}; the label is "the answer was right".`,
  missing: `No subject has scores of the ${signal(name)} in samples.jsonl.`,
  series: SUBJECTS.map((subject, i) => ({ subject, i, curve: subject.roc.find(curve => curve.signal === name) })).filter(each => each.curve)
    .map(({ subject, i, curve }) => ({ label: subject.name, style: i, note: CHART.area(curve), points: CHART.curve(curve) })) });
CHART.probeRoc = () => CHART.rocOf('probe', 'ROC of the linear probe');

/** ROC of several signals, a chart per subject. */
CHART.rocs = names => SUBJECTS.map(subject => chart({ ...ROC_AXES, title: `ROC, ${subject.name}`, table: false,
  caption: `Probe and fusion are fitted, so they are drawn on the scored half; the other signals are not fitted and stand on all ${subject.roc.length ? subject.roc[subject.roc.length - 1].of : 'questions'}.${names.filter(name => !subject.roc.some(curve => curve.signal === name)).map(name => ` Missing: ${signal(name)} has no scores in samples.jsonl.`).join('')} Signals that rank alike lie on each other: over two answers, probability, entropy and margin do.`,
  missing: 'samples.jsonl has no scores, or answers of one class only.',
  series: names.map((name, i) => ({ i, curve: subject.roc.find(curve => curve.signal === name) })).filter(each => each.curve)
    .map(({ i, curve }) => ({ label: signal(curve.signal), style: i, note: CHART.area(curve), points: CHART.curve(curve) })) }));

CHART.aurocByLayer = () => {
  const inner = byLayer('hidden-state-probe', { measure: 'inner_auroc' });
  const held = SUBJECTS.map((subject, i) => ({ label: `${subject.name}, held out`, style: i, line: false, points: rowsOf(subject, 'hidden-state-probe', { measure: 'auroc', arm: 'l2' })
    .map(each => ({ x: depth(subject, each.layer), y: each.v, lo: each.lo, hi: each.hi, n: each.n, what: `layer ${each.layer}, held out` })) }));
  return chart({ title: 'Probe AUROC by layer', x: layerAxis(), y: { label: 'AUROC' }, series: [...inner.map(each => ({ ...each, label: `${each.label}, inner folds` })), ...held], reference: [{ y: 0.5, label: 'chance' }, { y: 0.95, label: 'claimed 0.95' }],
    caption: 'Lines: inner folds of the fitting half, by which the layer is chosen (points without intervals). Mark with a bar: the chosen layer, scored once on the other half, 95 % interval.' });
};
CHART.marginByLayer = () => chart({ title: 'Truth margin by layer (logit lens)', x: layerAxis(), y: { label: 'logit of truth minus competitor' }, series: byLayer('logit-lens', { measure: 'margin' }), reference: [{ y: 0 }],
  caption: 'Mean over questions with one gold token, read through the final norm and the head; bands: 95 %, images as units.' });
CHART.entropyByLayer = () => chart({ title: 'Attention entropy H_s by layer', x: layerAxis(), y: { label: 'H_s, nats' }, series: byLayer('attention-evolution', { measure: 'entropy' }),
  caption: 'Last prompt token to image tokens, mean over heads, renormalised; lower is sharper. Bands: 95 %, images as units. Grids of different size have different largest entropies.' });

/** Dose curves: top, bottom, random and norm-matched units, by subject and layer; zero ablation where the most was run, others by choice. */
CHART.dose = (options = {}) => SUBJECTS.flatMap(subject => {
  const all = rowsOf(subject, 'neuron-ablation', { measure: 'accuracy_change' }).map(each => { const part = /^([a-z]+)-([a-z]+)-([a-z]+)-(\d+)$/.exec(each.arm || ''); return part && { ...each, mode: part[1], positions: part[2], selection: part[3], k: Number(part[4]) }; }).filter(Boolean);
  const groups = new Map();
  for (const each of all) { const key = `${each.layer}|${each.mode}|${each.positions}`; if (!groups.has(key)) groups.set(key, []); groups.get(key).push(each); }
  const charts = [...groups.values()].filter(rows => new Set(rows.map(each => each.k)).size > 1)
    .filter(rows => !options.one || rows[0].layer === subject.studyLayer && rows[0].mode === 'zero' && rows[0].positions === (all.some(each => each.positions === 'last' && each.layer === subject.studyLayer) ? 'last' : 'all'))
    .map(rows => ({ rows, main: rows[0].mode === 'zero' })).sort((a, b) => b.main - a.main);
  if (charts.length === 0) return [chart({ title: `Dose curve, ${subject.name}`, x: { label: 'units switched off' }, y: { label: 'accuracy change' }, series: [], missing: `No ablation arms in metrics.json of ${subject.name}: the intervention stage has not run.` })];
  const drawn = charts.map(({ rows, main }) => {
    const one = oneDose(subject, rows);
    return { one, main };
  });
  const others = drawn.filter(each => !each.main).map(each => each.one);
  return [...drawn.filter(each => each.main).map(each => each.one), ...(others.length ? [h('details', { class: 'card' }, h('summary', {}, `${subject.name}: ${others.length} more dose curves, with other ablation modes`), others)] : [])];
});

function oneDose(subject, rows) {
    const first = rows[0], ks = [...new Set(rows.map(each => each.k))].sort((a, b) => a - b);
    return chart({ title: `${subject.name}, layer ${first.layer}${first.layer === subject.studyLayer ? ' (the study\u2019s depth)' : ''}: ${first.mode} ablation, ${first.positions === 'all' ? 'all positions' : 'last position'}`,
      x: { label: 'units switched off (log scale)', log: true, min: ks[0] * 0.8, max: ks[ks.length - 1] * 1.25, at: ks, ticks: value => String(value) }, y: { label: 'accuracy change, points', grace: '5%' }, reference: [{ y: 0 }, { y: -5, label: 'claimed: −5 points' }],
      caption: `Accuracy with the units off minus without, paired by question, 95 % (n = ${count(first.n)}). Random and norm-matched units: mean over draws.`,
      series: ['top', 'random', 'matched', 'bottom'].map((selection, i) => ({ label: { top: 'top units by the probe', bottom: 'bottom units', random: 'random units', matched: 'norm-matched random units' }[selection], style: i,
        points: rows.filter(each => each.selection === selection).sort((a, b) => a.k - b.k).map((each, k) => ({ x: each.k * (1 + 0.035 * (i - 1.5)), y: 100 * each.v, lo: each.lo === null ? null : 100 * each.lo, hi: each.hi === null ? null : 100 * each.hi, n: each.n, what: `${each.k} units` })) })) });
}

CHART.forests = (claim, build, options) => SUBJECTS.map(subject => h('figure', {}, h('h4', {}, subject.name), forest(build(subject), options)));

CHART.masking = () => [
  ...CHART.forests('attention-masking', subject => ['full', 'low', 'random', 'high'].flatMap(arm => rowsOf(subject, 'attention-masking', { measure: 'accuracy', arm, kind: 'all' })
    .map(e => ({ label: { full: 'FULL: nothing masked', high: 'HIGH: top 30 % attended patches masked (mean colour)', low: 'LOW: bottom 30 %', random: 'RANDOM: 30 % at random, mean over draws' }[arm], e }))), { unit: 'accuracy, %', scale: 100, caption: 'Accuracy by arm' }),
  ...CHART.forests('attention-masking', subject => rowsOf(subject, 'attention-masking', { measure: 'accuracy_difference', arm: arm => ['high-minus-full', 'high-minus-random', 'low', 'random'].includes(arm) })
    .map(e => ({ label: { 'high-minus-full': 'HIGH minus FULL', 'high-minus-random': 'HIGH minus RANDOM', low: 'LOW minus FULL', random: 'RANDOM minus FULL' }[e.arm], note: e.kind === 'all' ? null : `${e.kind} questions`, e })),
  { unit: 'points', scale: 100, zero: 0, inside: [-0.01, 0.01], caption: 'Paired differences; shaded: ±1 point, which counts as none' }),
];

CHART.risk = () => SUBJECTS.map(subject => chart({ title: `Risk and coverage, ${subject.name}`, table: false, x: { label: 'share of questions answered (most confident first)', min: 0, max: 1 }, y: { label: 'share wrong among them', min: 0 },
  caption: subject.risk.length ? `All lines on the same rows: ${subject.risk[0].of}, n = ${count(subject.risk[0].n)}. Lower is better; at 1 all lines meet at the error rate. AURC: the mean height.` : null,
  missing: 'samples.jsonl has no scores.',
  series: ['probe', 'fusion', 'self_consistency', 'first_token_probability', 'p_tok'].map((name, i) => ({ i, curve: subject.risk.find(curve => curve.signal === name) })).filter(each => each.curve)
    .map(({ i, curve }) => ({ label: signal(curve.signal), style: i, note: `AURC ${num(curve.area)}`, points: CHART.curve(curve) })) }));
CHART.reliability = () => chart({ title: 'Reliability of the first token\u2019s probability', x: { label: 'stated probability (mean of the bin)', min: 0, max: 1 }, y: { label: 'share right', min: 0, max: 1 }, reference: [{ diagonal: true }],
  caption: `Ten bins of equal width, all judged questions; bars: Wilson 95 %, rows as independent. Below the diagonal: over-confident. ${SUBJECTS.map(subject => ['brier', 'ece'].flatMap(measure => rowsOf(subject, 'confidence-baselines', { measure })).map(e => `${subject.name} ${e.measure === 'ece' ? 'ECE' : 'Brier'} ${num(e.v)}`).join(', ')).filter(Boolean).join('; ')}`,
  series: SUBJECTS.map((subject, i) => ({ label: subject.name, style: i, points: subject.reliability.map(([x, y, lo, hi, n]) => ({ x, y, lo, hi, n })) })) });

const KIND = e => (e.kind === 'within-kind' ? 'within kinds, pooled' : e.kind === 'all' ? 'all questions' : `${e.kind} questions`);

CHART.of = {
  'attention-sharpness': () => [h('div', { class: 'grid wide' }, CHART.forests('attention-sharpness', subject => rowsOf(subject, 'attention-sharpness', { layer: null, measure: name => /^r_pb/.test(name) && !/_i2$/.test(name) })
    .map(e => ({ label: words(e.measure).replace('r pb', 'R_pb'), note: [KIND(e), e.arm].filter(Boolean).join(', '), e })), { unit: 'correlation with "right"', zero: 0, inside: [-0.1, 0.1], caption: 'Shaded: ±0.1, which counts as none' })), h('div', { class: 'grid' },
  chart({ title: 'R_pb of H_s by layer', x: layerAxis(), y: { label: 'R_pb(H_s, right)' }, series: byLayer('attention-sharpness', { measure: 'r_pb_entropy' }), reference: [{ y: 0 }, { y: 0.1, label: '±0.1' }, { y: -0.1 }], caption: 'Fisher-z intervals, all questions.' })), comparisonForest('attention-sharpness')],
  'attention-heads': () => h('div', { class: 'grid wide' }, CHART.forests('attention-heads', subject => rowsOf(subject, 'attention-heads', { measure: 'r2_top_heads' }).map(e => ({ label: 'R² of the five best heads', note: KIND(e), e })), { unit: 'R², other images', zero: 0, caption: 'Claimed: below 0.02' })),
  'attention-classifier': () => h('div', { class: 'grid wide' }, CHART.forests('attention-classifier', subject => rowsOf(subject, 'attention-classifier', { measure: 'auroc' }).map(e => ({ label: words(e.arm || ''), note: KIND(e), e })), { unit: 'AUROC', zero: 0.5, inside: [0.45, 0.55], caption: 'Held out. Shaded: 0.5 ± 0.05, which counts as chance' })),
  'attention-masking': () => h('div', { class: 'grid wide' }, CHART.masking()),
  'attention-evolution': () => h('div', { class: 'grid' }, CHART.entropyByLayer(),
    chart({ title: 'Change of H_s from the layer before', x: layerAxis(), y: { label: 'ΔH_s, nats' }, series: byLayer('attention-evolution', { measure: 'delta_entropy', arm: null }), reference: [{ y: 0 }], caption: 'Bands: 95 %, images as units.' }),
    chart({ title: 'Attention on the image by layer', x: layerAxis(), y: { label: 'share of attention' }, series: byLayer('attention-evolution', { measure: 'image_mass' }), caption: 'Share of the last prompt token\u2019s attention that falls on image tokens.' })),
  'hidden-state-probe': () => [h('div', { class: 'grid' }, CHART.probeRoc(), CHART.aurocByLayer()), h('div', { class: 'grid wide' }, CHART.forests('hidden-state-probe', subject => rowsOf(subject, 'hidden-state-probe', { measure: 'auroc' })
    .map(e => ({ label: words(e.arm || ''), note: e.layer === null ? null : `layer ${e.layer}`, e })), { unit: 'AUROC', to: 1, zero: 0.5, caption: 'Variants, controls and shortcuts that need no model, all held out' })),
  h('div', { class: 'grid wide' }, CHART.forests('hidden-state-probe', subject => rowsOf(subject, 'hidden-state-probe', { measure: 'auroc_gain' }).map(e => ({ label: `over ${signal((e.arm || '').replace('over-', ''))}`, e })), { unit: 'AUROC gained', zero: 0, caption: 'Paired gain of the probe over each signal of one pass' }))],
  'sparse-probe': () => h('div', { class: 'grid wide' }, CHART.forests('sparse-probe', subject => rowsOf(subject, 'sparse-probe', { measure: name => name === 'auroc' || name === 'accuracy' }).map(e => ({ label: `${e.measure === 'auroc' ? 'AUROC' : 'accuracy'}, ${words(e.arm || '')}`, note: e.layer === null ? null : `layer ${e.layer}`, e })), { unit: 'held out', to: 1 }),
    CHART.forests('sparse-probe', subject => rowsOf(subject, 'sparse-probe', { measure: name => name === 'auroc_difference' || name === 'nonzero_share' }).map(e => ({ label: e.measure === 'nonzero_share' ? 'share of units with a weight' : 'AUROC, sparse minus L2', note: e.arm, e })), { zero: 0, caption: 'Claimed: a loss of at most 0.05 AUROC with at most 6 % of the units' })),
  'self-consistency': () => [h('div', { class: 'grid' }, CHART.rocs(['self_consistency', 'first_token_probability', 'first_token_entropy', 'first_token_margin', 'p_tok'])), h('div', { class: 'grid wide' }, CHART.forests('self-consistency', subject => rowsOf(subject, 'self-consistency', { measure: 'auroc_difference' })
    .map(e => ({ label: `S_SC minus ${signal((e.arm || '').replace('s_sc-minus-', ''))}`, e })), { unit: 'AUROC', zero: 0, caption: 'Paired, within kinds' }),
  CHART.forests('self-consistency', subject => rowsOf(subject, 'self-consistency', { measure: name => name === 'auroc' || name === 'precision_at_1' || name === 'r_pb' || name === 'share_unanimous' }).map(e => ({ label: words(e.measure), note: [KIND(e), e.arm].filter(Boolean).join(', '), e })), { to: 1 }))],
  'confidence-baselines': () => [h('div', { class: 'grid' }, CHART.reliability(), CHART.risk(), CHART.rocs(['first_token_probability', 'first_token_entropy', 'first_token_margin', 'p_tok', 'p_tok_without_end'])), h('div', { class: 'grid wide' }, CHART.forests('confidence-baselines', subject => rowsOf(subject, 'confidence-baselines', { measure: name => name.startsWith('auroc_') })
    .map(e => ({ label: signal(e.measure.slice(6)), note: [KIND(e), e.arm].filter(Boolean).join(', '), e })), { unit: 'AUROC', zero: 0.5, inside: [0.45, 0.55], caption: 'Shaded: 0.5 ± 0.05, which counts as chance' }))],
  'neuron-ablation': () => [h('div', { class: 'grid' }, CHART.dose()), h('div', { class: 'grid wide' }, CHART.forests('neuron-ablation', subject => rowsOf(subject, 'neuron-ablation', { measure: name => name === 'top5_loss' || name === 'top5_excess_over_random' })
    .map(e => ({ label: e.measure === 'top5_loss' ? 'top 5 off' : 'top 5 minus random 5', note: `layer ${e.layer}, ${KIND(e)}`, e })), { unit: 'points of accuracy', scale: 100, zero: 0, caption: 'Claimed: below −5 points, and below random units' }))],
  'layer-destruction': () => [h('div', { class: 'grid wide' }, CHART.forests('layer-destruction', subject => rowsOf(subject, 'layer-destruction', { measure: name => /_half$/.test(name) }).map(e => ({ label: `${words(e.measure)} off`, note: `layer ${e.layer}${e.layer === subject.studyLayer ? ' (the study\u2019s depth)' : ''}`, e })),
    { unit: 'points of accuracy', scale: 100, zero: 0, inside: [-0.01, 0.01], caption: 'Claimed: entirely above −1 point' })), h('h4', {}, 'Dose curves'), h('div', { class: 'grid' }, CHART.dose({ one: true }))],
  'logit-lens': () => h('div', { class: 'grid' }, CHART.marginByLayer(), ...['mlp_attribution', 'attention_attribution', 'margin_minus_grey'].map(measure => chart({ title: { mlp_attribution: 'Direct logit attribution of the MLP by layer', attention_attribution: 'Direct logit attribution of attention by layer', margin_minus_grey: 'Margin minus that of a grey image' }[measure], x: layerAxis(), y: { label: 'logits' },
    series: byLayer('logit-lens', { measure }), reference: [{ y: 0 }], caption: 'Bands: 95 %, images as units.', missing: measure === 'margin_minus_grey' ? 'Not traced: `vrp trace --grey-lens` adds it.' : undefined })),
  CHART.forests('logit-lens', subject => rowsOf(subject, 'logit-lens', { measure: name => name === 'mlp_share' || name === 'peak_depth' }).map(e => ({ label: e.measure === 'mlp_share' ? 'MLPs\u2019 share of attribution' : 'relative depth of the peak', e })), { from: 0, to: 1, caption: 'Claimed: share above 0.5, depth above two thirds' })),
  fusion: () => [h('div', { class: 'grid' }, CHART.rocs(['probe', 'fusion', 'self_consistency', 'first_token_probability', 'p_tok'])), h('div', { class: 'grid wide' }, CHART.forests('fusion', subject => rowsOf(subject, 'fusion', { measure: name => name === 'auroc' || name === 'auroc_gain' }).map(e => ({ label: e.measure === 'auroc' ? `AUROC, ${e.arm}` : 'AUROC gained over the probe', e })), { zero: 0 }),
    CHART.forests('fusion', subject => rowsOf(subject, 'fusion', { measure: 'weight' }).map(e => ({ label: e.arm === 's_sc' ? 'self-consistency S_SC' : signal(e.arm), e })), { unit: 'weight per standard deviation', zero: 0, caption: 'Weights of the signals (points)' }))],
  'architecture-split': () => [comparisonForest('architecture-split', 'excess_difference'), h('h4', {}, 'Dose curves at the study\u2019s depth'), h('div', { class: 'grid' }, CHART.dose({ one: true }))],
};

function comparisonForest(claim, measure) {
  if (!DATA.comparison) return SUBJECTS.length > 1 ? empty('The subjects were not compared in this report.') : null;
  const rows = DATA.comparison.rows.filter(each => each.claim === claim && !/_i2$/.test(each.measure) && (!measure || each.measure === measure));
  if (rows.length === 0) return null;
  return h('figure', {}, h('h4', {}, 'Over all subjects'), forest(rows.map(e => ({ label: words(e.measure), note: [e.arm, KIND(e)].filter(Boolean).join(', '), e })), claim === 'attention-sharpness' ? { zero: 0, inside: [-0.1, 0.1], unit: 'correlation' } : { zero: 0, scale: 100, unit: 'points', inside: [-0.01, 0.01] }));
}
