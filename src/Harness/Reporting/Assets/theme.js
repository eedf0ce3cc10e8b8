// Light and dark: the system's choice until the switch is used. Charts are drawn again when it changes.

const THEME = { listeners: [], printing: false };

THEME.dark = () => !THEME.printing && (document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
THEME.changed = () => { THEME.label(); for (const listener of THEME.listeners) listener(); };
THEME.label = () => { document.getElementById('theme').replaceChildren(THEME.dark() ? '☀' : '☾', h('span', {}, THEME.dark() ? ' Light' : ' Dark')); };
THEME.color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// Okabe and Ito's colours, which stay apart for colour-blind readers; lighter on dark.
THEME.series = i => (THEME.dark() ? ['#56b4e9', '#f0904d', '#3ddc9f', '#e59ac6', '#f0e442', '#b8c2cc', '#c9a6ff', '#ffb3a7'] : ['#0072b2', '#c2500a', '#00805a', '#a8467e', '#8a6d00', '#4d5661', '#5b3fa8', '#9b2d20'])[i % 8];

document.getElementById('theme').addEventListener('click', () => {
  document.documentElement.dataset.theme = THEME.dark() ? 'light' : 'dark';
  THEME.changed();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', THEME.changed);
