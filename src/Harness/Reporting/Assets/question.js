// One question in full, with the way to the next and the one before. Its address can be passed on.

const OPEN = { dialog: null, at: 0, list: [] };

/** Opens a question; list is what the arrows lead through. */
function openQuestion(each, list = [each]) {
  OPEN.list = list;
  OPEN.at = Math.max(0, list.findIndex(other => other.s === each.s && other.i === each.i));
  if (!OPEN.dialog) {
    const dialog = OPEN.dialog = h('dialog', { 'aria-label': 'Question' });
    dialog.addEventListener('close', () => { dialog.remove(); OPEN.dialog = null; remember(address().page || 'overview', { open: null }); });
    dialog.addEventListener('keydown', event => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (step === 0 || event.target.matches('input')) return;
      event.preventDefault();
      stepQuestion(step);
    });
    document.body.append(dialog);
    showQuestion();
    dialog.showModal();
    document.getElementById('question-close').focus();
  } else showQuestion();
}

function stepQuestion(step) {
  if (!OPEN.list[OPEN.at + step]) return;
  OPEN.at += step;
  showQuestion();
}

/** What the address names: SUBJECT/ID. Nothing where there is no such question. */
function openFromAddress(query, list) {
  const wanted = query.get('open');
  if (!wanted) { if (OPEN.dialog) OPEN.dialog.close(); return; }
  const found = SUBJECTS.flatMap((subject, s) => (wanted.startsWith(`${subject.name}/`) ? [{ s, i: subject.questions.id.indexOf(wanted.slice(subject.name.length + 1)) }] : [])).find(each => each.i >= 0);
  if (found) openQuestion(found, list && list.some(each => each.s === found.s && each.i === found.i) ? list : undefined);
}

function showQuestion() {
  const { s, i } = OPEN.list[OPEN.at], subject = SUBJECTS[s], questions = subject.questions;
  remember(address().page || 'overview', { open: `${subject.name}/${questions.id[i]}` });
  const pair = (label, ...value) => [h('dt', {}, label), h('dd', {}, value)];
  const sampled = questions.sampled[i], answers = [];
  for (let k = 0; k < sampled.length; k += 2) answers.push(h('li', {}, `${sampled[k + 1]} × `, said(TEXTS[sampled[k]])));
  const button = (id, text, off, onclick) => h('button', { type: 'button', id, disabled: off, onclick }, text);
  const focused = document.activeElement && document.activeElement.id;
  const scores = Object.keys(questions.scores).filter(name => questions.scores[name][i] !== null);
  const list = names => h('dl', { class: 'pairs' }, names.map(name => pair(signal(name), num(questions.scores[name][i]))));
  const confident = scores.filter(name => CONFIDENCE.includes(name)), other = scores.filter(name => !CONFIDENCE.includes(name));
  OPEN.dialog.replaceChildren(h('div', { class: 'dialoghead' }, h('h2', {}, said(TEXTS[questions.text[i]])), h('div', { class: 'pager' }, h('span', { class: 'soft small nowrap' }, `${count(OPEN.at + 1)} of ${count(OPEN.list.length)}`),
    button('question-previous', '←', !OPEN.list[OPEN.at - 1], () => stepQuestion(-1)), button('question-next', '→', !OPEN.list[OPEN.at + 1], () => stepQuestion(1)), button('question-close', 'Close', false, () => OPEN.dialog.close()))),
  h('div', { class: 'two' }, pictureWithMap(subject, i),
    h('div', {}, h('dl', { class: 'pairs' }, pair('Subject', said(subject.name)), pair('Answer', said(TEXTS[questions.answer[i]])), pair('Gold', said(TEXTS[questions.gold[i]])), pair('Label', verdict(TEXTS[questions.label[i]]), ' ', h('span', { class: 'small' }, said(TEXTS[questions.why[i]]))), pair('Kind', TEXTS[questions.kind[i]]),
      pair('Half', questions.split[i] === null ? 'no split' : TEXTS[questions.split[i]] === 'fit' ? 'fitting (probes were fitted on it, so it has no probe score)' : 'scored'), pair('Sampled answers', answers.length ? h('ul', {}, answers) : 'none'),
      pair('Prompt as sent', sentPrompt(subject, i)), pair('Image', said(TEXTS[questions.image[i]])), pair('Id', said(questions.id[i]))),
    confident.length ? [h('h4', {}, 'Confidence (higher means more confident)'), list(confident)] : null,
    other.length ? [h('h4', {}, 'Attention and other measures (no direction is taken for granted)'), list(other)] : null,
    SUBJECTS.length > 1 ? [h('h4', {}, 'Other subjects'), h('ul', {}, SUBJECTS.filter(each => each !== subject).map(each => { const at = each.questions.id.indexOf(questions.id[i]); return h('li', {}, each.name, ': ', at < 0 ? 'not asked' : [said(TEXTS[each.questions.answer[at]]), ' ', verdict(TEXTS[each.questions.label[at]])]); }))] : null)));
  const back = focused && document.getElementById(focused);
  (back && !back.disabled ? back : document.getElementById('question-close')).focus();
}

/** The text that the tokenizer was given; the image's tokens, one a cell, are counted instead of repeated. */
function sentPrompt(subject, i) {
  if (!subject.prompt) return h('span', { class: 'soft' }, 'not recorded in the run’s folder');
  const [token, before, between, after] = subject.prompt, { cells, text } = subject.questions;
  return h('div', { class: 'prompt' }, before && said(before), h('span', { class: 'run', title: `${token}, once for each of the image’s ${cells[i]} cells` }, `${token} × ${count(cells[i])}`), between && said(between), h('b', {}, said(TEXTS[text[i]])), after && said(after));
}

/** The image as large as it is stored, the map over it as strongly as the slider says. */
function pictureWithMap(subject, i) {
  const map = mapOf(subject, i), shown = heat(subject, i, { size: 448, strength: map ? 0.5 : 0 });
  if (!map) return h('div', {}, shown, h('p', { class: 'small soft' }, `No attention map: ${subject.mapsMissing || 'none was stored for this question'}.`));
  return h('div', {}, shown, strengthSlider('question-strength', 0.5, () => [shown]), h('p', { class: 'small soft' }, `Attention of the last prompt token: ${map.height} × ${map.width} cells, the largest holds ${(100 * map.peak).toFixed(1)} %.`));
}

function strengthSlider(id, value, heats) {
  return h('label', { for: id, class: 'strength noprint' }, 'Map over the image', h('input', { type: 'range', id, min: 0, max: 1, step: 0.05, value, oninput: event => { for (const each of heats()) each.repaint(Number(event.target.value)); } }));
}
