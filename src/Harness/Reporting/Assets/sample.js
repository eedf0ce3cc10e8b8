// One sample in full, with the way to the next and the one before. Its address can be passed on.

const SAMPLE = { dialog: null, at: 0, list: [] };

/** Opens a sample; list is what the arrows lead through. */
function openSample(each, list = [each]) {
  SAMPLE.list = list;
  SAMPLE.at = Math.max(0, list.findIndex(other => other.s === each.s && other.i === each.i));
  if (!SAMPLE.dialog) {
    const dialog = SAMPLE.dialog = h('dialog', { 'aria-label': 'Sample' });
    dialog.addEventListener('close', () => { dialog.remove(); SAMPLE.dialog = null; remember(address().page || 'overview', { open: null }); });
    dialog.addEventListener('keydown', event => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (step === 0 || event.target.matches('input')) return;
      event.preventDefault();
      stepSample(step);
    });
    document.body.append(dialog);
    showSample();
    dialog.showModal();
  } else showSample();
}

function stepSample(step) {
  if (!SAMPLE.list[SAMPLE.at + step]) return;
  SAMPLE.at += step;
  showSample();
}

/** What the address names: SUBJECT/ID. Nothing where there is no such sample. */
function openFromAddress(query, list) {
  const wanted = query.get('open');
  if (!wanted) { if (SAMPLE.dialog) SAMPLE.dialog.close(); return; }
  const found = SUBJECTS.flatMap((subject, s) => (wanted.startsWith(`${subject.name}/`) ? [{ s, i: subject.samples.id.indexOf(wanted.slice(subject.name.length + 1)) }] : [])).find(each => each.i >= 0);
  if (found) openSample(found, list && list.some(each => each.s === found.s && each.i === found.i) ? list : undefined);
}

function showSample() {
  const { s, i } = SAMPLE.list[SAMPLE.at], subject = SUBJECTS[s], samples = subject.samples;
  remember(address().page || 'overview', { open: `${subject.name}/${samples.id[i]}` });
  const pair = (label, ...value) => [h('dt', {}, label), h('dd', {}, value)];
  const sampled = samples.sampled[i], answers = [];
  for (let k = 0; k < sampled.length; k += 2) answers.push(h('li', {}, `${sampled[k + 1]} × `, said(TEXTS[sampled[k]])));
  const button = (id, text, off, onclick) => h('button', { type: 'button', id, disabled: off, onclick }, text);
  const focused = document.activeElement && document.activeElement.id;
  const scores = Object.keys(samples.scores).filter(name => samples.scores[name][i] !== null);
  const list = names => h('dl', { class: 'pairs' }, names.map(name => pair(signal(name), num(samples.scores[name][i]))));
  const confident = scores.filter(name => CONFIDENCE.includes(name)), other = scores.filter(name => !CONFIDENCE.includes(name));
  SAMPLE.dialog.replaceChildren(h('div', { class: 'dialoghead' }, h('h2', {}, said(TEXTS[samples.question[i]])), h('div', { class: 'pager' }, h('span', { class: 'soft small nowrap' }, `${count(SAMPLE.at + 1)} of ${count(SAMPLE.list.length)}`),
    button('sample-previous', '←', !SAMPLE.list[SAMPLE.at - 1], () => stepSample(-1)), button('sample-next', '→', !SAMPLE.list[SAMPLE.at + 1], () => stepSample(1)), button('sample-close', 'Close', false, () => SAMPLE.dialog.close()))),
  h('div', { class: 'two' }, pictureWithMap(subject, i),
    h('div', {}, h('dl', { class: 'pairs' }, pair('Subject', said(subject.name)), pair('Answer', said(TEXTS[samples.answer[i]])), pair('Gold', said(TEXTS[samples.gold[i]])), pair('Label', verdict(TEXTS[samples.label[i]]), ' ', h('span', { class: 'small' }, said(TEXTS[samples.why[i]]))), pair('Kind', TEXTS[samples.kind[i]]),
      pair('Half', samples.split[i] === null ? 'no split' : TEXTS[samples.split[i]] === 'fit' ? 'fitting (probes were fitted on it, so it has no probe score)' : 'scored'), pair('Sampled answers', answers.length ? h('ul', {}, answers) : 'none'),
      pair('Picture', said(TEXTS[samples.image[i]])), pair('Id', said(samples.id[i]))),
    confident.length ? [h('h4', {}, 'Confidence (higher means more confident)'), list(confident)] : null,
    other.length ? [h('h4', {}, 'Attention and other measures (no direction is taken for granted)'), list(other)] : null,
    SUBJECTS.length > 1 ? [h('h4', {}, 'Other subjects'), h('ul', {}, SUBJECTS.filter(each => each !== subject).map(each => { const at = each.samples.id.indexOf(samples.id[i]); return h('li', {}, each.name, ': ', at < 0 ? 'not asked' : [said(TEXTS[each.samples.answer[at]]), ' ', verdict(TEXTS[each.samples.label[at]])]); }))] : null)));
  const back = focused && document.getElementById(focused);
  (back && !back.disabled ? back : document.getElementById('sample-close')).focus();
}

/** The picture as large as it is stored, the map over it as strongly as the slider says. */
function pictureWithMap(subject, i) {
  const map = mapOf(subject, i), shown = heat(subject, i, { size: 448, strength: map ? 0.5 : 0 });
  if (!map) return h('div', {}, shown, h('p', { class: 'small soft' }, `No attention map: ${subject.mapsMissing || 'none was stored for this sample'}.`));
  return h('div', {}, shown, strengthSlider('sample-strength', 0.5, () => [shown]), h('p', { class: 'small soft' }, `Attention of the last prompt token: ${map.height} × ${map.width} cells, the largest holds ${(100 * map.peak).toFixed(1)} %.`));
}

function strengthSlider(id, value, heats) {
  return h('label', { for: id, class: 'strength noprint' }, 'Map over the picture', h('input', { type: 'range', id, min: 0, max: 1, step: 0.05, value, oninput: event => { for (const each of heats()) each.repaint(Number(event.target.value)); } }));
}
